"""The process that reads dropped files: started for one job, limited in memory, gone with its parent.

Whatever a hostile file does to it, the program that started it lives on.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from shopdesk.core import sqlite, trouble
from shopdesk.core.errors import FileRefused
from shopdesk.core.keys import Key
from shopdesk.core.process import begin, say
from shopdesk.core.words import N_
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.columns import Layout, Setting
from shopdesk.exchange.formats import FormatSet
from shopdesk.exchange.guessing import guess_columns, proposed_choice
from shopdesk.exchange.inspecting import (
    NOT_ITS_COLUMNS,
    UNKNOWN,
    UNKNOWN_FIX,
    Inspected,
    Sheet,
    Wanted,
    clipped,
    inspect,
    readable,
    seen_rows,
)
from shopdesk.exchange.merging import merge
from shopdesk.exchange.own_formats import load_formats
from shopdesk.exchange.packing import Packer
from shopdesk.exchange.source import Items, People, Source, Stager, with_last, without_blank, without_footer
from shopdesk.exchange.stage_goods import ProductStager, StockStager
from shopdesk.exchange.stage_orders import OrderStager
from shopdesk.exchange.stage_people import CustomerStager, ReviewStager
from shopdesk.exchange.stage_raw import RawStager
from shopdesk.exchange.stage_sales import SalesStager
from shopdesk.exchange.staging import TABLES, Writer
from shopdesk.exchange.tables import Rows, even
from shopdesk.exchange.times import zone_named

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space that the reading process may have."""

_SEEN_SHEETS = 20

_KINDS = ("products", "customers", "stock", "orders", "orders+lines", "sales", "lines", "reviews", "bought", "own")
BOUGHT = N_("The shop placed this order itself: it is no sale. The file is kept.")
_STAGERS: dict[str, Any] = {
    "order": OrderStager, "line": OrderStager, "product": ProductStager, "stock": StockStager,
    "customer": CustomerStager, "review": ReviewStager, "raw": RawStager,
}  # fmt: skip


def main() -> NoReturn:
    """Do the job on standard input, and end."""
    gc.disable()  # a short life without cycles: looking for some among a million rows costs a tenth of the time
    job = begin(memory=MEMORY)
    try:
        if job["what"] == "recognise":
            _recognise(job)
        else:
            Staging(job).run()
    except (OSError, sqlite.DatabaseError) as error:
        refused = trouble.of_disk(error)
        if refused is None:
            raise
        say(disk=refused)
    sys.stdout.flush()
    os._exit(0)  # everything is on disk: taking a million remembered texts apart would only take time


def _said(error: FileRefused) -> dict[str, Any]:
    return {"refused": error.message, "fix": error.fix, "args": error.values}


# Recognising


def _recognise(job: dict[str, Any]) -> None:
    formats = load_formats(job["saved"])
    path = Path(job["paths"][0])
    try:
        wanted = Wanted.of(job["choose"].get(str(path)), formats)
        found = inspect(path, formats, wanted)
    except FileRefused as error:
        say(**_said(error))
        return
    except MemoryError:
        say(**_said(_too_large()))
        return
    say(size=found.size, sheets=[_sheet(found, sheet, formats, job) for sheet in found.sheets[:_SEEN_SHEETS]])
    found.stack.close()


def _sheet(found: Inspected, sheet: Sheet, formats: FormatSet, job: dict[str, Any]) -> dict[str, Any]:
    choices = formats.choices(sheet.format) if sheet.format else ()
    return {
        "sheet": sheet.name,
        "encoding": found.sniffed.encoding,
        "delimiter": sheet.form.delimiter if sheet.form else "",
        "header": clipped(sheet.header),
        "header_row": sheet.header_row + 1,
        "sample": seen_rows(sheet),
        "format": sheet.format.id if sheet.format else None,
        "choices": [one.id for one in choices] if len(choices) > 1 else [],
        "proposed": proposed_choice(choices, sheet.header, sheet.sample, job["own_names"]),
        "guess": [] if sheet.format else guess_columns(clipped(sheet.header), sheet.sample),
    }


# Staging


class Staging:
    """One job: stage these files into one staging file."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        self.paths = [Path(path) for path in job["paths"]]
        self.target = Path(job["staging"])
        self.formats = load_formats(job["saved"])
        self.setting = Setting(job["currency"], zone_named(job["zone"]))
        self.key = Key.of_text(job["key"]) if job["key"] else None
        self.writer = Writer(self.target, self.key)
        self.people: dict[str, People] = {}
        self.items: dict[str, Items] = {}
        self.at = 0
        self.heard = 0.0

    def run(self) -> None:
        """Stage every file that can be used, in the order in which they must be imported."""
        file_ids = [self._file_row(path) for path in self.paths]
        found = [(at, self._inspected(at, file_ids[at])) for at in range(len(self.paths))]
        sheets = [(self._place(sheet), at, one, sheet) for at, one in found if one is not None for sheet in one.sheets]
        sheets.sort(key=lambda entry: entry[:2])
        packers = self._pack([one for _, one in found], file_ids)
        for _, at, one, sheet in self._worth_staging(sheets):
            self._stage_sheet(at, file_ids[at], one, sheet)
        for at, one in found:
            if one is not None:
                one.stack.close()
                self.writer.update("file", file_ids[at], sha256=packers[at].sha256())
        merge(self.writer.connection, TABLES["order_"])
        self.writer.close()
        say(done=True)

    def _file_row(self, path: Path) -> int:
        return self.writer.add("file", path=readable(str(path)), name=readable(path.name))

    def _place(self, sheet: Sheet) -> int:
        return _KINDS.index(sheet.format.kind) if sheet.format else len(_KINDS)

    def _inspected(self, at: int, file_id: int) -> Inspected | None:
        self._begin(at)
        known_bad = self.job["skip"].get(str(at))
        if known_bad:
            self.writer.update("file", file_id, **known_bad)
            return None
        path = self.paths[at]
        try:
            wanted = Wanted.of(self.job["choose"].get(str(path)), self.formats)
            found = inspect(path, self.formats, wanted, self._moved)
        except FileRefused as error:
            self.writer.update("file", file_id, **_said(error))
            return None
        except MemoryError:
            self.writer.update("file", file_id, **_said(_too_large()))
            return None
        self.writer.update("file", file_id, size=found.size)
        return found

    def _pack(self, found: list[Inspected | None], file_ids: list[int]) -> dict[int, Packer]:
        packers = {}
        for at, one in enumerate(found):
            if one is not None:
                target = self.target.with_name(f"{self.target.name}.{at}.z")
                packers[at] = Packer(one.path, target, self.key)
                packers[at].start()
                self.writer.update("file", file_ids[at], packed=str(target))
        return packers

    def _worth_staging(self, sheets: list[Any]) -> list[Any]:
        """Unknown sheets beside known ones of the same workbook are not worth a word."""
        known = {at for _, at, _, sheet in sheets if sheet.format}
        worth = [entry for entry in sheets if entry[3].format or entry[1] not in known]
        first: dict[tuple[int, bool], Any] = {}
        for entry in worth:
            first.setdefault((entry[1], entry[3].format is None), entry)
        return [entry for entry in worth if entry[3].format or first[(entry[1], True)] is entry]

    def _begin(self, at: int) -> None:
        self.at = at
        say(begin=at)

    def _moved(self, position: int) -> None:
        now = time.monotonic()
        if now - self.heard > 0.1:
            self.heard = now
            say(at=self.at, position=position)

    def _stage_sheet(self, at: int, file_id: int, one: Inspected, sheet: Sheet) -> None:
        self._begin(at)
        source_id = self._source_row(file_id, one, sheet)
        if sheet.format is None:
            self.writer.update("source", source_id, **self._unknown(at))
            return
        source = self._source(source_id, file_id, sheet)
        try:
            self._rows(source, sheet)
        except (FileRefused, MemoryError) as error:
            self._discard(source_id)
            refused = error if isinstance(error, FileRefused) else _too_large()
            self.writer.update("source", source_id, **_said(refused))
            return
        if one.sniffed.doubtful:
            source.warn_once(
                Trouble("encoding", N_("Some characters do not fit the encoding of the file and were lost."))
            )
        self._close(source)

    def _unknown(self, at: int) -> dict[str, Any]:
        chosen = self.job["choose"].get(str(self.paths[at]))
        if chosen is None:
            return {"refused": UNKNOWN, "fix": UNKNOWN_FIX, "args": {"code": "unknown"}}
        name = chosen if isinstance(chosen, str) else chosen["id"]
        return {"refused": NOT_ITS_COLUMNS, "fix": "", "args": {"code": "columns", "name": name}}

    def _source_row(self, file_id: int, one: Inspected, sheet: Sheet) -> int:
        known = sheet.format
        layout = Layout(known, sheet.header) if known else None
        return self.writer.add(
            "source", file_id=file_id, sheet=sheet.name, format=known.id if known else None,
            platform=known.platform if known else None, kind=known.kind if known else None,
            encoding=one.sniffed.encoding, delimiter=sheet.form.delimiter if sheet.form else "",
            header_row=sheet.header_row + 1, header=clipped(sheet.header), sample=seen_rows(sheet),
            used=layout.uses() if layout else [], unused=clipped(layout.unused() if layout else sheet.header),
            rows_read=0, rows_used=0, rows_refused=0,
        )  # fmt: skip

    def _source(self, source_id: int, file_id: int, sheet: Sheet) -> Source:
        known = sheet.format
        assert known is not None
        setting = Setting(known.currency or self.setting.currency, self.setting.zone)
        items = self.items.setdefault(known.platform, Items(self.writer, known.platform))
        people = self.people.setdefault(known.platform, People(self.writer))
        layout = Layout(known, sheet.header)
        return Source(
            source_id, file_id, self.writer, layout, setting, people, items, workbook=sheet.form is None
        )  # fmt: skip

    def _rows(self, source: Source, sheet: Sheet) -> None:
        stager: Stager = SalesStager(source) if source.format.splits else _STAGERS[source.format.rows](source)
        width = len(sheet.header)
        skip = sheet.header_row + 1 + source.format.skip
        number = 1
        for batch, last in with_last(sheet.batches()):
            rows, first = batch[skip:], number + min(skip, len(batch))
            number += len(batch)
            skip = max(0, skip - len(batch))
            filled, where = without_blank(rows, first)
            if last and not source.format.exact:
                filled, where = without_footer(filled, where)
            source.rows_read += len(filled)
            if source.format.refused:
                _refuse_orders(source, filled, where)
            elif filled:
                stager.take(even(filled, width), where)
        stager.finish()

    def _discard(self, source_id: int) -> None:
        for table in ("order_", "line", "product", "sku", "stock", "review", "return_", "return_line", "reason"):
            self.writer.connection.execute(f'DELETE FROM "{table}" WHERE source = ?', (source_id,))

    def _close(self, source: Source) -> None:
        period = source.period or (None, None)
        self.writer.update(
            "source", source.id, rows_read=source.rows_read, rows_refused=source.rows_refused,
            rows_used=source.rows_read - source.rows_refused, period_from=period[0], period_to=period[1],
            shop_id=source.shop_id, shop_name=source.shop_name, currency=source.setting.currency,
            rounded_off=f"{source.rounded_off.normalize():f}",
        )  # fmt: skip


def _refuse_orders(source: Source, rows: Rows, where: Sequence[int]) -> None:
    """Refuse what the shop bought itself; cells of an order's further rows may be empty."""
    at = source.layout.place(source.format.columns["order.number"])
    for row, number in zip(rows, where, strict=True):
        source.bought = (row[at].strip() if at < len(row) else "") or source.bought
        source.refuse(number, "", Trouble("bought", BOUGHT), "order_", source.bought)


def _too_large() -> FileRefused:
    return FileRefused(N_("The file needs more memory than a file may have (1 GB)."))


if __name__ == "__main__":
    main()
