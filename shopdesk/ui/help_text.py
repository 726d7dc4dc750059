"""The guide: a text per language, with the settings and keys filled in from what the program really has."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from shopdesk.core.paths import resource
from shopdesk.core.settings import SECTIONS, SETTINGS
from shopdesk.core.words import N_, language, tr

GENERAL_KEYS = (
    (N_("Search on this page"), "Ctrl+F"),
    (N_("Choose a row"), "↑ ↓"),
    (N_("Open the drawer"), "Enter"),
    (N_("Select rows"), "Space, Shift+↑ ↓, Ctrl+A"),
    (N_("Previous or next record"), "Alt+← →"),
    (N_("Edit the cell"), "F2"),
    (N_("Close the drawer, then clear the search"), "Esc"),
)
PROGRAM_SETTINGS = (
    (N_("Language"), N_("English or Simplified Chinese, at once.")),
    (N_("Theme"), N_("Light, dark, or as the system is.")),
    (N_("Row height"), N_("One setting for every table.")),
)


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one place: its name, and (what, key) for each."""

    title: str
    keys: tuple[tuple[str, str], ...]


def guide(groups: Iterable[KeyGroup]) -> str:
    """The guide in the language in use, as HTML."""
    text = (resource("help") / f"{language()}.html").read_text("utf-8")
    return text.replace("<!-- settings -->", _settings()).replace("<!-- keys -->", _keys(groups))


def _settings() -> str:
    rows = []
    for section, title in SECTIONS.items():
        rows.append(_heading(tr(title)))
        rows += [_row(tr(known.title), tr(known.help)) for known in SETTINGS if known.section == section]
    rows.append(_heading(tr("Language and look")))
    rows += [_row(tr(title), tr(text)) for title, text in PROGRAM_SETTINGS]
    return _table(rows)


def _keys(groups: Iterable[KeyGroup]) -> str:
    everywhere = KeyGroup(tr("In every list"), tuple((tr(title), key) for title, key in GENERAL_KEYS))
    rows = []
    for group in (*groups, everywhere):
        rows.append(_heading(group.title))
        rows += [_row(title, key) for title, key in group.keys]
    return _table(rows)


def _heading(text: str) -> str:
    return f'<tr><td colspan="2" class="h">{escape(text)}</td></tr>'


def _row(left: str, right: str) -> str:
    return f'<tr><td class="l">{escape(left)}</td><td>{escape(right)}</td></tr>'


def _table(rows: list[str]) -> str:
    return '<table cellspacing="0" cellpadding="0">' + "".join(rows) + "</table>"
