"""Why a backup was made, in the owner's words."""

from __future__ import annotations

from shopdesk.core.manifest import Backup
from shopdesk.core.words import N_, tr

START, TIMER, IMPORT, BULK, UPGRADE, RESTORE = "start", "timer", "import", "bulk", "upgrade", "restore"
EXIT, ASKED, FOUND, GONE, PASSWORD, ERASE = "exit", "asked", "found", "gone", "password", "erase"

_WORDS = {
    START: N_("On opening"),
    TIMER: N_("While working"),
    IMPORT: N_("Before an import"),
    BULK: N_("Before an act on many records"),
    UPGRADE: N_("Before an upgrade"),
    RESTORE: N_("Before a restore"),
    EXIT: N_("On closing"),
    ASKED: N_("Made by hand"),
    FOUND: N_("Found in the folder"),
    GONE: N_("There was none any more"),
    PASSWORD: N_("With the password"),
    ERASE: N_("Erasing of a person"),
}
"""What is kept in the list of backups -> words; RESTORE and the like are the values of `Backup.why`."""


def words(backup: Backup) -> str:
    """Why it was made. What the list tells beyond a known word may come from a stranger: it is text, no template."""
    if backup.why == TIMER and backup.n > 0:
        return tr("After {n} minutes of changes", n=backup.n)
    if backup.why == IMPORT and backup.about and backup.n > 1:
        return tr("Before the import of {n} files, “{name}” among them", n=backup.n, name=backup.about)
    if backup.why == IMPORT and backup.about:
        return tr("Before the import of “{name}”", name=backup.about)
    if backup.why == BULK and backup.about:
        what = tr(backup.about).replace("{n}", str(backup.n))
        if "{" not in what:
            return tr("Before “{what}”", what=what)
    return tr(_WORDS.get(backup.why, N_("Backup")))
