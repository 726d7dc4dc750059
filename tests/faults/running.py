"""Faults that are made in a process of their own, for a test that wants to know what came of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from tests.faults.stage import ROOT, Figures

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")


def run(module: str, *asked: str) -> Figures:
    """What a module of this folder found when it was run with these arguments."""
    line = [sys.executable, "-m", f"tests.faults.{module}", *asked]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return Figures(**json.loads(done.stdout))
