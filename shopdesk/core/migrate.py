"""Named migrations, one set per feature, recorded in the file by sqlite-utils."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from shopdesk.core.schema import Feature
from shopdesk.core.sqlite import sqlite_utils

if TYPE_CHECKING:
    from sqlite_utils import Database


def statements(ddl: str) -> Iterator[str]:
    """The single statements of a DDL text (none of ours has a semicolon inside)."""
    return (part.strip() for part in ddl.split(";") if part.strip())


def apply(db: Database, features: tuple[Feature, ...]) -> None:
    """Run every migration that the file does not have yet, inside the caller's transaction."""
    sqlite_utils()
    kind = importlib.import_module("sqlite_utils.migrations").Migrations
    for feature in features:
        named = kind(feature.name)
        for name, ddl in feature.migrations:
            named(name=name)(_runner(ddl))
        named.apply(db)


def _runner(ddl: str) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in statements(ddl):
            db.execute(statement)

    return run
