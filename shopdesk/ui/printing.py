"""Paper: a Jinja2 template becomes a document that loads nothing, and the document becomes pages.

The same pages go to the preview, to a printer and to a PDF. Needs a QGuiApplication, no widgets, so that
the command line prints, too. Lengths on paper are millimetres; image sizes in templates are px at 96 dpi.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
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
    QPainterPath,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from shopdesk.core import dates, money
from shopdesk.core.paths import resource
from shopdesk.core.words import tr, trc, trn
from shopdesk.ui.ornament import paint_awning
from shopdesk.ui.theme import theme

MARGIN = 12.0
FOOT = 7.0
HEAD = 8.0
PAPER = {"A4": QPageSize.PageSizeId.A4, "A5": QPageSize.PageSizeId.A5}
BAR_NARROW, BAR_WIDE, BAR_HEIGHT = 3, 8, 70
# nine elements of each character, bars and gaps in turn, narrow or wide (ISO/IEC 16388)
CODE39 = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-*",
        [
            "nnnwwnwnn",
            "wnnwnnnnw",
            "nnwwnnnnw",
            "wnwwnnnnn",
            "nnnwwnnnw",
            "wnnwwnnnn",
            "nnwwwnnnn",
            "nnnwnnwnw",
            "wnnwnnwnn",
            "nnwwnnwnn",
            "wnnnnwnnw",
            "nnwnnwnnw",
            "wnwnnwnnn",
            "nnnnwwnnw",
            "wnnnwwnnn",
            "nnwnwwnnn",
            "nnnnnwwnw",
            "wnnnnwwnn",
            "nnwnnwwnn",
            "nnnnwwwnn",
            "wnnnnnnww",
            "nnwnnnnww",
            "wnwnnnnwn",
            "nnnnwnnww",
            "wnnnwnnwn",
            "nnwnwnnwn",
            "nnnnnnwww",
            "wnnnnnwwn",
            "nnwnnnwwn",
            "nnnnwnwwn",
            "wwnnnnnnw",
            "nwwnnnnnw",
            "wwwnnnnnn",
            "nwnnwnnnw",
            "wwnnwnnnn",
            "nwwnwnnnn",
            "nwnnnnwnw",
            "nwnnwnwnn",
        ],
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed thing: a template of resources/print, what it says, and the paper it goes on."""

    template: str
    title: str
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    size: str = "A4"
    images: Mapping[str, QImage] = field(default_factory=dict)


class _Document(QTextDocument):
    """A document that has only the pictures given to it: no file, no network."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        """Refuse whatever was not added by hand."""
        return None


def html(sheet: Sheet) -> str:
    """The filled template; every value is escaped."""
    return _environment().get_template(sheet.template).render(**sheet.data, sheet=sheet)


def code39(text: str) -> QImage:
    """A Code 39 barcode of digits, capital letters and ``-``; ValueError for anything else."""
    bars: list[tuple[int, bool]] = []
    for character in f"*{text}*":
        if character not in CODE39 or (character == "*" and "*" in text):
            raise ValueError(text)
        pattern = CODE39[character]
        bars += [(BAR_WIDE if kind == "w" else BAR_NARROW, at % 2 == 0) for at, kind in enumerate(pattern)]
        bars.append((BAR_NARROW, False))
    picture = QImage(sum(width for width, _ in bars), BAR_HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    left = 0
    for width, black in bars:
        if black:
            painter.fillRect(left, 0, width, BAR_HEIGHT, Qt.GlobalColor.black)
        left += width
    painter.end()
    return picture


def tick_box(done: bool = False) -> QImage:
    """The box to tick on paper, empty or with a tick."""

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(Qt.GlobalColor.black, 5))
        painter.drawRoundedRect(QRectF(2.5, 2.5, 67, 67), 8, 8)
        if done:
            path = QPainterPath()
            path.moveTo(16, 38)
            path.lineTo(31, 53)
            path.lineTo(57, 20)
            painter.setPen(QPen(Qt.GlobalColor.black, 8))
            painter.drawPath(path)

    return _picture(72, 72, draw)


def awning(stripes: int) -> QImage:
    """The top edge of paper in black and grey."""
    ink, paper = QColor("#BBBBBB"), QColor(Qt.GlobalColor.white)

    def draw(painter: QPainter) -> None:
        paint_awning(painter, QRectF(0, -4, stripes * 40, 46), stripes, ink, paper, 4)

    return _picture(stripes * 40, 44, draw)


def page_count(sheet: Sheet) -> int:
    """How many pages the sheet has."""
    return _Pages(sheet, _screen(sheet, 96)).count


def page_images(sheet: Sheet, dpi: int = 96) -> list[QImage]:
    """The pages as pictures, for the preview."""
    first = _screen(sheet, dpi)
    pages = _Pages(sheet, first)
    images = []
    for number in range(pages.count):
        image = _screen(sheet, dpi)
        painter = QPainter(image)
        pages.paint(painter, number)
        painter.end()
        images.append(image)
    return images


def pdf(sheet: Sheet, path: Path) -> int:
    """Write the sheet as PDF and return the number of its pages; OSError when it cannot be written."""
    writer = QPdfWriter(str(path))
    writer.setTitle(sheet.title)
    writer.setCreator("ShopDesk")
    writer.setResolution(300)
    writer.setPageLayout(page_layout(sheet))
    return print_on(sheet, writer)


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
        self._body = QSizeF(self._px(width - 2 * MARGIN), self._px(height - 2 * MARGIN - FOOT))
        self._document = _document(sheet, device)
        self._document.setPageSize(self._body)
        self.count = self._document.pageCount()

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) with its head and foot."""
        painter.fillRect(QRectF(0, 0, self._paper.width(), self._paper.height()), Qt.GlobalColor.white)
        painter.save()
        painter.translate(self._px(MARGIN), self._px(MARGIN))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        window = QRectF(0, number * self._body.height(), self._body.width(), self._body.height())
        painter.save()
        painter.translate(0, -window.top())
        painter.setClipRect(window)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = window
        self._document.documentLayout().draw(painter, context)
        painter.restore()
        painter.restore()
        self._edges(painter, number)

    def _edges(self, painter: QPainter, number: int) -> None:
        font = QFont(self._document.defaultFont())
        font.setPointSizeF(7.5)
        painter.setFont(font)
        painter.setPen(QColor("#444444"))
        side, width = self._px(MARGIN), self._body.width()
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
            painter.drawLine(head.left(), line, head.right(), line)

    def _px(self, length: float) -> float:
        return length / 25.4 * self._dpi


def _document(sheet: Sheet, device: QPaintDevice) -> QTextDocument:
    document = _Document()
    document.documentLayout().setPaintDevice(device)
    document.setDocumentMargin(0)
    font = QFont()
    font.setFamilies(theme().fixed("families"))
    font.setPointSizeF(9.5)
    font.setFeature(QFont.Tag("tnum"), 1)
    document.setDefaultFont(font)
    for name, image in _images(sheet).items():
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    document.setDefaultStyleSheet(resource("print", "paper.css").read_text("utf-8"))
    document.setHtml(html(sheet))
    return document


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
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.fill(Qt.GlobalColor.white)
    return image


def _picture(width: int, height: int, draw: Callable[[QPainter], None]) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(painter)
    painter.end()
    return image


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(resource("print"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        tr=tr, trn=trn, trc=trc, money=money.show, day=dates.show_day, time=dates.show_time
    )
    return environment
