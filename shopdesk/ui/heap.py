"""The memory that the C library keeps for its threads."""

import ctypes
import sys

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""


def share_heaps() -> None:
    """Let all threads share two heaps.

    Each backup, look and import has a thread of its own. glibc gives them up to eight heaps for each processor, and
    what is free in one is of no use to another: in a day of work the program would grow by 50 MB.
    """
    if sys.platform.startswith("linux"):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have one heap
        if mallopt is not None:
            mallopt(_ARENA_MAX, 2)
