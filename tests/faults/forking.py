"""Work in a forked process that is killed, and what it had said."""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.living import Say, speaker

PATIENCE_S = 60.0


@dataclass
class Death:
    """What a killed process had said."""

    lines: list[dict[str, object]] = field(default_factory=list)
    process: int = 0


def forked(work: Callable[[Say], None], *, after: float, group: bool, wait_for: str = "", times: int = 1) -> Death:
    """Do the work in a forked process and kill it some time after it said `wait_for` so often ("" is its start)."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.close(ours)
        say = speaker(theirs)
        try:
            work(say)
            say(ended=True)
        except BaseException:
            say(wrong=traceback.format_exc()[-3000:])
        os._exit(0)
    with suppress(OSError):
        os.setpgid(child, child)
    os.close(theirs)
    heard = _Heard(ours)
    heard.until(wait_for, times)
    time.sleep(after)
    return _killed(child, heard, group=group)


class _Heard:
    """The lines of a process, as they come."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._text = b""
        self.death = Death()

    def until(self, word: str, times: int) -> None:
        """Read until so many lines hold the word, or the process ends."""
        end = time.monotonic() + PATIENCE_S
        while word and sum(word in line for line in self.death.lines) < times:
            if not select.select([self._handle], [], [], max(0.0, end - time.monotonic()))[0]:
                raise TimeoutError(word)
            if not self._more():
                return

    def rest(self) -> Death:
        """Read to the end."""
        while self._more():
            continue
        os.close(self._handle)
        return self.death

    def _more(self) -> bool:
        read = os.read(self._handle, 1 << 16)
        *lines, self._text = (self._text + read).split(b"\n")
        self.death.lines += [json.loads(line) for line in lines]
        return bool(read)


def _killed(child: int, heard: _Heard, *, group: bool) -> Death:
    if group:
        os.killpg(child, signal.SIGKILL)
    else:
        os.kill(child, signal.SIGKILL)
    death = heard.rest()
    os.waitpid(child, 0)
    death.process = child
    left = _outlived(child)
    if left:
        death.lines.append({"wrong": left})
    return death


def _outlived(group: int) -> str:
    """Whether a process of the group is still there a while after the kill; the zombies are ours to reap."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if os.waitpid(-group, os.WNOHANG) == (0, 0):
                time.sleep(0.002)
        except ChildProcessError:
            return ""
    os.killpg(group, signal.SIGKILL)
    return "a process outlived its parent"
