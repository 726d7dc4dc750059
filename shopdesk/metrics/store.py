"""The questions that the figures are made of, asked to the views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shopdesk.core import clock, settings
from shopdesk.core.channels import platform_name
from shopdesk.core.sqlite import Connection
from shopdesk.metrics.model import WEEKS, Range


@dataclass(frozen=True, slots=True)
class Product:
    """A SKU's part of the sales: minor units and pieces."""

    sku_id: int
    name: str
    sales: int
    units: int


@dataclass(frozen=True, slots=True)
class ChannelSales:
    """A channel's part of the sales: minor units and orders."""

    channel_id: int
    platform: str
    shop: str
    sales: int
    orders: int

    @property
    def name(self) -> str:
        """Platform and shop, in the owner's language."""
        return f"{platform_name(self.platform)} · {self.shop}"


def currency(con: Connection) -> str:
    """The currency that figures are reported in."""
    return settings.text(con, "currency")


def other_currencies(con: Connection, span: Range) -> list[tuple[str, int]]:
    """Sales in currencies that the figures leave out: (ISO code, minor units)."""
    rows = con.execute(
        "SELECT currency, sum(sales) FROM v_day WHERE day BETWEEN ? AND ? AND currency <> ? GROUP BY currency"
        " HAVING sum(sales) <> 0",
        (*_days(span), currency(con)),
    )
    return [(row[0], row[1]) for row in rows]


def newest_sale(con: Connection) -> date | None:
    """The newest day on which something was sold, in whatever currency; None when there is none."""
    row = con.execute(
        "SELECT day FROM v_day WHERE orders > 0 AND day <= ? ORDER BY day DESC LIMIT 1", (clock.today().isoformat(),)
    ).fetchone()
    return date.fromisoformat(row[0]) if row else None


def oldest_sale(con: Connection) -> date | None:
    """The day of the first sale or refund; None when there is none."""
    row = con.execute("SELECT day FROM v_day ORDER BY day LIMIT 1").fetchone()
    return date.fromisoformat(row[0]) if row else None


def daily(con: Connection, span: Range) -> list[tuple[object, ...]]:
    """(day, sales, orders, units, refunded) of the days that had any, from WEEKS weeks before `span` on."""
    first = span.first - timedelta(weeks=WEEKS)
    rows = con.execute(
        "SELECT day, sum(sales), sum(orders), sum(units), sum(refunded) FROM v_day"
        " WHERE day BETWEEN ? AND ? AND currency = ? GROUP BY day",
        (first.isoformat(), span.last.isoformat(), currency(con)),
    )
    return [tuple(row) for row in rows]


def same_hours(con: Connection) -> list[tuple[object, ...]]:
    """Like daily(), of the WEEKS same weekdays before today and only the hours that today has had."""
    days = [(clock.today() - timedelta(weeks=week)).isoformat() for week in range(1, WEEKS + 1)]
    marks = ", ".join("?" * len(days))
    rows = con.execute(
        "SELECT day, sum(sales), sum(orders), sum(units), sum(refunded) FROM v_day"
        f" WHERE day IN ({marks}) AND hour <= ? AND currency = ? GROUP BY day",
        (*days, clock.now().hour, currency(con)),
    )
    return [tuple(row) for row in rows]


def channels(con: Connection, span: Range) -> list[ChannelSales]:
    """What each channel sold, the largest first."""
    rows = con.execute(
        "SELECT d.channel_id, c.platform, c.name, sum(d.sales), sum(d.orders) FROM v_day d"
        " JOIN v_channels c ON c.id = d.channel_id WHERE d.day BETWEEN ? AND ? AND d.currency = ?"
        " GROUP BY d.channel_id HAVING sum(d.orders) > 0 ORDER BY 4 DESC",
        (*_days(span), currency(con)),
    )
    return [ChannelSales(*row) for row in rows]


def heat(con: Connection, span: Range) -> list[list[int]]:
    """Orders by weekday (Monday first) and hour: 7 lists of 24."""
    found = [[0] * 24 for _ in range(7)]
    rows = con.execute(
        "SELECT strftime('%w', day), hour, sum(orders) FROM v_day WHERE day BETWEEN ? AND ? GROUP BY 1, 2",
        _days(span),
    )
    for weekday, hour, count in rows:
        found[(int(weekday) + 6) % 7][hour] = count
    return found


def products(con: Connection, span: Range) -> list[tuple[int, int, int]]:
    """(SKU, sales, units) of everything sold, the best first."""
    several = con.execute("SELECT count(DISTINCT currency) > 1 FROM channels").fetchone()[0]
    source = "v_order_lines" if several else "v_sku_sales"
    only = " AND currency = ?" if several else ""
    rows = con.execute(
        f"SELECT sku_id, sum(sales), sum(qty) FROM {source} WHERE day BETWEEN ? AND ? AND sku_id IS NOT NULL{only}"
        " GROUP BY sku_id ORDER BY 2 DESC",
        (*_days(span), *((currency(con),) if several else ())),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def named(con: Connection, found: list[tuple[int, int, int]]) -> list[Product]:
    """Products with their names."""
    names = {
        row[0]: f"{row[1]} {row[2]}".strip()
        for row in con.execute(
            f"SELECT id, name, options FROM skus WHERE id IN ({', '.join('?' * len(found))})",
            [sku for sku, _, _ in found],
        )
    }
    return [Product(sku, names.get(sku, ""), sales, units) for sku, sales, units in found]


def _days(span: Range) -> tuple[str, str]:
    return span.first.isoformat(), span.last.isoformat()
