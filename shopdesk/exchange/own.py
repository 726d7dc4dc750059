"""Our own layout: every table of a shop with names instead of ids, and back.

A table is written as the facts it holds. References are told by natural keys: a channel by platform and
name, an order by its channel and number, a SKU by its key, in which the channel stands by name.
"""

from __future__ import annotations

from dataclasses import dataclass

_NATURAL = (
    "CASE WHEN {k}.channel_id IS NOT NULL AND substr({k}.key, 1, 5) IN ('item:', 'name:')"
    " AND substr({k}.key, 6, length({k}.channel_id) + 1) = {k}.channel_id || ':'"
    " THEN (SELECT substr({k}.key, 1, 5) || platform || '/' || name FROM channels WHERE id = {k}.channel_id)"
    " || substr({k}.key, 6 + length({k}.channel_id)) ELSE {k}.key END"
)
CHANNEL = "(SELECT id FROM channels WHERE platform = {x}.platform AND name = {x}.channel)"
_CUSTOMER = f"(SELECT id FROM customers WHERE channel_id = {CHANNEL} AND handle = nullif({{x}}.customer, ''))"
_ORDER = f"(SELECT id FROM orders WHERE channel_id = {CHANNEL} AND number = nullif({{x}}.number, ''))"
_SKU = "(SELECT id FROM plan.sku_key WHERE natural = {x}.sku)"
_PRODUCT = "(SELECT id FROM plan.natural_product WHERE natural = {x}.product)"
_PICTURE = "(SELECT sha256 FROM blobs WHERE sha256 = {x}.picture)"
_KEY = (
    "CASE WHEN {x}.platform <> '' AND substr({x}.key, 1, 5) IN ('item:', 'name:')"
    " AND substr({x}.key, 6, length({x}.platform || '/' || {x}.channel) + 1)"
    " = {x}.platform || '/' || {x}.channel || ':'"
    f" THEN substr({{x}}.key, 1, 5) || {CHANNEL}"
    " || substr({x}.key, 6 + length({x}.platform || '/' || {x}.channel))"
    " ELSE {x}.key END"
)


@dataclass(frozen=True, slots=True)
class Col:
    """One column of a written table.

    `out` is the SQL that gives it (the base table is `t`); `into` the column of the shop that it fills, ""
    for one that is only told; `value` the SQL that makes that column's value, {x} standing for the read row.
    """

    name: str
    kind: str = "text"
    out: str = ""
    into: str = ""
    value: str = ""
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the shop as it is written.

    `key` are the columns that say which row of the shop it is;
    without `single` equal rows are rows of their own. `counts` is the kind that an import counts it as.
    """

    name: str
    table: str
    cols: tuple[Col, ...]
    key: tuple[str, ...]
    joins: str = ""
    single: bool = True
    counts: str = ""
    edited: bool = False
    where: str = "true"

    @property
    def header(self) -> list[str]:
        """The names in the first row."""
        return [col.name for col in self.cols]

    @property
    def kinds(self) -> list[str]:
        """text, number or money, by column."""
        return [col.kind for col in self.cols]

    def select(self) -> str:
        """The query for all its rows, in the order in which they were made."""
        wanted = ", ".join(col.out for col in self.cols)
        return f"SELECT {wanted} FROM {self.table} t {self.joins} WHERE {self.where} ORDER BY t.rowid"


def _plain(kind: str, names: str, *, blank: bool = False) -> tuple[Col, ...]:
    """Columns that are written as they are; `blank` ones are NULL where the cell is empty."""
    return tuple(Col(name, kind, f"t.{name}", name, "", blank) for name in names.split())


def _text(names: str) -> tuple[Col, ...]:
    return _plain("text", names)


def _maybe(names: str) -> tuple[Col, ...]:
    return _plain("text", names, blank=True)


def _number(names: str) -> tuple[Col, ...]:
    return _plain("number", names, blank=True)


def _money(names: str) -> tuple[Col, ...]:
    return _plain("money", names, blank=True)


def _told(names: str, kind: str = "text") -> tuple[Col, ...]:
    return tuple(Col(name, kind, f"t.{name}") for name in names.split())


_OF_CHANNEL = (Col("platform", out="c.platform"), Col("channel", out="c.name", into="channel_id", value=CHANNEL))
_JOIN_CHANNEL = "JOIN channels c ON c.id = t.channel_id"
_MAYBE_CHANNEL = "LEFT JOIN channels c ON c.id = t.channel_id"
_CUSTOMER_COL = Col(
    "customer", out="(SELECT handle FROM customers WHERE id = t.customer_id)", into="customer_id", value=_CUSTOMER
)
_SKU_COL = Col(
    "sku", out=f"(SELECT {_NATURAL.format(k='k')} FROM skus k WHERE k.id = t.sku_id)", into="sku_id", value=_SKU
)
_PRODUCT_COL = Col(
    "product", out=f"(SELECT {_NATURAL.format(k='p')} FROM products p WHERE p.id = t.product_id)",
    into="product_id", value=_PRODUCT,
)  # fmt: skip
_PICTURE_COL = Col("picture", out="t.picture", into="picture", value=_PICTURE)
_OF_ORDER = (
    Col("platform", out="c.platform"), Col("channel", out="c.name"),
    Col("number", out="o.number", into="order_id", value=_ORDER),
)  # fmt: skip
_JOIN_ORDER = "JOIN orders o ON o.id = t.order_id JOIN channels c ON c.id = o.channel_id"
_TAIL = (*_text("extra edited"), *_maybe("deleted_at"))
_RETURN = f"(SELECT id FROM returns WHERE channel_id = {CHANNEL} AND number = {{x}}.number)"

PICTURE_PART = 16000
"""Bytes of a picture in one row; a workbook's cell holds 32,767 characters."""

TABLES: tuple[Table, ...] = (
    Table(
        "pictures", "blobs",
        (
            Col("sha256", out="t.sha256"), Col("media", out="t.media"), Col("part", "number", "n.value"),
            Col("data", out=f"hex(substr(t.bytes, 1 + n.value * {PICTURE_PART}, {PICTURE_PART}))"),
        ),
        key=("sha256",),
        joins=f"JOIN (WITH RECURSIVE n(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n WHERE value < 1400)"
              f" SELECT value FROM n) n ON n.value * {PICTURE_PART} < length(t.bytes)",
        where="t.kind = 'picture'",
    ),
    Table("channels", "channels", (*_text("platform name shop_id currency"), *_maybe("deleted_at")),
          key=("platform", "name")),
    Table("settings", "settings", _text("key value"), key=("key",)),
    Table("mappings", "mappings", (*_text("name layout"), *_maybe("deleted_at")), key=("name",)),
    Table("views", "views", (*_text("page name spec"), *_number("position"), *_maybe("deleted_at")),
          key=("page", "name", "position"), single=False),
    Table(
        "products", "products",
        (
            Col("key", out=_NATURAL.format(k="t"), into="key", value=_KEY), *_OF_CHANNEL,
            *_text("name category tags note"), _PICTURE_COL, *_maybe("created_at"), *_TAIL,
        ),
        key=("key",), joins=_MAYBE_CHANNEL, counts="products", edited=True,
    ),
    Table(
        "skus", "skus",
        (
            Col("key", out=_NATURAL.format(k="t"), into="key", value=_KEY), _PRODUCT_COL, *_OF_CHANNEL,
            *_text("code item_id name options currency"), *_money("price cost"), *_text("barcode shelf"),
            *_number("min_qty max_qty lead_days"), *_text("tags note"), _PICTURE_COL, *_TAIL,
            *_told("on_hand held", "number"),
        ),
        key=("key",), joins=_MAYBE_CHANNEL, edited=True,
    ),
    Table("stock_moves", "stock_moves",
          (_SKU_COL, *_text("at kind"), *_number("qty level"), *_text("note")),
          key=("sku_id", "at", "kind", "qty", "level", "note"), single=False, counts="stock"),
    Table(
        "customers", "customers",
        (
            *_OF_CHANNEL, *_text("handle name phone email address region sex"), *_maybe("birthday"),
            *_text("tags note"), *_TAIL,
        ),
        key=("channel_id", "handle"), joins=_JOIN_CHANNEL, counts="customers", edited=True,
    ),
    Table(
        "customer_notes", "customer_notes",
        (
            Col("platform", out="c.platform"), Col("channel", out="c.name"),
            Col("customer", out="u.handle", into="customer_id", value=_CUSTOMER),
            *_text("at kind text"), *_maybe("deleted_at"),
        ),
        key=("customer_id", "at", "kind", "text"), single=False,
        joins="JOIN customers u ON u.id = t.customer_id JOIN channels c ON c.id = u.channel_id",
    ),
    Table(
        "orders", "orders",
        (
            *_OF_CHANNEL, *_text("number"), *_told("status"), _CUSTOMER_COL, *_text("buyer currency"),
            *_money("goods postage discount tax"), Col("paid", "money", "t.paid", "paid"),
            *_told("refunded", "money"), *_maybe("created_at paid_at promised_at shipped_at done_at closed_at"),
            *_text("receiver phone region address buyer_note seller_note courier tracking"),
            *_maybe("problem"), *_text("problem_note"), *_maybe("problem_at"),
            Col("number_damaged", "number", "t.number_damaged", "number_damaged"), *_TAIL,
        ),
        key=("channel_id", "number"), joins=_JOIN_CHANNEL, counts="orders", edited=True,
    ),
    Table(
        "order_lines", "order_lines",
        (
            *_OF_ORDER, Col("currency", out="o.currency"), *_text("line_key"),
            Col("position", "number", "t.position", "position"), _SKU_COL, *_text("kind code name options"),
            Col("qty", "number", "t.qty", "qty"), Col("price", "money", "t.price", "price"),
            Col("amount", "money", "t.amount", "amount"), *_text("note extra"), *_maybe("deleted_at"),
        ),
        key=("order_id", "line_key"), joins=_JOIN_ORDER, counts="lines",
    ),
    Table(
        "order_events", "order_events",
        (*_OF_ORDER, *_text("at kind"), *_maybe("status"), *_text("note"),
         Col("by_hand", "number", "t.by_hand", "by_hand"), *_maybe("due_at")),
        key=("order_id", "at", "kind", "status", "note"), single=False, joins=_JOIN_ORDER,
    ),
    Table(
        "returns", "returns",
        (
            *_OF_CHANNEL, *_text("number"),
            Col("order_number", out="(SELECT number FROM orders WHERE id = t.order_id)", into="order_id",
                value=_ORDER.replace("{x}.number", "{x}.order_number")),
            _CUSTOMER_COL, *_text("buyer kind state currency"), Col("amount", "money", "t.amount", "amount"),
            *_maybe("opened_at received_at refunded_at closed_at"), *_text("reason note"), *_TAIL,
        ),
        key=("channel_id", "number"), joins=_JOIN_CHANNEL, counts="returns", edited=True,
    ),
    Table(
        "return_lines", "return_lines",
        (
            Col("platform", out="c.platform"), Col("channel", out="c.name"),
            Col("number", out="r.number", into="return_id", value=_RETURN), Col("currency", out="r.currency"),
            *_text("line_key"), Col("position", "number", "t.position", "position"),
            Col("order_line", out="(SELECT line_key FROM order_lines WHERE id = t.order_line_id)",
                into="order_line_id",
                value="(SELECT l.id FROM order_lines l JOIN returns r ON r.order_id = l.order_id"
                      f" WHERE r.id = {_RETURN} AND l.line_key = nullif({{x}}.order_line, ''))"),
            _SKU_COL, *_text("kind code name options"), Col("qty", "number", "t.qty", "qty"),
            Col("price", "money", "t.price", "price"), Col("amount", "money", "t.amount", "amount"),
            *_text("extra"),
        ),
        key=("return_id", "line_key"),
        joins="JOIN returns r ON r.id = t.return_id JOIN channels c ON c.id = r.channel_id",
    ),
    Table(
        "reviews", "reviews",
        (
            *_OF_CHANNEL, *_text("key"), _SKU_COL, _PRODUCT_COL,
            Col("order_number", out="(SELECT number FROM orders WHERE id = t.order_id)", into="order_id",
                value=_ORDER.replace("{x}.number", "{x}.order_number")),
            _CUSTOMER_COL, *_text("buyer item"), Col("stars", "number", "t.stars", "stars"),
            *_number("stars_goods stars_service stars_delivery"), *_text("title body written_at state cause reply"),
            *_maybe("replied_at"), *_text("note"), *_TAIL,
        ),
        key=("channel_id", "key"), joins=_JOIN_CHANNEL, counts="reviews", edited=True,
    ),
    Table("tasks", "tasks",
          (*_text("day title note"), Col("minutes", "number", "t.minutes", "minutes"),
           *_maybe("due done_at deleted_at")),
          key=("day", "title", "note", "due", "done_at", "deleted_at"), single=False),
    Table("routines", "routines",
          (*_text("title note"), Col("minutes", "number", "t.minutes", "minutes"), *_maybe("due"),
           *_text("every days since"), *_maybe("deleted_at")),
          key=("title", "note", "every", "since", "deleted_at"), single=False),
    Table("rule_choices", "rule_choices",
          (*_text("rule"), Col("enabled", "number", "t.enabled", "enabled"), *_number("minutes")), key=("rule",)),
)  # fmt: skip

BY_FORMAT = {f"shopdesk-{table.name.replace('_', '-')}": table for table in TABLES}
NATURAL = _NATURAL
