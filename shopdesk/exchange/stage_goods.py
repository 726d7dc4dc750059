"""Rows of product and stock files as staged products, SKUs and stock levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import product as combinations
from typing import Any

from shopdesk.core.words import N_
from shopdesk.exchange.amounts import clean_quantity
from shopdesk.exchange.cleaning import Trouble, bare, joined_options
from shopdesk.exchange.formats import folded
from shopdesk.exchange.readers import Cells, Reader
from shopdesk.exchange.source import Source
from shopdesk.exchange.tables import Rows
from shopdesk.exchange.variants import VariantReader

_Record = dict[str, Any]


class RecordStager:
    """The common part of files that are read row by row: readers, refusals, records."""

    tables: tuple[str, ...] = ()
    record = ""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.writer = source.writer
        self.format = source.format
        self.readers: dict[str, dict[str, Reader]] = {
            table: source.layout.readers(table, source.setting) for table in self.tables
        }
        self._extra = source.extra()
        self._state = source.layout.words(source.format.state)

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        cells: Cells = list(zip(*rows, strict=True))
        bad = self._refused(cells, where)
        found = {table: self._records(readers, cells) for table, readers in self.readers.items()}
        extra = self._extra.values(cells) or [None] * len(rows)
        states = self._state.values(cells) if self._state else [None] * len(rows)
        for at, row in enumerate(rows):
            if at not in bad:
                parts = {table: records[at] for table, records in found.items()}
                self.stage(row, where[at], parts, {"extra": extra[at], "state": states[at]})

    def _records(self, readers: dict[str, Reader], cells: Cells) -> list[_Record]:
        columns = {name: reader.values(cells) for name, reader in readers.items()}
        if not columns:
            return [{} for _ in cells[0]]
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _refused(self, cells: Cells, where: Sequence[int]) -> set[int]:
        bad: set[int] = set()
        for readers in self.readers.values():
            for reader in readers.values():
                reader.values(cells)
                for at, column, trouble in reader.troubles(cells):
                    if not reader.field.must:
                        self.source.warn(where[at], column, trouble, record=self.record)
                    elif at not in bad:
                        bad.add(at)
                        self.source.refuse(where[at], column, trouble, self.record)
        return bad

    def stage(self, row: Sequence[str], where: int, parts: dict[str, _Record], more: _Record) -> None:
        """Stage one row."""
        raise NotImplementedError

    def finish(self) -> None:
        """Nothing is left to do."""

    def _common(self, where: int) -> _Record:
        return {"source": self.source.id, "row": where, "platform": self.format.platform}


class ProductStager(RecordStager):
    """Products and their SKUs: one row each, or one row per SKU below its product."""

    tables = ("product", "sku")
    record = "product"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.products: dict[str, tuple[int, _Record]] = {}
        self.skus: set[int] = set()
        self.variants = VariantReader.of(source.layout, source.setting.currency)
        self.last: str | None = None

    def stage(self, row: Sequence[str], where: int, parts: dict[str, _Record], more: _Record) -> None:
        """Stage the product of this row when it is new, and its SKU when the row has one."""
        product, sku = parts["product"], parts["sku"]
        parent = self._parent(product.pop("parent", None))
        key = parent or product.get("item_id") or product.get("name") or sku.get("code") or self.last
        if key is None:
            trouble = Trouble("item-missing", N_("The row has neither an item number nor a name."))
            self.source.refuse(where, "", trouble, self.record)
            return
        variants = self.variants.read(row) if self.variants else []
        if self.variants and not variants:
            more["extra"] = self.variants.untold(row, more["extra"])
        own = product.pop("own_id", None)
        if key not in self.products:
            self._new_product(key, where, product, more, [own, sku.get("code")])
        self.last = key
        product_id, first = self.products[key]
        if more["state"] != "group" and (not parent or parent == key):
            for variant in variants:
                self._write_sku(where, product_id, first, {**sku, "barcode": None, **asdict(variant)}, more)
            if not variants:
                self._skus(where, product_id, first, product, sku, more)

    def _parent(self, said: str | None) -> str | None:
        if not said:
            return None
        name = said.removeprefix("id:").strip()
        return next((key for key in (f"own:{name}", f"code:{name}", name) if key in self.products), name)

    def _new_product(self, key: str, where: int, product: _Record, more: _Record, aliases: list[Any]) -> None:
        kept = {name: value for name, value in product.items() if value is not None}
        if not kept.get("name"):
            kept["name"] = key
        state = more["state"] if more["state"] in {"on", "off"} else None
        new = self.writer.add("product", **self._common(where), state=state, extra=more["extra"], **kept)
        self.products[key] = (new, kept)
        for prefix, alias in zip(("own:", "code:"), aliases, strict=True):
            if alias:
                self.products.setdefault(f"{prefix}{alias}", (new, kept))

    def _skus(self, where: int, product_id: int, first: _Record, product: _Record, sku: _Record, more: _Record) -> None:
        said = any(value is not None for name, value in sku.items() if name not in {"picture", "currency"})
        if not said and (self.readers["sku"] or product_id in self.skus):
            return
        self.skus.add(product_id)
        for code, options in self._codes(sku, product):
            self._write_sku(where, product_id, first, {**sku, "code": code, "options": options}, more)

    def _codes(self, sku: _Record, product: _Record) -> list[tuple[str | None, str | None]]:
        code, options = sku.get("code"), sku.get("options")
        if not self.format.code_list or not code or "," not in code:
            return [(code, options)]
        codes = [part.strip() for part in code.split(",")]
        pairs = [(name.strip(), values) for name, _, values in (o.partition(":") for o in (options or "").split(";"))]
        named = [[(name, value.strip()) for value in values.split(",")] for name, values in pairs if values.strip()]
        combined = [joined_options(combination) for combination in combinations(*named)] if named else []
        if len(combined) == len(codes):
            return list(zip(codes, combined, strict=True))
        return [(code, None) for code in codes if code]

    def _write_sku(self, where: int, product_id: int, first: _Record, sku: _Record, more: _Record) -> None:
        name = sku.get("name") or first.get("name")
        item_id = first.get("item_id")
        (item,) = self.source.items.ids(
            [sku.get("code")], [item_id], [name], [sku.get("options")], [sku.get("barcode")]
        )
        kept = {field: value for field, value in sku.items() if field != "name" and value is not None}
        kept.setdefault("currency", self.source.setting.currency)
        self.writer.add(
            "sku", **self._common(where), product_id=product_id, item=item, item_id=item_id, name=name,
            extra=more["extra"], **kept,
        )  # fmt: skip


class StockStager(RecordStager):
    """Stock levels: one per row, or one per location column in a row."""

    tables = ("stock",)
    record = "stock"

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        header = source.layout.header
        unused = {folded(name) for name in source.layout.unused()}
        self.locations = [(at, name) for at, name in enumerate(header) if source.format.wide and folded(name) in unused]

    def stage(self, row: Sequence[str], where: int, parts: dict[str, _Record], more: _Record) -> None:
        """Stage the levels of this row; a row that is not stocked anywhere may still tell a shelf."""
        stock = parts["stock"]
        if not any(stock.get(name) for name in ("code", "item_id", "name")):
            trouble = Trouble("item-missing", N_("The row has neither an item number nor a name."))
            self.source.refuse(where, "", trouble, self.record)
            return
        if self.locations:
            self._wide(row, where, stock)
        elif stock.get("qty") is not None or stock.get("shelf"):
            self._write(where, stock, more["extra"])

    def _wide(self, row: Sequence[str], where: int, stock: _Record) -> None:
        try:
            levels = [(name, clean_quantity(bare(row[at]))) for at, name in self.locations]
        except Trouble as trouble:
            self.source.refuse(where, "", trouble, self.record)
            return
        for name, level in levels:
            if level is not None:
                self._write(where, {**stock, "location": name.strip(), "qty": level}, None)

    def _write(self, where: int, stock: _Record, extra: str | None) -> None:
        kept = {name: value for name, value in stock.items() if value is not None}
        (item,) = self.source.items.ids(
            [stock.get("code")], [stock.get("item_id")], [stock.get("name")], [stock.get("options")]
        )
        self.source.spans([stock.get("at")])
        self.writer.add("stock", **self._common(where), kind="level", item=item, extra=extra, **kept)
