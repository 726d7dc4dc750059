"""Backup files as the window opens them; loaded when one is wanted, in the background."""

from __future__ import annotations

from pathlib import Path

from shopdesk.core import dates, identity, manifest, restore, shelf
from shopdesk.core.errors import FileRefused, ShopError
from shopdesk.core.keys import Key, NeedsPassword
from shopdesk.core.shelf import Copy
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_
from shopdesk.ui.opening import strange


def open_backup(shop: Shop, copy: Copy) -> Shop:
    """A backup of a shop, for reading; taken for hostile. Raises FileRefused, DiskTrouble."""
    if not shelf.is_as_noted(copy):
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


def newest_sound(path: Path, key: Key | None) -> tuple[Shop, str] | None:
    """The newest backup of a shop file that can be shown, for reading, and when it was made, in words.

    Each is taken for hostile: the folder may be shared. Raises NeedsPassword.
    """
    for made in reversed(manifest.listed(path)):
        copy = manifest.folder(path) / made.name
        try:
            Shop.open(copy, key=key, write=False, familiar=False).close()
            shop = Shop.open(restore.to_look_at(path, copy, key), key=key, write=False, familiar=False)
        except NeedsPassword:
            raise
        except ShopError:
            continue
        if strange(shop) is None:
            return shop, dates.show_time(made.at)
        shop.close()
    return None
