"""What the owner does to products, SKUs and their stock: each one step that can be undone."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from shopdesk.core import blobs, clock, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.texts import kept_text
from shopdesk.core.words import N_
from shopdesk.inventory import store
from shopdesk.inventory.model import (
    PRODUCT_COLUMNS,
    SKU_COLUMNS,
    Move,
    Product,
    Sku,
    checked,
    checked_qty,
    checked_tags,
    code_key,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlite_utils import Database

    from shopdesk.core.shop import Shop

_BOOKED = {
    Move.RECEIVE: N_("Received {qty} of “{name}”"),
    Move.COUNT: N_("Counted “{name}”: {qty}"),
    Move.ADJUST: N_("Adjusted “{name}” by {qty}"),
    Move.DAMAGE: N_("Wrote off {qty} of “{name}”"),
    Move.RETURN: N_("Put {qty} of “{name}” back to stock"),
}
_TOPICS = ("skus", "stock")


# the stock journal


def book(shop: Shop, *, sku_id: int, move: Move, qty: int, note: str = "", at: str = "") -> None:
    """Book a move of stock, now or at an earlier business time `at`.

    `qty` is what was received, written off or came back (1 or more), the difference of an adjustment
    (not 0), or the level that was counted (0 or more). Raises ShopError.
    """
    checked_qty(move, qty)
    kept_text(note, "note")
    sku = _existing(shop, sku_id)
    moment = _past(at) if at else store.now_of(shop.reader(), sku_id)
    shown = f"{qty:+d}".replace("-", "−") if move is Move.ADJUST else str(qty)
    with shop.change(_BOOKED[move], *_TOPICS, qty=shown, name=sku.title) as db:
        level = move is Move.COUNT
        db.execute(
            "INSERT INTO stock_moves (sku_id, at, kind, qty, level, note) VALUES (?, ?, ?, ?, ?, ?)",
            (sku_id, moment, move.kind, None if level else move.change(qty), qty if level else None, note),
        )


def _past(at: str) -> str:
    now = clock.text()
    if at > now:
        raise ShopError(N_("That is in the future."), fix=N_("Stock is booked when it has moved."), field="at")
    return at or now


# products and SKUs


def add_product(
    shop: Shop, *, product: Mapping[str, object], sku: Mapping[str, object], level: int | None = None
) -> int:
    """Add a product with its first SKU; `level` is what lies on the shelf now. The id of the SKU.

    The SKU takes the product's name unless it has one. Raises ShopError with the field that is wrong.
    """
    facts = checked({"tags": [], **product}, PRODUCT_COLUMNS)
    if "name" not in facts:
        raise ShopError(N_("A name is needed."), field="name")
    with shop.change(N_("Added “{name}”"), *_TOPICS, name=facts["name"]) as db:
        facts["tags"] = _json(facts["tags"])
        made = _insert(db, "products", {"key": _own_key(), "created_at": clock.text(), **facts})
        return _insert_sku(db, made, {"name": facts["name"], **sku}, level)


def add_variant(shop: Shop, *, product_id: int, sku: Mapping[str, object], level: int | None = None) -> int:
    """Add one more SKU to a product; its id. Raises ShopError with the field that is wrong."""
    product = _product(shop, product_id)
    with shop.change(N_("Added a variant of “{name}”"), *_TOPICS, name=product.name) as db:
        return _insert_sku(db, product_id, {"name": product.name, **sku}, level)


def _insert_sku(db: Database, product_id: int, values: Mapping[str, object], level: int | None) -> int:
    facts = checked({"tags": [], **values}, SKU_COLUMNS)
    facts["tags"] = _json(facts["tags"])
    code = str(facts.get("code", ""))
    _refuse_taken(db, code, but=0)
    facts |= {"product_id": product_id, "currency": _currency(db, product_id), "edited": _json(sorted(values))}
    sku_id = _revive(db, code, facts) or _insert_new(db, code, facts)
    if level is not None:
        checked_qty(Move.COUNT, level)
        counted = {"sku_id": sku_id, "at": store.now_of(db.conn, sku_id), "kind": Move.COUNT.kind, "level": level}
        _insert(db, "stock_moves", counted)
    return sku_id


def _insert_new(db: Database, code: str, facts: Mapping[str, object]) -> int:
    free = bool(code) and not _row(db, "key = ?", code_key(code))
    return _insert(db, "skus", {"key": code_key(code) if free else _own_key(), **facts})


def _insert(db: Database, table: str, facts: Mapping[str, object]) -> int:
    places = ", ".join("?" * len(facts))
    names = ", ".join(facts)
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(facts.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _own_key() -> str:
    """The key of a record made by hand: no file knows it."""
    return f"hand:{secrets.token_hex(8)}"


def _revive(db: Database, code: str, facts: Mapping[str, object]) -> int:
    """A deleted SKU of the same code comes back with its stock journal; its id, 0 when there is none."""
    gone = _row(db, "key = ? AND deleted_at IS NOT NULL", code_key(code)) if code else None
    if gone is None:
        return 0
    names = ", ".join(f"{name} = ?" for name in facts)
    db.execute(f"UPDATE skus SET {names}, deleted_at = NULL WHERE id = ?", (*facts.values(), gone[0]))
    return gone[0]


def _currency(db: Database, product_id: int) -> str:
    row = db.execute("SELECT currency FROM skus WHERE product_id = ? ORDER BY id LIMIT 1", (product_id,)).fetchone()
    return str(row[0]) if row else settings.text(db.conn, "currency")


def _refuse_taken(db: Database, code: str, *, but: int) -> None:
    taken = _row(db, "code = ? AND code <> '' AND deleted_at IS NULL AND id <> ?", code, but)
    if taken:
        raise ShopError(N_("“{name}” has this code already."), field="code", name=taken[1])


def _row(db: Database, where: str, *values: object) -> tuple[int, str] | None:
    row = db.execute(f"SELECT id, name FROM skus WHERE {where}", values).fetchone()
    return (row[0], row[1]) if row else None


def edit_sku(shop: Shop, *, sku_id: int, values: Mapping[str, object]) -> None:
    """Change columns of one SKU (SKU_COLUMNS). Raises ShopError with the field that is wrong."""
    sku = _existing(shop, sku_id)
    with shop.change(N_("Changed “{name}”"), "skus", name=sku.title) as db:
        _refuse_taken(db, str(values.get("code", "")).strip(), but=sku_id)
        _write_skus(db, [sku], values, (), ())


def edit_skus(
    shop: Shop,
    *,
    ids: Sequence[int],
    values: Mapping[str, object],
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
) -> int:
    """Change columns of many SKUs in one step: shelf, price, cost, min_qty, max_qty, lead_days, tags.

    How many really changed. Raises ShopError: prices need one currency, and no maximum may fall below
    a minimum.
    """
    if {"price", "cost"} & set(values) and len(store.currencies(shop.reader(), ids)) > 1:
        raise ShopError(
            N_("The selected SKUs are priced in several currencies."), fix=N_("Select those of one currency."),
            field="price" if "price" in values else "cost",
        )  # fmt: skip
    with shop.change(N_("Changed {n} SKUs"), "skus", n=len(ids)) as db:
        return _write_skus(db, store.skus(db.conn, ids), values, checked_tags(add_tags), checked_tags(remove_tags))


def _write_skus(
    db: Database, skus: Sequence[Sku], values: Mapping[str, object], add: Sequence[str], remove: Sequence[str]
) -> int:
    facts = checked(values, SKU_COLUMNS)
    done = 0
    for sku in skus:
        wanted = dict(facts)
        if add or remove:
            wanted["tags"] = [t for t in dict.fromkeys((*sku.tags, *add)) if t not in remove]
        changed = {name: value for name, value in wanted.items() if value != _held(sku, name)}
        if changed:
            _refuse_crossed(sku, changed)
            _update(db, "skus", sku.id, changed)
            done += 1
    return done


def _held(row: Sku | Product, name: str) -> object:
    value = getattr(row, name)
    return list(value) if name == "tags" else value


def _refuse_crossed(sku: Sku, changed: Mapping[str, object]) -> None:
    low, high = changed.get("min_qty", sku.min_qty), changed.get("max_qty", sku.max_qty)
    if isinstance(low, int) and isinstance(high, int) and high < low:
        raise ShopError(
            N_("The maximum of “{name}” would be below its minimum."),
            field="max_qty" if "max_qty" in changed else "min_qty", name=sku.title,
        )  # fmt: skip


def _update(db: Database, table: str, record: int, changed: Mapping[str, object]) -> None:
    """Write the changed columns and note that the owner changed them by hand."""
    names = ", ".join(f"{name} = ?" for name in changed)
    values = [_json(value) if isinstance(value, list) else value for value in changed.values()]
    db.execute(
        f"UPDATE {table} SET {names}, edited = (SELECT json_group_array(name) FROM ("
        f"SELECT value AS name FROM json_each({table}.edited) UNION SELECT value FROM json_each(?)))"
        " WHERE id = ?",
        (*values, _json(list(changed)), record),
    )


def edit_product(shop: Shop, *, product_id: int, values: Mapping[str, object]) -> None:
    """Change name, category, tags or note of a product; variants that bear its name follow it.

    Raises ShopError with the field that is wrong.
    """
    product = _product(shop, product_id)
    facts = checked(values, PRODUCT_COLUMNS)
    changed = {name: value for name, value in facts.items() if value != _held(product, name)}
    with shop.change(N_("Changed “{name}”"), "skus", name=product.name) as db:
        if not changed:
            return
        _update(db, "products", product_id, changed)
        for sku in store.variants(db.conn, product_id) if "name" in changed else ():
            if sku.name == product.name:
                _update(db, "skus", sku.id, {"name": changed["name"]})


def set_picture(shop: Shop, *, sku_id: int, data: bytes | None, whole_product: bool = False) -> None:
    """Give a SKU, or its whole product, a picture (PNG, JPEG or WebP).

    With its product's picture a SKU gives up its own. None takes the SKU's own picture away, or the product's
    when it has none of its own. Raises FileRefused when the bytes are no picture that can be kept.
    """
    sku = _existing(shop, sku_id)
    label = N_("Removed the picture of “{name}”") if data is None else N_("Set the picture of “{name}”")
    with shop.change(label, "skus", name=sku.name if whole_product else sku.title) as db:
        sha = None if data is None else blobs.put_picture(db, data)
        if whole_product if sha else sku.picture is None:
            _update(db, "products", sku.product_id, {"picture": sha})
            if sku.picture is not None:
                _update(db, "skus", sku_id, {"picture": None})
        else:
            _update(db, "skus", sku_id, {"picture": sha})


def delete_skus(shop: Shop, *, ids: Sequence[int]) -> None:
    """Mark SKUs as deleted, and products of which no variant is left."""
    chosen = store.skus(shop.reader(), ids)
    label, values = N_("Deleted {n} SKUs"), {"n": str(len(chosen))}
    if len(chosen) == 1:
        label, values = N_("Deleted “{name}”"), {"name": chosen[0].title}
    with shop.change(label, *_TOPICS, **values) as db:
        now = clock.utc_stamp()
        listed = json.dumps([sku.id for sku in chosen])
        db.execute("UPDATE skus SET deleted_at = ? WHERE id IN (SELECT value FROM json_each(?))", (now, listed))
        db.execute(
            "UPDATE products SET deleted_at = ? WHERE deleted_at IS NULL AND id IN ("
            "SELECT product_id FROM skus WHERE id IN (SELECT value FROM json_each(?))) AND NOT EXISTS ("
            "SELECT 1 FROM skus s WHERE s.product_id = products.id AND s.deleted_at IS NULL)",
            (now, listed),
        )


def _existing(shop: Shop, sku_id: int) -> Sku:
    found = store.sku(shop.reader(), sku_id)
    if found is None:
        raise ShopError(N_("This SKU is not there any more."))
    return found


def _product(shop: Shop, product_id: int) -> Product:
    found = store.product(shop.reader(), product_id)
    if found is None:
        raise ShopError(N_("This product is not there any more."))
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
