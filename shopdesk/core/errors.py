"""What can go wrong, said as a sentence in the owner's language."""

from __future__ import annotations

from shopdesk.core.words import N_, sentences, tr


class ShopError(Exception):
    """Something the owner can understand and act on.

    `message` and `fix` are English templates marked with N_(); they are translated and filled with
    `args` only when shown, so that a change of language changes them too. `field` names the form
    field that the error belongs to.
    """

    def __init__(self, message: str, *, fix: str = "", field: str = "", **args: object) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.field = field
        self.values = args

    def __str__(self) -> str:
        said = tr(self.message, **self.values)
        return sentences(said, tr(self.fix, **self.values)) if self.fix else said

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.fix, self.field, self.values)


def _rebuild(kind: type[ShopError], message: str, fix: str, field: str, values: dict[str, object]) -> ShopError:
    error = kind.__new__(kind)
    ShopError.__init__(error, message, fix=fix, field=field, **values)
    return error


class FileRefused(ShopError):
    """A file that cannot be used as what it was given for."""


class NewerFile(FileRefused):
    """A shop file written by a newer version; it is left untouched."""


class HeldElsewhere(ShopError):
    """The shop file is open in another window or on another machine."""


class DiskTrouble(ShopError):
    """The disk is full, gone, read-only or failing; the shop is as it was before the act."""


class NotWritable(DiskTrouble):
    """The file, its folder or its disk can only be read; the shop can still be looked at."""


class Damaged(DiskTrouble):
    """The shop file cannot be read as what it should be any more, or its figures contradict each other."""


class Busy(ShopError):
    """Another long act (an import, an undo) is being written at this moment."""

    def __init__(self) -> None:
        super().__init__(
            N_("Something longer is being written just now."),
            fix=N_("Nothing was changed. Try again when it has finished."),
        )
