"""THE REGISTRY: the tabs of the window, in tab order. A new tab is one folder and one line here.

The rest goes by convention: ``shopdesk.<name>.page.PAGE`` is the page, and the feature's store may offer
``waiting(con) -> (work waiting, of it overdue)`` for the count in the rail and
``found(con, ids) -> [(id, title, sub)]`` for the palette.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shopdesk.core import search
from shopdesk.core.words import N_


@dataclass(frozen=True, slots=True)
class Feature:
    """A tab: its folder, title (English source), icon, group in the rail, and how the palette finds records.

    ``prefix`` is the sign typed in the palette, ``kind`` the search kind of its records, ``word`` their name.
    """

    name: str
    title: str
    icon: str
    group: int
    prefix: str = ""
    kind: str = ""
    word: str = ""


_TABS = (
    Feature("board", N_("Today"), "today", 0),
    Feature("orders", N_("Orders"), "orders", 1, "#", "orders", N_("order")),
    Feature("inventory", N_("Inventory"), "inventory", 1, "/", "skus", N_("item")),
    Feature("customers", N_("Customers"), "customers", 1, "@", "customers", N_("customer")),
    Feature("reviews", N_("Reviews"), "reviews", 1),
    Feature("metrics", N_("Metrics"), "metrics", 2),
)
_SAYING_TODAY = ("orders", "reviews")
"""The features whose settings say what they mean today, by `<name>.store_settings.today(con)`."""

FEATURES: dict[str, Feature] = {tab.name: tab for tab in _TABS}


def page_class(name: str) -> Any:
    """The page of a feature (or of ``exchange``), loaded when it is first wanted."""
    return import_module(f"shopdesk.{name}.page").PAGE


def waiting(name: str, con: Any) -> tuple[int, int]:
    """How much work waits on a tab and how much of it is overdue; (0, 0) where nothing is counted."""
    count = getattr(import_module(f"shopdesk.{name}.store"), "waiting", None)
    return count(con) if count else (0, 0)


def settings_today(con: Any) -> dict[str, tuple[str, bool]]:
    """What settings mean today: key -> (a few words, whether it is bad), where that is one cheap question."""
    said: dict[str, tuple[str, bool]] = {}
    for name in _SAYING_TODAY:
        said |= import_module(f"shopdesk.{name}.store_settings").today(con)
    return said


def found(name: str, con: Any, text: str, limit: int) -> list[tuple[int, str, str]]:
    """Records of a feature that match ``text``, newest first: (id, title, second text)."""
    ids = search.find(con, FEATURES[name].kind, text, limit=limit)
    describe = import_module(f"shopdesk.{name}.store").found
    return list(describe(con, ids)) if ids else []
