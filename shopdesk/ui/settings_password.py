"""The password in the settings: whether the shop is under one, its recovery sheet, and the lock by itself."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from shopdesk.core import dates, password, protect, settings
from shopdesk.core.keys import Key
from shopdesk.core.password import Protection
from shopdesk.core.words import tr
from shopdesk.ui.background import beside
from shopdesk.ui.banner import Sign
from shopdesk.ui.desk import Desk
from shopdesk.ui.icons import icon
from shopdesk.ui.password_form import CHANGE, REMOVE, SET, PasswordForm
from shopdesk.ui.preview import show_preview
from shopdesk.ui.recovery_sheet import recovery_sheet
from shopdesk.ui.settings_rows import Row, Section
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.widgets import Switch


class PasswordSection(Section):
    """Whether the shop is under a password.

    Signals: ``sheet_made`` after the recovery sheet left the program.
    """

    sheet_made = Signal()

    def __init__(self, desk: Desk, lock_row: Row) -> None:
        super().__init__("password", tr("Password"))
        self._desk = desk
        self._key: Key | None = desk.shop.key
        self.form: PasswordForm | None = None
        on = self._key is not None
        self.switch = Switch(on, tr("File password"))
        self.switch.clicked.connect(self._on_switch)
        self._state = PlainLabel("", "body", "text" if on else "text_2")
        self.change = QPushButton(icon("key"), tr("Change…"))
        self.change.clicked.connect(partial(self._open, CHANGE))
        self.sheet = QPushButton(icon("print"), tr("Recovery sheet"))
        self.sheet.clicked.connect(self._on_sheet)
        self._warn = Sign("warning", "warn", 14)
        self._never = PlainLabel(tr("recovery sheet never printed"), "small", "warn")
        parts: list[QWidget] = [self.switch, self._state]
        more: list[QWidget] = [self.change, self.sheet, self._warn, self._never]
        for part in more:  # one that stands nowhere would hold the section, and with it the shop, for ever
            part.setParent(self)
            part.hide()
        if on:
            parts += more
        self.add(Row(tr("File password"), "", *parts))
        self._place = lock_row
        self.add(lock_row)
        lock_row.setEnabled(on)
        for part in (self.change, self.sheet):
            part.setVisible(on)
        can = not desk.read_only and desk.protect is not None
        for part in (self.switch, self.change):
            part.setEnabled(can)
        self.show_facts(None)

    @property
    def said(self) -> str:
        """What is said of the password."""
        never = f" {self._never.text()}" if self._never.isVisibleTo(self) else ""
        return f"{self._state.text()}{never}"

    def show_facts(self, facts: Protection | None) -> None:
        """Since when there is a password, and whether its sheet was ever printed."""
        if self._key is None:
            self._state.setText(tr("off: whoever has the file can read it"))
            return
        since = dates.show_day(facts.since, year=True) if facts is not None else ""
        self._state.setText(tr("on since {day}", day=since) if since else tr("on"))
        for part in (self._warn, self._never):
            part.setVisible(facts is not None and not facts.sheet_printed)

    def _on_switch(self) -> None:
        """The switch shows what is; it turns once the act is done."""
        on = self._key is not None
        self.switch.setChecked(on)
        self._open(REMOVE if on else SET)

    def _open(self, act: str) -> None:
        self._close()
        self.form = PasswordForm(act)
        self.form.asked.connect(self._on_asked)
        self.form.closed.connect(self._close)
        self.put_above(self.form, self._place)
        self.form.fields()[0].setFocus()

    def _close(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _on_asked(self, old: str, new: str) -> None:
        assert self._desk.protect is not None
        key, form = self._key, self.form
        if key is None:
            self._desk.protect(new)
            return
        assert form is not None
        form.go.setEnabled(False)
        beside(partial(protect.fits, key, old), partial(self._on_known, form, new), self._on_failed)

    def _on_known(self, form: PasswordForm, new: str, fits: bool) -> None:
        """The password so far was looked at; the card may be gone meanwhile."""
        if form is not self.form or self._desk.protect is None:
            return
        form.go.setEnabled(True)
        if fits:
            self._desk.protect(new)
        else:
            form.refuse_old(tr("Not this one."))

    def _on_failed(self, error: Exception) -> None:
        raise error

    def _on_sheet(self) -> None:
        assert self._key is not None
        shop = self._desk.shop
        name = settings.text(shop.reader(), "shop_name") or shop.path.stem
        preview = show_preview(self.window(), recovery_sheet(name, shop.path.name, self._key))
        preview.printed.connect(self._on_sheet_made)
        preview.saved.connect(self._on_sheet_made)

    def _on_sheet_made(self, _what: object) -> None:
        self._desk.worker.write(lambda _task: password.note_sheet(self._desk.shop), self._on_noted)

    def _on_noted(self, _nothing: object) -> None:
        self.sheet_made.emit()
