"""The columns of the Customers page and what their cells show."""

from __future__ import annotations

import json

from shopdesk.core import clock, dates
from shopdesk.core.channels import platform_name
from shopdesk.core.words import N_, tr
from shopdesk.customers import model
from shopdesk.ui.columns import Cell, Column, Kind, Row


def _name_cell(row: Row) -> Cell:
    return Cell(row["shown_name"], initials=model.initials(row["shown_name"]), sub=platform_name(row["platform"]))


def _tags_cell(row: Row) -> Cell | str:
    tags = json.loads(row["tags"])
    more = f" +{len(tags) - 1}" if len(tags) > 1 else ""
    return Cell(f"{tags[0]}{more}", tag="accent") if tags else ""


def _tags_value(row: Row) -> object:
    return ", ".join(json.loads(row["tags"]))


def _last_order_cell(row: Row) -> Cell | str:
    return Cell(dates.show_past_day(row["last_order"]), "text_2") if row["last_order"] else ""


def _spent_cell(row: Row) -> Cell:
    return Cell(amount=(int(row["spent"]), row["currency"]))


def _rhythm_cell(row: Row) -> Cell:
    days = row["rhythm_days"]
    return Cell(tr("≈ {n} d", n=days), "text_2") if days else Cell("—", "text_3")


def _due_cell(row: Row) -> Cell:
    due = row["due_at"]
    if not due:
        return Cell("—", "text_3")
    late = due < row["today"]
    day = dates.moment_of(due)
    far = day is not None and abs((day.date() - clock.today()).days) > 300
    return Cell(dates.show_day(due, year=far), "warn" if late else "text_2", strong=late)


def _rating_cell(row: Row) -> Cell:
    rating = row["rating"]
    return Cell(f"{rating / 10:.1f}", "text_2") if rating is not None else Cell("—", "text_3")


def _birthday_cell(row: Row) -> Cell | str:
    return Cell(spoken_birthday(row["birthday"]), "text_2") if row["birthday"] else ""


def spoken_birthday(stored: str) -> str:
    """The day of a birthday, without its year."""
    return dates.show_day(f"2000-{stored[-5:]}")


COLUMNS = (
    Column("shown_name", N_("Customer"), width=160, sort="shown_name", cell=_name_cell, stretch=True),
    Column("tags", N_("Tags"), Kind.TAG, width=92, cell=_tags_cell, value=_tags_value),
    Column("last_order", N_("Last order"), Kind.TIME, 106, "last_order", falling=True, cell=_last_order_cell),
    Column("orders", N_("Orders"), Kind.NUMBER, width=58, sort="orders", falling=True),
    Column("spent", N_("Spent {symbol}"), Kind.MONEY, width=96, sort="spent", falling=True, cell=_spent_cell),
    Column("rhythm_days", N_("Buys every"), Kind.NUMBER, width=84, sort="rhythm_days", cell=_rhythm_cell),
    Column("due_at", N_("Next due"), Kind.DAY, width=80, sort="due_at", right=True, cell=_due_cell),
    Column("rating", N_("Rates"), Kind.NUMBER, width=62, sort="rating", falling=True, cell=_rating_cell,
           value=lambda row: None if row["rating"] is None else row["rating"] / 10),
    Column("channel", N_("Channel"), Kind.QUIET, width=88, hidden=True),
    Column("birthday", N_("Birthday"), Kind.QUIET, width=84, sort="birthday_key", hidden=True, cell=_birthday_cell,
           value=lambda row: model.shown_birthday(row["birthday"])),
    Column("phone", N_("Phone"), Kind.QUIET, width=124, hidden=True),
    Column("region", N_("Region"), Kind.QUIET, width=100, hidden=True),
    Column("note", N_("Note"), Kind.QUIET, width=140, hidden=True),
)  # fmt: skip
