"""Acts that a shop sees seldom, each killed and then looked at: upgrades, new shops, restores."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from shopdesk.core import backup, check, identity, restore, sqlite
from shopdesk.core.errors import FileRefused
from shopdesk.core.shop import Shop
from tests.faults.living import Say
from tests.faults.stage import digest


def two_contents(folder: Path, path: Path) -> tuple[Path, list[str]]:
    """A backup of another state of the shop, and what the shop says now and what it says there."""
    place = folder / "other"
    place.mkdir()
    shutil.copy(path, place / "muhe.shop")
    shop = Shop.open(place / "muhe.shop")
    now = digest(shop.reader())
    for _ in range(5):
        shop.undo()
    then = digest(shop.reader())
    made = backup.make(shop, why="test")
    shop.close()
    assert then != now
    return backup.folder(shop.path) / made.name, [now, then]


def opened(path: Path, say: Say) -> None:
    """Open, which upgrades."""
    shop = Shop.open(path)
    say(acknowledged=True)
    shop.close()


def upgraded(path: Path, say: Say) -> None:
    """Say what is wrong with an older file after an upgrade that was killed."""
    with closing(sqlite.connect(path, write=True)) as con:
        lacking = len(identity._known() - identity._applied(con))
        before = len(identity._applied(con))
    if not lacking:
        say(found=True)
    elif before != len({name for name, _ in identity._known()}):
        say(wrong="half an upgrade")
    made = backup.listed(path)
    if not lacking and not made:
        say(wrong="an upgrade without a copy of before")
    shop = Shop.open(path)
    names = shop.reader().execute("SELECT count(*) FROM channels WHERE name LIKE 'old %'").fetchone()[0]
    found = [str(fault) for fault in check.faults(path)]
    shop.close()
    if names != 20 or found:
        say(wrong=f"after an upgrade: {names} channels, {found}")
    if {p.name for p in path.parent.iterdir()} != {"old.shop", "old backups"}:
        say(wrong=f"left over: {sorted(p.name for p in path.parent.iterdir())}")


def restoring(path: Path, candidate: Path, say: Say) -> None:
    """Restore."""
    restore.restore(path, candidate)
    say(acknowledged=True)


def restored(path: Path, contents: list[str], say: Say) -> None:
    """Say what is wrong after a restore that was killed."""
    shop = Shop.open(path)
    found = [str(fault) for fault in check.faults(path)]
    content = digest(shop.reader())
    shop.close()
    if content == contents[1]:
        say(found=True)
        if [kept.why for kept in backup.listed(path)] != ["restore"]:
            say(wrong="a restore without a copy of before")
    if content not in contents or found:
        say(wrong=f"half a restore: {found}")
    if not {p.name for p in path.parent.iterdir()} <= {"muhe.shop", "muhe backups"}:
        say(wrong=f"left over: {sorted(p.name for p in path.parent.iterdir())}")


def made(path: Path, say: Say) -> None:
    """Make a new shop."""
    shop = Shop.create(path, name="Muhe")
    say(acknowledged=True)
    shop.close()


def made_again(path: Path, say: Say) -> None:
    """Make it again where it is not there; else say that it is."""
    try:
        shop = Shop.create(path, name="Muhe")
    except FileRefused:
        shop = Shop.open(path)
        say(found=True)
    found = [str(fault) for fault in check.faults(path)]
    shop.close()
    if found or [p.name for p in path.parent.iterdir()] != [path.name]:
        say(wrong=f"a new shop: {found}, {sorted(p.name for p in path.parent.iterdir())}")
