"""A password that is set, changed or removed is so as a whole or not at all, whenever the program is killed."""

from __future__ import annotations

import pytest

from tests.faults.running import run
from tests.faults.stage import Figures, sized


def test_killed_at_any_moment_the_shop_is_under_the_old_or_the_new_password_and_so_are_its_backups():
    cycles = sized(20, 200, 2000)
    figures = run("password", f"--cycles={cycles}")
    figures.keep()
    assert figures.wrong == []
    assert figures.done["cycles"] == cycles
    assert figures.done["old"] > cycles / 20
    assert figures.done["new"] > cycles / 20


@pytest.mark.parametrize("plant", ["copied over", "forgetful"])
def test_a_planted_fault_is_found(plant: str):
    figures = run("password", "--cycles=300", f"--plant={plant}")
    assert figures.wrong
    Figures(f"password, planted: {plant}", {"cycles until found": figures.done.get("cycles", 0) + 1}).keep()
