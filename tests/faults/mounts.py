"""Real disks of any size, where this machine lets a test mount one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

MOUNT = shutil.which("mount")


def _may_mount() -> bool:
    if MOUNT is None or os.name == "nt" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run([MOUNT, "-t", "tmpfs", "none", place], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", place], check=True)
    return done.returncode == 0


MAY_MOUNT = _may_mount()
needs_mount = pytest.mark.skipif(not MAY_MOUNT, reason="nothing can be mounted here")


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of this size, there until the end."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False, capture_output=True)


def fill(disk: Path, leave: int) -> Path:
    """Leave so many bytes free."""
    filler = disk / "filler"
    with filler.open("wb") as stream, suppress(OSError):
        stream.write(bytes(max(0, shutil.disk_usage(disk).free - leave)))
        stream.flush()
    return filler
