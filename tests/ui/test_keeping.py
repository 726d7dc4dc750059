"""Backups while the window is open: when they are made, what the foot of the window says, the second folder."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, current_thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from shopdesk.app import Program
from shopdesk.core import backup, clock, following, manifest, room, second, settings, shelf, through
from shopdesk.core.before import MANY
from shopdesk.core.errors import DiskTrouble
from shopdesk.core.paths import backup_folder
from shopdesk.core.restore import restore
from shopdesk.core.shop import Shop, opened
from shopdesk.core.verifying import Stopped
from shopdesk.ui import keeping, safekeeping
from shopdesk.ui.messages import Level
from shopdesk.ui.window import Window


@pytest.fixture
def running(program, file: Path, qtbot, monkeypatch) -> Program:
    """The program whose backups begin at once and whose minutes are short."""
    monkeypatch.setattr(keeping, "BACKUP_DELAY_MS", 0)
    monkeypatch.setattr(keeping, "MINUTE_MS", 10_000_000)
    monkeypatch.setattr(through, "due", lambda _con: False)
    program.start(file)
    qtbot.waitUntil(program.window.isVisible)
    qtbot.waitUntil(lambda: program.window.status.backup == "Backup 14:50, verified", timeout=20000)
    quiet(program, qtbot)
    return program


def quiet(program: Program, qtbot) -> None:
    """Nothing is being made and everything is shown."""
    qtbot.waitUntil(lambda: not program.window.desk.keeping.is_at_work, timeout=20000)
    program.worker.wait_idle()
    QApplication.processEvents()


def change(shop: Shop, value: str = "16:00") -> None:
    with shop.change("Cut-off", "settings") as db:
        settings.put(db, "cutoff", value)


def put(shop: Shop, key: str, value: object) -> None:
    with shop.change("Setting", "settings") as db:
        settings.put(db, key, value)


def whys(file: Path) -> list[str]:
    return [made.why for made in backup.listed(file)]


def said(window: Window) -> tuple[str, str]:
    """What the foot says of the backup, and the colour of its shield."""
    return window.status.backup, window.status.backup_role


def look(program: Program, qtbot) -> None:
    """What happens each minute."""
    program.window.desk.keeping.look()
    quiet(program, qtbot)


def test_at_start_what_changed_is_saved_once(running, file, qtbot):
    assert whys(file) == ["start"]
    running.close_shop()
    running.open(file)
    qtbot.waitUntil(lambda: running.window.status.backup != "", timeout=20000)
    quiet(running, qtbot)
    assert whys(file) == ["start"]


def test_the_time_runs_from_the_first_change(running, file, qtbot, monkeypatch):
    monkeypatch.setattr(keeping, "MINUTE_MS", 20)
    change(running.shop)
    qtbot.waitUntil(lambda: whys(file) == ["start", "timer"], timeout=20000)
    quiet(running, qtbot)
    qtbot.wait(1500)
    assert whys(file) == ["start", "timer"]
    assert backup.listed(file)[-1].n == 30


def test_a_shorter_time_counts_at_once(running, file, qtbot, monkeypatch):
    change(running.shop)
    QApplication.processEvents()
    monkeypatch.setattr(keeping, "MINUTE_MS", 20)
    put(running.shop, "backup_minutes", 5)
    qtbot.waitUntil(lambda: whys(file) == ["start", "timer"], timeout=20000)


def test_an_act_on_many_is_saved_as_it_was_before(running, file, qtbot):
    with running.shop.change("{n} channels added", "channels", n=MANY + 1) as db:
        for n in range(MANY + 1):
            db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', ?, 'CNY')", (f"c{n}",))
    quiet(running, qtbot)
    assert whys(file) == ["start"], "the state before it was saved already"
    change(running.shop)
    running.shop.undo_step(running.shop.last_step().id - 1)
    qtbot.waitUntil(lambda: whys(file) == ["start", "bulk"], timeout=20000)
    made = backup.listed(file)[-1]
    with opened(backup_folder(file) / made.name, write=False) as copy:
        assert copy.reader().execute("SELECT count(*) FROM channels").fetchone()[0] == MANY + 2


def test_back_up_now_makes_one_and_says_so(running, file, qtbot):
    told = running.window.desk.messages.record()
    running.window.commands.trigger("backup")
    qtbot.waitUntil(lambda: whys(file) == ["start", "asked"], timeout=20000)
    quiet(running, qtbot)
    assert [(one.level, one.text) for one in told] == [(Level.INFO, "Backup 14:50, verified")]


def test_what_fails_is_said_once_and_tried_again(running, file, qtbot):
    told = running.window.desk.messages.record()
    kept = backup_folder(file).rename(file.with_name("elsewhere"))
    backup_folder(file).write_text("in the way")
    change(running.shop)
    for _ in range(3):
        running.window.desk.keeping.on_time()
        quiet(running, qtbot)
    assert said(running.window) == ("Backup not written", "bad")
    assert [one.level for one in told] == [Level.ERROR]
    backup_folder(file).unlink()
    kept.rename(backup_folder(file))
    running.window.desk.keeping.on_time()
    quiet(running, qtbot)
    assert whys(file) == ["start", "timer"]
    assert said(running.window) == ("Backup 14:50, verified", "good")


def test_the_foot_tells_the_truth(running, file, qtbot, now):
    window = running.window
    (made,) = backup.listed(file)
    copy = backup_folder(file) / made.name
    whole = copy.read_bytes()
    assert said(window) == ("Backup 14:50, verified", "good")
    change(running.shop)
    quiet(running, qtbot)
    with clock.at(now + timedelta(days=2)):
        look(running, qtbot)
        assert said(window) == ("Backup Tue 14:50, verified", "warn")
    copy.write_bytes(whole[:-1])
    running.window.facts.backup()
    quiet(running, qtbot)
    assert said(window) == ("No backup yet", "warn")
    copy.write_bytes(whole)
    running.window.facts.backup()
    quiet(running, qtbot)
    assert said(window) == ("Backup 14:50, verified", "good")


def test_a_folder_that_vanished_is_made_anew(running, file, qtbot):
    shutil.rmtree(backup_folder(file))
    look(running, qtbot)
    qtbot.waitUntil(lambda: whys(file) == ["gone"], timeout=20000)
    quiet(running, qtbot)
    assert said(running.window) == ("Backup 14:50, verified", "good")


def test_a_backup_that_others_make_is_told_by_itself(running, file, qtbot, now):
    with clock.at(now + timedelta(minutes=9)):
        change(running.shop)
        backup.make_when_due(running.shop, why="import", about="orders.csv", n=1)
        qtbot.waitUntil(lambda: said(running.window) == ("Backup 14:59, verified", "good"))


def test_a_shop_that_is_only_looked_at_is_told_nothing_about(running, file, qtbot):
    copy = backup_folder(file) / backup.listed(file)[0].name
    running.close_shop()
    running.picture(Shop.open(copy, write=False))
    quiet(running, qtbot)
    running.window.back_up()
    assert not running.window.desk.keeping.is_at_work
    assert not (copy.parent / f"{copy.stem} backups").exists()


def test_closing_the_shop_stops_what_is_being_made(running, file, qtbot, monkeypatch):
    begun = Event()

    def make(_why: str, _shop: Shop, stop: keeping.Stop) -> safekeeping.Made:
        begun.set()
        while not stop():
            pass
        raise backup.Stopped

    monkeypatch.setattr(keeping, "_when_due", make)
    change(running.shop)
    running.window.desk.keeping.on_time()
    qtbot.waitUntil(begun.is_set)
    running.close_shop()
    assert whys(file) == ["start"]
    QApplication.processEvents()
    assert running.window.welcome is not None


def many(shop: Shop) -> None:
    """An act on more records than are looked at one by one."""
    with shop.change("{n} channels added", "channels", n=MANY + 1) as db:
        for n in range(MANY + 1):
            db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', ?, 'CNY')", (f"c{n}",))


@pytest.fixture
def busy(running, qtbot, monkeypatch) -> Callable[[str], Event]:
    """Keeps the thread of the backups at it, with what `work` is called, until it is stopped; what is then set."""

    def begin(work: str) -> Event:
        begun, ended = Event(), Event()

        def wait(_shop: Shop, stop: keeping.Stop) -> safekeeping.Made:
            begun.set()
            while not stop():
                ended.wait(0.01)
            ended.set()
            raise Stopped

        monkeypatch.setattr(keeping, work, wait)
        running.window.desk.keeping.erased()
        qtbot.waitUntil(begun.is_set)
        return ended

    return begin


def test_on_closing_what_is_done_to_other_backups_ends_for_the_last_one(running, file, qtbot, busy):
    ended = busy("_erased")
    change(running.shop)
    begun = time.monotonic()
    running.window.close()
    qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=20000)
    assert ended.is_set()
    assert time.monotonic() - begun < 5
    assert whys(file) == ["start", "exit"]


@pytest.mark.parametrize("free_mb", [100_000, 100])
def test_a_state_that_is_held_is_saved_on_closing_where_there_is_room(
    running, file, qtbot, busy, monkeypatch, free_mb: int
):
    monkeypatch.setattr(room, "free", lambda _shop: free_mb << 20)
    change(running.shop)
    busy("_erased")
    many(running.shop)
    QApplication.processEvents()
    assert whys(file) == ["start"]
    running.window.close()
    qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=20000)
    made = backup.listed(file)
    assert [one.why for one in made] == (["start", "bulk", "exit"] if free_mb > 500 else ["start", "exit"])
    channels = []
    for one in made:
        with opened(backup_folder(file) / one.name, write=False) as copy:
            channels.append(copy.reader().execute("SELECT count(*) FROM channels").fetchone()[0])
    assert channels[-1] - channels[0] == MANY + 1
    assert channels[:-1] == [channels[0]] * (len(made) - 1)


def test_who_stays_although_the_last_backup_was_refused_has_the_others_done(running, file, qtbot, busy, monkeypatch):
    ended = busy("_erased")
    monkeypatch.undo()
    kept = backup_folder(file).rename(file.with_name("elsewhere"))
    backup_folder(file).write_text("in the way")
    running.leave_shop()
    qtbot.waitUntil(ended.is_set)
    keeper = running.window.desk.keeping
    qtbot.waitUntil(lambda: running._farewell._is_refused)
    running._farewell._on_stay()
    backup_folder(file).unlink()
    kept.rename(backup_folder(file))
    change(running.shop)
    keeper.now()
    qtbot.waitUntil(lambda: "asked" in whys(file), timeout=20000)
    quiet(running, qtbot)


def test_a_click_on_the_foot_opens_the_backups(running, qtbot):
    qtbot.mouseClick(running.window.status.backup_link, Qt.MouseButton.LeftButton)
    assert running.window.pages.current in ("settings", "backups")


def test_after_a_look_into_a_backup_everything_goes_on(running, file, qtbot):
    (copy,) = shelf.look(file, running.shop.reader())
    running.coming_back.look(copy)
    qtbot.waitUntil(lambda: running.coming_back.live is not None and running.window.facts is not None, timeout=20000)
    change(running.coming_back.live)
    running.coming_back.back()
    qtbot.waitUntil(lambda: running.window.facts is not None and whys(file) == ["start", "start"], timeout=20000)
    quiet(running, qtbot)
    shutil.rmtree(backup_folder(file))
    looked = running.window.desk.keeping._looking
    assert looked.isActive()
    looked.timeout.emit()
    qtbot.waitUntil(lambda: whys(file) == ["gone"], timeout=20000)


# the second folder


@pytest.fixture
def stick(running, tmp_path: Path, qtbot) -> Path:
    folder = tmp_path / "media" / "stick"
    folder.mkdir(parents=True)
    put(running.shop, "second_folder", str(folder))
    qtbot.waitUntil(lambda: len(manifest.of_folder(folder)) == 1, timeout=20000)
    quiet(running, qtbot)
    return folder


def test_every_backup_is_brought_to_the_stick(running, stick, file, qtbot):
    running.window.back_up()
    qtbot.waitUntil(lambda: len(manifest.of_folder(stick)) == 2, timeout=20000)
    assert manifest.of_folder(stick) == backup.listed(file)


def test_a_backup_that_an_import_makes_is_brought_too(running, stick, file, qtbot, now):
    with clock.at(now + timedelta(minutes=9)):
        change(running.shop)
        quiet(running, qtbot)
        backup.make_when_due(running.shop, why="import", about="orders.csv", n=1)
        qtbot.waitUntil(lambda: [made.why for made in manifest.of_folder(stick)][-1] == "import", timeout=5000)


def test_a_backup_that_cannot_follow_its_password_keeps_the_stick_from_nothing(
    running, stick, file, qtbot, monkeypatch
):
    def refused(_shop: Shop, **_more: object) -> None:
        raise DiskTrouble("The disk refused")

    monkeypatch.setattr(following, "follow", refused)
    told = running.window.desk.messages.record()
    running.window.back_up()
    qtbot.waitUntil(lambda: len(manifest.of_folder(stick)) == 2, timeout=5000)
    quiet(running, qtbot)
    assert "The disk refused" in [one.text for one in told]


def test_a_stick_that_was_away_gets_what_it_missed(running, stick, file, qtbot):
    away = stick.rename(stick.with_name("away"))
    told = running.window.desk.messages.record()
    running.window.back_up()
    quiet(running, qtbot)
    qtbot.waitUntil(lambda: len(backup.listed(file)) == 2, timeout=20000)
    quiet(running, qtbot)
    assert [one.level for one in told] == [Level.INFO], "that it is away is no trouble yet"
    away.rename(stick)
    running.window.desk.keeping.bring()
    qtbot.waitUntil(lambda: manifest.of_folder(stick)[-1] == backup.listed(file)[-1], timeout=20000)


def test_a_stick_that_is_back_is_seen_by_itself(running, stick, file, qtbot):
    away = stick.rename(stick.with_name("away"))
    running.window.back_up()
    qtbot.waitUntil(lambda: len(backup.listed(file)) == 2, timeout=20000)
    quiet(running, qtbot)
    look(running, qtbot)
    away.rename(stick)
    look(running, qtbot)
    qtbot.waitUntil(lambda: manifest.of_folder(stick)[-1] == backup.listed(file)[-1], timeout=20000)


def test_what_was_made_while_the_stick_was_away_comes_too_and_makes_way(running, stick, file, qtbot, monkeypatch):
    away = stick.rename(stick.with_name("away"))
    for n in range(3):
        running.window.back_up()
        qtbot.waitUntil(lambda n=n: len(backup.listed(file)) == n + 2, timeout=20000)
        quiet(running, qtbot)
    away.rename(stick)
    order: list[str] = []
    real = second.bring_older

    def slow(shop: Shop, stop: keeping.Stop) -> None:
        order.append("older")
        if len(order) == 1:
            while not stop():
                pass
            raise Stopped
        real(shop, stop)

    monkeypatch.setattr(second, "bring_older", slow)
    keeper = running.window.desk.keeping
    keeper.bring()
    qtbot.waitUntil(lambda: order == ["older"], timeout=20000)
    assert len(manifest.of_folder(stick)) == 2
    running.window.back_up()
    qtbot.waitUntil(lambda: manifest.of_folder(stick) == backup.listed(file), timeout=20000)
    assert len(manifest.of_folder(stick)) == 5
    quiet(running, qtbot)


def test_on_closing_the_stick_gets_the_evening(running, stick, file, qtbot):
    change(running.shop)
    running.window.close()
    qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=20000)
    assert [made.why for made in manifest.of_folder(stick)][-1] == "exit"


def test_little_room_is_said_once(running, qtbot, monkeypatch):
    told = running.window.desk.messages.record()
    monkeypatch.setattr(room, "free", lambda _shop: 430 << 20)
    look(running, qtbot)
    look(running, qtbot)
    assert [one.text for one in told] == ["Only 430 MB are free on the disk of the shop."]


def test_after_a_restore_the_newest_is_the_one_made_before_it(program, file, qtbot):
    with opened(file) as shop:
        change(shop)
        first = backup.make(shop, why="test")
        change(shop, "15:00")
    restore(file, backup_folder(file) / first.name)
    program.start(file)
    qtbot.waitUntil(lambda: program.window.facts is not None)
    program.window.facts.backup()
    program.worker.wait_idle()
    assert program.window.status.backup == "Backup 14:50, verified"
    assert os.listdir(backup_folder(file))


@pytest.fixture
def deep(running, monkeypatch) -> list[str]:
    """It is time to look deeply; the threads in which that was done."""
    threads: list[str] = []
    look_through = through.look

    def seen(shop: Shop, stop: keeping.Stop) -> None:
        threads.append(current_thread().name)
        look_through(shop, stop)

    monkeypatch.setattr(through, "look", seen)
    monkeypatch.setattr(through, "due", lambda con: through.found_well(con) is None)
    return threads


def test_the_newest_backup_is_looked_through_once_and_not_in_the_first_minute(running, deep, file, qtbot):
    told = running.window.desk.messages.record()
    assert deep == []
    for _ in range(2):
        look(running, qtbot)
        quiet(running, qtbot)
    assert deep == ["background"]
    assert through.found_well(running.shop.reader()) == clock.today()
    assert whys(file) == ["start"]
    assert told == []


def test_damage_that_only_the_deep_look_finds_is_offered_what_helps(running, deep, qtbot):
    with running.shop.quiet() as db:
        db.execute("INSERT INTO remembered VALUES (CAST(x'ff' AS TEXT), '1')")
    running.window.desk.keeping.now()
    quiet(running, qtbot)
    assert not running.shop.is_damaged
    running.window.desk.keeping.look()
    qtbot.waitUntil(lambda: running.opening.rescuing.window is not None, timeout=20000)
    assert running.shop.is_damaged
    quiet(running, qtbot)
    look(running, qtbot)
    assert deep == ["background"], "once is enough until the shop is opened again"
    running.opening.rescuing.window.close()


def test_a_backup_that_went_bad_is_told_once(running, deep, file, qtbot):
    told = running.window.desk.messages.record()
    copy = backup_folder(file) / backup.listed(file)[-1].name
    spoilt = bytearray(copy.read_bytes())
    spoilt[-1] ^= 1
    copy.write_bytes(spoilt)
    for _ in range(2):
        look(running, qtbot)
        quiet(running, qtbot)
    assert [(one.level, one.text) for one in told] == [
        (Level.ERROR, f"The backup “{copy.name}” was changed after it was verified; do not trust it.")
    ]
    assert whys(file) == ["start", "gone"]
    assert not running.shop.is_damaged


def test_the_deep_look_makes_way_for_a_backup_and_ends_on_closing(running, deep, file, qtbot, monkeypatch):
    begun: list[Event] = []

    def wait(_shop: Shop, stop: keeping.Stop) -> None:
        begun.append(Event())
        while not stop():
            time.sleep(0.01)
        begun[-1].set()
        raise Stopped

    monkeypatch.setattr(through, "look", wait)
    running.window.desk.keeping.look()
    qtbot.waitUntil(lambda: len(begun) == 1, timeout=20000)
    running.window.desk.keeping.now()
    qtbot.waitUntil(lambda: whys(file) == ["start", "asked"], timeout=20000)
    quiet(running, qtbot)
    assert begun[0].is_set()
    running.window.desk.keeping.look()
    qtbot.waitUntil(lambda: len(begun) == 2, timeout=20000)
    running.close_shop()
    assert begun[1].is_set()
