"""Paper: a Jinja2 template becomes a document that loads nothing, and the document becomes pages.

The same pages go to the preview, to a printer and to a PDF. Needs a QGuiApplication, no widgets, so that
the command line prints, too. Lengths on paper are millimetres; image sizes in templates are px at 96 dpi.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPalette,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from shopdesk.core import dates, money
from shopdesk.core.paths import resource
from shopdesk.core.words import tr, trc, trn
from shopdesk.ui.pagination import cut
from shopdesk.ui.paper import awning, code39, tick_box
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.theme import theme

if TYPE_CHECKING:
    import jinja2

__all__ = [
    "Sheet",
    "awning",
    "code39",
    "html",
    "page_count",
    "page_images",
    "page_layout",
    "pdf",
    "print_on",
    "tick_box",
]
MARGIN = 12.0
FOOT = 7.0
_WORDS = {"tr": tr, "trn": trn, "trc": trc, "money": money.show, "day": dates.show_day, "time": dates.show_time}
PAPER = {"A4": QPageSize.PageSizeId.A4, "A5": QPageSize.PageSizeId.A5}


class _Document(QTextDocument):
    """A document that has only the pictures given to it: no file, no network."""

    def loadResource(self, kind: int, _name: QUrl | str) -> Any:
        """Whatever was not added by hand is nothing; without a picture in hand Qt would open the file itself."""
        return _nothing() if kind == QTextDocument.ResourceType.ImageResource.value else None


def _nothing() -> QImage:
    picture = QImage(1, 1, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def html(sheet: Sheet) -> str:
    """The filled template, the owner's own where there is one; every value is escaped."""
    from shopdesk.ui import own_sheets  # with jinja2, wanted only when something is printed

    made = own_sheets.html(sheet, _WORDS)
    return _environment().get_template(sheet.template).render(**sheet.data, sheet=sheet) if made is None else made


def left_out() -> list[str]:
    """Which of the owner's own templates are not used, and why."""
    from shopdesk.ui import own_sheets  # loaded by then

    return list(map(str, own_sheets.found().left))


def page_count(sheet: Sheet) -> int:
    """How many pages the sheet has."""
    return _Pages(sheet, _screen(sheet, 96)).count


def page_images(sheet: Sheet, dpi: int = 96, most: int = 10_000) -> list[QImage]:
    """The first pages as pictures, for the preview: one takes four megabytes."""
    first = _screen(sheet, dpi)
    pages = _Pages(sheet, first)
    images = []
    for number in range(min(most, pages.count)):
        image = _screen(sheet, dpi)
        painter = QPainter(image)
        pages.paint(painter, number)
        painter.end()
        images.append(image)
    return images


def pdf(sheet: Sheet, path: Path) -> int:
    """Write the sheet as PDF and return the number of its pages; OSError when it cannot be written."""
    bytes_ = QBuffer()
    bytes_.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(bytes_)
    writer.setTitle(sheet.title)
    writer.setCreator("ShopDesk")
    writer.setResolution(300)
    writer.setPageLayout(page_layout(sheet))
    count = print_on(sheet, writer)
    part = path.with_name(path.name + ".part")
    try:
        part.touch(0o600)
        part.write_bytes(bytes_.data().data())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def page_layout(sheet: Sheet) -> QPageLayout:
    """The sheet's paper, without margins of the device: the pages have their own."""
    return QPageLayout(QPageSize(PAPER[sheet.size]), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))


def print_on(sheet: Sheet, device: QPagedPaintDevice, first: int = 1, last: int = 0) -> int:
    """Paint the pages ``first`` to ``last`` (0 = all) on a printer or PDF writer; the number painted."""
    painter = QPainter()
    if not painter.begin(device):
        raise OSError(tr("The paper could not be written."))
    pages = _Pages(sheet, device)
    numbers = range(first - 1, min(last or pages.count, pages.count))
    for number in numbers:
        if number != numbers.start:
            device.newPage()
        pages.paint(painter, number)
    painter.end()
    return len(numbers)


class _Pages:
    """A document laid out for one device, and how one of its pages is painted."""

    def __init__(self, sheet: Sheet, device: QPaintDevice) -> None:
        self._sheet = sheet
        self._dpi = device.logicalDpiX()
        width, height = _millimetres(sheet)
        self._paper = QSizeF(self._px(width), self._px(height))
        self._document = _document(sheet, device.logicalDpiX())
        self._document.setTextWidth(self._px(width - 2 * MARGIN))
        self._slices = cut(self._document, self._px(height - 2 * MARGIN - FOOT), self._dpi / 96)
        self.count = len(self._slices)

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) with its head and foot."""
        painter.fillRect(QRectF(0, 0, self._paper.width(), self._paper.height()), Qt.GlobalColor.white)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = self._px(MARGIN)
        for first, last in self._slices[number]:
            window = QRectF(0, first, self._document.textWidth(), last - first)
            painter.save()
            painter.translate(self._px(MARGIN), top - first)
            painter.setClipRect(window)
            context = QAbstractTextDocumentLayout.PaintContext()
            context.clip = window
            context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)  # whatever the theme writes in
            self._document.documentLayout().draw(painter, context)
            painter.restore()
            top += last - first
        self._edges(painter, number)

    def _edges(self, painter: QPainter, number: int) -> None:
        font = QFont(self._document.defaultFont())
        font.setPointSizeF(7.5)
        painter.setFont(font)
        painter.setPen(QColor("#444444"))
        side, width = self._px(MARGIN), self._document.textWidth()
        foot = QRectF(side, self._paper.height() - self._px(MARGIN) - self._px(4), width, self._px(5))
        counted = tr("page {n} of {m}", n=number + 1, m=self.count)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, counted)
        named = " · ".join(text for text in (self._sheet.title, self._sheet.code) if text)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, named)
        if number:
            head = QRectF(side, self._px(MARGIN - 7), width, self._px(5))
            painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, named)
            line = head.bottom()
            painter.setPen(QPen(QColor("#888888"), self._px(0.15)))
            painter.drawLine(QPointF(head.left(), line), QPointF(head.right(), line))

    def _px(self, length: float) -> float:
        return length / 25.4 * self._dpi


def _document(sheet: Sheet, dpi: int) -> QTextDocument:
    document = _Document()
    document.documentLayout().setPaintDevice(_measure(dpi))
    document.setDocumentMargin(0)
    font = QFont()
    font.setFamilies(theme().fixed("families"))
    font.setPointSizeF(9.5)
    # neither tabular figures nor raised colons: Qt writes such glyphs into a PDF without the text they stand for
    for feature in ("tnum", "calt"):
        font.setFeature(QFont.Tag(feature), 0)
    document.setDefaultFont(font)
    for name, image in _images(sheet).items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    document.setDefaultStyleSheet(resource("print", "paper.css").read_text("utf-8"))
    document.setHtml(html(sheet))
    return document


@cache
def _measure(dpi: int) -> QImage:
    """What lengths are measured on. PySide never lets go of it; of a page that would be four megabytes each time."""
    return _with_dpi(QImage(1, 1, QImage.Format.Format_RGB32), dpi)


def _images(sheet: Sheet) -> dict[str, QImage]:
    given = {
        "box": tick_box(),
        "ticked": tick_box(done=True),
        "awning": awning(58 if sheet.size == "A4" else 38),
    }
    if sheet.code:
        given["bar"] = code39(sheet.code)
    return {**given, **sheet.images}


def _millimetres(sheet: Sheet) -> tuple[float, float]:
    size = QPageSize(PAPER[sheet.size]).size(QPageSize.Unit.Millimeter)
    return size.width(), size.height()


def _screen(sheet: Sheet, dpi: int) -> QImage:
    width, height = _millimetres(sheet)
    image = QImage(round(width / 25.4 * dpi), round(height / 25.4 * dpi), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return _with_dpi(image, dpi)


def _with_dpi(image: QImage, dpi: int) -> QImage:
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    return image


@cache
def _environment() -> "jinja2.Environment":
    import jinja2  # 40 ms, wanted only when something is printed

    loader = jinja2.FileSystemLoader(resource("print"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(_WORDS)
    return environment
