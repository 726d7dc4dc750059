"""Work in a process of its own: it answers, it breaks, it is stopped."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shopdesk.core.process import Broken, Cancelled, Lines, run, spawned

CHILD = "shopdesk.exchange.child"


def job(path: Path, folder: Path) -> dict[str, Any]:
    return {
        "what": "recognise", "paths": [str(path)], "saved": [], "choose": {}, "currency": "CNY", "zone": "",
        "own_names": [], "scratch": str(folder / "text"),
    }  # fmt: skip


def test_it_answers(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("订单号,数量\n1,2\n")
    heard: list[dict[str, Any]] = []
    run(CHILD, job(file, tmp_path), hear=heard.append)
    assert heard[0]["sheets"][0]["header"] == ["订单号", "数量"]


def test_a_job_that_makes_no_sense_breaks_it() -> None:
    with pytest.raises(Broken):
        run(CHILD, {})


def test_it_is_stopped_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n" + "1,2\n" * 3_000_000)
    asked = iter([False, True])
    start = time.monotonic()
    with pytest.raises(Cancelled):
        run(CHILD, job(file, tmp_path), cancelled=lambda: next(asked))
    assert time.monotonic() - start < 3


def test_leaving_the_block_ends_it(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n")
    with spawned(CHILD, job(file, tmp_path)) as lines:
        assert lines.next(20) is not None
    with pytest.raises((Broken, EOFError)):
        while lines.next(1) is not None:
            pass


def test_half_a_message_of_a_killed_process_is_none() -> None:
    said = "import os; os.write(1, b'[1]\\n[2, '); os.kill(os.getpid(), 9)"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", said], stdin=pipe, stdout=pipe) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        lines = Lines(child, child.stdin, child.stdout)
        assert lines.next(20) == [1]
        with pytest.raises(Broken):
            lines.next(20)
        lines.join()


def test_only_known_modules_are_run() -> None:
    with pytest.raises(ValueError, match="antigravity"):
        run("antigravity", {})
