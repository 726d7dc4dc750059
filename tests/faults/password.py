"""kill -9 while a password is set, changed or removed: `python -m tests.faults.password --cycles 200`.

Each cycle forks a process that changes the password of a shop with three backups and kills it at a random
moment, some of them again while the backups are still following. A second process then looks: the shop is under
the old or the new password, whole; every backup is under the same one and what its list says; no half of a file
is left, and nothing plain while there is a password. `--plant` spoils the program so that this must be found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

from shopdesk.core import backup, check, following, keys, meta, password, protect, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.keys import Key
from shopdesk.core.shop import Shop, opened
from tests.faults.forking import Death, forked
from tests.faults.living import Say
from tests.faults.stage import Figures, chance_of, digest, own_scratch, quick_folder, template

WORDS = (None, "first", "second")
ALLOWED = (".shop", ".jsonl", ".lock")
_LIVES = 25


def quick_key(said: str, salt: bytes) -> Key:
    """A key without the rounds that make guessing slow: they are not what is looked at here."""
    return Key(hashlib.sha256(said.encode() + salt).digest(), salt)


class Run:
    """The cycles, and what they found."""

    def __init__(self, folder: Path, seed: int, plant: str) -> None:
        self.folder = folder
        self.figures = Figures("kill -9 while the password changes")
        self.chance = chance_of(seed)
        keys.of_password = quick_key
        self.template = template(folder)
        with opened(self.template) as shop:
            for _ in range(3):
                backup.make(shop, why="test")
                shop.undo()
            self.content = digest(shop.reader())
        password.change(self.template, None, "loads all code")
        password.change(self.template, protect.unlock(self.template, "loads all code"), None)
        if plant:
            spoil(plant)
        self.renew()
        self.longest = self.measured()

    def renew(self) -> None:
        """Begin with a fresh shop without a password."""
        self.place = self.folder / "place"
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        self.path = self.place / self.template.name
        shutil.copy(self.template, self.path)
        shutil.copytree(backup.folder(self.template), backup.folder(self.path))
        self.word: str | None = None

    def measured(self) -> float:
        """How long one change takes that nobody kills."""
        begun = time.monotonic()
        path = self.path
        self.hear(forked(lambda say: change(path, None, "first", say), after=0, wait_for="ended", group=False))
        self.renew()
        return time.monotonic() - begun

    def cycle(self, number: int) -> None:
        """One change and its end."""
        if number % _LIVES == 0:
            self.renew()
        path, old = self.path, self.word
        new = self.chance.choice([word for word in WORDS if word != old])
        after = self.chance.uniform(0, self.longest * 1.05)
        death = forked(lambda say: change(path, old, new, say), after=after, group=True)
        self.hear(death)
        done = any("done" in line for line in death.lines)
        if self.chance.random() < 0.3:
            again = self.chance.uniform(0, self.longest * 0.7)
            self.hear(forked(lambda say: resume(path, (old, new), say), after=again, group=True))
            self.figures.count("killed again while the backups followed")
        content = self.content
        seen = forked(lambda say: look(path, (old, new), content, say), after=0, wait_for="ended", group=True)
        self.hear(seen)
        found = [str(line["word"]) for line in seen.lines if "word" in line]
        if not found or (done and found != [str(new)]):
            self.figures.wrong.append(f"{old} to {new}, {'acknowledged' if done else 'killed'}: {found}")
            self.renew()
        else:
            self.word = None if found == ["None"] else found[0]
            self.figures.count("acknowledged" if done else ("new" if self.word == new else "old"))
        self.figures.count("cycles")

    def hear(self, death: Death) -> None:
        """Note what a process found wrong."""
        self.figures.wrong += [str(line["wrong"]) for line in death.lines if "wrong" in line]


def change(path: Path, old: str | None, new: str | None, say: Say) -> None:
    """Change the password, and acknowledge it."""
    password.change(path, protect.unlock(path, old) if old else None, new)
    say(done=True)


def resume(path: Path, words: tuple[str | None, ...], say: Say) -> None:
    """Open the shop and let its backups follow."""
    _word, key = _under(path, words)
    with opened(path, key=key) as shop:
        following.follow(shop)
    say(resumed=True)


def _under(path: Path, words: tuple[str | None, ...]) -> tuple[str | None, Key | None]:
    if not protect.is_protected(path):
        return None, None
    for word in filter(None, words):
        with suppress(ShopError):
            return word, protect.unlock(path, word)
    raise AssertionError("neither the old nor the new password opens it")


def look(path: Path, words: tuple[str | None, ...], content: str, say: Say) -> None:
    """Say under which password the shop is, and everything that is wrong with it and its backups."""
    word, key = _under(path, words)
    if word not in words:
        say(wrong=f"under {word}, but it was {words}")
    with opened(path, key=key) as shop:
        following.follow(shop)
        if following.pending(shop.reader()):
            say(wrong="the backups did not follow")
        if digest(shop.reader()) != content:
            say(wrong="the content is not what it was")
        said = password.facts(shop.reader())
        if (said is not None) != (key is not None):
            say(wrong=f"{said} is noted")
    for fault in check.deep_faults(path, key=key):
        say(wrong=str(fault))
    copies = backup.listed(path)
    if len(copies) != 3 or len(list(backup.folder(path).glob("*.shop"))) != 3:
        say(wrong=f"of three backups there are {len(copies)}")
    for copy in copies:
        with closing(sqlite.connect(backup.folder(path) / copy.name, key=key)) as con:
            if con.execute("SELECT count(*) FROM orders").fetchone()[0] != copy.rows["orders"]:
                say(wrong=f"{copy.name} is not what it was")
    _leave_one_file(path, key)
    for file in path.parent.rglob("*"):
        if file.is_file() and not file.name.endswith(ALLOWED):
            say(wrong=f"left: {file.name}")
        if key is not None and file.is_file() and file.read_bytes().startswith(b"SQLite format 3"):
            say(wrong=f"plain: {file.name}")
    say(word=str(word))


def _leave_one_file(path: Path, key: Key | None) -> None:
    """What the checks have opened for reading leaves its side files to the next who writes."""
    Shop.open(path, key=key).close()


def spoil(plant: str) -> None:
    """Plant a fault: a swap that is no single step, or former keys that are not kept."""
    if plant == "copied over":
        password.os.replace = _copy_over  # type: ignore[assignment]
    else:
        real = following.marks
        following.marks = lambda *given: real(*given) | {meta.FORMER: None}


def _copy_over(part: Path, path: Path) -> None:
    """Piece by piece, as slow as a disk is that has more to write than this small shop."""
    with part.open("rb") as source, path.open("wb", buffering=0) as target:
        while piece := source.read(4096):
            target.write(piece)
            time.sleep(0.0002)


def main() -> None:
    """Run, and print one line of JSON."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--cycles", type=int, default=200)
    asked.add_argument("--seed", type=int, default=20261124)
    asked.add_argument("--plant", choices=("", "copied over", "forgetful"), default="")
    given = asked.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        own_scratch(Path(folder) / "tmp")
        run = Run(Path(folder), given.seed, given.plant)
        for number in range(given.cycles):
            run.cycle(number)
            if run.figures.wrong and given.plant:
                break
        run.figures.seconds = round(time.monotonic() - begun, 1)
        print(json.dumps(asdict(run.figures)))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
