"""What the owner is told of a damaged file: the same facts as in the looking, in her words."""

from dataclasses import dataclass
from pathlib import Path

from shopdesk.core import clock, dates
from shopdesk.core.aside import name_for
from shopdesk.core.diagnosis import HEAD, KEPT, LIST, SHORT, SUMS, Diagnosis, Part
from shopdesk.core.manifest import Backup
from shopdesk.core.salvage import Salvaged
from shopdesk.core.words import N_, sentences, tr, trn

BOOKS = ("orders", "inventory", "customers")
_NOTHING = (HEAD, LIST)
"""Of what is damaged like that nothing can be read."""
_BYTES_A_SECOND = 600_000
"""Of a shop file, brought into a new one: measured, and rather too slow than too fast."""

_ROWS_LOST = {
    "orders": N_("Orders: {n} rows cannot be read"),
    "inventory": N_("Stock: {n} rows cannot be read"),
    "customers": N_("Customers: {n} rows cannot be read"),
    "reviews": N_("Reviews: {n} cannot be read"),
    "board": N_("Tasks and routines: {n} rows cannot be read"),
    "core": N_("Settings and imports: {n} rows cannot be read"),
    KEPT: N_("Pictures, original files: {n} cannot be read"),
}
_ROWS_LOST_BETWEEN = {
    "orders": N_("Orders: {n} rows of {days} cannot be read"),
    "inventory": N_("Stock: {n} rows of {days} cannot be read"),
    "customers": N_("Customers: {n} rows of {days} cannot be read"),
    "reviews": N_("Reviews: {n} of {days} cannot be read"),
    "board": N_("Tasks and routines: {n} rows of {days} cannot be read"),
    "core": N_("Settings and imports: {n} rows of {days} cannot be read"),
    KEPT: N_("Pictures, original files: {n} cannot be read"),
}
_OTHER = N_("Other records: {n} rows cannot be read")
_UNTOLD = {
    "orders": N_("Orders: how many rows are missing is not known"),
    "inventory": N_("Stock: how many rows are missing is not known"),
    "customers": N_("Customers: how many rows are missing is not known"),
    "reviews": N_("Reviews: how many are missing is not known"),
    "board": N_("Tasks and routines: how many rows are missing is not known"),
    "core": N_("Settings and imports: how many rows are missing is not known"),
    KEPT: N_("Pictures, original files: how many are missing is not known"),
}
_OTHER_UNTOLD = N_("Other records: how many rows are missing is not known")
_WHOLE = {
    "orders": N_("Orders"),
    "inventory": N_("Stock"),
    "customers": N_("Customers"),
    "reviews": N_("Reviews"),
    KEPT: N_("Pictures, original files"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: what, how much of it, and whether that is well (None: nobody knows yet)."""

    text: str
    told: str
    well: bool | None


def heading(known: Diagnosis, name: str) -> str:
    """What is wrong, in one sentence."""
    if known.trouble == HEAD and not known.size:
        return tr("“{name}” is empty", name=name)
    if known.trouble == HEAD:
        return tr("The beginning of “{name}” cannot be read", name=name)
    if known.trouble == LIST:
        return tr("The list of what is in “{name}” cannot be read", name=name)
    if known.trouble == SHORT:
        return tr("“{name}” ends too early: {share} of it is missing", name=name, share=f"{_missing(known)}%")
    if known.trouble == SUMS:
        return tr("“{name}” can be read, but its figures do not agree", name=name)
    if not known.places or not known.counted:
        return tr("Not everything in “{name}” can be read", name=name)
    return trn("“{name}” cannot be read in {n} place", "“{name}” cannot be read in {n} places", known.places, name=name)


def _missing(known: Diagnosis) -> int:
    return max(1, round(100 * (known.wanted - known.size) / known.wanted)) if known.wanted else 0


def explained(known: Diagnosis, *, working: bool) -> str:
    """How it was found, and what that usually comes from."""
    found = tr("Found while you were working; nothing is written any more.")
    if not working:
        found = tr("Found by the check at opening.")
    found = sentences(found, tr("The file was not changed; do not copy or move it for now."))
    if known.finished and known.openable and known.trouble != SUMS and not _lacks(known) and known.places:
        return sentences(found, tr("Nothing that you entered is lost: only what helps to find it is damaged."))
    return sentences(found, tr("Usual causes: a bad spot on the disk, or a synced folder that passed on only a half."))


def _lacks(known: Diagnosis | Part | Salvaged) -> bool:
    """Whether something cannot be read, or may not."""
    return bool(known.lost) or known.untold


def lines(known: Diagnosis, backup: Backup | None) -> list[Line]:
    """The parts of the shop: what is well together on one line, what is not on one of its own."""
    parts = {part.name: part for part in known.parts}
    if not parts:
        return [Line(tr("Orders, stock, customers, money"), _looking(known), None if not known.finished else False)]
    books = [parts[name] for name in BOOKS if name in parts]
    found: list[Line] = []
    if not any(map(_lacks, books)):
        found.append(_books(known, books))
        books = []
    rest = [part for part in known.parts if part.name not in BOOKS]
    for part in (*books, *rest):
        if _lacks(part):
            found.append(_lost(part, backup))
        elif part.name in _WHOLE and (part.rows or not part.looked):
            found.append(_whole(known, part))
    return found


def _looking(known: Diagnosis) -> str:
    return tr("nothing can be read") if known.finished else tr("still looking…")


def _books(known: Diagnosis, books: list[Part]) -> Line:
    orders = next((part.rows for part in books if part.name == "orders"), 0)
    title = tr("Orders, stock, customers, money")
    if not all(part.looked for part in books):
        return Line(title, trn("{count} order so far…", "{count} orders so far…", orders, count=f"{orders:,}"), None)
    if known.sums is None:
        told = trn("{count} order", "{count} orders", orders, count=f"{orders:,}")
        return Line(title, told if known.finished else tr("{orders}, adding up…", orders=told), True)
    if known.sums:
        return Line(
            title, trn("{count} order, sums agree", "{count} orders, sums agree", orders, count=f"{orders:,}"), True
        )
    return Line(
        title,
        trn("{count} order, sums do not agree", "{count} orders, sums do not agree", orders, count=f"{orders:,}"),
        False,
    )


def _whole(known: Diagnosis, part: Part) -> Line:
    title = tr(_WHOLE[part.name])
    if not part.looked:
        return Line(title, _looking(known), None)
    if part.name == KEPT:
        return Line(title, trn("{count}, unchanged", "{count}, all unchanged", part.rows, count=f"{part.rows:,}"), True)
    return Line(title, trn("{count}, readable", "{count}, all readable", part.rows, count=f"{part.rows:,}"), True)


def _lost(part: Part, backup: Backup | None) -> Line:
    said = _ROWS_LOST.get(part.name, _OTHER)
    if part.untold:
        said = _UNTOLD.get(part.name, _OTHER_UNTOLD)
    elif part.first:
        said = _ROWS_LOST_BETWEEN.get(part.name, said)
    text = tr(said, n=f"{part.lost:,}", days=_days(part.first, part.last))
    if backup is None:
        return Line(text, tr("there is no backup"), False)
    if not part.held:
        return Line(text, tr("none of them in the backup"), False)
    if part.untold:
        return Line(text, tr("{count} in the backup", count=f"{part.held:,}"), False)
    return Line(text, tr("{n} of them in the backup", n=f"{part.held:,}"), False)


def _days(first: str, last: str) -> str:
    """From day to day, with the years unless both are of this one."""
    years = not first[:4] == last[:4] == f"{clock.today():%Y}"
    begun, ended = dates.show_day(first, year=years), dates.show_day(last, year=years)
    return begun if begun == ended else tr("{first} to {last}", first=begun, last=ended)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the ways out: its name, what it means here, the word on the button, and whether it can be taken."""

    name: str
    title: str
    sub: str
    button: str
    possible: bool


def choices(known: Diagnosis, backup: Backup | None) -> list[Choice]:
    """The three ways out, from gentle to strong."""
    when = dates.show_time(backup.at, inside=True) if backup is not None else ""
    return [
        Choice(
            "repair",
            tr("Repair into a new file, fill the gaps from the backup") if backup else tr("Repair into a new file"),
            _repairing(known, backup, when),
            tr("Repair"),
            known.trouble not in _NOTHING,
        ),
        Choice(
            "put_back",
            tr("Put the backup of {when} back", when=when) if backup else tr("Put a backup back"),
            _putting_back(known, backup, when),
            tr("Put back") if backup else tr("Choose a backup…"),
            True,
        ),
        Choice(
            "look",
            tr("Open for reading only"),
            _looking_at(known),
            tr("Open"),
            known.openable,
        ),
    ]


def _looking_at(known: Diagnosis) -> str:
    if known.openable:
        return tr("Look, export and print; nothing can be changed")
    if any(part.rows for part in known.parts):
        return tr("Not as it is: repair it first, then everything that is left can be looked at")
    if not known.finished and known.trouble not in _NOTHING:
        return tr("Not known yet, still looking…")
    return tr("Too little can be read")


def _repairing(known: Diagnosis, backup: Backup | None, when: str) -> str:
    if known.trouble in _NOTHING:
        return tr("Nothing of the file can be read; only a backup helps.")
    if known.lost:
        said = _filling(known, backup, when)
    elif known.untold or not known.finished:
        said = tr("Everything that can be read goes into the new file.")
    else:
        said = tr("Everything comes over; sums and search are made anew.")
    if known.untold:
        said = sentences(said, tr("How much more is missing is not known."))
    seconds = known.size / _BYTES_A_SECOND
    if seconds < 20:
        return sentences(said, tr("That takes a few seconds."))
    minutes = round(seconds / 60) or 1
    return sentences(said, trn("That takes about {n} minute.", "That takes about {n} minutes.", minutes))


def _filling(known: Diagnosis, backup: Backup | None, when: str) -> str:
    left = known.lost - known.held
    if backup is None or not known.held:
        one, many = (
            N_("{count} row and what belongs to it must be imported or entered again."),
            N_("{count} rows and what belongs to them must be imported or entered again."),
        )
        return trn(one, many, left, count=f"{left:,}")
    if not left:
        one, many = (
            N_("{count} row comes from the backup of {when}."),
            N_("{count} rows come from the backup of {when}."),
        )
        return trn(one, many, known.held, when=when, count=f"{known.held:,}")
    return tr(
        "{held} rows come from the backup of {when};"
        " {left} and what belongs to them must be imported or entered again.",
        held=f"{known.held:,}", left=f"{left:,}", when=when,
    )  # fmt: skip


def _putting_back(known: Diagnosis, backup: Backup | None, when: str) -> str:
    if backup is None:
        return tr("There is none beside it that is well: choose one from a stick or another place")
    if known.changes is None:
        return tr("What was changed after {when} will be missing", when=when)
    since = max(0, known.changes - backup.changes)
    if not since:
        return tr("Nothing was changed after {when}", when=when)
    one, many = N_("{count} change after {when} will be missing"), N_("{count} changes after {when} will be missing")
    return trn(one, many, since, when=when, count=f"{since:,}")


def kept_as(path: Path) -> str:
    """That the broken file is never lost."""
    return tr("Whatever you choose, the broken file is kept as “{name}”.", name=name_for(path).name)


def repaired(kept: Path, counts: list[Salvaged]) -> str:
    """What became of the rows."""
    rows, filled, lost = (sum(getattr(one, name) for one in counts) for name in ("rows", "filled", "lost"))
    said = tr("Repaired: {rows} rows brought over.", rows=f"{rows:,}")
    if filled:
        said = sentences(
            said, trn("{count} came from the backup.", "{count} came from the backup.", filled, count=f"{filled:,}")
        )
    if lost:
        one = N_("{count} must be imported or entered again.")
        again = trn(one, one, lost, count=f"{lost:,}")
        said = sentences(said, again)
    if any(one.untold for one in counts):
        said = sentences(said, tr("How much more is missing is not known."))
    return sentences(said, tr("The broken file is kept as “{name}”.", name=kept.name))
