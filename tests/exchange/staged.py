"""Stage bytes as a dropped file and look at the staging file."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

from shopdesk.core import sqlite
from shopdesk.exchange.reading import Options, stage


class Staged:
    """What the reading process made of some files."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite.scratch(path)

    def rows(self, sql: str, *values: object) -> list[tuple]:
        return [tuple(row) for row in self.connection.execute(sql, values)]

    def all(self, table: str, *names: str) -> list[tuple]:
        return self.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")

    def one(self, sql: str) -> object:
        (row,) = self.rows(sql)
        return row[0] if len(row) == 1 else row

    def reasons(self) -> list[tuple]:
        return self.rows('SELECT level, code, row, "column" FROM reason ORDER BY id')

    def sentences(self) -> list[str]:
        rows = self.rows("SELECT text, fix, args FROM reason ORDER BY id")
        return [f"{text} {fix}".format(**json.loads(args)).strip() for text, fix, args in rows]

    def refused(self) -> list[str]:
        rows = self.rows(
            "SELECT refused, args FROM file WHERE refused IS NOT NULL"
            " UNION ALL SELECT refused, args FROM source WHERE refused IS NOT NULL"
        )
        return [text.format(**json.loads(args)) for text, args in rows]


@contextmanager
def staged(folder: Path, *files: Path | str | bytes, choose=None, **options):
    """Files given as paths, or as the text (UTF-8) or bytes of a CSV to be written first."""
    paths = []
    for at, file in enumerate(files):
        if isinstance(file, Path):
            paths.append(file)
            continue
        path = folder / f"dropped{at}.csv"
        path.write_bytes(file.encode() if isinstance(file, str) else file)
        paths.append(path)
    target = folder / "staging.db"
    stage(
        paths, staging_path=target, options=Options(**options), choose=dict.fromkeys(paths, choose) if choose else None
    )
    found = Staged(target)
    yield found
    found.connection.close()


def csv_text(header: str | list[str], *rows: dict[str, str] | str) -> str:
    """A CSV of this header; rows are given by column name, or as they stand in the file."""
    names = header.split(",") if isinstance(header, str) else header
    lines = [",".join(names)]
    for row in rows:
        if isinstance(row, str):
            lines.append(row)
            continue
        unknown = set(row) - set(names)
        assert not unknown, unknown
        lines.append(",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in names))
    return "\r\n".join(lines) + "\r\n"
