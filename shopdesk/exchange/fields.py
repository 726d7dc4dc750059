"""What a column of a platform file can mean: the fields of staged records, and how their cells are read."""

from __future__ import annotations

from dataclasses import dataclass

from shopdesk.core.words import N_


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a staged record. `kind` says how its cells are read, `must` that bad cells refuse the row."""

    table: str
    name: str
    kind: str
    title: str
    must: bool = False

    @property
    def key(self) -> str:
        """`table.name`, as formats and the mapping screen write it."""
        return f"{self.table}.{self.name}"


_ORDER = (
    ("number", "id", N_("Order number"), True),
    ("shop_id", "id", N_("Shop number"), False),
    ("shop_name", "text", N_("Shop name"), False),
    ("buyer", "handle", N_("Buyer (account)"), False),
    ("buyer_name", "name", N_("Buyer's name"), False),
    ("buyer_email", "name", N_("Buyer's e-mail"), False),
    ("created_at", "time", N_("Ordered at"), True),
    ("paid_at", "time", N_("Paid at"), True),
    ("promised_at", "time", N_("Ship by"), False),
    ("shipped_at", "time", N_("Shipped at"), False),
    ("done_at", "time", N_("Finished at"), False),
    ("closed_at", "time", N_("Closed at"), False),
    ("currency", "code", N_("Currency"), False),
    ("goods", "money", N_("Goods total"), True),
    ("postage", "money", N_("Postage"), True),
    ("discount", "money", N_("Discount"), True),
    ("tax", "money", N_("Tax"), True),
    ("total", "money", N_("Order total"), True),
    ("paid", "money", N_("Paid by the buyer"), True),
    ("refunded", "money", N_("Refunded amount"), True),
    ("receiver", "name", N_("Receiver"), False),
    ("phone", "phone", N_("Telephone"), False),
    ("region", "text", N_("Province or state"), False),
    ("address", "name", N_("Address"), False),
    ("courier", "text", N_("Courier"), False),
    ("tracking", "tracking", N_("Tracking number"), False),
    ("buyer_note", "text", N_("Buyer's note"), False),
    ("seller_note", "text", N_("Seller's note"), False),
    ("close_reason", "text", N_("Why closed"), False),
    ("pieces", "qty", N_("Pieces"), False),
    ("titles", "text", N_("Item names"), False),
    ("status", "status", N_("Order status"), False),
    ("refund_state", "status", N_("Refund status"), False),
)
_LINE = (
    ("line_key", "id", N_("Line number"), True),
    ("code", "sku", N_("Merchant code"), False),
    ("item_id", "id", N_("Item number"), False),
    ("barcode", "sku", N_("Barcode"), False),
    ("name", "text", N_("Item name"), False),
    ("options", "options", N_("Options"), False),
    ("qty", "qty", N_("Quantity"), True),
    ("price", "money", N_("Unit price"), True),
    ("amount", "money", N_("Line amount"), True),
    ("discount", "money", N_("Line discount"), True),
    ("paid", "money", N_("Line paid"), True),
    ("refunded", "money", N_("Line refunded"), True),
    ("status", "status", N_("Line status"), False),
    ("refund_state", "status", N_("Line refund status"), False),
    ("note", "text", N_("Note"), False),
)
_PRODUCT = (
    ("item_id", "id", N_("Item number"), False),
    ("name", "text", N_("Item name"), True),
    ("category", "text", N_("Category"), False),
    ("brand", "text", N_("Brand"), False),
    ("tags", "list", N_("Tags"), False),
    ("picture", "text", N_("Picture"), False),
    ("state", "status", N_("On sale"), False),
    ("description", "text", N_("Description"), False),
    ("parent", "text", N_("Belongs to"), False),
    ("own_id", "text", N_("Own number"), False),
)
_SKU = (
    ("code", "sku", N_("Merchant code"), False),
    ("barcode", "sku", N_("Barcode"), False),
    ("name", "text", N_("SKU name"), False),
    ("options", "options", N_("Options"), False),
    ("price", "money", N_("Unit price"), True),
    ("cost", "money", N_("Cost"), True),
    ("currency", "code", N_("Currency"), False),
    ("picture", "text", N_("Picture"), False),
    ("qty", "qty", N_("In stock"), False),
)
_STOCK = (
    ("item_id", "id", N_("Item number"), False),
    ("code", "sku", N_("Merchant code"), False),
    ("name", "text", N_("Item name"), False),
    ("options", "options", N_("Options"), False),
    ("location", "text", N_("Location"), False),
    ("shelf", "text", N_("Shelf"), False),
    ("qty", "qty", N_("In stock"), True),
    ("at", "time", N_("Counted at"), True),
    ("note", "text", N_("Note"), False),
)
_CUSTOMER = (
    ("handle", "handle", N_("Account"), True),
    ("name", "name", N_("Customer's name"), False),
    ("phone", "phone", N_("Telephone"), False),
    ("email", "name", N_("E-mail"), False),
    ("region", "text", N_("Province or state"), False),
    ("address", "name", N_("Address"), False),
    ("birthday", "text", N_("Birthday"), False),
    ("tags", "list", N_("Tags"), False),
    ("note", "text", N_("Note"), False),
)
_REVIEW = (
    ("key", "id", N_("Review number"), False),
    ("number", "id", N_("Order number"), False),
    ("item_id", "id", N_("Item number"), False),
    ("item_name", "text", N_("Item name"), False),
    ("options", "options", N_("Options"), False),
    ("buyer", "handle", N_("Buyer (account)"), False),
    ("buyer_name", "name", N_("Buyer's name"), False),
    ("email", "name", N_("Buyer's e-mail"), False),
    ("stars", "stars", N_("Stars"), True),
    ("title", "text", N_("Headline"), False),
    ("body", "text", N_("Text"), False),
    ("written_at", "time", N_("Written at"), True),
    ("reply", "text", N_("Reply"), False),
    ("replied_at", "time", N_("Replied at"), False),
    ("state", "status", N_("State"), False),
    ("pictures", "list", N_("Pictures"), False),
)

_TABLES = {
    "order": _ORDER, "line": _LINE, "product": _PRODUCT, "sku": _SKU, "stock": _STOCK,
    "customer": _CUSTOMER, "review": _REVIEW,
}  # fmt: skip

FIELDS: dict[str, Field] = {
    f"{table}.{name}": Field(table, name, kind, title, must)
    for table, fields in _TABLES.items()
    for name, kind, title, must in fields
}
"""Every field by its key `table.name`."""

ROWS_TABLES = {
    "order": ("order",),
    "line": ("order", "line"),
    "product": ("product", "sku"),
    "stock": ("stock",),
    "customer": ("customer",),
    "review": ("review",),
}
"""What one row of a file can be, and the records that it fills."""
