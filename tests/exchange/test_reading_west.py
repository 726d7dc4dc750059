"""The other Western platforms' files with the nasty values that real ones hold; expected values by hand."""

from __future__ import annotations

from pathlib import Path

from tests.exchange.staged import csv_text, staged


def test_judgeme_reviews(headers, tmp_path: Path) -> None:
    row = {"title": "Lovely", "body": "Line one\nline two, with ❤️", "rating": "5", "review_date": "2025-03-02 10:12:00 UTC",
           "curated": "ok", "reviewer_name": "Ann", "reviewer_email": "ann@example.com", "product_handle": "cup"}  # fmt: skip
    text = csv_text(
        headers["judgeme_reviews_16"],
        row,
        row | {"rating": "2", "review_date": "2025-01-10", "reply": "Sorry!", "reply_date": "2025-01-11 08:00:00 UTC"},
        row | {"rating": "1", "review_date": "01/01/2024", "curated": "spam"},
        row | {"rating": "great"},
        row,
    )
    with staged(tmp_path, text, zone="Asia/Shanghai") as found:
        assert found.all("review", "stars", "body", "written_at", "reply", "state", "item_id") == [
            (5, "Line one\nline two, with ❤️", "2025-03-02 18:12:00", None, "open", "cup"),
            (2, "Line one\nline two, with ❤️", "2025-01-10 00:00:00", "Sorry!", "answered", "cup"),
            (1, "Line one\nline two, with ❤️", "2024-01-01 00:00:00", None, "left", "cup"),
            (5, "Line one\nline two, with ❤️", "2025-03-02 18:12:00", None, "open", "cup"),
        ]
        keys = [key for (key,) in found.all("review", "key")]
        assert len(set(keys)) == 4
        assert found.reasons() == [("refused", "stars", 5, "rating")]


def test_woocommerce_products(shared_data: Path, tmp_path: Path) -> None:
    with staged(tmp_path, shared_data / "woocommerce" / "sample_products.csv", currency="USD") as found:
        assert found.one("SELECT format, encoding, rows_used FROM source") == ("woocommerce-products", "utf-8-sig", 25)
        assert found.rows(
            "SELECT p.name, s.code, s.options, s.price FROM sku s JOIN product p ON p.id = s.product_id WHERE p.name = 'Hoodie'"
        ) == [
            ("Hoodie", "bag-335467", "Color: Red; Logo: No", 4200),
            ("Hoodie", "bag-286457", "Color: Green; Logo: No", 4500),
            ("Hoodie", "woo-hoodie-blue", "Color: Blue; Logo: No", 4500),
            ("Hoodie", "woo-hoodie-blue-logo", "Color: Blue; Logo: Yes", 4500),
        ]
        assert found.one("SELECT count(*) FROM product") == 18


def test_etsy_items(headers, tmp_path: Path) -> None:
    row = {"Sale Date": "08/14/25", "Item Name": "Tea &amp; Honey &quot;Set&quot;", "Buyer": "ann1", "Quantity": "2", "Price": "12,00",
           "Discount Amount": "1.00", "Order Shipping": "4.00", "Order Sales Tax": "0.50", "Item Total": "24,00", "Currency": "EUR",
           "Transaction ID": "4400", "Listing ID": "9900", "Date Paid": "08/14/25", "Date Shipped": "", "Ship Name": "Ann Lee",
           "Order ID": "3300", "Variations": "Colour:Red", "SKU": "SET-1"}  # fmt: skip
    text = csv_text(
        headers["etsy_sold_order_items_33"],
        row,
        row
        | {
            "Transaction ID": "4401",
            "Item Name": "Cup",
            "Quantity": "1",
            "Price": "$5.00",
            "Item Total": "$5.00",
            "Discount Amount": "0",
            "SKU": "",
        },
        row | {"Order ID": "3301", "Transaction ID": "4402", "Date Shipped": "08/16/25"},
    )
    with staged(tmp_path, text) as found:
        assert found.all(
            "order_",
            "number",
            "goods",
            "discount",
            "postage",
            "tax",
            "total",
            "paid",
            "status",
            "currency",
            "created_at",
        ) == [
            ("3300", 2900, 100, 400, 50, 3250, 3250, "to_ship", "EUR", "2025-08-14 00:00:00"),
            ("3301", 2400, 100, 400, 50, 2750, 2750, "shipped", "EUR", "2025-08-14 00:00:00"),
        ]
        assert found.rows("SELECT name, options, price, amount, line_key, code FROM line LIMIT 2") == [
            ('Tea & Honey "Set"', "Colour: Red", 1200, 2400, "4400", "SET-1"),
            ("Cup", "Colour: Red", 500, 500, "4401", None),
        ]


def test_etsy_orders_and_items_are_one_order(headers, tmp_path: Path) -> None:
    orders = csv_text(
        headers["etsy_sold_orders_36"],
        {"Sale Date": "08/14/25", "Order ID": "3300", "Buyer User ID": "ann1", "Full Name": "Ann Lee", "Number of Items": "1",
         "Street 1": "1 High St", "Currency": "EUR", "Order Value": "24.00", "Shipping": "4.00", "Order Total": "28.00", "Status": ""},
    )  # fmt: skip
    items = csv_text(
        headers["etsy_sold_order_items_33"],
        {"Sale Date": "08/14/25", "Item Name": "Cup", "Buyer": "ann1", "Quantity": "2", "Price": "12.00", "Item Total": "24.00",
         "Currency": "EUR", "Transaction ID": "4400", "Listing ID": "9900", "Order ID": "3300", "Order Shipping": "4.00", "Date Shipped": "08/16/25"},
    )  # fmt: skip
    with staged(tmp_path, items, orders) as found:
        assert found.rows(
            "SELECT number, status, total, address, shipped_at FROM order_ WHERE merged_into IS NULL"
        ) == [("3300", "shipped", 2800, "1 High St", "2025-08-16 00:00:00")]
        assert found.rows(
            "SELECT count(*) FROM line l JOIN order_ o ON o.id = l.order_id AND o.merged_into IS NULL"
        ) == [(1,)]


def test_etsy_listings_list_their_codes(headers, tmp_path: Path) -> None:
    row = {"TITLE": "Cup", "PRICE": "12.00", "CURRENCY_CODE": "USD", "QUANTITY": "9", "TAGS": "tea,cup", "VARIATION 1 NAME": "Color",
           "VARIATION 1 VALUES": "Red,Blue", "SKU": "C-R,C-B"}  # fmt: skip
    with staged(
        tmp_path,
        csv_text(headers["etsy_listings_27"], row, {"TITLE": "Pot", "PRICE": "5", "CURRENCY_CODE": "USD", "SKU": "P"}),
    ) as found:
        assert found.all("sku", "name", "code", "options", "price", "currency") == [
            ("Cup", "C-R", "Color: Red", 1200, "USD"),
            ("Cup", "C-B", "Color: Blue", 1200, "USD"),
            ("Pot", "P", None, 500, "USD"),
        ]


def tsv(header: list[str], *rows: dict[str, str], short: bool = False) -> str:
    lines = ["\t".join(header)]
    for row in rows:
        cells = [row.get(name, "") for name in header]
        while short and not cells[-1]:
            cells.pop()
        lines.append("\t".join(cells))
    return "\r\n".join(lines) + "\r\n"


def test_amazon_orders(headers, tmp_path: Path) -> None:
    row = {"amazon-order-id": "026-1234567-1234567", "purchase-date": "2017-06-17T08:04:21+00:00", "order-status": "Shipped",
           "product-name": 'Pot 3" "blue Café', "sku": "PT-3", "asin": "B00X", "quantity": "2", "currency": "GBP", "item-price": "20.00",
           "item-tax": "4.00", "shipping-price": "3.00", "item-promotion-discount": "1.00", "ship-city": "Leeds"}  # fmt: skip
    text = tsv(
        headers["amazon_all_orders_tsv_32"],
        row,
        row
        | {
            "sku": "CU-1",
            "product-name": "Cup",
            "quantity": "1",
            "item-price": "5.00",
            "item-tax": "1.00",
            "shipping-price": "",
            "item-promotion-discount": "",
        },
        row
        | {
            "amazon-order-id": "026-1234567-1234568",
            "order-status": "Cancelled",
            "item-price": "",
            "item-tax": "",
            "quantity": "0",
            "currency": "",
        },
        short=True,
    )
    with staged(tmp_path, text.encode("cp1252"), zone="Asia/Shanghai") as found:
        assert found.one("SELECT format, encoding, delimiter, rows_used FROM source") == (
            "amazon-orders",
            "cp1252",
            "\t",
            3,
        )
        assert found.all(
            "order_", "number", "goods", "tax", "postage", "discount", "total", "status", "created_at", "currency"
        ) == [
            ("026-1234567-1234567", 2500, 500, 300, 100, 3200, "shipped", "2017-06-17 16:04:21", "GBP"),
            ("026-1234567-1234568", 0, 0, 300, 100, 200, "closed", "2017-06-17 16:04:21", "GBP"),
        ]
        assert found.rows("SELECT name, amount, price, code FROM line LIMIT 1") == [
            ('Pot 3" "blue Café', 2000, 1000, "PT-3")
        ]


def test_amazon_words_of_other_countries(headers, tmp_path: Path) -> None:
    base = {
        "purchase-date": "2017-09-23T14:18:23-07:00",
        "sku": "A",
        "product-name": "A",
        "quantity": "1",
        "currency": "INR",
        "item-price": "100.00",
    }
    words = [
        "Pending",
        "Unshipped",
        "Shipped - Delivered to Buyer",
        "Shipped - Returned to Seller",
        "Shipped - Picked Up",
    ]
    rows = [base | {"amazon-order-id": f"1-{n}", "order-status": word} for n, word in enumerate(words)]
    with staged(tmp_path, tsv(headers["amazon_all_orders_tsv_32"], *rows)) as found:
        assert found.all("order_", "status", "refund_state", "paid") == [
            ("unpaid", None, 0), ("to_ship", None, 10000), ("done", None, 10000), ("closed", "full", 10000), ("shipped", None, 10000),
        ]  # fmt: skip


def test_amazon_orders_to_ship(headers, tmp_path: Path) -> None:
    row = {"order-id": "701-1", "order-item-id": "55", "purchase-date": "2026-11-20T01:00:00+00:00", "payments-date": "2026-11-20T01:05:00+00:00",
           "buyer-email": "x@marketplace.amazon.com", "buyer-name": "Ann", "sku": "PT-3", "product-name": "Pot", "quantity-purchased": "1",
           "recipient-name": "Ann Lee"}  # fmt: skip
    new = tsv(headers["amazon_new_orders_tsv"], row | {"currency": "GBP", "item-price": "20.00"})
    late = tsv(
        headers["amazon_unshipped_orders_tsv_2025"],
        row | {"order-id": "701-2", "promise-date": "2026-11-22T23:59:59+00:00"},
    )
    with staged(tmp_path, new, late, zone="UTC") as found:
        assert found.all("order_", "number", "status", "receiver", "buyer", "promised_at") == [
            ("701-1", "to_ship", "Ann Lee", "x@marketplace.amazon.com", None),
            ("701-2", "to_ship", "Ann Lee", "x@marketplace.amazon.com", "2026-11-22 23:59:59"),
        ]


def test_amazon_listings(headers, tmp_path: Path) -> None:
    row = {"item-name": "Pot", "seller-sku": "PT-3", "price": "20.00", "quantity": "7", "open-date": "2013-01-07 07:35:42 PST",
           "asin1": "B00X", "status": "Active"}  # fmt: skip
    with staged(tmp_path, tsv(headers["amazon_listings_tsv_29"], row), currency="GBP") as found:
        assert found.all("product", "item_id", "name", "state") == [("B00X", "Pot", "on")]
        assert found.all("sku", "code", "price", "qty", "currency") == [("PT-3", 2000, 7, "GBP")]


def test_ebay(headers, tmp_path: Path) -> None:
    row = {"Sales Record Number": "101", "Order Number": "12-34567-89012", "Buyer Username": "ann1", "Buyer Name": "Ann Lee",
           "Ship To Name": "Ann Lee", "Item Number": "220011", "Item Title": "Pot", "Custom Label": "PT-3", "Quantity": "1",
           "Sold For": "$1,433.66", "Shipping And Handling": "$12.00", "Total Price": "$1,445.66", "Sale Date": "Jul-21-25",
           "Paid On Date": "Jul-21-25", "Shipped On Date": "", "Transaction ID": "900"}  # fmt: skip
    whole = row | {"Sales Record Number": "102", "Order Number": "12-34567-89013", "Item Number": "", "Item Title": "", "Custom Label": "",
                   "Quantity": "3", "Sold For": "$30.00", "Total Price": "$35.00", "Transaction ID": "", "Shipped On Date": "Jul-22-25"}  # fmt: skip
    one = {
        "Order Number": "12-34567-89013",
        "Item Number": "220012",
        "Item Title": "Cup",
        "Custom Label": "CU-1",
        "Quantity": "2",
        "Sold For": "$10.00",
        "Transaction ID": "901",
    }
    two = one | {"Item Title": "Tray", "Custom Label": "TR-1", "Quantity": "1", "Transaction ID": "902"}
    body = csv_text(
        headers["ebay_orders_51"], "", row, whole, one, two, "", "83,record(s) downloaded", "Seller ID : muhe"
    )
    with staged(tmp_path, "\ufeff\r\n" + body, currency="USD") as found:
        assert found.one("SELECT format, header_row, rows_read, rows_used FROM source") == ("ebay-orders", 2, 4, 4)
        assert found.all("order_", "number", "total", "postage", "status", "created_at", "currency") == [
            ("12-34567-89012", 144566, 1200, "to_ship", "2025-07-21 00:00:00", "USD"),
            ("12-34567-89013", 3500, 1200, "shipped", "2025-07-21 00:00:00", "USD"),
        ]
        assert found.all("line", "number", "name", "code", "qty", "price") == [
            ("12-34567-89012", "Pot", "PT-3", 1, 143366),
            ("12-34567-89013", "Cup", "CU-1", 2, 1000),
            ("12-34567-89013", "Tray", "TR-1", 1, 1000),
        ]


def test_ebay_of_britain_behind_a_separator_line(headers, tmp_path: Path) -> None:
    header = [name.replace("Ship To", "Post To").replace("Zip", "Postcode") for name in headers["ebay_orders_51"]]
    row = {"Sales Record Number": "7", "Order Number": "99", "Item Title": "Pot", "Quantity": "1", "Sold For": "£5.00", "Total Price": "£5.00",
           "Sale Date": "Jul-21-25", "Paid On Date": "", "Post To Name": "Ann", "Post To Postcode": "LS1"}  # fmt: skip
    with staged(tmp_path, "sep=,\r\n" + csv_text(header, row), currency="GBP") as found:
        assert found.all("order_", "number", "receiver", "address", "status") == [("99", "Ann", "LS1", "unpaid")]


def test_square(headers, tmp_path: Path) -> None:
    row = {"Date": "2026-03-01", "Time": "10:15:00", "Time Zone": "Eastern Time (US & Canada)", "Item": "Pot", "Qty": "2.0", "Price Point Name": "Regular",
           "SKU": "PT-3", "Gross Sales": "$24.00", "Discounts": "-$2.00", "Net Sales": "$22.00", "Tax": "$1.10", "Transaction ID": "aB3",
           "Event Type": "Payment", "Customer ID": "C9", "Customer Name": "Ann"}  # fmt: skip
    back = row | {
        "Transaction ID": "aB4",
        "Event Type": "Refund",
        "Qty": "-1.0",
        "Gross Sales": "-$12.96",
        "Discounts": "$0.00",
        "Net Sales": "-$12.96",
        "Tax": "-$0.65",
    }
    with staged(tmp_path, csv_text(headers["square_items_35_2026"], row, back), currency="USD") as found:
        assert found.all("order_", "number", "total", "discount", "status", "created_at", "buyer") == [
            ("aB3", 2310, 200, "done", "2026-03-01 10:15:00", "C9")
        ]
        assert found.all("return_", "number", "amount", "at", "order_number") == [
            ("aB4", 1361, "2026-03-01 10:15:00", None)
        ]
        assert found.all("return_line", "name", "qty", "amount") == [("Pot", 1, 1296)]
        assert found.one("SELECT rows_used FROM source") == 2
