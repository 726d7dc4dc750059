"""The owner's own views: filter, columns and sort under a name, kept in the shop file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_
from shopdesk.ui.columns import View

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop
    from shopdesk.core.sqlite import Connection

_LONGEST = 40


def saved(connection: Connection, page: str, bases: Mapping[str, View]) -> list[View]:
    """The saved views of a page whose base view still exists, in their order."""
    rows = connection.execute(
        "SELECT id, name, spec FROM views WHERE page = ? AND deleted_at IS NULL ORDER BY position, id", (page,)
    ).fetchall()
    made = (_view(row[0], row[1], json.loads(row[2]), bases) for row in rows)
    return [view for view in made if view is not None]


def _view(record_id: int, name: str, spec: object, bases: Mapping[str, View]) -> View | None:
    """The view of a stored spec; it may have come in a file, so only what can be used of it is taken."""
    if not isinstance(spec, dict):
        return None
    base = bases.get(str(spec.get("base", "")))
    if base is None:
        return None
    columns, chosen = spec.get("columns"), spec.get("chosen")
    filters = chosen.items() if isinstance(chosen, dict) else ()
    return View(
        key=f"own{record_id}",
        title=name,
        where=base.where,
        sort=str(spec.get("sort") or base.sort),
        columns=tuple(key for key in columns if isinstance(key, str)) if isinstance(columns, list) else (),
        index=base.index,
        search=str(spec.get("search") or ""),
        chosen={key: value for key, value in filters if _can_be_asked(value)},
        own=True,
        saved_id=record_id,
    )


def _can_be_asked(value: object) -> bool:
    return isinstance(value, str | None) or (isinstance(value, int) and abs(value) < 1 << 63)


def save(
    shop: Shop,
    page: str,
    name: str,
    *,
    base: str,
    sort: str,
    columns: list[str],
    search: str = "",
    chosen: Mapping[str, object] | None = None,
) -> str:
    """Keep a view under a name; the same name is written over. Gives its key. Raises ShopError."""
    title = name.strip()
    if not title:
        raise ShopError(N_("A view needs a name."), field="name")
    spec = json.dumps({"base": base, "sort": sort, "columns": columns, "search": search, "chosen": dict(chosen or {})})
    with shop.change(N_("Saved the view “{name}”"), "views", name=title[:_LONGEST]) as db:
        row = db.execute(
            "SELECT id FROM views WHERE page = ? AND name = ? AND deleted_at IS NULL", (page, title[:_LONGEST])
        ).fetchone()
        if row is not None:
            db.execute("UPDATE views SET spec = ? WHERE id = ?", (spec, row[0]))
            return f"own{row[0]}"
        made = db.execute(
            "INSERT INTO views (page, name, spec, position) VALUES (?, ?, ?,"
            " (SELECT coalesce(max(position), 0) + 1 FROM views WHERE page = ?))",
            (page, title[:_LONGEST], spec, page),
        )
        return f"own{made.lastrowid}"


def remove(shop: Shop, view: View, stamp: str) -> None:
    """Delete a saved view."""
    with shop.change(N_("Deleted the view “{name}”"), "views", name=view.title) as db:
        db.execute("UPDATE views SET deleted_at = ? WHERE id = ?", (stamp, view.saved_id))


def rename(shop: Shop, view: View, name: str) -> None:
    """Give a saved view another name."""
    title = name.strip()
    if not title:
        raise ShopError(N_("A view needs a name."), field="name")
    with shop.change(N_("Renamed the view “{name}”"), "views", name=view.title) as db:
        db.execute("UPDATE views SET name = ? WHERE id = ?", (title[:_LONGEST], view.saved_id))
