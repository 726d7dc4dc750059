"""ShopDesk's own layouts come back cell by cell; and every layout of every platform can be staged at all."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from shopdesk.exchange.fields import FIELDS
from shopdesk.exchange.formats import column_names
from shopdesk.exchange.own_formats import load_formats
from tests.exchange.staged import csv_text, staged

OWN = {"id": "own-test", "platform": "shopdesk", "kind": "own", "rows": "raw", "exact": True, "own": True,
       "title": {"en": "t", "zh": "t"}, "match": [["key", "name", "note"]]}  # fmt: skip


def test_naughty_strings_come_back_unchanged(shared_data: Path, tmp_path: Path) -> None:
    words = json.loads((shared_data / "bad" / "blns" / "blns.json").read_text(encoding="utf-8"))
    words = [word for word in words if "\0" not in word] + [
        "null",
        " - ",
        "\ttab",
        "'quoted'",
        "''",
        "two\r\nlines",
        "two\nlines",
        "合计",
    ]
    shielded = [f"'{word}" if word[:1] in tuple("=+-@\t\r'") and word else word for word in words]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["key", "name", "note"])
    writer.writerows([str(at), word, word] for at, word in enumerate(shielded))
    with staged(tmp_path, text.getvalue().encode("utf-8-sig"), saved=(OWN,)) as found:
        cells = [json.loads(row) for (row,) in found.all("raw", "cells")]
        assert [row[1] for row in cells] == words
        assert [row[2] for row in cells] == words
        assert found.one("SELECT kind, rows_read, rows_used FROM source") == ("own", len(words), len(words))


SAMPLES = {
    "id": "1234567", "text": "words", "name": "name", "handle": "ann", "phone": "123456", "time": "2026-06-01 10:00:00",
    "code": "USD", "money": "12.50", "qty": "2", "tracking": "SF123", "status": "", "sku": "A-1", "options": "Color:Red",
    "list": "a,b", "stars": "5",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", sorted(one.id for one in load_formats().by_id.values() if one.rows != "raw" and not one.refused)
)
def test_a_row_with_every_column_can_be_staged(tmp_path: Path, name: str) -> None:
    one = load_formats().by_id[name]
    cells = dict.fromkeys(max(one.match, key=len), "")
    for key, spec in one.columns.items():
        cells |= dict.fromkeys(column_names(spec), SAMPLES[FIELDS[key].kind])
    for rule in (*one.status, *one.refund, *one.line_status, *one.line_refund, *one.state):
        if rule.words and rule.column:
            cells[rule.column] = next(iter(rule.words))
    names = {key.strip().casefold(): key for key in cells}
    header = list(names.values())
    row = {key: cells[key] for key in header}
    if name == "square-items":
        row |= {"Date": "2026-06-01", "Time": "10:00:00"}
    text = csv_text(header, *[row] * (2 if one.skip else 1))
    with staged(tmp_path, text, choose=name) as found:
        assert found.refused() == []
        assert found.one("SELECT rows_read, rows_used, rows_refused FROM source") == (1, 1, 0)
        assert [reason for reason in found.reasons() if reason[1] != "status"] == []
