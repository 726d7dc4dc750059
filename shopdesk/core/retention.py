"""Which backups are kept: all of two days, then one for each of 12 days, 10 weeks and 9 months, within a limit.

The numbers are those of Anki, whose users have restored from them for years.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from shopdesk.core.manifest import Backup

MOST_BYTES = 20 * 1024**3
"""What all backups of a shop may take together."""

ALL_DAYS = 2
DAYS, WEEKS, MONTHS = 12, 10, 9


def superfluous(
    backups: Sequence[Backup], today: date, *, most_bytes: int = MOST_BYTES, spared: Collection[str] = ()
) -> list[Backup]:
    """What of `backups` (oldest first) may go. The newest always stays, however large, and those `spared` by name.

    Over `most_bytes` those go first that stand beside a newer one of their day, then the oldest.
    """
    worth = _worth_keeping(backups, today)
    kept = [backup for backup in backups if backup in worth or backup.name in spared]
    total = sum(backup.size for backup in kept)
    for backup in _least_first(kept):
        if total <= most_bytes:
            break
        if backup.name not in spared:
            kept.remove(backup)
            total -= backup.size
    return [backup for backup in backups if backup not in kept]


def _worth_keeping(backups: Sequence[Backup], today: date) -> list[Backup]:
    since = today - timedelta(days=ALL_DAYS - 1)
    kept = {backup.name for backup in backups if _day(backup) >= since} | {b.name for b in backups[-1:]}
    older = [backup for backup in reversed(backups) if _day(backup) < since]
    for most, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        taken = _newest_of_each(older, most, period)
        kept |= {backup.name for backup in taken}
        older = [backup for backup in older if not taken or _day(backup) < _day(taken[-1])]
    return [backup for backup in backups if backup.name in kept]


def _newest_of_each(newest_first: Sequence[Backup], most: int, period: Callable[[Backup], object]) -> list[Backup]:
    found: dict[object, Backup] = {}
    for backup in newest_first:
        if period(backup) not in found and len(found) == most:
            break
        found.setdefault(period(backup), backup)
    return list(found.values())


def _least_first(kept: Sequence[Backup]) -> list[Backup]:
    """All but the newest: first those with a newer one of the same day, then the others, each oldest first."""
    last_of_day = {_day(backup): backup.name for backup in kept}
    return sorted(kept[:-1], key=lambda backup: last_of_day[_day(backup)] == backup.name)


def _day(backup: Backup) -> date:
    return datetime.fromisoformat(backup.at).date()


def _week(backup: Backup) -> tuple[int, int]:
    year, week, _ = _day(backup).isocalendar()
    return year, week


def _month(backup: Backup) -> tuple[int, int]:
    return _day(backup).year, _day(backup).month
