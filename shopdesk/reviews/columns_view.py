"""The columns of the Reviews page: one on screen, the others in files and by choice."""

from __future__ import annotations

from shopdesk.core.words import N_, tr
from shopdesk.reviews.inbox_view import WIDE, review_cell, review_text
from shopdesk.reviews.model import State, cause_title
from shopdesk.ui.columns import Column, Kind, Row


def _state_text(row: Row) -> str:
    return tr(State(row["state"]).title)


def _cause_text(row: Row) -> str:
    return cause_title(row["cause"])


COLUMNS = (
    Column("body", N_("Review"), width=WIDE - 12, sort="written_at", falling=True, cell=review_cell,
           value=review_text, stretch=True),
    Column("stars", N_("Stars"), Kind.NUMBER, width=60, sort="stars", hidden=True),
    Column("buyer", N_("Buyer"), hidden=True),
    Column("item", N_("Product"), hidden=True),
    Column("written_at", N_("Written"), Kind.TIME, sort="written_at", falling=True, hidden=True),
    Column("state_word", N_("State"), cell=_state_text, value=_state_text, hidden=True),
    Column("cause_word", N_("Cause"), cell=_cause_text, value=_cause_text, hidden=True),
    Column("reply", N_("Answer"), hidden=True),
    Column("replied_at", N_("Answered"), Kind.TIME, sort="replied_at", falling=True, hidden=True),
    Column("order_number", N_("Order"), hidden=True),
    Column("sku", N_("SKU"), hidden=True),
    Column("note", N_("Note"), hidden=True),
    Column("channel", N_("Channel"), hidden=True),
)  # fmt: skip
