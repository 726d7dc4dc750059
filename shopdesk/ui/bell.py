"""The word from the shop to the window: something changed, whichever thread wrote it."""

from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    """Carries what a change announces to the main thread. Signal: ``rang(topics)``."""

    rang = Signal(object)

    def ring(self, topics: frozenset[str]) -> None:
        """Called by the shop after every act."""
        self.rang.emit(topics)
