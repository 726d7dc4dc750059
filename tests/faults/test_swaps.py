"""After a power cut while a file takes the place of another, the shop is the one or the other, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.faults.stage import Figures, sized
from tests.faults.test_power import needs_strace


@needs_strace
def test_after_a_power_cut_the_shop_is_the_old_file_or_the_new_one():
    line = [sys.executable, "-m", "tests.faults.swaps", f"--images={sized(6, 60, 3000)}"]
    done = subprocess.run(line, cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    figures = Figures(**json.loads(done.stdout))
    figures.keep()
    assert figures.wrong == []
    assert figures.done["stories"] == 5
