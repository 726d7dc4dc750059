"""Texts as cells of our own files, and back."""

from __future__ import annotations

from itertools import product

import pytest

from shopdesk.exchange.cells import CELL, sheet_cells, sheet_texts

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
