"""Files in and tables out as functions: what the command line, the demo shop and the page call."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shopdesk.core import backup, reasons, room, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.manifest import checksum
from shopdesk.core.process import Cancelled
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import Connection
from shopdesk.core.trouble import disk_trouble
from shopdesk.core.words import N_, tr
from shopdesk.exchange import apply, plan, reading
from shopdesk.exchange.formats import is_saved_layout
from shopdesk.exchange.own_formats import load_formats
from shopdesk.exchange.plan import Choices, Reason
from shopdesk.exchange.said import sentence
from shopdesk.exchange.words import WordsProcess

_SCRATCH = "shopdesk-import-"

Progress = Callable[[float, str], None]
"""Told the part done (0 to 1) and what is being done; it may raise to stop."""

Choose = Mapping[Path, str | Mapping[str, Any]]


def import_files(
    shop: Shop,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    format_id: str = "",
    channel: str = "",
    progress: Progress = lambda done, text: None,
) -> dict[str, Any]:
    """Import platform files as one step to undo; what became of them, in the shape of `import --json`.

    With `dry_run` nothing is written. Raises ShopError for a channel that must be named.
    """
    choose: Choose = {}
    if format_id:
        if format_id not in load_formats(saved_formats(shop.reader())).by_id:
            raise ShopError(N_("There is no layout “{name}”."), name=format_id)
        choose = dict.fromkeys(paths, format_id)
    known = already_imported(shop, paths, format_id=format_id, channel=channel)
    if known is not None:
        return known
    with Importing(shop, paths, choose=choose, progress=progress) as work:
        work.read()
        work.plan(Choices(channel=channel, strict=True))
        if not dry_run:
            work.apply()
        return work.result()


class Importing:
    """One import from the dropped files to the written step; a context, so that its scratch files go again.

    Those of a protected shop are under a random key that nobody else ever learns.
    """

    def __init__(
        self,
        shop: Shop,
        paths: Sequence[Path],
        *,
        choose: Choose | None = None,
        progress: Progress = lambda done, text: None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.shop = shop
        self.key = Key.random() if shop.key is not None else None
        self.paths = list(paths)
        self.choose = dict(choose or {})
        self.choices = Choices()
        self.progress = progress
        self.cancelled = cancelled
        self._stack = ExitStack()
        self._words: WordsProcess | None = None
        self._con: Connection | None = None

    def __enter__(self) -> Importing:
        """Make the folder of the scratch files. Raises DiskTrouble when there is no room for it."""
        _sweep_scratch()
        with disk_trouble():
            scratch = tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()}-")
        folder = Path(self._stack.enter_context(scratch))
        self.staging = folder / "staging"
        self.planned = folder / "plan"
        self._word_file = folder / "words"
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def interrupt(self) -> None:
        """Stop the statement that another thread is running; it ends with an error there."""
        if self._con is not None:
            self._con.interrupt()

    def close(self) -> None:
        """End what still runs and remove the scratch files."""
        if self._words is not None:
            self._words.stop()
            self._words = None
        self._stack.close()
        self._con = None

    def read(self) -> None:
        """Read the files in the reading process, then let their search words be made beside the rest.

        Raises DiskTrouble when there is no room to do so.
        """
        with disk_trouble():
            reading.stage(
                self.paths, staging_path=self.staging, key=self.key, options=options(self.shop.reader()),
                choose=self.choose, progress=self._reading, cancelled=self.cancelled,
            )  # fmt: skip
        self._words = WordsProcess(self.staging, self._word_file, self.key)

    def _reading(self, said: reading.Progress) -> None:
        self.progress(0.5 * (said.file + said.done) / max(1, said.files), tr("Reading {name}", name=said.name))

    def plan(self, choices: Choices) -> None:
        """Compare what was read with the shop. Raises DiskTrouble when there is no room to do so."""
        self.choices = choices
        with disk_trouble():
            plan.make(self.connection(), choices=choices, step=self._planning)

    def _planning(self, done: float) -> None:
        self._check()
        self.progress(0.5 + 0.15 * done, tr("Comparing with the shop"))

    def connection(self) -> Connection:
        """The connection that sees the shop, what was read, and the plan."""
        if self._con is None:
            self._con = self._stack.enter_context(plan.connection(self.shop, self.staging, self.planned, self.key))
        return self._con

    def result(self) -> dict[str, Any]:
        """What became of the files, in the shape of `import --json`."""
        con = self.connection()
        found: dict[str, Any] = {kind: asdict(count) for kind, count in plan.counts(con).items()}
        found["rows"] = plan.rows(con)
        found["reasons"] = [_reason(reason) for reason in (*refusals(con), *plan.reasons(con))]
        return found

    def apply(self) -> None:
        """Make a backup when one is due, then write the plan as one step; nothing when nothing is new.

        Raises DiskTrouble where there is too little room for both.
        """
        if not apply.something_new(self.connection()):
            return
        room.refuse_import(self.shop.path)
        self.progress(0.65, tr("Making a backup"))
        backup.make_when_due(self.shop, why=reasons.IMPORT, about=self.paths[0].name[:120], n=len(self.paths))
        self._check()
        self.progress(0.7, tr("Writing"))
        self.connection().execute("PRAGMA shrink_memory")  # its pages are read again by the writer
        apply.apply(
            self.shop, staging=self.staging, planned=self.planned, key=self.key, choices=self.choices,
            words=self._words, step=self._writing,
            cancelled=self.cancelled or (lambda: False),
        )  # fmt: skip

    def _writing(self, done: float) -> None:
        self._check()
        self.progress(0.7 + 0.3 * done, tr("Writing"))

    def _check(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled


def _sweep_scratch() -> None:
    """Remove the scratch files of imports whose process was killed: they hold what the platforms' files hold."""
    if os.name == "nt":  # there a process cannot be asked without the risk of ending it
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*-*"):
        number = folder.name.removeprefix(_SCRATCH).partition("-")[0]
        if number.isdigit() and not _is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "file": reason.file, "row": reason.row, "column": reason.column, "level": reason.level,
        "text": sentence(reason.text, reason.args, reason.fix),
    }  # fmt: skip


def refusals(con: Connection) -> list[Reason]:
    """Files and sheets that cannot be used at all."""
    rows = con.execute(
        "SELECT name, refused, fix, args FROM staging.file WHERE refused IS NOT NULL"
        " UNION ALL SELECT f.name, s.refused, s.fix, s.args FROM staging.source s"
        " JOIN staging.file f ON f.id = s.file_id WHERE s.refused IS NOT NULL"
    )
    return [
        Reason(row[0], None, "", "refused", "file", row[1], row[2] or "", json.loads(row[3] or "{}")) for row in rows
    ]


def refused_files(result: dict[str, Any]) -> list[str]:
    """One sentence for each file that could not be used."""
    return [
        f"{reason['file']}: {reason['text']}"
        for reason in result["reasons"]
        if reason["row"] is None and reason["level"] == "refused"
    ]


def anything_used(result: dict[str, Any]) -> bool:
    """Whether any file could be used, were it only that nothing in it was new or that it held no rows."""
    return bool(result["rows"]["used"]) or not (refused_files(result) or result["rows"]["read"])


def options(con: Connection) -> reading.Options:
    """What the shop knows and files do not say."""
    names = [row[0] for row in con.execute("SELECT name FROM channels WHERE deleted_at IS NULL")]
    return reading.Options(
        currency=settings.text(con, "currency"),
        own_names=(settings.text(con, "shop_name"), *names),
        saved=tuple(saved_formats(con)),
    )


def saved_formats(con: Connection) -> list[dict[str, Any]]:
    """The layouts that the owner saved in the mapping screen; what came in a file and is no layout is passed over."""
    rows = con.execute("SELECT layout FROM mappings WHERE deleted_at IS NULL AND json_type(layout) = 'object'")
    return [found for row in rows if is_saved_layout(found := json.loads(row[0]))]


# The same files again


def already_imported(
    shop: Shop, paths: Sequence[Path], *, format_id: str = "", channel: str = ""
) -> dict[str, Any] | None:
    """What an import of these very files says when the newest step was exactly their import: nothing is new.

    None when anything was done since, when other files or rows were part of it, or when it was refused.
    """
    con = shop.reader()
    last = shop.last_step()
    if last is None or not all(path.is_file() for path in paths):
        return None
    rows = con.execute(
        "SELECT i.sha256, i.format, i.counts, i.reasons, c.name FROM imports i"
        " LEFT JOIN channels c ON c.id = i.channel_id WHERE json_extract(i.counts, '$.step') = ? ORDER BY i.id",
        (last.id,),
    ).fetchall()
    if not rows or (format_id and any(row[1] != format_id for row in rows)):
        return None
    if channel and any(row[4] not in (None, channel) for row in rows):
        return None
    told = json.loads(rows[0][2])
    if sorted({row[0] for row in rows}) != sorted(map(checksum, paths)) or not told.get("complete"):
        return None
    return _unchanged(told, [reason for row in rows for reason in json.loads(row[3])])


def _unchanged(told: dict[str, Any], reasons: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for kind, count in told["kinds"].items():
        same = count["new"] + count["changed"] + count["unchanged"]
        result[kind] = {**count, "new": 0, "changed": 0, "unchanged": same}
    result["rows"] = told["all_rows"]
    result["reasons"] = [
        {"file": r["file"], "row": r["row"], "column": r["column"], "level": r["level"],
         "text": sentence(r["text"], r["args"], r["fix"])}
        for r in reasons
    ]  # fmt: skip
    return result


def export_tables(
    shop: Shop, folder: Path, *, xlsx: bool = False, tell: Callable[[str], object] = lambda text: None
) -> list[str]:
    """Write every table of the shop, and the owner's own, into a folder as CSV, or as XLSX; the names of the files.

    `tell` hears of files of the owner's folder that are not used.
    """
    from shopdesk.exchange import export

    names = export.export_tables(shop.reader(), folder, xlsx=xlsx)
    return names + export.export_own(shop.reader(), folder, xlsx=xlsx, tell=tell)
