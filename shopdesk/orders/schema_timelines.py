"""What orders tell in the timelines of an order, a customer and a SKU.

What came later stands earlier in a view, so that of two moments of one second the later is shown first.
Every view has the same columns: record_id, at, icon, words (an English template), args (JSON for it: an
amount is {"minor", "currency"}), detail (plain data), page and target (what a click opens).
"""

from __future__ import annotations

from shopdesk.core.words import N_

_PLACED = N_("Order placed")
_PAID = N_("The buyer paid")
_SHIPPED = N_("Shipped")
_DONE = N_("Received by the buyer")
_CLOSED = N_("Closed")
_IMPORTED = N_("Imported from {file}")
_UNPAID_EVENT = N_("Became unpaid")
_PAID_BY_HAND = N_("Marked paid")
_SHIPPED_BY_HAND = N_("Marked shipped")
_DONE_BY_HAND = N_("Marked done")
_CLOSED_BY_HAND = N_("Closed by hand")
_TO_SHIP = N_("To ship")
_PROBLEM = N_("Flagged as a problem")
_SOLVED = N_("Problem solved")
_NOTE = N_("Note")
_PARCEL = N_("News of the parcel")
_EDIT = N_("Edited")
_RETURN_OPENED = N_("Return {number} opened")
_RETURN_RECEIVED = N_("Return {number} received")
_RETURN_REFUNDED = N_("{amount} refunded")
_RETURN_EXCHANGED = N_("Return {number} exchanged")
_RETURN_REFUSED = N_("Return {number} refused")
_FLAGGED = N_("Order {number} flagged")
_BOUGHT = N_("Order {number} · {amount}")
_SOLD = N_("Sold {n} · {buyer}")

_LONGEST = 12
"""A longer number is told by the tail that the tables show."""
_TAIL = f"CASE WHEN length(o.number) > {_LONGEST} THEN '…' || substr(o.number, -6) ELSE o.number END"
_AMOUNT = "json_object('minor', {minor}, 'currency', {currency})"
_REFUND = f"json_object('number', r.number, 'amount', {_AMOUNT.format(minor='r.amount', currency='r.currency')})"


def _returns(record: str, page: str, target: str) -> str:
    """The four moments of a return, each a SELECT."""
    moments = (
        ("opened_at", "(r.kind <> 'refund' OR r.state <> 'refunded')", "case", _RETURN_OPENED, "r.reason"),
        ("received_at", "r.kind <> 'refund'", "inventory", _RETURN_RECEIVED, "''"),
        ("refunded_at", "r.state = 'refunded'", "money", _RETURN_REFUNDED, "r.reason"),
        ("closed_at", "r.state = 'exchanged'", "replace", _RETURN_EXCHANGED, "''"),
        ("closed_at", "r.state = 'refused'", "close", _RETURN_REFUSED, "r.note"),
    )
    return "\nUNION ALL\n".join(
        f"SELECT r.{record}, r.{at}, '{icon}', '{words}', {_REFUND}, {detail}, {page}, {target}"
        f" FROM returns r WHERE r.{at} IS NOT NULL AND {condition} AND r.deleted_at IS NULL"
        f" AND r.{record} IS NOT NULL"
        for at, condition, icon, words, detail in moments
    )


def _milestone(at: str, icon: str, words: str, status: str, detail: str = "''") -> str:
    """A moment that the platform told, unless the owner told it first."""
    return (
        f"SELECT o.id, o.{at}, '{icon}', '{words}', '{{}}', {detail}, '', NULL FROM orders o"
        f" WHERE o.{at} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM order_events e"
        f" WHERE e.order_id = o.id AND e.by_hand = 1 AND e.status = '{status}')"
    )


TIMELINES = f"""
CREATE VIEW v_timeline_order_orders (record_id, at, icon, words, args, detail, page, target) AS
{_returns("order_id", "''", "NULL")}
UNION ALL
SELECT e.order_id, e.at,
       CASE e.kind WHEN 'problem' THEN 'flag_problem' WHEN 'solved' THEN 'tick' WHEN 'note' THEN 'note'
           WHEN 'parcel' THEN 'ship' WHEN 'edit' THEN 'by_hand'
           ELSE CASE e.status WHEN 'shipped' THEN 'ship' WHEN 'done' THEN 'done' WHEN 'closed' THEN 'close'
                WHEN 'to_ship' THEN 'money' ELSE 'clock' END END,
       CASE e.kind WHEN 'problem' THEN '{_PROBLEM}' WHEN 'solved' THEN '{_SOLVED}' WHEN 'note' THEN '{_NOTE}'
           WHEN 'parcel' THEN '{_PARCEL}' WHEN 'edit' THEN '{_EDIT}'
           ELSE CASE e.status || e.by_hand
               WHEN 'to_ship1' THEN '{_PAID_BY_HAND}' WHEN 'to_ship0' THEN '{_TO_SHIP}'
               WHEN 'shipped1' THEN '{_SHIPPED_BY_HAND}' WHEN 'shipped0' THEN '{_SHIPPED}'
               WHEN 'done1' THEN '{_DONE_BY_HAND}' WHEN 'done0' THEN '{_DONE}'
               WHEN 'closed1' THEN '{_CLOSED_BY_HAND}' WHEN 'closed0' THEN '{_CLOSED}'
               ELSE '{_UNPAID_EVENT}' END END,
       '{{}}',
       CASE WHEN e.note <> '' THEN e.note WHEN e.status = 'shipped' THEN trim(o.courier || ' ' || o.tracking)
            ELSE '' END,
       '', NULL
FROM order_events e JOIN orders o ON o.id = e.order_id
WHERE e.by_hand = 1 OR CASE coalesce(e.status, e.kind)
    WHEN 'unpaid' THEN 0 WHEN 'to_ship' THEN o.paid_at IS NULL WHEN 'shipped' THEN o.shipped_at IS NULL
    WHEN 'done' THEN o.done_at IS NULL WHEN 'closed' THEN o.closed_at IS NULL ELSE 1 END
UNION ALL
SELECT o.id, i.at, 'import', '{_IMPORTED}', json_object('file', i.file_name), '', '', NULL
FROM orders o JOIN imports i ON i.id = o.import_id
UNION ALL
{_milestone("closed_at", "close", _CLOSED, "closed")}
UNION ALL
{_milestone("done_at", "done", _DONE, "done")}
UNION ALL
{_milestone("shipped_at", "ship", _SHIPPED, "shipped", "trim(o.courier || ' ' || o.tracking)")}
UNION ALL
{_milestone("paid_at", "money", _PAID, "to_ship")}
UNION ALL
SELECT o.id, o.created_at, 'orders', '{_PLACED}', '{{}}', o.buyer_note, '', NULL
FROM orders o WHERE o.created_at IS NOT NULL;

CREATE VIEW v_timeline_customer_orders AS
SELECT o.customer_id AS record_id, o.problem_at AS at, 'flag_problem' AS icon, '{_FLAGGED}' AS words,
       json_object('number', {_TAIL}) AS args, o.problem_note AS detail, 'orders' AS page, o.id AS target
FROM orders o WHERE o.customer_id IS NOT NULL AND o.problem IS NOT NULL AND o.problem_at IS NOT NULL
    AND o.deleted_at IS NULL
UNION ALL
SELECT o.customer_id, coalesce(o.paid_at, o.created_at, o.status_at), 'orders', '{_BOUGHT}',
       json_object('number', {_TAIL}, 'amount', {_AMOUNT.format(minor="o.paid", currency="o.currency")}),
       o.title, 'orders', o.id
FROM orders o WHERE o.customer_id IS NOT NULL AND o.deleted_at IS NULL
UNION ALL
{_returns("customer_id", "'orders'", "r.order_id")};

CREATE VIEW v_timeline_sku_orders AS
SELECT s.id AS record_id, coalesce(o.paid_at, l.day) AS at, 'orders' AS icon, '{_SOLD}' AS words,
       json_object('n', l.qty, 'buyer', o.name) AS args, o.number AS detail, 'orders' AS page, o.id AS target
FROM skus s
JOIN order_lines l ON l.id IN (
    SELECT id FROM order_lines WHERE sku_id = s.id AND day IS NOT NULL ORDER BY day DESC LIMIT 100)
JOIN orders o ON o.id = l.order_id;
"""
