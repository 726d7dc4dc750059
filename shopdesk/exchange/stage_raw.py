"""Rows of ShopDesk's own export files, cell by cell as they were written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import repeat

from shopdesk.exchange.cells import bared, sheet_texts
from shopdesk.exchange.source import Source
from shopdesk.exchange.tables import Rows


class RawStager:
    """Keeps every row as a list of texts; only the sign that shields formulas is taken off again."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._width = sum(1 for name in source.layout.header if name)

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        writer = self.source.writer
        cells = (json.dumps(self._texts(row), ensure_ascii=False) for row in rows)
        ids = writer.new_ids("raw", len(rows))
        writer.write("raw", ("id", "source", "row", "cells"), zip(ids, repeat(self.source.id), where, cells))

    def _texts(self, row: Sequence[str]) -> list[str]:
        return sheet_texts(row, self._width) if self.source.workbook else list(map(bared, row))

    def finish(self) -> None:
        """Nothing is left to do."""
