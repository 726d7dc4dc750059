"""Writes the demo shop's export files to resources/demo/, in the platforms' own forms, from one seed.

Run it after a change here: `python -m tests.demo_files`. The files speak of the days before ANCHOR and of its
morning; the demo moves them to today. What no platform tells stands in the owner's own notebook
(`tests/demo_notebook.py`). Everything in them is invented.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests import demo_notebook as notebook
from tests.demo_notebook import Sale

ANCHOR = datetime(2026, 11, 24)
DAYS = 90
FOLDER = Path(__file__).resolve().parents[1] / "resources" / "demo"


@dataclass(frozen=True)
class Item:
    """A product of the shop: price in yuan, daily sales, pieces in the stock file (None: it tells only the shelf)."""

    code: str
    zh: str
    en: str
    price: float
    cost: float
    pull: int
    stock: int | None


ITEMS = (
    Item("GW-150-WH", "白瓷盖碗 150ml", "White gaiwan 150 ml", 106, 42, 9, 3),
    Item("GW-150-CE", "青釉盖碗 150ml", "Celadon gaiwan 150 ml", 106, 45, 10, 58),
    Item("CO-LN-4", "亚麻杯垫 四片装", "Linen coasters, set of 4", 39, 11, 14, 30),
    Item("TR-SET-3", "便携旅行茶具 一壶三杯", "Travel tea set, 1 pot 3 cups", 129, 54, 12, 51),
    Item("TY-BM-S", "竹茶盘 小号", "Bamboo tray, small", 158, 66, 5, 24),
    Item("TY-BM-L", "竹茶盘 大号", "Bamboo tray, large", 238, 98, 2, None),
    Item("TP-ZS-200", "紫砂壶 200ml", "Zisha teapot 200 ml", 368, 170, 3, 13),
    Item("KT-600", "手冲壶 600ml", "Pour-over kettle 600 ml", 239, 96, 4, 17),
    Item("CD-2", "茶叶罐 两件套", "Tea caddy, set of 2", 78, 27, 6, 58),
    Item("PT-GL-30", "玻璃公道杯 加厚", "Glass sharing pitcher", 48, 15, 11, 70),
    Item("PT-GL-20", "玻璃公道杯 薄款", "Glass sharing pitcher, thin", 42, 13, 3, None),
    Item("MG-IND", "靛蓝马克杯", "Indigo mug", 49, 17, 8, 122),
    Item("MG-WHT", "白瓷马克杯", "White mug", 45, 16, 3, None),
    Item("MT-LN", "茶席 棉麻", "Linen tea runner", 88, 30, 3, None),
    Item("CN-OSM", "桂花香薰蜡烛", "Osmanthus candle", 59, 20, 5, 6),
    Item("CL-3", "茶巾 三条", "Tea cloths, 3", 22.9, 7, 7, 236),
    Item("IN-LT", "线香座 莲蓬", "Lotus incense holder", 36, 12, 2, None),
)
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀兰霞平刚桂英华玉萍红建文辉梅鑫宇佳雪晨欣怡子涵梓轩雨泽浩然"
NICK = ("一碗面", "橙子汽水", "小满不是大满", "阿树", "白露为霜", "陈师傅", "山野有雾", "阿May", "木木", "奶奶的花园",
        "momo", "风起长林", "云朵", "七月", "老周", "半盏茶", "松间照", "豆沙包", "南山北", "听雨的人", "小茶虫", "三月桃",
        "青柠不酸", "慢半拍", "拾光", "竹里馆", "九月的鱼", "大橘", "喝茶去", "一只瓶子")  # fmt: skip
WEST = ("Mia Sorensen", "Nora Blum", "Lin Yue", "Tomas Rey", "Bai Lu", "Chen Hao", "Oskar Lind", "May Chan",
        "Jonas Weber", "Ana Duarte", "Momo Sato", "Erik Holm", "Priya Nair", "Hannah Berg", "Julia Moreau",
        "Sunny Park", "Zhou Wei", "Aladar Kiss", "Iris Novak", "Leo Martin", "Eva Costa", "Kai Meyer", "Ida Olsen",
        "Noah Klein", "Sara Haas")  # fmt: skip
CITIES = ("浙江省 杭州市 西湖区", "上海市 上海市 徐汇区", "江苏省 苏州市 姑苏区", "广东省 广州市 天河区", "北京市 北京市 朝阳区",
          "四川省 成都市 锦江区", "福建省 厦门市 思明区", "湖北省 武汉市 武昌区")  # fmt: skip
PRAISE = ("Lovely, and very well packed.", "Better made than I expected.",
          "Exactly as pictured. Thank you!", "Good price, quick delivery.", "So pretty that I bought a second one.",
          "I use it every day, no complaints.", "A little darker than the picture, still very pretty.")  # fmt: skip
BLAME = (("GW-150-WH", "The glaze has a dark spot inside that the picture does not show. Nice shape otherwise.", 2, ""),
         ("CO-LN-4", "Two of the four coasters were stained.", 1, ""),
         ("KT-600", "The kettle handle gets hot.", 3, "Thank you for telling us! A cork sleeve for it is on its way to you."))  # fmt: skip
THANKS = "Thank you, enjoy your tea!"

ORDER_HEAD = "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,退款金额,预约门店"
LINE_HEAD = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
WAITING, PAID, SENT, DONE, CLOSED = (
    "等待买家付款", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭",
)  # fmt: skip


def main() -> None:
    """Write all files."""
    (FOLDER / "notebook").mkdir(parents=True, exist_ok=True)
    dice = random.Random(20261124)
    sales = [*taobao(dice), *shopify(dice)]
    goods()
    for name, (head, rows) in notebook.tables(sales, ANCHOR).items():
        write(f"notebook/{name}", head, rows, "utf-8", "\n")
    (FOLDER / "tracking.txt").write_text(notebook.tracking(sales, ANCHOR), "utf-8")


def moments(dice: random.Random, a_day: float) -> list[datetime]:
    """When orders came in: livelier in the evening and at the weekend, an 11.11, and a busy last night and morning."""
    found = []
    for back in range(DAYS, -1, -1):
        day = ANCHOR - timedelta(days=back)
        wave = a_day * (1.35 if day.weekday() >= 5 else 1) * (3.2 if (day.month, day.day) == (11, 11) else 1)
        count = round(wave * dice.uniform(0.7, 1.3)) if back else round(a_day * 1.3)
        hours = (10, 11, 13, 15, 19, 20, 21, 21, 22, 23) if back else (0, 1, 6, 7, 8, 9, 10)
        found += sorted(day + timedelta(hours=dice.choice(hours), minutes=dice.randrange(60)) for _ in range(count))
    return found


def basket(dice: random.Random) -> list[tuple[Item, int]]:
    """What is bought together."""
    kinds = dice.choices((1, 2, 3), (70, 22, 8))[0]
    chosen: dict[Item, int] = {}
    while len(chosen) < kinds:
        item = dice.choices(ITEMS, [i.pull for i in ITEMS])[0]
        chosen[item] = dice.choices((1, 2, 3), (78, 17, 5))[0]
    return list(chosen.items())


def taobao_status(dice: random.Random, at: datetime, number: int) -> str:
    """Where an order stands on the morning of ANCHOR."""
    age = (ANCHOR - at).total_seconds() / 86400
    if number % 4 == 3 and 0.4 < age < 1.9:
        return WAITING
    if number % 41 == 0 and age > 3:
        return CLOSED
    if age < 0.29 or (0.3 < age < 2 and number % 7 == 0):
        return PAID
    return SENT if age < 9 else DONE


def taobao(dice: random.Random) -> list[Sale]:
    """Orders and lines as the Taobao seller desk exports them, GBK."""
    buyers = [(nick, dice.choice(FAMILY) + "".join(dice.sample(GIVEN, 2)), f"1{dice.choice('3578')}{dice.randrange(10**9):09d}",
               f"{dice.choice(CITIES)} {dice.choice('文思东长建')}{dice.choice('华宁安')}路 {dice.randrange(1, 300)} 号")
              for nick in [*NICK, *(f"{dice.choice(FAMILY)}{dice.choice(GIVEN)}_{dice.randrange(1000):03d}" for _ in range(110))]]  # fmt: skip
    orders, lines, sales = [], [], []
    for at_number, at in enumerate(moments(dice, 6.5)):
        nick, name, phone, address = dice.choice(buyers[:30] if dice.random() < 0.45 else buyers)
        number = f"{23860412775521 + at_number * 7919}{dice.randrange(1000, 9999)}"
        bought = basket(dice)
        goods = sum(i.price * q for i, q in bought)
        postage = 0 if goods >= 59 else 8
        paid = round(goods * (0.95 if goods > 200 else 1) + postage, 2)
        status = taobao_status(dice, at, at_number)
        sent = status in (SENT, DONE)
        back = (
            paid
            if status == CLOSED and at_number % 2
            else (round(paid / 4, 2) if status == DONE and at_number % 53 == 0 else 0)
        )
        orders.append(
            taobao_row(dice, number, nick, name, phone, address, bought, goods, postage, paid, status, at, sent, back)
        )
        goods_sold = [(i.code, i.zh, q, i.price) for i, q in bought]
        sales.append(Sale("taobao", number, nick, at, status == PAID, status == DONE, goods_sold))
        for item, quantity in bought:
            lines.append(
                [f'="{number}"', item.zh, f"{item.price:.2f}", quantity, item.code, "", "", "", status, item.code]
            )
    write("ExportOrderList.csv", ORDER_HEAD.split(","), orders, "gb18030")
    write("ExportOrderDetailList.csv", LINE_HEAD.split(","), lines, "gb18030")
    return sales


def taobao_row(dice, number, nick, name, phone, address, bought, goods, postage, paid, status, at, sent, back):
    """One row of the order list."""
    unpaid = status == WAITING or (status == CLOSED and not back)
    wish = "务必周三前到，周四出差" if status == PAID and number.endswith(("3", "7")) else ""
    courier = dice.choice(("顺丰速运", "中通快递", "圆通速递")) if sent else ""
    row = {
        "订单编号": f'="{number}"', "买家会员名": nick, "买家应付货款": f"{goods:.2f}", "买家应付邮费": f"{postage:.2f}",
        "总金额": f"{goods + postage:.2f}", "买家实际支付金额": "0.00" if unpaid else f"{paid:.2f}", "订单状态": status,
        "买家留言": wish, "收货人姓名": name, "收货地址 ": address, "运送方式": "快递", "联系手机": f"'{phone}",
        "订单创建时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "订单付款时间 ": "" if unpaid else f"{at + timedelta(minutes=2):%Y-%m-%d %H:%M:%S}",
        "宝贝标题 ": "，".join(i.zh for i, _ in bought), "宝贝种类 ": len(bought),
        "物流单号 ": f"No:{dice.choice(('SF14', 'ZT75', 'YT88'))}{dice.randrange(10**9):09d}" if sent else "", "物流公司": courier,
        "宝贝总数量": sum(q for _, q in bought), "店铺Id": "10482", "店铺名称": "木禾茶器",
        "订单关闭原因": ("退款" if back else "买家未付款") if status == CLOSED else "订单未关闭", "是否手机订单": "手机订单",
        "退款金额": f"{back:.2f}" if back else "无退款申请",
    }  # fmt: skip
    return [row.get(column, "") for column in ORDER_HEAD.split(",")]


def shopify(dice: random.Random) -> list[Sale]:
    """Orders, customers and reviews as Shopify and a review app export them."""
    people = [(name, f"{name.lower().replace(' ', '.')}@example.com") for name in WEST]
    orders, totals, reviews, sales = [], {}, [], []
    for at_number, at in enumerate(moments(dice, 2.4)):
        name, email = dice.choice(people)
        bought = basket(dice)
        subtotal = sum(i.price * q for i, q in bought)
        age = (ANCHOR - at).total_seconds() / 86400
        sent = age >= 0.29
        refunded = round(subtotal / 2, 2) if sent and at_number % 47 == 5 else 0
        for position, (item, quantity) in enumerate(bought):
            first = position == 0
            orders.append(
                shopify_row(
                    f"#{1001 + at_number}", name, email, at, item, quantity, subtotal, sent, refunded, first=first
                )
            )
        goods_sold = [(i.code, i.en, q, i.price) for i, q in bought]
        sales.append(Sale("shopify", f"#{1001 + at_number}", email, at, not sent, sent, goods_sold))
        totals[name] = (totals.get(name, (0, 0))[0] + subtotal + 10, totals.get(name, (0, 0))[1] + 1)
        if age > 5 and at_number % 9 == 0:
            written = at + timedelta(days=5)
            answer = THANKS if written < ANCHOR - timedelta(hours=9) else ""
            said = bought[0][0], dice.choice(PRAISE), dice.choice((4, 5, 5)), answer
            reviews.append((written, name, email, *said))
    names = {email: name for name, email in people}
    for at_number, (code, text, stars, answer) in enumerate(BLAME):
        (item,) = (one for one in ITEMS if one.code == code)
        email = notebook.last_arrived(sales, "shopify", code, ANCHOR - timedelta(days=6)).buyer
        written = ANCHOR - timedelta(hours=5 + at_number * 12)
        reviews.append((written, names[email], email, item, text, stars, answer))
    write("orders_export.csv", list(SHOPIFY_ORDER), orders, "utf-8", "\n")
    write(
        "customers_export.csv",
        CUSTOMER_HEAD.split(","),
        [customer_row(n, e, totals.get(n, (0, 0))) for n, e in people],
        "utf-8",
        "\n",
    )
    write("reviews_export.csv", REVIEW_HEAD.split(","), [review_row(*r) for r in sorted(reviews)], "utf-8", "\n")
    return sales


SHOPIFY_ORDER = tuple(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References".split(
        ","
    )
)
CUSTOMER_HEAD = "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,Tags"
REVIEW_HEAD = "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply,reply_date,picture_urls,ip_address,location,metaobject_handle"


def shopify_row(number, name, email, at, item, quantity, subtotal, sent, refunded, *, first):
    """One line of an order; order-level cells only on its first."""
    stamp = f"{at:%Y-%m-%d %H:%M:%S} +0800"
    row = {"Name": number, "Email": email, "Lineitem quantity": quantity, "Lineitem name": item.en,
           "Lineitem price": f"{item.price:.2f}", "Lineitem sku": item.code, "Lineitem requires shipping": "true",
           "Lineitem fulfillment status": "fulfilled" if sent else "pending", "Created at": stamp, "Vendor": "Muhe"}  # fmt: skip
    if first:
        row |= {"Financial Status": "partially_refunded" if refunded else "paid", "Paid at": stamp,
                "Fulfillment Status": "fulfilled" if sent else "unfulfilled",
                "Fulfilled at": f"{sent_at(at):%Y-%m-%d %H:%M:%S} +0800" if sent else "", "Currency": "CNY",
                "Subtotal": f"{subtotal:.2f}", "Shipping": "10.00", "Taxes": "0.00", "Total": f"{subtotal + 10:.2f}",
                "Refunded Amount": f"{refunded:.2f}", "Shipping Method": "Standard", "Billing Name": name,
                "Shipping Name": name, "Shipping City": "Shanghai", "Shipping Country": "CN", "Source": "web",
                "Id": str(6100000000000 + int(number[1:]))}  # fmt: skip
    return [row.get(column, "") for column in SHOPIFY_ORDER]


def sent_at(at: datetime) -> datetime:
    """When an order left: on its day at four, the next day when it came after that."""
    leaving = at.replace(hour=16, minute=at.minute // 2)
    return leaving if leaving > at else leaving + timedelta(days=1)


def customer_row(name, email, total):
    """One row of the customer list."""
    first, last = name.split()
    note = "Collects gaiwans, never plastic packing. Ask before substituting." if name == "Priya Nair" else ""
    row = {"Customer ID": f"'{7210448300000 + len(name) * 977 + ord(name[0])}", "First Name": first, "Last Name": last, "Email": email,
           "Accepts Email Marketing": "no", "Default Address City": "Shanghai", "Default Address Country Code": "CN",
           "Total Spent": f"{total[0]:.2f}", "Total Orders": total[1], "Note": note, "Tax Exempt": "no",
           "Tags": "gaiwan, careful" if note else ""}  # fmt: skip
    return [row.get(column, "") for column in CUSTOMER_HEAD.split(",")]


def review_row(at, name, email, item, text, stars, answer):
    """One review; what was written in the last days was answered this morning, the rest on its evening."""
    late = at > ANCHOR - timedelta(days=2)
    answered_at = ANCHOR + timedelta(hours=9, minutes=40) if late else at + timedelta(hours=7)
    row = {"title": "", "body": text, "rating": stars, "review_date": f"{at:%Y-%m-%d %H:%M:%S} UTC", "source": "web", "curated": "ok",
           "reviewer_name": name, "reviewer_email": email, "product_handle": item.code.lower(),
           "reply": answer, "reply_date": f"{answered_at:%Y-%m-%d %H:%M:%S} UTC" if answer else ""}  # fmt: skip
    return [row.get(column, "") for column in REVIEW_HEAD.split(",")]


PRODUCT_HEAD = "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,Variant Image,Variant Weight Unit,Variant Tax Code,Cost per item,Status"
STOCK_HEAD = "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)"


def goods() -> None:
    """Products and stock as Shopify exports them."""
    for language in ("zh", "en"):
        write(f"products_export_{language}.csv", PRODUCT_HEAD.split(","), products(language), "utf-8", "\n")
    write("inventory_export.csv", STOCK_HEAD.split(","), stock(), "utf-8", "\n")


def products(language: str) -> list[list[object]]:
    """The rows of the product list in one language; the demo takes the one of its owner."""
    rows = []
    for number, item in enumerate(ITEMS):
        product = {
            "Handle": item.code.lower(), "Title": item.zh if language == "zh" else item.en, "Vendor": "Muhe",
            "Published": "true", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": item.code,
            "Variant Inventory Qty": "" if item.stock is None else item.stock, "Variant Price": f"{item.price:.2f}",
            "Cost per item": f"{item.cost:.2f}", "Variant Barcode": f"69{number + 12345678901:011d}",
            "Status": "active", "Gift Card": "false", "Tags": "tea" if item.pull > 4 else "tea, quiet",
        }  # fmt: skip
        rows.append([product.get(column, "") for column in PRODUCT_HEAD.split(",")])
    return rows


def stock() -> list[list[object]]:
    """The rows of the stock list."""
    rows = []
    for number, item in enumerate(ITEMS):
        level = {
            "Handle": item.code.lower(), "Title": item.en, "Option1 Name": "Title", "Option1 Value": "Default Title",
            "SKU": item.code, "Location": "Studio", "Bin name": f"{'ABCD'[number % 4]}-{number + 1:02d}",
            "On hand (current)": "" if item.stock is None else item.stock,
        }  # fmt: skip
        rows.append([level.get(column, "") for column in STOCK_HEAD.split(",")])
    return rows


def write(name: str, head: list[str], rows: list[list[object]], encoding: str, end: str = "\r\n") -> None:
    """Write one file as its platform does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(head)
    writer.writerows(rows)
    (FOLDER / name).write_bytes(text.getvalue().encode(encoding))


if __name__ == "__main__":
    main()
