"""Work in a process of its own: started anew (never forked), limited, and gone with its parent.

A fork would inherit the shop's lock and keep it; a spawned process has nothing of the shop. The parent
writes one JSON object (the job) to the child's standard input and keeps the pipe open; the child writes one
JSON object per line. The child ends when the pipe closes, on Linux also by the kernel's own hand.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

_log = logging.getLogger(__name__)

CHILD_WORD = "--child"
"""The packaged program started with this word and the name of a module runs that module's main()."""

MODULES = (
    "shopdesk.exchange.child", "shopdesk.exchange.words", "shopdesk.core.rescue", "shopdesk.core.through",
    "shopdesk.ui.picture_reading",
)  # fmt: skip
"""The modules that may be run so."""


class Cancelled(ShopError):
    """The owner stopped it; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(N_("Stopped. Nothing was changed."))


class Broken(Exception):
    """The process ended before its work was done."""


# The parent's side


@contextmanager
def spawned(module: str, job: Mapping[str, Any]) -> Iterator[Lines]:
    """A running process with its job; it is ended when the block is left, however that happens."""
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            _command(module), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=_environment()
        )
        assert child.stdin is not None
        assert child.stdout is not None
        lines = Lines(child, child.stdin, child.stdout)
        try:
            lines.tell(job)
            yield lines
        except Broken:
            _log_end_of(errors)
            raise
        finally:
            child.kill()
            child.wait()
            lines.join()
            for pipe in (child.stdin, child.stdout):
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


def _log_end_of(errors: IO[bytes]) -> None:
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 4000))
    _log.info("a reading process ended early: %s", errors.read().decode("utf-8", "replace"))


class Lines:
    """What a process says, line by line, and what it is told."""

    def __init__(self, child: subprocess.Popen[bytes], told: IO[bytes], stream: IO[bytes]) -> None:
        self._child = child
        self._told = told
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, args=(stream,), daemon=True)
        self._listener.start()

    def _listen(self, stream: IO[bytes]) -> None:
        for line in stream:
            if line.endswith(b"\n"):  # the last one of a process that was killed may be half
                self._lines.put(line)
        self._lines.put(None)

    def tell(self, message: Mapping[str, Any]) -> None:
        """One message to the process. Raises Broken when it has ended."""
        try:
            self._told.write(json.dumps(message).encode() + b"\n")
            self._told.flush()
        except BrokenPipeError:
            raise Broken from None

    def next(self, timeout: float) -> dict[str, Any] | None:
        """The next message, None when none came in `timeout` seconds.

        Raises EOFError after the last one of a process that ended well, Broken when it did not.
        """
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        if line is None:
            if self._child.wait() == 0:
                raise EOFError
            raise Broken
        said: dict[str, Any] = json.loads(line)
        return said

    def join(self) -> None:
        """Wait for the listener."""
        self._listener.join()


def run(
    module: str,
    job: Mapping[str, Any],
    *,
    hear: Callable[[dict[str, Any]], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Run a module's job to its end. Raises Cancelled when the owner stops it, Broken when it fails."""
    with spawned(module, job) as lines:
        while True:
            if cancelled is not None and cancelled():
                raise Cancelled
            try:
                said = lines.next(0.1)
            except EOFError:
                return
            if said is not None and hear is not None:
                hear(said)


def _command(module: str) -> list[str]:
    if module not in MODULES:
        raise ValueError(module)
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_WORD, module]
    return [sys.executable, "-m", module]


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root, "PYTHONUTF8": "1"}


# The child's side


def begin(*, memory: int = 0) -> dict[str, Any]:
    """In the child: take the job and watch the parent.

    With `memory` (bytes of address space) it is bounded too, and the kernel ends it with the thread that
    started it: for work that may hang in foreign code and that its starter waits for. More jobs may follow
    (`asked`).
    """
    if memory and sys.platform != "win32":
        _limit(memory)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    return asked()


def _limit(memory: int) -> None:
    import resource  # not on Windows

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


_asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()


def asked() -> dict[str, Any]:
    """In the child: wait for the next message of the parent."""
    message: dict[str, Any] = json.loads(_asked.get())
    return message


def _die_with_parent() -> None:
    for line in sys.stdin.buffer:
        _asked.put(line)
    os._exit(3)


def say(**message: Any) -> None:
    """In the child: one message to the parent."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
