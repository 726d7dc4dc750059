"""Power cuts while a file takes the place of another: `python -m tests.faults.swaps --images 300`.

The stories are what replaces a shop file: a restore, a damaged file put aside for a backup or for what could be
saved of it, a password set, changed and removed. As in power.py each is recorded from the unmodified program, and
the images are opened by a process that never saw the shop: it is as before or as after, whole, and the damaged
file with its log is either in its place or kept beside it, byte by byte.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from shopdesk.core import aside, backup, check, clock, following, keys, password, protect, rescue, restore, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import NeedsPassword, WrongPassword
from shopdesk.core.lock import ShopLock
from shopdesk.core.shop import opened
from tests import broken
from tests.drafts import write_own_note
from tests.faults.living import Say, speaker
from tests.faults.password import quick_key
from tests.faults.power import Cuts, record
from tests.faults.stage import NOW, Figures, digest, own_scratch, quick_folder, sha256, template

WORDS = (None, "first", "second", None)
SHOP = "muhe.shop"


# in the watched process


def _restore(path: Path, say: Say) -> None:
    restore.restore(path, _backup(path))
    say(done="restore")


def _put_back(path: Path, say: Say) -> None:
    rescue.put_back(path, _backup(path))
    say(done="put back")


def _repair(path: Path, say: Say) -> None:
    rescue.repair(path)
    say(done="repair")


def _passwords(path: Path, say: Say) -> None:
    for old, new in pairwise(WORDS):
        password.change(path, protect.unlock(path, old) if old else None, new)
        say(done=str(new))


def _backup(path: Path) -> Path:
    return backup.folder(path) / backup.listed(path)[0].name


STORIES: dict[str, tuple[str, Callable[[Path, Say], None]]] = {
    "restore": ("", _restore),
    "restore over a damaged file": ("head", _restore),
    "a backup for a damaged file": ("head", _put_back),
    "repair of a damaged file": ("leaf", _repair),
    "passwords": ("", _passwords),
}
"""What the file is before (damaged at its head or in a leaf, or well), and what is done."""


def act(place: Path, story: str) -> None:
    """Do it, and say when it is done."""
    clock.freeze(NOW)
    own_scratch(place / "scratch")
    keys.of_password = quick_key
    say = speaker(os.open(place / "shop" / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    STORIES[story][1](place / "shop" / SHOP, say)


# around it


def prepared(place: Path, damaged: str) -> Path:
    """A shop with two backups; a damaged one has also a log that nobody brought into it."""
    made = template(place)
    path = place / "shop" / SHOP
    path.parent.mkdir()
    with opened(made) as shop:
        for _ in range(2):
            backup.make(shop, why="test")
            write_own_note(shop, 1, "since")
        shutil.copytree(backup.folder(made), backup.folder(path))
        for side in ("", "-wal") if damaged else ():
            shutil.copy(f"{made}{side}", f"{path}{side}")
    if not damaged:
        shutil.copy(made, path)
    elif damaged == "head":
        with path.open("r+b") as stream:
            stream.write(bytes(100))
    else:
        broken.zero(path, broken.leaves(path, "orders")[0])
    return path


class Swaps(Cuts):
    """Cuts of one story."""

    def __init__(self, place: Path, story: str, figures: Figures, seed: int) -> None:
        self.damaged = STORIES[story][0]
        path = prepared(place, self.damaged)
        self.before = self._pair(path)
        self.content = "" if self.damaged else _content(path, None)
        start = {file: file.read_bytes() for file in path.parent.rglob("*") if file.is_file()}
        log = record(place, "tests.faults.swaps", f"--story={story}")
        super().__init__(place, log, figures, seed)
        for file, held in start.items():
            if not file.name.endswith(("-shm", ".lock")):
                self.disk.hold(file, held)
        self.after = _content(path, None)
        self.words = story == "passwords"

    @staticmethod
    def _pair(path: Path) -> tuple[str, str]:
        log = path.with_name(f"{path.name}-wal")
        return sha256(path), sha256(log) if log.exists() else ""

    def must(self, at: int) -> int:
        """How much was acknowledged before the cut."""
        return sum(place < at for place, _ in self.lines)

    def look(self, folder: Path, must: int) -> list[str]:
        """What is wrong with an image."""
        path = folder / SHOP
        if not path.exists():
            return ["there is no shop"]
        lock = ShopLock(path)
        lock.acquire()
        lock.release()
        try:
            if self.words:
                return self._passwords(path, must)
            return self._damaged(path, must) if self.damaged else self._restored(path, must)
        except (ShopError, sqlite.DatabaseError) as error:
            return [f"cannot be opened: {error}"]

    def _damaged(self, path: Path, must: int) -> list[str]:
        if self._pair(path) == self.before:
            return ["what was acknowledged is lost"] * must
        kept = [file for file in path.parent.iterdir() if aside.is_kept(file.name, path.stem)]
        wrong = [str(fault) for fault in check.faults(path)]
        if self.before not in [self._pair(file) for file in kept if file.suffix == ".shop"]:
            wrong.append(f"the damaged file is not kept with its log: {sorted(file.name for file in kept)}")
        return wrong + ["another content than after"] * (_content(path, None) != self.after)

    def _restored(self, path: Path, must: int) -> list[str]:
        found = _content(path, None)
        wrong = [str(fault) for fault in check.faults(path)]
        if found == self.content:
            return wrong + ["what was acknowledged is lost"] * must
        if found != self.after:
            return [*wrong, "neither as before nor as after"]
        saved = [one for one in backup.listed(path) if sha256(backup.folder(path) / one.name) == one.sha256]
        contents = [_content(backup.folder(path) / one.name, None, whole=False) for one in saved]
        return wrong + ["what was there before is not in a backup"] * (self.content not in contents)

    def _passwords(self, path: Path, must: int) -> list[str]:
        for word in WORDS[must : must + 2]:
            try:
                key = protect.unlock(path, word) if word else None
                with opened(path, key=key) as shop:
                    following.follow(shop)
                    wrong = ["another content"] * (digest(shop.reader()) != self.content)
                wrong += [str(fault) for fault in check.faults(path, key=key)]
                for copy in backup.listed(path):
                    with closing(sqlite.connect(backup.folder(path) / copy.name, key=key)) as con:
                        if con.execute("SELECT count(*) FROM orders").fetchone()[0] != copy.rows["orders"]:
                            wrong.append(f"a backup is not what it was: {copy.name}")
                return wrong
            except (NeedsPassword, WrongPassword):
                continue
        return [f"opens under none of {WORDS[must : must + 2]}"]


def _content(path: Path, key: keys.Key | None, *, whole: bool = True) -> str:
    if whole:
        with opened(path, key=key) as shop:
            return digest(shop.reader())
    with closing(sqlite.connect(path, key=key)) as con:
        return digest(con)


def run(place: Path, images: int, seed: int) -> Figures:
    """All stories."""
    figures = Figures("power cut while a file takes the place of another")
    keys.of_password = quick_key
    for number, story in enumerate(STORIES):
        corner = place / str(number)
        corner.mkdir()
        cuts = Swaps(corner, story, figures, seed)
        before = len(figures.wrong)
        cuts.run(images)
        figures.wrong[before:] = [f"{story}, {wrong}" for wrong in figures.wrong[before:]]
        figures.count("stories")
        figures.count("file operations", sum(op.path.startswith(cuts.disk.root) for op in cuts.ops))
    return figures


def main() -> int:
    """Run it and say what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100, help="of each story")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--act", type=Path)
    parser.add_argument("--story", default="")
    asked = parser.parse_args()
    if asked.act:
        act(asked.act, asked.story)
        return 0
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-faults-", dir=quick_folder()) as place:
        own_scratch(Path(place, "own"))
        figures = run(Path(place), asked.images, asked.seed)
    figures.seconds = round(time.monotonic() - begin, 1)
    print(json.dumps(asdict(figures), ensure_ascii=False))
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
