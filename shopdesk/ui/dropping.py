"""Files dragged from elsewhere and dropped on the window."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from shopdesk.ui import late

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopdesk.ui.veil import DropVeil


class DropTarget:
    """Says over a window what a drop will do, and hands over the files."""

    def __init__(self, window: QWidget, take: "Callable[[list[Path]], None]") -> None:
        self._window = window
        self._take = take
        self._veil: DropVeil | None = None
        window.setAcceptDrops(True)

    def entered(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere."""
        files = dropped_files(event)
        if files:
            event.acceptProposedAction()
            if self._veil is None:
                self._veil = late.make_veil(self._window)
            self._veil.show_over(len(files), shop=any(file.suffix == ".shop" for file in files))

    def left(self) -> None:
        """They went elsewhere."""
        if self._veil is not None:
            self._veil.hide()

    def dropped(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self.left()
        event.acceptProposedAction()
        self._take(dropped_files(event))


def dropped_files(event: QDropEvent) -> list[Path]:
    """The files of this computer that a drop brings."""
    files = []
    for url in event.mimeData().urls():
        if url.isLocalFile():
            with suppress(OSError):
                file = Path(url.toLocalFile())
                if file.is_file():
                    files.append(file)
    return files
