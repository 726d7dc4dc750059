"""Language and look in the settings: cards to choose one of, with a picture or a second line."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup

from shopdesk.core.words import LANGUAGES, N_, system_language, tr
from shopdesk.ui.choice_cards import Card
from shopdesk.ui.language import switch_language
from shopdesk.ui.overrides import guarded
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.settings_rows import Row, Section
from shopdesk.ui.theme import MODES, ROWS, theme
from shopdesk.ui.widgets import Segments

THEME_WORDS = {"system": N_("System"), "light": N_("Light"), "dark": N_("Dark")}
ROW_WORDS = {"dense": N_("Dense"), "compact": N_("Compact"), "roomy": N_("Roomy")}
SHADES = {"system": (False, True), "light": (False,), "dark": (True,)}

PICTURE = QSize(96, 58)


class LookCard(Card):
    """A title, and a second line or a picture of a theme."""

    def __init__(self, value: str, title: str, sub: str = "", shades: tuple[bool, ...] = ()) -> None:
        super().__init__(title)
        self.value = value
        self._sub = sub
        self._shades = shades
        words = max(theme().metrics().horizontalAdvance(title), theme().metrics("small").horizontalAdvance(sub))
        room = (PICTURE.width() + 20 if shades else 13) + 26 + 14
        self.setFixedSize(max(196, room + words), 76 if shades else 56)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        painter = QPainter(self)
        self.paint_frame(painter)
        left = 13.0
        if self._shades:
            self._picture(painter, QRectF(10, 9, PICTURE.width(), PICTURE.height()))
            left = PICTURE.width() + 20.0
        self.paint_dot(painter, left, self.height() / 2)
        self._words(painter, left + 26)

    def _words(self, painter: QPainter, left: float) -> None:
        middle = self.height() / 2
        painter.setFont(theme().font())
        painter.setPen(theme().colour("text"))
        room = QRectF(left, middle - 10, self.width() - left - 6, 20)
        painter.drawText(room.translated(0, -9 if self._sub else 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._sub:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().colour("text_2"))
            painter.drawText(room.translated(0, 10), Qt.AlignmentFlag.AlignVCenter, self._sub)

    def _picture(self, painter: QPainter, box: QRectF) -> None:
        """A little window in each shade; two shades share it half and half."""
        part = box.width() / len(self._shades)
        frame = QPainterPath()
        frame.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(frame)
        for at, dark in enumerate(self._shades):
            painter.save()
            painter.setClipRect(
                QRectF(box.left() + at * part, box.top(), part, box.height()), Qt.ClipOperation.IntersectClip
            )
            self._little_window(painter, box, dark=dark)
            painter.restore()
        painter.restore()
        painter.setPen(QPen(theme().colour("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(frame)

    def _little_window(self, painter: QPainter, box: QRectF, *, dark: bool) -> None:
        def fill(left: float, top: float, width: float, height: float, role: str) -> None:
            place = QRectF(box.left() + left, box.top() + top, width, height)
            painter.setBrush(theme().sample(role, dark=dark))
            painter.drawRoundedRect(place, 2, 2)

        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(box, theme().sample("page", dark=dark))
        painter.fillRect(QRectF(box.left(), box.top(), 19, box.height()), theme().sample("window", dark=dark))
        fill(25, 9, 26, 5, "text")
        fill(75, 8, 16, 7, "accent")
        fill(24, 20, 67, 34, "surface")
        fill(29, 27, 44, 3, "text_3")
        fill(29, 35, 52, 3, "text_3")


class LookSection(Section):
    """The language and the look of this program; each is remembered on this computer and changes at once."""

    def __init__(self, prefs: Prefs) -> None:
        super().__init__("look", tr("Language and look"))
        self._prefs = prefs
        follow = LookCard("", tr("System"), LANGUAGES[system_language()])
        cards = [follow, *(LookCard(code, name) for code, name in LANGUAGES.items())]
        chosen = prefs.choice("language", tuple(LANGUAGES), "")
        self.add(self._cards(tr("Language"), cards, chosen, self._on_language, tr("changes at once")))
        cards = [LookCard(mode, tr(THEME_WORDS[mode]), shades=SHADES[mode]) for mode in MODES]
        self.add(self._cards(tr("Theme"), cards, theme().mode, self._on_theme, ""))
        heights = [(rows, f"{tr(ROW_WORDS[rows])} {theme().row_height(rows)}") for rows in ROWS]
        segments = Segments(heights, theme().rows)
        segments.picked.connect(self._on_row_height)
        self.add(Row(tr("Row height"), tr("one setting for every table"), segments))

    def _cards(
        self, title: str, cards: list[LookCard], chosen: str, pick: Callable[[str], None], help_text: str
    ) -> Row:
        group = QButtonGroup(self)
        for card in cards:
            card.setChecked(card.value == chosen)
            group.addButton(card)
        group.buttonClicked.connect(lambda card: pick(card.value))
        return Row(title, help_text, *cards)

    def _on_language(self, code: str) -> None:
        self._prefs.put("language", code)
        QTimer.singleShot(0, lambda: switch_language(code))

    def _on_theme(self, mode: str) -> None:
        self._prefs.put("theme", mode)
        theme().set_mode(mode)

    def _on_row_height(self, rows: object) -> None:
        self._prefs.put("rows", str(rows))
        theme().set_rows(str(rows))
