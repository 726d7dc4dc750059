"""What the demo's owner wrote down by herself: her counts, returns and reviews in ShopDesk's own layout, and
the courier's list of this morning. `tests/demo_files.py` writes them beside the platforms' files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SHOP = "{shop}"
"""Stands for the channels' name, which is in the owner's language."""

MOVE_HEAD = "sku,at,kind,qty,level,note"
RETURN_HEAD = "platform,channel,number,order_number,customer,buyer,kind,state,currency,amount,opened_at,received_at,refunded_at,closed_at,reason,note,extra,edited,deleted_at"
RETURN_LINE_HEAD = (
    "platform,channel,number,currency,line_key,position,order_line,sku,kind,code,name,options,qty,price,amount,extra"
)
REVIEW_HEAD = "platform,channel,key,sku,product,order_number,customer,buyer,item,stars,stars_goods,stars_service,stars_delivery,title,body,written_at,state,cause,reply,replied_at,note,extra,edited,deleted_at"

COUNTED = (("TY-BM-L", 82, 9), ("PT-GL-20", 75, 21), ("MT-LN", 71, 24), ("IN-LT", 66, 57))
"""Counted by hand: the SKU, how many days ago, and what is left of it now."""

BACK = (("taobao", "GW-150-CE", 4.6, "杯盖磕了一个小口，想退货"),
        ("shopify", "GW-150-WH", 2.2, "Wrong colour, I had ordered the celadon one"))  # fmt: skip
"""Returns that wait: the channel, the SKU, for how many days, and the buyer's reason."""

SAID = (
    ("GW-150-WH", 14, 2, "盖子有缺口，盒子里只包了一层泡沫纸，快递一摔肯定坏。颜色倒是很漂亮，可惜了。", ""),
    ("CL-3", 30, 4, "东西不错，就是比详情页写的慢了两天", "非常抱歉让您久等，这批货补得晚了，下次一定准时发出。"),
    ("PT-GL-30", 3, 5, "比想象中厚，倒水不挂杯，会回购", ""),
    ("MG-IND", 60, 5, "颜色太好看了！送朋友很体面", "谢谢喜欢，欢迎常来喝茶。"),
    ("TY-BM-S", 110, 4, "做工可以，就是比图片颜色深一点", "谢谢您的反馈，我们会重拍图片。"),
    ("CD-2", 160, 5, "第二次买了，密封性好", "谢谢老朋友，欢迎常来。"),
    ("CL-3", 230, 5, "吸水很快，家里全换了", "谢谢喜欢，欢迎常来喝茶。"),
    ("GW-150-CE", 300, 3, "颜色很正，就是出汤的时候盖沿有点烫手", "谢谢提醒，七分水就不烫了，下一单给您附一张泡茶卡。"),
)
"""Reviews on Taobao, which lets nobody take them out as a file: SKU, hours ago, stars, words, answer."""

COURIER_TAKES = 8
"""Orders of last night on the courier's list."""


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as the notebook refers to it."""

    platform: str
    number: str
    buyer: str
    at: datetime
    waits: bool
    arrived: bool
    goods: list[tuple[str, str, int, float]]


def tables(sales: Sequence[Sale], anchor: datetime) -> dict[str, tuple[list[str], list[list[object]]]]:
    """The notebook's files: name -> head and rows."""
    back = [last_arrived(sales, platform, code, anchor - timedelta(days=days + 4)) for platform, code, days, _ in BACK]
    return {
        "stock_moves.csv": (MOVE_HEAD.split(","), _counts(sales, anchor)),
        "returns.csv": (RETURN_HEAD.split(","), _returns(back, anchor)),
        "return_lines.csv": (RETURN_LINE_HEAD.split(","), _return_lines(back)),
        "reviews.csv": (REVIEW_HEAD.split(","), _reviews(sales, anchor)),
    }


def tracking(sales: Sequence[Sale], anchor: datetime) -> str:
    """The courier's list of the orders that it took this morning: those of last night, the oldest first."""
    evening = [s for s in sales if s.waits and s.platform == "taobao" and s.at > anchor - timedelta(hours=7)]
    taken = sorted(evening, key=lambda sale: sale.at)[:COURIER_TAKES]
    return "".join(f"{sale.number}\tSF14020{n * 3719 + 7731:08d}\n" for n, sale in enumerate(taken))


def _counts(sales: Sequence[Sale], anchor: datetime) -> list[list[object]]:
    rows: list[list[object]] = []
    for code, days, left in COUNTED:
        at = anchor - timedelta(days=days) + timedelta(hours=9, minutes=days % 50)
        gone = sum(n for sale in sales if sale.at > at and not sale.waits for c, _, n, _ in sale.goods if c == code)
        rows.append([f"code:{code}", f"{at:%Y-%m-%d %H:%M:%S}", "level", "", gone + left, ""])
    return rows


def last_arrived(sales: Sequence[Sale], platform: str, code: str, before: datetime) -> Sale:
    """The last order of one SKU that had arrived before a moment."""
    fit = (s for s in sales if s.platform == platform and s.at < before and s.arrived and len(s.goods) == 1)
    return max((sale for sale in fit if sale.goods[0][0] == code), key=lambda sale: sale.at)


def _returns(back: Sequence[Sale], anchor: datetime) -> list[list[object]]:
    rows = []
    for sale, (_, _, days, reason) in zip(back, BACK, strict=True):
        row = _of(sale) | {
            "order_number": sale.number, "buyer": sale.buyer, "kind": "return", "state": "open",
            "currency": "CNY", "amount": f"{_worth(sale):.2f}", "opened_at": _stamp(anchor, days * 24), "reason": reason,
        }  # fmt: skip
        rows.append(_cells(RETURN_HEAD, row))
    return rows


def _return_lines(back: Sequence[Sale]) -> list[list[object]]:
    rows = []
    for sale in back:
        code, name, pieces, price = sale.goods[0]
        row = _of(sale) | {
            "currency": "CNY", "line_key": "1", "position": 1, "order_line": "1", "sku": f"code:{code}",
            "kind": "goods", "code": code, "name": name, "qty": pieces, "price": f"{price:.2f}",
            "amount": f"{_worth(sale):.2f}", "extra": "{}",
        }  # fmt: skip
        rows.append(_cells(RETURN_LINE_HEAD, row))
    return rows


def _reviews(sales: Sequence[Sale], anchor: datetime) -> list[list[object]]:
    rows = []
    for number, (code, hours, stars, body, reply) in enumerate(SAID):
        sale = last_arrived(sales, "taobao", code, anchor - timedelta(hours=hours, days=4))
        row = _of(sale) | {
            "key": f"hand:{number + 1}", "sku": f"code:{sale.goods[0][0]}", "order_number": sale.number,
            "buyer": sale.buyer, "item": sale.goods[0][1], "stars": stars, "body": body,
            "written_at": _stamp(anchor, hours), "state": "answered" if reply else "open", "reply": reply,
            "replied_at": _stamp(anchor, hours - 14 if hours > 48 else -9.2) if reply else "",
        }  # fmt: skip
        del row["number"]
        rows.append(_cells(REVIEW_HEAD, row))
    return rows


def _worth(sale: Sale) -> float:
    _, _, pieces, price = sale.goods[0]
    return pieces * price


def _stamp(anchor: datetime, hours: float) -> str:
    return f"{anchor - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"


def _of(sale: Sale) -> dict[str, object]:
    """What every row tells: where it belongs, and nothing edited."""
    return {"platform": sale.platform, "channel": SHOP, "number": sale.number, "customer": sale.buyer,
            "extra": "{}", "edited": "[]"}  # fmt: skip


def _cells(head: str, row: dict[str, object]) -> list[object]:
    return [row.get(column, "") for column in head.split(",")]
