"""The memory that the C library keeps for threads and for what was needed a while ago."""

import ctypes
import sys

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
"""M_ARENA_MAX and M_MMAP_THRESHOLD of glibc's malloc.h."""
_LARGE = 128 * 1024
"""Bytes from which on a piece of memory is had from the system and given back to it by itself: glibc's first value."""


def share_heaps() -> None:
    """Let all threads share two heaps, and keep what is large out of them.

    Each backup, look and import has a thread of its own. glibc gives them up to eight heaps for each processor, and
    what is free in one is of no use to another: in a day of work the program would grow by 50 MB. Once something large
    was given back, glibc keeps ever larger pieces in the heaps, where what is small holds their pages: another 15 MB.
    """
    _call("mallopt", _ARENA_MAX, 2)
    _call("mallopt", _MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Give the system what is free, after long work and when a shop was put away; it takes some milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *values: int) -> None:
    """Only glibc has these."""
    if sys.platform.startswith("linux"):
        function = getattr(ctypes.CDLL(None), name, None)
        if function is not None:
            function(*values)
