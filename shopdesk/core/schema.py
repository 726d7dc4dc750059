"""How a feature declares what it keeps in the shop file.

A feature's schema.py holds one `Feature`: its tables and views as named migrations, the columns that are
figures of other rows (`Kept`), the daily sums (`KeptTable`) and the searchable records (`SearchKind`).
The one door for writes recomputes the kept figures and the search documents of every record that an act,
an undo or a redo touched, and `shopdesk check` recomputes all of them: a verb only writes raw facts.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter


@dataclass(frozen=True, slots=True)
class On:
    """Which keys a change of a row of `table` touches.

    Either `key`, an SQL expression in which {column} stands for a column of that row, taken of the row as
    it was and as it is, e.g. "{order_id}" or "(SELECT customer_id FROM orders WHERE id = {order_id})"; or
    `keys`, a SELECT in which {ids} stands for the ids of the changed rows, used as `IN {ids}`. `watch`
    lists the columns whose change matters; empty means any.
    """

    table: str
    key: str = ""
    watch: tuple[str, ...] = ()
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Columns of `table` that are figures of other rows.

    `query` is a SELECT of the row's id and then `columns` in order for the touched keys: {keys} in it is
    used as `IN {keys}` or as `FROM {keys} k` (column key). `all_keys` selects every key there is.
    """

    table: str
    columns: tuple[str, ...]
    query: str
    all_keys: str
    on: tuple[On, ...]


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table of sums whose rows are made anew for every touched key (a day).

    `query` selects all `columns` for {keys}, `key` among them; `all_keys` selects every key there is.
    """

    table: str
    key: str
    columns: tuple[str, ...]
    query: str
    all_keys: str
    on: tuple[On, ...]


@dataclass(frozen=True, slots=True)
class SearchKind:
    """Records that can be searched.

    `query` selects, for the record ids {keys}, three columns: id, the plain text, and the names (which
    can also be found by their pinyin). The index is the FTS5 table search_<kind>, its rowid the id.
    """

    kind: str
    table: str
    query: str
    on: tuple[On, ...]


@dataclass(frozen=True, slots=True)
class Owned:
    """Rows of `table` that belong to the record which their column `by` names.

    What was added to the record since `stays` when the record is taken back to how it was, or goes.
    """

    table: str
    by: str
    stays: bool = False
    owned: tuple[Owned, ...] = ()


@dataclass(frozen=True, slots=True)
class Takeable:
    """Records that can be taken back one by one from a backup (core/taking.py).

    `title` is an SQL expression over the record's columns that names it; `label` are N_() texts for one and for
    several ({n}); `along` are columns whose referred record goes back too, with its own fields; `figures` are kept
    columns worth telling beforehand: column -> its N_() title and the N_() words of its values; `named` are its own
    columns whose values have such words; `known_by` are columns that tell what a record was that is gone.
    """

    table: str
    title: str
    label: tuple[str, str]
    topics: tuple[str, ...]
    owned: tuple[Owned, ...] = ()
    along: tuple[str, ...] = ()
    figures: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    named: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    known_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Personal:
    """Which columns of `table` hold words of or about a person, and what stands there once the person is erased.

    A row is a person's when one of the columns of `of` refers to a row of the named table that is the person's;
    the table without any is that of the persons themselves. `also` selects more ids; where there is no such column,
    `rows` selects the rowids instead; {table} in both is the list of the person's ids of a table. `names` are
    columns whose words tell who it is, wherever else they stand; `words` all others. {mark} and {id} are filled in;
    None is NULL. The words in the columns `numbers` stay: the books need them. Rows that are `gone` are deleted.
    In the columns `within` only a person's own rows are searched for the words: in those of others they mean
    something else. `among` is SQL for the rows that hold words at all, where the table has others too.
    """

    table: str
    of: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    rows: str = ""
    names: Mapping[str, str | None] = field(default_factory=dict)
    words: Mapping[str, str | None] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    among: str = "1"
    gone: bool = False

    @property
    def blanks(self) -> dict[str, str | None]:
        """Every column that is emptied, and what stands there then."""
        return {**self.names, **self.words}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature's part of the shop file.

    Every column of text is in `personal`, in `naming` (table -> columns in which the owner or a platform may name
    anybody), in `choosing` (columns of choices and values, where a name must be unmistakable to be one) or in
    `impersonal` (columns that never name a person, or that the program works with): nothing that is added later is
    forgotten when somebody is shown or erased.
    """

    name: str
    migrations: tuple[tuple[str, str], ...]
    after: tuple[str, ...] = ()
    kept: tuple[Kept | KeptTable, ...] = ()
    search: tuple[SearchKind, ...] = ()
    unjournaled: frozenset[str] = field(default_factory=frozenset)
    takeable: Takeable | None = None
    personal: tuple[Personal, ...] = ()
    naming: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choosing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    impersonal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def features() -> tuple[Feature, ...]:
    """The features of the registry, each after those it builds on."""
    registry = importlib.import_module("shopdesk.features")
    names = ("core.tables", *(f"{name}.schema" for name in registry.FEATURES))
    found = {f.name: f for f in (importlib.import_module(f"shopdesk.{name}").FEATURE for name in names)}
    order = TopologicalSorter({f.name: ("core", *f.after) for f in found.values() if f.name != "core"})
    return tuple(found[name] for name in order.static_order() if name in found)


def kept_columns(table: str) -> frozenset[str]:
    """The columns of `table` that no verb writes."""
    rules = (rule for feature in features() for rule in feature.kept if isinstance(rule, Kept))
    return frozenset(column for rule in rules if rule.table == table for column in rule.columns)


def unjournaled() -> frozenset[str]:
    """The tables whose changes are no step of the owner."""
    sums = {rule.table for f in features() for rule in f.kept if isinstance(rule, KeptTable)}
    return frozenset(sums.union(*(feature.unjournaled for feature in features())))
