"""Guesses for files that nobody knows: what a column may mean, from its name and its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shopdesk.exchange import amounts, times
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import KIND_OF_ROWS, Format, folded

_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("order.number", ("订单编号", "订单号", "主订单编号", "order id", "order number", "order no", "order", "invoiceno",
                      "invoice", "invoice no", "order_number", "order_id", "单号")),
    ("line.line_key", ("子订单编号", "子订单号", "line id", "item id", "order-item-id")),
    ("order.created_at", ("订单创建时间", "下单时间", "创建时间", "order date", "created at", "created", "date",
                          "invoicedate", "purchase date", "order_date", "日期")),
    ("order.paid_at", ("订单付款时间", "付款时间", "支付时间", "paid at", "paid on", "payment date")),
    ("order.shipped_at", ("发货时间", "shipped at", "date shipped", "shipped on")),
    ("order.status", ("订单状态", "状态", "status", "order status")),
    ("order.buyer", ("买家会员名", "买家", "会员名", "customerid", "customer id", "buyer", "customer", "客户",
                     "buyer username")),
    ("order.receiver", ("收货人姓名", "收件人", "收货人", "收件人姓名", "ship name", "recipient", "name")),
    ("order.phone", ("联系手机", "手机", "联系电话", "收件人手机", "phone", "telephone", "电话")),
    ("order.address", ("收货地址", "详细地址", "地址", "address", "收件人地址", "shipping address")),
    ("order.region", ("省", "省份", "province", "state", "country", "region")),
    ("order.total", ("总金额", "订单金额", "应付金额", "total", "order total", "amount due")),
    ("order.paid", ("买家实际支付金额", "实付金额", "实付款", "支付金额", "paid", "amount paid")),
    ("order.postage", ("邮费", "运费", "买家应付邮费", "shipping", "postage")),
    ("order.refunded", ("退款金额", "refunded amount", "refund")),
    ("order.tracking", ("物流单号", "快递单号", "运单号", "tracking number", "tracking")),
    ("order.courier", ("物流公司", "快递公司", "carrier", "courier")),
    ("order.buyer_note", ("买家留言", "客户留言", "buyer note", "notes")),
    ("order.seller_note", ("订单备注", "商家备注", "备注", "seller note")),
    ("line.code", ("商家编码", "外部系统编号", "sku", "货号", "stockcode", "code", "merchant code", "seller-sku")),
    ("line.item_id", ("商品id", "宝贝id", "asin", "item number", "product id")),
    ("line.name", ("标题", "商品名称", "商品标题", "宝贝标题", "商品", "description", "item name", "title", "product",
                   "product name", "品名")),
    ("line.options", ("商品属性", "商品规格", "规格", "颜色分类", "variation", "variations", "options")),
    ("line.qty", ("购买数量", "数量", "商品数量", "quantity", "qty", "件数")),
    ("line.price", ("价格", "单价", "商品单价", "unitprice", "unit price", "price")),
    ("line.amount", ("小计", "line total", "item total", "amount")),
    ("review.stars", ("stars", "rating", "评分", "星级")),
    ("review.body", ("review", "评价", "评论", "评价内容", "body", "comment")),
)  # fmt: skip

_SAME = {
    "product": {
        "line.item_id": "product.item_id", "line.name": "product.name", "line.code": "sku.code",
        "line.price": "sku.price", "line.options": "sku.options", "line.qty": "sku.qty",
    },
    "review": {
        "order.number": "review.number", "line.name": "review.item_name", "order.buyer": "review.buyer",
        "order.created_at": "review.written_at", "line.item_id": "review.item_id",
    },
}  # fmt: skip

_CHECKS: dict[str, Callable[[str], Any]] = {
    "money": amounts.exact_amount,
    "qty": amounts.clean_quantity,
    "time": times.clean_time,
    "stars": amounts.clean_stars,
}


def guess_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> list[tuple[str, str | None]]:
    """For each column the field that it may fill, None where nothing is likely. A field is given once."""
    by_name = {word: key for key, words in _WORDS for word in reversed(words)}
    found: dict[int, str] = {}
    for at, name in enumerate(header):
        key = by_name.get(folded(name).replace("_", " "), by_name.get(folded(name)))
        cells = [row[at] for row in sample if at < len(row)]
        if key and key not in found.values() and _plausible(key, cells):
            found[at] = key
    renamed = _SAME.get(guess_rows(list(found.values())), {})
    return [(name, renamed.get(found.get(at, ""), found.get(at))) for at, name in enumerate(header)]


def guess_rows(keys: Sequence[str]) -> str:
    """What one row is, from the fields that were found: order, line, product or review."""
    if "review.stars" in keys or "review.body" in keys:
        return "review"
    if "order.number" in keys:
        return "line" if {"line.qty", "line.name", "line.code"} & set(keys) else "order"
    return "product" if {"line.name", "line.code"} & set(keys) else "order"


def _plausible(key: str, cells: Sequence[str]) -> bool:
    check = _CHECKS.get(FIELDS[key].kind)
    if check is None:
        return True
    bad = 0
    for cell in cells:
        try:
            check(cell)
        except Trouble:
            bad += 1
    return bad * 5 <= len(cells)


def proposed_choice(
    choices: Sequence[Format], header: Sequence[str], sample: Sequence[Sequence[str]], own_names: Sequence[str]
) -> str | None:
    """Which of two layouts with the same columns it is, by who the shop is: the side that is always one name.

    `own_names` are names of the owner's channels on any platform.
    """
    sides: dict[str, set[str]] = {one.id: _names_in(one, header, sample) for one in choices if one.kind != "bought"}
    sold = next(iter(sides), None)
    bought = next((one for one in choices if one.kind == "bought"), None)
    if sold is None or bought is None:
        return choices[0].id if choices else None
    buyers = sides[sold]
    if buyers & {name.casefold() for name in own_names}:
        return bought.id
    return bought.id if len(buyers) == 1 and len(sample) > 1 else sold


def _names_in(one: Format, header: Sequence[str], sample: Sequence[Sequence[str]]) -> set[str]:
    wanted = one.columns.get("order.buyer")
    names = [folded(name) for name in header]
    if not isinstance(wanted, str) or folded(wanted) not in names:
        return set()
    at = names.index(folded(wanted))
    return {row[at].strip().casefold() for row in sample if at < len(row) and row[at].strip()}


def mapping_to_format(
    name: str, header: Sequence[str], columns: Mapping[str, str], *, rows: str, platform: str, currency: str = "",
    dates: str = "mdy", identity: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A layout's dict from the mapping screen: `columns` maps column names to fields `table.field`.

    Status words need no rules of their own where they are known from any shipped platform.
    """
    fields: dict[str, dict[str, str]] = {}
    rules: dict[str, list[dict[str, Any]]] = {}
    for column, key in columns.items():
        table, _, field = key.partition(".")
        if FIELDS[key].kind == "status":
            kind = {"order": "", "line": "line_", "product": "", "review": ""}[table]
            role = "state" if field == "state" else kind + {"status": "status", "refund_state": "refund"}[field]
            rules.setdefault(role, []).append({"column": column, "contains": COMMON_WORDS.get(role, {})})
        else:
            fields.setdefault(table, {})[field] = column
    return {
        "id": identity or f"own-{name}", "platform": platform, "kind": KIND_OF_ROWS[rows], "rows": rows, "own": True,
        "title": {"en": name, "zh": name}, "match": [list(header)], "currency": currency, "dates": dates,
        "columns": fields, **rules,
    }  # fmt: skip


_STATUS = {
    "等待买家付款": "unpaid", "待付款": "unpaid", "未付款": "unpaid", "待支付": "unpaid", "unpaid": "unpaid",
    "pending": "unpaid", "退款成功": "closed", "已取消": "closed", "已关闭": "closed", "交易关闭": "closed",
    "cancel": "closed", "closed": "closed", "refunded": "closed", "等待卖家发货": "to_ship", "待发货": "to_ship",
    "未发货": "to_ship", "unfulfilled": "to_ship", "unshipped": "to_ship", "processing": "to_ship",
    "待配货": "to_ship", "paid": "to_ship", "交易成功": "done", "已完成": "done", "已收货": "done", "已签收": "done",
    "完成": "done", "delivered": "done", "completed": "done", "done": "done", "卖家已发货": "shipped",
    "已发货": "shipped", "待收货": "shipped", "shipped": "shipped", "fulfilled": "shipped",
}  # fmt: skip
_REFUND = {"退款成功": "full", "退款中": "asked", "处理中": "asked", "refunded": "full"}
_STATE = {"下架": "off", "off": "off", "inactive": "off", "在售": "on", "active": "on", "on": "on"}
COMMON_WORDS = {"status": _STATUS, "line_status": _STATUS, "refund": _REFUND, "line_refund": _REFUND, "state": _STATE}
"""Status words of all platforms, for files with a mapping of the owner's own."""
