"""A damaged shop file in the window: found, said in the owner's words, and each way out leads somewhere whole."""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from shopdesk.app import Program
from shopdesk.core import backup, check, clock, process, rescue, sqlite, words
from shopdesk.core.diagnosis import SHORT, Diagnosis, Part
from shopdesk.core.errors import Damaged
from shopdesk.core.keys import Key
from shopdesk.core.lock import ShopLock, lock_path
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import DatabaseError
from shopdesk.exchange import demo
from shopdesk.ui import damaged_words, opening
from shopdesk.ui.background import Background
from shopdesk.ui.damaged import DamagedWindow
from shopdesk.ui.language import switch_language
from shopdesk.ui.text import LinkLabel, PlainLabel
from tests.broken import cut, leaves, zero
from tests.core.test_diagnosis import NOTES, filled, flip_a_word

PATIENCE_MS = 20_000


@pytest.fixture
def full(tmp_path: Path) -> Path:
    return filled(tmp_path / "muhe.shop")


def shown(program: Program, qtbot) -> DamagedWindow:
    """The window for the damaged file, once all is looked through."""
    qtbot.waitUntil(lambda: program.opening.rescuing.window is not None, timeout=PATIENCE_MS)
    window = program.opening.rescuing.window
    assert window is not None
    qtbot.waitUntil(lambda: window.isVisible() and window.is_finished, timeout=PATIENCE_MS)
    return window


def take(program: Program, qtbot, way: str) -> None:
    """Choose a way and wait for its end."""
    window = shown(program, qtbot)
    window.cards[way].click()
    window.go.click()
    qtbot.waitUntil(lambda: program.opening.rescuing.window is None, timeout=PATIENCE_MS)


def known_here(program: Program, path: Path) -> None:
    """It was open on this machine before: no stranger's file, which would be looked through first."""
    program.prefs.opened(path, "", clock.now)


def skus(program: Program) -> int:
    assert program.shop is not None
    return int(program.shop.reader().execute("SELECT count(*) FROM skus").fetchone()[0])


def test_a_file_cut_off_is_said_so_and_the_backup_put_back(program: Program, full: Path, qtbot):
    cut(full, 0.5)
    broken = full.read_bytes()
    program.start(full)
    window = shown(program, qtbot)
    assert window.title == "“muhe.shop” ends too early: 50% of it is missing"
    assert not window.cards["look"].isEnabled()
    assert window.cards["repair"].isChecked()
    assert "imported or entered again" in window.cards["repair"].means
    take(program, qtbot, "put_back")
    assert skus(program) == NOTES - 40
    assert [path.read_bytes() for path in full.parent.glob("muhe damaged ????.shop")] == [broken]
    assert not program.shop.read_only


def test_what_nobody_can_count_is_said_before_and_after_the_repair(program: Program, tmp_path: Path, qtbot):
    path = tmp_path / "cut.shop"
    demo.make(path)
    shutil.rmtree(backup.folder(path))
    cut(path, 0.05)
    program.start(path)
    window = shown(program, qtbot)
    assert ("Orders: how many rows are missing is not known", "there is no backup") in window.parts
    assert "How much more is missing is not known." in window.cards["repair"].means
    take(program, qtbot, "repair")
    assert "How much more is missing is not known." in program.window.banner


def test_zeroed_pages_are_found_after_the_first_rows_and_repaired(program: Program, full: Path, qtbot):
    zero(full, *leaves(full, "skus")[-4:])
    known_here(program, full)
    program.start(full)
    window = shown(program, qtbot)
    assert window.title == "“muhe.shop” cannot be read in 4 places"
    assert program.shop.is_damaged
    assert "is damaged" in program.window.banner
    told = dict(window.parts)
    lost = next(text for text in told if text.startswith("Stock:"))
    assert "of them in the backup" in told[lost]
    assert "come from the backup of" in window.cards["repair"].means
    messages = program.window.desk.messages.record()
    take(program, qtbot, "repair")
    assert messages == []
    assert skus(program) + int(lost.split()[1]) >= NOTES
    assert "is damaged" not in program.window.banner
    assert list(check.faults(full)) == []


def test_a_word_that_is_none_of_ours_is_found_after_the_first_rows(program: Program, tmp_path: Path, qtbot):
    path = filled(tmp_path / "muhe.shop")
    flip_a_word(path)
    known_here(program, path)
    program.start(path)
    take(program, qtbot, "repair")
    assert list(check.faults(path)) == []


def test_what_must_be_entered_again_stays_in_sight_until_it_was_seen(program: Program, full: Path, qtbot):
    zero(full, *leaves(full, "skus")[-2:])
    shutil.rmtree(backup.folder(full))
    program.opening.rescuing.offer(full)
    assert "and what belongs to them must be" in shown(program, qtbot).cards["repair"].means  # which is counted after
    take(program, qtbot, "repair")
    assert "must be imported or entered again" in program.window.banner
    assert "is kept as “muhe damaged" in program.window.banner
    link = next(one for one in program.window.findChildren(LinkLabel) if one.text() == "Got it")
    link.clicked.emit()
    assert program.window.banner == ""


def test_an_empty_file_is_called_so(program: Program, full: Path, qtbot):
    full.write_bytes(b"")
    program.start(full)
    window = shown(program, qtbot)
    assert window.title == "“muhe.shop” is empty"
    assert [name for name, card in window.cards.items() if card.isEnabled()] == ["put_back"]
    window.reject()


def test_while_it_is_looked_through_no_way_is_said_to_be_closed(qtbot, full: Path):
    window = DamagedWindow(None, full, working=False)
    qtbot.addWidget(window)
    assert window.cards["look"].means == "Not known yet, still looking…"
    window.show_known(Diagnosis(trouble=SHORT, finished=True), None)
    assert window.cards["look"].means == "Too little can be read"


def test_what_is_learned_while_a_way_is_gone_opens_no_other(qtbot, full: Path):
    window = DamagedWindow(None, full, working=False)
    qtbot.addWidget(window)
    window.show_known(Diagnosis(trouble=SHORT, openable=True), None)
    window.show_work("Repairing…")
    window.show_known(Diagnosis(trouble=SHORT, openable=True, finished=True), None)
    assert not window.go.isEnabled()
    assert not any(card.isEnabled() for card in window.cards.values())
    window.show_trouble("It did not work.")
    assert window.go.isEnabled()
    assert [name for name, card in window.cards.items() if card.isEnabled()] == ["repair", "put_back", "look"]


def test_after_a_way_that_led_nowhere_all_is_looked_through(program: Program, full: Path, qtbot, monkeypatch):
    looks: list[bool] = []
    looked = rescue.diagnose

    def slow(path: Path, *, key: Key | None, hear: Callable[..., None], cancelled: Callable[[], bool]) -> None:
        looks.append(True)
        if len(looks) > 1:
            looked(path, key=key, hear=hear, cancelled=cancelled)
            return
        while not cancelled():
            time.sleep(0.01)
        raise process.Cancelled

    def refused(*_given: object, **_named: object) -> None:
        raise Damaged("It did not work.")

    monkeypatch.setattr(rescue, "diagnose", slow)
    monkeypatch.setattr(rescue, "repair", refused)
    cut(full, 0.5)
    program.start(full)
    qtbot.waitUntil(lambda: program.opening.rescuing.window is not None, timeout=PATIENCE_MS)
    window = program.opening.rescuing.window
    qtbot.waitUntil(window.isVisible)
    window.go.click()
    qtbot.waitUntil(lambda: window.is_finished, timeout=PATIENCE_MS)
    assert window.trouble == "It did not work."
    assert window.title.endswith("50% of it is missing")
    window.reject()


def test_a_lost_beginning_offers_only_the_backup(program: Program, full: Path, qtbot):
    zero(full, 1)
    program.start(full)
    window = shown(program, qtbot)
    assert window.title == "The beginning of “muhe.shop” cannot be read"
    assert [name for name, card in window.cards.items() if card.isEnabled()] == ["put_back"]
    assert window.go.text() == "Put back"
    window.reject()
    assert full.exists()
    assert program.window.welcome is not None


def test_without_a_backup_beside_it_one_from_elsewhere_is_put_back(program: Program, full: Path, tmp_path: Path, qtbot):
    stick = tmp_path / "stick"
    shutil.move(backup.folder(full), stick)
    zero(full, 1)
    known_here(program, full)
    program.start(full)
    window = shown(program, qtbot)
    assert [name for name, card in window.cards.items() if card.isEnabled()] == ["put_back"]
    assert window.go.text() == "Choose a backup…"
    (stick / "none.shop").write_bytes(b"no shop at all")
    for name in ("none.shop", next(stick.glob("muhe*.shop")).name):
        window.go.click()
        dialog = window.findChild(QFileDialog)
        dialog.selectFile(str(stick / name))
        dialog.accept()
        qtbot.waitUntil(lambda: bool(window.trouble) or program.shop is not None, timeout=PATIENCE_MS)
        if name == "none.shop":
            assert "none.shop" in window.trouble
    qtbot.waitUntil(lambda: program.shop is not None, timeout=PATIENCE_MS)
    assert skus(program) == NOTES - 40


def test_for_reading_only_it_is_shown_and_nothing_is_written(program: Program, full: Path, qtbot):
    zero(full, leaves(full, "skus")[-1])
    broken = full.read_bytes()
    program.opening.rescuing.offer(full)
    take(program, qtbot, "look")
    qtbot.waitUntil(lambda: program.window.desk is not None)
    assert program.shop.read_only
    assert "is damaged" in program.window.banner
    program.close_shop()
    assert full.read_bytes() == broken


def test_later_leaves_everything(program: Program, full: Path, qtbot):
    cut(full, 0.7)
    broken, names = full.read_bytes(), {p.name for p in full.parent.iterdir()}
    program.start(full)
    window = shown(program, qtbot)
    window.reject()
    qtbot.waitUntil(lambda: program.opening.rescuing.window is None)
    assert full.read_bytes() == broken
    assert {p.name for p in full.parent.iterdir()} - names <= {"muhe.shop-wal", "muhe.shop-shm", "home"}


def test_damage_that_shows_while_working_stops_the_writing(program: Program, full: Path, qtbot):
    program.start(full)
    program.worker.wait_idle()
    program.opening.put_away()
    program._guard.caught(DatabaseError, DatabaseError("database disk image is malformed"), None)
    shown(program, qtbot).reject()
    assert program._guard.window is None
    messages = program.window.desk.messages.record()
    with pytest.raises(Exception, match="damaged"), program.shop.change("x", "stock"):
        pass
    assert messages == []
    assert "Nothing is written" in program.window.banner


def test_a_backup_that_fails_for_damage_that_is_said_already_says_nothing(program: Program, full: Path, qtbot):
    zero(full, *leaves(full, "skus")[-4:])
    known_here(program, full)
    program.start(full)
    window = shown(program, qtbot)
    failed, whole = [], program._keeping._on_failed
    program._keeping._on_failed = lambda *told: (failed.append(told[-1]), whole(*told))
    messages = program.window.desk.messages.record()
    program._keeping.now()
    qtbot.waitUntil(lambda: bool(failed) and not program._keeping.is_at_work, timeout=PATIENCE_MS)
    assert isinstance(failed[0], Damaged)
    assert messages == []
    assert program.opening.rescuing.window is window
    window.reject()


def test_a_protected_file_keeps_its_key(program: Program, tmp_path: Path, qtbot):
    key = Key.random()
    path = filled(tmp_path / "secret.shop", key)
    pages = path.stat().st_size // 4096
    zero(path, pages // 2)
    program.opening.rescuing.offer(path, key)
    program.window.show()
    assert shown(program, qtbot).title == "Not everything in “secret.shop” can be read"
    take(program, qtbot, "repair")
    qtbot.waitUntil(lambda: program.shop is not None)
    assert program.shop.key == key
    assert list(check.faults(path, key=key)) == []


def test_a_stranger_without_backups_is_only_refused(program: Program, tmp_path: Path):
    letter = tmp_path / "letter.shop"
    letter.write_bytes(b"Dear Sir" * 999)
    program.start(letter)
    assert program.opening.rescuing.window is None
    assert "not a ShopDesk file" in program.window.welcome.trouble


def test_the_report_is_saved_and_names_nobody(program: Program, full: Path, tmp_path: Path, qtbot):
    zero(full, leaves(full, "skus")[-1])
    program.start(full)
    window = shown(program, qtbot)
    next(one for one in window.findChildren(QPushButton) if one.text() == "Save the check report").click()
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.close()
    text = (tmp_path / "report.txt").read_text("utf-8")
    assert "inventory:" in text
    assert "Gaiwan" not in text
    window.reject()


def test_in_chinese_it_is_said_in_chinese(program: Program, full: Path, qtbot):
    program.use_language("zh_CN")
    zero(full, leaves(full, "skus")[-1])
    program.start(full)
    window = shown(program, qtbot)
    assert window.title == "「muhe.shop」有 1 处读不出来"
    assert all(any("一" <= letter <= "鿿" for letter in text + told) for text, told in window.parts)
    window.reject()
    assert words.language() == "zh_CN"


def test_what_takes_its_place_is_looked_through_first(program: Program, full: Path, qtbot):
    """A backup that was spoilt meanwhile does not come back; the owner is told and may go another way."""
    shop = Shop.open(full)
    copy = backup.folder(full) / backup.newest(full).name
    shop.close()
    cut(full, 0.5)
    program.start(full)
    window = shown(program, qtbot)
    shutil.copy(full, copy)
    window.cards["put_back"].click()
    window.go.click()
    qtbot.waitUntil(lambda: bool(window.trouble), timeout=PATIENCE_MS)
    assert window.isVisible()
    window.reject()


def test_a_way_chosen_before_all_is_looked_through_goes_on_undisturbed(program, full: Path, qtbot, monkeypatch):
    told: list[str] = []
    looked = rescue.diagnose

    def without_end(path: Path, *, key: Key | None, hear: Callable[..., None], cancelled: Callable[[], bool]) -> None:
        looked(path, key=key, hear=hear)
        while not cancelled():
            time.sleep(0.01)
        raise process.Cancelled

    monkeypatch.setattr(rescue, "diagnose", without_end)
    monkeypatch.setattr(DamagedWindow, "show_trouble", lambda _self, text: told.append(text))
    cut(full, 0.5)
    program.start(full)
    take(program, qtbot, "put_back")
    assert told == []
    assert skus(program) == NOTES - 40


def planted(path: Path, *statements: str) -> Path:
    """A good shop that somebody else put something into."""
    Shop.create(path, name="Muhe").close()
    with closing(sqlite.connect(path, write=True)) as con:
        for statement in statements:
            con.execute(statement)
    return path


def test_a_strangers_file_with_a_trigger_or_view_is_refused_by_name(program: Program, tmp_path: Path):
    path = planted(
        tmp_path / "other.shop",
        "CREATE VIEW v_mine AS SELECT * FROM orders",
        "CREATE TRIGGER t AFTER INSERT ON orders BEGIN DELETE FROM orders; END",
    )
    program.start(path)
    said = program.window.welcome.trouble
    assert "holds definitions that ShopDesk did not make (2): " in said
    assert "view v_mine" in said
    assert "trigger t" in said
    assert "Open all the same" not in [label.text() for label in program.window.findChildren(LinkLabel)]


def test_own_tables_and_indices_can_be_opened_all_the_same(program: Program, tmp_path: Path):
    path = planted(tmp_path / "own.shop", "CREATE TABLE mine (a INTEGER)", "CREATE INDEX mine_too ON orders (courier)")
    program.start(path)
    assert program.shop is None
    link = next(one for one in program.window.findChildren(LinkLabel) if one.text() == "Open all the same")
    link.clicked.emit()
    assert program.shop is not None
    assert program.window.desk is not None
    program.close_shop()
    program.open(path)  # from now on it is known here
    assert program.shop is not None


VIEW = "CREATE VIEW v_mine AS SELECT * FROM orders"
ODD = "INSERT INTO routines (title, every, days, since) VALUES ('x', 'day', '{}', '2026-01-01')"


@pytest.mark.parametrize(
    ("statement", "said"), [(VIEW, "did not make (1): view v_mine"), (ODD, "are none that ShopDesk writes")]
)
def test_a_strangers_file_is_looked_through_also_where_nothing_can_be_written(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, said: str
):
    def refuse(_lock: ShopLock, *, take_over: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    path = planted(tmp_path / "stick.shop", statement)
    monkeypatch.setattr(ShopLock, "acquire", refuse)
    program.start(path)
    assert program.shop is None
    assert said in program.window.welcome.trouble


@pytest.mark.parametrize(
    ("statement", "said"), [(VIEW, "did not make (1): view v_mine"), (ODD, "are none that ShopDesk writes")]
)
def test_a_strangers_file_is_looked_through_also_when_it_is_said_to_be_open_nowhere_else(
    program: Program, tmp_path: Path, qtbot, statement: str, said: str
):
    path = tmp_path / "shared.shop"
    Shop.create(path, name="Muhe").close()
    with closing(Shop.open(path)) as shop:
        backup.make(shop, why="test")
    with closing(sqlite.connect(path, write=True)) as con:
        con.execute(statement)
    lock_path(path).write_text('{"machine": "LAPTOP", "process": 1, "since": "2026-11-24T02:12:00Z"}', "utf-8")
    program.start(path)
    qtbot.waitUntil(lambda: program.shop is not None, timeout=PATIENCE_MS)
    link = next(one for one in program.window.findChildren(LinkLabel) if one.text() == "It is not open there any more")
    link.clicked.emit()
    assert program.shop is None or program.shop.path != path
    told = [label.text() for label in program.window.findChildren(PlainLabel)]
    assert any(said in one for one in told)


def test_a_strangers_damaged_file_with_a_view_in_it_is_not_shown_for_reading(program: Program, full: Path):
    with closing(sqlite.connect(full, write=True)) as con:
        con.execute(VIEW)
    program.start(None)
    program.opening._look_at_damaged(full, None)
    assert program.shop is None
    assert "view v_mine" in program.window.welcome.trouble


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO journal_steps (at, label, args) VALUES ('yesterday', 'x', '{}')",
        "INSERT INTO journal_steps (at, label, args) VALUES ('2026-02-30T10:00:00Z', 'x', '[]')",
        "INSERT INTO mappings (name, layout, deleted_at) VALUES ('x', '[]', '2026-13-01 00:00:00')",
        "INSERT INTO routines (title, every, days, since) VALUES ('x', 'day', '{}', '2026-01-01')",
    ],
)
def test_values_that_shopdesk_never_writes_keep_a_strangers_file_out(program: Program, tmp_path: Path, statement: str):
    program.start(planted(tmp_path / "odd.shop", statement))
    assert program.shop is None
    assert "are none that ShopDesk writes" in program.window.welcome.trouble


def _slow(monkeypatch: pytest.MonkeyPatch, look: Callable[[Shop], None]) -> None:
    """Every file is a large one, whose look through does this."""
    monkeypatch.setattr(opening, "_SMALL_BYTES", 0)
    monkeypatch.setattr(opening, "strange", look)


@pytest.mark.parametrize("small", [True, False])
def test_what_the_disk_refuses_while_a_file_from_elsewhere_is_looked_through_leaves_it_closed(
    program: Program, full: Path, qtbot, monkeypatch: pytest.MonkeyPatch, small: bool
):
    def refused(shop: Shop) -> None:
        error = DatabaseError("disk I/O error")
        error.sqlite_errorcode = 10  # type: ignore[attr-defined]
        raise error

    _slow(monkeypatch, refused)
    monkeypatch.setattr(opening, "_SMALL_BYTES", 1 << 40 if small else 0)
    program.start(full)
    qtbot.waitUntil(lambda: bool(program.window.welcome.trouble), timeout=PATIENCE_MS)
    assert program.shop is None
    Shop.open(full).close()  # nobody holds it


def test_another_shop_opened_meanwhile_is_not_replaced(
    program: Program, full: Path, tmp_path: Path, qtbot, monkeypatch: pytest.MonkeyPatch
):
    looked, going_on = threading.Event(), threading.Event()

    def slow(shop: Shop) -> None:
        looked.set()
        going_on.wait(PATIENCE_MS / 1000)

    _slow(monkeypatch, slow)
    other = tmp_path / "other.shop"
    Shop.create(other, name="Other").close()
    known_here(program, other)
    program.start(full)
    qtbot.waitUntil(looked.is_set, timeout=PATIENCE_MS)
    program.opening.open(other)
    qtbot.waitUntil(lambda: program.shop is not None, timeout=PATIENCE_MS)
    going_on.set()
    qtbot.waitUntil(lambda: not Background._alive, timeout=PATIENCE_MS)
    assert program.shop.path == other
    Shop.open(full).close()


def texts(page) -> str:
    """What can be read on a page."""
    return "\n".join(label.text() for label in page.findChildren(PlainLabel) if label.isVisible())


def spoil_sales(path: Path) -> None:
    """Zero what Today and Metrics read of the orders."""
    for name in ("orders", "sales_hours", "sales_hours_day", "skus"):
        zero(path, *leaves(path, name))


def stock_for_reading(program: Program, full: Path, qtbot):
    """The list of the stock of a damaged shop that is open for reading."""
    program.start(None)
    program.opening.rescuing.offer(full)
    take(program, qtbot, "look")
    qtbot.waitUntil(lambda: program.window.desk is not None)
    program.window.open_page("inventory")
    return program.window.pages.page("inventory")


def test_rows_that_cannot_be_read_say_so_and_the_others_are_shown(program: Program, full: Path, qtbot):
    zero(full, leaves(full, "skus")[0])
    page = stock_for_reading(program, full, qtbot)
    qtbot.waitUntil(lambda: page.rows.is_settled and page.rows.rowCount() > 0, timeout=PATIENCE_MS)
    said = [page.rows.index(row, 1).data() for row in range(page.rows.rowCount())]
    assert 0 < said.count("unreadable") < len(said)
    assert "damaged part" in page.rows.cell(said.index("unreadable"), 1).note
    assert program._guard.window is None


def test_a_list_of_which_nothing_can_be_read_says_so(program: Program, full: Path, qtbot):
    with closing(sqlite.connect(full)) as con:
        indices = [row["name"] for row in con.execute("PRAGMA index_list(skus)")]
    zero(full, *leaves(full, "skus"), *(page for name in indices for page in leaves(full, name)))
    page = stock_for_reading(program, full, qtbot)
    qtbot.waitUntil(lambda: "What stands here cannot be read" in texts(page), timeout=PATIENCE_MS)
    assert program._guard.window is None


@pytest.mark.parametrize("tab", ["board", "metrics"])
def test_a_page_that_cannot_be_read_says_so(program: Program, full: Path, qtbot, tab):
    spoil_sales(full)
    program.start(None)
    program.opening.rescuing.offer(full)
    take(program, qtbot, "look")
    qtbot.waitUntil(lambda: program.window.desk is not None)
    program.window.open_page(tab)
    page = program.window.pages.page(tab)
    qtbot.waitUntil(lambda: "What stands here cannot be read" in texts(page), timeout=PATIENCE_MS)
    assert "“What can be done” above repairs it" in texts(page)
    assert "What can be done" in [link.text() for link in program.window.findChildren(LinkLabel)]
    assert program._guard.window is None
    switch_language("zh_CN")
    qtbot.waitUntil(lambda: "这里的内容读不出来" in texts(page), timeout=PATIENCE_MS)


def test_damage_that_a_page_meets_first_offers_the_ways_out(program: Program, full: Path, qtbot):
    program.start(full)
    program.worker.wait_idle()
    program.opening.put_away()  # nobody else looks
    spoil_sales(full)
    program.window.open_page("metrics")
    page = program.window.pages.page("metrics")
    shown(program, qtbot).reject()
    assert "What stands here cannot be read" in texts(page)


@pytest.mark.parametrize(
    ("first", "last", "told", "told_zh"),
    [
        ("2026-11-10", "2026-11-11", "10 Nov to 11 Nov", "11月10日 至 11月11日"),
        ("2026-11-10", "2026-11-10", "10 Nov", "11月10日"),
        ("2025-12-30", "2026-01-02", "30 Dec 2025 to 2 Jan 2026", "2025年12月30日 至 2026年1月2日"),
    ],
)
def test_the_days_of_lost_rows_are_said_as_everywhere(first: str, last: str, told: str, told_zh: str):
    known = Diagnosis(finished=True, parts=(Part("orders", 8, 3, first=first, last=last, looked=True),))
    try:
        for code, said in (("en", f"Orders: 3 rows of {told} cannot be read"), ("zh_CN", told_zh)):
            words.use_language(code)
            assert said in damaged_words.lines(known, None)[0].text
    finally:
        words.use_language("en")
