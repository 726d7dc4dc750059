"""The owner's own rules: lines like any other, and one sentence for a file that cannot be used."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from shopdesk.board import asking, own_rules, store
from shopdesk.core import own, own_sql
from shopdesk.core.own import Unusable
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from tests.board.conftest import Small

GOOD = """
name = "dear"
section = "B"
icon = "money"
opens = "orders"
minutes = 2

open = "SELECT id AS record, number, paid, currency FROM v_orders WHERE status = 'to_ship' AND paid > 100000"
done = "SELECT id AS record, number, shipped_at AS at FROM v_orders WHERE shipped_at >= :today"

[label]
en = "Dear orders"
zh = "大额订单"
[title]
en = "Look at {number}: {paid:money}"
zh = "查看 {number}：{paid:money}"
[why]
en = "dear"
zh = "金额大"
[evidence]
en = "{at:clock} shipped"
zh = "{at:clock} 已发货"
"""


def put(name: str, text: str | bytes, kind: str = "rules") -> Path:
    path = own.folder(kind) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def unused(small: Small) -> list[str]:
    return list(store.evaluate(small.shop.reader()).unused)


def test_an_own_rule_makes_lines(small: Small) -> None:
    put("dear.toml", GOOD)
    small.order(paid=250000, paid_at="2026-11-24 09:00:00")
    small.order(paid=100, paid_at="2026-11-24 09:00:00")
    (line,) = [line for line in store.evaluate(small.shop.reader()).lines if line.rule == "dear"]
    assert line.title.startswith("Look at ")
    assert "¥2,500.00" in line.title
    assert line.target == ("orders", line.record)
    assert store.rule_label("dear") == "Dear orders"
    assert "dear" in [state.rule.name for state in asking.rule_states(small.shop.reader())]
    assert unused(small) == []


def test_a_joint_line_of_an_own_rule_opens_the_records_that_it_gave(small: Small) -> None:
    put(
        "dear.toml",
        GOOD.replace("minutes = 2", "minutes = 2\ntogether = true").replace("{number}: {paid:money}", "{n}"),
    )
    ids = [small.order(paid=250000, paid_at="2026-11-24 09:00:00") for _ in range(3)]
    (line,) = [line for line in store.evaluate(small.shop.reader()).lines if line.rule == "dear"]
    assert line.title == "Look at 3"
    page, shown = line.target
    assert page == "orders"
    asked = f"SELECT id FROM orders WHERE {shown['where']}"
    assert sorted(row[0] for row in small.shop.reader().execute(asked, shown["params"])) == sorted(ids)
    assert "SELECT id AS record" not in shown["where"]


def test_a_rule_is_read_again_when_its_file_changed(small: Small) -> None:
    path = put("dear.toml", GOOD)
    assert own_rules.found().made[0].minutes == 2
    path.write_text(GOOD.replace("minutes = 2", "minutes = 30"), "utf-8")
    assert own_rules.found().made[0].minutes == 30
    path.unlink()
    assert own_rules.found().made == ()


WRONG = {
    "syntax": ("name = \n", "x.toml, line 1, is not used: this is no TOML."),
    "deep": ("x = " + "[" * 5000, "x.toml is not used: its tables stand too deep in each other."),
    "deep2": ("x = " + "[" * 20 + "]" * 20, "x.toml is not used: its tables stand too deep in each other."),
    "latin": ("name = 'café'".encode("latin-1"), "x.toml, line 1, is not used: it is no UTF-8 text."),
    "nul": (b"a = 1\n\0", "x.toml, line 2, is not used: it is no UTF-8 text."),
    "large": (b"#" * 70_000, "x.toml is not used: it is larger than 64 KB."),
    "missing": (GOOD.replace('section = "B"', ""), "x.toml is not used: “section” is missing."),
    "section": (GOOD.replace('"B"', '"Z"'), "x.toml, line 3, is not used: “section” cannot be this."),
    "minutes": (GOOD.replace("= 2", "= nan"), "x.toml, line 6, is not used: “minutes” cannot be this."),
    "icon": (GOOD.replace('"money"', '"../../x"'), "x.toml, line 4, is not used: “icon” cannot be this."),
    "act": (GOOD.replace('opens =', 'do = "orders.erase"\nopens ='), "x.toml, line 5, is not used: “do” cannot be this."),
    "more": (GOOD.replace("name", 'include = "/etc/passwd"\nname', 1), "x.toml, line 2, is not used: “include” cannot be this."),
    "shipped": (GOOD.replace('"dear"', '"late"', 1), "x.toml is not used: there is a rule “late” already."),
    "words": (GOOD.replace("{at:clock} shipped", "x" * 400), "x.toml, line 20, is not used: “evidence” cannot be this."),
    "no select": (GOOD.replace("SELECT id AS record, number, paid", "DELETE"), "x.toml, line 8, is not used: a question begins with SELECT."),
    "two": (GOOD.replace("100000", "1; DROP TABLE orders"),
            "x.toml, line 8, is not used: a question is one SELECT, without remarks and quoted names."),
    "table": (GOOD.replace("FROM v_orders WHERE status", "FROM orders WHERE status"),
              "x.toml, line 8, is not used: a question reads the views (v_orders, v_stock …) with plain functions, and nothing else."),
    "column": (GOOD.replace("paid > ", "nope > "), "x.toml, line 8, is not used: there is no “nope” to ask for."),
    "record": (GOOD.replace("id AS record", "'a' AS record"),
               "x.toml is not used: its words and what its questions give do not fit together."),
    "due": (GOOD.replace("id AS record", "id AS record, 'soon' AS due"),
            "x.toml is not used: its words and what its questions give do not fit together."),
    "reach": (GOOD.replace("{number}:", "{number.__class__}:"),
              "x.toml is not used: its words and what its questions give do not fit together."),
    "form": (GOOD.replace("{paid:money}", "{paid:>999999999}"),
             "x.toml is not used: its words and what its questions give do not fit together."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_bad_file_is_one_sentence_and_the_day_goes_on(small: Small, case: str) -> None:
    text, sentence = WRONG[case]
    small.order(paid=250000, paid_at="2026-11-24 09:00:00")
    before = [line.title for line in store.evaluate(small.shop.reader()).lines]
    put("x.toml", text)
    board = store.evaluate(small.shop.reader())
    assert list(board.unused) == [sentence]
    assert [line.title for line in board.lines] == before


def test_what_is_no_plain_file_is_not_opened(small: Small) -> None:
    folder = put("good.toml", GOOD).parent
    os.mkfifo(folder / "pipe.toml")
    (folder / "link.toml").symlink_to("/etc/passwd")
    (folder / "folder.toml").mkdir()
    assert sorted(unused(small)) == [
        f"{name}.toml is not used: it is no plain file." for name in ("folder", "link", "pipe")
    ]


def test_a_hundred_files_are_enough(small: Small) -> None:
    for number in range(103):
        put(f"{number:03}.toml", GOOD.replace('"dear"', f'"own{number}"'))
    assert len(own_rules.found().made) == 100
    assert unused(small)[0] == "100.toml is not used: there are more than 100 files."


REFUSED = [
    "SELECT * FROM orders", "SELECT bytes FROM blobs", "SELECT value FROM settings", "SELECT * FROM sqlite_schema",
    "SELECT * FROM journal", "PRAGMA user_version", "SELECT * FROM pragma_table_list", "ATTACH '/tmp/x' AS y", "VACUUM INTO '/tmp/x'",
    "DELETE FROM orders", "WITH a AS (SELECT 1) DELETE FROM orders", "INSERT INTO orders DEFAULT VALUES", "SELECT 1; SELECT 2",
    "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x",
    "WITH v_orders AS MATERIALIZED (SELECT bytes AS id FROM blobs) SELECT id FROM v_orders",
    "WITH v_orders(id) AS NOT MATERIALIZED (SELECT bytes FROM blobs) SELECT id FROM v_orders",
    "WITH v_x AS (SELECT bytes AS id FROM blobs) SELECT id FROM v_x",
    'WITH "v_orders" AS (SELECT 1 AS id) SELECT id FROM v_orders', "WITH v_orders/**/AS (SELECT 1 AS id) SELECT id FROM v_orders",
    "SELECT o.id FROM v_orders o, (SELECT bytes AS b FROM blobs) x", "SELECT (SELECT group_concat(sql) FROM sqlite_master)",
    "SELECT load_extension('/tmp/x')", "SELECT printf('%1000000000d', 1)", "SELECT randomblob(1000000000)",
    "SELECT zeroblob(1000000000)", "SELECT replace('aa', 'a', 'aaaa')", "SELECT hex('a')", "SELECT 'aaaa' LIKE '%a%a%b'",
    "SELECT writefile('/tmp/x', 'a')", "SELECT readfile('/etc/passwd')", "SELECT fts3_tokenizer('x')", "SELECT sqlcipher_export('x')",
    "SELECT " + " || ".join(["'a'"] * 10), "SELECT " + "(" * 3000 + "1" + ")" * 3000, "SELECT", "", "SELECT 1 AS a FROM nowhere",
]  # fmt: skip


@pytest.mark.parametrize("question", REFUSED)
def test_what_a_question_may_not_do(shop: Shop, question: str) -> None:
    con = shop.reader()
    with pytest.raises(Unusable):
        own_sql.ask(con, question, {}, 10)
    assert con.execute("SELECT count(*) FROM orders").fetchone()[0] == 0, "the reader is as it was"


def test_a_question_that_takes_long_is_stopped(shop: Shop) -> None:
    many = ", ".join(f"v_settings s{number}" for number in range(8))
    started = time.monotonic()
    with pytest.raises(Unusable, match="longer than 200 milliseconds"):
        own_sql.ask(shop.reader(), f"SELECT count(*) AS n FROM json_each('[{','.join('1' * 2000)}]') a, json_each('[{','.join('1' * 2000)}]') b,"
                    f" json_each('[{','.join('1' * 2000)}]') c, {many}", {}, 10)  # fmt: skip
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("file", sorted(path.name for path in resource("rules").glob("*.toml")))
def test_most_rules_of_the_program_could_be_the_owner_s_own(small: Small, file: str) -> None:
    text = (resource("rules") / file).read_text("utf-8").replace('name = "', 'name = "own_', 1)
    put(file, text)
    richer = {"11-ship-today.toml", "26-birthdays.toml", "30-import.toml"}
    assert bool(unused(small)) is (file in richer)
