"""The settings: every row is saved as it is left, says what it means today, and keeps its place."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea

from shopdesk.core import backup, channels, clock, meta, second, settings, words
from shopdesk.core.words import language
from shopdesk.ui.banner import Sign
from shopdesk.ui.desk import Desk
from shopdesk.ui.messages import Messages
from shopdesk.ui.prefs import Prefs
from shopdesk.ui.settings_look import LookCard
from shopdesk.ui.settings_page import SettingsPage
from shopdesk.ui.text import LinkLabel, PlainLabel
from shopdesk.ui.theme import theme
from shopdesk.ui.widgets import Segments
from shopdesk.ui.worker import Worker
from tests.ui.kit import hears


@pytest.fixture
def page(shop, channel, qtbot):
    worker = Worker(shop)
    made = SettingsPage(Desk(shop, worker, Messages()))
    qtbot.addWidget(made)
    hears(made)
    made.resize(1100, 700)
    made.show()
    made.shown()
    worker.wait_idle()
    yield made
    shop.listeners.clear()
    worker.stop()
    theme().set_mode("light")
    theme().set_rows("compact")


def type_into(qtbot, field: QLineEdit, text: str):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_every_setting_has_its_row(page):
    for setting in settings.SETTINGS:
        assert page.row(setting.key).setting is setting


def test_a_setting_is_saved_when_left_and_can_be_undone(page, shop, qtbot):
    type_into(qtbot, page.row("cutoff").control, "1630")
    qtbot.waitUntil(lambda: settings.get(shop.reader(), "cutoff") == "16:30")
    assert shop.last_step().label == "Changed “Cut-off”"
    shop.undo()
    page.worker.wait_idle()
    page.refresh()
    page.worker.wait_idle()
    assert page.row("cutoff").control.text() == "17:00"


@pytest.mark.parametrize(("key", "typed"), [("cutoff", "25:00"), ("lead_days", "many"), ("review_hours", "0")])
def test_a_wrong_value_is_said_beside_the_field_and_not_saved(page, shop, qtbot, key, typed):
    before = settings.get(shop.reader(), key)
    row = page.row(key)
    type_into(qtbot, row.control, typed)
    page.worker.wait_idle()
    assert row.control.property("wrong")
    assert row.said != row.setting.help
    assert settings.get(shop.reader(), key) == before


def test_the_same_value_makes_no_step(page, shop, qtbot):
    before = shop.last_step()
    type_into(qtbot, page.row("cutoff").control, "17:00")
    page.worker.wait_idle()
    assert shop.last_step() == before


def test_the_default_typed_again_makes_no_step(page, shop, qtbot):
    before = shop.last_step()
    row = page.row("backup_gb")
    type_into(qtbot, row.control, "0")
    page.worker.wait_idle()
    assert row.control.property("wrong")
    type_into(qtbot, row.control, "20")
    page.worker.wait_idle()
    assert not row.control.property("wrong")
    assert shop.last_step() == before
    with shop.change("Changed", "settings") as db:
        settings.put(db, "backup_gb", 20)
    assert shop.last_step() == before


def test_a_refused_value_typed_again_is_refused_again(page, shop, qtbot):
    before = shop.last_step()
    row = page.row("backup_gb")
    for _again in range(2):
        type_into(qtbot, row.control, "0")
        page.worker.wait_idle()
        assert row.control.property("wrong")
        assert row.said == "A number from 1 to 2000 is needed."
    assert shop.last_step() == before


def test_the_sign_of_an_error_stands_directly_before_its_sentence(page, qtbot):
    row = page.row("backup_gb")
    assert not any(sign.isVisible() for sign in row.findChildren(Sign))
    type_into(qtbot, row.control, "0")
    page.worker.wait_idle()
    sign = next(sign for sign in row.findChildren(Sign) if sign.isVisible())
    words = next(label for label in row.findChildren(PlainLabel) if label.text() == row.said)
    between = range(sign.geometry().right(), words.geometry().left())
    assert 0 < len(between) < 20
    link = row.findChild(LinkLabel)
    assert link.isVisible()
    assert link.geometry().right() < sign.geometry().left()


def test_a_setting_is_found_by_its_words(page, qtbot):
    qtbot.keyClicks(page.search_box, "unpaid")
    assert page.row("unpaid_hours").isVisibleTo(page)
    assert not page.row("cutoff").isVisibleTo(page)


def test_channels_are_renamed_and_added(page, shop, qtbot):
    field = next(f for f in page.findChildren(QLineEdit) if f.property("channel"))
    type_into(qtbot, field, "Muhe 2")
    qtbot.waitUntil(lambda: channels.listed(shop.reader())[0].name == "Muhe 2")
    name = next(f for f in page.findChildren(QLineEdit) if f.placeholderText() == "Name of the shop there")
    type_into(qtbot, name, "Second")
    qtbot.waitUntil(lambda: len(channels.listed(shop.reader())) == 2)
    page.worker.wait_idle()


def test_look_changes_at_once_and_is_remembered(page, qtbot):
    dark = next(card for card in page.findChildren(LookCard) if card.value == "dark")
    qtbot.mouseClick(dark, Qt.MouseButton.LeftButton)
    assert theme().dark
    assert Prefs().text("theme") == "dark"
    dense = page.findChild(Segments).findChildren(QPushButton)[0]
    qtbot.mouseClick(dense, Qt.MouseButton.LeftButton)
    assert theme().rows == "dense"
    assert Prefs().text("rows") == "dense"


def test_the_language_card_switches(page, qtbot):
    chinese = next(card for card in page.findChildren(LookCard) if card.value == "zh_CN")
    qtbot.mouseClick(chinese, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: language() == "zh_CN")
    qtbot.waitUntil(lambda: page.title_label.text() == "设置")
    page.worker.wait_idle()


def test_the_index_goes_to_a_section(page, qtbot):
    button = next(b for b in page.findChildren(QPushButton) if b.property("section") == "look")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.isChecked()


def look_card(page, value) -> LookCard:
    """The card of a language: "" is the system's."""
    return next(card for card in page.findChildren(LookCard) if card.value == value)


def test_a_section_gone_to_stays_in_sight_while_the_page_finds_its_size(page, qtbot):
    page.open("password")
    area = page.findChild(QScrollArea)
    bar = area.verticalScrollBar()
    page.section("shop").setMinimumHeight(page.section("shop").height() + 300)
    qtbot.waitUntil(lambda: page.section("password").mapTo(area, QPoint(0, 0)).y() < area.height() - 100)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    page.section("shop").setMinimumHeight(page.section("shop").height() + 300)
    QApplication.processEvents()
    assert bar.value() == 0


@pytest.mark.parametrize("code", ["zh_CN", ""])
def test_a_switch_of_language_stays_where_it_was_made(page, qtbot, monkeypatch, code):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    words.use_language("en")
    page.resize(1100, 420)
    button = next(b for b in page.findChildren(QPushButton) if b.property("section") == "look")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    card = look_card(page, code)
    bar = page.findChild(QScrollArea).verticalScrollBar()
    before = card.mapTo(page, card.rect().topLeft()).y()
    assert bar.value() > 0
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    card.setFocus()
    qtbot.waitUntil(lambda: page.title_label.text() == "设置")
    page.worker.wait_idle()
    QApplication.processEvents()
    chosen = look_card(page, code)
    assert chosen.isChecked()
    assert chosen.hasFocus()
    assert abs(chosen.mapTo(page, chosen.rect().topLeft()).y() - before) <= 40
    marked = [b.property("section") for b in page.findChildren(QPushButton) if b.property("section") and b.isChecked()]
    assert marked == ["look"]
    assert Prefs().text("language") == code


def test_the_language_of_the_system_is_named_on_its_card(page):
    assert look_card(page, "").text() == "System"
    assert not look_card(page, "").isChecked() or Prefs().text("language") == ""


def test_rows_say_what_they_mean_today(page, shop, channel):
    assert page.row("cutoff").today == "today: no order is due"
    assert page.row("ship_hours").today == "today: none is over it"
    with shop.change("Orders", "orders") as db:
        for number, status, paid, made in (
            ("1", "to_ship", "2026-11-24 09:00:00", "2026-11-24 09:00:00"),
            ("2", "to_ship", "2026-11-20 09:00:00", "2026-11-20 09:00:00"),
            ("3", "to_ship", "2026-11-19 09:00:00", "2026-11-19 09:00:00"),
            ("4", "unpaid", None, "2026-11-23 09:00:00"),
        ):
            row = {"channel_id": channel, "number": number, "currency": "CNY", "paid_at": paid, "created_at": made}
            order = db["orders"].insert(row).last_pk
            event = {"order_id": order, "at": made, "kind": "status", "status": status, "by_hand": 0}
            db["order_events"].insert(event)
        one = {"channel_id": channel, "number": "R1", "kind": "return", "state": "open", "currency": "CNY"}
        db["returns"].insert({**one, "order_id": order, "opened_at": "2026-11-10 09:00:00"})
        db["reviews"].insert({"channel_id": channel, "key": "1", "stars": 1, "written_at": "2026-11-20 09:00:00"})
    QApplication.processEvents()
    page.worker.wait_idle()
    QApplication.processEvents()
    assert page.row("cutoff").today == "today: 1 order by 17:00"
    assert page.row("ship_hours").today == "today: 2 are over it"
    assert page.row("unpaid_hours").today == "today: 1 is unpaid longer"
    assert page.row("return_days").today == "today: 1 is open longer"
    assert page.row("review_hours").today == "today: 1 waits longer"
    assert page.row("bad_stars").today == "today: 1 waits for an answer"
    assert page.row("lead_days").today == ""


def test_what_it_means_today_gives_way_to_what_is_wrong(page, qtbot):
    row = page.row("cutoff")
    type_into(qtbot, row.control, "25:00")
    page.refresh()
    page.worker.wait_idle()
    QApplication.processEvents()
    assert row.control.property("wrong")
    assert "25:00" in row.said


@pytest.fixture
def backups(page):
    """The section about backups."""
    return page.section("backups")


def settled(page, qtbot, ready):
    """The page was read again and shows it."""

    def done() -> bool:
        page.refresh()
        page.worker.wait_idle()
        return ready()

    qtbot.waitUntil(done)


def test_the_section_says_how_the_backups_stand(page, shop, qtbot, backups):
    first = backups.rows[0]
    settled(page, qtbot, lambda: first.today == "none yet")
    with shop.change("Cut-off", "settings") as db:
        settings.put(db, "cutoff", "16:00")
    made = backup.make(shop, why="test")
    settled(page, qtbot, lambda: first.today == "14:50, verified by opening it")
    with shop.quiet() as db:
        meta.put(db.conn, meta.FOUND_WELL, "2026-11-12")
    shop.tell("backups")
    settled(page, qtbot, lambda: first.said == "looked through on 12 Nov, all well")
    assert page.row("backup_gb").today.startswith(f"1 kept, {made.size / 1e6:.1f} MB of ")
    asked = []
    page.open_requested.connect(lambda name, _what: asked.append(name))
    qtbot.mouseClick(backups.open_backups, Qt.MouseButton.LeftButton)
    assert asked == ["backups"]


def test_a_second_folder_is_chosen_missed_and_found(page, shop, qtbot, backups, tmp_path, monkeypatch, now):
    row, stick = page.row("second_folder"), tmp_path / "stick"
    stick.mkdir()
    type_into(qtbot, row.control, "stick")
    qtbot.waitUntil(lambda: "not a whole path" in row.said)
    row.enter(str(stick))
    qtbot.waitUntil(lambda: settings.text(shop.reader(), "second_folder") == str(stick))
    backup.make(shop, why="test")
    second.bring(shop)
    settled(page, qtbot, lambda: row.today == "14:50, copied and compared")
    assert not backups.try_now.isVisible()
    stick.rename(tmp_path / "away")
    with clock.at(now + timedelta(days=1)):
        with shop.change("Cut-off", "settings") as db:
            settings.put(db, "cutoff", "16:00")
        backup.make(shop, why="test")
        second.bring(shop)
        settled(page, qtbot, lambda: row.today == "not plugged in since 25 Nov.")
    assert backups.try_now.isVisible()
    assert not row.today_is_bad
    with clock.at(now + timedelta(days=8)):
        settled(page, qtbot, lambda: row.today_is_bad)
    (tmp_path / "away").rename(stick)
    settled(page, qtbot, lambda: "no copy there since 25 Nov" in row.today)
    assert backups.try_now.isVisible()


def test_the_folder_of_the_shop_is_no_second_one(page, shop, qtbot):
    row = page.row("second_folder")
    row.enter(str(shop.path.parent))
    settled(page, qtbot, lambda: row.said == "The shop itself lies there. Choose another disk.")
