"""Which records of the shop the staged ones are: channels, buyers, products, SKUs.

Every statement runs on a connection that sees the shop as `main`, what was read as `staging` and the plan
in the making as `plan`. Ids of records that do not exist yet are given here, after the highest id ever
used, so that everything that follows is a plain join.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shopdesk.core.channels import PLATFORMS, platform_name
from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_

ChannelKey = tuple[str, str]
"""Platform and the shop's number on it as the files say it ("" when they do not)."""


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """The channel that staged records belong to: an existing one by `id`, or a new one by `name`.

    `asked` is true when the files do not name it and the owner has more than one to choose from.
    """

    platform: str
    shop_id: str
    id: int | None
    name: str
    currency: str
    asked: bool = False


_GROUPS = """
SELECT platform, shop_id, max(name), max(currency) FROM (
    SELECT platform, coalesce(shop_id, '') AS shop_id, shop_name AS name, currency FROM staging.source
     WHERE platform IS NOT NULL AND kind NOT IN ('own', 'bought') AND refused IS NULL
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), shop_name, currency FROM staging.order_
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.line
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.item
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.person
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.product
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.review
    UNION ALL SELECT DISTINCT platform, coalesce(shop_id, ''), NULL, NULL FROM staging.return_
) GROUP BY platform, shop_id ORDER BY platform, shop_id = '', shop_id
"""


def choose_channels(
    con: Connection, *, chosen: Mapping[ChannelKey, int | str], name: str = "", strict: bool = False
) -> list[ChannelChoice]:
    """A channel for every platform and shop that the staged records name.

    `chosen` holds the owner's answers (the id of a channel, or the name of a new one), `name` the one given
    on the command line. With `strict` an open question raises ShopError instead of being proposed.
    """
    known = con.execute(
        "SELECT id, platform, name, shop_id, currency FROM channels WHERE deleted_at IS NULL ORDER BY id"
    ).fetchall()
    found: list[ChannelChoice] = []
    for platform, shop_id, said, currency in con.execute(_GROUPS).fetchall():
        mine = [row for row in known if row["platform"] == platform]
        wanted = chosen.get((platform, shop_id), name)
        made = [one for one in found if one.platform == platform]
        choice = _choice(platform, shop_id, said or "", currency or "", wanted, mine, made)
        if choice.asked and strict:
            raise ShopError(
                N_("The file does not say which of your {platform} shops it is from."),
                fix=N_("Name it with --channel: {names}."),
                platform=platform_name(platform),
                names=", ".join(row["name"] for row in mine),
            )
        found.append(choice)
    return found


def _choice(
    platform: str,
    shop_id: str,
    said: str,
    currency: str,
    wanted: int | str,
    mine: list[Mapping[str, object]],
    made: list[ChannelChoice],
) -> ChannelChoice:
    for test in _tests(shop_id, said, wanted):
        row = next((row for row in mine if test(row)), None)
        if row is not None:
            return _existing(platform, shop_id, row)
    known = PLATFORMS.get(platform)
    currency = currency or (known.currency if known else "CNY")
    if isinstance(wanted, str) and wanted:
        return ChannelChoice(platform, shop_id, None, wanted, currency)
    if not shop_id and not said:
        if made and len(made) + len(mine) == 1:
            return ChannelChoice(platform, "", made[0].id, made[0].name, made[0].currency)
        if mine:
            one = _existing(platform, "", mine[-1])
            return one if len(mine) == 1 else ChannelChoice(platform, "", one.id, one.name, one.currency, True)
    unnamed = [row for row in mine if not row["shop_id"]]
    if shop_id and len(mine) == 1 and unnamed:
        return _existing(platform, shop_id, unnamed[0])
    name = said or platform_name(platform)
    taken = {str(row["name"]) for row in mine} | {one.name for one in made}
    return ChannelChoice(platform, shop_id, None, name if name not in taken else f"{name} {shop_id}", currency)


def _tests(shop_id: str, said: str, wanted: int | str) -> list[Callable[[Mapping[str, object]], bool]]:
    if wanted:
        return [lambda row: wanted in (row["id"], row["name"])]
    if shop_id:
        return [lambda row: row["shop_id"] == shop_id, lambda row: row["name"] == said and not row["shop_id"]]
    return [lambda row: bool(said) and row["name"] == said]


def _existing(platform: str, shop_id: str, row: Mapping[str, object]) -> ChannelChoice:
    return ChannelChoice(platform, shop_id, int(str(row["id"])), str(row["name"]), str(row["currency"]))


def keep_channels(con: Connection, choices: list[ChannelChoice]) -> None:
    """Write the choices into the plan; a new channel gets the id it will have."""
    con.execute(
        "CREATE TABLE plan.channel (platform, shop_id, channel_id, is_new, name, currency, asked,"
        " PRIMARY KEY (platform, shop_id))"
    )
    base = last_id(con, "channels")
    new: dict[tuple[str, str], int] = {}
    for choice in choices:
        key = (choice.platform, choice.name)
        at = choice.id if choice.id is not None else new.setdefault(key, base + len(new) + 1)
        con.execute(
            "INSERT INTO plan.channel VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*(choice.platform, choice.shop_id, at, choice.id is None), choice.name, choice.currency, choice.asked),
        )


def last_id(con: Connection, table: str) -> int:
    """The highest id that a table of the shop ever gave."""
    row = con.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


CHANNEL = "JOIN plan.channel h ON h.platform = {s}.platform AND h.shop_id = coalesce({s}.shop_id, '')"

_PEOPLE = f"""
CREATE TABLE plan.person (id INTEGER PRIMARY KEY, customer_id INTEGER, is_new INTEGER, first INTEGER);
INSERT INTO plan.person
SELECT id, coalesce(found, :base + dense_rank() OVER (PARTITION BY found IS NULL ORDER BY channel_id, handle)),
       found IS NULL, row_number() OVER (PARTITION BY channel_id, handle ORDER BY from_file DESC, id)
FROM (
    SELECT s.id, h.channel_id, s.handle, s.from_file, c.id AS found
    FROM staging.person s {CHANNEL.format(s="s")}
    LEFT JOIN customers c ON c.channel_id = h.channel_id AND c.handle = s.handle
    WHERE s.handle <> ''
);
"""

_ITEMS = f"""
CREATE TABLE plan.item (id INTEGER PRIMARY KEY, sku_id INTEGER, is_new INTEGER, first INTEGER, key TEXT,
    channel_id INTEGER, product_key TEXT);
INSERT INTO plan.item
SELECT id, coalesce(found, :base + dense_rank() OVER (PARTITION BY found IS NULL ORDER BY key)), found IS NULL,
       row_number() OVER (PARTITION BY key ORDER BY id), key, channel_id, NULL
FROM (
    SELECT i.*, coalesce(k.id, (
               SELECT min(n.id) FROM skus n WHERE i.code <> '' AND n.code = i.code AND n.deleted_at IS NULL), (
               SELECT min(n.id) FROM skus n WHERE i.key >= 'name:' AND i.key < 'name;' AND n.name = i.name
               AND n.options = i.options AND n.channel_id = i.channel_id AND n.deleted_at IS NULL)) AS found
    FROM (
        SELECT s.id, h.channel_id, coalesce(s.code, '') AS code, coalesce(s.name, '') AS name,
               coalesce(s.options, '') AS options,
               CASE WHEN s.code <> '' THEN 'code:' || s.code
                    WHEN s.item_id <> '' THEN
                        'item:' || h.channel_id || ':' || s.item_id || ':' || coalesce(s.options, '')
                    ELSE 'name:' || h.channel_id || ':' || coalesce(s.name, '')
                         || CASE WHEN s.options <> '' THEN ':' || s.options ELSE '' END END AS key
        FROM staging.item s {CHANNEL.format(s="s")}
    ) i LEFT JOIN skus k ON k.key = i.key
);
"""

_PRODUCTS = f"""
CREATE TABLE plan.product (key TEXT PRIMARY KEY, id INTEGER, is_new INTEGER, staged INTEGER, channel_id INTEGER,
    name TEXT, item INTEGER);
CREATE TABLE plan.shop_product AS
    SELECT id, key, channel_id, name FROM products WHERE deleted_at IS NULL ORDER BY id;
CREATE INDEX plan.shop_product_name ON shop_product (channel_id, name);
INSERT OR IGNORE INTO plan.product (key, staged, channel_id, name)
SELECT CASE WHEN s.item_id <> '' THEN 'item:' || h.channel_id || ':' || s.item_id
            ELSE 'name:' || h.channel_id || ':' || s.name END, s.id, h.channel_id, s.name
FROM staging.product s {CHANNEL.format(s="s")} ORDER BY s.id;
CREATE INDEX plan.product_name ON product (channel_id, name);
CREATE INDEX plan.product_staged ON product (staged);
CREATE TABLE plan.staged_product (id INTEGER PRIMARY KEY, key TEXT);
INSERT INTO plan.staged_product
SELECT s.id, CASE WHEN s.item_id <> '' THEN 'item:' || h.channel_id || ':' || s.item_id
                  ELSE 'name:' || h.channel_id || ':' || s.name END
FROM staging.product s {CHANNEL.format(s="s")};
UPDATE plan.item SET product_key = (
    SELECT p.key FROM staging.sku s JOIN plan.staged_product p ON p.id = s.product_id
    WHERE s.item = item.id ORDER BY s.id LIMIT 1)
WHERE id IN (SELECT item FROM staging.sku);
UPDATE plan.item SET product_key = (
    SELECT CASE WHEN s.item_id <> '' THEN 'item:' || item.channel_id || ':' || s.item_id
           ELSE coalesce(
               (SELECT p.key FROM plan.product p WHERE p.channel_id = item.channel_id AND p.name = s.name
                ORDER BY p.staged LIMIT 1),
               (SELECT p.key FROM plan.shop_product p WHERE p.channel_id = item.channel_id AND p.name = s.name
                ORDER BY p.id LIMIT 1),
               'name:' || item.channel_id || ':' || coalesce(nullif(s.name, ''), s.code, '')) END
    FROM staging.item s WHERE s.id = item.id)
WHERE product_key IS NULL AND is_new AND first = 1;
INSERT OR IGNORE INTO plan.product (key, channel_id, name, item)
SELECT i.product_key, i.channel_id, coalesce(nullif(s.name, ''), nullif(s.code, ''), s.item_id, ''), i.id
FROM plan.item i JOIN staging.item s ON s.id = i.id
WHERE i.product_key IS NOT NULL AND i.is_new AND i.first = 1 ORDER BY i.id;
UPDATE plan.product SET id = coalesce(
    (SELECT p.id FROM products p WHERE p.key = product.key),
    (SELECT p.id FROM plan.shop_product p WHERE product.staged IS NOT NULL
     AND p.channel_id = product.channel_id AND p.name = product.name
     AND p.key = 'name:' || product.channel_id || ':' || product.name),
    (SELECT k.product_id FROM staging.sku s JOIN plan.item i ON i.id = s.item AND NOT i.is_new
     JOIN skus k ON k.id = i.sku_id JOIN products p ON p.id = k.product_id
     WHERE s.product_id = product.staged AND p.key LIKE 'name:%' LIMIT 1));
UPDATE plan.product SET is_new = id IS NULL;
UPDATE plan.product SET id = n.id FROM (
    SELECT key, :base + row_number() OVER (ORDER BY coalesce(staged, item + 1000000000)) AS id
    FROM plan.product WHERE is_new) n
WHERE n.key = product.key AND product.is_new;
"""


def statements(text: str) -> list[str]:
    """The single statements of a text (none of them has a semicolon inside a string at a line's end)."""
    return [part.strip() for part in text.split(";\n") if part.strip()]


def identify(con: Connection) -> None:
    """Fill plan.person, plan.item and plan.product from the staged records and the chosen channels."""
    for text, table in ((_PEOPLE, "customers"), (_ITEMS, "skus"), (_PRODUCTS, "products")):
        base = last_id(con, table)
        run(con, text, base=base)


def run(con: Connection, text: str, **values: object) -> None:
    """Run every statement of a text; :names in it stand for `values`."""
    for statement in statements(text):
        con.execute(statement, values)
