"""Import of a million order lines with all that belongs to it, the same again, and workbooks both ways.

The import runs in a process of its own, as the window's worker would; its memory is that of the whole family
of processes at the worst moment.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import python_calamine
import xlsxwriter
from PySide6.QtCore import QCoreApplication, QEventLoop

from shopdesk.core import clock, sqlite
from shopdesk.core.shop import Shop
from shopdesk.exchange import reading
from shopdesk.exchange.commands import import_files
from shopdesk.exchange.export import write_view
from tests.bench import generate, stage
from tests.bench.harness import Row, alternate, clocked

MOST_LINES = 1_000_000
SHEET_ROWS = 100_000
HEADER = (
    "子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,"
    "买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间,商品id,分阶段订单信息,主订单备注,主订单买家留言,发货时间,物流单号,"
    "物流公司,是否赔付,赔付金额,赔付出账时间"
).split(",")
_ALONE = """
import sys
from pathlib import Path
from shopdesk.core.shop import Shop
from shopdesk.exchange.commands import import_files
shop = Shop.open(Path(sys.argv[1]))
found = import_files(shop, [Path(sys.argv[2])])
assert found["lines"]["read"] == int(sys.argv[3]), found
shop.close()
"""
_FLOOR = {
    "products": "INSERT INTO products (id, key, name) VALUES (?, ?, ?)",
    "skus": "INSERT INTO skus (id, product_id, key, code, name, currency) VALUES (?, ?, ?, ?, ?, 'CNY')",
    "orders": "INSERT INTO orders (id, channel_id, number, currency, paid, created_at, paid_at, shipped_at, courier,"
              " tracking, status, status_at, pieces, kinds, title, sku_id)"
              " VALUES (?, 1, ?, 'CNY', ?, ?, ?, ?, ?, ?, 'done', ?, ?, ?, ?, ?)",
    "lines": "INSERT INTO order_lines (order_id, line_key, position, sku_id, code, name, options, qty, price, amount,"
             " share, day, shipped_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "events": "INSERT INTO order_events (order_id, at, kind, status, by_hand) VALUES (?, ?, 'status', 'done', 0)",
}  # fmt: skip


def measure(shops: dict[int, Path], rounds: int) -> Iterator[Row]:
    """One CSV of at most a million lines; a workbook of at most 100,000 rows written, one of as many read."""
    lines = min(MOST_LINES, int(max(shops) * 2.5))
    with tempfile.TemporaryDirectory(prefix="shopdesk-bench-") as name:
        folder = Path(name)
        file = write_lines(folder / "lines.csv", lines)
        yield from _imports(folder, file, lines, max(1, min(rounds, 3)))
        yield _blocked(folder, file)
        yield from _workbooks(folder, min(SHEET_ROWS, lines), max(1, min(rounds, 3)))


def write_lines(path: Path, lines: int) -> Path:
    """Order lines in the layout of 28 columns, GBK, three years to now."""
    dice = random.Random(lines)
    step = timedelta(days=generate.DAYS) / lines
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, restval="")
        writer.writeheader()
        written = order = 0
        while written < lines:
            order += 1
            at = clock.now() - timedelta(days=generate.DAYS) + step * written
            for place in range(min(dice.choice(generate.LINES), lines - written)):
                writer.writerow(_line(dice, order, place, clock.text(at)))
                written += 1
    return path


def _line(dice: random.Random, order: int, place: int, at: str) -> dict[str, object]:
    sku = dice.randrange(1, generate.SKUS + 1)
    number = f"24{order * 7919 % 10**15:015d}3"
    paid = f"{generate.price(sku) / 100:.2f}"
    return {
        "子订单编号": f"{number}{place:02d}", "主订单编号": number, "标题": generate.title(sku), "价格": paid,
        "购买数量": 1, "商家编码": f"SKU{sku:05d}", "外部系统编号": f"SKU{sku:05d}", "商品属性": "颜色分类:青", "订单状态": "交易成功",
        "买家应付货款": paid, "买家实际支付金额": paid, "退款状态": "没有申请退款", "退款金额": "无退款申请",
        "订单创建时间": at, "订单付款时间": at, "发货时间": at, "物流单号": f"SF{order:012d}", "物流公司": "顺丰速运",
    }  # fmt: skip


# Importing


def _imports(folder: Path, file: Path, lines: int, rounds: int) -> Iterator[Row]:
    path = folder / "import.shop"
    memory = [0.0]

    def ours() -> None:
        _new(path)
        memory[0] = max(memory[0], _family(path, file, lines))

    floor, first = alternate((lambda: _floor(folder / "floor.shop", file), ours), rounds)
    again = clocked(lambda: _family(path, file, lines))
    yield Row(f"import of {lines:,} lines, all included", first, floor, 2.5)
    yield Row("the same file again, against the first time", again, first, 0.5)
    yield Row("import: memory of all its processes", memory[0], 400, 1.0, unit="MB")


def _new(path: Path) -> None:
    for old in path.parent.glob(f"{path.stem}.shop*"):
        old.unlink()
    shutil.rmtree(path.with_name(f"{path.stem} backups"), ignore_errors=True)
    Shop.create(path, name="Bench").close()


def _family(path: Path, file: Path, lines: int) -> float:
    """Import in a process of its own; the most memory (MB) that it and its children had together."""
    child = subprocess.Popen([sys.executable, "-c", _ALONE, str(path), str(file), str(lines)], cwd=_root())
    most = 0.0
    while child.poll() is None:
        most = max(most, _memory(child.pid))
        time.sleep(0.05)
    assert child.returncode == 0
    return most


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


def _memory(pid: int) -> float:
    """Proportional memory of a process and all below it, MB; 0 where the system does not tell."""
    total = 0.0
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total = int(line.split()[1]) / 1024
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        below = {int(word) for task in tasks for word in (task / "children").read_text().split()}
    except (OSError, ValueError):
        return total
    return total + sum(_memory(one) for one in below)


def _floor(path: Path, file: Path) -> None:
    """The csv module and executemany into the same tables and indexes, one transaction."""
    _new(path)
    with closing(sqlite.connect(path, write=True)) as con:
        con.execute("PRAGMA cache_size=-65536")
        con.execute("BEGIN IMMEDIATE")
        con.execute("INSERT INTO channels (platform, name, currency) VALUES ('taobao', 'x', 'CNY')")
        with file.open(encoding="gb18030", newline="") as stream:
            found = _parsed(csv.reader(stream))
        for table, query in _FLOOR.items():
            con.executemany(query, found[table])
        con.execute("COMMIT")


def _parsed(reader: Iterator[list[str]]) -> dict[str, list[tuple[object, ...]]]:
    next(reader)
    skus: dict[str, tuple[int, str]] = {}
    orders: dict[str, list[list[str]]] = {}
    for row in reader:
        skus.setdefault(row[10], (len(skus) + 1, row[2]))
        orders.setdefault(row[1], []).append(row)
    found: dict[str, list[tuple[object, ...]]] = {table: [] for table in _FLOOR}
    found["products"] = [(at, f"name:1:{code}", name) for code, (at, name) in skus.items()]
    found["skus"] = [(at, at, f"code:{code}", code, name) for code, (at, name) in skus.items()]
    for at, (number, rows) in enumerate(orders.items(), 1):
        amounts = [round(float(row[3]) * 100) for row in rows]
        head = rows[0]
        found["orders"].append(
            (at, number, sum(amounts), head[16], head[17], head[22], head[24], head[23], head[17], len(rows), len(rows),
             head[2], skus[head[10]][0])
        )  # fmt: skip
        found["events"].append((at, head[17]))
        found["lines"] += [
            (at, row[0], place, skus[row[10]][0], row[10], row[2], row[6], int(row[4]), amount, amount, amount,
             row[17][:10], row[22])
            for place, (row, amount) in enumerate(zip(rows, amounts, strict=True), 1)
        ]  # fmt: skip
    return found


def _blocked(folder: Path, file: Path) -> Row:
    """The longest time in which the window could not turn its event loop while an import ran beside it."""
    path = folder / "beside.shop"
    _new(path)
    longest = 0.0
    with stage.desk(path) as desk:
        shop = Shop.open(path)
        ended = threading.Event()

        def work() -> None:
            import_files(shop, [file])
            shop.forget_reader()
            ended.set()

        thread = threading.Thread(target=work)
        thread.start()
        last = time.perf_counter()
        while not ended.is_set():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            now = time.perf_counter()
            longest = max(longest, now - last)
            time.sleep(0.001)
            last = max(now, time.perf_counter() - 0.001)
        thread.join()
        shop.close()
        assert not desk.worker.busy
    return Row("import: main thread blocked", longest * 1000, 50, 1.0)


# Workbooks


def _workbooks(folder: Path, count: int, rounds: int) -> Iterator[Row]:
    rows = [[f"{at:06d}", generate.title(at % 5000 + 1), at % 90, f"{at % 9000 / 100:.2f}"] for at in range(count)]
    head = ["订单编号", "标题", "购买数量", "价格"]
    bare, written = folder / "bare.xlsx", folder / "written.xlsx"

    def floor_write() -> None:
        with xlsxwriter.Workbook(str(bare), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([head, *rows]):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)

    def ours_write() -> None:
        write_view(
            written,
            title="x",
            headings=head,
            kinds=["text", "text", "number", "money"],
            rows=iter(rows),
            task=_Silent(),
        )

    floor, ours = alternate((floor_write, ours_write), rounds)
    yield Row(f"XLSX of {count:,} rows, written", ours, floor, 1.5)
    dropped = _dropped(folder / "dropped.xlsx", SHEET_ROWS)
    floor, ours = alternate((lambda: _bare_read(dropped), lambda: _staged(folder, dropped)), rounds)
    yield Row(f"XLSX of {SHEET_ROWS:,} rows, read", ours, floor, 2.5)


class _Silent:
    def progress(self, done: int, total: int, text: str = "") -> None:
        """Nobody watches."""


def _dropped(path: Path, count: int) -> Path:
    """Order lines of ten columns as a workbook."""
    head = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码".split(",")
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, head)
        for at in range(count):
            sku = at % generate.SKUS + 1
            code = f"SKU{sku:05d}"
            sheet.write_row(
                at + 1, 0, [f"24{at // 2:015d}3", generate.title(sku), "58.50", "2", code, "", "", "", "交易成功", code]
            )
    return path


def _bare_read(path: Path) -> None:
    sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    assert sum(1 for _ in sheet.iter_rows())


def _staged(folder: Path, path: Path) -> None:
    target = folder / "staging"
    reading.stage([path], staging_path=target)
    for left in folder.glob("staging*"):
        os.unlink(left)
