"""The refused rows of an import as a file: which row of which file, and why."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop
from shopdesk.core.words import tr
from shopdesk.exchange import plan
from shopdesk.exchange.export import Task, write_view
from shopdesk.exchange.said import sentence


def write_refused(shop: Shop, path: Path, *, staging: Path, planned: Path, task: Task, key: Key | None) -> int:
    """Write them; gives how many. Raises DiskTrouble."""
    with closing(sqlite.connect(shop.path, key=shop.key)) as con:
        sqlite.attach(con, "staging", staging, mode="ro", key=key)
        sqlite.attach(con, "plan", planned, mode="ro", key=key)
        found = plan.reasons(con, level="refused")
    headings = [tr("File"), tr("Row"), tr("Order number"), tr("Column"), tr("Why"), tr("What to do")]
    return write_view(
        path, title=tr("Refused rows"), headings=headings, kinds=["text"] * len(headings),
        rows=(_cells(one) for one in found), task=task,
    )  # fmt: skip


def _cells(one: plan.Reason) -> list[object]:
    row = "" if one.row is None else str(one.row)
    why, fix = sentence(one.text, one.args), sentence(one.fix, one.args) if one.fix else ""
    return [one.file, row, str(one.args.get("number") or ""), one.column, why, fix]
