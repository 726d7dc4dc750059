"""A shop under a password: nothing of it in plain text, told apart from damage, and the backups follow."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from shopdesk.core import (
    aside,
    backup,
    channels,
    check,
    following,
    keys,
    manifest,
    meta,
    password,
    protect,
    restore,
    salvage,
    second,
    settings,
    sqlite,
    verifying,
    words,
)
from shopdesk.core.errors import Damaged, DiskTrouble, FileRefused, HeldElsewhere, ShopError
from shopdesk.core.identity import NotOurs
from shopdesk.core.keys import Key, MistypedCode, NeedsPassword, WrongPassword
from shopdesk.core.shop import Shop, opened
from shopdesk.exchange import commands, whole
from tests.shop_files import lines_csv, orders_csv

PAGE = 4096
SECRET = "茶杯 geheim"
WORD = "Wolkenkratzer"
"""Stands in the shop and nowhere else."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain shop with some orders, an undone step and two backups, closed."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "muhe.shop"
    numbers = [f"23860412775599{n:04}" for n in range(60)]
    orders = orders_csv(folder / f"{WORD}.csv", *({"订单编号": n, "买家会员名": f"{WORD}{n}"} for n in numbers))
    lines = lines_csv(folder / "l.csv", *({"订单编号": n, "商家编码": f"CUP-{n[-1]}"} for n in numbers))
    with closing(Shop.create(path, name=WORD)) as shop:
        with shop.change("Channel", "channels") as db:
            channels.add(db, platform="taobao", name="Muhe", currency="CNY")
        commands.import_files(shop, [orders, lines], channel="Muhe")
        with shop.change("Note", "orders") as db:
            db.execute(f"UPDATE orders SET seller_note = '{WORD}'")
        shop.undo()
        backup.make(shop, why="asked")
    for given in (orders, lines):
        given.unlink()
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it, with its backups."""
    shutil.copytree(made.parent, tmp_path / "place")
    return tmp_path / "place" / made.name


def rows_of(path: Path, key: Key | None) -> dict[str, list[tuple]]:
    """Everything in a shop file, by table, but what is noted of the password."""
    noted = ", ".join(f"'{name}'" for name in meta.OF_PASSWORD)
    with closing(sqlite.connect(path, key=key)) as con:
        tables = [row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")]
        found = {name: [tuple(row) for row in con.execute(f'SELECT * FROM "{name}" ORDER BY 1')] for name in tables}
        found["meta"] = [tuple(r) for r in con.execute(f"SELECT * FROM meta WHERE key NOT IN ({noted}) ORDER BY key")]
        return found | {
            "header": [tuple(con.execute(f"PRAGMA {p}").fetchone()) for p in ("application_id", "user_version")]
        }


def spoil(path: Path, page: int) -> None:
    with path.open("r+b") as stream:
        stream.seek((page - 1) * PAGE + 1000)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 0x55]))


def plain_files(folder: Path) -> list[str]:
    """Files in which a word of the shop stands, or that are plain SQLite."""
    return [
        file.name for file in sorted(folder.rglob("*")) if file.is_file()
        and (WORD.encode() in (data := file.read_bytes()) or data.startswith(b"SQLite format 3"))
    ]  # fmt: skip


def test_set_change_and_remove_keep_every_row_and_the_backups_follow(path: Path):
    before = rows_of(path, None)
    name = backup.listed(path)[0].name
    copy = rows_of(backup.folder(path) / name, None)
    assert {"manifest.jsonl", "muhe.shop"} <= set(plain_files(path.parent))
    first = password.change(path, None, SECRET)
    assert plain_files(path.parent) == []
    second = password.change(path, first, "another")
    assert plain_files(path.parent) == []
    assert second is not None
    assert first is not None
    assert second.salt != first.salt
    for word in ("another", None):
        key = protect.unlock(path, word) if word else password.change(path, second, None)
        with opened(path, key=key) as shop:
            assert not following.pending(shop.reader())
        assert rows_of(path, key) == before
        assert rows_of(backup.folder(path) / name, key) == copy
        assert list(check.deep_faults(path, key=key)) == []
    for file in path.parent.rglob("*.shop*"):
        assert file.stat().st_mode & 0o77 == 0, file
    assert [file.name for file in path.parent.rglob("*.part*")] == []


def test_any_sqlcipher_program_opens_it_with_the_password(path: Path):
    password.change(path, None, SECRET)
    for file in (path, *backup.folder(path).glob("*.shop")):
        with closing(sqlite.bare(file)) as con:
            con.execute(f"PRAGMA key = '{SECRET}'")
            assert con.execute("SELECT count(*) FROM channels").fetchone()[0] == 1


def test_a_password_and_a_code_unlock_and_everything_else_is_told_apart(path: Path):
    key = password.change(path, None, SECRET)
    assert key is not None
    code = keys.recovery_code(key)
    assert protect.is_protected(path)
    assert protect.unlock(path, SECRET) == protect.unlock(path, code.lower().replace("-", " ")) == key
    assert protect.fits(key, SECRET)
    assert protect.fits(key, code)
    assert not protect.fits(key, "geheim")
    assert not protect.fits(key, keys.recovery_code(Key.random()))
    swapped = code[:-1] + ("2" if code[-1] != "2" else "3")
    for said, refused in (
        ("geheim", WrongPassword),
        (keys.recovery_code(Key.random()), WrongPassword),
        (swapped, MistypedCode),
    ):
        with pytest.raises(refused) as error:
            protect.unlock(path, said)
        assert type(error.value) is refused
    for given, refused in ((None, NeedsPassword), (Key.random(), WrongPassword)):
        with pytest.raises(refused):
            Shop.open(path, key=given)
        with pytest.raises(refused):
            Shop.open(path, key=given, write=False)


def test_a_password_that_looks_like_a_code_is_one(path: Path):
    said = keys.recovery_code(Key.random())
    key = password.change(path, None, said)
    assert protect.unlock(path, said) == key
    assert key is not None
    assert protect.fits(key, said)


@pytest.mark.parametrize("page", [1, 5])
def test_damage_is_no_wrong_password(path: Path, page: int):
    key = password.change(path, None, SECRET)
    spoil(path, page)
    if page == 1:
        with pytest.raises(Damaged):
            protect.unlock(path, SECRET)
        with pytest.raises(Damaged):
            Shop.open(path, key=key)
    assert protect.unlock(path, SECRET, even_damaged=True) == key
    with pytest.raises(WrongPassword):
        protect.unlock(path, "geheim")
    with pytest.raises(NeedsPassword):
        Shop.open(path)


def test_a_file_cut_off_in_a_page_and_one_that_lost_its_salt_still_know_their_password(path: Path):
    key = password.change(path, None, SECRET)
    whole_file = path.read_bytes()
    path.write_bytes(whole_file[: len(whole_file) // 2 + 100])
    assert protect.is_protected(path)
    assert protect.unlock(path, SECRET) == key
    path.write_bytes(bytes(16) + whole_file[16:])
    assert protect.unlock(path, SECRET) == key, "the backups have the same salt"
    path.write_bytes(whole_file)
    with opened(path, key=key) as shop:
        assert len(backup.listed(shop.path)) == 2


def test_foreign_plain_and_broken_files_are_not_taken_for_protected(path: Path, tmp_path: Path):
    dice = random.Random(1)
    files = {
        "empty": b"", "short": dice.randbytes(300), "text": "茶杯,".encode() * 5000, "zeros": bytes(9 * PAGE),
        "plain": path.read_bytes(), "header": b"\0" * 16 + path.read_bytes()[16:],
        "picture": b"\x89PNG\r\n\x1a\n" + dice.randbytes(9 * PAGE), "archive": b"PK\3\4" + dice.randbytes(9 * PAGE),
    }  # fmt: skip
    for name, data in files.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert not protect.is_protected(file), name
        with pytest.raises(FileRefused) as refused:
            Shop.open(file, key=Key.random())
        assert not isinstance(refused.value, (NeedsPassword, WrongPassword)), name
    other = tmp_path / "other.db"
    key = keys.of_password(SECRET, keys.new_salt())
    with closing(sqlite.bare(other, key=key)) as con:
        con.execute("CREATE TABLE notes (text TEXT)")
        con.execute("INSERT INTO notes VALUES (hex(randomblob(40000)))")
    assert protect.unlock(other, SECRET) == key
    with pytest.raises(NotOurs):
        Shop.open(other, key=key)


def test_what_is_refused_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch):
    before = path.read_bytes()
    with pytest.raises(ShopError) as refused:
        password.change(path, None, "  ")
    assert refused.value.field == "password"
    with opened(path), pytest.raises(HeldElsewhere):
        password.change(path, None, SECRET)
    with closing(sqlite.connect(path)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM orders").fetchone()
        with pytest.raises(DiskTrouble, match="Another program"):
            password.change(path, None, SECRET)
    monkeypatch.setattr(password, "_ROOM", 1 << 60)
    with pytest.raises(DiskTrouble, match="too little room"):
        password.change(path, None, SECRET)
    monkeypatch.undo()
    with closing(sqlite.connect(path, write=True)) as con:
        assert con.execute("SELECT count(*) FROM orders").fetchone()[0] == 60
    assert not protect.is_protected(path)
    assert len(path.read_bytes()) == len(before)
    assert password.change(path, None, None) is None
    with pytest.raises(WrongPassword):
        password.change(path, password.change(path, None, SECRET) and Key.random(), None)


def test_a_shop_whose_figures_are_wrong_gets_no_password(path: Path):
    with closing(sqlite.connect(path, write=True)) as con:
        con.execute("UPDATE orders SET status = 'shipped' WHERE id = 1")
    with pytest.raises(Damaged, match="is not well"):
        password.change(path, None, SECRET)
    assert not protect.is_protected(path)
    assert list(path.parent.glob("*.part*")) == []


@pytest.mark.parametrize("what", ["row", "schema", "missing row"])
def test_a_copy_that_differs_is_found(path: Path, monkeypatch: pytest.MonkeyPatch, what: str):
    spoiling = {
        "row": "UPDATE recast.orders SET buyer = buyer || 'x' WHERE id = 7",
        "schema": "CREATE INDEX recast.more ON orders (buyer)",
        "missing row": "DELETE FROM recast.journal_steps WHERE id = 1",
    }[what]
    real = password.recast

    class Spoilt:
        """A connection whose export goes wrong."""

        def __init__(self, con: sqlite.Connection) -> None:
            self.con = con

        def execute(self, sql: str, *values: object) -> object:
            done = self.con.execute(sql, *values)
            if "sqlcipher_export" in sql:
                done = done.fetchall()
                self.con.execute(spoiling)
            return done

    monkeypatch.setattr(password, "recast", lambda con, *args, **more: real(Spoilt(con), *args, **more))
    with pytest.raises(Damaged):
        password.change(path, None, SECRET)
    assert not protect.is_protected(path)


def test_what_is_noted_of_the_password(path: Path):
    with opened(path) as shop:
        assert password.facts(shop.reader()) is None
    key = password.change(path, None, SECRET)
    with opened(path, key=key) as shop:
        said = password.facts(shop.reader())
        assert said is not None
        assert said.since == "2026-11-24 14:50:00"
        assert said.sheet_printed == ""
        password.note_sheet(shop)
        said = password.facts(shop.reader())
        assert said is not None
        assert said.sheet_printed == "2026-11-24 14:50:00"
    key = password.change(path, key, "another")
    with opened(path, key=key) as shop:
        said = password.facts(shop.reader())
        assert said is not None
        assert (said.since, said.sheet_printed) == ("2026-11-24 14:50:00", "")
    password.change(path, key, None)
    with opened(path) as shop:
        assert password.facts(shop.reader()) is None


_HOLD = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
con.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program holds a file."""
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        assert other.stdin is not None
        other.stdin.close()


def test_a_backup_that_somebody_holds_follows_later_and_the_others_at_once(path: Path):
    with opened(path) as shop:
        other = backup.folder(path) / backup.make(shop, why="asked").name
    busy = backup.folder(path) / backup.listed(path)[0].name
    with held(busy):
        key = password.change(path, None, SECRET)
    assert (protect.is_protected(busy), protect.is_protected(other)) == (False, True)
    with opened(path, key=key) as shop:
        assert following.pending(shop.reader())
        with held(busy):
            following.follow(shop)
        assert following.pending(shop.reader())
        following.follow(shop)
        assert not following.pending(shop.reader())
    assert plain_files(path.parent) == []


def test_a_backup_that_is_spoilt_keeps_nobody_waiting(path: Path):
    busy = backup.folder(path) / backup.listed(path)[0].name
    busy.write_bytes(busy.read_bytes()[:8192])
    key = password.change(path, None, SECRET)
    with opened(path, key=key) as shop:
        assert not following.pending(shop.reader())
    assert password.plain_beside(path) == [busy]


@pytest.mark.parametrize("looks", [1, 2, 4])
def test_following_ends_in_the_middle_of_a_backup_when_the_shop_is_closed(path: Path, looks: int, monkeypatch):
    monkeypatch.setattr(verifying, "_STEPS_A_LOOK", 1000)
    monkeypatch.setattr(password, "_follow", lambda *_given: None)
    key = password.change(path, None, SECRET)
    copy = backup.folder(path) / backup.listed(path)[0].name
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > looks

    with opened(path, key=key) as shop:
        following.follow(shop, stop=stop)
        assert not protect.is_protected(copy)
        assert following.pending(shop.reader())
        assert [file.name for file in path.parent.rglob("*.part*")] == []
        assert len(asked) < looks + 10
        following.follow(shop)
        assert protect.is_protected(copy)


def test_a_second_folder_that_comes_back_later_follows_then(path: Path, tmp_path: Path):
    stick = tmp_path / "stick"
    shutil.copytree(backup.folder(path), stick)
    with opened(path) as shop, shop.change("Folder", "settings") as db:
        settings.put(db, "second_folder", str(stick))
    away = stick.rename(tmp_path / "drawer")
    key = password.change(path, password.change(path, None, SECRET), "another")
    with opened(path, key=key) as shop:
        assert following.pending(shop.reader())
    assert plain_files(away)
    restore.restore(path, backup.folder(path) / backup.listed(path)[0].name, key=key)
    away.rename(stick)
    with opened(path, key=key) as shop, shop.change("Folder", "settings") as db:
        settings.put(db, "second_folder", str(stick))
    with opened(path, key=key) as shop:
        assert following.pending(shop.reader())
        following.follow(shop)
        assert not following.pending(shop.reader())
    assert plain_files(tmp_path) == []
    copy = manifest.of_folder(stick)[-1]
    assert manifest.checksum(stick / copy.name) == copy.sha256
    restore.refuse_unfit(stick / copy.name, key=key)


def test_a_second_folder_that_gave_way_to_another_follows_too(path: Path, tmp_path: Path):
    sticks = [tmp_path / "stick", tmp_path / "other"]
    for stick in sticks:
        stick.mkdir()

    def choose(shop: Shop, stick: Path) -> None:
        with shop.change("Folder", "settings") as db:
            settings.put(db, "second_folder", str(stick))
        second.bring(shop)

    with opened(path) as shop:
        choose(shop, sticks[0])
    assert plain_files(sticks[0])
    away = sticks[0].rename(tmp_path / "drawer")
    key = password.change(path, None, SECRET)
    with opened(path, key=key) as shop:
        choose(shop, sticks[1])
        following.follow(shop)
        assert following.pending(shop.reader())
        away.rename(sticks[0])
        following.follow(shop)
        assert not following.pending(shop.reader())
    assert plain_files(tmp_path) == []
    with opened(sticks[0] / manifest.of_folder(sticks[0])[-1].name, key=key, write=False) as copy:
        said = {row[0] for row in copy.reader().execute("SELECT key FROM meta")}
    assert not said & {meta.FORMER, meta.FOLLOWED, meta.PLACES}


def test_a_spoilt_backup_stays_spoilt_and_a_broken_one_is_named(path: Path):
    copy = backup.listed(path)[-1]
    file = backup.folder(path) / copy.name
    broken = file.with_name("muhe-20261101-080000.shop")
    shutil.copy(file, broken)
    with broken.open("r+b") as stream:
        stream.truncate(3 * PAGE)
    with closing(sqlite.connect(file, write=True)) as con:
        con.execute("UPDATE settings SET value = '\"changed\"' WHERE key = 'shop_name'")
        con.execute("PRAGMA journal_mode=DELETE")
    key = password.change(path, None, SECRET)
    assert protect.is_protected(file)
    with pytest.raises(FileRefused, match="verified"):
        restore.refuse_unfit(file, key=key)
    assert password.plain_beside(path) == [broken]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_was_put_aside_is_named_and_no_other_shop(path: Path, language: str):
    words.use_language(language)
    kept = aside.name_for(path)
    kept.write_bytes(path.read_bytes())
    log = kept.with_name(f"{kept.name}-wal")
    log.write_bytes(b"words")
    Shop.create(path.with_name(f"{path.stem} Berlin.shop"), name="Berlin").close()
    password.change(path, None, SECRET)
    assert password.plain_beside(path) == [kept, log]


def test_everything_works_on_a_protected_shop_and_nothing_of_it_lies_about(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    key = password.change(path, None, SECRET)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    given = tmp_path / "given"
    given.mkdir()
    rows = [{"订单编号": f"33860412775599{n:04}", "买家会员名": f"{WORD}新{n}"} for n in range(50)]
    dropped = orders_csv(given / "more.csv", *rows)
    seen: list[str] = []
    with opened(path, key=key) as shop:
        with commands.Importing(shop, [dropped]) as work:
            work.read()
            work.plan(commands.Choices(channel="Muhe", strict=True))
            kinds = {file.name for file in scratch.rglob("*") if file.is_file()}
            seen += plain_files(scratch)
            work.apply()
            seen += [*plain_files(scratch), *plain_files(path.parent)]
            assert work.result()["orders"]["read"] == 50
        assert {"staging", "plan"} <= kinds
        assert list(scratch.iterdir()) == []
        assert shop.reader().execute("SELECT count(*) FROM orders").fetchone()[0] == 110
        step = shop.undo()
        assert step is not None
        assert shop.redo() is not None
        copy = backup.make(shop, why="asked")
        whole.write(shop, tmp_path / "out")
        seen += plain_files(path.parent)
    assert seen == []
    assert meta.OF_PASSWORD[0] not in (tmp_path / "out" / "meta.csv").read_text("utf-8-sig")
    assert meta.SINCE not in (tmp_path / "out" / "meta.csv").read_text("utf-8-sig")
    restore.restore(path, backup.folder(path) / copy.name, key=key)
    assert list(check.deep_faults(path, key=key)) == []
    whole.read(tmp_path / "out", tmp_path / "back.shop", key=key)
    assert list(check.faults(tmp_path / "back.shop", key=key)) == []
    found = {one.table: one.rows for one in salvage.salvage(path, tmp_path / "saved.shop", key=key)}
    assert found["orders"] == 110
    assert [name for name in plain_files(tmp_path) if not name.endswith(".csv")] == []


def test_a_key_needs_sqlcipher(path: Path, monkeypatch: pytest.MonkeyPatch):
    """A library without it would take no notice of the key and write a plain file."""
    monkeypatch.setattr(sqlite, "_VERSION", "PRAGMA no_such_pragma")
    with pytest.raises(FileRefused, match="cannot handle"):
        Shop.create(path.with_name("new.shop"), name="x", key=Key.random())
    assert not path.with_name("new.shop").exists()
