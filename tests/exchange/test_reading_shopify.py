"""Shopify's files with the nasty values that real ones hold; expected values by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.exchange.staged import csv_text, staged

SHOPIFY = {
    "Name": "#1001", "Email": "ann@example.com", "Financial Status": "paid", "Paid at": "2026-01-24 17:35:00 +0500",
    "Fulfillment Status": "unfulfilled", "Currency": "USD", "Subtotal": "30.00", "Shipping": "5.00", "Taxes": "1.20",
    "Total": "36.20", "Discount Amount": "0.00", "Created at": "2026-01-24 17:34:28 +0500", "Lineitem quantity": "2",
    "Lineitem name": "Cup - Red / S", "Lineitem price": "10.00", "Lineitem sku": "", "Shipping Name": "Ann Lee",
    "Shipping Address1": "1 High St", "Shipping City": "Leeds", "Shipping Zip": "'LS1 1AA", "Shipping Country": "GB",
    "Shipping Phone": "'+447700900123", "Note Attributes": "gift: yes\nwrap: no", "Refunded Amount": "0.00",
    "Outstanding Balance": "0.00", "Payment Method": "Shopify Payments",
}  # fmt: skip
MORE = {
    "Name": "#1001",
    "Email": "ann@example.com",
    "Lineitem quantity": "1",
    "Lineitem name": "Tray",
    "Lineitem price": "10.00",
    "Lineitem sku": "TR-1",
}


def test_shopify_order_cells_stand_on_the_first_row_only(headers, tmp_path: Path) -> None:
    text = csv_text(
        headers["shopify_orders_79_real_file"], SHOPIFY, MORE, SHOPIFY | {"Name": "#1002", "Lineitem name": "Pot"}
    )
    with staged(tmp_path, text.replace("\r\n", "\n")) as found:
        assert found.all("order_", "number", "row", "currency", "total", "paid", "status", "created_at", "paid_at") == [
            ("#1001", 2, "USD", 3620, 3620, "to_ship", "2026-01-24 17:34:28", "2026-01-24 17:35:00"),
            ("#1002", 4, "USD", 3620, 3620, "to_ship", "2026-01-24 17:34:28", "2026-01-24 17:35:00"),
        ]
        assert found.all("line", "number", "position", "name", "code", "qty", "amount") == [
            ("#1001", 1, "Cup - Red / S", None, 2, 2000),
            ("#1001", 2, "Tray", "TR-1", 1, 1000),
            ("#1002", 1, "Pot", None, 2, 2000),
        ]
        assert found.rows("SELECT buyer, phone, address FROM order_ LIMIT 1") == [
            ("ann@example.com", "+447700900123", "1 High St, LS1 1AA, Leeds, GB")
        ]
        assert json.loads(found.rows("SELECT extra FROM order_")[0][0])["Note Attributes"] == "gift: yes\nwrap: no"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"Fulfillment Status": "fulfilled", "Fulfilled at": "2026-01-25 09:00:00 +0500"}, ("shipped", 3620, None)),
        ({"Financial Status": "pending", "Paid at": "", "Outstanding Balance": "36.20"}, ("unpaid", 0, None)),
        (
            {
                "Financial Status": "pending",
                "Paid at": "",
                "Outstanding Balance": "36.20",
                "Payment Method": "Cash on Delivery (COD)",
            },
            ("to_ship", 0, None),
        ),
        ({"Financial Status": "refunded", "Refunded Amount": "36.20"}, ("closed", 3620, "full")),
        ({"Financial Status": "partially_refunded", "Refunded Amount": "6.20"}, ("to_ship", 3620, "partial")),
        ({"Financial Status": "voided", "Outstanding Balance": "36.20"}, ("closed", 0, None)),
        ({"Cancelled at": "2026-01-24 18:00:00 +0500"}, ("closed", 3620, None)),
    ],
)
def test_shopify_status(headers, tmp_path: Path, cells: dict[str, str], expected: tuple) -> None:
    with staged(tmp_path, csv_text(headers["shopify_orders_79_real_file"], SHOPIFY | cells)) as found:
        assert found.all("order_", "status", "paid", "refund_state") == [expected]
        assert found.reasons() == []


def test_shopify_products_and_inventory_meet_by_handle_and_options(headers, tmp_path: Path) -> None:
    products = csv_text(
        headers["shopify_products_56_real_file"],
        {"Handle": "cup", "Title": "Cup", "Vendor": "Muhe", "Tags": "tea, red", "Option1 Name": "Color", "Option1 Value": "Red",
         "Variant Price": "10.00", "Cost per item": "4.00", "Image Src": "https://x/1.jpg", "Status": "active", "Variant Inventory Qty": "3"},
        {"Handle": "cup", "Option1 Value": "Blue", "Variant Price": "11.00", "Variant SKU": "CUP-B"},
        {"Handle": "cup", "Image Src": "https://x/2.jpg", "Image Position": "2"},
        {"Handle": "pot", "Title": "Pot", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant Price": "50.00", "Status": "draft"},
    )  # fmt: skip
    stock = csv_text(
        headers["shopify_inventory_17_2023_real_file"],
        {"Handle": "cup", "Title": "Cup", "Option1 Name": "Color", "Option1 Value": "Red", "SKU": "", "Location": "Shop", "On hand": "7"},
        {"Handle": "cup", "Title": "Cup", "Option1 Name": "Color", "Option1 Value": "Blue", "SKU": "CUP-B", "Location": "Shop", "On hand": "0"},
        {"Handle": "pot", "Title": "Pot", "Option1 Name": "Title", "Option1 Value": "Default Title", "SKU": "-", "Location": "Shop", "On hand": "not stocked"},
    )  # fmt: skip
    with staged(tmp_path, stock, products) as found:
        assert found.all("product", "item_id", "name", "state", "tags") == [
            ("cup", "Cup", "on", '["tea", "red"]'),
            ("pot", "Pot", "off", None),
        ]
        assert found.all("sku", "item_id", "code", "options", "price", "cost", "qty") == [
            ("cup", None, "Color: Red", 1000, 400, 3),
            ("cup", "CUP-B", "Color: Blue", 1100, None, None),
            ("pot", None, None, 5000, None, None),
        ]
        assert found.all("stock", "item_id", "options", "location", "qty") == [
            ("cup", "Color: Red", "Shop", 7),
            ("cup", "Color: Blue", "Shop", 0),
        ]
        assert found.rows("SELECT count(*) FROM stock WHERE item IN (SELECT item FROM sku)") == [(2,)]
        assert found.one("SELECT sum(rows_used) FROM source") == 7


def test_shopify_inventory_of_2024_prefers_the_new_count(headers, tmp_path: Path) -> None:
    row = {"Handle": "cup", "Title": "Cup", "SKU": "C", "Location": "Shop", "On hand (current)": "5"}
    text = csv_text(headers["shopify_inventory_19_2024"], row, row | {"SKU": "D", "On hand (new)": "9"})
    with staged(tmp_path, text) as found:
        assert found.all("stock", "code", "qty") == [("C", 5), ("D", 9)]


def test_shopify_inventory_with_a_column_per_location(headers, tmp_path: Path) -> None:
    header = [*headers["shopify_inventory_wide_old"][:-1], "Shop", "Cellar, left"]
    header[-1] = "Cellar"
    text = csv_text(header, {"Handle": "cup", "Title": "Cup", "SKU": "C", "Shop": "4", "Cellar": "not stocked"},
                    {"Handle": "pot", "Title": "Pot", "SKU": "P", "Shop": "0", "Cellar": "12"})  # fmt: skip
    with staged(tmp_path, text) as found:
        assert found.all("stock", "code", "location", "qty") == [
            ("C", "Shop", 4),
            ("P", "Shop", 0),
            ("P", "Cellar", 12),
        ]


def test_shopify_customers(headers, tmp_path: Path) -> None:
    text = csv_text(
        headers["shopify_customers_20"],
        {"Customer ID": "'7210448301122", "First Name": "Ann", "Last Name": "Lee", "Email": "ann@example.com", "Phone": "'+31612345678",
         "Default Address Address1": "1 High St", "Default Address City": "Leeds", "Total Spent": "36.20", "Tags": "vip", "Note": "likes red"},
        {"Customer ID": "'7210448301123", "First Name": "Bo", "Phone": "'+31600000000"},
        {"First Name": "Nobody"},
    )  # fmt: skip
    with staged(tmp_path, text) as found:
        assert found.all("person", "handle", "name", "email", "phone", "tags", "note", "address", "from_file") == [
            (
                "ann@example.com",
                "Ann Lee",
                "ann@example.com",
                "+31612345678",
                '["vip"]',
                "likes red",
                "1 High St, Leeds",
                1,
            ),
            ("+31600000000", "Bo", None, "+31600000000", None, None, None, 1),
        ]
        assert found.reasons() == [("refused", "handle-missing", 4, "")]


def test_a_customer_in_two_files_is_one_with_the_later_facts(headers, tmp_path: Path) -> None:
    row = {"First Name": "Ann", "Last Name": "Lee", "Email": "ann@example.com", "Tags": "vip"}
    old, new = (
        csv_text(headers["shopify_customers_20"], row | more) for more in ({}, {"Last Name": "Low", "Tags": ""})
    )
    orders = csv_text(headers["shopify_orders_79_real_file"], SHOPIFY)
    with staged(tmp_path, orders, old, new) as found:
        assert found.all("person", "handle", "name", "tags", "from_file", "row") == [
            ("ann@example.com", "Ann Low", '["vip"]', 1, 2)
        ]
        assert found.one("SELECT p.name FROM order_ o JOIN person p ON p.id = o.person") == "Ann Low"
