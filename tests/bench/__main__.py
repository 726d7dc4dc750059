"""`python3 make.py bench`: every speed that is promised, as a ratio to a floor of the same run."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

from shopdesk.core import clock
from tests.bench import generate
from tests.bench.harness import Row

PARTS = ("starting", "importing", "searching", "pages", "days", "acts", "protected")
BUILD = Path(__file__).resolve().parents[2] / "build" / "bench"


def shop(size: int) -> Path:
    """The bench shop of a size, made when it is not there yet (its three years end today)."""
    mark = hashlib.sha256(b"".join(p.read_bytes() for p in _sources())).hexdigest()[:12]
    path = BUILD / f"{size}-{clock.today():%Y%m%d}-{mark}.shop"
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        for old in BUILD.glob(f"{size}-*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        part = path.with_name(f"{size}-part.shop")
        part.unlink(missing_ok=True)
        generate.make(part, size)
        part.replace(path)
    return path


def _sources() -> list[Path]:
    package = Path(generate.__file__).resolve().parents[2] / "shopdesk"
    return [Path(generate.__file__), *sorted(package.glob("*/schema*.py")), package / "core" / "tables.py"]


def told(row: Row) -> str:
    """One line of the table."""
    mark = "ok " if row.holds else "NO "
    budget = f" or {row.budget:g} {row.unit}" if row.budget is not None else ""
    return (
        f"{mark} {row.name:<58} {row.ours:>10.1f} {row.unit:<3} floor {row.floor:>10.1f}"
        f"  x{row.ratio:<6.2f} must x{row.must:g}{budget}"
    )


def main() -> int:
    """Measure, print the table, write JSON; 1 when a figure is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--smoke", action="store_true", help="only that everything can be measured")
    asked = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    shops = {int(size): shop(int(size)) for size in asked.sizes.split(",")}
    rows: list[Row] = []
    for part in asked.only.split(","):
        for row in import_module(f"tests.bench.{part}").measure(shops, asked.rounds):
            rows.append(row)
            print(told(row), flush=True)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        told_rows = [{**vars(row), "ratio": row.ratio, "holds": row.holds} for row in rows]
        asked.json.write_text(json.dumps({"sizes": list(shops), "rows": told_rows}, indent=1))
    return 0 if asked.smoke or all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
