"""Today's list worked out from the shop, and nothing written but the codes that its lines were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopdesk.board import asking, lines, model, own_rules, records, rules
from shopdesk.board.asking import Answer, RuleState
from shopdesk.board.model import ROUTINE, TASK, Board, Key, Line, Routine, Section
from shopdesk.board.records import Marks
from shopdesk.board.rules import Rule
from shopdesk.core import clock, dates, meta
from shopdesk.core.own import Left, Unusable
from shopdesk.core.sqlite import Connection, OperationalError
from shopdesk.core.words import N_, language, tr

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

MOST_LINES = 50
_LOOKED_AT = 200


def evaluate(con: Connection, now: datetime | None = None) -> Board:
    """The list of `now`'s day as the data stands; writes nothing. Lines without a code get the next ones."""
    at = now or clock.now()
    values = asking.parameters(con, at)
    board = Board(at.date(), at, datetime.fromisoformat(values["cutoff"]), datetime.fromisoformat(values["day_end"]))
    known = records.known_codes(con, at.date())
    work = _Work(con, values, board, known, records.marks(con, at.date()))
    for state in asking.rule_states(con):
        if state.enabled:
            work.take_rule(state)
    work.take_tasks()
    work.take_routines()
    return work.finished()


class _Work:
    """Puts a board together, line by line."""

    def __init__(
        self, con: Connection, values: dict[str, Any], board: Board, known: dict[Key, str], marked: Marks
    ) -> None:
        self._con = con
        self._values = values
        self._board = board
        self._known = known
        self._marks = marked
        self._lines: list[Line] = []
        self._shown: dict[str, int] = {}
        self._more: dict[str, list[model.More]] = {}
        self._out = self._leaving = 0
        self._troubles: list[str] = []
        self._left: list[Left] = list(own_rules.found().left)

    def take_rule(self, state: RuleState) -> None:
        """Ask a rule and take its lines."""
        rule = state.rule
        if rule.file:
            self._take_own(state)
            return
        most = _LOOKED_AT if rule.together else MOST_LINES
        with asking.in_time(self._con) as over:
            try:
                open_ = asking.ask(self._con, rule.open, self._values, most)
                done = asking.ask(self._con, rule.done, self._values, most)
            except OperationalError:
                if not over:
                    raise
                self._troubles.append(rule.name)
                return
        self._take(state, open_, done)

    def _take_own(self, state: RuleState) -> None:
        """The same for a rule of the owner's own; one that fails is left out with a sentence, and nothing else."""
        rule = state.rule
        most = asking.MOST_OWN_ROWS if rule.together else MOST_LINES
        try:
            open_ = asking.ask_own(self._con, rule, rule.open, self._values, most)
            done = asking.ask_own(self._con, rule, rule.done, self._values, most)
            self._take(state, open_, done)
        except Unusable as reason:
            self._left.append(Left(rule.file, reason))
        except (ValueError, TypeError, LookupError, ArithmeticError):
            unfit = Unusable(N_("its words and what its questions give do not fit together."))
            self._left.append(Left(rule.file, unfit))

    def _take(self, state: RuleState, open_: Answer, done: Answer) -> None:
        rule = state.rule
        if rule.together:
            made, more = list(lines.joint_line(state, open_, done, self._values, self._marks.ticks)), None
        else:
            made = list(lines.row_lines(state, open_, done, self._marks.ticks))
            more = lines.more(state, open_, done, self._values["now"])
        self._shown[rule.name] = rule.shown
        self._lines += made
        if rule.leaves:
            self._out += done.n
            self._leaving += open_.n + done.n
        if more is not None:
            self._more.setdefault(rule.section, []).append(more)

    def take_tasks(self) -> None:
        """The owner's own lines of today, and those of earlier days that are still open."""
        day = self._board.day.isoformat()
        rows = self._con.execute(
            "SELECT id, day, title, note, minutes, due, done_at FROM tasks INDEXED BY tasks_open"
            " WHERE deleted_at IS NULL AND (done_at IS NULL AND day <= :day OR done_at >= :day)"
            " AND (done_at IS NULL OR done_at < :after)",
            {"day": day, "after": self._values["tomorrow"]},
        )
        for row in rows:
            self._lines.append(self._task(row))

    def _task(self, row: Any) -> Line:
        due = f"{self._board.day.isoformat()} {row['due']}:00" if row["due"] else None
        done = row["done_at"] is not None
        carried = row["day"] < self._board.day.isoformat()
        return Line(
            rule=TASK,
            record=row["id"],
            section="A" if due and due <= self._values["cutoff"] else "B",
            title=row["title"],
            why=tr("carried over from {day}", day=dates.show_day(row["day"], weekday=True)) if carried else "",
            minutes=row["minutes"],
            due=due,
            done=done,
            by_hand=done,
            evidence=tr("{time} ticked by hand", time=row["done_at"][11:16]) if done else "",
            note=row["note"],
            icon="by_hand",
        )

    def take_routines(self) -> None:
        """The routines that fall on the day, or were put off to it."""
        day = self._board.day
        moved = {
            row["record"]
            for row in self._con.execute(
                "SELECT record FROM board_marks WHERE kind = 'snooze' AND value = ? AND rule = ?",
                (day.isoformat(), ROUTINE),
            )
        }
        for routine in records.routines(self._con):
            if routine.falls_on(day) or routine.id in moved:
                self._lines.append(self._routine(routine))

    def _routine(self, routine: Routine) -> Line:
        last = routine.last_before(self._board.day)
        skipped = last is not None and not records.ticked(self._con, last, routine.id)
        return Line(
            rule=ROUTINE,
            record=routine.id,
            section="C",
            title=routine.title,
            why=tr("skipped {day}", day=_day_word(last, self._board.day)) if last and skipped else "",
            minutes=routine.minutes,
            due=f"{self._board.day.isoformat()} {routine.due}:00" if routine.due else None,
            note=routine.note,
            icon="plans",
        )

    def finished(self) -> Board:
        """The board: marks put on, codes given, in order, folded."""
        marked = [self._marked(line) for line in self._lines]
        awake = sorted((line for line in marked if not line.snoozed), key=lambda line: line.section)
        by_section: dict[str, list[Line]] = {letter: [] for letter in rules.SECTIONS}
        for line in awake:
            by_section[line.section].append(line)
        first = [line for letter in rules.SECTIONS for line in model.in_order(by_section[letter])]
        coded = model.with_codes(first, self._known)
        sections = []
        for letter in rules.SECTIONS:
            ordered = model.in_order(line for line in coded if line.section == letter)
            if ordered:
                more = tuple(self._more.get(letter, ()))
                sections.append(Section(letter, model.folded(ordered, self._shown), more))
        return replace(
            self._board,
            sections=tuple(sections),
            snoozed=tuple(replace(line, code=self._known.get(line.key, "")) for line in marked if line.snoozed),
            out=self._out,
            to_leave=self._leaving,
            troubles=tuple(self._troubles),
            unused=tuple(map(str, self._left)),
        )

    def _marked(self, line: Line) -> Line:
        """The line with what the owner marked on it. A tick covers the rows that were open when it was set."""
        key = line.key
        ticked = self._marks.ticks.get(key)
        if ticked is not None and not line.done and line.open_rows <= ticked[1]:
            said = tr("{time} ticked by hand", time=ticked[0][11:16])
            line = replace(line, done=True, by_hand=True, evidence=said)
        return replace(
            line,
            note=self._marks.notes.get(key, line.note),
            minutes=self._marks.minutes.get(key, line.minutes),
            place=self._marks.places.get(key),
            snoozed="" if line.done else self._marks.snoozes.get(key, ""),
        )


def _day_word(day: date, today: date) -> str:
    return tr("yesterday") if (today - day).days == 1 else dates.show_day(day, weekday=True)


def give_codes(shop: Shop, board: Board) -> Board:
    """Keep the codes of a board's lines for its day, which is no step to undo; the board as it now stands."""
    given = [line for line in (*board.lines, *board.snoozed) if line.code]
    if not {line.key for line in given} - records.known_codes(shop.reader(), board.day).keys():
        return board
    with shop.quiet() as db:
        known = records.known_codes(db.conn, board.day)
        coded = {line.key: line.code for line in model.with_codes(given, known)}
        new = [(key, code) for key, code in coded.items() if key not in known]
        db.conn.executemany(
            "INSERT INTO board_codes (day, code, rule, record, seen_at) VALUES (?, ?, ?, ?, ?)",
            [(board.day.isoformat(), code, *key, clock.text(board.now)) for key, code in new],
        )
    sections = (
        replace(section, lines=tuple(replace(line, code=coded[line.key]) for line in section.lines))
        for section in board.sections
    )
    return replace(board, sections=tuple(sections))


def as_json(board: Board) -> dict[str, Any]:
    """The list as other programs get it."""
    return {
        "date": board.day.isoformat(),
        "lines": [
            {
                "code": line.code,
                "rule": line.rule,
                "title": line.title,
                "why": line.why,
                "minutes": line.minutes,
                "due": line.due,
                "done": line.done,
                "evidence": line.evidence,
            }
            for line in board.lines
        ],
    }


class _Remembered:
    """The board that was worked out last: the rail asks for what the page just had."""

    of: tuple[Any, ...] = ()
    board: Board | None = None


def current(con: Connection) -> Board:
    """The list of this minute; worked out again only when the shop, the minute or the language changed."""
    now = clock.now()
    file = con.execute("PRAGMA database_list").fetchone()["file"]
    of = (file, _inode(file), meta.changes(con), now.replace(second=0), language())
    if _Remembered.of != of or _Remembered.board is None:
        _Remembered.board = evaluate(con, now)
        _Remembered.of = of
    return _Remembered.board


def _inode(file: str) -> int:
    """Which file the path names now; 0 when it was deleted while the shop is open."""
    try:
        return Path(file).stat().st_ino
    except OSError:
        return 0


def waiting(con: Connection) -> tuple[int, int]:
    """What is open today, and how much of it is past its time."""
    board = current(con)
    still = [line for line in board.lines if not line.done]
    more = [more for section in board.sections for more in section.more]
    now = clock.text(board.now)
    overdue = sum(bool(line.due and line.due < now) for line in still)
    return len(still) + sum(part.open for part in more), overdue + sum(part.overdue for part in more)


def rule_label(name: str) -> str:
    """A rule's short name in the owner's language."""
    found: Iterable[Rule] = (rule for rule in own_rules.every() if rule.name == name)
    own = {TASK: N_("Added by hand"), ROUTINE: N_("Routines")}
    return tr(own[name]) if name in own else rules.say(next(iter(found)).label, {})
