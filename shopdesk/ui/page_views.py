"""The views of a page: declared, saved and passing ones, how many records each holds, and their queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shopdesk.core import clock
from shopdesk.ui import table_rows
from shopdesk.ui import views as saved_views
from shopdesk.ui.columns import Column, Filter, Source, View
from shopdesk.ui.table_query import Query

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection

PASSING = "passing"


class ViewBook:
    """What a page can show, and what it shows now: a view, the chosen filters, a sort."""

    def __init__(
        self,
        source: Source,
        columns: tuple[Column, ...],
        views: tuple[View, ...],
        filters: tuple[Filter, ...],
        params: Callable[[], Mapping[str, object]],
    ) -> None:
        self._source = source
        self._columns = columns
        self._views = views
        self._filters = filters
        self._params = params
        self._own: list[View] = []
        self._passing: list[View] = []
        self.current = views[0]
        self.chosen: dict[str, object] = {}
        self.sort = ""
        self.counts: dict[str, int] = {}

    def all(self) -> list[View]:
        """Every view, in the order of the chips."""
        return [*self._views, *self._own, *self._passing]

    def find(self, key: str) -> View:
        """The view of that key, else the first."""
        return next((view for view in self.all() if view.key == key), self._views[0])

    @property
    def whole(self) -> View:
        """The view that leaves nothing out."""
        return next((view for view in self._views if not view.where), self._views[0])

    @property
    def narrowed(self) -> bool:
        """Whether something is left out of what is shown now."""
        return self.current.key != self.whole.key or bool(self.chosen)

    @property
    def large(self) -> bool:
        """Whether the last count of the current view was beyond what is taken at once."""
        return not self.chosen and self.counts.get(self.current.key, 0) > table_rows.SMALL

    @property
    def small(self) -> bool:
        """Whether the current view is known to hold few records."""
        return self.counts.get(self.current.key, table_rows.MEDIUM) <= table_rows.SMALL

    def read_saved(self, connection: Connection, page: str) -> None:
        """Read the owner's own views."""
        self._own = saved_views.saved(connection, page, {view.key: view for view in self._views})

    def base_key(self) -> str:
        """The declared view behind the current one."""
        where = self.current.where
        return next((view.key for view in self._views if view.where == where), self._views[0].key)

    def go_to(self, key: str) -> None:
        """Make a view the current one, with its filters and its sort; a passing one ends with this."""
        self.current = self.find(key)
        if key != PASSING:
            self._passing = []
        self.chosen = dict(self.current.chosen)
        self.sort = self.current.sort or self.sort or self._usual_sort()

    def pass_by(self, what: Mapping[str, object], first: str) -> None:
        """Take a view that someone asked for by its condition, until another view is shown."""
        base = self.find(str(what.get("view", first)))
        params = what.get("params")
        self._passing = [
            View(
                key=PASSING,
                title=str(what.get("title", "")),
                where=str(what["where"]),
                sort=str(what.get("sort") or base.sort),
                params=params if isinstance(params, dict) else {},
                own=True,
            )
        ]

    def choose(self, key: str, value: object) -> None:
        """Filter by a value; None takes the filter off, an empty key takes all off."""
        if not key:
            self.chosen = {}
        elif value is None:
            self.chosen.pop(key, None)
        else:
            self.chosen[key] = value

    def turn_sort(self, column: Column) -> None:
        """Sort by a column, in its first direction, then in the other."""
        ways = [column.key, f"-{column.key}"]
        if column.falling:
            ways.reverse()
        self.sort = ways[1] if self.sort == ways[0] else ways[0]

    def sorted_section(self) -> int:
        """The table's section of the sorted column, 0 for none."""
        key = self.sort.removeprefix("-")
        return next((number for number, column in enumerate(self._columns, 1) if column.key == key), 0)

    @property
    def falling(self) -> bool:
        """Whether the sort falls."""
        return self.sort.startswith("-")

    def query(self) -> Query:
        """The rows shown now."""
        return self._query(self.current, self.chosen)

    def all_queries(self) -> dict[str, Query]:
        """The rows of every view, to be counted."""
        return {view.key: self._query(view, view.chosen) for view in self.all()}

    def counting(self) -> Callable[[Connection], dict[str, int]]:
        """What the worker does to count every view as it is now."""
        queries = self.all_queries()
        return lambda connection: {key: query.count(connection) for key, query in queries.items()}

    def _query(self, view: View, chosen: Mapping[str, object]) -> Query:
        where = [part for part in (self._source.where, view.where) if part]
        params = {
            "now": clock.text(),
            "today": clock.today().isoformat(),
            **self._params(),
            **view.params,
        }
        for one in self._filters:
            if one.key in chosen:
                where.append(one.where.replace(":value", f":choice_{one.key}"))
                params[f"choice_{one.key}"] = chosen[one.key]
        sort = self.sort or view.sort or self._usual_sort()
        expression = self._expression(sort.removeprefix("-"))
        return Query(self._source.table, tuple(where), params, expression, sort.startswith("-"), view.index)

    def _expression(self, key: str) -> str:
        return next((column.sort for column in self._columns if column.key == key and column.sort), "id")

    def _usual_sort(self) -> str:
        column = next((column for column in self._columns if column.sort), None)
        return "" if column is None else f"-{column.key}" if column.falling else column.key
