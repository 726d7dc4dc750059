"""The second folder: what comes there, when it is missed, and that nothing in it leads elsewhere."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import backup, clock, manifest, reasons, retention, second, settings
from shopdesk.core.errors import DiskTrouble, ShopError
from shopdesk.core.paths import backup_folder
from shopdesk.core.second import Second
from shopdesk.core.shop import Shop
from shopdesk.core.verifying import Stopped

DAY = timedelta(days=1)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "media" / "stick"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def kept(shop: Shop, stick: Path) -> Shop:
    """A shop with a second folder."""
    with shop.change("Second folder", "settings") as db:
        settings.put(db, "second_folder", str(stick))
    return shop


def save(shop: Shop, at: datetime) -> backup.Backup:
    with clock.at(at):
        with shop.change("Cut-off", "settings") as db:
            settings.put(db, "cutoff", f"{at:%H:%M}")
        return backup.make(shop, why=reasons.ASKED)


def bring(shop: Shop, at: datetime, *, anew: bool = False) -> Second | None:
    with clock.at(at):
        return second.bring(shop, anew=anew)


NOON = datetime(2026, 11, 24, 12)


def test_the_newest_backup_comes_there_and_is_like_it(kept: Shop, stick: Path):
    save(kept, NOON - DAY)
    made = save(kept, NOON)
    assert bring(kept, NOON) == Second(str(stick), copied="2026-11-24 12:00:00", name=made.name)
    assert manifest.of_folder(stick) == [made]
    assert manifest.checksum(stick / made.name) == made.sha256
    assert sorted(os.listdir(stick)) == sorted(["manifest.jsonl", made.name])
    assert (stick / made.name).stat().st_mode & 0o777 == 0o600
    before = (stick / made.name).stat().st_mtime_ns
    bring(kept, NOON)
    assert (stick / made.name).stat().st_mtime_ns == before


def test_without_a_second_folder_nothing_happens(shop: Shop):
    save(shop, NOON)
    assert second.bring(shop) is None


def test_a_stick_that_is_away_is_missed_and_asked_for_after_a_week(kept: Shop, stick: Path):
    save(kept, NOON)
    bring(kept, NOON)
    away = stick.with_name("away")
    stick.rename(away)
    save(kept, NOON + DAY)
    known = bring(kept, NOON + DAY)
    assert known.missed == "2026-11-25 12:00:00"
    assert not known.overdue(NOON + 7 * DAY)
    assert known.overdue(NOON + 8 * DAY)
    assert not stick.exists()
    save(kept, NOON + 2 * DAY)
    assert bring(kept, NOON + 2 * DAY).missed == "2026-11-25 12:00:00"
    away.rename(stick)
    back = bring(kept, NOON + 9 * DAY)
    newest = manifest.newest(kept.path)
    assert back == Second(str(stick), "2026-11-26 12:00:00", "", "2026-12-03 12:00:00", newest.name)
    assert second.chosen(kept.reader()) == back


def test_what_is_up_to_date_is_not_missed(kept: Shop, stick: Path):
    save(kept, NOON)
    bring(kept, NOON)
    stick.rename(stick.with_name("away"))
    assert bring(kept, NOON + 30 * DAY).missed == ""
    save(kept, NOON)
    assert bring(kept, NOON + 30 * DAY).missed, "another one of the same second"


def test_an_empty_folder_in_the_place_of_the_stick_gets_nothing(kept: Shop, stick: Path):
    save(kept, NOON)
    bring(kept, NOON)
    shutil.rmtree(stick)
    stick.mkdir()
    made = save(kept, NOON + DAY)
    assert bring(kept, NOON + DAY).missed
    assert os.listdir(stick) == []
    assert bring(kept, NOON + DAY, anew=True).missed == ""
    assert manifest.of_folder(stick) == [made]


def test_another_folder_begins_anew(kept: Shop, stick: Path):
    save(kept, NOON)
    bring(kept, NOON)
    other = stick.with_name("other")
    other.mkdir()
    with kept.change("Second folder", "settings") as db:
        settings.put(db, "second_folder", str(other))
    assert second.chosen(kept.reader()) == Second(str(other))
    bring(kept, NOON)
    assert len(manifest.of_folder(other)) == 1


def test_neither_the_shop_s_own_folder_nor_its_backups_are_a_second_one(shop: Shop):
    save(shop, NOON)
    for where in (shop.path.parent, backup_folder(shop.path)):
        assert not second.is_there(shop.path, Second(str(where)))


def test_what_lies_there_under_the_names_of_ours_is_not_written_through(kept: Shop, stick: Path, tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    made = save(kept, NOON)
    (stick / f"{made.name}.part").symlink_to(victim)
    (stick / made.name).symlink_to(victim)
    bring(kept, NOON)
    assert victim.read_text() == "mine"
    assert not (stick / made.name).is_symlink()
    assert manifest.of_folder(stick) == [made]
    (stick / "manifest.jsonl").unlink()
    (stick / "manifest.jsonl").symlink_to(victim)
    save(kept, NOON + DAY)
    with pytest.raises(DiskTrouble):
        bring(kept, NOON + DAY)
    assert victim.read_text() == "mine"


def test_a_backup_that_was_spoilt_is_not_handed_on(kept: Shop, stick: Path):
    made = save(kept, NOON)
    file = backup_folder(kept.path) / made.name
    spoilt = bytearray(file.read_bytes())
    spoilt[-1] ^= 1
    file.write_bytes(spoilt)
    with pytest.raises(ShopError, match="do not trust"):
        bring(kept, NOON)
    assert os.listdir(stick) == []
    assert second.chosen(kept.reader()).missed == "2026-11-24 12:00:00"


def test_a_stick_that_takes_it_badly_is_told(kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch):
    save(kept, NOON)
    monkeypatch.setattr(second, "_read_back", lambda _part, _stop: "other")
    with pytest.raises(DiskTrouble, match="may be failing"):
        bring(kept, NOON)
    assert os.listdir(stick) == []
    with pytest.raises(DiskTrouble):
        bring(kept, NOON + 8 * DAY)
    assert second.chosen(kept.reader()).overdue(NOON + 8 * DAY), "nothing came there in a week"


def test_what_is_read_back_ends_when_the_shop_is_closed(kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch):
    save(kept, NOON)
    closed = []
    copied = second._copied
    monkeypatch.setattr(second, "_copied", lambda *given: (copied(*given), closed.append(True))[0])
    with pytest.raises(Stopped):
        second.bring(kept, stop=lambda: bool(closed))
    assert os.listdir(stick) == []
    assert second.chosen(kept.reader()).missed == ""


def test_a_full_stick_is_told_and_left_as_it_was(kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch):
    save(kept, NOON)

    def full(_source: Path, part: Path, _stop: object) -> str:
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(second, "_copied", full)
    with pytest.raises(DiskTrouble, match="the disk is full"):
        bring(kept, NOON)
    assert os.listdir(stick) == []
    assert second.chosen(kept.reader()).missed == "2026-11-24 12:00:00"


def test_the_same_rules_thin_out_there_and_the_other_shops_on_the_stick_stay(kept: Shop, stick: Path):
    manifest.note(stick, backup.Backup("other-20200101-120000.shop", "2020-01-01 12:00:00", "exit", 1, "", 1, {}))
    (stick / "other-20200101-120000.shop").write_text("x")
    for day in range(1, 25):
        for hour in (9, 15):
            made = save(kept, datetime(2026, 11, day, hour))
            bring(kept, datetime(2026, 11, day, hour))
    there = manifest.of_shop(stick, "muhe")
    assert len(there) == 2 * 2 + 12 + 3
    assert there[-1] == made
    assert (stick / "other-20200101-120000.shop").exists()


def test_on_a_small_stick_old_ones_make_room(kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch):
    first = save(kept, NOON - 2 * DAY)
    bring(kept, NOON - 2 * DAY)
    middle = save(kept, NOON - DAY)
    bring(kept, NOON - DAY)
    newest = save(kept, NOON)
    whole = shutil.disk_usage(stick)
    monkeypatch.setattr(second.shutil, "disk_usage", lambda _where: whole._replace(free=second._SPARE))
    bring(kept, NOON)
    assert [known.name for known in manifest.of_folder(stick)] == [middle.name, newest.name]
    assert not (stick / first.name).exists()


def test_what_is_remembered_may_be_spoilt(kept: Shop, stick: Path):
    for value in ('"x"', '{"folder": 1}', '{"folder": "a", "missed": "not a time"}', "[]"):
        with kept.quiet() as db:
            db.execute("INSERT OR REPLACE INTO remembered VALUES ('second_folder', ?)", (value,))
        assert second.chosen(kept.reader()) == Second(str(stick))


@pytest.mark.parametrize(
    "value", ["stick", "../stick", "\\\\server\\share", "//server/share", "/a\0b", "/" + "x" * 1000]
)
def test_only_a_whole_path_on_this_computer_is_taken(shop: Shop, value: str):
    with pytest.raises(ShopError), shop.change("Second folder", "settings") as db:
        settings.put(db, "second_folder", value)


def test_a_backup_that_was_changed_by_us_is_brought_again(kept: Shop, stick: Path):
    made = save(kept, NOON)
    bring(kept, NOON)
    file = backup_folder(kept.path) / made.name
    file.write_bytes(file.read_bytes() + bytes(4096))
    changed = replace(made, size=made.size + 4096, sha256=manifest.checksum(file))
    manifest.change(file.parent, changed)
    bring(kept, NOON)
    assert manifest.of_folder(stick) == [changed]
    assert manifest.checksum(stick / made.name) == changed.sha256


# what was made while it was away


def catch_up(shop: Shop, at: datetime) -> None:
    with clock.at(at):
        second.bring(shop)
        second.bring_older(shop)


def names(where: Path) -> list[str]:
    return [made.name for made in manifest.of_shop(where, "muhe")]


def test_what_was_made_while_the_stick_was_away_comes_when_it_is_back(kept: Shop, stick: Path, tmp_path: Path):
    first = save(kept, NOON - 5 * DAY)
    catch_up(kept, NOON - 5 * DAY)
    away = stick.rename(tmp_path / "drawer")
    days = [[save(kept, NOON - n * DAY + timedelta(hours=hour)) for hour in (0, 3)] for n in (3, 2, 1, 0)]
    catch_up(kept, NOON)
    away.rename(stick)
    catch_up(kept, NOON)
    here = names(manifest.folder(kept.path))
    assert names(stick) == here, "in the order in which they were made"
    assert {made.name for day in days[2:] for made in day} | {day[-1].name for day in days} | {first.name} == set(here)
    for made in manifest.of_folder(stick):
        assert manifest.checksum(stick / made.name) == made.sha256
    stamps = {file.name: file.stat().st_mtime_ns for file in stick.glob("*.shop")}
    catch_up(kept, NOON)
    assert {file.name: file.stat().st_mtime_ns for file in stick.glob("*.shop")} == stamps


def test_the_newest_comes_first_and_what_was_interrupted_goes_on(
    kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    made = [save(kept, NOON - n * DAY).name for n in (4, 3, 2, 1, 0)]
    came: list[str] = []
    copied = second._copied

    def stopping(source: Path, part: Path, stop: object) -> str:
        found = copied(source, part, None)
        came.append(source.name)
        return found

    monkeypatch.setattr(second, "_copied", stopping)
    with clock.at(NOON):
        second.bring(kept)
        with pytest.raises(Stopped):
            second.bring_older(kept, lambda: len(came) > 2)
        assert came == [made[4], made[3], made[2]]
        assert names(stick) == [made[3], made[4]]
        assert not list(stick.glob("*.part"))
        second.bring_older(kept)
    assert came[3:] == [made[2], made[1], made[0]]
    assert names(stick) == made


def test_an_older_one_takes_no_room_from_others_and_a_spoilt_one_stays_here(
    kept: Shop, stick: Path, monkeypatch: pytest.MonkeyPatch
):
    oldest, spoilt, newest = (save(kept, NOON - n * DAY) for n in (2, 1, 0))
    file = backup_folder(kept.path) / spoilt.name
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    whole = shutil.disk_usage(stick)
    with clock.at(NOON):
        second.bring(kept)
        with monkeypatch.context() as less:
            less.setattr(second.shutil, "disk_usage", lambda _where: whole._replace(free=second._SPARE))
            second.bring_older(kept)
        assert names(stick) == [newest.name]
        second.bring_older(kept)
    assert names(stick) == [oldest.name, newest.name]


def test_nothing_older_comes_to_a_stick_that_is_away_or_is_another(kept: Shop, stick: Path):
    save(kept, NOON - DAY)
    save(kept, NOON)
    with clock.at(NOON):
        second.bring_older(kept)
        assert os.listdir(stick) == [], "the newest comes first"
        second.bring(kept)
        shutil.rmtree(stick)
        stick.mkdir()
        second.bring_older(kept)
    assert os.listdir(stick) == []


_DAYS_BACK = st.lists(
    st.tuples(st.integers(0, 30) | st.integers(0, 400), st.integers(0, 23), st.booleans()), min_size=1, max_size=40
)


@given(_DAYS_BACK, st.data())
def test_bringing_some_of_them_lets_nothing_go_that_all_of_them_would_keep(
    made: list[tuple[int, int, bool]], data: st.DataObject
):
    today = NOON.date()
    moments = sorted({NOON - DAY * days + timedelta(hours=hour - 12): there for days, hour, there in made}.items())
    all_of_them = [backup.Backup(f"b{n}", f"{at:%F %T}", "", 1, "", n, {}) for n, (at, _there) in enumerate(moments)]
    there = [one for one, (_at, is_there) in zip(all_of_them, moments, strict=True) if is_there]
    gone = retention.superfluous(all_of_them, today)
    coming = [one for one in reversed(all_of_them) if one not in there and one not in gone]
    stopped_after = data.draw(st.integers(0, len(coming)))
    for one in coming[:stopped_after]:
        there = [other for other in all_of_them if other in there or other == one]
        let_go = retention.superfluous(there, today)
        assert [other for other in let_go if other not in gone] == []
        there = [other for other in there if other not in let_go]
    if stopped_after == len(coming):
        there = [other for other in there if other not in retention.superfluous(there, today)]
        assert there == [one for one in all_of_them if one not in gone]
