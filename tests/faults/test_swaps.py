"""After a power cut while a file takes the place of another, the shop is the one or the other, and nothing is lost."""

from __future__ import annotations

from tests.faults.running import needs_strace, run
from tests.faults.stage import sized


@needs_strace
def test_after_a_power_cut_the_shop_is_the_old_file_or_the_new_one():
    figures = run("swaps", f"--images={sized(6, 60, 3000)}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["stories"] == 5
