"""Setting, changing and removing the password of a shop: a card in the settings that asks first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from shopdesk.core.words import N_, tr, trn
from shopdesk.ui.password_field import PasswordField
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import styled, theme_polish

SHORTEST = 8
FIELD, CARD, AIR = 260, 620, 16
SET, CHANGE, REMOVE = "set", "change", "remove"

_TITLES = {
    SET: N_("Put this shop under a password"),
    CHANGE: N_("Change the password"),
    REMOVE: N_("Remove the password"),
}
_VERBS = {SET: N_("Set the password"), CHANGE: N_("Change the password"), REMOVE: N_("Remove the password")}
_HELPS = N_(
    "It helps when the laptop is stolen or lent, when somebody copies the file, or a stick with backups is lost: "
    "the file and its backups are encrypted."
)
_HELPS_NOT = N_(
    "It does not help against somebody at the open program, a program that watches the keys, against what is "
    "printed or exported, and traces that the disk may still hold from before."
)
_BACKUPS = N_("The backups beside the shop and in the second folder follow; what lies elsewhere stays as it is.")
_KNOWN = N_("I know: without the password or the recovery sheet nobody can open this shop, and Undo does not help.")
_TICK = N_("Tick this first.")
_NEW_SHEET = N_("The recovery sheet that you have is worth nothing then; you get a new one.")
_OPEN = N_("Then whoever has the file or a backup can read all of it. Undo does not help.")


class _Line(PlainLabel):
    """What is said beside a field."""

    def __init__(self) -> None:
        super().__init__("", "small", "text_3", wrap=True)

    def say(self, text: str, role: str = "text_3") -> None:
        """Say it in a colour."""
        self.setText(text)
        self.set_role(role)


class PasswordForm(QWidget):
    """The old password, the new one twice, and what it means.

    Signals: ``asked(old, new)`` once everything is filled in, "" for what the act does not need; ``closed``.
    """

    asked = Signal(str, str)
    closed = Signal()

    def __init__(self, act: str) -> None:
        super().__init__()
        self.act = act
        self.old, self.old_said = PasswordField(tr("The password so far")), _Line()
        self.new, self.new_said = PasswordField(tr("New password")), _Line()
        self.again, self.again_said = PasswordField(tr("Once more")), _Line()
        self.known = QCheckBox()
        self.known.toggled.connect(self._on_known)
        self.known_said = _Line()
        _keep_place(self.known_said, tr(_TICK))
        self.known_said.hide()
        self.go = QPushButton(tr(_VERBS[act]))
        self.go.setProperty("kind", "danger" if act == REMOVE else "primary")
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setProperty("kind", "plain")
        self.old.textEdited.connect(self._on_old_edited)
        self.new.textEdited.connect(self._on_edited)
        self.again.textEdited.connect(self._on_edited)
        self.go.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.closed)
        for field in self.fields():
            field.setFixedWidth(FIELD)
            field.returnPressed.connect(self.submit)
            field.caps_changed.connect(self._on_edited)
        self._build()
        self._on_edited()

    def _tick(self) -> QHBoxLayout:
        tick = QHBoxLayout()
        tick.setSpacing(8)
        said = _wrapped(tr(_KNOWN), "text", CARD - 2 * AIR - 28)
        said.setBuddy(self.known)
        self.known.setAccessibleName(said.text())
        tick.addWidget(self.known, 0, Qt.AlignmentFlag.AlignTop)
        tick.addWidget(said, 1)
        return tick

    def explained(self) -> list[str]:
        """What is said of the act before it is done."""
        texts = {SET: (_HELPS, _HELPS_NOT, _BACKUPS), CHANGE: (_NEW_SHEET, _BACKUPS), REMOVE: (_OPEN, _BACKUPS)}
        return [tr(text) for text in texts[self.act]]

    def fields(self) -> list[PasswordField]:
        """What has to be typed, in order."""
        old = [] if self.act == SET else [self.old]
        return old if self.act == REMOVE else [*old, self.new, self.again]

    def refuse_old(self, text: str) -> None:
        """The password so far was not the right one."""
        self.old_said.say(text, "bad")
        self._mark(self.old, wrong=True)
        self.old.selectAll()
        self.old.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Ask for the act, or say what is missing and go there."""
        wrong = self._first_wrong()
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.asked.emit("" if self.act == SET else self.old.text(), "" if self.act == REMOVE else self.new.text())

    def _build(self) -> None:
        card = styled(QFrame(), "cardstrong")
        card.setFixedWidth(CARD)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 4, 0, 8)
        whole.addWidget(card, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(card)
        column.setContentsMargins(AIR, 14, AIR, 14)
        column.setSpacing(8)
        column.addWidget(PlainLabel(tr(_TITLES[self.act]), "body", strong=True))
        for text in self.explained():
            column.addWidget(_wrapped(text, "text_2", CARD - 2 * AIR))
        column.addSpacing(4)
        column.addLayout(self._grid())
        if self.act != REMOVE:
            column.addLayout(self._tick())
            column.addWidget(self.known_said)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.cancel)
        buttons.addStretch()
        column.addSpacing(4)
        column.addLayout(buttons)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        said = {self.old: self.old_said, self.new: self.new_said, self.again: self.again_said}
        for row, field in enumerate(self.fields()):
            caption = PlainLabel(field.accessibleName(), "body", "text_2")
            caption.setBuddy(field)
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(said[field], row, 2)
        return grid

    def _first_wrong(self) -> PasswordField | QCheckBox | None:
        """The first thing that keeps the act from being asked for; it is said beside it."""
        wrong: list[PasswordField | QCheckBox] = []
        if self.act != SET and not self.old.text():
            self.refuse_old(tr("This is needed."))
            wrong.append(self.old)
        if self.act != REMOVE:
            if len(self.new.text()) < SHORTEST:
                self.new_said.say(strength(len(self.new.text()))[0], "bad")
                self._mark(self.new, wrong=True)
                wrong.append(self.new)
            elif self.again.text() != self.new.text():
                self.again_said.say(tr("Not the same as above."), "bad")
                self._mark(self.again, wrong=True)
                wrong.append(self.again)
            if not self.known.isChecked():
                self.known_said.say(tr(_TICK), "bad")
                self.known_said.show()
                wrong.append(self.known)
        return wrong[0] if wrong else None

    def _on_known(self, on: bool) -> None:
        self.known_said.setVisible(not on and bool(self.known_said.text()))

    def _on_old_edited(self) -> None:
        self.old_said.clear()
        self._mark(self.old, wrong=False)

    def _on_edited(self) -> None:
        caps = next((tr("Caps Lock is on.") for field in self.fields() if field.caps), "")
        self.new_said.say(*strength(len(self.new.text())))
        typed, above = self.again.text(), self.new.text()
        same = tr("The same.") if typed and typed == above else ""
        self.again_said.say(caps or same, "warn" if caps else "good")
        for field in (self.new, self.again):
            self._mark(field, wrong=False)

    @staticmethod
    def _mark(field: PasswordField, *, wrong: bool) -> None:
        if bool(field.property("wrong")) is not wrong:
            field.setProperty("wrong", wrong)
            theme_polish(field)


def _wrapped(text: str, role: str, width: int) -> PlainLabel:
    """A paragraph of this width, as high as it needs: a page that scrolls does not ask for that."""
    label = PlainLabel(text, "body", role, wrap=True)
    label.setFixedWidth(width)
    label.setMinimumHeight(label.heightForWidth(width))
    return label


def _keep_place(line: _Line, text: str) -> None:
    """A line comes and goes without moving what is under it: a click may be on its way there.

    It is as high as this text, which the letters of another language than the font's own make higher.
    """
    policy = line.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    line.setSizePolicy(policy)
    line.setText(text)
    line.setMinimumHeight(line.heightForWidth(CARD - 2 * AIR))
    line.clear()


def strength(length: int) -> tuple[str, str]:
    """What is to be said of a password of so many characters, and the colour: length is what counts."""
    if length < SHORTEST:
        left = SHORTEST - length
        said = trn("{n} more character at least", "{n} more characters at least", left)
        return (tr("at least 8 characters; four words are easy to keep"), "text_3") if not length else (said, "warn")
    if length < 12:
        return tr("Fair. A patient thief with many computers may guess it."), "warn"
    if length < 16:
        return tr("Good."), "good"
    return tr("Very good."), "good"
