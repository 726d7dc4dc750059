"""What must hold at every door, and the eyes that see whether it does.

A door is walked through by a process of its own under strace (door.py): every file and socket that it or a
child of it asks for is in the trace. Without strace only what was said, warned and crashed is seen.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.texts import NAUGHTY

ROOT = Path(__file__).absolute().parents[2]
MOST_MB = 600
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
"""A call as it begins: one that waits (a pipe) or gives way to another thread ends on a later line, or never."""
_ENDED_BY_US = frozenset({"SIGKILL", "SIGTERM"})
_READERS_END = _ENDED_BY_US | {"SIGABRT", "SIGXCPU"}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SYSTEM = (
    "/usr/", "/lib/", "/lib64/", "/etc/", "/proc/", "/sys/", "/var/cache/fontconfig", "/var/lib/dbus", "/run/dbus",
    "/dev/null", "/dev/urandom", "/dev/shm/", "/dev/dri", "/dev/tty", "/bin/", "/sbin/",
)  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What a walk through a door was seen to do."""

    said: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    errors: str = ""
    opened: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)
    killed: set[str] = field(default_factory=set)
    traced: bool = False

    @property
    def mb(self) -> int:
        """The most memory that the program itself had."""
        return int(self.said.get("mb", 0))


def walk(door: str, folder: Path, *arguments: str, seconds: float = 110) -> Seen:
    """Walk through a door in a process of its own, and see what it does."""
    for name in ("home", "tmp", "out"):
        (folder / name).mkdir(exist_ok=True)
    trace, said = folder / "trace.txt", folder / "said.json"
    strace = shutil.which("strace")
    watch = [strace, "-f", "--seccomp-bpf", "-q", "-s", "4096", "-e", "trace=open,openat,creat,socket,connect",
             "-o", str(trace)] if strace else []  # fmt: skip
    command = [*watch, sys.executable, "-m", "tests.hostile.door", door, str(folder), *arguments]
    around = {
        **os.environ, "PYTHONPATH": str(ROOT), "SHOPDESK_HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"), "QT_QPA_PLATFORM": "offscreen", "LANG": "en_US.UTF-8", "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, env=around, capture_output=True, text=True, errors="replace", timeout=seconds, check=False
    )
    seen = Seen(code=done.returncode, errors=done.stderr, traced=bool(strace))
    if said.exists():
        seen.said = json.loads(said.read_text("utf-8"))
    if trace.exists():
        read_trace(trace.read_text("utf-8", errors="replace"), seen)
    return seen


def read_trace(text: str, seen: Seen) -> None:
    """Put the calls of a trace into what was seen."""
    for line in text.splitlines():
        call = _CALL.match(line)
        if ended := re.match(r"(\d+) +\+\+\+ killed by (\w+)", line):
            seen.killed.add(ended[2])
        elif call and call[2] in ("socket", "connect") and "AF_INET" in call[3]:
            seen.sockets.append(line)
        elif call and call[2] in ("open", "openat", "creat") and "O_DIRECTORY" not in call[3]:
            quoted = _QUOTED.search(call[3])
            if quoted:
                seen.opened.append(_bare(quoted[1]))


def _bare(quoted: str) -> str:
    return (
        quoted.encode("latin-1", "replace")
        .decode("unicode_escape")
        .encode("latin-1", "replace")
        .decode("utf-8", "replace")
    )


def strangers(seen: Seen, folder: Path, chosen: Iterable[Path]) -> list[str]:
    """The files that were asked for and are neither the program's, the system's nor chosen."""
    picked = {os.fsencode(path).decode("utf-8", "replace") for path in (*chosen, NAUGHTY)}
    own = tuple(f"{folder / name}/" for name in ("home", "tmp", "out", "shop"))
    places = tuple(f"{path}/" for path in picked if Path(path).is_dir())
    ours = (f"{ROOT}/", f"{sys.prefix}/", f"{sys.base_prefix}/", f"{folder}/said.json/", *own, *places)
    return sorted(
        {
            path
            for path in seen.opened
            if not path.startswith(":")
            and (not f"{path}/".startswith((*_SYSTEM, *ours)) or path.startswith("//")) and path not in picked
        }
    )  # fmt: skip


def is_sentence(text: str) -> bool:
    """Whether this is something to say to an owner."""
    bare = re.sub("“.*?”", "“x”", text.strip(), flags=re.DOTALL)
    return (
        len(bare) > 5
        and len(text) < 400
        and bare[-1] in ".!?。！？”"
        and "\n" not in bare
        and not re.search(r"Traceback|Error\b|Exception|[Ee]rrno|<class|0x[0-9a-f]{6}|\bNone\b(?! of)|File \"", bare)
    )


def must_hold(seen: Seen, folder: Path, chosen: Iterable[Path], *, readers_die: bool = False) -> None:
    """Everything that must hold at a door, whatever is brought to it; only to some it is brought what ends a reader."""
    tail = seen.errors[-3000:]
    assert seen.code == 0, tail
    assert seen.said.get("done"), tail
    assert "Traceback" not in seen.errors, tail
    assert seen.said["warnings"] == []
    assert seen.said["crashed"] == []
    wrong = [text for text in seen.said["refusals"] if not is_sentence(text)]
    assert not wrong, wrong
    assert 0 < seen.mb < MOST_MB, seen.mb
    assert strangers(seen, folder, chosen) == []
    assert seen.sockets == []
    assert seen.killed <= (_READERS_END if readers_die else _ENDED_BY_US), sorted(seen.killed)
    if seen.traced:
        assert len(seen.opened) > 50, "nothing was seen"


# What leaves


def live_in_csv(data: bytes) -> list[str]:
    """The cells that a spreadsheet would compute, whichever of these its list separator is."""
    text = data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    cells += [cell for sign in ",;\t|" for cell in cells_at(text, sign)]
    return [cell for cell in cells if re.match(r"[=+\-@\t\r]| +=", cell) and not _is_number(cell)]


def cells_at(text: str, sign: str) -> Iterator[str]:
    """The cells of a text whose separator is `sign`, as spreadsheets read it.

    A cell that begins with a quote ends at its pair; what stands between that and the separator belongs to it.
    """
    for quoted, bare in re.findall(rf'(?:^|(?<=[{sign}\r\n]))(?:"((?:[^"]|"")*)")?([^{sign}\r\n]*)', text):
        yield quoted.replace('""', '"') + bare


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(,.*)?", cell) is not None


def live_in_xlsx(path: Path) -> list[str]:
    """Formulas, links, links to other workbooks and outside targets of a workbook."""
    found = []
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            found += [f"{name}: {sign}" for sign in ("<f>", "<f ", "<hyperlink", 'TargetMode="External"', "ddeLink", "oleLink")
                      if sign in text and name.endswith((".xml", ".rels"))]  # fmt: skip
            found += [name] if "externalLink" in name or "vba" in name.lower() else []
    return found


def live_in_pdf(data: bytes) -> list[str]:
    """What a reader of a PDF would follow, start or run."""
    whole = [data]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            whole.append(zlib.decompress(packed))
        except zlib.error:
            continue
    signs = (b"/URI", b"/Launch", b"/JavaScript", b"/JS ", b"/GoToR", b"/EmbeddedFile", b"/AA ", b"/OpenAction")
    return [sign.decode() for sign in signs if any(sign in part for part in whole)]


def rich_texts(root: Any) -> Iterator[str]:
    """Labels below a widget that would draw markup, and tips that carry it unescaped."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QTextEdit, QWidget  # only doors need a window

    for label in root.findChildren(QLabel):
        plain = label.textFormat() == Qt.TextFormat.PlainText
        if not plain and "<" in label.text():
            yield f"label: {label.text()[:80]}"
    for widget in (root, *root.findChildren(QWidget)):
        if re.search(r"<(img|script|link|a|table|body|iframe)\b", widget.toolTip(), re.IGNORECASE):
            yield f"tip: {widget.toolTip()[:80]}"
        if isinstance(widget, QTextEdit) and widget.acceptRichText() and not widget.isReadOnly():
            yield f"editor: {widget.objectName()}"
