"""The recovery sheet: the key of a protected shop on paper, and what to do with it."""

from shopdesk.core import clock, keys
from shopdesk.core.keys import Key
from shopdesk.core.words import tr
from shopdesk.ui.sheet import Sheet

_PER_LINE = 4


def recovery_sheet(shop: str, file: str, key: Key) -> Sheet:
    """The sheet for a shop of this name in a file of that name."""
    return Sheet(
        "recovery.html",
        tr("Recovery sheet"),
        data={"shop": shop, "file": file, "day": clock.text()[:10], "lines": code_lines(key)},
        size="A5",
    )


def code_lines(key: Key) -> list[list[str]]:
    """The recovery code in groups, four on a line."""
    groups = keys.recovery_code(key).split("-")
    return [groups[at : at + _PER_LINE] for at in range(0, len(groups), _PER_LINE)]
