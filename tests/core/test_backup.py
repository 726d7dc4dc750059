"""Backups: of one moment while work goes on, one at a time, only when something changed, told truly."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shopdesk.core import backup, clock, manifest, reasons, settings, sqlite, words
from shopdesk.core.before import MANY, Before, Held
from shopdesk.core.errors import Damaged, DiskTrouble
from shopdesk.core.keys import Key
from shopdesk.core.manifest import Backup
from shopdesk.core.paths import backup_folder
from shopdesk.core.shop import Shop, opened
from tests.core.test_diagnosis import filled, flip_a_word


def change(shop: Shop, minute: int = 0) -> None:
    with shop.change("Cut-off", "settings") as db:
        settings.put(db, "cutoff", f"16:{minute:02d}")


def add_channels(shop: Shop, number: int) -> None:
    with shop.change("{n} channels added", "channels", n=number) as db:
        for n in range(number):
            db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', ?, 'CNY')", (f"c{n}",))


def test_only_what_changed_is_saved_again(shop: Shop):
    change(shop)
    first = backup.make_when_due(shop, why=reasons.START)
    assert first is not None
    assert first.why == "start"
    assert backup.make_when_due(shop, why=reasons.START) is None
    change(shop, 1)
    assert backup.make_when_due(shop, why=reasons.TIMER, n=30).n == 30
    assert [made.why for made in backup.listed(shop.path)] == ["start", "timer"]


def test_of_two_that_are_wanted_at_once_one_waits_and_finds_it_done(shop: Shop):
    change(shop)
    made: list[Backup | None] = []

    def work() -> None:
        made.append(backup.make_when_due(shop, why=reasons.TIMER))
        shop.forget_reader()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in made) == 1
    assert len(backup.listed(shop.path)) == 1


def test_a_state_that_is_held_is_saved_as_it_was(shop: Shop):
    add_channels(shop, 3)
    held = Held(sqlite.connect(shop.path))
    with shop.change("Gone", "channels") as db:
        db.execute("DELETE FROM channels")
    made = backup.make_when_due(shop, why=reasons.BULK, held=held)
    assert made is not None
    with opened(backup_folder(shop.path) / made.name, write=False) as copy:
        assert copy.reader().execute("SELECT count(*) FROM channels").fetchone()[0] == 3
    assert backup.due(shop)


def test_writing_goes_on_while_a_copy_is_made(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    add_channels(shop, 200)
    monkeypatch.setattr(backup, "_PAGES_A_STEP", 1)
    steps: list[int] = []

    def stop() -> bool:
        if len(steps) < 3:
            steps.append(shop.changes())
            change(shop, len(steps))
        return False

    made = backup.make(shop, why=reasons.ASKED, stop=stop)
    assert made.changes == steps[0] < shop.changes()
    assert backup.due(shop)


def test_one_that_is_stopped_leaves_nothing(shop: Shop):
    add_channels(shop, 20)
    with pytest.raises(backup.Stopped):
        backup.make(shop, why=reasons.ASKED, stop=lambda: True)
    assert os.listdir(backup_folder(shop.path)) == []
    assert backup.state(shop).trouble is None


def test_the_act_on_many_is_told_from_the_act_on_few(shop: Shop):
    large: list[Held] = []
    shop.before = Before(shop, large.append)
    add_channels(shop, MANY)
    change(shop)
    assert large == []
    with shop.change("{n} channels renamed", "channels", n=MANY) as db:
        db.execute("UPDATE channels SET name = name || 'x'")
        db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', 'one', 'CNY')")
    assert large == []
    with shop.change("{n} channels renamed", "channels", n=MANY + 1) as db:
        db.execute("UPDATE channels SET name = name || 'y'")
    (held,) = large
    assert (held.label, held.n) == ("{n} channels renamed", MANY + 1)
    shop.undo()
    assert len(large) == 2
    names = large[0].con.execute("SELECT DISTINCT substr(name, -1) FROM channels ORDER BY 1").fetchall()
    assert [row[0] for row in names] == ["e", "x"]
    for one in large:
        one.close()


def test_an_act_that_fails_holds_nothing(shop: Shop):
    large: list[Held] = []
    shop.before = Before(shop, large.append)
    with pytest.raises(ZeroDivisionError), shop.change("No", "channels") as db:
        for n in range(MANY + 1):
            db.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', ?, 'CNY')", (str(n),))
        raise ZeroDivisionError
    assert large == []
    change(shop)
    shop.close()
    assert not shop.path.with_name(shop.path.name + "-wal").exists()


def test_the_newest_is_one_that_is_there_in_full(shop: Shop):
    change(shop)
    first = backup.make(shop, why=reasons.START)
    change(shop, 1)
    second = backup.make(shop, why=reasons.EXIT)
    assert backup.newest(shop.path) == second
    assert not backup.due(shop)
    file = backup_folder(shop.path) / second.name
    os.truncate(file, second.size - 1)
    assert backup.newest(shop.path) == first
    assert backup.due(shop)
    file.unlink()
    file.symlink_to(backup_folder(shop.path) / first.name)
    assert backup.newest(shop.path) == first
    for left in backup_folder(shop.path).iterdir():
        left.unlink()
    backup_folder(shop.path).rmdir()
    assert backup.state(shop) == backup.State(None, True, None)


def test_a_spoilt_one_keeps_no_older_one_from_staying(shop: Shop):
    with clock.at(datetime(2026, 11, 1, 9)):
        change(shop)
        old = backup.make(shop, why=reasons.EXIT)
    with clock.at(datetime(2026, 11, 1, 18)):
        change(shop, 1)
        spoilt = backup.make(shop, why=reasons.EXIT)
    os.truncate(backup_folder(shop.path) / spoilt.name, 100)
    with clock.at(datetime(2026, 11, 24, 9)):
        change(shop, 2)
        backup.make(shop, why=reasons.START)
    assert old.name in os.listdir(backup_folder(shop.path))


def test_trouble_is_remembered_until_it_goes_well(shop: Shop):
    change(shop)
    backup_folder(shop.path).write_text("in the way")
    told: list[frozenset[str]] = []
    shop.listeners.append(told.append)
    with pytest.raises(DiskTrouble):
        backup.make_when_due(shop, why=reasons.START)
    assert isinstance(backup.state(shop).trouble, DiskTrouble)
    backup_folder(shop.path).unlink()
    backup.make_when_due(shop, why=reasons.START)
    assert backup.state(shop).trouble is None
    assert told == [frozenset({"backups"})] * 2


def test_a_manifest_that_leads_elsewhere_is_not_written_to(shop: Shop, tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    where = backup_folder(shop.path)
    where.mkdir()
    for put in (Path.symlink_to, Path.hardlink_to, lambda path, _to: os.mkfifo(path)):
        put(where / "manifest.jsonl", victim)
        with pytest.raises(DiskTrouble):
            backup.make(shop, why=reasons.ASKED)
        assert victim.read_text() == "mine"
        (where / "manifest.jsonl").unlink()


def test_the_list_of_a_protected_shop_tells_nothing_of_it(tmp_path: Path):
    shop = Shop.create(tmp_path / "muhe.shop", name="Muhe", key=Key.random())
    change(shop)
    made = backup.make(shop, why=reasons.IMPORT, about="orders of Zhang San.csv")
    shop.close()
    assert made.about == ""
    assert "Zhang" not in (backup_folder(shop.path) / "manifest.jsonl").read_text()


def made_for(why: str, about: str = "", n: int = 0) -> Backup:
    return Backup("a.shop", "2026-11-24 12:00:00", why, 1, "", 1, {}, about, n)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (made_for("timer", n=30), "After 30 minutes of changes"),
        (made_for("timer"), "While working"),
        (made_for("import", "orders.csv", 1), "Before the import of “orders.csv”"),
        (made_for("import", "orders.csv", 3), "Before the import of 3 files, “orders.csv” among them"),
        (made_for("import", "{0.__class__}"), "Before the import of “{0.__class__}”"),
        (made_for("bulk", "{n} orders deleted", 60), "Before “60 orders deleted”"),
        (made_for("bulk", "{name} renamed", 60), "Before an act on many records"),
        (made_for("bulk", "{n.__class__}", 60), "Before an act on many records"),
        (made_for("who knows"), "Backup"),
    ],
)
def test_why_is_said_in_words(made: Backup, said: str):
    assert reasons.words(made) == said


def test_why_is_said_in_chinese():
    words.use_language("zh_CN")
    assert reasons.words(made_for("import", "双11 订单.xlsx", 1)) == "导入「双11 订单.xlsx」前"
    assert reasons.words(made_for("exit")) == "收工关闭时"


def test_a_line_with_too_much_to_tell_is_passed_over(shop: Shop):
    change(shop)
    made = backup.make(shop, why=reasons.ASKED, about="x" * 201)
    assert made not in backup.listed(shop.path)
    assert manifest.of_folder(backup_folder(shop.path)) == []


def test_what_a_setting_allows_is_what_the_backups_may_take(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    taken: list[int] = []
    monkeypatch.setattr(
        backup.retention, "superfluous", lambda _backups, _today, *, most_bytes, spared: taken.append(most_bytes) or []
    )
    with shop.change("Cap", "settings") as db:
        settings.put(db, "backup_gb", 3)
    with clock.at(clock.now() + timedelta(minutes=1)):
        backup.make(shop, why=reasons.ASKED)
    assert taken == [3 * 1024**3]


def test_a_copy_with_a_word_that_is_none_of_ours_counts_for_nothing(tmp_path: Path):
    path = filled(tmp_path / "muhe.shop")
    flip_a_word(path)
    before = backup.listed(path)
    with opened(path) as shop, pytest.raises(Damaged, match="values “problem” of “orders” are none that ShopDesk"):
        backup.make(shop, why="asked")
    assert backup.listed(path) == before
    assert len(list(backup.folder(path).glob("*.shop*"))) == len(before)


def test_a_strangers_file_of_the_right_name_does_not_become_a_backup(shop: Shop):
    named = backup_folder(shop.path) / f"{shop.path.stem}-20261120-101010.shop"
    backup.make(shop, why="asked")
    for planted in ("CREATE VIEW more AS SELECT 1", "CREATE TABLE own (a TEXT)"):
        named.write_bytes((named.parent / backup.listed(shop.path)[0].name).read_bytes())
        with sqlite.database(sqlite.connect(named, write=True)).conn as con:
            con.execute(planted)
        con.close()
        backup.make(shop, why="asked")
        said = {made.name: made.why for made in backup.listed(shop.path)}
        assert said.get(named.name) == (None if "VIEW" in planted else "found")
