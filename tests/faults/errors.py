"""A disk that is full or fails: `python -m tests.faults.errors --points 8`.

A forked process holds the shop open all the time and does the main acts; strace is put on it for one act at a
time and lets its n-th write, sync, truncation or renaming fail. After each the shop is as it was before (or the
act is there whole), a refusal is a sentence that names the disk, and the same act works in the same process.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from shopdesk.core import backup, check, clock, keys
from shopdesk.core.errors import ShopError
from shopdesk.core.shop import Shop, opened
from tests.faults.main_acts import ACTS, Desk
from tests.faults.password import quick_key
from tests.faults.stage import Figures, chance_of, digest, older_shop, own_scratch, quick_folder, template
from tests.shop_files import orders_csv

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate", "rename")
ERRORS = {
    "pwrite64": (("ENOSPC", "+"), ("EIO", "")),
    "write": (("ENOSPC", "+"), ("EIO", "")),
    "fdatasync": (("EIO", ""), ("EIO", "+")),
    "fsync": (("EIO", ""),),
    "ftruncate": (("EIO", ""),),
    "rename": (("ENOSPC", ""), ("EIO", "")),
}
SENTENCES = {"ENOSPC": "[Tt]he disk is full", "EIO": "[Tt]he disk reported an error"}
NO_ROOM = ("open", "new", "upgrade", "restore", "password")
"""Where SQLite calls everything an error of the disk, and whether there is room is seen from the disk alone."""


FILES = {"write": ("backup", "export", "open", "new", "upgrade", "restore", "password")}
"""Of an import, pipes are written too, which no disk can fill."""


_MAY_BE_TRACED = 0x59616D61
"""PR_SET_PTRACER: on systems where only a parent may put strace on a process."""
_MOST_COUNTED = 65_535
"""As far as strace counts."""
SLOW = ("import", "upgrade", "restore", "password")


# the process that works


def work(path: Path, voice: socket.socket) -> None:
    """Do what is asked, line by line."""
    ctypes.CDLL(None).prctl(_MAY_BE_TRACED, ctypes.c_ulong(-1))
    desk = Desk(Shop.open(path), path.parent)
    with voice.makefile("r", encoding="utf-8") as asked:
        for line in asked:
            voice.sendall(json.dumps(_answer(desk, *json.loads(line))).encode() + b"\n")


def _answer(desk: Desk, what: str, act: str) -> dict[str, object]:
    if desk.shop._writer is None:  # closed by its act
        desk.again()
    if what == "look":
        faults = [str(fault) for fault in check.faults(desk.shop.path, key=desk.shop.key)]
        left = [p.name for p in desk.place.rglob("*.part*")]
        return {"content": digest(desk.shop.reader()), "faults": faults + left}
    try:
        ACTS[act][what == "back"](desk)
    except ShopError as error:
        return {"refused": str(error), "cause": getattr(error.__cause__, "sqlite_errorname", repr(error.__cause__))}
    except BaseException:
        return {"crashed": traceback.format_exc()[-1500:]}
    return {}


class Worker:
    """That process, from outside."""

    def __init__(self, path: Path) -> None:
        ours, theirs = socket.socketpair()
        self.process = os.fork()
        if self.process == 0:
            ours.close()
            try:
                work(path, theirs)
            finally:
                os._exit(1)
        theirs.close()
        self._voice = ours
        self._heard = ours.makefile("r", encoding="utf-8")

    def ask(self, what: str, act: str = "") -> dict[str, object]:
        """Let it do something; its answer."""
        self._voice.sendall(json.dumps((what, act)).encode() + b"\n")
        answer: dict[str, object] = json.loads(self._heard.readline() or '{"crashed": "the process ended"}')
        return answer

    def end(self) -> None:
        """End it."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self._heard.close()
        self._voice.close()

    def under_strace(self, act: str, *more: str) -> dict[str, object]:
        """Let it do the act with strace on it."""
        line = ["strace", "-f", "-p", str(self.process), *more]
        tracer = subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert tracer.stderr is not None
        try:
            said = tracer.stderr.readline()
            assert "attached" in said, said
            return self.ask("do", act)
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.stderr.read()
            tracer.stderr.close()
            tracer.wait()


# the points


def counted(worker: Worker, act: str, place: Path) -> Counter[str]:
    """How often the act makes each call on a file, at most in one process; then it is taken back."""
    log = place / "calls"
    done = worker.under_strace(act, "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    back = worker.ask("back", act)
    assert not done, done
    assert not back, back
    calls: Counter[tuple[str, str]] = Counter()
    for process, call in re.findall(r"^(\d+) +(\w+)\(", log.read_text(errors="replace"), re.MULTILINE):
        calls[process, call] += 1
    most: Counter[str] = Counter()
    for (_, call), count in calls.items():
        most[call] = max(most[call], count)
    return most


def points(calls: Counter[str], act: str, most: int, seed: int) -> Iterator[tuple[str, int, str, str]]:
    """Which call fails, at which time, how, and whether from then on ("+")."""
    for call, count in sorted(calls.items()):
        if act not in FILES.get(call, (act,)):
            continue
        for error, lasting in ERRORS[call]:
            numbers = list(range(1, min(count, _MOST_COUNTED) + 1))
            if len(numbers) > most:
                numbers = sorted(chance_of(seed, len(act), count).sample(numbers, most))
            for number in numbers:
                yield call, number, error, lasting


def tried(worker: Worker, act: str, point: tuple[str, int, str, str], figures: Figures) -> Iterator[str]:
    """One point; what is wrong."""
    call, number, error, lasting = point
    before = worker.ask("look")["content"]
    rule = f"inject={call}:error={error}:when={number}{lasting}"
    answer = worker.under_strace(act, "-o", "/dev/null", "-e", f"trace={call}", "-e", rule)
    figures.count("points")
    if "crashed" in answer:
        yield f"no sentence: {answer['crashed']}"
    if "refused" in answer:
        figures.count("refused with a sentence")
        right = "|".join(SENTENCES.values()) if act in NO_ROOM else SENTENCES[error]
        if not re.search(right, str(answer["refused"])):
            yield f"another sentence: {answer['refused']} ({answer['cause']})"
    if answer:
        yield from _as_before(worker, before)
        again = worker.ask("do", act)
        if again:
            yield f"does not work afterwards: {again}"
            return
    back = worker.ask("back", act)
    if back:
        yield f"cannot be taken back afterwards: {back}"
    yield from _as_before(worker, before)


def _as_before(worker: Worker, before: object) -> Iterator[str]:
    now = worker.ask("look")
    if "content" not in now:
        yield f"cannot be looked at: {now}"
    elif now["content"] != before or now["faults"]:
        yield f"not as before: {now['faults']}"


def run(place: Path, most: int, seed: int, only: str) -> Figures:
    """All points of all acts."""
    figures = Figures("failing disk")
    path = template(place)
    keys.of_password = quick_key
    numbers = ({"订单编号": f"9860412775599{n:04}", "买家会员名": f"c{n}"} for n in range(12))
    orders_csv(place / "more.csv", *numbers)
    shutil.copy(path, place / "origin.shop")
    shutil.copy(path, place / "candidate.shop")
    with opened(place / "candidate.shop") as shop:
        shop.undo()
    older_shop(place / "older.shop")
    Desk.forget_upgrade(Desk(shop, place))
    for act in only.split(",") if only else ACTS:
        shutil.rmtree(backup.folder(path), ignore_errors=True)
        worker = Worker(path)
        calls = counted(worker, act, place)
        figures.count("calls that may fail", sum(calls.values()))
        for point in points(calls, act, most if act not in SLOW else max(1, most // 2), seed):
            wrong = [f"{act}, {point}: {what}" for what in tried(worker, act, point, figures)]
            figures.wrong += wrong
            if wrong:
                worker.end()
                shutil.rmtree(backup.folder(path), ignore_errors=True)
                worker = Worker(path)
        worker.end()
    return figures


def main() -> int:
    """Run the points and say what they found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shopdesk-faults-", dir=quick_folder()) as place:
        own_scratch(Path(place, "scratch"))
        figures = run(Path(place), asked.points, asked.seed, asked.only)
        clock.freeze(None)
    figures.seconds = round(time.monotonic() - begin, 1)
    print(json.dumps(asdict(figures), ensure_ascii=False))
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
