"""A strip above the pages of a shop whose file lies where other machines get at it, too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shopdesk.core.places import place
from shopdesk.core.words import tr
from shopdesk.ui.pages import SETTINGS_PAGE

if TYPE_CHECKING:
    from shopdesk.ui.window import Window


def warn(window: Window) -> None:
    """Say it where nothing else has to be said of the shop; a backup that is looked at is no shop to move."""
    desk = window.desk
    if desk is None or desk.past is not None or window.banner:
        return
    found = place(desk.shop.path)
    if found is not None:
        settings = partial(window.open_page, SETTINGS_PAGE, "backups")
        window.show_banner(found.warning(desk.shop.path), tr("Second folder"), settings)
