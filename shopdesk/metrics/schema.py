"""The daily sums that the charts read."""

from __future__ import annotations

from shopdesk.core.schema import Feature, KeptTable, On

_TABLES = """
CREATE TABLE sales_hours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    channel_id INTEGER NOT NULL REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    currency TEXT NOT NULL,
    orders INTEGER NOT NULL,
    units INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    refunded INTEGER NOT NULL
) STRICT;
CREATE INDEX sales_hours_day ON sales_hours (day, hour);
CREATE INDEX sales_hours_channel ON sales_hours (channel_id);

CREATE VIEW v_day AS
SELECT h.day, h.hour, h.channel_id, c.name AS channel, h.currency, h.orders, h.units, h.paid AS sales,
       h.refunds, h.refunded
FROM sales_hours h JOIN channels c ON c.id = h.channel_id;
"""

_SALES = KeptTable(
    table="sales_hours",
    key="day",
    columns=("day", "hour", "channel_id", "currency", "orders", "units", "paid", "refunds", "refunded"),
    query="""
    SELECT day, hour, channel_id, currency, sum(orders), sum(units), sum(paid), sum(refunds), sum(refunded)
    FROM (
        SELECT k.key AS day, CAST(substr(o.paid_at, 12, 2) AS INTEGER) AS hour, o.channel_id, o.currency,
               1 AS orders, o.pieces AS units, o.paid, 0 AS refunds, 0 AS refunded
        FROM {keys} k CROSS JOIN orders o INDEXED BY orders_paid_at
            ON o.paid_at >= k.key AND o.paid_at < k.key || '~'
        WHERE o.deleted_at IS NULL
        UNION ALL
        SELECT r.day, CAST(substr(coalesce(r.refunded_at, '0000-00-00 00'), 12, 2) AS INTEGER),
               r.channel_id, r.currency, 0, 0, 0, 1, r.amount
        FROM returns r INDEXED BY returns_day
        WHERE r.day IN {keys} AND r.state = 'refunded' AND r.deleted_at IS NULL
    )
    GROUP BY day, hour, channel_id, currency
    """,
    all_keys="SELECT DISTINCT substr(paid_at, 1, 10) FROM orders WHERE paid_at IS NOT NULL"
    " UNION SELECT day FROM returns WHERE day IS NOT NULL UNION SELECT day FROM sales_hours",
    on=(
        On(
            "orders",
            "substr({paid_at}, 1, 10)",
            watch=("paid_at", "paid", "channel_id", "currency", "deleted_at"),
        ),
        On("orders", watch=("paid_at",), keys="SELECT substr(opened_at, 1, 10) FROM returns WHERE order_id IN {ids}"),
        On(
            "order_lines",
            "(SELECT substr(paid_at, 1, 10) FROM orders WHERE id = {order_id})",
            watch=("order_id", "qty", "kind", "deleted_at"),
        ),
        On(
            "returns",
            "substr(coalesce({refunded_at}, (SELECT paid_at FROM orders WHERE id = {order_id}), {opened_at}), 1, 10)",
        ),
    ),
)

FEATURE = Feature(
    name="metrics",
    after=("orders",),
    migrations=(("0001_tables", _TABLES),),
    kept=(_SALES,),
    impersonal={"sales_hours": ("day", "currency")},
)
