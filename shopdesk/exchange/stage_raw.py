"""Rows of ShopDesk's own export files, cell by cell as they were written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import repeat

from shopdesk.exchange.source import Source
from shopdesk.exchange.tables import Rows


class RawStager:
    """Keeps every row as a list of texts; only the sign that shields formulas is taken off again."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def take(self, rows: Rows, where: Sequence[int]) -> None:
        """Stage a batch of rows; `where` has their row numbers."""
        writer = self.source.writer
        cells = (
            json.dumps([cell[1:] if cell[:1] == "'" else cell for cell in row], ensure_ascii=False) for row in rows
        )
        ids = writer.new_ids("raw", len(rows))
        writer.write("raw", ("id", "source", "row", "cells"), zip(ids, repeat(self.source.id), where, cells))

    def finish(self) -> None:
        """Nothing is left to do."""
