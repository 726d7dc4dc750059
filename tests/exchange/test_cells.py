"""Texts as cells of our own files, and back."""

from __future__ import annotations

import csv
import io
import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.exchange.cells import CELL, bared, guarded, sheet_cells, sheet_texts
from tests.hostile.watching import cells_at

PIECES = ("_", "x", "005F", "_x0001", "u", "FFFE", "\\", "\\\\u005F", "\ufffe", "\uffff", "'")


@pytest.mark.parametrize("first", PIECES)
def test_every_mixture_of_signs_and_of_what_looks_like_them_comes_back(first: str) -> None:
    for rest in product(PIECES, repeat=4):
        text = first + "".join(rest)
        cells = sheet_cells(text)
        assert not set("\ufffe\uffff") & set("".join(cells))
        assert sheet_texts(cells, 1) == [text]


def test_a_long_text_goes_on_behind_the_last_column() -> None:
    texts = ["a", "=" + "😀" * 40_000, "c"]
    cells = [sheet_cells(text) for text in texts]
    assert [len(parts) for parts in cells] == [1, 3, 1]
    assert max(len(cell.encode("utf-16-le")) // 2 for parts in cells for cell in parts) <= 2 * CELL < 32_767
    row = [parts[0] for parts in cells] + [f"{at}:{part}" for at, parts in enumerate(cells) for part in parts[1:]]
    assert sheet_texts(row, 3) == texts


def test_cells_that_somebody_wrote_beside_the_table_are_no_part_of_it() -> None:
    assert sheet_texts(["a", "b", "note", "7:x", "1: more"], 2) == ["a", "b more"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_no_text_is_a_formula_whatever_parts_the_cells(sign: str) -> None:
    for pieces in product((";", "\t", "|", "\n", "'", '"', " ", "=1+1", "-x", ","), repeat=4):
        text = "".join(pieces)
        out = io.StringIO(newline="")
        csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerow(["x", guarded(text), "y"])
        assert not [cell for cell in cells_at(out.getvalue(), sign) if re.match(r"[=+\-@]| +=", cell)], text


@given(st.text(alphabet=";\t|\n\r,'\" =+-@a", max_size=12))
def test_a_guarded_text_comes_back(text: str) -> None:
    assert bared(guarded(text)) == text
