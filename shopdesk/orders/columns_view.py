"""The columns of the Orders page and what their cells show."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

from shopdesk.core import clock, dates
from shopdesk.core.channels import platform_name
from shopdesk.core.words import N_, language, tr
from shopdesk.orders.model import Problem, RefundState, Status, late, number_tail, problem_line, short_time, to_pay
from shopdesk.ui.columns import EMPTY, UNKNOWN, Cell, Column, Kind, Row


def items_cell(row: Row) -> Cell:
    """The first item with its picture, how many kinds more, and the flag and short signs."""
    signs = (("short", "bad", row["short"]), ("flag_problem", "warn", row["problem"]))
    icons = tuple((name, tone) for name, tone, shown in signs if shown)
    title, whole = str(row["title"]), items(row)
    return Cell(title or EMPTY, tail=whole.removeprefix(title), thumb=row["thumb"], icons=icons, note=_flag_note(row))


def _flag_note(row: Row) -> str:
    return problem_line(row["problem"], row["problem_note"])


def items(row: Row) -> str:
    """The first item and how many kinds more."""
    title, kinds = str(row["title"]), int(row["kinds"])
    if kinds < 2 or not title:
        return title
    # English counts the other kinds (+1), Chinese all of them (等 2 种)
    return tr("{title} +{more}", title=title, more=kinds if language() == "zh_CN" else kinds - 1)


def pieces(row: Row) -> int | None:
    """How many pieces; None where the file named no lines."""
    return int(row["pieces"]) if row["kinds"] else None


def pieces_cell(row: Row) -> Cell:
    """How many pieces; unknown where the file named no lines."""
    return Cell(f"{row['pieces']:,}") if row["kinds"] else Cell(UNKNOWN, "text_3")


def number_cell(row: Row) -> Cell:
    """The channel and the tail that the owner searches by."""
    text, behind = number_tail(row["number"], platform_name(row["platform"]))
    return Cell(text, "text_2", sub=behind)


def money_cell(row: Row, key: str = "paid") -> Cell:
    """An amount in the order's currency."""
    return Cell(amount=(int(row[key]), row["currency"]))


def paid_cell(row: Row) -> Cell:
    """What was paid; where nothing was yet, quietly what is to be paid."""
    if row["owed"]:
        amount = int(row["owed"]), row["currency"]
        return Cell(amount=amount, tone="text_3", note=tr("Nothing is paid yet: {sum}.", sum=to_pay(*amount)))
    return Cell(EMPTY, "text_3") if row["paid_at"] is None and not row["paid"] else money_cell(row)


def refunded_cell(row: Row) -> Cell:
    """What went back."""
    return money_cell(row, "refunded") if row["refunded"] else Cell(EMPTY, "text_3")


def owed_cell(row: Row) -> Cell:
    """What is to be paid."""
    return money_cell(row, "owed") if row["owed"] or row["status"] == "unpaid" else Cell(EMPTY, "text_3")


def ship_by_cell(row: Row) -> Cell:
    """When it must leave: the hour today, the minutes in the last hour, how late in red."""
    by = row["ship_by"]
    if by is None or row["status"] != "to_ship":
        return Cell(EMPTY, "text_3")
    over = late(by)
    if over:
        return Cell(over, "bad", strong=True)
    minutes = dates.minutes_until(by)
    if minutes < 60:
        return Cell(tr("in {n} min", n=minutes), "warn", strong=True)
    if by[:10] == clock.today().isoformat():
        return Cell(by[11:16], strong=True)
    return Cell(short_time(by), "text_2")


def when(key: str) -> Callable[[Row], Cell]:
    """The cell of a time, short."""

    def cell(row: Row) -> Cell:
        return Cell(short_time(row[key]), "text_2") if row[key] else Cell(EMPTY, "text_3")

    return cell


def problem_cell(row: Row) -> Cell:
    """The note of the flag on one line."""
    note = " ".join(row["problem_note"].split())
    return Cell(note) if note else Cell(EMPTY, "text_3")


def status_cell(row: Row) -> Cell:
    """The one thing to know: short, a problem, a return, money back, else the plain state."""
    problem = Problem.of(row["problem"])
    if row["short"]:
        return Cell(tr("Short"), tag="bad")
    if problem is not None and problem.tone:
        return Cell(problem.label(), tag=problem.tone, note=_flag_note(row))
    if row["returns_open"]:
        return Cell(tr("Returning"), tag="warn")
    refund = RefundState.named(row["refund_state"])
    if refund is not RefundState.NONE:
        return Cell(refund.label(), tag=refund.tone)
    return Cell(status_words(row), Status.named(row["status"]).tone)


def status_words(row: Row) -> str:
    """The plain state in words."""
    return Status.named(row["status"]).label()


def parcel_cell(row: Row) -> Cell:
    """The tracking number, the courier behind it."""
    if not row["tracking"] and not row["courier"]:
        return Cell(EMPTY, "text_3")
    return Cell(row["tracking"] or row["courier"], "text_2", sub=row["courier"] if row["tracking"] else "")


def parcel(row: Row) -> str:
    """Courier and tracking number."""
    return f"{row['courier']} {row['tracking']}".strip()


def time_column(key: str, title: str, *, hidden: bool = True) -> Column:
    """A column of times: short on screen, whole in an export, newest first."""
    return Column(
        key, title, Kind.TIME, width=94, sort=key, falling=True, cell=when(key), value=itemgetter(key), hidden=hidden
    )


COLUMNS = (
    Column("items", N_("Items"), width=188, sort="title", cell=items_cell, value=items, stretch=True),
    Column("number", N_("Order no."), width=112, sort="number", cell=number_cell),
    Column("buyer", N_("Buyer"), width=98, sort="name"),
    Column("pieces", N_("Qty"), Kind.NUMBER, width=42, sort="pieces", cell=pieces_cell, value=pieces),
    Column("paid", N_("Paid {symbol}"), Kind.MONEY, width=78, sort="paid", falling=True, cell=paid_cell),
    Column("owed", N_("Owed {symbol}"), Kind.MONEY, 80, "owed", falling=True, cell=owed_cell, hidden=True),
    Column(
        "refunded", N_("Refunded {symbol}"), Kind.MONEY, 92, "refunded", falling=True, cell=refunded_cell, hidden=True
    ),
    time_column("created_at", N_("Placed")),
    time_column("paid_at", N_("Paid at"), hidden=False),
    time_column("shipped_at", N_("Shipped")),
    Column("parcel", N_("Tracking no."), width=104, cell=parcel_cell, value=parcel, hidden=True),
    Column(
        "ship_by", N_("Ship by"), Kind.TIME, width=90, sort="ship_by", cell=ship_by_cell, value=itemgetter("ship_by")
    ),
    Column("status", N_("Status"), width=88, sort="status", cell=status_cell, value=status_words),
    Column("problem_note", N_("Problem note"), width=146, cell=problem_cell, hidden=True),
    Column("region", N_("Region"), Kind.QUIET, width=110, hidden=True),
    Column("seller_note", N_("Own note"), Kind.QUIET, width=140, hidden=True),
)
