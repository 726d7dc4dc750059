"""What a drawer can show of a record: plain descriptions, made by a page, painted by the kit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

Target = tuple[str, object]
"""A page's name and what to open there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The drawer's first line: a title and a tag (`tone` as for tags)."""

    title: str
    tag: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due: icon, title, a quieter line, and the key of the action that answers it."""

    icon: str
    title: str
    sub: str = ""
    action: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person wrote that must be read before acting."""

    title: str
    text: str = ""
    icon: str = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of goods: title, quieter text, quantity, amount; `link` opens the thing."""

    title: str
    sub: str = ""
    quantity: str = ""
    amount: str = ""
    thumb: str | None = None
    link: Target | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of goods under a small heading, a fact at its right."""

    title: str
    fact: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; `link` makes the value clickable."""

    label: str
    value: str
    strong: bool = False
    tone: str = ""
    link: Target | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one under the other; in `columns` they stand side by side, the label above."""

    facts: list[Fact]
    title: str = ""
    columns: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person behind the record."""

    title: str
    name: str
    sub: str = ""
    tag: str = ""
    tone: str = "accent"
    link: Target | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of data, shown as it is."""

    text: str
    title: str = ""
    reading: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A line that leads somewhere, or does something."""

    label: str
    target: Target | None = None
    run: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """Actions of the page as small buttons, by key."""

    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment of a timeline made by the page itself."""

    text: str
    at: str
    sub: str = ""
    icon: str = ""
    link: Target | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, newest first: the joined timeline views of a kind, or `entries` of the page.

    `chips` adds a chip per feature; `title` is "What happened" unless given. With `delete` each line that is the
    owner's own and stands nowhere else can be taken off: it gets the line's id.
    """

    kind: str = ""
    record_id: int = 0
    title: str = ""
    entries: tuple[Entry, ...] = ()
    chips: bool = False
    delete: Callable[[int], object] | None = None


@dataclass(frozen=True, slots=True)
class Custom:
    """A widget of the page's own; the drawer takes it over."""

    widget: QWidget


Part = Heading | Deadline | Note | Lines | Facts | Person | Text | Link | Buttons | Timeline | Custom


class Record:
    """What the drawer shows, from top to bottom; `history` names the row whose changes are listed.

    Without `steps` there is no previous and no next. `foot` stays in sight under it, also while it is scrolled.
    """

    def __init__(
        self,
        *parts: Part,
        history: tuple[str, int] | None = None,
        wide: bool = False,
        steps: bool = True,
        foot: QWidget | None = None,
    ) -> None:
        self.parts = parts
        self.history = history
        self.wide = wide
        self.steps = steps
        self.foot = foot
