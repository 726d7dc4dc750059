"""What the palette of a window offers: actions of every page, the window's commands, tabs, records."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shopdesk.core.words import N_, tr
from shopdesk.features import FEATURES, found
from shopdesk.ui.actions import ONLY_READING, Place
from shopdesk.ui.page import TablePage
from shopdesk.ui.palette import Finder
from shopdesk.ui.palette_rows import Entry

if TYPE_CHECKING:
    from shopdesk.ui.pages import Pages
    from shopdesk.ui.window import Window

FOUND = 6


class PaletteSource:
    """Makes the entries anew each time the palette opens."""

    def __init__(self, window: "Window") -> None:
        self._window = window

    def entries(self) -> list[Entry]:
        """Of this page first, then undo, the window, the other pages, and the tabs."""
        pages = self._window.pages
        if pages is None:
            return []
        found_entries = self._of_page(pages, pages.current) + self._undo() + self._of_window()
        for name, _page in pages.made():
            if name != pages.current:
                found_entries += self._of_page(pages, name)
        return found_entries + self._tabs() + self._views(pages)

    def finders(self) -> list[Finder]:
        """How records are found by # @ /."""
        return [
            Finder(known.prefix, tr(known.word), self._asker(known.name)) for known in FEATURES.values() if known.prefix
        ]

    def _of_page(self, pages: "Pages", name: str) -> list[Entry]:
        page = pages.page(name)
        here = name == pages.current
        title = tr(page.title)
        return [
            Entry(
                tr("Commands") if here else title,
                tr(action.title),
                self._doer(name, action.key),
                action.icon,
                "" if here else title,
                action.shortcut,
            )
            for action in page.action_table.all()
            if action.place is not Place.DRAWER
        ]

    def _of_window(self) -> list[Entry]:
        commands = self._window.commands
        return [
            Entry(
                tr("Commands"),
                tr(command.title),
                self._trigger(command.key),
                command.icon,
                keys=command.shortcuts[0] if command.shortcuts else "",
            )
            for command in commands.table
            if not command.key.startswith(("tab.", "undo", "redo", "palette"))
        ]

    def _undo(self) -> list[Entry]:
        window = self._window
        if window.desk is None or window.desk.read_only:
            return []
        entries = [Entry(tr("Commands"), tr("Redo"), window.undoing.redo, "redo", keys="Ctrl+Y")]
        label, _, when = window.status.last.rpartition(" · ")
        if label:
            title = tr("Undo “{what}”", what=label)
            entries.insert(0, Entry(tr("Commands"), title, window.undoing.undo, "undo", when, "Ctrl+Z"))
        return entries

    def _tabs(self) -> list[Entry]:
        return [
            Entry(tr("Go to"), tr(known.title), self._opener(known.name), known.icon, keys=f"Ctrl+{number}")
            for number, known in enumerate(FEATURES.values(), start=1)
        ]

    def _views(self, pages: "Pages") -> list[Entry]:
        """The saved views of every page made so far: Orders › Late."""
        entries = []
        for name, page in pages.made():
            if isinstance(page, TablePage):
                entries += [
                    Entry(
                        tr("Go to"),
                        f"{tr(page.title)} › {view.label()}",
                        self._opener(name, view.key),
                        FEATURES[name].icon,
                    )
                    for view in page.book.all()
                ]
        return entries

    def _asker(self, name: str) -> Callable[[str, Callable[[Sequence[Entry]], None]], None]:
        known = FEATURES[name]

        def ask(text: str, answer: Callable[[Sequence[Entry]], None]) -> None:
            def show(rows: list[tuple[int, str, str]]) -> None:
                group = tr(known.title)
                answer([Entry(group, title, self._opener(name, key), known.icon, sub) for key, title, sub in rows])

            if self._window.desk is not None:
                worker = self._window.desk.worker
                worker.submit(lambda con: found(name, con, text, FOUND), show, key=f"palette.{name}")

        return ask

    def _opener(self, name: str, what: object = None) -> Callable[[], None]:
        return lambda: self._window.open_page(name, what)

    def _trigger(self, key: str) -> Callable[[], None]:
        return lambda: self._window.commands.trigger(key)

    def _doer(self, name: str, key: str) -> Callable[[], None]:
        def run() -> None:
            window = self._window
            if window.pages is None or window.desk is None:
                return
            window.open_page(name)
            actions = window.pages.page(name).action_table
            if not actions.trigger(key):
                window.desk.messages.info(tr(ONLY_READING if actions.is_locked(key) else N_("Select the rows first.")))

        return run
