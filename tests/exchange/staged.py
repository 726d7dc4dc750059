"""Stage bytes as a dropped file and look at the staging file."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.exchange.reading import Options, stage

TAOBAO = {
    "订单编号": '="2140730062701490012"', "买家会员名": "小茶客", "买家应付货款": "58.51", "买家应付邮费": "6",
    "总金额": "64.51", "买家实际支付金额": "64.51", "订单状态": "买家已付款，等待卖家发货", "买家留言": "'粉色",
    "收货人姓名": "王小明", "收货地址 ": "浙江省 杭州市 西湖区 文三路1号(310000)", "联系电话 ": "'0571-88888888",
    "联系手机": "'18612345678", "订单创建时间": "2017/5/30 23:18", "订单付款时间 ": "2017/5/30 23:19",
    "宝贝标题 ": "茶杯，茶壶", "物流单号 ": "No:3330622150731", "物流公司": "申通快递", "订单备注": "'发申通",
    "宝贝总数量": "3", "店铺Id": "0", "店铺名称": "0", "订单关闭原因": "订单未关闭", "买家服务费": "0元",
    "是否手机订单": "手机订单",
}  # fmt: skip
"""A row of a Taobao list of orders as it is written."""


class Staged:
    """What the reading process made of some files."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite.scratch(path)

    def rows(self, sql: str, *values: object) -> list[tuple]:
        return [tuple(row) for row in self.connection.execute(sql, values)]

    def all(self, table: str, *names: str) -> list[tuple]:
        return self.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")

    def one(self, sql: str) -> object:
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row

    def reasons(self) -> list[tuple]:
        return self.rows('SELECT level, code, row, "column" FROM reason ORDER BY id')

    def sentences(self) -> list[str]:
        rows = self.rows("SELECT text, fix, args FROM reason ORDER BY id")
        return [f"{text} {fix}".format(**json.loads(args)).strip() for text, fix, args in rows]

    def refused(self) -> list[str]:
        rows = self.rows(
            "SELECT refused, args FROM file WHERE refused IS NOT NULL"
            " UNION ALL SELECT refused, args FROM source WHERE refused IS NOT NULL"
        )
        return [text.format(**json.loads(args)) for text, args in rows]


@contextmanager
def staged(folder: Path, *files: Path | str | bytes, choose=None, **options):
    """Files given as paths, or as the text (UTF-8) or bytes of a CSV to be written first."""
    paths = []
    for at, file in enumerate(files):
        if isinstance(file, Path):
            paths.append(file)
            continue
        path = folder / f"dropped{at}.csv"
        path.write_bytes(file.encode() if isinstance(file, str) else file)
        paths.append(path)
    target = folder / "staging.db"
    stage(
        paths, staging_path=target, options=Options(**options), choose=dict.fromkeys(paths, choose) if choose else None
    )
    found = Staged(target)
    yield found
    found.connection.close()


def csv_text(header: str | list[str], *rows: dict[str, str] | str) -> str:
    """A CSV of this header; rows are given by column name, or as they stand in the file."""
    names = header.split(",") if isinstance(header, str) else header
    lines = [",".join(names)]
    for row in rows:
        if isinstance(row, str):
            lines.append(row)
            continue
        unknown = set(row) - set(names)
        assert not unknown, unknown
        lines.append(",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in names))
    return "\r\n".join(lines) + "\r\n"
