"""A disk as a power cut leaves it, rebuilt from a log of what the unmodified program asked the system to do.

What was written after the last sync of its file may be there, missing, or torn at 512 bytes; what was done to
names after the last sync of their folder may not have happened yet, from the last backwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random

SECTOR = 512
CALLS = "openat,lseek,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,"
CALLS += "link,linkat"
_WHOLE = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+= (-?\d+)")
_BEGUN = re.compile(r"^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPEN_FILE = re.compile(r"^(-?\d+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Op:
    """One thing that was asked of the system and done: call, path, and what belongs to it."""

    call: str
    path: str
    at: int = 0
    data: bytes = b""
    to: str = ""
    flags: str = ""


def _plain(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


def operations(log: Path) -> Iterator[Op]:
    """The operations of a strace log (-f -y -xx), in their order."""
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for line in lines:
            if found := _BEGUN.match(line):
                begun[found[1]] = found[3]
                continue
            if found := _WHOLE.match(line):
                yield from _operation(found[2], found[3], int(found[4]))
            elif found := _ENDED.match(line):
                yield from _operation(found[2], begun.pop(found[1], "") + found[3], int(found[4]))


def _operation(call: str, asked: str, result: int) -> Iterator[Op]:
    if result < 0:
        return
    texts = [_plain(text) for text in _TEXT.findall(asked)]
    if call in ("unlink", "unlinkat"):
        yield Op("unlink", texts[0].decode())
    elif call.startswith("rename"):
        yield Op("rename", texts[0].decode(), to=texts[1].decode())
    elif call.startswith("link"):
        yield Op("link", texts[0].decode(), to=texts[1].decode())
    elif call == "openat":
        if "O_CREAT" in asked or "O_TRUNC" in asked:
            yield Op("open", texts[0].decode(), flags=asked[asked.index('", ') + 3 :])
        elif "O_WRONLY" in asked or "O_RDWR" in asked:
            yield Op("open", texts[0].decode())
    else:
        yield from _on_open_file(call, asked, texts, result)


def _on_open_file(call: str, asked: str, texts: list[bytes], result: int) -> Iterator[Op]:
    handle = _OPEN_FILE.match(asked)
    if handle is None:
        return
    path = _plain(handle[2]).decode("utf-8", "replace")
    if call in ("fsync", "fdatasync"):
        yield Op("sync", path)
    elif call == "ftruncate":
        yield Op("cut", path, at=int(asked.rsplit(",", 1)[1]))
    elif call == "pwrite64":
        yield Op("pwrite", path, at=int(asked.rsplit(",", 1)[1]), data=texts[0][:result])
    elif call == "lseek":
        yield Op("seek", path, at=result)
    elif texts:
        yield Op("write", path, data=texts[0][:result])


@dataclass(eq=False)
class File:
    """What is surely on the disk of a file, and what was done to it since."""

    sure: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    position: int = 0
    appends: bool = False

    def put(self, at: int, data: bytes | None) -> None:
        """Write at a place; None cuts the file there."""
        self.since.append((at, data))

    def settle(self) -> None:
        """A sync."""
        if self.since:
            self.sure = _done(self.sure, self.since)
            self.since = []

    def size(self) -> int:
        """As the program sees it."""
        return len(_done(self.sure, self.since))

    def after_cut(self, chance: Random, how: str) -> bytes:
        """What a power cut leaves."""
        return _done(self.sure, _survivors(self.since, chance, how)) if self.since else self.sure


def _survivors(since: list[tuple[int, bytes | None]], chance: Random, how: str) -> list[tuple[int, bytes | None]]:
    if how == "all":
        return since
    if how == "none":
        return []
    if how == "first":
        last = chance.randrange(len(since) + 1)
        return since[:last] + [part for op in since[last : last + 1] for part in _torn(op, chance)]
    left: list[tuple[int, bytes | None]] = []
    for op in since:
        fate = chance.random()
        if fate < 0.4:
            left.append(op)
        elif fate < 0.6:
            left += _torn(op, chance)
    return left


def _torn(op: tuple[int, bytes | None], chance: Random) -> list[tuple[int, bytes | None]]:
    at, data = op
    if data is None:
        return []
    ends = [0, *range(SECTOR - at % SECTOR, len(data), SECTOR), len(data)]
    pieces: list[tuple[int, bytes | None]] = [(at + a, data[a:b]) for a, b in pairwise(ends) if chance.random() < 0.5]
    return pieces


def _done(sure: bytes, ops: list[tuple[int, bytes | None]]) -> bytes:
    content = bytearray(sure)
    for at, data in ops:
        if data is None:
            if at < len(content):
                del content[at:]
            else:
                content.extend(bytes(at - len(content)))
            continue
        if at > len(content):
            content.extend(bytes(at - len(content)))
        content[at : at + len(data)] = data
    return bytes(content)


class Disk:
    """A folder and all below it, as the log tells it."""

    def __init__(self, root: Path) -> None:
        self.root = f"{root}/"
        self.names: dict[str, File] = {}
        self.sure: dict[str, File] = {}
        self.moved: list[tuple[str, str, File | str]] = []

    def start(self, path: Path) -> None:
        """A file that lies there at the beginning."""
        self.hold(path, path.read_bytes())

    def hold(self, path: Path, content: bytes) -> None:
        """A file that lay there at the beginning."""
        self.names[str(path)] = self.sure[str(path)] = File(content)

    def do(self, op: Op) -> None:
        """Take one operation."""
        if op.call == "sync" and not op.path.startswith(self.root):
            self._sync_folder(op.path)
        elif op.path.startswith(self.root) and not op.path.endswith("-shm"):
            getattr(self, f"_{op.call}")(op)

    def _open(self, op: Op) -> None:
        file = self.names.get(op.path)
        if file is None:
            if "O_CREAT" not in op.flags:
                return
            file = self.names[op.path] = File()
            self.moved.append(("link", op.path, file))
        if "O_TRUNC" in op.flags:
            file.put(0, None)
        file.position, file.appends = 0, "O_APPEND" in op.flags

    def _seek(self, op: Op) -> None:
        if op.path in self.names:
            self.names[op.path].position = op.at

    def _write(self, op: Op) -> None:
        file = self.names.get(op.path)
        if file is None:
            return
        at = file.size() if file.appends else file.position
        file.put(at, op.data)
        file.position = at + len(op.data)

    def _pwrite(self, op: Op) -> None:
        if op.path in self.names:
            self.names[op.path].put(op.at, op.data)

    def _cut(self, op: Op) -> None:
        if op.path in self.names:
            self.names[op.path].put(op.at, None)

    def _unlink(self, op: Op) -> None:
        if self.names.pop(op.path, None) is not None:
            self.moved.append(("unlink", op.path, ""))

    def _link(self, op: Op) -> None:
        self.names[op.to] = self.names[op.path]
        self.moved.append(("link", op.to, self.names[op.path]))

    def _rename(self, op: Op) -> None:
        self.names[op.to] = self.names.pop(op.path)
        self.moved.append(("rename", op.path, op.to))

    def _sync(self, op: Op) -> None:
        file = self.names.get(op.path)
        if file is None:
            self._sync_folder(op.path)
            return
        file.settle()
        linked = [at for at, move in enumerate(self.moved) if move[2] is file]
        if linked:
            self._move(self.sure, self.moved[: linked[-1] + 1])
            self.moved = self.moved[linked[-1] + 1 :]

    def _sync_folder(self, path: str) -> None:
        """A folder's sync brings its names to the disk; the log of names is one, so those before it too."""
        inside = [at for at, move in enumerate(self.moved) if str(Path(move[1]).parent) == path]
        if inside:
            self._move(self.sure, self.moved[: inside[-1] + 1])
            self.moved = self.moved[inside[-1] + 1 :]

    @staticmethod
    def _move(names: dict[str, File], moves: list[tuple[str, str, File | str]]) -> None:
        for kind, path, what in moves:
            if isinstance(what, File):
                names[path] = what
            elif kind == "unlink":
                names.pop(path, None)
            elif path in names:
                names[what] = names.pop(path)

    def cut(self, chance: Random) -> list[tuple[list[str], bytes]]:
        """The files as a power cut at this moment may leave them: their names below the folder, and what they hold."""
        names = dict(self.sure)
        self._move(names, self.moved[: chance.randint(0, len(self.moved))])
        how = chance.choice(("all", "none", "first", "some", "some"))
        found: dict[int, tuple[list[str], bytes]] = {}
        for path, file in names.items():
            if id(file) not in found:
                found[id(file)] = ([], file.after_cut(chance, how))
            found[id(file)][0].append(path.removeprefix(self.root))
        return list(found.values())
