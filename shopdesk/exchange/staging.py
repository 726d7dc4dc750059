"""The staging file: what was read from the dropped files, clean and typed, before anything is in the shop.

A temporary SQLite file, written by the reading process and read by the importer. NULL in it means that the
file does not say. Money is integer minor units, times are the shop's wall clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shopdesk.core import sqlite
from shopdesk.core.keys import Key
from shopdesk.exchange.cleaning import Trouble

TABLES: dict[str, tuple[str, ...]] = {
    "file": ("id", "path", "name", "sha256", "size", "packed", "refused", "fix", "args"),
    "source": (
        "id", "file_id", "sheet", "format", "platform", "kind", "encoding", "delimiter", "header_row", "header",
        "used", "unused", "sample", "rows_read", "rows_used", "rows_refused", "period_from", "period_to",
        "shop_id", "shop_name", "currency", "rounded_off", "refused", "fix", "args",
    ),
    "person": (
        "id", "source", "row", "platform", "shop_id", "handle", "name", "phone", "email", "region", "address",
        "birthday", "tags", "note", "from_file", "extra",
    ),
    "item": ("id", "platform", "shop_id", "code", "item_id", "name", "options", "barcode", "key"),
    "order_": (
        "id", "source", "row", "platform", "shop_id", "shop_name", "number", "merged_into", "number_damaged",
        "person", "buyer", "status", "status_words", "refund_state", "created_at", "paid_at", "promised_at",
        "shipped_at", "done_at", "closed_at", "currency", "goods", "postage", "discount", "tax", "total", "paid",
        "refunded", "receiver", "phone", "region", "address", "courier", "tracking", "buyer_note", "seller_note",
        "close_reason", "pieces", "titles", "extra",
    ),
    "line": (
        "id", "source", "row", "order_id", "platform", "shop_id", "number", "position", "line_key", "kind", "item",
        "code", "item_id", "name", "options", "qty", "price", "amount", "discount", "paid", "refunded",
        "refund_state", "status", "currency", "note", "merged_into", "extra",
    ),
    "product": (
        "id", "source", "row", "platform", "shop_id", "item_id", "name", "category", "brand", "tags", "picture",
        "state", "description", "extra",
    ),
    "sku": (
        "id", "source", "row", "product_id", "item", "platform", "shop_id", "item_id", "code", "barcode", "name",
        "options", "price", "cost", "currency", "picture", "qty", "extra",
    ),
    "stock": (
        "id", "source", "row", "platform", "shop_id", "item", "kind", "item_id", "code", "name", "options",
        "location", "shelf", "qty", "at", "note", "extra",
    ),
    "review": (
        "id", "source", "row", "platform", "shop_id", "key", "number", "item_id", "item_name", "options", "buyer",
        "buyer_name", "email", "stars", "title", "body", "written_at", "reply", "replied_at", "state", "pictures",
        "extra",
    ),
    "return_": (
        "id", "source", "row", "platform", "shop_id", "number", "order_number", "person", "buyer", "at", "amount",
        "currency", "state", "reason", "extra",
    ),
    "return_line": (
        "id", "source", "row", "return_id", "position", "kind", "item", "code", "item_id", "name", "options", "qty",
        "price", "amount", "extra",
    ),
    "raw": ("id", "source", "row", "cells"),
    "reason": (
        "id", "source", "file_id", "row", "column", "level", "code", "text", "fix", "args", "record", "record_id",
    ),
}  # fmt: skip
"""The columns of every staging table."""


_POINTERS = ("source", "file_id", "person", "item", "order_id", "product_id", "return_id", "merged_into", "record_id")
_KEYS = ("platform", "shop_id", "number", "order_number", "handle", "code", "item_id", "key")
_TYPES = dict.fromkeys(_POINTERS, " INTEGER") | dict.fromkeys(_KEYS, " TEXT")
"""The types of the columns that records are found by: a comparison of two types cannot use an index."""


class Writer:
    """Writes staged records in large batches; ids are given here, so that records can point at each other."""

    def __init__(self, path: Path, key: Key | None = None) -> None:
        self.connection = sqlite.scratch(path, key=key)
        for table, columns in TABLES.items():
            wanted = ", ".join(f'"{name}"{_TYPES.get(name, "")}' for name in columns[1:])
            self.connection.execute(f'CREATE TABLE "{table}" (id INTEGER PRIMARY KEY, {wanted})')
        self._next = dict.fromkeys(TABLES, 1)
        self.connection.execute("BEGIN")

    def new_ids(self, table: str, count: int) -> range:
        """Ids for `count` new rows."""
        first = self._next[table]
        self._next[table] += count
        return range(first, first + count)

    def next_id(self, table: str) -> int:
        """The id that the next new row will get."""
        return self._next[table]

    def write(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows of these columns."""
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)

    def write_columns(self, table: str, columns: Mapping[str, Iterable[Any] | None]) -> None:
        """Insert rows given as one sequence per column; a column that is None stays NULL."""
        given = {name: values for name, values in columns.items() if values is not None}
        self.write(table, tuple(given), zip(*given.values(), strict=True))

    def add(self, table: str, **values: Any) -> int:
        """Insert one row; lists and dicts become JSON. Returns its id."""
        (new,) = self.new_ids(table, 1)
        row = {name: _stored(value) for name, value in values.items()}
        self.write(table, ("id", *row), [(new, *row.values())])
        return new

    def update(self, table: str, record: int, /, **values: Any) -> None:
        """Change one row; lists and dicts become JSON."""
        sets = ", ".join(f'"{name}" = ?' for name in values)
        stored = [_stored(value) for value in values.values()]
        self.connection.execute(f'UPDATE "{table}" SET {sets} WHERE id = ?', (*stored, record))

    def refuse(
        self, *, source: int, file: int, row: int, column: str, trouble: Trouble, record: str, number: str = ""
    ) -> None:
        """Note why a row is not used."""
        self._reason("refused", source, file, row, column, trouble, record, None, number)

    def warn(
        self,
        *,
        source: int,
        file: int,
        row: int | None,
        column: str,
        trouble: Trouble,
        record: str = "",
        record_id: int | None = None,
    ) -> None:
        """Note what the owner should know about a row, or about the file when `row` is None."""
        self._reason("warned", source, file, row, column, trouble, record, record_id, "")

    def _reason(
        self,
        level: str,
        source: int,
        file: int,
        row: int | None,
        column: str,
        trouble: Trouble,
        record: str,
        record_id: int | None,
        number: str,
    ) -> None:
        args = {**trouble.values, "number": number} if number else trouble.values
        self.add(
            "reason", source=source, file_id=file, row=row, column=column, level=level, code=trouble.code,
            text=trouble.template, fix=trouble.fix, args=dict(args), record=record, record_id=record_id,
        )  # fmt: skip

    def close(self) -> None:
        """Finish the file."""
        self.connection.execute("COMMIT")
        self.connection.close()


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple, dict)) else value
