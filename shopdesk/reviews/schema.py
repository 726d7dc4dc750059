"""Reviews and replies in the shop file."""

from __future__ import annotations

from shopdesk.core.schema import Feature, Kept, On, Personal, SearchKind, Takeable
from shopdesk.core.words import N_
from shopdesk.orders.schema import UNDER_THE_NAME
from shopdesk.reviews.model import CAUSES, State

DRAFT = "reviews.draft."
"""A begun answer is remembered under this and the review's id."""

REVIEW = N_("{stars} “{text}”")
SILENT_REVIEW = N_("{stars} without words")

_EVENT = f"""r.written_at AS at, 'reviews' AS icon,
       CASE WHEN r.title || r.body = '' THEN '{SILENT_REVIEW}' ELSE '{REVIEW}' END AS words,
       json_object('stars', substr('★★★★★', 1, r.stars) || substr('☆☆☆☆☆', 1, 5 - r.stars),
                   'text', CASE WHEN r.body <> '' THEN r.body ELSE r.title END) AS args"""

_TABLES = f"""
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id INTEGER NOT NULL REFERENCES channels (id) DEFERRABLE INITIALLY DEFERRED,
    key TEXT NOT NULL,
    sku_id INTEGER REFERENCES skus (id) DEFERRABLE INITIALLY DEFERRED,
    product_id INTEGER REFERENCES products (id) DEFERRABLE INITIALLY DEFERRED,
    order_id INTEGER REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
    customer_id INTEGER REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    buyer TEXT NOT NULL DEFAULT '',
    item TEXT NOT NULL DEFAULT '',
    stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
    stars_goods INTEGER CHECK (stars_goods BETWEEN 1 AND 5),
    stars_service INTEGER CHECK (stars_service BETWEEN 1 AND 5),
    stars_delivery INTEGER CHECK (stars_delivery BETWEEN 1 AND 5),
    title TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT '',
    written_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'appealed', 'left')),
    cause TEXT NOT NULL DEFAULT '',
    reply TEXT NOT NULL DEFAULT '',
    replied_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    import_id INTEGER REFERENCES imports (id) DEFERRABLE INITIALLY DEFERRED,
    extra TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(extra)),
    edited TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edited)),
    deleted_at TEXT,
    UNIQUE (channel_id, key)
) STRICT;
CREATE INDEX reviews_sku ON reviews (sku_id);
CREATE INDEX reviews_product ON reviews (product_id);
CREATE INDEX reviews_order ON reviews (order_id);
CREATE INDEX reviews_customer ON reviews (customer_id);
CREATE INDEX reviews_import ON reviews (import_id);
CREATE INDEX reviews_state ON reviews (state, written_at) WHERE deleted_at IS NULL;
CREATE INDEX reviews_open ON reviews (written_at, stars) WHERE state = 'open' AND deleted_at IS NULL;
CREATE INDEX reviews_answered ON reviews (state, replied_at) WHERE deleted_at IS NULL;
CREATE INDEX reviews_stars ON reviews (stars) WHERE deleted_at IS NULL;
CREATE INDEX reviews_written ON reviews (written_at) WHERE deleted_at IS NULL;
CREATE INDEX reviews_replied ON reviews (replied_at) WHERE deleted_at IS NULL;

CREATE VIRTUAL TABLE search_reviews USING fts5(
    words, content='', contentless_delete=1, tokenize='ascii', prefix='1 2'
);

CREATE VIEW v_reviews AS
SELECT r.id, r.channel_id, c.platform, c.name AS channel, r.key, r.sku_id, r.product_id, r.order_id,
       o.number AS order_number, r.customer_id, r.buyer, r.item, r.stars, r.stars_goods, r.stars_service,
       r.stars_delivery, r.title, r.body, r.written_at, r.state, r.cause, r.reply, r.replied_at, r.note
FROM reviews r JOIN channels c ON c.id = r.channel_id LEFT JOIN orders o ON o.id = r.order_id
WHERE r.deleted_at IS NULL;

CREATE VIEW v_timeline_customer_reviews AS
SELECT r.customer_id AS record_id, {_EVENT}, r.item AS detail, 'reviews' AS page, r.id AS target
FROM reviews r WHERE r.deleted_at IS NULL AND r.customer_id IS NOT NULL;

CREATE VIEW v_timeline_order_reviews AS
SELECT r.order_id AS record_id, {_EVENT}, r.item AS detail, 'reviews' AS page, r.id AS target
FROM reviews r WHERE r.deleted_at IS NULL AND r.order_id IS NOT NULL;

CREATE VIEW v_timeline_sku_reviews AS
SELECT r.sku_id AS record_id, {_EVENT}, r.buyer AS detail, 'reviews' AS page, r.id AS target
FROM reviews r WHERE r.deleted_at IS NULL AND r.sku_id IS NOT NULL;
"""

_RATING = Kept(
    table="customers",
    columns=("rating",),
    query="""
    SELECT c.id, (SELECT CAST(round(avg(r.stars) * 10) AS INTEGER) FROM reviews r
                  WHERE r.customer_id = c.id AND r.deleted_at IS NULL)
    FROM customers c WHERE c.id IN {keys}
    """,
    all_keys="SELECT id FROM customers",
    on=(On("reviews", "{customer_id}", watch=("customer_id", "stars", "deleted_at")),),
)

FEATURE = Feature(
    name="reviews",
    after=("orders",),
    migrations=(("0001_tables", _TABLES),),
    kept=(_RATING,),
    search=(
        SearchKind(
            kind="reviews",
            table="reviews",
            query="""
            SELECT id, title || ' ' || body || ' ' || reply, buyer || ' ' || item
            FROM reviews WHERE id IN {keys} AND deleted_at IS NULL
            """,
            on=(On("reviews", "{id}", watch=("title", "body", "reply", "buyer", "item", "deleted_at")),),
        ),
    ),
    takeable=Takeable(
        table="reviews",
        title="buyer || ' ' || item",
        label=(N_("Took back {n} review"), N_("Took back {n} reviews")),
        topics=("reviews", "customers"),
        named={
            "cause": (N_("Cause"), CAUSES),
            "state": (N_("State"), {state.value: state.title for state in State}),
        },
    ),
    personal=(
        Personal(
            "reviews",
            of={"customer_id": "customers", "order_id": "orders"},
            also=UNDER_THE_NAME.format(table="reviews"),
            names={"buyer": "{mark}"},
            words={"title": "", "body": "", "reply": "", "note": "", "extra": "{}"},
        ),
        Personal(
            "remembered",
            rows=f"SELECT rowid FROM remembered WHERE key IN (SELECT '{DRAFT}' || id FROM reviews"
            " WHERE id IN {reviews})",
            words={"value": '""'},
            among=f"substr(key, 1, {len(DRAFT)}) = '{DRAFT}'",
            gone=True,
        ),
    ),
    naming={"reviews": ("cause",)},
    impersonal={"reviews": ("key", "item", "written_at", "state", "replied_at", "edited", "deleted_at")},
)
