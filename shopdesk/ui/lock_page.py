"""The card of a locked shop: whose it is, the password or the recovery code, and what goes on behind it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from shopdesk.core.words import sentences, tr
from shopdesk.ui.banner import Sign
from shopdesk.ui.fonts import fixed_font
from shopdesk.ui.icons import icon
from shopdesk.ui.ornament import Mark, paint_awning
from shopdesk.ui.overrides import guarded
from shopdesk.ui.password_field import PasswordField
from shopdesk.ui.text import Keys, LinkLabel, PlainLabel
from shopdesk.ui.theme import hline, styled, theme, theme_polish

AWNING = 33
STRIPE = 30


class Awning(QWidget):
    """The awning over a card, with its round corners."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(AWNING + 1)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = theme().size("radius_card")
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, corner), corner, corner)
        painter.setClipPath(shape)
        ink, paper = theme().colour("accent"), theme().colour("surface")
        paint_awning(painter, QRectF(0, 0, self.width(), AWNING), max(1, round(self.width() / STRIPE)), ink, paper)


class CodeField(QPlainTextEdit):
    """Where the recovery code is typed or pasted. Signal: ``entered`` for Enter."""

    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setFont(fixed_font(theme().fixed("type")["body"]))  # four groups on a line, as on the sheet
        self.setFixedHeight(3 * self.fontMetrics().height() + 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is an answer, not a new line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


def centred_card(page: QWidget, width: int) -> QVBoxLayout:
    """A card under the awning in the middle of an empty page; the column for what stands on it."""
    card = styled(QFrame(), "cardstrong")
    card.setFixedWidth(width)
    whole = QVBoxLayout(card)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addWidget(Awning())
    inside = QVBoxLayout()
    inside.setContentsMargins(24, 22, 24, 18)
    inside.setSpacing(0)
    whole.addLayout(inside)
    column = QVBoxLayout(styled(page, "window"))
    column.addStretch(1)
    column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addStretch(1)
    return inside


def card_head(name: str, said: QWidget) -> QHBoxLayout:
    """The mark, the name of the shop and a line under it."""
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(PlainLabel(name, "heading", strong=True, elide=True))
    words.addWidget(said)
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(Mark(38))
    head.addLayout(words, 1)
    return head


def set_wrapped(label: PlainLabel, text: str, beside: int = 0) -> None:
    """Give a label in the card a text and the height that it needs, which a centred card does not ask for."""
    label.setText(text)
    label.setMinimumHeight(label.heightForWidth(theme().size("lock_card") - 48 - beside) if text else 0)


class LockPage(QWidget):
    """Asks for the password of a shop.

    Signals: ``tried(text)`` with a password or a recovery code, ``another_requested``.
    """

    tried = Signal(str)
    another_requested = Signal()

    def __init__(self, name: str, said: str) -> None:
        super().__init__()
        self._said = PlainLabel(said, "small", "text_2", wrap=True)
        self._caption = PlainLabel("", "small", "text_2")
        self.password = PasswordField(tr("Password"))
        self.password.setProperty("tall", True)
        self.password.returnPressed.connect(self._on_tried)
        self.password.caps_changed.connect(self._show_wrong)
        self.password.textEdited.connect(self._on_edited)
        self.code = CodeField(tr("Recovery code"))
        self.code.entered.connect(self._on_tried)
        self.code.textChanged.connect(self._on_edited)
        self.unlock = QPushButton(icon("unlock", "on_accent"), tr("Unlock"))
        self._enter = Keys("Return", ("on_accent", "on_accent", "accent"))
        self._fields = QStackedWidget()
        self._wrong = ""
        self._sign = Sign("late_or_error", "bad", 14)
        self._line = PlainLabel("", "small", "bad", wrap=True)
        self._behind = styled(QFrame(), "info")
        self._behind_sign = Sign("import", "accent", 16)
        self._behind_text = PlainLabel("", "small", wrap=True)
        self.other_way = LinkLabel("", "small")
        self.other_way.clicked.connect(self._on_other_way)
        self.another = LinkLabel(tr("Open another shop"), "small")
        self.another.clicked.connect(self.another_requested)
        self._build(name)
        self._use_code(on=False)
        self._show_wrong()
        self.show_behind("")

    @property
    def said(self) -> str:
        """What stands under the name, and the error."""
        return "\n".join(text for text in (self._said.text(), self._line.text()) if text)

    @property
    def behind(self) -> str:
        """What goes on behind the lock."""
        return self._behind_text.text()

    @property
    def asks_code(self) -> bool:
        """Whether it is the recovery code that is asked for."""
        return self._fields.currentWidget() is self.code

    def showEvent(self, event: QShowEvent) -> None:
        """The button is as wide as the longer of its words, so that nothing moves when it changes them."""
        super().showEvent(event)
        now, widths = self.unlock.text(), []
        for text in (tr("Opening…"), tr("Unlock")):
            self.unlock.setText(text)
            widths.append(self.unlock.sizeHint().width())
        self.unlock.setText(now)
        self.unlock.setMinimumWidth(max(widths))

    def show_behind(self, text: str) -> None:
        """Say what goes on behind the lock; "" for nothing."""
        if text != self._behind_text.text() or not text:
            set_wrapped(self._behind_text, text, 45)
            self._behind.setVisible(bool(text))

    def show_trying(self, *, on: bool) -> None:
        """While what was typed is tried nothing else can be typed; then the keyboard is back."""
        for part in (self.password, self.code, self.unlock, self.other_way):
            part.setEnabled(not on)
        self.unlock.setText(tr("Opening…") if on else tr("Unlock"))
        self._enter.setVisible(not on)
        self.take_keyboard()

    def refuse(self, text: str) -> None:
        """Say what was wrong; what was typed is chosen, so that typing replaces it."""
        self._wrong = text
        self._show_wrong()
        if self.asks_code:
            self.code.selectAll()
        else:
            self.password.selectAll()
        self.take_keyboard()

    def take_keyboard(self) -> None:
        """The keyboard goes to what is asked for; to nothing while a try runs, and to no link that Enter opens."""
        asked = self.code if self.asks_code else self.password
        (asked if asked.isEnabled() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def cover(self) -> None:
        """Forget what was typed."""
        self.password.cover()
        self.code.clear()
        self._wrong = ""
        self._show_wrong()

    def _build(self, name: str) -> None:
        column = centred_card(self, theme().size("lock_card"))
        column.addLayout(card_head(name, self._said))
        column.addSpacing(22)
        column.addWidget(self._caption)
        column.addSpacing(6)
        column.addLayout(self._asked())
        column.addSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(3)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._line, 1)
        column.addLayout(line)
        column.addSpacing(14)
        inside = QHBoxLayout(self._behind)
        inside.setContentsMargins(9, 8, 10, 8)
        inside.setSpacing(8)
        inside.addWidget(self._behind_sign, 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._behind_text, 1)
        column.addWidget(self._behind)
        column.addSpacing(16)
        column.addWidget(hline())
        column.addSpacing(12)
        links = QHBoxLayout()
        links.addWidget(self.other_way)
        links.addStretch()
        links.addWidget(self.another)
        column.addLayout(links)
        self._add_foot()

    def _add_foot(self) -> None:
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout)
        said = tr(
            "The file is encrypted. Without the password or the recovery sheet nobody can open it, neither can we."
        )
        foot = PlainLabel(said, "small", "text_3", wrap=True)
        foot.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        whole.insertSpacing(2, 10)
        whole.insertWidget(3, foot)

    def _asked(self) -> QHBoxLayout:
        self.unlock.setProperty("kind", "primary")
        self.unlock.setProperty("tall", True)
        self.unlock.clicked.connect(self._on_tried)
        caps = QHBoxLayout(self.unlock)
        caps.setContentsMargins(0, 0, 11, 0)
        caps.addStretch()
        caps.addWidget(self._enter, 0, Qt.AlignmentFlag.AlignVCenter)
        self._fields.addWidget(self.password)
        self._fields.addWidget(self.code)
        row = QHBoxLayout()
        row.setSpacing(7)
        row.addWidget(self._fields, 1)
        row.addWidget(self.unlock, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _use_code(self, *, on: bool) -> None:
        self._caption.setText(tr("Recovery code, as it stands on the sheet") if on else tr("Password"))
        self.other_way.setText(tr("Use the password") if on else tr("Use the recovery sheet"))
        self._fields.setCurrentWidget(self.code if on else self.password)
        self._fields.setFixedHeight(self.code.height() if on else 36)
        self._show_wrong()

    def _show_wrong(self) -> None:
        caps = tr("Caps Lock is on.") if self.password.caps and not self.asks_code else ""
        said = sentences(self._wrong, caps) if self._wrong else caps
        set_wrapped(self._line, said, 20)
        self._line.setVisible(bool(said))
        self._sign.setVisible(bool(said))
        for field in (self.password, self.code):
            field.setProperty("wrong", bool(self._wrong) and not field.hasFocus())
            theme_polish(field)

    def _on_other_way(self) -> None:
        self._wrong = ""
        self._use_code(on=not self.asks_code)
        self.take_keyboard()

    def _on_edited(self) -> None:
        if self._wrong:
            self._wrong = ""
            self._show_wrong()

    def _on_tried(self) -> None:
        text = self.code.toPlainText() if self.asks_code else self.password.text()
        if text:
            self.tried.emit(text)
