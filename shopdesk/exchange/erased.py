"""What files say of persons who were erased stays out: the same file again does not bring anybody back.

Known are the orders (channel and number), their reviews and returns, the files that were imported before, and by
the signs of accounts and telephone numbers (core/erased_signs.py) the persons in lists of customers and reviews. A
new order of the same buyer is one of somebody new to the shop.
"""

from __future__ import annotations

from shopdesk.core import erased_signs, originals, personal
from shopdesk.core.blotting import spellings
from shopdesk.core.erasures import CHANNEL, ERASED, ERASED_ORDERS
from shopdesk.core.person_words import known_in
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_
from shopdesk.exchange.identity import run

STAYS_OUT = N_("It is of a person who was erased, and stays out.")
_PLATFORM_KINDS = {"orders": "orders", "lines": "order_lines", "customers": "customers", "reviews": "reviews",
                   "returns": "returns"}  # fmt: skip

_PEOPLE = """
CREATE TABLE plan.of_erased (customer_id INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO plan.of_erased
SELECT p.customer_id FROM plan.person p JOIN staging.order_ s ON s.person = p.id
JOIN plan.ord o ON o.id = coalesce(s.merged_into, s.id)
WHERE p.is_new AND o.order_id IN (SELECT id FROM plan.erased_order);
INSERT OR IGNORE INTO plan.of_erased
SELECT p.customer_id FROM plan.person p JOIN staging.person s ON s.id = p.id
JOIN staging.source r ON r.id = s.source JOIN staging.file f ON f.id = r.file_id
JOIN plan.channel h ON h.platform = s.platform AND h.shop_id = coalesce(s.shop_id, '')
WHERE p.is_new AND s.from_file AND EXISTS (
    SELECT 1 FROM imports i WHERE i.sha256 = f.sha256 AND coalesce(i.channel_id, h.channel_id) = h.channel_id
    AND i.at <= (SELECT max(at) FROM erasures));
INSERT OR IGNORE INTO plan.of_erased
SELECT p.customer_id FROM plan.person p JOIN staging.person s ON s.id = p.id
WHERE p.is_new AND s.from_file AND is_erased(s.platform, s.handle, s.phone, s.email);
DELETE FROM plan.of_erased WHERE customer_id IN (
    SELECT p.customer_id FROM plan.person p JOIN staging.order_ s ON s.person = p.id
    JOIN plan.ord o ON o.id = coalesce(s.merged_into, s.id)
    WHERE o.order_id NOT IN (SELECT id FROM plan.erased_order));
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT s.source, r.file_id, s.row, '', 'refused', 'erased', :stays_out, '', '{}', 'person', s.id
FROM plan.person p JOIN staging.person s ON s.id = p.id JOIN staging.source r ON r.id = s.source
WHERE s.from_file AND p.is_new AND p.customer_id IN (SELECT customer_id FROM plan.of_erased);
"""

_RECORDS = f"""
UPDATE plan.ord SET customer_id = (SELECT o.customer_id FROM orders o WHERE o.id = ord.order_id)
WHERE order_id IN (SELECT id FROM plan.erased_order);
UPDATE plan.ret SET customer_id = (SELECT o.customer_id FROM orders o WHERE o.id = ret.order_id)
WHERE order_id IN (SELECT id FROM plan.erased_order);
UPDATE plan.ret SET customer_id = NULL WHERE customer_id IN (SELECT customer_id FROM plan.of_erased);
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT s.source, r.file_id, s.row, '', 'refused', 'erased', :stays_out, '', '{{}}', 'review', s.id
FROM plan.review p JOIN staging.review s ON s.id = p.id JOIN staging.source r ON r.id = s.source
WHERE p.is_new AND (p.order_id IN (SELECT id FROM plan.erased_order) OR p.customer_id IN {ERASED}
                    OR p.customer_id IN (SELECT customer_id FROM plan.of_erased)
                    OR p.order_id IS NULL AND p.customer_id IS NULL
                    AND is_erased(s.platform, s.buyer, NULL, s.email));
DELETE FROM plan.review WHERE id IN (SELECT record_id FROM plan.reason WHERE code = 'erased' AND record = 'review');
DELETE FROM plan.person WHERE is_new AND customer_id IN (SELECT customer_id FROM plan.of_erased);
"""


def keep_out(con: Connection) -> None:
    """Take out of a plan whatever would write words of a person who was erased.

    Orders that come again after they were taken back, or after a restore, are written without the words.
    """
    con.execute("CREATE TABLE plan.erased_order (id INTEGER PRIMARY KEY)")
    if not con.execute("SELECT EXISTS (SELECT 1 FROM erasures)").fetchone()[0]:
        return
    con.execute(f"INSERT INTO plan.erased_order {ERASED_ORDERS}")
    con.execute(
        "INSERT OR IGNORE INTO plan.erased_order SELECT p.order_id FROM erasures e JOIN json_each(e.orders) n"
        " JOIN staging.order_ s ON s.number = n.value JOIN plan.ord p ON p.id = s.id"
        f" JOIN plan.channel h ON h.channel_id = p.channel_id AND {CHANNEL} = e.channel"
    )
    erased_signs.teach(con)
    run(con, _PEOPLE, stays_out=STAYS_OUT)
    run(con, _RECORDS, stays_out=STAYS_OUT)
    _find(con)
    for kind, table in _PLATFORM_KINDS.items():
        _drop_cells(con, kind, table)
    con.execute("DROP TABLE temp.person_rows")


def keep_out_own(con: Connection, kind: str, table: str) -> None:
    """The same for the changes of one of our own layouts."""
    if con.execute("SELECT EXISTS (SELECT 1 FROM erasures)").fetchone()[0]:
        _find(con)
        _drop_cells(con, kind, table)
        con.execute("DROP TABLE temp.person_rows")


_OWN = "own customers"
_OWN_PEOPLE = f"""
DELETE FROM plan.reason WHERE code = 'erased' AND record = '{_OWN}';
INSERT INTO plan.reason (source, file_id, row, "column", level, code, text, fix, args, record, record_id)
SELECT w.source, r.file_id, w.row, '', 'refused', 'erased', :stays_out, '', '{{}}', '{_OWN}', w.id
FROM plan.own_customers w JOIN plan.read_customers x ON x.id = w.id JOIN staging.source r ON r.id = w.source
WHERE w.record IS NULL AND is_erased(x.platform, w.handle, w.phone, w.email);
DELETE FROM plan.own_customers WHERE id IN (SELECT record_id FROM plan.reason WHERE record = '{_OWN}');
"""


def keep_out_own_people(con: Connection) -> int:
    """Take persons who were erased out of the list of customers in our own layout; how many they were."""
    if not erased_signs.teach(con):
        return 0
    run(con, _OWN_PEOPLE, stays_out=STAYS_OUT)
    return int(con.execute("SELECT count(*) FROM plan.reason WHERE record = ?", (_OWN,)).fetchone()[0])


_ACCOUNTS = """
SELECT s.handle, s.phone, s.email FROM plan.reason e JOIN staging.file f ON f.id = e.file_id
JOIN staging.person s ON s.id = e.record_id WHERE f.sha256 = :name AND e.code = 'erased' AND e.record = 'person'
UNION SELECT s.buyer, s.email, NULL FROM plan.reason e JOIN staging.file f ON f.id = e.file_id
JOIN staging.review s ON s.id = e.record_id WHERE f.sha256 = :name AND e.code = 'erased' AND e.record = 'review'
"""
_OWN_ACCOUNTS = f"""
SELECT x.handle, x.phone, x.email FROM plan.reason e JOIN staging.file f ON f.id = e.file_id
JOIN plan.read_customers x ON x.id = e.record_id WHERE f.sha256 = :name AND e.record = '{_OWN}'
"""


def _accounts(con: Connection, name: str) -> set[str]:
    """What a file knows the persons by whose rows in it were refused."""
    own = con.execute("SELECT 1 FROM plan.sqlite_schema WHERE name = 'read_customers'").fetchone()
    rows = con.execute(f"{_ACCOUNTS} UNION {_OWN_ACCOUNTS}" if own else _ACCOUNTS, {"name": name}).fetchall()
    return spellings({str(word) for row in rows for word in row if word})


def keep_out_of_original(con: Connection, name: str) -> None:
    """Take their rows out of a file that is kept: it was written after they were erased here."""
    numbers = [row[0] for row in con.execute("SELECT n.value FROM erasures e JOIN json_each(e.orders) n")]
    accounts = _accounts(con, name)
    if numbers or accounts:
        of_them = con.execute(
            "SELECT 1 FROM staging.file f JOIN staging.source r ON r.file_id = f.id"
            " JOIN staging.order_ s ON s.source = r.id JOIN plan.ord p ON p.id = coalesce(s.merged_into, s.id)"
            " WHERE f.sha256 = ? AND p.order_id IN (SELECT id FROM plan.erased_order)",
            (name,),
        ).fetchone()
        originals.blot_new(
            con,
            name,
            numbers,
            accounts,
            known=known_in(con, {"handle": "staging.person"}),
            is_of_them=of_them is not None or bool(accounts),
        )


def _find(con: Connection) -> None:
    people = [row[0] for row in con.execute(f"SELECT id FROM customers WHERE id IN {ERASED}")]
    personal.find(con, people, more={"orders": ERASED_ORDERS})


def _drop_cells(con: Connection, kind: str, table: str) -> None:
    for declared in personal.declared():
        if declared.table == table:
            fields = ", ".join(f"'{name}'" for name in (*declared.blanks, *declared.of))
            con.execute(
                f"DELETE FROM plan.cell WHERE kind = ? AND field IN ({fields}) AND record IN {personal.owned(table)}",
                (kind,),
            )
