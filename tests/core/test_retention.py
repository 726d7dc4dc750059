"""Which backups stay: two whole days, days, weeks and months before, never without the newest."""

from __future__ import annotations

import dataclasses
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core import clock
from shopdesk.core.backup import make as backup_of
from shopdesk.core.manifest import Backup, is_whole, listed, note, of_folder
from shopdesk.core.paths import backup_folder
from shopdesk.core.retention import superfluous
from shopdesk.core.shop import Shop

TODAY = date(2026, 11, 24)
LARGE = 1 << 50


def backup(at: datetime, size: int = 1) -> Backup:
    return Backup(f"a-{at:%Y%m%d-%H%M%S}.shop", f"{at:%Y-%m-%d %H:%M:%S}", "start", size, "", 0, {})


def left(backups: list[Backup], most_bytes: int = LARGE) -> list[str]:
    gone = superfluous(backups, TODAY, most_bytes=most_bytes)
    return [b.at for b in backups if b not in gone]


def three_a_day(days: int) -> list[Backup]:
    first = datetime(2026, 11, 24, 9) - timedelta(days=days - 1)
    return [backup(first + timedelta(days=n, hours=h)) for n in range(days) for h in (0, 4, 8)]


def test_of_two_years_two_days_12_days_10_weeks_and_9_months_stay():
    kept = [datetime.fromisoformat(at) for at in left(three_a_day(730))]
    assert len(kept) == 2 * 3 + 12 + 10 + 9
    assert [at.hour for at in kept[-6:]] == [9, 13, 17] * 2
    assert all(at.hour == 17 for at in kept[:-6])
    assert [at.date() for at in kept[-18:-6]] == [TODAY - timedelta(days=n) for n in range(13, 1, -1)]
    assert len({at.isocalendar()[:2] for at in kept[9:19]}) == 10
    assert len({(at.year, at.month) for at in kept[:9]}) == 9
    assert kept[0] < datetime(2026, 2, 1)


def test_the_newest_stays_though_it_is_old_and_larger_than_allowed():
    old = [backup(datetime(2020, 1, 1)), backup(datetime(2020, 1, 1, 8), size=1000)]
    assert left(old, most_bytes=10) == ["2020-01-01 08:00:00"]


def test_for_want_of_room_doubles_of_a_day_go_before_the_past():
    backups = three_a_day(20)
    assert left(backups, most_bytes=len(left(backups)) - 4)[-2:] == ["2026-11-23 17:00:00", "2026-11-24 17:00:00"]
    assert left(backups, most_bytes=3) == ["2026-11-22 17:00:00", "2026-11-23 17:00:00", "2026-11-24 17:00:00"]


@given(
    st.lists(st.tuples(st.datetimes(datetime(2019, 1, 1), datetime(2026, 12, 1)), st.integers(1, 100)), unique=True),
    st.integers(1, 1000),
)
def test_the_newest_always_stays_and_asking_again_takes_nothing_more(found, most):
    backups = [backup(at.replace(microsecond=0), size) for at, size in sorted(found)]
    gone = superfluous(backups, TODAY, most_bytes=most)
    stay = [b for b in backups if b not in gone]
    assert stay[-1:] == backups[-1:]
    assert len(stay) <= 1 or sum(b.size for b in stay) <= most
    assert superfluous(stay, TODAY, most_bytes=most) == []
    for whole_day in (TODAY, TODAY - timedelta(days=1)):
        if sum(b.size for b in backups) <= most:
            assert not [b for b in gone if datetime.fromisoformat(b.at).date() == whole_day]


def test_making_one_lets_those_go_that_are_not_kept(shop: Shop):
    for day in range(1, 25):
        for hour in (9, 15):
            with clock.at(datetime(2026, 11, day, hour)):
                made = backup_of(shop, why="test")
    there = [file.name for file in sorted(backup_folder(shop.path).glob("*.shop"))]
    assert len(there) == 2 * 2 + 12 + 3
    assert there[-1] == made.name
    assert [b.name for b in listed(shop.path)] == there


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["whole", "gone", "cut"])), min_size=1, max_size=30),
    st.integers(0, 60),
)
def test_whatever_is_gone_or_spoilt_the_newest_that_is_there_stays(tmp_path: Path, found, most):
    """Over real files: one is thinned out after each that is made, as `make` does it."""
    with tempfile.TemporaryDirectory(dir=tmp_path) as place:
        where, last = Path(place), None
        for count, (hours, fate) in enumerate(sorted(found, key=lambda one: -one[0])):
            made = backup(datetime(2026, 11, 24, 23) - timedelta(hours=hours * 7), size=10)
            made = dataclasses.replace(made, name=f"a-{made.name[2:-5]}-{count + 2}.shop")
            (where / made.name).write_bytes(bytes(10))
            note(where, made)
            if fate == "gone":
                (where / made.name).unlink()
            elif fate == "cut":
                (where / made.name).write_bytes(bytes(9))
            else:
                last = made
            whole = [known for known in of_folder(where) if is_whole(where, known)]
            for old in superfluous(whole, TODAY, most_bytes=most):
                (where / old.name).unlink()
            left_over = [known for known in of_folder(where) if is_whole(where, known)]
            assert (left_over[-1:] == [last]) == (last is not None)
            assert len(left_over) <= 1 or sum(known.size for known in left_over) <= most
