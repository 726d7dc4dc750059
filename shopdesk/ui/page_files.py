"""The view as it is on screen, as a file or on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from shopdesk.core import clock, dates, settings
from shopdesk.core.words import tr, trn
from shopdesk.ui.columns import Kind
from shopdesk.ui.preview import show_preview
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.start_folder import start_folder

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.ui.columns import Column, Row, Source
    from shopdesk.ui.page import TablePage
    from shopdesk.ui.table_query import Query
    from shopdesk.ui.worker import Task

MOST_PRINTED = 500
_MOST_SIGNS = 200
_MOST_LINES = 4
_CHUNK = 500


def rows_of(
    connection: Connection, source: Source, query: Query, ids: list[int] | None, columns: list[Column], currency: str
) -> Iterator[list[object]]:
    """The plain values of every row of a view, in order; `ids` when they are already known."""
    for chunk in _chunks(connection, query, ids):
        found = source.read(connection, chunk, query.params)
        for row in found:
            if row is not None:
                yield [column.plain(row, currency) for column in columns]


def _chunks(connection: Connection, query: Query, ids: list[int] | None) -> Iterator[list[int]]:
    if ids is not None:
        for start in range(0, len(ids), _CHUNK):
            yield ids[start : start + _CHUNK]
        return
    keys = query.walk(connection, None, _CHUNK)
    while keys:
        yield [key.id for key in keys]
        keys = query.walk(connection, keys[-1], _CHUNK)


def export_view(page: TablePage) -> None:
    """Ask for a file and write the view into it, in the worker."""
    name = f"{tr(page.title)} {page.view.label()} {clock.today().isoformat()}.csv".replace("/", "-")
    kinds = tr("CSV file") + " (*.csv);;" + tr("Excel file") + " (*.xlsx)"
    dialog = QFileDialog(page, tr("Export this view"), str(start_folder(page) / name), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: export_to(page, Path(chosen)))
    dialog.open()


def export_to(page: TablePage, path: Path) -> None:
    """Write the view as it is on screen into a file, in the lane of long work, with progress and Stop."""
    writer = page.desk.export_view
    assert writer is not None
    shop = page.shop
    query, ids = page.rows.store.query, page.rows.store.ids
    columns, currency, source = page.shown_columns(), page.rows.currency, page.source
    headings = [page.rows.title(column) for column in columns]
    kinds = [column.kind.export for column in columns]
    title = f"{tr(page.title)} – {page.view.label()}"

    def write(task: Task) -> int:
        rows = rows_of(shop.reader(), source, query, ids, columns, currency)
        return writer(path, title=title, headings=headings, kinds=kinds, rows=rows, task=task)

    def said(count: int) -> None:
        page.progress_strip.hide()
        page.messages.info(trn("Wrote {n} row to {name}", "Wrote {n} rows to {name}", count, name=path.name))

    def refused(error: Exception) -> None:
        page.progress_strip.hide()
        page.messages.error(str(error))

    page.progress_strip.tell(0, 0, tr("Exporting"))
    page.worker.write(write, said, refused, key=f"{page.name}.long", text=tr("Exporting"))


def print_view(page: TablePage) -> None:
    """Show the first rows of the view as a sheet to print."""
    query, ids = page.rows.store.query, page.rows.store.ids
    columns, currency, source = page.shown_columns(), page.rows.currency, page.source

    def read(connection: Connection) -> list[dict[str, object]]:
        wanted = ids[:MOST_PRINTED] if ids is not None else [k.id for k in query.walk(connection, None, MOST_PRINTED)]
        found = source.read(connection, wanted, query.params)
        return [_printed_row(columns, row, currency) for row in found if row is not None]

    def show(rows: list[dict[str, object]]) -> None:
        title = f"{tr(page.title)} – {page.view.label()}"
        data = {
            "page": tr(page.title),
            "view": page.view.label(),
            "said": page.counted(page.rows.rowCount()),
            "shop": settings.text(page.shop.reader(), "shop_name"),
            "at": dates.show_day(clock.today(), year=True),
            "columns": _heads(page, columns),
            "rows": rows,
            "rest": _rest(page, len(rows)),
        }
        show_preview(page, Sheet(template="table.html", title=title, data=data, size="A4"))

    page.worker.submit(read, show, key=f"{page.name}.print")


def _printed_row(columns: list[Column], row: Row, currency: str) -> dict[str, object]:
    """What a row is on paper: the words of its cells, of a sparkline the figure behind it; under them its notes."""
    cells = [column.shown(row, currency) for column in columns]
    texts = [
        str(column.plain(row, currency)) if column.kind is Kind.SPARK else cell.spoken()
        for column, cell in zip(columns, cells, strict=True)
    ]
    notes = dict.fromkeys(cell.note for cell in cells if cell.note)
    return {"texts": list(map(_clipped, texts)), "notes": list(map(_clipped, notes))}


def _clipped(text: str) -> str:
    """The beginning of a text that would fill pages."""
    head = "\n".join(text[:_MOST_SIGNS].splitlines()[:_MOST_LINES])
    return f"{head}…" if len(head) < len(text.rstrip()) else text


def _heads(page: TablePage, columns: list[Column]) -> list[dict[str, object]]:
    """The columns' titles and their share of the paper's width."""
    wide = page.table.widths()
    widths = [wide.get(column.key, column.width) for column in columns]
    return [
        {"title": page.rows.title(column), "right": column.flush_right, "share": round(100 * width / sum(widths))}
        for column, width in zip(columns, widths, strict=True)
    ]


def _rest(page: TablePage, printed: int) -> str:
    left_out = page.rows.rowCount() - printed
    return tr("{n} more are not printed.", n=left_out) if left_out > 0 else ""
