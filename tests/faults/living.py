"""What a process that may be killed at any moment does: look at what it finds, then act, and say each thing it did.

It says JSON lines on a pipe. `begin` comes before an act and `done` after it returned, with all that the shop
says then. What was said must be there after the kill, and at most the one act begun since.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shopdesk.core import backup, check, restore, sqlite
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop
from shopdesk.exchange import commands
from tests.faults.stage import digest, files_of, sha256, steps
from tests.walk import ACTS, Walk

Say = Callable[..., None]


@dataclass
class Known:
    """What must be found when the shop is opened again."""

    changes: int = -1
    content: str = ""
    steps: str = ""
    flight: str = ""
    must: bool = False
    probing: bool = False
    backups: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    exported: dict[str, str] | None = None

    def hear(self, said: dict[str, object]) -> None:
        """Take one line of the process."""
        if "begin" in said:
            self.flight = str(said["begin"])
        if "probe" in said:
            self.probing = True
        if "changes" in said:
            self.changes, self.content = int(str(said["changes"])), str(said["content"])
            self.steps, self.flight, self.probing, self.must = str(said["steps"]), "", False, False
        if "backup" in said:
            name, sum_ = said["backup"]  # type: ignore[misc]
            self.backups[name] = sum_
        if "exported" in said:
            self.exported = said["exported"]  # type: ignore[assignment]
        if "seen" in said:
            self.seen.update(said["seen"])  # type: ignore[call-overload]


def speaker(handle: int) -> Say:
    """What writes a line in one piece."""
    return lambda **said: void(os.write(handle, json.dumps(said).encode() + b"\n"))


def void(_: object) -> None:
    """Nothing."""


def stand(shop: Shop) -> dict[str, object]:
    """All that the shop says now."""
    con = shop.reader()
    return {"changes": shop.changes(), "content": digest(con), "steps": steps(con)}


def live(path: Path, known: Known, seed: str, first: str, say: Say) -> None:
    """Open the shop, compare it with what must be there, then act without an end. `first` names the first act; "look" is none."""
    shop = Shop.open(path)
    for wrong in (*looked_at(shop, known, say), *file_faults(shop, known, say)):
        say(wrong=wrong)
    say(stands=True, **stand(shop))
    if first == "look":
        shop.close()
        return
    walk = Walk(shop, 0, path.parent / "files")
    walk.chance.seed(seed)
    kind = first
    while True:
        do(walk, kind or chosen(walk), say)
        kind = ""


def chosen(walk: Walk) -> str:
    """What is done next."""
    kinds = ("act", "undo", "redo", "backup", "export", "reopen")
    return walk.chance.choices(kinds, (70, 12, 8, 3, 4, 3))[0]


def do(walk: Walk, kind: str, say: Say) -> None:
    """Do something of this kind, and say so."""
    say(begin=kind)
    more: dict[str, object] = {}
    shop = walk.shop
    if kind == "act":
        try:
            walk.chance.choice(ACTS)(walk)
        except ShopError:
            kind = "nothing"
    elif kind == "import":
        walk.bring_in()
    elif kind == "undo":
        shop.undo()
    elif kind == "redo":
        shop.redo()
    elif kind == "backup":
        made = backup.make(shop, why="test")
        more["backup"] = (made.name, made.sha256)
    elif kind == "export":
        commands.export_tables(shop, shop.path.parent / "out")
        more["exported"] = files_of(shop.path.parent / "out")
    elif kind == "reopen":
        walk.reopen()
    elif kind == "restore":
        _restore(walk)
    say(done=kind, **stand(walk.shop), **more)


def _restore(walk: Walk) -> None:
    """The first backup takes the place of what there is."""
    path = walk.shop.path
    walk.shop.close()
    restore.restore(path, backup.folder(path) / backup.listed(path)[0].name)
    walk.shop = Shop.open(path)


# looking


def looked_at(shop: Shop, known: Known, say: Say) -> Iterator[str]:
    """What differs from what was acknowledged; whether the act that was under way is there whole or not at all."""
    now = stand(shop)
    further = shop.changes() - known.changes
    if known.changes >= 0:
        if further == 0 or (known.probing and further == 2):
            if now["content"] != known.content:
                yield f"the shop does not say what was acknowledged ({known.flight or 'nothing'} was under way)"
            if further == 0 and now["steps"] != known.steps:
                yield "the journal does not hold what was acknowledged"
            if further == 0 and known.must:
                yield f"an acknowledged {known.flight} is lost"
        elif further == 1 and known.flight:
            say(landed=known.flight)
            yield from _half(shop, known, str(now["content"]), say)
        else:
            yield f"{further} changes away from what was acknowledged, {known.flight or 'nothing'} under way"
    for fault in check.faults(shop.path):
        yield str(fault)


def _half(shop: Shop, known: Known, now: str, say: Say) -> Iterator[str]:
    """An act that was under way and is there is there whole when taking it back gives what was before it."""
    if now == known.content:
        return
    say(probe=True)
    if known.flight == "undo":
        shop.redo()
    else:
        shop.undo()
    if digest(shop.reader()) != known.content:
        yield f"half of an act ({known.flight})"


def file_faults(shop: Shop, known: Known, say: Say) -> Iterator[str]:
    """What is wrong with the files around the shop."""
    folder = backup.folder(shop.path)
    there = [p for p in folder.iterdir() if p.name != "manifest.jsonl"] if folder.is_dir() else []
    listed = {made.name: made.sha256 for made in backup.listed(shop.path)}
    for name, made in known.backups.items():
        if listed.get(name) != made:
            yield f"an acknowledged backup is not listed: {name}"
    for file in there:
        if not file.name.endswith(".shop"):
            yield f"left over: {file.name}"
        elif file.name not in known.seen:
            yield from _backup_faults(file, listed.get(file.name))
            say(seen={file.name: ""})
    yield from _export_faults(shop, known, say)


def _backup_faults(file: Path, noted: str | None) -> Iterator[str]:
    if noted is not None and sha256(file) != noted:
        yield f"another checksum than noted: {file.name}"
    con = sqlite.connect(file)
    found = list(check.file_faults(con))
    con.close()
    if found:
        yield f"{file.name}: {found[0]}"


def _export_faults(shop: Shop, known: Known, say: Say) -> Iterator[str]:
    """A file with its final name is whole: it is as it was acknowledged, or as an export is now."""
    out = shop.path.parent / "out"
    there = {name: sum_ for name, sum_ in files_of(out).items() if not name.endswith(".part")}
    before = known.exported or {}
    if known.flight != "export":
        if known.exported is not None and there != before:
            yield "an acknowledged export is not there"
        return
    fresh = out.with_name("fresh")
    commands.export_tables(shop, fresh)
    now = files_of(fresh)
    for name, sum_ in there.items():
        if sum_ not in (before.get(name), now.get(name)):
            yield f"half an export: {name}"
    commands.export_tables(shop, out)
    say(exported=files_of(out))
    if any(out.glob("*.part")):
        yield "left over in an export's folder"
