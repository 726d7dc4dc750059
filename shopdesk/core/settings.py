"""The shop's settings as data: key, default, kind and words of each in one place.

They live in the shop file; a change of one is a step like any other. What belongs to the program on this
machine (language, theme, window size) is no shop setting.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_

if TYPE_CHECKING:
    from sqlite_utils import Database

_LONGEST_PATH = 1000
_SHARES = ("\\\\", "//", "\\/", "/\\")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `kind` is text, time (HH:MM), number, currency or folder; `least` and `most` bound numbers.

    `lead` and `unit` are words before and after the value.
    """

    key: str
    section: str
    kind: str
    default: str | int | bool
    title: str
    help: str
    unit: str = ""
    lead: str = ""
    least: int = 0
    most: int = 100000


SECTIONS: dict[str, str] = {
    "shop": N_("Shop"),
    "orders": N_("Orders"),
    "stock": N_("Stock"),
    "reviews": N_("Reviews"),
    "customers": N_("Customers"),
    "day": N_("The day"),
    "backups": N_("Backups"),
    "password": N_("Password"),
}

SETTINGS: tuple[Setting, ...] = (
    Setting("shop_name", "shop", "text", "", N_("Name of the shop"), N_("Stands on every printed sheet.")),
    Setting("currency", "shop", "currency", "CNY", N_("Currency"),
            N_("Figures are reported in it; sums in other currencies stand apart.")),
    Setting("cutoff", "orders", "time", "17:00", N_("Cut-off"),
            N_("Orders paid before it leave the same day, later ones the next day.")),
    Setting("ship_hours", "orders", "number", 24, N_("Every order leaves within"),
            N_("Also where the cut-off would give it longer."),
            unit=N_("hours after payment"), least=1, most=240),
    Setting("unpaid_hours", "orders", "number", 12, N_("Ask about unpaid orders after"),
            N_("An order that stays unpaid longer comes on today's list."), unit=N_("hours"), least=1, most=720),
    Setting("return_days", "orders", "number", 3, N_("Returns open longer than"),
            N_("A return that is not settled by then comes on today's list."), unit=N_("days"), least=1, most=365),
    Setting("lead_days", "stock", "number", 7, N_("Usual lead time"),
            N_("Days from ordering to arrival, where a SKU has none of its own."), unit=N_("days"), most=365),
    Setting("count_days", "stock", "number", 60, N_("Count stock at least every"),
            N_("SKUs not counted for longer come on today's list, five a day."), unit=N_("days"), least=1, most=3650),
    Setting("review_hours", "reviews", "number", 24, N_("Answer reviews within"),
            N_("An unanswered review older than this is late."), unit=N_("hours"), least=1, most=720),
    Setting("bad_stars", "reviews", "number", 2, N_("A bad review has at most"),
            N_("Bad reviews are answered first."), unit=N_("stars"), least=1, most=4),
    Setting("birthday_days", "customers", "number", 3, N_("Remind of birthdays"),
            N_("So many days ahead."), unit=N_("days"), most=60),
    Setting("day_end", "day", "time", "19:00", N_("The working day ends at"),
            N_("The load bar shows whether today's list fits until then.")),
    Setting("lock_minutes", "password", "number", 10, N_("Lock by itself after"),
            N_("0 for never. Also Ctrl+Alt+L. Imports go on behind the lock."),
            unit=N_("minutes without a key"), most=240),
    Setting("backup_minutes", "backups", "number", 30, N_("When"),
            N_("also at start, before an import or an act on many records, and on closing"),
            lead=N_("every"), unit=N_("minutes of changes"), least=5, most=480),
    Setting("backup_gb", "backups", "number", 20, N_("Keep"),
            N_("all of two days, then 12 daily, 10 weekly, 9 monthly ones; the newest always"),
            unit=N_("GB at most"), least=1, most=2000),
    Setting("second_folder", "backups", "folder", "", N_("Second folder"),
            N_("on a USB stick or another disk; while it is there, each new backup goes there too")),
)  # fmt: skip

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def get(con: Connection, key: str) -> str | int | bool:
    """The value of a setting, its default when the owner never changed it or its kind does not allow what is there."""
    row = con.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    if row is None or not is_allowed(key, row[0]):
        return _BY_KEY[key].default
    value: str | int | bool = json.loads(row[0])
    return value


def is_allowed(key: str, stored: str) -> bool:
    """Whether there is such a setting and it may have this value, as it is stored; one may have come in a file."""
    try:
        _check(_BY_KEY[key], json.loads(stored))
    except (KeyError, ValueError, ShopError):
        return False
    return True


def text(con: Connection, key: str) -> str:
    """A setting of kind text, time or currency."""
    return str(get(con, key))


def number(con: Connection, key: str) -> int:
    """A setting of kind number."""
    return int(get(con, key))


def default_number(key: str) -> int:
    """What a new shop has of a setting of kind number."""
    return int(_BY_KEY[key].default)


def put(db: Database, key: str, value: str | int | bool) -> None:
    """Set a setting, inside a change. Raises ShopError for a value that its kind does not allow.

    What is in force already is not written, also where it is the default: nothing would be there to undo.
    """
    setting = _BY_KEY[key]
    _check(setting, value)
    if get(db.conn, key) == value:
        return
    db.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        (key, json.dumps(value, ensure_ascii=False)),
    )


def _check(setting: Setting, value: str | int | bool) -> None:
    if setting.kind == "time" and not _TIME.fullmatch(str(value)):
        raise ShopError(N_("“{value}” is not a time like 17:00."), field=setting.key, value=value)
    if setting.kind == "currency" and not re.fullmatch(r"[A-Z]{3}", str(value)):
        raise ShopError(N_("“{value}” is not a currency like CNY."), field=setting.key, value=value)
    if setting.kind == "number" and not (type(value) is int and setting.least <= value <= setting.most):
        raise ShopError(
            N_("A number from {least} to {most} is needed."),
            field=setting.key, least=setting.least, most=setting.most,
        )  # fmt: skip
    if setting.kind == "folder" and value != "" and not _is_folder_here(str(value)):
        raise ShopError(
            N_("“{value}” is not a whole path to a folder of this computer."), field=setting.key, value=value
        )
    if setting.kind == "text":
        kept_text(str(value), setting.key)


def _is_folder_here(value: str) -> bool:
    """A whole path, and none to another computer's share: Windows would show our name there before we ask."""
    return "\0" not in value and len(value) <= _LONGEST_PATH and Path(value).is_absolute() and value[:2] not in _SHARES
