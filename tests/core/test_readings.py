"""The readings of characters: loaded in pieces, the same as in one go, without holding the window up."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from shopdesk.core import readings


def test_read_in_pieces_the_tables_are_the_same() -> None:
    spec = importlib.util.find_spec("pypinyin")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    for name, between in (("pinyin_dict.json", '",\n"'), ("phrases_dict.json", '],\n"')):
        whole = json.loads((folder / name).read_text(encoding="utf-8"))
        assert len(whole) > 40_000
        assert dict(readings.table(folder / name, between)) == whole


def test_names_and_phrases_have_their_readings() -> None:
    assert readings.readings("银行", all_common=False) == [["yin"], ["hang"]]
    assert readings.readings("行走", all_common=False) == [["xing"], ["zou"]]
    assert "shan" in readings.readings("单", all_common=True)[0]
