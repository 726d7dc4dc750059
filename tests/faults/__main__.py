"""`python3 make.py faults`: every fault in full, and one table of what was done and what was found."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.faults.stage import Figures

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
LONGEST = ("test_soak.py", "test_power.py", "test_kill.py", "test_errors.py", "test_password.py", "test_swaps.py")
"""These begin, so that no core waits for one of them at the end."""

PATIENCE_S = {"ci": 1200, "long": 4 * 3600}
"""How long one test may take before it is said where it stands."""


def table(rows: list[Figures]) -> str:
    """The figures as a table."""
    lines = ["| test | done | wrong | s |", "|---|---|---|---|"]
    for row in merged(rows):
        done = ", ".join(f"{what} {count:,}" for what, count in row.done.items())
        lines.append(f"| {row.test} | {done} | {len(row.wrong)} | {row.seconds or ''} |")
    return "\n".join(lines)


def merged(rows: list[Figures]) -> list[Figures]:
    """Runs of one test as one row."""
    found: dict[str, Figures] = {}
    for row in sorted(rows, key=lambda one: one.test):
        whole = found.setdefault(row.test, Figures(row.test))
        for what, count in row.done.items():
            whole.count(what, count)
        whole.wrong += row.wrong
        whole.seconds = round(whole.seconds + row.seconds, 1)
    return list(found.values())


def main() -> int:
    """Run all and print the table; with --keep it goes into RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--long", action="store_true", help="ten times the kills, every point, fifty thousand images, an hour"
    )
    parser.add_argument("--keep", action="store_true", help=f"write the table to {RESULTS.name}")
    asked = parser.parse_args()
    size = "long" if asked.long else "ci"
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        figures = Path(place, "figures")
        figures.touch()
        around = {**os.environ, "SHOPDESK_FAULTS": size, "SHOPDESK_FIGURES": str(figures)}
        others = sorted(file.name for file in HERE.glob("test_*.py") if file.name not in LONGEST)
        line = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "load", "--maxschedchunk", "1"]
        line += ["-o", f"faulthandler_timeout={PATIENCE_S[size]}"]
        line += [str(HERE / name) for name in (*LONGEST, *others)]
        code = subprocess.run(line, env=around, cwd=HERE.parents[1], check=False).returncode
        rows = [Figures(**json.loads(said)) for said in figures.read_text("utf-8").splitlines()]
    told, took = table(rows), f"{time.monotonic() - begin:.0f} s"
    print(told)
    print(took)
    if asked.keep:
        command = "python3 make.py faults" + " --long" * asked.long
        ended = "" if code == 0 else ", with failing tests"
        RESULTS.write_text(f"# Fault tests\n\n{date.today()}, `{command}`, {took}{ended}\n\n{told}\n", "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
