"""kill -9 at random moments: `python -m tests.faults.kill --cycles 1000`.

A loaded parent without Qt, without threads and without an open shop forks one process a cycle, which opens the
shop, compares it with all that its predecessors acknowledged, and goes on acting until it is killed. The acts
are those of every tab, imports with their reading process, undo, redo, backups and exports; some cycles upgrade
an older file, some make a new shop, and every fiftieth is the real command line. `--plant` spoils the program in
the forked process so that the harness must find something.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.faults import once
from tests.faults.forking import Death, forked
from tests.faults.living import Known, Say, live
from tests.faults.planted import heard_by_plant, spoil
from tests.faults.stage import NOW, ROOT, Figures, chance_of, older_shop, own_scratch, quick_folder, template
from tests.shop_files import orders_csv

LIVES_OF_A_SHOP = 40
_SUBREAPER = 36


class Run:
    """The cycles, and what they found."""

    def __init__(self, folder: Path, seed: int, plant: str) -> None:
        self.folder = folder
        self.seed = seed
        self.plant = plant
        self.figures = Figures("kill -9")
        self.chance = chance_of(seed)
        self.template = template(folder)
        self.old = folder / "old.shop"
        older_shop(self.old)
        self.candidate, self.contents = once.two_contents(folder, self.template)
        self.files = 0
        if plant:
            spoil(plant, self.template)
        self.renew()
        assert threading.active_count() == 1, threading.enumerate()
        assert not any(name.startswith("PySide6") for name in sys.modules)

    def renew(self) -> None:
        """Begin with a fresh shop."""
        self.place = self.folder / "place"
        shutil.rmtree(self.place, ignore_errors=True)
        (self.place / "files").mkdir(parents=True)
        self.path = self.place / "muhe.shop"
        shutil.copy(self.template, self.path)
        self.known = Known()

    def cycle(self, number: int) -> None:
        """One life and its end."""
        if number % LIVES_OF_A_SHOP == 0:
            self.renew()
        chance = self.chance.random()
        before = len(self.figures.wrong)
        if number % 50 == 49 and not self.plant:
            self.command()
        elif chance < 0.04 and not self.plant:
            self.upgrade()
        elif chance < 0.07 and not self.plant:
            self.new()
        elif chance < 0.10 and not self.plant:
            self.restore()
        else:
            self.life(number)
        self.figures.count("cycles")
        if len(self.figures.wrong) > before:
            self.renew()

    def life(self, number: int) -> None:
        """A process that acts until it is killed; sometimes it is killed while it opens the shop."""
        weights = (75, 4, 6, 6, 9) if not self.plant else (100, 0, 0, 0, 0)
        first = self.chance.choices(("", "import", "backup", "export", "opening"), weights)[0]
        longest = {"import": 0.6, "backup": 0.05, "opening": 0.025}.get(first, 0.008)
        acts = self.chance.randrange(7) if first in ("", "opening") else 0
        if first == "import" and self.chance.random() < 0.4:  # killed soon after it was acknowledged
            acts, longest = 1, 0.008
        known, seed, path = self.known, f"{self.seed}:{number}", self.path
        act = first if first in ("import", "backup", "export") else ""
        death = forked(
            lambda say: live(path, known, seed, act, heard_by_plant(say)),
            after=self.chance.uniform(0, longest),
            wait_for="" if first == "opening" else "changes",
            times=1 + acts,
            group=self.chance.random() < 0.5,
        )
        self.hear(death)

    def hear(self, death: Death) -> None:
        """Note what a process said."""
        for said in death.lines:
            self.known.hear(said)
            if "done" in said:
                self.figures.count("acknowledged")
                if said["done"] not in ("act", "nothing"):
                    self.figures.count(f"{said['done']}")
            if "landed" in said:
                self.figures.count("not acknowledged but whole")
            if "wrong" in said:
                self.figures.wrong.append(str(said["wrong"]))

    def end(self) -> None:
        """A last import, which nobody kills, sweeps what killed ones have left."""
        self.renew()
        path, known = self.path, self.known
        death = forked(
            lambda say: live(path, known, "end", "import", say), after=0, wait_for="changes", times=2, group=True
        )
        self.hear(death)
        scratch = Path(tempfile.gettempdir())
        left = [
            p.name
            for p in scratch.glob("shopdesk-import-*")
            if not p.name.startswith(f"shopdesk-import-{death.process}-")
        ]
        if left:
            self.figures.wrong.append(f"scratch files of killed imports: {left}")

    def command(self) -> None:
        """The real program, from its start: an import or an undo that is killed on its way."""
        path, known = self.path, self.known
        self.hear(forked(lambda say: live(path, known, "", "look", say), after=0, wait_for="ended", group=False))
        self.files += 1
        verb = self.chance.choice(("import", "import", "undo"))
        line = [sys.executable, "-m", "shopdesk", verb, str(self.path)]
        if verb == "import":
            rows = ({"订单编号": f"7{self.files:04}0412775599{n:04}"} for n in range(20))
            line += [str(orders_csv(self.place / "files" / "command.csv", *rows)), "--channel", "Muhe", "--json"]
        around = {**os.environ, "SHOPDESK_NOW": NOW.isoformat(), "SHOPDESK_HOME": str(self.folder / "home")}
        process = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=around, start_new_session=True
        )
        assert process.stdout is not None
        time.sleep(self.chance.uniform(0.05, 1.3 if verb == "import" else 0.4))
        os.killpg(process.pid, signal.SIGKILL)
        told = process.stdout.read()
        process.stdout.close()
        process.wait()
        self.known.flight = verb
        self.known.must = told.endswith(b"\n")
        self.figures.count("command lines")
        if self.known.must:
            self.figures.count("acknowledged")

    def upgrade(self) -> None:
        """An older file that is opened: it is as it was or upgraded, with a verified copy of before."""
        path = self.fresh("upgrade") / "old.shop"
        shutil.copy(self.old, path)
        self.once("upgrade", lambda say: once.opened(path, say), lambda say: once.upgraded(path, say), 0.09)

    def new(self) -> None:
        """A new shop is whole, or its name is still free."""
        path = self.fresh("new") / "new.shop"
        self.once("new shop", lambda say: once.made(path, say), lambda say: once.made_again(path, say), 0.04)

    def restore(self) -> None:
        """A backup takes the place of the shop whole or not at all; what stood there is in a verified backup."""
        path = self.fresh("restore") / "muhe.shop"
        shutil.copy(self.template, path)
        candidate, contents = self.candidate, self.contents
        self.once(
            "restore",
            lambda say: once.restoring(path, candidate, say),
            lambda say: once.restored(path, contents, say),
            0.12,
        )

    def fresh(self, name: str) -> Path:
        """An empty folder."""
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return place

    def once(self, name: str, work: Callable[[Say], None], look: Callable[[Say], None], longest: float) -> None:
        """Do it, kill it, look; what was acknowledged must be found."""
        death = forked(work, after=self.chance.uniform(0, longest), group=self.chance.random() < 0.5)
        after = forked(look, after=0, wait_for="ended", group=False)
        self.hear(death)
        self.hear(after)
        self.figures.count(f"{name}s")
        if any("acknowledged" in said for said in death.lines) and not any("found" in said for said in after.lines):
            self.figures.wrong.append(f"an acknowledged {name} is lost")


def main() -> int:
    """Run the cycles and say what they found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--plant", default="")
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-faults-", dir=quick_folder()) as place:
        own_scratch(Path(place, "scratch"))
        run = Run(Path(place), asked.seed, asked.plant)
        for number in range(asked.cycles):
            run.cycle(number)
            if asked.plant and run.figures.wrong:
                break
        if not asked.plant:
            run.end()
        run.figures.seconds = round(time.monotonic() - begin, 1)
    print(json.dumps(asdict(run.figures), ensure_ascii=False))
    return 1 if run.figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
