"""Power cuts: `python -m tests.faults.power --images 3000`.

The unmodified program acts under strace and writes down what it has acknowledged. From the log of its file
operations crash images are made (disk.py); each is opened by a process that never saw the shop, and must say
all that was acknowledged before the cut. `--plant` makes the program sync less: acknowledged acts must then be
missing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shopdesk.core import backup, check, clock, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from tests.faults.disk import CALLS, Disk, operations
from tests.faults.living import chosen, do, speaker, stand
from tests.faults.stage import (
    NOW,
    ROOT,
    Figures,
    chance_of,
    digest,
    files_of,
    own_scratch,
    quick_folder,
    sha256,
    template,
)
from tests.walk import Walk

BATCH = 20


@dataclass
class Told:
    """What was acknowledged up to a place in the log, and what the act that was under way would say."""

    said: list[str] = field(default_factory=list)
    backups: dict[str, str] = field(default_factory=dict)
    export: dict[str, str] | None = None
    next_export: dict[str, str] | None = None


def record(place: Path, module: str, *asked: str) -> Path:
    """Let a module act with a shop in `place` under strace; the log."""
    log = place / "log"
    line = ["strace", "-f", "-y", "-xx", "-s", "300000", "--seccomp-bpf", "-qq", "-o", str(log)]
    line += ["-e", f"trace={CALLS}", "-e", "signal=none"]
    line += [sys.executable, "-m", module, f"--act={place}", *asked]
    subprocess.run(line, cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return log


def act(place: Path, acts: int, plant: str, seed: int) -> None:
    """In the watched process: acts of every tab, an import, backups, a restore, exports, closing and opening."""
    clock.freeze(NOW)
    own_scratch(place / "scratch")
    if plant == "normal":
        sqlite._WRITER = tuple(said.replace("synchronous=FULL", "synchronous=NORMAL") for said in sqlite._WRITER)
    say = speaker(os.open(place / "shop" / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    shop = Shop.open(place / "shop" / "muhe.shop")
    say(done="opened", **stand(shop))
    walk = Walk(shop, seed, place / "scratch")
    for number in range(acts):
        do(walk, {0: "backup", 30: "restore", 60: "import"}.get(number % 90) or chosen(walk), say)
    say(begin="close")
    walk.shop.close()
    say(done="closed")


def told(lines: list[tuple[int, dict[str, Any]]], at: int) -> Told:
    """What must be found after a cut at a place in the log."""
    before = [line for place, line in lines if place < at]
    after = [line for place, line in lines if place >= at]
    found = Told()
    for line in before:
        found.said = [line["content"]] if "content" in line else found.said
        found.export = line.get("exported", found.export)
        if "backup" in line:
            name, sum_ = line["backup"]
            found.backups[name] = sum_
    if not before or "begin" in before[-1]:
        landed = next((line for line in after if "done" in line), {})
        found.said.append(landed.get("content", ""))
        found.next_export = landed.get("exported")
    return found


def looked_at(folder: Path, must: Told) -> list[str]:
    """What is wrong with an image."""
    path = folder / "muhe.shop"
    try:
        shop = Shop.open(path)
    except ShopError as error:
        return [f"cannot be opened: {error}"]
    wrong = [str(fault) for fault in check.faults(path)]
    if digest(shop.reader()) not in must.said:
        wrong.append("an acknowledged act is lost")
    shop.close()
    listed = {made.name: made.sha256 for made in backup.listed(path)}
    for name, sum_ in must.backups.items():
        if listed.get(name) != sum_:
            wrong.append(f"an acknowledged backup is lost: {name}")
    for name, sum_ in listed.items():
        if sha256(backup.folder(path) / name) != sum_:
            wrong.append(f"a backup is spoilt: {name}")
    return wrong + _export_faults(files_of(folder / "out"), must)


def _export_faults(there: dict[str, str], must: Told) -> list[str]:
    """The last acknowledged export, or that with some files of the next."""
    exports = [export for export in (must.export, must.next_export) if export]
    if not exports:
        return []
    whole = {name for name in there if not name.endswith(".part")}
    lost = sorted((must.export or {}).keys() - whole)
    spoilt = sorted(name for name in whole if there[name] not in [export.get(name) for export in exports])
    return [f"an acknowledged export is lost: {lost}"] * bool(lost) + [f"half an export: {spoilt}"] * bool(spoilt)


class Cuts:
    """Cuts at chosen places of one log."""

    def __init__(self, place: Path, log: Path, figures: Figures, seed: int) -> None:
        self.chance = chance_of(seed, 7)
        self.figures = figures
        self.images = place / "images"
        self.disk = Disk(place / "shop")
        self.ops = list(operations(log))
        acknowledged = str(place / "shop" / "acknowledged")
        lines = [(at, op) for at, op in enumerate(self.ops) if op.path == acknowledged and op.call == "write"]
        self.lines = [(at, json.loads(op.data)) for at, op in lines]
        self.ops = [op for op in self.ops if op.path != acknowledged or op.call == "write"]
        self.waiting: list[tuple[Path, Any]] = []

    def must(self, at: int) -> Any:
        """What must be found after a cut at a place in the log."""
        return told(self.lines, at)

    def look(self, folder: Path, must: Any) -> list[str]:
        """What is wrong with an image."""
        return looked_at(folder, must)

    def places(self, count: int) -> list[int]:
        """Where to cut: after operations on the shop's files, a third of them right after an acknowledgement."""
        root = self.disk.root
        touching = [at + 1 for at, op in enumerate(self.ops) if op.path.startswith(root) and op.call != "seek"]
        done = [at + 1 for at, line in self.lines if "done" in line]
        return sorted(self.chance.choice(done if self.chance.random() < 0.33 else touching) for _ in range(count))

    def run(self, count: int) -> None:
        """Make and open the images."""
        wanted = self.places(count)
        for at, op in enumerate(self.ops):
            while wanted and wanted[0] == at:
                wanted.pop(0)
                self.image(at)
            if not op.path.endswith("/acknowledged"):
                self.disk.do(op)
        for at in wanted:
            self.image(at)
        self.open_images()

    def image(self, at: int) -> None:
        """Write one image."""
        folder = self.images / str(self.figures.done.get("images", 0))
        for names, content in self.disk.cut(self.chance):
            first, *others = (folder / name for name in names)
            for file in (first, *others):
                file.parent.mkdir(parents=True, exist_ok=True)
            first.write_bytes(content)
            for other in others:
                os.link(first, other)
        self.waiting.append((folder, self.must(at)))
        self.figures.count("images")
        if len(self.waiting) == BATCH:
            self.open_images()

    def open_images(self) -> None:
        """Let a process that never saw the shop open what waits."""
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(theirs, "w", encoding="utf-8") as stream:
                for folder, must in self.waiting:
                    for wrong in self.look(folder, must):
                        stream.write(f"{folder.name}: {wrong}\n")
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8") as stream:
            self.figures.wrong += stream.read().splitlines()
        if os.waitpid(child, 0)[1]:
            self.figures.wrong.append("the process that looks at the images ended")
        for folder, _ in self.waiting:
            shutil.rmtree(folder)
        self.waiting.clear()


def run(place: Path, asked: argparse.Namespace) -> Figures:
    """Record, cut, look."""
    figures = Figures("power cut" + (f", planted: synchronous {asked.plant.upper()}" if asked.plant else ""))
    (place / "shop").mkdir()
    made = template(place)
    shutil.copy(made, place / "shop" / "muhe.shop")
    how = (f"--acts={asked.acts}", f"--plant={asked.plant}", f"--seed={asked.seed}")
    log = record(place, "tests.faults.power", *how)
    cuts = Cuts(place, log, figures, asked.seed)
    cuts.disk.start(made)
    shop_name = str(place / "shop" / "muhe.shop")
    cuts.disk.names = {shop_name: cuts.disk.names.pop(str(made))}
    cuts.disk.sure = dict(cuts.disk.names)
    figures.done["acknowledged"] = sum("done" in line for _, line in cuts.lines)
    figures.done["file operations"] = sum(op.path.startswith(cuts.disk.root) for op in cuts.ops)
    cuts.run(asked.images)
    return figures


def main() -> int:
    """Run it and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--acts", type=int, default=150)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--plant", default="", choices=("", "normal"))
    parser.add_argument("--act", type=Path)
    asked = parser.parse_args()
    if asked.act:
        act(asked.act, asked.acts, asked.plant, asked.seed)
        return 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-faults-", dir=quick_folder()) as place:
        own_scratch(Path(place, "own"))
        figures = run(Path(place), asked)
    figures.seconds = round(time.monotonic() - begin, 1)
    with suppress(BrokenPipeError):
        print(json.dumps(asdict(figures), ensure_ascii=False))
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
