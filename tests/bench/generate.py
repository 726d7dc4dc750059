"""The bench shops: one seeded generator, three years to today, the same open work at every size."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from shopdesk.core import channels, clock
from shopdesk.core.shop import Shop

SKUS = 5000
DAYS = 3 * 365
TO_SHIP, LATE, REVIEWS = 300, 20, 40
LINES = (1, 2, 2, 3, 3, 4)  # 2.5 on average
CHANNELS = (("taobao", "木禾"), ("pinduoduo", "木禾拼"), ("douyin", "木禾抖"), ("shopify", "Muhe"))
_NOUNS = (
    "盖碗 茶壶 公道杯 茶盘 茶巾 茶罐 马克杯 香座 蜡烛 杯垫 茶席 茶针 茶洗 花瓶 托盘 水壶 茶漏 茶勺 品茗杯 盖置".split()
)
_LOOKS = "青釉 白瓷 紫砂 玻璃 竹 亚麻 棉麻 靛蓝 桂花 莲蓬 手绘 描金 天青 冰裂 影青 月白 柴烧 粗陶 汝窑 龙泉".split()
_SIZES = "小号 大号 加厚 薄款 150ml 200ml 600ml 两件套 四片装 礼盒 家用 便携 复古 日式 中式 简约".split()
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀兰霞平刚桂英华"


def make(path: Path, orders: int) -> None:
    """Make a bench shop of `orders` orders (2.5 lines each) at `path`, in one step through the door."""
    shop = Shop.create(path, name=f"{orders} orders")
    dice = random.Random(orders)
    try:
        with shop.change("Channels", "channels") as db:
            for platform, name in CHANNELS:
                channels.add(db, platform=platform, name=name, currency="CNY")
        with shop.change("Bench", "orders") as db:
            con = db.conn
            con.executemany(_SKU, _skus(dice))
            con.executemany(_PRODUCT, ((n, f"p{n}", f"产品 {n}") for n in range(1, SKUS + 1)))
            con.executemany(_LEVEL, ((n, _at(DAYS - 1), dice.randrange(0, 40)) for n in range(1, SKUS + 1)))
            buyers = max(orders // 4, 1)
            con.executemany(_BUYER, _buyers(dice, buyers))
            rows = _Orders(dice, orders, buyers)
            con.executemany(_ORDER, rows.orders())
            con.executemany(_LINE, rows.lines())
            con.executemany(_EVENT, rows.events())
            con.executemany(_REVIEW, rows.reviews())
    finally:
        shop.close()


_PRODUCT = "INSERT INTO products (id, key, name) VALUES (?, ?, ?)"
_SKU = (
    "INSERT INTO skus (product_id, key, code, name, currency, price, shelf, min_qty, lead_days)"
    " VALUES (?, ?, ?, ?, 'CNY', ?, ?, ?, 7)"
)
_LEVEL = "INSERT INTO stock_moves (sku_id, at, kind, level) VALUES (?, ?, 'level', ?)"
_BUYER = "INSERT INTO customers (channel_id, handle, name, phone, birthday) VALUES (?, ?, ?, ?, ?)"
_ORDER = (
    "INSERT INTO orders (channel_id, number, customer_id, buyer, currency, paid, created_at, paid_at, shipped_at,"
    " tracking) VALUES (?, ?, ?, ?, 'CNY', ?, ?, ?, ?, ?)"
)
_LINE = (
    "INSERT INTO order_lines (order_id, line_key, position, sku_id, code, name, qty, price, amount)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_EVENT = "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', ?, 0)"
_REVIEW = (
    "INSERT INTO reviews (channel_id, key, order_id, customer_id, buyer, item, stars, body, written_at, state)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def title(number: int) -> str:
    """The title of SKU `number`: look, noun and size, all different."""
    look, noun, size = _LOOKS[number % 20], _NOUNS[number // 20 % 20], _SIZES[number // 400 % 16]
    return f"{look}{noun} {size} {number // 6400 or ''}".strip()


def price(number: int) -> int:
    """The price of SKU `number` in minor units."""
    return 900 + number * 37 % 39000


def _at(days_ago: float) -> str:
    return clock.text(datetime.combine(clock.today(), datetime.min.time()) + timedelta(days=-days_ago))


def _skus(dice: random.Random) -> Iterator[tuple[object, ...]]:
    for n in range(1, SKUS + 1):
        shelf = f"{'ABCD'[n % 4]}-{n % 97:02d}"
        yield n, f"code:SK{n:05d}", f"SK{n:05d}", title(n), price(n), shelf, 3 if n % 50 == 0 else None


def _buyers(dice: random.Random, count: int) -> Iterator[tuple[object, ...]]:
    for n in range(1, count + 1):
        name = _FAMILY[n % 20] + _GIVEN[n // 20 % 25] + _GIVEN[n // 500 % 25]
        birthday = f"19{60 + n % 40}-{1 + n % 12:02d}-{1 + n % 28:02d}" if n % 40 == 0 else None
        yield 1 + n % 4, f"{name}_{n}", name, f"138{n:08d}", birthday


class _Orders:
    """The rows of all orders; what is drawn by lot is drawn again the same way for every table."""

    def __init__(self, dice: random.Random, count: int, buyers: int) -> None:
        self._seed = dice.random()
        self._count = count
        self._buyers = buyers

    def _each(self) -> Iterator[tuple[int, float, str, list[tuple[int, int]]]]:
        """Number, days ago, status and (SKU, quantity) of each order, oldest first."""
        dice = random.Random(self._seed)
        closed_at = self._count - TO_SHIP - LATE
        for n in range(1, self._count + 1):
            lines = [(1 + int(SKUS * dice.random() ** 2), dice.choice((1, 1, 1, 2))) for _ in range(dice.choice(LINES))]
            lines = [(min(sku, SKUS), quantity) for sku, quantity in lines]
            age = (1 - n / closed_at) * (DAYS - 3) + 3
            if n > closed_at + LATE:
                yield n, 0.9 - 0.0003 * (n - closed_at), "to_ship", lines
            elif n > closed_at:
                yield n, 2.5, "to_ship", lines
            else:
                yield n, age, "done" if age > 12 else "shipped", lines

    def orders(self) -> Iterator[tuple[object, ...]]:
        """Rows of orders."""
        for n, age, status, lines in self._each():
            buyer = 1 + n * 7919 % self._buyers
            name = _FAMILY[buyer % 20] + _GIVEN[buyer // 20 % 25] + _GIVEN[buyer // 500 % 25]
            paid = sum(price(sku) * quantity for sku, quantity in lines)
            sent = status != "to_ship"
            yield (
                1 + buyer % 4, f"{2386041277552100 + n * 7919}", buyer, f"{name}_{buyer}", paid, _at(age), _at(age),
                _at(age - 0.8) if sent else None, f"SF{1400000000 + n * 31}" if sent else "",
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[object, ...]]:
        """Rows of order_lines."""
        for n, _, _, lines in self._each():
            for at, (sku, quantity) in enumerate(lines, 1):
                yield n, str(at), at, sku, f"SK{sku:05d}", title(sku), quantity, price(sku), price(sku) * quantity

    def events(self) -> Iterator[tuple[object, ...]]:
        """Rows of order_events."""
        for n, age, status, _ in self._each():
            yield n, _at(age - 0.8 if status != "to_ship" else age), status

    def reviews(self) -> Iterator[tuple[object, ...]]:
        """Rows of reviews: one for every tenth order, forty of them waiting."""
        count = self._count // 10
        for n in range(1, count + 1):
            waiting = n > count - REVIEWS
            order = n * 10
            buyer = 1 + order * 7919 % self._buyers
            stars = 1 + n % 5 if waiting else (5 if n % 9 else 2)
            body = f"{title(n % SKUS + 1)} 很好用，包装也结实，第 {n} 次买了"
            yield (
                1 + buyer % 4, f"r{n}", order, buyer, f"buyer {buyer}", title(n % SKUS + 1), stars, body,
                _at(0.2 + n % 40 / 40 if waiting else (1 - n / count) * (DAYS - 10) + 3),
                "open" if waiting else "answered",
            )  # fmt: skip
