"""A backup beside the present shop: what differs, what a restore would lose, and when nobody can tell."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shopdesk.core import backup, clock, rescue, settings, since
from shopdesk.core.restore import restore
from shopdesk.core.shop import Shop, opened
from shopdesk.orders import verbs as orders
from tests.conftest import NOW
from tests.core.test_shop import add_product
from tests.walk import Walk


@pytest.fixture
def walk(shop: Shop, channel: int, tmp_path: Path) -> Walk:
    """A shop with an import in it."""
    made = Walk(shop, 1, tmp_path)
    made.bring_in()
    return made


def saved(shop: Shop) -> Path:
    return backup.folder(shop.path) / backup.make(shop, why="test").name


def beside(copy: Path, shop: Shop) -> since.Since:
    with opened(copy, write=False) as then:
        return since.compare(then.reader(), shop.reader())


def test_figures_settings_and_steps_since(walk: Walk):
    shop = walk.shop
    copy = saved(shop)
    waiting = [row[0] for row in shop.reader().execute("SELECT id FROM orders WHERE status = 'to_ship'")]
    walk.bring_in()
    orders.ship_orders(shop, ids=waiting, courier="SF", tracking="1")
    orders.add_note(shop, order_id=waiting[0], note="hm")
    with shop.change("Setting", "settings") as db:
        settings.put(db, "cutoff", "15:00")
    found = beside(copy, shop)
    then, now = found.figures["orders"]
    assert now > then > 0
    assert found.figures["to_ship"][0] == len(waiting)
    assert found.settings == ("cutoff",)
    assert found.lost is not None
    assert found.lost.steps[0].label == "Setting"
    assert len(found.lost.imports) == 1
    assert found.lost.shipped == len(waiting)
    assert found.lost.by_hand == 2
    assert found.lost.undone == 0


def test_what_was_taken_back_since_counts_and_is_no_step_of_since(walk: Walk):
    add_product(walk.shop, "Gaiwan")
    copy = saved(walk.shop)
    walk.shop.undo()
    found = beside(copy, walk.shop).lost
    assert found is not None
    assert (found.steps, found.undone) == ((), 1)


def test_nothing_changed(walk: Walk):
    found = beside(saved(walk.shop), walk.shop)
    assert all(then == now for then, now in found.figures.values())
    assert (found.settings, found.lost) == ((), since.Lost((), (), 0, 0, 0))


def test_after_a_repair_the_older_backups_are_of_before_it(walk: Walk):
    shop = walk.shop
    first = saved(shop)
    with clock.at(NOW + timedelta(minutes=5)):
        add_product(shop, "Gaiwan")
        saved(shop)
    shop.close()
    with clock.at(NOW + timedelta(minutes=9)):
        rescue.repair(shop.path)
    with opened(shop.path) as again, clock.at(NOW + timedelta(minutes=15)):
        found = beside(first, again)
        assert (found.lost, found.repaired) == (None, True)
        orders.add_note(again, order_id=1, note="after it")
        later = saved(again)
        orders.add_note(again, order_id=1, note="later")
        found = beside(later, again)
        assert found.lost is not None
        assert (len(found.lost.steps), found.repaired) == (1, False)
    with clock.at(NOW + timedelta(minutes=20)):
        restore(shop.path, first)
    with opened(shop.path) as back:
        assert not beside(later, back).repaired


def test_the_journal_cannot_tell_of_another_line_of_time(walk: Walk):
    """After a restore the backups of the way that was left are beside it, not before it."""
    shop = walk.shop
    first = saved(shop)
    with clock.at(NOW + timedelta(minutes=5)):
        add_product(shop, "Gaiwan")
        second = saved(shop)
    shop.close()
    with clock.at(NOW + timedelta(minutes=10)):
        restore(shop.path, first)
    with opened(shop.path) as again, clock.at(NOW + timedelta(minutes=15)):
        orders.add_note(again, order_id=1, note="another way")
        with again.change("Later") as db:  # steps are told apart by their moment, which may be the same second
            db.execute("UPDATE journal_steps SET at = '2030-01-01T00:00:00Z' WHERE id = ?", (again.step - 1,))
            db.execute("UPDATE orders SET buyer_note = 'x' WHERE id = 1")
        assert beside(first, again).lost is not None
        assert beside(second, again).lost is None
        known = backup.listed(again.path)
        other = since.of_another_line(again.reader(), known)
        assert other == {made.name for made in known if made.at > clock.text(NOW)}
        assert len(other) == 2
        third = backup.make(again, why="test")
        assert third.name not in since.of_another_line(again.reader(), backup.listed(again.path))
