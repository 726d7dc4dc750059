"""Cut one long document into pages without splitting a row or a line; table heads stand on each page.

Qt's own pages split rows in the middle, so the document is laid out as one strip and the strip is cut here.
All lengths are pixels of the device; ``scale`` is its pixels per CSS pixel.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFrame, QTextTable, QTextTableCell

Slice = tuple[float, float]
HEADING_PADDING = 8.0
"""CSS pixels: a row with at least so much air above it heads a group and stays with the row below."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is not split: from ``top`` to ``bottom``; ``head`` is repeated above it on a new page."""

    top: float
    bottom: float
    head: Slice | None = None
    keep: bool = False


def cut(document: QTextDocument, height: float, scale: float) -> list[list[Slice]]:
    """The slices of the strip that each page of ``height`` shows, one below the other."""
    pages: list[list[Slice]] = []
    page: list[Slice] = []
    left = height
    for group in _groups(pieces(document, scale)):
        needed = group[-1].bottom - group[0].top
        if page and needed > left:
            pages.append(page)
            page, left = [], height
            head = group[0].head
            if head is not None and head[1] - head[0] < height / 2:
                page.append(head)
                left -= head[1] - head[0]
        for part in _that_fit(group[0].top, group[-1].bottom, left, height):
            if part[1] - part[0] > left:
                pages.append(page)
                page, left = [], height
            page.append(part)
            left -= part[1] - part[0]
    return [*pages, page] if page or not pages else pages


def pieces(document: QTextDocument, scale: float) -> list[Piece]:
    """What the document consists of, from top to bottom without gaps."""
    raw = list(_of_frame(document, document.rootFrame(), scale))
    ends = [following.top for following in raw[1:]] + [document.size().height()]
    return [
        Piece(piece.top, max(end, piece.bottom if at == len(raw) - 1 else end), piece.head, piece.keep)
        for at, (piece, end) in enumerate(zip(raw, ends, strict=True))
    ]


def _groups(found: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stay together: a heading and what follows it."""
    group: list[Piece] = []
    for piece in found:
        group.append(piece)
        if not piece.keep:
            yield group
            group = []
    if group:
        yield group


def _that_fit(top: float, bottom: float, left: float, height: float) -> Iterator[Slice]:
    """A piece higher than a page is cut by the page; any other stays whole."""
    if bottom - top <= height:
        yield top, bottom
        return
    while bottom - top > left:
        yield top, top + left
        top, left = top + left, height
    yield top, bottom


def _of_frame(document: QTextDocument, frame: QTextFrame, scale: float) -> Iterator[Piece]:
    inside = frame.begin()
    while not inside.atEnd():
        table = inside.currentFrame()
        if isinstance(table, QTextTable):
            yield from _of_table(document, table, scale)
        elif inside.currentBlock().isValid():
            yield from _of_block(document, inside.currentBlock())
        inside += 1


def _of_block(document: QTextDocument, block: QTextBlock) -> Iterator[Piece]:
    box = document.documentLayout().blockBoundingRect(block)
    layout = block.layout()
    if layout.lineCount() < 2:
        yield Piece(box.top(), box.bottom())
        return
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        top = box.top() if number == 0 else box.top() + line.y()
        yield Piece(top, box.top() + line.y() + line.height())


def _of_table(document: QTextDocument, table: QTextTable, scale: float) -> Iterator[Piece]:
    tops, bottoms, air = _row_edges(document, table, scale)
    heads = table.format().toTableFormat().headerRowCount()
    head = (tops[0], tops[heads]) if 0 < heads < table.rows() else None
    first = 0
    for row in range(table.rows()):
        if row + 1 < table.rows() and _spans(table, row):
            continue
        in_head = row < heads
        keep = in_head or air[row] >= HEADING_PADDING * scale
        yield Piece(tops[first], bottoms[row], None if in_head else head, keep)
        first = row + 1


def _spans(table: QTextTable, row: int) -> bool:
    """Whether a cell reaches from this row into the next."""
    cells = (table.cellAt(row, column) for column in range(table.columns()))
    return any(cell.row() + cell.rowSpan() > row + 1 for cell in cells)


def _row_edges(
    document: QTextDocument, table: QTextTable, scale: float
) -> tuple[list[float], list[float], list[float]]:
    """Top and bottom of each row, from the text in its cells, and the air above its text."""
    tops, bottoms, air = [], [], []
    for row in range(table.rows()):
        edges = [_cell_edges(document, table.cellAt(row, column), scale) for column in range(table.columns())]
        tops.append(min(edge[0] for edge in edges))
        bottoms.append(max(edge[1] for edge in edges))
        air.append(max(edge[2] for edge in edges))
    return tops, bottoms, air


def _cell_edges(document: QTextDocument, cell: QTextTableCell, scale: float) -> tuple[float, float, float]:
    layout = document.documentLayout()
    form = cell.format().toTableCellFormat()
    first = layout.blockBoundingRect(cell.firstCursorPosition().block())
    last = layout.blockBoundingRect(cell.lastCursorPosition().block())
    above = form.topPadding() * scale
    below = (form.bottomPadding() + form.bottomBorder()) * scale
    return first.top() - above, last.bottom() + below, above
