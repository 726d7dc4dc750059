"""Setting, changing and removing the password of a shop through the settings, and its recovery sheet."""

import errno
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QApplication, QScrollArea

from shopdesk.core import keys, password, protect
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.keys import NeedsPassword, WrongPassword
from shopdesk.core.shop import Shop
from shopdesk.ui import printing
from shopdesk.ui.language import switch_language
from shopdesk.ui.password_form import SET, PasswordForm, strength
from shopdesk.ui.preview_dialog import Preview
from shopdesk.ui.recovery_card import RecoveryCard, WorkCard
from shopdesk.ui.recovery_sheet import recovery_sheet
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import theme
from tests.ui.kit import settle

OLD, NEW = "four plain words here", "another four plain words"
NAME = "Muhe Tea"
LONG = 20000


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    """A shop that was put under a password."""
    path = tmp_path_factory.mktemp("protected") / "muhe.shop"
    Shop.create(path, name=NAME).close()
    return path, password.change(path, None, OLD)


@pytest.fixture
def plain_window(program, file, qtbot):
    """The window at the password of a shop that has none."""
    program.start(file)
    return at_password(program, qtbot)


@pytest.fixture
def window(program, protected, tmp_path, qtbot):
    """The window at the password of a shop under one."""
    program.start(None)
    program.opening.open(Path(shutil.copy(protected[0], tmp_path / "muhe.shop")), protected[1])
    return at_password(program, qtbot)


def at_password(program, qtbot):
    window = program.window
    window.resize(1366, 768)
    qtbot.waitUntil(window.isVisible)
    window.open_page("settings", "password")
    settle(program)
    return window


def section(window):
    return window.pages.page("settings").section("password")


def fill(qtbot, form, *, old="", new="", again="", known=True):
    for field, text in ((form.old, old), (form.new, new), (form.again, again or new)):
        if field in form.fields():
            field.clear()
            qtbot.keyClicks(field, text)
    form.known.setChecked(known)
    qtbot.mouseClick(form.go, Qt.MouseButton.LeftButton)


def code_card(window, qtbot) -> RecoveryCard:
    def there():
        return isinstance(window.centralWidget().currentWidget(), RecoveryCard)

    qtbot.waitUntil(there, timeout=LONG)
    return window.centralWidget().currentWidget()


def back(program, qtbot):
    """The shop is open again, at the place where it was left."""
    qtbot.waitUntil(lambda: program.window.desk is not None, timeout=LONG)
    settle(program)
    assert program.window.pages.current == "settings"
    return section(program.window)


# setting


def test_set_from_the_switch_to_the_open_shop(program, plain_window, file, qtbot):
    part = section(plain_window)
    assert "off" in part.said
    part.switch.click()
    assert not part.switch.isChecked()
    fill(qtbot, part.form, new=NEW)
    assert program.shop is None
    card = code_card(plain_window, qtbot)
    assert not card.go_on.isEnabled()
    qtbot.mouseClick(card.copy, Qt.MouseButton.LeftButton)
    assert not card.go_on.isEnabled()
    code = QGuiApplication.clipboard().text()
    card.written.setChecked(True)
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    part = back(program, qtbot)
    assert part.switch.isChecked()
    assert part.said == "on since 24 Nov 2026 recovery sheet never printed"
    bar = program.window.pages.page("settings").findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    assert keys.recovery_code(program.shop.key) == code
    assert protect.fits(program.shop.key, NEW)
    assert program.locks.locking is not None
    program.close_shop()
    with pytest.raises(NeedsPassword):
        Shop.open(file)


def test_the_backups_follow(program, plain_window, file, qtbot):
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    code_card(plain_window, qtbot)
    copies = list((file.parent / "muhe backups").glob("*.shop"))
    assert all(protect.is_protected(copy) for copy in copies)
    assert protect.is_protected(file)


def test_plain_files_left_beside_are_named(program, plain_window, file, qtbot):
    shutil.copy(file, file.with_name("muhe damaged 1122.shop"))
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    card = code_card(plain_window, qtbot)
    card.written.setChecked(True)
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    back(program, qtbot)
    assert "can still be read by anybody: muhe damaged 1122.shop" in plain_window.toast.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"new": "short"}, "3 more characters at least"),
        ({"new": NEW, "again": NEW + "x"}, "Not the same as above."),
        ({"new": NEW, "known": False}, "Tick this first."),
    ],
)
def test_what_is_missing_is_said_and_nothing_happens(program, plain_window, qtbot, typed, said):
    part = section(plain_window)
    part.switch.click()
    fill(qtbot, part.form, **typed)
    lines = (part.form.new_said, part.form.again_said, part.form.known_said)
    assert said in [line.text() for line in lines]
    assert program.shop is not None


def test_the_button_stays_where_it_is_when_the_box_is_ticked(plain_window, qtbot):
    part = section(plain_window)
    part.switch.click()
    form = part.form
    fill(qtbot, form, new=NEW, known=False)
    assert not form.known_said.isHidden()
    form.layout().activate()
    where = form.go.mapTo(form, QPoint(0, 0))
    form.known.click()
    form.layout().activate()
    assert form.known_said.isHidden()
    assert form.go.mapTo(form, QPoint(0, 0)) == where


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_said_of_the_box_has_its_place_beforehand(qtbot, language):
    switch_language(language)
    form = PasswordForm(SET)
    qtbot.addWidget(form)
    kept = form.known_said.minimumHeight()
    form.submit()
    assert form.known_said.text()
    assert form.known_said.heightForWidth(400) <= kept


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_card_of_the_work_has_room_for_its_last_sentence(qtbot, language):
    switch_language(language)
    card = WorkCard("Muhe Tea", "Setting the password")
    qtbot.addWidget(card)
    card.resize(1366, 700)
    card.show()
    card.tell(0.5, "x " * 80)
    qtbot.wait(1)
    labels = [label for label in card.findChildren(PlainLabel) if label.wordWrap()]
    assert len(labels) == 2
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)
    switch_language("en")


def test_it_says_before_what_it_helps_against_and_what_not(plain_window):
    part = section(plain_window)
    part.switch.click()
    said = " ".join(part.form.explained())
    assert "stolen" in said
    assert "does not help" in said
    assert "backups" in said


@pytest.mark.parametrize(
    ("length", "word"), [(0, "at least"), (7, "1 more character"), (8, "Fair"), (12, "Good"), (16, "Very good")]
)
def test_the_strength_is_said_by_the_length(length, word):
    assert word in strength(length)[0]


def test_the_card_can_be_passed_by_saving_the_sheet(program, plain_window, tmp_path, qtbot):
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    card = code_card(plain_window, qtbot)
    card.save_pdf(str(tmp_path / "sheet.pdf"))
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "sheet.pdf").stat().st_mode & 0o777 == 0o600
    card.insist()
    assert "Go on to the shop" in card.said
    assert "First" not in card.said
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    back(program, qtbot)
    qtbot.waitUntil(lambda: "never" not in section(plain_window).said)


def test_the_recent_list_forgets_the_name_before_the_code_is_passed(program, plain_window, file, qtbot):
    kept = Path(program.prefs.demo_path()).parent.parent / "settings.ini"
    named = [row[1] for row in program.prefs.recent()]
    assert named != [file.stem]
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    code_card(plain_window, qtbot)
    assert [row[1] for row in program.prefs.recent()] == [file.stem]
    assert named[0] not in kept.read_text("utf-8")


def test_a_sheet_that_cannot_be_saved_is_said_and_does_not_count(plain_window, tmp_path, qtbot):
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    card = code_card(plain_window, qtbot)
    card.save_pdf(str(tmp_path / "nowhere" / "sheet.pdf"))
    assert "could not be written" in card.said
    assert not card.go_on.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_while_it_is_done_the_window_takes_nothing_else(program, plain_window, tmp_path, qtbot):
    other = Shop.create(tmp_path / "other.shop", name="Other")
    other.close()
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    program.raise_window(other.path)
    plain_window.close()
    assert plain_window.isVisible()
    assert "finished first" in plain_window.centralWidget().currentWidget().said
    assert not plain_window.acceptDrops()
    card = code_card(plain_window, qtbot)
    plain_window.close()
    assert plain_window.isVisible()
    assert card.said.startswith("First print the code")
    program.raise_window(other.path)
    assert plain_window.centralWidget().currentWidget() is card
    card.written.setChecked(True)
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    back(program, qtbot)
    assert plain_window.acceptDrops()


def test_a_disk_that_refuses_is_said_and_the_shop_is_open_as_before(program, plain_window, file, qtbot, monkeypatch):
    def refuse(*_given):
        raise DiskTrouble("The disk is full.")

    monkeypatch.setattr(password, "change", refuse)
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    part = back(program, qtbot)
    assert "The disk is full." in plain_window.toast.text
    assert not part.switch.isChecked()
    assert program.shop.key is None
    assert program.shop.path == file


def test_what_the_disk_refuses_after_the_change_does_not_take_the_code_away(
    program, plain_window, file, qtbot, monkeypatch
):
    done: list[Path] = []

    def sync(folder: Path) -> None:
        if protect.is_protected(file):
            done.append(folder)
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(password, "sync", sync)
    section(plain_window).switch.click()
    fill(qtbot, section(plain_window).form, new=NEW)
    card = code_card(plain_window, qtbot)
    assert done == [file.parent]
    card.written.setChecked(True)
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    back(program, qtbot)
    assert "The password is changed, but the disk did not confirm it" in plain_window.toast.text
    assert protect.fits(program.shop.key, NEW)


# changing and removing


def test_change_asks_for_the_old_one_and_gives_a_new_code(program, window, protected, qtbot):
    part = section(window)
    qtbot.mouseClick(part.change, Qt.MouseButton.LeftButton)
    fill(qtbot, part.form, old="not this", new=NEW)
    qtbot.waitUntil(lambda: part.form.old_said.text() == "Not this one.")
    assert program.shop is not None
    qtbot.keyClicks(part.form.old, "f")
    assert not part.form.old_said.text()
    assert not part.form.old.property("wrong")
    fill(qtbot, part.form, old=OLD, new=NEW)
    card = code_card(window, qtbot)
    card.written.setChecked(True)
    qtbot.mouseClick(card.go_on, Qt.MouseButton.LeftButton)
    back(program, qtbot)
    path = program.shop.path
    assert program.shop.key != protected[1]
    program.close_shop()
    with pytest.raises(WrongPassword):
        protect.unlock(path, OLD)
    assert protect.unlock(path, NEW)


def test_remove_asks_for_the_password_and_leaves_a_plain_shop(program, window, qtbot):
    part = section(window)
    part.switch.click()
    assert part.switch.isChecked()
    fill(qtbot, part.form, old=OLD)
    qtbot.waitUntil(lambda: program.shop is not None and program.shop.key is None, timeout=LONG)
    part = back(program, qtbot)
    assert not part.switch.isChecked()
    assert "off" in part.said
    assert program.locks.locking is None
    assert Path(program.shop.path).read_bytes().startswith(b"SQLite format 3")


def test_a_form_that_unfolds_is_in_sight(plain_window, qtbot):
    part = section(plain_window)
    part.switch.click()
    area = plain_window.pages.page("settings").findChild(QScrollArea)

    def in_sight():
        top = part.form.mapTo(area, QPoint(0, 0)).y()
        return top >= 0 and top + part.form.height() <= area.height()

    qtbot.waitUntil(in_sight)


def test_a_form_can_be_left(window, qtbot):
    part = section(window)
    part.switch.click()
    qtbot.mouseClick(part.form.cancel, Qt.MouseButton.LeftButton)
    assert part.form is None
    assert part.switch.isChecked()


def test_the_minutes_of_the_lock_stand_there(program, window, qtbot):
    row = window.pages.page("settings").row("lock_minutes")
    assert section(window).isAncestorOf(row)
    assert row.isEnabled()
    assert row.control.text() == "10"


# the sheet


def test_the_sheet_holds_the_code_and_is_noted_when_it_was_printed(program, window, qtbot):
    part = section(window)
    assert "never printed" in part.said
    qtbot.mouseClick(part.sheet, Qt.MouseButton.LeftButton)
    preview = next(top for top in QApplication.topLevelWidgets() if isinstance(top, Preview))
    preview.printed.emit(1)
    preview.reject()
    qtbot.waitUntil(lambda: "never printed" not in part.said)
    assert password.facts(program.shop.reader()).sheet_printed.startswith("2026-11-24")


def test_the_paper_is_black_on_white_in_the_dark_theme_too(qapp, protected):
    theme().set_mode("dark")
    theme().apply()
    try:
        page = printing.page_images(recovery_sheet(NAME, "muhe.shop", protected[1]))[0]
    finally:
        theme().set_mode("light")
        theme().apply()
    heading = [page.pixelColor(x, y).lightness() for x in range(46, 240) for y in range(66, 94)]
    assert min(heading) < 40


def test_the_sheet_names_shop_file_day_and_every_group(qapp, protected):
    key = protected[1]
    document = QTextDocument()
    document.setHtml(printing.html(recovery_sheet("Tea & <b>Cups", "muhe.shop", key)))
    said = document.toPlainText()
    for group in keys.recovery_code(key).split("-"):
        assert group in said
    for words in ("Tea & <b>Cups", "muhe.shop", "2026-11-24", "How to use it", "Where to keep it"):
        assert words in said
    assert printing.page_count(recovery_sheet(NAME, "muhe.shop", key)) == 1
