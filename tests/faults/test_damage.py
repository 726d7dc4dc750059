"""What the table of damage promises: cut off and zeroed files are found at open, protected ones to the last bit."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from shopdesk.core import backup, kept, password, sqlite
from shopdesk.core.shop import Shop
from tests.faults import damage
from tests.faults.damage import KINDS, Subject
from tests.faults.stage import Figures, quick_folder, sized, template

ALWAYS = ("zeroed pages", "truncation", "foreign files", "newer version")
"""Kinds of which opening misses none; of zeroed pages those that hold something."""


@pytest.fixture(scope="module", params=["plain", "protected", "backup"])
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Subject]:
    """A shop of each sort: plain, under a password, and the copy of one."""
    path = template(tmp_path_factory.mktemp("damage"))
    key = password.change(path, None, "a long password") if request.param == "protected" else None
    if request.param == "backup":
        shop = Shop.open(path)
        made = backup.make(shop, why="test")
        shop.close()
        path = backup.folder(path) / made.name
    return request.param, damage.subject(path, key)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_found_or_changes_no_figure(one: tuple[str, Subject], kind: str):
    name, subject = one
    if kind == "newer version" and subject.key is not None:
        pytest.skip("made with the standard library, which knows no keys")
    begin = time.monotonic()
    count = sized(4, 60, 400) if kind not in ("foreign files", "newer version") else sized(4, 10, 20)
    with tempfile.TemporaryDirectory(dir=quick_folder()) as place:
        figures = damage.run(subject, kind, count, name, Path(place))
    figures.seconds = round(time.monotonic() - begin, 1)
    figures.keep()
    done = figures.done
    assert figures.wrong == []
    assert done["checksum"] == done["files"]
    if kind in ALWAYS:
        assert done.get("at open", 0) + done.get("found by neither, same content", 0) == done["files"]
    if kind in ALWAYS or subject.key is not None:
        assert done.get(f"found by neither, {damage.OTHER_WORDS}", 0) == 0


def test_a_figure_that_nobody_finds_is_a_fault(one: tuple[str, Subject], tmp_path: Path, monkeypatch):
    """A check that compares no figures lets a changed sum pass: this must see it."""
    _, subject = one
    if subject.key is not None:
        pytest.skip("the page's own sum tells it")
    copy = tmp_path / "muhe.shop"
    shutil.copy(subject.path, copy)
    with closing(sqlite.connect(copy, write=True)) as con:
        con.execute("UPDATE skus SET on_hand = on_hand + 1")
    figures = Figures("planted")
    damage.judge(subject, copy, figures)
    assert figures.done["check --deep"] == 1
    assert figures.wrong == []
    monkeypatch.setattr(kept, "faults", lambda con, _rules: kept.prepare(con) or iter(()))
    damage.judge(subject, copy, figures)
    assert figures.wrong == ["nobody found another figure"]
