"""Chance at the readers: rows or a sentence, whatever the bytes. Ten minutes with SHOPDESK_FAULTS=long.

SHOPDESK_FUZZ names other seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopdesk.core.errors import FileRefused
from shopdesk.exchange.tables import sheet_batches
from tests.hostile import files, fuzzing
from tests.hostile.texts import DATA

# whole workbooks are long in the words of a failure
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

SECONDS = float(os.environ.get("SHOPDESK_FUZZ") or (600 if os.environ.get("SHOPDESK_FAULTS") == "long" else 30))
EXAMPLES = settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def _until(share: float, run: Callable[[], None]) -> None:
    end = time.monotonic() + SECONDS * share
    while time.monotonic() < end:
        run()


def _tell(what: str, found: dict[str, int]) -> None:
    """What the run was; pytest -s shows it."""
    print(f"\nfuzz of {what}: {', '.join(f'{n} {name}' for name, n in found.items())}")


def test_texts_give_rows_or_a_sentence(tmp_path: Path) -> None:
    found = {"refused": 0, "rows": 0, "files": 0}

    @EXAMPLES
    @given(fuzzing.tables())
    def run(data: bytes) -> None:
        one = fuzzing.stage(tmp_path, data)
        found["files"] += 1
        found["rows"] += one["rows"]
        found["refused"] += one["refused"]

    _until(0.5, run)
    _tell("texts", found)
    assert found["rows"] > 20
    assert found["refused"] > 5


def test_noise_gives_rows_or_a_sentence(tmp_path: Path) -> None:
    found = {"files": 0, "refused": 0}

    @EXAMPLES
    @given(
        st.binary(max_size=400)
        | fuzzing.damaged(b"PK\x03\x04" + b"\0" * 60)
        | fuzzing.damaged(b"\x1f\x8b\x08" + b"\0" * 30)
    )
    def run(data: bytes) -> None:
        found["files"] += 1
        found["refused"] += fuzzing.stage(tmp_path, data)["refused"]

    _until(0.15, run)
    _tell("noise", found)
    assert found["refused"] > 5


def _seeds(folder: Path) -> list[bytes]:
    lines = (files.TITLES, *(files.order_row(n) for n in range(4)))
    made = [
        files.xlsx(folder / "seed.xlsx", [files.rows(*lines)] * 2),
        files.ods(folder / "seed.ods", files.ods_rows(*lines)),
    ]
    bad = DATA / "bad"
    real = (
        [path for kind in ("calamine", "sheetjs") for path in sorted((bad / kind).glob("*.xl*"))]
        if bad.is_dir()
        else []
    )
    return [path.read_bytes() for path in (*made, *real) if path.stat().st_size < 40_000]


def test_workbooks_give_rows_or_a_sentence(tmp_path: Path) -> None:
    found = {"files": 0, "rows": 0, "refused": 0}
    reader = fuzzing.ReadingProcess(tmp_path)

    @EXAMPLES
    @given(fuzzing.workbooks(_seeds(tmp_path)))
    def run(data: bytes) -> None:
        one = reader.stage(data)
        found["files"] += 1
        assert "crash" not in one, one["crash"]
        found["rows"] += one["rows"]
        found["refused"] += one["refused"]

    try:
        _until(0.35, run)
    finally:
        reader.end()
    _tell("workbooks", found)
    assert found["rows"] > 5
    assert found["refused"] > 5


@pytest.mark.parametrize("data", [b"\0", b"a,b\n1"], ids=["nul", "unknown"])
def test_what_the_fuzz_refuses_is_refused(tmp_path: Path, data: bytes) -> None:
    assert fuzzing.stage(tmp_path, data) == {"refused": 1, "rows": 0}


def test_a_sheet_cut_short_is_refused() -> None:
    class Cut:
        def get_sheet_by_name(self, _name: str) -> None:
            raise OSError("failed to fill whole buffer")  # a workbook of Excel's binary kind without its last bytes

    with pytest.raises(FileRefused, match="damaged"):
        next(sheet_batches(Cut(), "s"))


def test_a_reader_that_fails_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr("shopdesk.exchange.child.inspect", broken)
    with pytest.raises(KeyError, match="planted"):
        fuzzing.stage(tmp_path, b"a,b\n1,2\n")
