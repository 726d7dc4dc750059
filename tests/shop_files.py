"""Platform files for tests, in the layouts that the demo's own files have."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from shopdesk.core.paths import resource

_ORDER = {
    "买家会员名": "小茶客", "买家应付货款": "58.50", "买家应付邮费": "6.00", "总金额": "64.50", "买家实际支付金额": "64.50",
    "订单状态": "买家已付款，等待卖家发货", "收货人姓名": "王小明", "收货地址 ": "浙江省 杭州市 西湖区 文三路 1 号",
    "联系手机": "'18612345678", "订单创建时间": "2026-11-24 09:10:00", "订单付款时间 ": "2026-11-24 09:12:00",
    "宝贝标题 ": "茶杯", "宝贝种类 ": "1", "宝贝总数量": "1", "店铺Id": "10482", "店铺名称": "木禾茶器",
    "订单关闭原因": "订单未关闭",
}  # fmt: skip
_LINE = {"标题": "茶杯", "价格": "58.50", "购买数量": "1", "订单状态": "买家已付款，等待卖家发货", "商家编码": "CUP-1"}


def header(name: str) -> list[str]:
    """The columns of one of the demo's files."""
    encoding = "gb18030" if name.startswith("ExportOrder") else "utf-8-sig"
    with resource("demo", name).open(encoding=encoding, newline="") as stream:
        return next(csv.reader(stream))


def orders_csv(path: Path, *rows: dict[str, str]) -> Path:
    """A Taobao order list; each row is an ordinary order to ship but for what is given. 订单编号 is given bare."""
    return _write(path, "ExportOrderList.csv", [{**_ORDER, **_quoted(row)} for row in rows])


def lines_csv(path: Path, *rows: dict[str, str]) -> Path:
    """A Taobao list of order lines."""
    return _write(path, "ExportOrderDetailList.csv", [{**_LINE, **_quoted(row)} for row in rows])


def table_csv(path: Path, name: str, *rows: dict[str, str]) -> Path:
    """A file in the layout of a demo file, with only what is given."""
    return _write(path, name, list(rows))


def _quoted(row: dict[str, str]) -> dict[str, str]:
    number = row.get("订单编号", "")
    return {**row, "订单编号": f'="{number}"' if number.isdigit() else number}


def _write(path: Path, name: str, rows: list[dict[str, str]]) -> Path:
    names = header(name)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("gb18030" if name.startswith("ExportOrder") else "utf-8"))
    return path


def demo_files() -> list[Path]:
    """The demo's files as they are, products in Chinese."""
    return [file for file in sorted(resource("demo").glob("*.csv")) if file.name != "products_export_en.csv"]
