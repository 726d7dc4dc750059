"""The shop's wall clock, in one place, so that a test or a picture can stop it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

FORM = "%Y-%m-%d %H:%M:%S"


class _Stopped:
    at: datetime | None = None


def now() -> datetime:
    """The shop's wall clock to the second, without a zone."""
    if _Stopped.at is not None:
        return _Stopped.at
    named = os.environ.get("SHOPDESK_NOW")
    if named:
        return datetime.fromisoformat(named)
    return datetime.now().replace(microsecond=0)


def today() -> date:
    """The shop's day."""
    return now().date()


def text(moment: datetime | None = None) -> str:
    """A business time as it is stored: YYYY-MM-DD HH:MM:SS."""
    return (moment or now()).strftime(FORM)


def utc_stamp() -> str:
    """A technical time stamp: UTC with Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def freeze(moment: datetime | None) -> None:
    """Stop the clock at `moment`; None lets it run again."""
    _Stopped.at = moment


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block the clock stands at `moment`."""
    before = _Stopped.at
    _Stopped.at = moment
    try:
        yield
    finally:
        _Stopped.at = before
