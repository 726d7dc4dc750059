"""Which columns the owner shows, in which order and how wide; kept with the program's settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shopdesk.ui.prefs import Prefs

if TYPE_CHECKING:
    from shopdesk.ui.table_view import TableView


class TableMemory:
    """Remembers the columns of one page's table."""

    def __init__(self, page: str, table: TableView, usual: list[str]) -> None:
        self._prefs = Prefs()
        self._name = f"columns/{page}"
        self._table = table
        self._usual = usual
        self._all = table.order()

    def restore(self, shown: tuple[str, ...] = (), first: str = "") -> None:
        """Lay the columns out as remembered, or as the view `shown` wants; `first` stands foremost."""
        kept = self._read()
        order = [key for key in [*shown, *kept.get("order", [])] if key in self._all]
        order = list(dict.fromkeys(order))
        order += [key for key in self._all if key not in order]
        if first in order:
            order.remove(first)
            order.insert(0, first)
        wanted = list(shown) or kept.get("shown") or self._usual
        self._table.lay_out(order=order, shown=wanted, widths=kept.get("widths", {}))

    def keep(self, *, only_widths: bool = False) -> None:
        """Remember the columns as they are; of a view that has columns of its own only the widths."""
        kept = self._read()
        kept["widths"] = {**kept.get("widths", {}), **self._table.widths()}
        if not only_widths:
            kept |= {"order": self._table.order(), "shown": self._table.shown_columns()}
        self._prefs.put(self._name, json.dumps(kept))

    def forget(self) -> None:
        """Go back to the page's own columns."""
        self._prefs.put(self._name, "")
        self._table.lay_out(order=self._all, shown=self._usual, widths=self._table.usual_widths())

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._prefs.text(self._name) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
