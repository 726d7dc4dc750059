"""One door for writes: all or nothing, announced after commit, undone and redone, also over restarts."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopdesk.core import backup, check, clock, schema, sqlite
from shopdesk.core.errors import FileRefused, HeldElsewhere, NewerFile, ShopError
from shopdesk.core.journal import CannotUndo
from shopdesk.core.lock import HeldByOtherMachine, HeldHere, lock_path
from shopdesk.core.shop import Shop, opened


def content(shop: Shop) -> dict[str, list[tuple[object, ...]]]:
    """Everything the shop says, without the journal and its counters."""
    con = shop.reader()
    names = con.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'journal_%' AND name NOT LIKE 'search_%' AND name NOT IN ('meta', 'sales_hours')"
    )
    return {
        name: [tuple(row) for row in con.execute(f"SELECT * FROM {name} ORDER BY 1")] for (name,) in names.fetchall()
    }


def add_product(shop: Shop, name: str = "Gaiwan") -> int:
    with shop.change("Added {name}", "stock", name=name) as db:
        product = db["products"].insert({"key": f"p:{name}", "name": name}).last_pk
        return (
            db["skus"]
            .insert({"product_id": product, "key": f"code:{name}", "code": name, "name": name, "currency": "CNY"})
            .last_pk
        )


def test_an_error_leaves_everything_as_it_was_and_announces_nothing(shop: Shop):
    heard = []
    shop.listeners.append(heard.append)
    before = content(shop)
    with pytest.raises(ZeroDivisionError), shop.change("Halfway", "orders") as db:
        db["channels"].insert({"platform": "taobao", "name": "x", "currency": "CNY"})
        raise ZeroDivisionError
    assert content(shop) == before
    assert heard == []
    assert shop.last_step() is None


def test_a_change_inside_a_change_is_one_step(shop: Shop):
    heard = []
    shop.listeners.append(heard.append)
    with shop.change("Outer", "orders"):
        add_product(shop)
    assert shop.last_step().label == "Outer"
    assert heard == [frozenset({"orders", "stock"})]
    shop.undo()
    assert shop.reader().execute("SELECT count(*) FROM skus").fetchone()[0] == 0


def test_an_act_that_changed_nothing_is_no_step(shop: Shop):
    with shop.change("Nothing", "orders") as db:
        db.execute("UPDATE settings SET value = value")
    assert shop.last_step() is None


def test_undo_and_redo_survive_a_restart(shop: Shop):
    add_product(shop)
    path, after = shop.path, content(shop)
    shop.close()
    again = Shop.open(path)
    assert again.undo().label == "Added Gaiwan"
    assert content(again)["skus"] == []
    again.close()
    third = Shop.open(path)
    assert third.redo().label == "Added Gaiwan"
    assert content(third) == after
    assert third.redo() is None
    third.close()


def test_a_step_in_the_middle_is_undone_when_nothing_hangs_on_it(shop: Shop):
    first = add_product(shop, "A")
    step_a = shop.last_step().id
    add_product(shop, "B")
    shop.undo_step(step_a)
    assert [row[0] for row in shop.reader().execute("SELECT name FROM skus")] == ["B"]
    assert shop.redo().id == step_a
    with shop.change("Shelf", "stock") as db:
        db.execute("UPDATE skus SET shelf = 'A-1' WHERE id = ?", (first,))
    with pytest.raises(CannotUndo) as refused:
        shop.undo_step(step_a)
    assert "Shelf" in str(refused.value)


def test_a_step_that_later_records_refer_to_says_so(shop: Shop):
    sku = add_product(shop, "A")
    step = shop.last_step().id
    with shop.change("Count", "stock") as db:
        db["stock_moves"].insert({"sku_id": sku, "at": clock.text(), "kind": "level", "level": 3})
    before = content(shop)
    with pytest.raises(CannotUndo):
        shop.undo_step(step)
    assert content(shop) == before


def test_a_new_step_ends_redo(shop: Shop):
    add_product(shop, "A")
    shop.undo()
    add_product(shop, "B")
    assert shop.redo() is None


def test_history_tells_before_and_after(shop: Shop):
    sku = add_product(shop)
    with shop.change("Shelf {place}", "stock", place="B-2") as db:
        db.execute("UPDATE skus SET shelf = 'B-2' WHERE id = ?", (sku,))
    newest, oldest = shop.history("skus", sku)
    assert newest.step.label == "Shelf B-2"
    assert newest.changes == {"shelf": ("", "B-2")}
    assert oldest.made


def test_a_quiet_write_of_a_journaled_table_fails(shop: Shop):
    sku = add_product(shop)
    with pytest.raises(sqlite.IntegrityError), shop.quiet() as db:
        db.execute("UPDATE skus SET shelf = 'X' WHERE id = ?", (sku,))
    assert shop.history("skus", sku)[0].made


def test_what_the_making_step_changed_on_the_way_is_no_entry_of_its_own(shop: Shop):
    with shop.change("Imported", "stock") as db:
        sku = add_product(shop)
        db["skus"].update(sku, {"shelf": "A1"})
    shop.undo()
    shop.redo()
    assert [(entry.made, entry.changes) for entry in shop.history("skus", sku)] == [(True, {})]


def test_readers_see_only_what_was_committed_and_the_main_thread_never_waits(shop: Shop):
    inside, go = threading.Event(), threading.Event()

    def long_act() -> None:
        with shop.change("Long", "stock") as db:
            db["channels"].insert({"platform": "jd", "name": "x", "currency": "CNY"})
            inside.set()
            go.wait(10)

    worker = threading.Thread(target=long_act)
    worker.start()
    inside.wait(10)
    assert shop.reader().execute("SELECT count(*) FROM channels").fetchone()[0] == 0
    with pytest.raises(ShopError) as busy, shop.change("Mine"):
        pass
    go.set()
    worker.join()
    assert "Try again" in str(busy.value)
    assert shop.reader().execute("SELECT count(*) FROM channels").fetchone()[0] == 1


def test_a_second_start_is_refused_and_reads(shop: Shop):
    with pytest.raises(HeldHere):
        Shop.open(shop.path)
    looking = Shop.open(shop.path, write=False)
    assert looking.reader().execute("SELECT count(*) FROM settings").fetchone()[0] == 2
    with pytest.raises(HeldElsewhere), looking.change("No"):
        pass
    looking.close()


def test_a_file_of_another_machine_is_not_opened_until_the_owner_says_so(shop: Shop):
    path = shop.path
    shop.close()
    lock_path(path).write_text(json.dumps({"machine": "studio", "process": 1, "since": "2026-11-24T06:00:00Z"}))
    with pytest.raises(HeldByOtherMachine) as refused:
        Shop.open(path)
    assert "studio" in str(refused.value)
    with pytest.raises(HeldByOtherMachine):
        Shop.open(path, write=False)
    Shop.open(path, take_over=True).close()
    assert not lock_path(path).exists()


def test_only_a_single_file_stays_after_closing(shop: Shop):
    add_product(shop)
    shop.reader()
    folder = shop.path.parent
    shop.close()
    assert [p.name for p in folder.iterdir() if p.is_file()] == ["muhe.shop"]


FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"


def test_what_is_being_written_when_the_shop_is_closed_is_taken_back(shop: Shop):
    add_product(shop)
    steps = shop.changes()
    said: list[Exception] = []
    begun = threading.Event()

    def write() -> None:
        for question in (FOR_EVER, "SELECT 1"):
            try:
                with shop.attached({"beside": (shop.path.with_name("beside"), "rwc")}), shop.change("Shop", "x") as db:
                    db.execute("UPDATE products SET name = 'half'")
                    begun.set()
                    db.execute(question).fetchall()
            except (sqlite.OperationalError, ShopError) as error:
                said.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(10)
    shop.close()
    thread.join(10)
    assert [type(error) for error in said] == [sqlite.OperationalError, HeldElsewhere]
    assert not lock_path(shop.path).exists()
    assert not list(shop.path.parent.glob("muhe.shop-*"))
    with opened(shop.path) as again:
        assert again.changes() == steps
        assert not [str(fault) for fault in check.faults(shop.path)]
    shop.close()


def test_a_foreign_and_a_newer_file_are_refused_and_left_alone(tmp_path: Path, shop: Shop):
    foreign = tmp_path / "letter.shop"
    foreign.write_bytes(b"Dear Sir, " * 500)
    with pytest.raises(FileRefused):
        Shop.open(foreign)
    assert foreign.read_bytes() == b"Dear Sir, " * 500
    path = shop.path
    with shop.quiet() as db:
        db["_sqlite_migrations"].insert({"migration_set": "orders", "name": "9999_later", "applied_at": "x"})
    shop.close()
    before = path.read_bytes()
    with pytest.raises(NewerFile):
        Shop.open(path)
    assert path.read_bytes() == before


def test_check_finds_a_wrong_figure_and_a_lost_search_entry(shop: Shop):
    sku = add_product(shop)
    with shop.change("Count", "stock") as db:
        db["stock_moves"].insert({"sku_id": sku, "at": clock.text(), "kind": "level", "level": 3})
    assert list(check.faults(shop.path)) == []
    with shop.quiet() as db:
        db.execute("UPDATE skus SET on_hand = 99")
        db.execute("DELETE FROM search_skus WHERE rowid = ?", (sku,))
    said = [str(fault) for fault in check.faults(shop.path)]
    assert len(said) == 2
    assert "on_hand" in said[0]
    assert "skus" in said[1]


def test_backups_are_verified_flat_and_only_made_when_something_changed(shop: Shop):
    add_product(shop)
    assert backup.due(shop)
    made = backup.make(shop, why="test")
    assert made.name == "muhe-20261124-145000.shop"
    with shop.quiet() as db:
        db["remembered"].insert({"key": "widths", "value": "[1]"})
    assert not backup.due(shop)
    again = backup.make(shop, why="test")
    assert again.name == "muhe-20261124-145000-2.shop"
    where = backup.folder(shop.path)
    assert sorted(p.name for p in where.iterdir()) == sorted([made.name, again.name, "manifest.jsonl"])
    copy = Shop.open(where / again.name, write=False)
    assert content(copy) == content(shop)
    copy.close()


def test_a_sick_copy_is_no_backup(shop: Shop):
    add_product(shop)
    with shop.quiet() as db:
        db.execute("UPDATE skus SET held = 5")
    with pytest.raises(ShopError):
        backup.make(shop, why="test")
    assert backup.listed(shop.path) == []
    assert list(backup.folder(shop.path).iterdir()) == []


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "level", "move", "rename", "drop"]), st.integers(0, 4), st.integers(-5, 9)),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(ACTS)
def test_undo_all_is_the_start_and_redo_all_the_end(acts: list[tuple[str, int, int]]):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.create(Path(folder) / "a.shop", name="A")
        states = [content(shop)]
        for number, (act, which, amount) in enumerate(acts):
            _do(shop, act, which, amount, number)
            states.append(content(shop))
        steps = [state for at, state in enumerate(states[1:]) if state != states[at]]
        back = [states[0], *steps]
        for expected in reversed(back[:-1]):
            assert shop.undo() is not None
            assert content(shop) == expected
        assert shop.undo() is None
        for expected in steps:
            assert shop.redo() is not None
            assert content(shop) == expected
        assert list(check.faults(shop.path)) == []
        shop.close()


def _do(shop: Shop, act: str, which: int, amount: int, number: int) -> None:
    skus = [row[0] for row in shop.reader().execute("SELECT id FROM skus")]
    if act == "add" or not skus:
        add_product(shop, f"P{number}")
        return
    sku = skus[which % len(skus)]
    with shop.change(act, "stock") as db:
        if act == "level":
            db["stock_moves"].insert(
                {"sku_id": sku, "at": f"2026-11-{10 + which:02d} 10:00:00", "kind": "level", "level": amount}
            )
        elif act == "move":
            db["stock_moves"].insert({"sku_id": sku, "at": clock.text(), "kind": "receive", "qty": amount})
        elif act == "rename":
            db.execute("UPDATE skus SET name = ? WHERE id = ?", (f"n{amount}", sku))
            db.execute("UPDATE skus SET shelf = ? WHERE id = ?", (f"s{amount}", sku))
        else:
            db.execute("DELETE FROM stock_moves WHERE sku_id = ?", (sku,))
            db.execute("DELETE FROM skus WHERE id = ?", (sku,))


def test_an_older_file_is_copied_and_then_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = schema.features()
    older = tuple(replace(f, migrations=f.migrations[:1], kept=()) if f.name == "orders" else f for f in now)
    with monkeypatch.context() as past:
        for module in ("shop", "identity", "kept"):
            past.setattr(f"shopdesk.core.{module}.features", lambda: older)
        old = Shop.create(tmp_path / "old.shop", name="Old")
        add_product(old)
        old.close()
    opened = Shop.open(tmp_path / "old.shop")
    assert opened.reader().execute("SELECT name FROM v_stock").fetchone()[0] == "Gaiwan"
    assert [made.why for made in backup.listed(opened.path)] == ["upgrade"]
    assert opened.undo().label == "Added Gaiwan"
    opened.close()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    Shop.create(tmp_path / "a.shop", name="A").close()
    before = (tmp_path / "a.shop").read_bytes()
    broken = schema.Feature(
        name="broken",
        migrations=(
            (
                "0001",
                "CREATE TABLE good (id INTEGER); CREATE TABLE bad (",
            ),
        ),
    )
    for module in ("shop", "identity"):
        monkeypatch.setattr(f"shopdesk.core.{module}.features", lambda: (*schema.features(), broken))
    with pytest.raises(sqlite.OperationalError):
        Shop.open(tmp_path / "a.shop")
    monkeypatch.undo()
    assert (tmp_path / "a.shop").read_bytes() == before
    again = Shop.open(tmp_path / "a.shop")
    assert not again.reader().execute("SELECT 1 FROM sqlite_schema WHERE name = 'good'").fetchone()
    again.close()
