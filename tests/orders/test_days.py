"""Any day of work, undone to its morning and done again: nothing is left over, nothing is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core import check, clock
from shopdesk.core import settings as owner
from shopdesk.core.errors import ShopError
from shopdesk.orders import editing, returning, store, verbs
from shopdesk.orders.model import Problem, ReturnKind
from tests.conftest import NOW
from tests.drafts import draft_of
from tests.orders.conftest import picture


def first_return(shop, order_id):
    order = store.order(shop.reader(), order_id)
    if order is None or not order.returns:
        raise ShopError("none")
    return order.returns[-1].id


def opened(shop, order_id):
    order = store.order(shop.reader(), order_id)
    if order is None:
        raise ShopError("gone")
    line = order.lines[0]
    returning.open_return(shop, order_id=order_id, kind=ReturnKind.RETURN, amount=100, pieces={line.id: 1})


def another_count(shop, order_id):
    order = store.order(shop.reader(), order_id)
    if order is None:
        raise ShopError("gone")
    draft = draft_of(order)
    lines = tuple(replace(line, qty=line.qty + 1) for line in draft.lines)
    editing.edit_order(shop, order_id=order_id, draft=replace(draft, lines=lines))


def another_cutoff(shop, order_id):
    with shop.change("Cut-off", "settings") as db:
        owner.put(db, "cutoff", f"1{order_id}:30")


ACTS = {
    "ship": lambda shop, order: verbs.ship_orders(shop, ids=[order], courier="顺丰", tracking=f"SF{order}"),
    "flag": lambda shop, order: verbs.flag_problem(shop, ids=[order], kind=Problem.SPLIT, note="two boxes"),
    "clear": lambda shop, order: verbs.clear_problem(shop, ids=[order]),
    "pay": lambda shop, order: verbs.mark_paid(shop, ids=[order]),
    "done": lambda shop, order: verbs.mark_done(shop, ids=[order]),
    "close": lambda shop, order: verbs.close_orders(shop, ids=[order]),
    "delete": lambda shop, order: verbs.delete_orders(shop, ids=[order]),
    "note": lambda shop, order: verbs.add_note(shop, order_id=order, note="rang"),
    "edit": another_count,
    "return": opened,
    "receive": lambda shop, order: returning.receive_return(shop, return_id=first_return(shop, order), restock=True),
    "refund": lambda shop, order: returning.refund_return(shop, return_id=first_return(shop, order), amount=100),
    "refuse": lambda shop, order: returning.refuse_return(shop, return_id=first_return(shop, order)),
    "give back": lambda shop, order: returning.refund_order(shop, order_id=order, amount=700, close=True),
    "cut-off": another_cutoff,
}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), max_size=12))
def test_a_day_is_undone_and_done_again(shop, enter, day):
    start = shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0]
    orders = [
        enter(f"{start}-a"), enter(f"{start}-b", paid_at=None), enter(f"{start}-c", paid_at="2026-11-23 18:00:00"),
    ]  # fmt: skip
    pictures = [picture(shop)]
    for minute, (act, which) in enumerate(day):
        before = shop.last_step().id
        with clock.at(NOW + timedelta(minutes=minute)):
            try:
                ACTS[act](shop, orders[which])
            except ShopError:
                continue
        if shop.last_step().id > before:
            pictures.append(picture(shop))
    assert not list(check.faults(shop.path))
    for expected in reversed(pictures[:-1]):
        shop.undo()
        assert picture(shop) == expected
    assert not list(check.faults(shop.path))
    for expected in pictures[1:]:
        shop.redo()
        assert picture(shop) == expected
    assert not list(check.faults(shop.path))
