"""Returns and refunds: their own states, money that adds up, goods back on the shelf."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core import check
from shopdesk.core.errors import ShopError
from shopdesk.orders import returning, store, verbs
from shopdesk.orders.model import RefundState, ReturnKind, ReturnState, Status


def sent(shop, enter, number="1", **more):
    order = enter(number, **more)
    verbs.ship_orders(shop, ids=[order], at="2026-11-24 10:00:00")
    return order


def test_a_return_is_opened_received_restocked_and_refunded(shop, goods, enter, symmetric):
    order_id = sent(shop, enter, bowls=2, cups=1)
    line = store.order(shop.reader(), order_id).lines[0]
    opened = symmetric(
        lambda: returning.open_return(
            shop, order_id=order_id, kind=ReturnKind.RETURN, amount=10600, pieces={line.id: 1}, reason="裂了"
        )
    )
    order = store.order(shop.reader(), order_id)
    assert [(r.number, r.state, r.pieces) for r in order.returns] == [("1-R1", ReturnState.OPEN, 1)]
    assert order.refund_state is RefundState.NONE
    symmetric(lambda: returning.receive_return(shop, return_id=opened, restock=True))
    on_hand = shop.reader().execute("SELECT on_hand FROM skus WHERE id = ?", (goods.bowl,)).fetchone()[0]
    assert on_hand == 9
    symmetric(lambda: returning.refund_return(shop, return_id=opened, amount=10000))
    order = store.order(shop.reader(), order_id)
    assert (order.refunded, order.refund_state, order.left_to_refund) == (10000, RefundState.PARTIAL, 21800)
    assert order.returns[0].state is ReturnState.REFUNDED
    spent = shop.reader().execute("SELECT spent FROM customers").fetchone()[0]
    assert spent == order.paid - 10000
    for again in (
        lambda: returning.refund_return(shop, return_id=opened, amount=1),
        lambda: returning.receive_return(shop, return_id=opened, restock=True),
        lambda: returning.refuse_return(shop, return_id=opened),
    ):
        with pytest.raises(ShopError):
            again()


def test_goods_that_come_back_broken_stay_off_the_shelf(shop, goods, enter):
    order_id = sent(shop, enter)
    line = store.order(shop.reader(), order_id).lines[0]
    opened = returning.open_return(shop, order_id=order_id, kind=ReturnKind.RETURN, amount=0, pieces={line.id: 1})
    returning.receive_return(shop, return_id=opened, restock=False)
    assert shop.reader().execute("SELECT count(*) FROM stock_moves WHERE kind = 'return'").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("act", "state", "word"),
    [
        (returning.exchange_return, ReturnState.EXCHANGED, "Return 1-R1 exchanged"),
        (returning.refuse_return, ReturnState.REFUSED, "Return 1-R1 refused"),
    ],
)
def test_a_return_is_settled_without_money(shop, enter, symmetric, act, state, word):
    order_id = sent(shop, enter)
    opened = returning.open_return(shop, order_id=order_id, kind=ReturnKind.EXCHANGE, amount=0)
    con = shop.reader()
    assert con.execute(f"SELECT count(*) FROM orders WHERE {store.RETURNED}").fetchone()[0] == 1
    symmetric(lambda: act(shop, return_id=opened))
    assert store.order(con, order_id).returns[0].state is state
    assert con.execute(f"SELECT count(*) FROM orders WHERE {store.RETURNED}").fetchone()[0] == 0
    assert shop.last_step().label == word


def test_a_full_refund_before_shipping_can_close_the_order(shop, goods, enter, symmetric):
    order_id = enter("1")
    paid = store.order(shop.reader(), order_id).paid
    symmetric(lambda: returning.refund_order(shop, order_id=order_id, amount=paid, close=True))
    order = store.order(shop.reader(), order_id)
    assert (order.status, order.refund_state) == (Status.CLOSED, RefundState.FULL)
    assert shop.reader().execute("SELECT max(held) FROM skus").fetchone()[0] == 0


def test_what_cannot_go_back_is_refused(shop, enter):
    order_id = sent(shop, enter)
    paid = store.order(shop.reader(), order_id).paid
    line = store.order(shop.reader(), order_id).lines[0]
    for amount in (0, -5, paid + 1):
        with pytest.raises(ShopError) as refused:
            returning.refund_order(shop, order_id=order_id, amount=amount)
        assert refused.value.field == "amount"
    with pytest.raises(ShopError) as refused:
        returning.open_return(shop, order_id=order_id, kind=ReturnKind.RETURN, amount=0, pieces={line.id: line.qty + 1})
    assert refused.value.field == "pieces"


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.integers(1, 20000), min_size=1, max_size=6), st.integers(0, 3))
def test_partial_refunds_add_up_and_never_pass_what_was_paid(shop, enter, amounts, undone):
    before = shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0]
    order_id = sent(shop, enter, f"p{before}", cups=0, bowls=2)
    paid, back = store.order(shop.reader(), order_id).paid, []
    for amount in amounts:
        if sum(back) + amount > paid:
            with pytest.raises(ShopError):
                returning.refund_order(shop, order_id=order_id, amount=amount)
        else:
            returning.refund_order(shop, order_id=order_id, amount=amount)
            back.append(amount)
    for _ in range(min(undone, len(back))):
        shop.undo()
        back.pop()
    order = store.order(shop.reader(), order_id)
    assert (order.refunded, order.left_to_refund) == (sum(back), paid - sum(back))
    state = RefundState.NONE if not back else RefundState.FULL if sum(back) == paid else RefundState.PARTIAL
    assert order.refund_state is state
    assert not list(check.faults(shop.path))
