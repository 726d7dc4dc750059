"""The Qt kit that every page is assembled from."""

import builtins

import PySide6.QtCore  # noqa: F401 - puts a hook into import, see below

# PySide's hook reads the source of every module that is imported later, looking for a feature switch that is
# not used here; without it the first rows come 15 ms earlier and pandas loads faster.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
