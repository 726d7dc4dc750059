"""Files that chance makes of the layouts there are, and what the reader must make of every one of them."""

from __future__ import annotations

import csv
import io
import json
import resource
import select
import subprocess
import sys
import traceback
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from shopdesk.core import sqlite
from shopdesk.exchange import child
from shopdesk.exchange.formats import column_names, shipped_dicts
from shopdesk.exchange.reading import PATIENCE
from shopdesk.exchange.said import sentence
from tests.hostile import texts
from tests.hostile.watching import ROOT, is_sentence

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "cp932", "cp1252", "latin-1")
CELLS = (
    "", "-", "1", "0", "-1", "1e9", "12.50", "¥1,234.56", "1,5", "9" * 20, "2026-02-30 25:61:61", "2026/6/1 9:05", "0000-00-00",
    "2026-06-01T10:00:00Z", "2026-06-01 10:00:00 +0800", "06/01/2026", "1899-12-31", "45000.5", "待发货", "交易成功", "fulfilled",
    "退款成功", "##x", "$$x", '="1"', "'1", "\ufeff", "null", "TRUE", "{}", "[1]", '{"a":1}', "茶杯", "a;b", "a:b;c:d", "1:2", "&lt;",
    "NaN", "inf", "１２", "−5", "(5.00)", "5-", "5%", "CNY", "99999999999999999999", "-0", "1.005",
)  # fmt: skip


def _names(found: Mapping[str, Any]) -> list[str]:
    named = [
        name for fields in found.get("columns", {}).values() for spec in fields.values() for name in column_names(spec)
    ]
    asked = [rule["column"] for role in ("status", "refund", "line_status", "line_refund", "state")
             for rule in found.get(role, ()) if rule.get("column")]  # fmt: skip
    return list(dict.fromkeys([*found["match"][0], *named, *asked]))


HEADERS = [_names(found) for found in shipped_dicts()]


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A file of one of the shipped layouts, filled by chance and then damaged a little."""
    header = draw(st.sampled_from(HEADERS))
    cell = st.sampled_from(CELLS) | st.sampled_from((*texts.COMPUTED, *texts.ODD, *texts.UNSEEN)) | st.text(max_size=12)
    width = st.integers(max(0, len(header) - 2), len(header) + 2)
    rows = draw(st.lists(width.flatmap(lambda n: st.lists(cell, min_size=n, max_size=n)), max_size=6))
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=draw(st.sampled_from(",\t;|")), lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))
    )
    writer.writerows([header, *([one.replace("\0", "") for one in row] for row in rows)])
    data = out.getvalue().encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return draw(damaged(data)) if draw(st.booleans()) else data


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """These bytes with some cut out, put in, doubled or turned."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        end = at + draw(st.integers(0, 64))
        new = draw(st.sampled_from((b"", data[at:end] * 2)) | st.binary(max_size=16))
        data = data[:at] + new + data[end:]
    return data


@st.composite
def workbooks(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A workbook with damage in it: in its bytes, or in one of its parts, packed again so that it is read."""
    seed = draw(st.sampled_from(seeds))
    if not seed.startswith(b"PK") or draw(st.booleans()):
        return draw(damaged(seed))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = [part.filename for part in old.infolist()]
        hit = draw(st.sampled_from(names))
        for name in names:
            data = old.read(name)
            new.writestr(name, draw(damaged(data)) if name == hit else data)
    return out.getvalue()


def stage(folder: Path, data: bytes) -> dict[str, Any]:
    """Read a file as the reading process does, and see that all of it adds up; what was found.

    An error that is no refusal comes out as it is.
    """
    path, staging = folder / "file", folder / "staging"
    for leftover in folder.glob("staging*"):
        leftover.unlink()
    path.write_bytes(data)
    job = {"what": "stage", "paths": [str(path)], "staging": str(staging), "key": "", "saved": [], "choose": {}, "skip": {},
           "currency": "CNY", "zone": "Asia/Shanghai", "own_names": []}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "say", lambda **said: json.dumps(said))
        child.Staging(job).run()
    with closing(sqlite.scratch(staging)) as con:
        return _adds_up(con)


class ReadingProcess:
    """Reads workbooks for a test, bounded as in the program: foreign code may end it, nothing else may."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = self._started()
        self.died = 0

    def _started(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.hostile.fuzzing", str(self._folder)]
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def stage(self, data: bytes) -> dict[str, Any]:
        """What was found; one that ends the process is refused."""
        (self._folder / "given").write_bytes(data)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        line = self._process.stdout.readline() if ready else ""
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.end()
        self._process = self._started()
        self.died += 1
        return {"refused": 1, "rows": 0}

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def main(folder: Path) -> None:
    """Stage the given file again and again, as often as asked on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (child.MEMORY, child.MEMORY))
    for _ in sys.stdin:
        try:
            found = stage(folder, (folder / "given").read_bytes())
        except MemoryError:
            found = {"refused": 1, "rows": 0}
        except Exception:
            found = {"crash": traceback.format_exc()}
        print(json.dumps(found), flush=True)


def _adds_up(con: sqlite.Connection) -> dict[str, Any]:
    refused = 0
    for table in ("file", "source"):
        for row in con.execute(f"SELECT refused, fix, args FROM {table} WHERE refused IS NOT NULL"):
            said = sentence(row[0], json.loads(row[2] or "{}"), row[1] or "")
            assert is_sentence(said), said
            refused += 1
    for row in con.execute("SELECT rows_read, rows_used, rows_refused FROM source WHERE refused IS NULL"):
        assert row[0] == row[1] + row[2]
        assert min(row) >= 0
    for row in con.execute("SELECT text, fix, args FROM reason"):
        said = sentence(row[0], json.loads(row[2] or "{}"), row[1] or "")
        assert "Traceback" not in said
    return {"refused": refused, "rows": con.execute("SELECT coalesce(sum(rows_used), 0) FROM source").fetchone()[0]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
