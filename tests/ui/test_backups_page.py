"""The page of backups, and the ways back in the window: looking inside, single records, the whole shop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from shopdesk.core import backup, channels, check, clock, manifest, second, settings, shelf
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.keys import Key
from shopdesk.core.lock import HeldHere
from shopdesk.core.shelf import Copy
from shopdesk.core.shop import Shop, opened
from shopdesk.core.since import Lost, Since
from shopdesk.inventory import verbs as inventory
from shopdesk.orders import verbs as orders
from shopdesk.ui import keeping
from shopdesk.ui.backups_drawer import LOOK, RESTORE, TAKE, BackupCard
from shopdesk.ui.banner import Sign
from shopdesk.ui.dress import dressed
from shopdesk.ui.language import switch_language
from shopdesk.ui.text import PlainLabel, key_text
from shopdesk.ui.theme import theme
from tests.conftest import NOW
from tests.shop_files import orders_csv
from tests.ui.kit import settle
from tests.walk import Walk


@pytest.fixture
def history(file: Path, tmp_path: Path) -> Path:
    """A shop with three backups of three days, and orders shipped since."""
    shop = Shop.open(file)
    walk = Walk(shop, 1, tmp_path)
    with clock.at(NOW - timedelta(days=3)):
        walk.bring_in()
        numbers = ({"订单编号": f"9860412775588{n:04}", "买家会员名": f"w{n}"} for n in range(4))
        waiting_ones = ({**row, "订单状态": "买家已付款，等待卖家发货"} for row in numbers)
        walk.bring_in_files([orders_csv(tmp_path / "waiting.csv", *waiting_ones)])
    for days, why, about in ((2, "exit", ""), (1, "import", "more.csv")):
        with clock.at(NOW - timedelta(days=days)):
            backup.make(shop, why=why, about=about, n=1)
            waiting = [row[0] for row in shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship'")]
            orders.ship_orders(shop, ids=waiting[:1], courier="SF", tracking="1")
            orders.add_note(shop, order_id=waiting[0], note="hm")
    shop.close()
    for made in backup.listed(file):
        if made.at > clock.text(NOW - timedelta(days=3, minutes=-1)):
            continue
        (backup.folder(file) / made.name).unlink()  # that of before the first import
    return file


def wait_for(qtbot, program, done) -> None:
    def ready() -> bool:
        settle(program) if program.worker is not None else QApplication.processEvents()
        return bool(done())

    qtbot.waitUntil(ready, timeout=15000)


def opened_page(program, qtbot, path: Path):
    program.start(path)
    program.window.resize(1366, 768)
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    program.window.open_backups()
    found = program.window.pages.page("backups")
    wait_for(qtbot, program, lambda: found.rows.rowCount() > 0)
    return found


@pytest.fixture
def page(program, history, qtbot):
    """The page, shown, the newest backup in the drawer."""
    return opened_page(program, qtbot, history)


def cells(page, key: str) -> list[str]:
    column = next(number for number, known in enumerate(page.rows.columns, 1) if known.key == key)
    return [page.rows.cell(row, column).text for row in range(page.rows.rowCount())]


def said(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel) if not label.isHidden())


def go_to(page, why: str) -> None:
    page.table.go_to(next(row for row, text in enumerate(cells(page, "why")) if why in text))
    page.action_table.trigger("backups.open")


def test_every_backup_with_what_was_in_it_and_what_changed_since(page):
    assert cells(page, "why") == ["Before the import of “more.csv”", "On closing"]
    assert cells(page, "at") == ["Yesterday 14:50", "Sun 14:50"]
    assert cells(page, "state") == ["Opened, all well"] * 2
    assert cells(page, "since") == ["2", "4"]
    assert cells(page, "orders")[0] == cells(page, "orders")[1] != "0"
    assert page.fact_label.text().startswith(f"{backup.folder(page.shop.path).name} · 2 copies · ")
    assert page.chips.keys() == ["all", "import", "exit"]
    assert page.chips.chip("exit").count == 1


def test_chips_and_search_narrow_the_list_and_a_title_turns_it(page):
    page.chips.chip("exit").click()
    assert cells(page, "why") == ["On closing"]
    page.chips.chip("all").click()
    page.search_box.setText("more.csv")
    assert cells(page, "at") == ["Yesterday 14:50"]
    page.search_box.setText("11-22")
    assert cells(page, "at") == ["Sun 14:50"]
    page.search_box.setText("")
    page.table.header.sort_requested.emit(2)
    assert cells(page, "at") == ["Sun 14:50", "Yesterday 14:50"]


def test_the_drawer_says_what_a_restore_would_lose(page, program, qtbot):
    go_to(page, "On closing")
    wait_for(qtbot, program, lambda: "A restore would lose" in said(page.beside.card))
    text = said(page.beside.card)
    assert "2 orders marked shipped" in text
    assert "2 changes by hand" in text
    assert "Show 4 steps" in text
    page.beside.card.steps_requested.emit()
    assert "Note on order" in said(page.drawer)
    switch_language("zh_CN")
    settle(program)
    assert page.title_label.text() == "备份"


def test_a_figure_below_nothing_has_a_minus_and_what_was_undone_is_no_loss(qtbot, history):
    card = BackupCard(Copy(history, backup.listed(history)[0], since=2))
    qtbot.addWidget(card)
    card.show_since(Since({"pieces": (790, -8010)}, (), Lost((), (), 0, 0, 0)))
    text = said(card)
    assert "−8,010" in text
    assert "-8" not in text
    assert "Nothing: what was changed since is undone again." in text


def test_the_names_of_many_changed_settings_have_a_line_of_their_own(qtbot, history):
    card = BackupCard(Copy(history, backup.listed(history)[0], since=2))
    qtbot.addWidget(card)
    card.resize(332, 700)
    card.show_since(Since({"orders": (911, 914)}, ("lock_minutes", "second_folder"), Lost((), (), 0, 0, 0)))
    card.show()
    assert "2 places" in said(card)
    names = next(one for one in card.findChildren(PlainLabel) if one.text() == "Lock by itself after, Second folder")
    assert names.width() > 250


@pytest.mark.parametrize(("repaired", "text"), [(True, "was repaired since"), (False, "was put back since")])
def test_where_the_history_tells_nothing_it_is_said_why(qtbot, history, repaired, text):
    card = BackupCard(Copy(history, backup.listed(history)[0], since=2))
    qtbot.addWidget(card)
    card.show_since(Since({"orders": (911, 914)}, (), None, repaired))
    assert text in said(card)


@pytest.mark.parametrize("act", [LOOK, RESTORE, TAKE])
def test_both_buttons_have_room_for_their_words_in_the_drawer(qtbot, history, act):
    card = BackupCard(Copy(history, backup.listed(history)[0], since=2))
    qtbot.addWidget(card)
    qtbot.addWidget(card.foot)
    card.show_since(Since({"pieces": (790, -8010)}, (), Lost((), (), 0, 0, 0)))
    card.cards.choose(act)
    assert dressed(card.foot).sizeHint().width() <= 332


def test_enter_has_one_name_in_chinese(qapp):
    try:
        for language, name in (("zh_CN", "回车"), ("en", "Return")):
            switch_language(language)
            assert (key_text("Return"), key_text("Ctrl+Return")) == (name, f"Ctrl+{name}")
    finally:
        switch_language("en")


def test_what_cannot_be_relied_on_is_red_and_goes_when_the_owner_says_so_twice(program, qtbot, history):
    first = backup.folder(history) / backup.listed(history)[0].name
    spoilt = bytearray(first.read_bytes())
    spoilt[-9] ^= 1
    first.write_bytes(spoilt)
    stray = first.with_name("muhe-20261120-101010.shop")
    stray.write_bytes(b"half")
    page = opened_page(program, qtbot, history)
    wait_for(qtbot, program, lambda: page.rows.rowCount() == 3 and cells(page, "state").count("Changed since") == 1)
    assert cells(page, "state") == ["Opened, all well", "Changed since", "Never verified"]
    assert "Sun 14:50: It is not the file any more" in page.faulty.text
    assert "1 more is like it." in page.faulty.text
    assert page.chips.chip("faulty").count == 2
    delete, yes, no = page.faulty.buttons
    delete.click()
    assert "for good?" in page.faulty.text
    no.click()
    assert first.exists()
    delete.click()
    yes.click()
    wait_for(qtbot, program, lambda: page.rows.rowCount() == 2)
    assert not first.exists()
    page.table.go_to(1)
    assert not page.action_table.available("backups.look")
    page.action_table.trigger("backups.delete")
    page.faulty.buttons[1].click()
    wait_for(qtbot, program, lambda: page.rows.rowCount() == 1)
    assert not stray.exists()
    assert page.faulty.isHidden()


def test_a_backup_spoilt_while_the_page_is_open_is_seen_when_the_list_is_read_again(
    program, qtbot, history, monkeypatch
):
    looked_through, look = [], shelf.is_as_noted
    monkeypatch.setattr(shelf, "is_as_noted", lambda copy: (look(copy), looked_through.append(copy))[0])
    page = opened_page(program, qtbot, history)
    count = page.rows.rowCount()
    wait_for(qtbot, program, lambda: len(looked_through) == count)
    assert set(cells(page, "state")) == {"Opened, all well"}
    first = backup.folder(history) / backup.listed(history)[0].name
    spoilt = bytearray(first.read_bytes())
    spoilt[-9] ^= 1
    first.write_bytes(spoilt)
    page.stale()
    wait_for(qtbot, program, lambda: cells(page, "state").count("Changed since") == 1)
    assert page.rows.rowCount() == count


def test_the_copy_on_the_stick_is_judged_by_its_own_bytes(program, qtbot, history, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    with opened(history) as shop:
        with shop.change("Settings", "settings") as db:
            settings.put(db, second.SETTING, str(stick))
        second.bring(shop)
        second.bring_older(shop)
    first = backup.folder(history) / backup.listed(history)[0].name
    spoilt = bytearray(first.read_bytes())
    spoilt[-9] ^= 1
    first.write_bytes(spoilt)
    page = opened_page(program, qtbot, history)
    wait_for(qtbot, program, lambda: cells(page, "state").count("Changed since") == 1)
    for button in page.faulty.buttons[:2]:
        button.click()
    wait_for(qtbot, program, lambda: page.chips.keys()[-1] == "second" and page.faulty.isHidden())
    assert set(cells(page, "state")) == {"Opened, all well"}


def test_nothing_is_warned_of_before_the_folder_was_read(program, qtbot, history):
    program.start(history)
    qtbot.waitUntil(program.window.isVisible)
    settle(program)
    program.window.open_backups()
    page = program.window.pages.page("backups")
    assert not [sign for sign in page.findChildren(Sign) if sign.isVisibleTo(page)]


def test_a_search_that_finds_nothing_says_so_and_what_helps(program, qtbot, history):
    page = opened_page(program, qtbot, history)
    page.chips.chip("exit").click()
    shown = page.rows.rowCount()
    page.search_box.setText("zzz")
    wait_for(qtbot, program, lambda: page.nothing.isVisible())
    assert not page.table.isVisible()
    assert "zzz" in said(page.nothing)
    assert "On closing" in said(page.nothing)
    page.nothing.acted.emit()
    assert "On closing" not in said(page.nothing)
    page.nothing.acted_second.emit()
    wait_for(qtbot, program, lambda: page.table.isVisible())
    assert page.nothing.isHidden()
    assert page.rows.rowCount() > shown


def looked_at(page, program, qtbot, why: str = "On closing", act: int = TAKE):
    go_to(page, why)
    page.beside.card.cards.choose(act)
    page.beside.card.button.click()
    wait_for(qtbot, program, lambda: program.coming_back.live is not None)
    settle(program)
    return program.window


def test_looking_inside_shows_that_evening_and_leads_back(page, program, qtbot, history):
    window = looked_at(page, program, qtbot)
    assert program.shop.read_only
    assert "as it was on Sun 22 Nov 2026, 14:50" in window.banner
    assert window.windowTitle().startswith("Sun 22 Nov 2026, 14:50, read only")
    assert clock.now() == NOW - timedelta(days=2)
    assert window.pages.current == "orders"
    assert not window.pages.page("orders").action_table.available("orders.add")
    with pytest.raises(HeldHere):
        Shop.open(history)
    program.coming_back.back()
    settle(program)
    assert (clock.now(), window.banner, window.pages.current) == (NOW, "", "backups")
    assert program.shop.path == history
    assert not program.shop.read_only
    orders.add_note(program.shop, order_id=1, note="goes on")


@pytest.mark.parametrize("leave", ["close", "other", "stop"])
def test_whatever_comes_after_looking_the_shop_behind_is_closed(page, program, qtbot, history, tmp_path, leave):
    looked_at(page, program, qtbot)
    if leave == "close":
        program.close_shop()
    elif leave == "other":
        Shop.create(tmp_path / "other.shop", name="Other").close()
        program.open(tmp_path / "other.shop")
        qtbot.waitUntil(lambda: program.shop.path.name == "other.shop", timeout=10000)
    else:
        program.stop()
    assert clock.now() == NOW
    Shop.open(history).close()


def test_single_records_are_taken_back_after_what_changes_was_shown(page, program, qtbot, history):
    window = looked_at(page, program, qtbot)
    live = program.coming_back.live
    before = live.last_step()
    orders_page = window.pages.page("orders")
    orders_page.show_view("all")
    settle(program)
    waiting = orders_page.shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship'").fetchall()
    shipped = live.reader().execute("SELECT id FROM orders WHERE status = 'shipped' AND tracking = '1'").fetchall()
    ids = sorted({row[0] for row in waiting} & {row[0] for row in shipped})
    assert len(ids) == 2
    orders_page.selection.set(ids)
    assert "orders.take_back" in [button.key for button in orders_page.selection_bar.buttons]
    orders_page.action_table.trigger("orders.take_back")
    wait_for(qtbot, program, lambda: orders_page.drawer is not None and orders_page.drawer.form is not None)
    form = orders_page.drawer.form
    text = said(form)
    assert "Status: Shipped → To ship" in text
    assert "Added since, goes:" in text
    assert live.last_step() == before
    messages = program.window.desk.messages.record()
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, program, lambda: messages)
    assert messages[0].text == "Took back 2 orders"
    assert live.last_step().label == "Took back 2 orders"
    messages[0].link[1]()
    wait_for(qtbot, program, lambda: len(messages) == 2)
    assert live.last_step() == before
    orders_page.selection.set(ids)
    orders_page.action_table.trigger("orders.take_back")
    wait_for(qtbot, program, lambda: orders_page.drawer.form is not None)
    orders_page.drawer.form.submit()
    wait_for(qtbot, program, lambda: len(messages) == 3)
    program.coming_back.back()
    settle(program)
    assert program.window.pages.page("orders").shop.last_step().label == "Took back 2 orders"
    assert [str(fault) for fault in check.faults(history)] == []


def test_a_row_chosen_at_the_last_moment_is_not_looked_into_when_the_page_is_gone(page, program, qtbot):
    page.table.go_to(1)
    page.put_away()
    page.beside.show(page.current())
    assert not page.beside.busy


def test_what_is_the_same_is_told_and_nothing_is_asked(page, program, qtbot):
    window = looked_at(page, program, qtbot)
    customers = window.pages.page("customers")
    window.open_page("customers")
    settle(program)
    messages = window.desk.messages.record()
    customers.selection.set([1])
    customers.action_table.trigger("customers.take_back")
    wait_for(qtbot, program, lambda: messages)
    assert messages[0].text.startswith("Nothing to take back")


def test_only_a_backup_offers_to_take_back(page, program):
    assert "orders.take_back" not in [a.key for a in program.window.pages.page("orders").action_table.all()]


def test_the_whole_shop_is_put_back_asked_first_and_forth_again(page, program, qtbot, history):
    now = program.shop.changes()
    go_to(page, "On closing")
    page.beside.card.cards.choose(RESTORE)
    page.beside.card.button.click()
    assert "The whole shop goes back to Sun 14:50." in said(page.beside.card.foot)
    assert program.shop.changes() == now
    next(
        button
        for button in page.beside.card.foot.findChildren(type(page.beside.card.button))
        if button.text() == "Put the shop back"
    ).click()
    window = program.window
    wait_for(qtbot, program, lambda: "The shop is as it was on Sun 14:50." in window.banner)
    assert "The one of before is the backup of today 14:50." in window.banner
    assert window.pages.current == "backups"
    assert program.shop.changes() == now + 1
    assert manifest.newest(history).changes == now
    assert manifest.newest(history).why == "restore"
    again = window.pages.page("backups")
    wait_for(qtbot, program, lambda: again.rows.rowCount() == 3)
    assert cells(again, "since") == ["—", "—", "0"]
    link = next(label for label in window.findChildren(PlainLabel) if label.text() == "Put it back")
    link.clicked.emit()
    wait_for(qtbot, program, lambda: program.shop is not None and program.shop.changes() > now + 1)
    assert [str(fault) for fault in check.faults(history)] == []


def test_a_restore_can_be_stopped_while_the_backup_is_looked_through(page, program, qtbot, history):
    go_to(page, "On closing")
    page.beside.act_requested.emit(page.current(), RESTORE)
    assert page.progress_strip.said.startswith("Looking through the backup")
    page.progress_strip.stopped.emit()
    qtbot.waitUntil(lambda: program.coming_back._running is None, timeout=15000)
    assert program.shop.path == history
    assert not program.shop.read_only
    assert program.window.banner == ""
    assert not list(backup.folder(history).glob("*.part*"))


def test_a_restore_that_fails_says_so_and_the_shop_is_open_as_before(page, program, qtbot, monkeypatch):
    def refuse(*_args: object, **_named: object) -> None:
        raise DiskTrouble("The disk is full.")

    monkeypatch.setattr("shopdesk.core.restore.put", refuse)
    now = program.shop.changes()
    told: list[str] = []
    monkeypatch.setattr(program.opening, "refused", lambda error: told.append(str(error)))
    go_to(page, "On closing")
    page.beside.act_requested.emit(page.current(), RESTORE)
    wait_for(qtbot, program, lambda: told)
    assert told == ["The disk is full."]
    assert program.shop.changes() == now
    assert not program.shop.read_only
    orders.add_note(program.shop, order_id=1, note="goes on")


def test_a_backup_that_was_changed_is_neither_shown_nor_put_back(page, program, qtbot):
    go_to(page, "On closing")
    copy = page.current()
    spoilt = bytearray(copy.path.read_bytes())
    spoilt[-9] ^= 1
    copy.path.write_bytes(spoilt)
    messages = program.window.desk.messages.record()
    program.coming_back.look(copy)
    wait_for(qtbot, program, lambda: messages)
    assert "It is not the file any more" in messages[0].text
    page.beside.act_requested.emit(copy, RESTORE)
    wait_for(qtbot, program, lambda: len(messages) == 2)
    assert "is not the file any more" in messages[1].text
    assert not program.shop.read_only


def test_a_copy_on_a_stick_is_the_same_and_noted_there(page, program, qtbot, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    go_to(page, "On closing")
    copy = page.current()
    messages = program.window.desk.messages.record()
    page.copy_to(copy, str(stick))
    wait_for(qtbot, program, lambda: messages)
    assert messages[0].text == f"The backup is in “{stick}”, too."
    assert manifest.of_folder(stick) == [copy.made]
    assert (stick / copy.made.name).read_bytes() == copy.path.read_bytes()
    assert (stick / copy.made.name).stat().st_mode & 0o777 == 0o600


def test_a_shop_under_a_password_comes_back_with_its_own_key(program, qtbot, tmp_path):
    key = Key.random()
    shop = Shop.create(tmp_path / "secret.shop", name="Secret", key=key)
    with shop.change("Channel", "channels") as db:
        channels.add(db, platform="taobao", name="Muhe", currency="CNY")
    with clock.at(NOW - timedelta(days=1)):
        backup.make(shop, why="asked")
    inventory.add_product(shop, product={"name": "Cup"}, sku={"code": "CUP"}, level=3)
    path = shop.path
    shop.close()
    program.opening.open(path, key)
    settle(program)
    program.window.open_backups()
    page = program.window.pages.page("backups")
    wait_for(qtbot, program, lambda: page.rows.rowCount() > 0)
    window = looked_at(page, program, qtbot, "", LOOK)
    assert program.shop.key == key
    assert window.banner.startswith("The shop as it was on")
    program.coming_back.back()
    settle(program)
    assert program.shop.path == path
    again = window.pages.page("backups")
    wait_for(qtbot, program, lambda: again.rows.rowCount() > 0)
    again.beside.act_requested.emit(again.current(), RESTORE)
    wait_for(qtbot, program, lambda: "The shop is as it was on" in window.banner)
    assert program.shop.key == key
    assert program.shop.reader().execute("SELECT count(*) FROM skus").fetchone()[0] == 0
    assert not path.read_bytes().startswith(b"SQLite format 3")
    assert all(not (backup.folder(path) / made.name).read_bytes().startswith(b"SQLite") for made in backup.listed(path))


def test_before_the_folder_is_read_nothing_is_said_of_it(program, history, qtbot):
    program.start(history)
    settle(program)
    found = program.window.pages.page("backups")
    assert (found.fact_label.text(), found.chips.keys()) == ("", [])


def test_the_buttons_stay_in_sight_and_the_row_has_its_edge(page, program, qtbot):
    program.window.resize(1280, 640)
    go_to(page, "On closing")
    wait_for(qtbot, program, lambda: "A restore would lose" in said(page.beside.card))
    foot = page.beside.card.foot
    assert foot.geometry().bottom() == page.drawer.height() - 1
    assert not page.beside.card.isAncestorOf(page.beside.card.button)
    place = page.table.visualRect(page.rows.index(page.table.current_row(), 2)).center()
    assert page.table.viewport().grab().toImage().pixelColor(0, place.y()) == theme().colour("accent")


def test_a_backup_whose_file_is_gone_leaves_the_drawer(page, program, qtbot, history):
    go_to(page, "On closing")
    wait_for(qtbot, program, lambda: page.beside.copy is not None)
    page.beside.copy.path.unlink()
    page.stale()
    wait_for(qtbot, program, lambda: page.rows.rowCount() == 1)
    assert "more.csv" in page.drawer.title
    for made in backup.listed(history):
        (backup.folder(history) / made.name).unlink()
    page.stale()
    wait_for(qtbot, program, lambda: "There was none any more" in page.drawer.title)


def test_where_the_shop_file_is_gone_the_backup_is_not_blamed(page, program, qtbot, history):
    program.shop.forget_reader()
    history.rename(history.with_name("elsewhere.shop"))
    go_to(page, "On closing")
    qtbot.waitUntil(lambda: not page.beside.busy)
    text = said(page.beside.card)
    assert "Looking into it" not in text
    assert "It is not the file any more" not in text
    history.with_name("elsewhere.shop").rename(history)


def test_while_a_backup_is_looked_at_the_foot_says_so_and_esc_leads_back(page, program, qtbot):
    window = looked_at(page, program, qtbot, act=LOOK)
    settle(program)
    assert "Sun 22 Nov 2026, 14:50, read only · Esc: back to now" in seen(window.status)
    assert window.status.property("kind") == "past"
    assert not window.status.backup_link.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    settle(program)
    assert program.coming_back.live is None
    assert window.status.property("kind") == "status"
    assert "muhe.shop" in seen(window.status)
    assert "Esc" not in seen(window.status)


def seen(widget) -> str:
    return " · ".join(label.text() for label in widget.findChildren(PlainLabel) if label.isVisible())


def test_while_a_backup_is_looked_at_nothing_is_imported_and_none_is_made(page, program, qtbot, history, tmp_path):
    window = looked_at(page, program, qtbot, act=LOOK)
    told = window.desk.messages.record()
    window.commands.trigger("import")
    assert window.findChildren(QFileDialog) == []
    window.intake.take([orders_csv(tmp_path / "more.csv")])
    assert window.pages.current != "import"
    window.back_up()
    assert "Making" not in seen(window.status)
    assert [message.text for message in told] == ["The shop is open for reading only."] * 3
    window.commands.trigger("import")
    assert len(told) == 4
    window.desk.past.back()
    window.commands.trigger("import")
    assert len(window.findChildren(QFileDialog)) == 1
    window.findChildren(QFileDialog)[0].reject()


def test_in_a_small_window_the_drawer_leaves_room_for_deleting_what_is_faulty(program, qtbot, history):
    spoilt = backup.folder(history) / backup.listed(history)[-1].name
    spoilt.write_bytes(spoilt.read_bytes()[:-100] + bytes(100))
    page = opened_page(program, qtbot, history)
    wait_for(qtbot, program, lambda: page.faulty.text)
    program.window.resize(1280, 640)
    go_to(page, "On closing")
    qtbot.waitUntil(lambda: page.drawer.isVisible() and page.narrow)
    QApplication.processEvents()
    button = page.faulty.buttons[0]
    window = program.window
    at = button.mapTo(window, button.rect().center())
    assert window.childAt(at) is button
    assert button.mapTo(window, button.rect().topRight()).x() < page.drawer.mapTo(window, QPoint(0, 0)).x()
    page.drawer.hide()
    QApplication.processEvents()
    assert button.mapTo(window, button.rect().topRight()).x() > window.width() - 100


def click(table, row: int) -> None:
    """A click of the mouse on a row that is in sight, away from its box."""
    column = table.columnViewportPosition(2) + 5
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(column, table.rowViewportPosition(row) + 5)
    )


@pytest.mark.parametrize("name", ["backups", "orders"])
def test_a_click_on_the_row_of_the_keyboard_opens_what_esc_has_closed(page, program, qtbot, name):
    program.window.open_page(name)
    here = program.window.pages.page(name)
    wait_for(qtbot, program, lambda: here.isVisible() and here.rows.rowCount() > 1)
    here.table.go_to(1)
    here.table.setFocus()
    here.table.opened.emit(1)
    wait_for(qtbot, program, lambda: here.drawer is not None and here.drawer.isVisible())
    here.step_back()
    assert here.drawer.isHidden()
    click(here.table, 0)
    qtbot.wait(QApplication.doubleClickInterval() + 100)
    assert here.drawer.isHidden(), "it was closed, and another row was only gone to"
    click(here.table, 0)
    wait_for(qtbot, program, here.drawer.isVisible)


def test_a_second_click_that_follows_at_once_does_not_meet_what_the_first_one_opens(page, qtbot):
    page.step_back()
    click(page.table, page.table.current_row())
    assert page.drawer.isHidden()
    page.table.go_to(1 - page.table.current_row())
    qtbot.wait(QApplication.doubleClickInterval() + 100)
    assert page.drawer.isHidden()


def test_on_coming_back_from_a_backup_only_what_changed_is_saved_and_nothing_is_said_of_a_start(
    program, qtbot, history, monkeypatch
):
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 0)
    page = opened_page(program, qtbot, history)

    def looked_and_came_back() -> None:
        looked_at(program.window.pages.page("backups"), program, qtbot, act=LOOK)
        program.coming_back.back()
        wait_for(qtbot, program, lambda: program.shop.before is not None and not program.window.desk.keeping.is_at_work)

    wait_for(qtbot, program, lambda: not backup.due(program.shop) and page.rows.rowCount() == 3)
    looked_and_came_back()
    assert len(backup.listed(history)) == 3
    orders.add_note(program.shop, order_id=1, note="changed")
    looked_and_came_back()
    assert len(backup.listed(history)) == 4
    again = program.window.pages.page("backups")
    wait_for(qtbot, program, lambda: again.rows.rowCount() == 4)
    assert cells(again, "why")[:2] == ["On opening"] * 2
