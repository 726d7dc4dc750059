"""Today's list worked out from the shop, and nothing written but the codes that its lines were given."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shopdesk.board import model, rules
from shopdesk.board.model import ROUTINE, TASK, Board, Key, Line, Routine, Section
from shopdesk.board.rules import Rule
from shopdesk.core import clock, dates, settings
from shopdesk.core.sqlite import Connection, OperationalError
from shopdesk.core.words import N_, language, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopdesk.core.shop import Shop

MOST_LINES = 50
_LOOKED_AT = 200
_SECONDS = 1.0
_EVERY_STEPS = 20000


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule and what the owner chose about it."""

    rule: Rule
    enabled: bool
    minutes: float


@dataclass(frozen=True, slots=True)
class Marks:
    """What the owner marked on lines, by what they are about."""

    ticks: dict[Key, tuple[str, int]]
    snoozes: dict[Key, str]
    notes: dict[Key, str]
    minutes: dict[Key, int]
    places: dict[Key, int]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The rows that a question gave: the first of them, and how many there are."""

    rows: list[dict[str, Any]]
    n: int


_NOTHING = _Answer([], 0)


# asking the rules


def parameters(con: Connection, now: datetime) -> dict[str, Any]:
    """What the questions of the rules may name."""
    day = now.date().isoformat()
    values: dict[str, Any] = {s.key: settings.get(con, s.key) for s in settings.SETTINGS if s.kind == "number"}
    return {
        **values,
        "now": clock.text(now),
        "today": day,
        "tomorrow": (now.date() + timedelta(days=1)).isoformat(),
        "cutoff": f"{day} {settings.text(con, 'cutoff')}:00",
        "day_end": f"{day} {settings.text(con, 'day_end')}:00",
        "currency": settings.text(con, "currency"),
    }


@contextmanager
def _in_time(con: Connection) -> Iterator[list[bool]]:
    """Stop a question that takes too long; the list yielded then holds True."""
    over: list[bool] = []
    end = time.monotonic() + _SECONDS

    def look() -> int:
        if time.monotonic() > end:
            over.append(True)
        return int(bool(over))

    con.set_progress_handler(look, _EVERY_STEPS)
    try:
        yield over
    finally:
        con.set_progress_handler(None, _EVERY_STEPS)


def _ask(con: Connection, question: str, values: dict[str, Any], most: int) -> _Answer:
    """The first rows of a question and the number of all of them."""
    rows = [dict(row) for row in con.execute(f"SELECT * FROM ({question}) LIMIT {most + 1}", values)]
    if len(rows) <= most:
        return _Answer(rows, len(rows))
    n = con.execute(f"SELECT count(*) FROM ({question})", values).fetchone()[0]
    return _Answer(rows[:most], n)


def rule_states(con: Connection) -> list[RuleState]:
    """Every rule with the owner's choice."""
    chosen = {row["rule"]: row for row in con.execute("SELECT rule, enabled, minutes FROM rule_choices")}
    states = []
    for rule in rules.bundled():
        row = chosen.get(rule.name)
        minutes = rule.minutes if row is None or row["minutes"] is None else float(row["minutes"])
        states.append(RuleState(rule, row is None or bool(row["enabled"]), minutes))
    return states


# the list


def evaluate(con: Connection, now: datetime | None = None) -> Board:
    """The list of `now`'s day as the data stands; writes nothing. Lines without a code get the next ones."""
    at = now or clock.now()
    values = parameters(con, at)
    board = Board(
        at.date(), at, datetime.fromisoformat(values["cutoff"]), datetime.fromisoformat(values["day_end"])
    )
    known = known_codes(con, at.date())
    work = _Work(con, values, board, known, marks(con, at.date()))
    for state in rule_states(con):
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
        self._more: dict[str, int] = {}
        self._out = self._leaving = 0
        self._troubles: list[str] = []

    def take_rule(self, state: RuleState) -> None:
        """Ask a rule and take its lines."""
        rule = state.rule
        with _in_time(self._con) as over:
            try:
                open_ = _ask(self._con, rule.open, self._values, _LOOKED_AT if rule.together else MOST_LINES)
                done = _ask(self._con, rule.done, self._values, _LOOKED_AT if rule.together else MOST_LINES)
            except OperationalError:
                if not over:
                    raise
                self._troubles.append(rule.name)
                return
        self._shown[rule.name] = rule.shown
        if rule.leaves:
            self._out += done.n
            self._leaving += open_.n + done.n
        if rule.together:
            self._take_joint(state, open_, done)
        else:
            self._take_each(state, open_, done)

    def _take_joint(self, state: RuleState, open_: _Answer, done: _Answer) -> None:
        rule = state.rule
        if not open_.n:
            if done.n or (rule.name, None) in self._known:
                self._lines.append(_done_line(rule, None, done, _filter(rule.done, self._values)))
            return
        first = open_.rows[0]
        dues = [row["due"] for row in open_.rows if row.get("due")]
        self._lines.append(
            Line(
                rule=rule.name,
                record=None,
                section=first.get("section") or rule.section,
                title=rules.say(rule.title, first, open_.n),
                why=rules.say(rule.why, first, open_.n),
                minutes=_minutes(state, open_.n),
                due=min(dues, default=None),
                evidence=rules.say(rule.evidence, done.rows[0], done.n) if done.n else "",
                icon=rule.icon,
                stake=sum(float(row.get("stake") or 0) for row in open_.rows),
                count=open_.n + done.n,
                open_rows=open_.n,
                target=_target(rule, None, _filter(rule.open, self._values)),
            )
        )

    def _take_each(self, state: RuleState, open_: _Answer, done: _Answer) -> None:
        rule = state.rule
        still = {row["record"] for row in open_.rows}
        for row in open_.rows:
            self._lines.append(
                Line(
                    rule=rule.name,
                    record=row["record"],
                    section=row.get("section") or rule.section,
                    title=rules.say(rule.title, row),
                    why=rules.say(rule.why, row),
                    minutes=_minutes(state, 1),
                    due=row.get("due"),
                    icon=rule.icon,
                    stake=float(row.get("stake") or 0),
                    target=_target(rule, row["record"], None),
                )
            )
        self._more[rule.section] = self._more.get(rule.section, 0) + open_.n - len(open_.rows)
        closed = {row["record"]: row for row in done.rows if row["record"] not in still}
        for record, row in closed.items():
            self._lines.append(_done_line(rule, record, _Answer([row], 1), None))
        if open_.n == len(open_.rows):
            for name, record in self._known:
                if name == rule.name and record not in still and record not in closed:
                    self._lines.append(_done_line(rule, record, _NOTHING, None))

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
            icon="add",
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
        for routine in routines(self._con):
            if routine.falls_on(day) or routine.id in moved:
                self._lines.append(self._routine(routine))

    def _routine(self, routine: Routine) -> Line:
        last = routine.last_before(self._board.day)
        skipped = last is not None and not _ticked(self._con, last, routine.id)
        return Line(
            rule=ROUTINE,
            record=routine.id,
            section="C",
            title=routine.title,
            why=tr("skipped {day}", day=_day_word(last, self._board.day)) if last and skipped else "",
            minutes=routine.minutes,
            due=f"{self._board.day.isoformat()} {routine.due}:00" if routine.due else None,
            note=routine.note,
            icon="again",
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
            lines = model.in_order(line for line in coded if line.section == letter)
            if lines:
                more = self._more.get(letter, 0)
                sections.append(Section(letter, model.folded(lines, self._shown), more))
        return replace(
            self._board,
            sections=tuple(sections),
            snoozed=tuple(line for line in marked if line.snoozed),
            out=self._out,
            to_leave=self._leaving,
            troubles=tuple(self._troubles),
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


def _minutes(state: RuleState, n: int) -> int:
    return round(state.minutes * n) if state.rule.each else round(state.minutes)


def _filter(question: str, values: dict[str, Any]) -> dict[str, Any]:
    """What a page is asked to show: the records that a question gives."""
    used = {name: value for name, value in values.items() if f":{name}" in question}
    return {"where": f"id IN (SELECT record FROM ({question}))", "params": used}


def _target(rule: Rule, record: int | None, rows: dict[str, Any] | None) -> tuple[str, object] | None:
    if rule.act:
        return rule.opens, {"do": rule.act}
    if not rule.opens:
        return None
    return rule.opens, record if rows is None else {**rows, "title": rules.say(rule.label, {})}


def _done_line(rule: Rule, record: int | None, done: _Answer, rows: dict[str, Any] | None) -> Line:
    """A line that ended because the data changed; without evidence it only says so."""
    first = done.rows[0] if done.rows else {}
    return Line(
        rule=rule.name,
        record=record,
        section=first.get("section") or rule.section,
        title=rules.say(rule.title, first, done.n) if done.n and _fits(rule, first) else rules.say(rule.label, {}),
        done=True,
        evidence=rules.say(rule.evidence, first, done.n) if done.n else tr("nothing of it is open any more"),
        icon=rule.icon,
        count=max(1, done.n),
        open_rows=0,
        target=_target(rule, record, rows if done.n else None) if record or done.n else None,
    )


def _fits(rule: Rule, row: dict[str, Any]) -> bool:
    """Whether the title can be said of a done row."""
    try:
        rules.say(rule.title, row)
    except rules.BadRule:
        return False
    return True


def _day_word(day: date, today: date) -> str:
    return tr("yesterday") if (today - day).days == 1 else dates.show_day(day, weekday=True)


# what the owner added


def known_codes(con: Connection, day: date) -> dict[Key, str]:
    """The codes that lines of a day were given."""
    rows = con.execute("SELECT rule, record, code FROM board_codes WHERE day = ?", (day.isoformat(),))
    return {(row["rule"], row["record"]): row["code"] for row in rows}


def marks(con: Connection, day: date) -> Marks:
    """What the owner marked for a day; a line that was put off stays away until its day."""
    found = Marks({}, {}, {}, {}, {})
    on = day.isoformat()
    rows = con.execute("SELECT rule, record, kind, value, at FROM board_marks WHERE day = ?", (on,))
    for row in rows:
        key = (row["rule"], row["record"])
        if row["kind"] == "tick":
            found.ticks[key] = (row["at"], int(row["value"] or 1))
        elif row["kind"] == "note":
            found.notes[key] = row["value"]
        elif row["kind"] == "minutes":
            found.minutes[key] = int(row["value"])
        elif row["kind"] == "place":
            found.places[key] = int(row["value"])
    later = con.execute(
        "SELECT rule, record, max(value) AS until FROM board_marks"
        " WHERE kind = 'snooze' AND value > ? AND day <= ? GROUP BY rule, record",
        (on, on),
    )
    found.snoozes.update({(row["rule"], row["record"]): row["until"] for row in later})
    return found


def routines(con: Connection) -> list[Routine]:
    """Every routine, oldest first."""
    rows = con.execute("SELECT id, title, note, minutes, due, every, days, since FROM v_routines ORDER BY id")
    return [
        Routine(
            row["id"], row["title"], row["note"], row["minutes"], row["due"], row["every"],
            tuple(json.loads(row["days"])), date.fromisoformat(row["since"]),
        )
        for row in rows
    ]  # fmt: skip


def routine(con: Connection, routine_id: int) -> Routine | None:
    """One routine."""
    return next((found for found in routines(con) if found.id == routine_id), None)


def task(con: Connection, task_id: int) -> dict[str, Any] | None:
    """One line of the owner's own: id, day, title, note, minutes, due, done_at."""
    row = con.execute("SELECT * FROM v_tasks WHERE id = ?", (task_id,)).fetchone()
    return dict(row) if row else None


def _ticked(con: Connection, day: date, routine_id: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM board_marks WHERE day = ? AND kind = 'tick' AND rule = ? AND coalesce(record, 0) = ?",
        (day.isoformat(), ROUTINE, routine_id),
    ).fetchone()
    return row is not None


@dataclass(frozen=True, slots=True)
class ProblemNote:
    """What must be known before an order is packed."""

    number: str
    buyer: str
    note: str


def problem_notes(con: Connection, most: int = 20) -> list[ProblemNote]:
    """The notes on flagged orders that still have to leave, the most urgent first."""
    rows = con.execute(
        "SELECT number, buyer, problem_note FROM v_orders WHERE problem IS NOT NULL AND problem_at IS NOT NULL"
        " AND problem_note <> '' AND status = 'to_ship' ORDER BY ship_by LIMIT ?",
        (most,),
    )
    return [ProblemNote(*row) for row in rows]


# codes, counts, JSON


def give_codes(shop: Shop, board: Board) -> Board:
    """Keep the codes of a board's lines for its day, which is no step to undo; the board as it now stands."""
    lines = [line for line in (*board.lines, *board.snoozed) if line.code]
    if not {line.key for line in lines} - known_codes(shop.reader(), board.day).keys():
        return board
    with shop.quiet() as db:
        known = known_codes(db.conn, board.day)
        coded = {line.key: line.code for line in model.with_codes(lines, known)}
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
    row = con.execute("SELECT value FROM meta WHERE key = 'changes'").fetchone()
    file = con.execute("PRAGMA database_list").fetchone()["file"]
    of = (file, row[0] if row else "", now.replace(second=0), language())
    if _Remembered.of != of or _Remembered.board is None:
        _Remembered.board = evaluate(con, now)
        _Remembered.of = of
    return _Remembered.board


def waiting(con: Connection) -> tuple[int, int]:
    """Lines that are open, and those of them whose time has passed."""
    board = current(con)
    still = [line for line in board.lines if not line.done]
    now = clock.text(board.now)
    return len(still), sum(bool(line.due and line.due < now) for line in still)


def rule_label(name: str) -> str:
    """A rule's short name in the owner's language."""
    found: Iterable[Rule] = (rule for rule in rules.bundled() if rule.name == name)
    own = {TASK: N_("Added by hand"), ROUTINE: N_("Routines")}
    return tr(own[name]) if name in own else rules.say(next(iter(found)).label, {})
