"""The plan for refunds and returns: what is new, what changed."""

from __future__ import annotations

from shopdesk.core.sqlite import Connection
from shopdesk.exchange.identity import CHANNEL, last_id, run

_REFUNDS = """
CREATE TABLE plan.ret (id INTEGER PRIMARY KEY, staged_order INTEGER, staged_return INTEGER, return_id INTEGER,
    is_new INTEGER, order_id INTEGER, channel_id INTEGER, customer_id INTEGER, number TEXT, state TEXT,
    amount INTEGER, currency TEXT, opened_at TEXT, refunded_at TEXT);
INSERT INTO plan.ret (staged_order, return_id, order_id, channel_id, customer_id, number, state, amount, currency,
    opened_at)
SELECT s.id, coalesce(
           (SELECT r.id FROM returns r WHERE r.channel_id = p.channel_id AND r.number = s.number),
           (SELECT min(r.id) FROM returns r WHERE r.order_id = p.order_id AND r.deleted_at IS NULL
            AND r.kind <> 'exchange' HAVING count(*) = 1)),
       p.order_id, p.channel_id, p.customer_id, s.number,
       CASE WHEN s.refund_state = 'asked' THEN 'open' ELSE 'refunded' END,
       CASE WHEN s.refunded > 0 THEN s.refunded WHEN s.refund_state = 'full' THEN coalesce(s.paid, 0) ELSE 0 END,
       s.currency, CASE WHEN p.is_new THEN coalesce(s.closed_at, s.paid_at, s.created_at, :now) ELSE :now END
FROM staging.order_ s JOIN plan.ord p ON p.id = s.id
WHERE s.refunded > 0 OR s.refund_state = 'asked' OR (s.refund_state = 'full' AND s.paid > 0);
"""

_RETURNS = f"""
INSERT INTO plan.ret (staged_return, return_id, order_id, channel_id, customer_id, number, state, amount, currency,
    opened_at, refunded_at)
SELECT s.id, r.id, CASE WHEN s.order_number <> '' THEN coalesce(
           (SELECT p.order_id FROM staging.order_ t JOIN plan.ord p ON p.id = t.id
            WHERE t.number = s.order_number AND p.channel_id = h.channel_id LIMIT 1),
           (SELECT o.id FROM orders o WHERE o.channel_id = h.channel_id AND o.number = s.order_number)) END,
       h.channel_id, c.customer_id, s.number, coalesce(s.state, 'refunded'), coalesce(s.amount, 0), s.currency,
       coalesce(s.at, :now), CASE WHEN coalesce(s.state, 'refunded') = 'refunded' THEN s.at END
FROM staging.return_ s {CHANNEL.format(s="s")}
LEFT JOIN returns r ON r.channel_id = h.channel_id AND r.number = s.number
LEFT JOIN plan.person c ON c.id = s.person;
UPDATE plan.ret SET is_new = return_id IS NULL;
UPDATE plan.ret SET return_id = n.id FROM (
    SELECT id AS staged, :base + row_number() OVER (ORDER BY opened_at, id) AS id FROM plan.ret WHERE is_new) n
WHERE n.staged = ret.id AND ret.is_new;
"""

_RETURN_STATE = "CASE {0} WHEN 'open' THEN 0 WHEN 'received' THEN 1 ELSE 2 END"
_RETURN_CELLS = f"""
INSERT INTO plan.cell (kind, staged, record, field, old, new, held, ticked)
SELECT 'returns', p.id, r.id, 'amount', r.amount, p.amount,
       CASE WHEN EXISTS (SELECT 1 FROM json_each(r.edited) e WHERE e.value = 'amount') THEN 'edited' ELSE '' END,
       NOT EXISTS (SELECT 1 FROM json_each(r.edited) e WHERE e.value = 'amount')
FROM plan.ret p JOIN returns r ON r.id = p.return_id
WHERE NOT p.is_new AND p.amount <> r.amount AND (p.amount > 0 OR p.state = 'refunded');
INSERT INTO plan.cell (kind, staged, record, field, old, new, held, ticked)
SELECT 'returns', p.id, r.id, 'state', r.state, p.state,
       CASE WHEN {_RETURN_STATE.format("p.state")} < {_RETURN_STATE.format("r.state")} THEN 'backward' ELSE '' END,
       {_RETURN_STATE.format("p.state")} > {_RETURN_STATE.format("r.state")}
FROM plan.ret p JOIN returns r ON r.id = p.return_id
WHERE NOT p.is_new AND p.state <> r.state AND r.state <> 'refused';
"""


def plan_returns(con: Connection, *, now: str) -> None:
    """Fill plan.ret and its cells; plan.ord must be there."""
    run(con, _REFUNDS, now=now)
    run(con, _RETURNS, now=now, base=last_id(con, "returns"))
    run(con, _RETURN_CELLS)
