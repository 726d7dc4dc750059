"""Backup files as the window opens them; loaded when one is wanted, in the background."""

from __future__ import annotations

from shopdesk.core import identity, restore, shelf
from shopdesk.core.errors import FileRefused
from shopdesk.core.shelf import Copy
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_


def open_backup(shop: Shop, copy: Copy) -> Shop:
    """A backup of a shop, for reading; taken for hostile. Raises FileRefused, DiskTrouble."""
    if not shelf.is_as_noted(copy, shop):
        raise FileRefused(shelf.CHANGED, fix=N_("Choose another backup."))
    Shop.open(copy.path, key=shop.key, write=False, familiar=False).close()
    file = restore.to_look_at(shop.path, copy.path, shop.key)
    then = Shop.open(file, key=shop.key, write=False, familiar=False)
    older = identity.lacks_migrations(then.reader())
    then.forget_reader()
    if older:
        then.close()
        raise FileRefused(N_("This backup is of an older ShopDesk: it can be put back whole, but not looked into."))
    return then
