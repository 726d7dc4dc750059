"""The owner's own tables: one SELECT in each `own/views/*.sql`, written beside ours with every export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shopdesk.core import own, own_sql
from shopdesk.core.own import Found, Left, Unusable
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_

MOST_ROWS = 100_000
_REMARKS = re.compile(r"\A(?:\s*--[^\n]*\n)*")


@dataclass(frozen=True, slots=True)
class Question:
    """A file and the question in it; `line` is where that begins."""

    file: str
    name: str
    text: str
    line: int


def answers(con: Connection) -> Iterator[tuple[str, own_sql.Table] | Left]:
    """The name and rows of every own table; for a file that cannot be used, why."""
    read = found()
    yield from read.left
    for question in read.made:
        try:
            table = own_sql.ask(con, question.text, {}, MOST_ROWS)
            if table.more:
                raise Unusable(N_("it has more than {n} rows."), n=MOST_ROWS)
            yield question.name, table
        except Unusable as reason:
            reason.line = question.line
            yield Left(question.file, reason)


def kinds_of(table: own_sql.Table) -> list[str]:
    """What a workbook keeps as numbers."""
    return ["number" if all(map(_is_number, column)) else "text" for column in zip(*table.rows, strict=True)] or [
        "text"
    ] * len(table.columns)


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)


def found() -> Found[Question]:
    """The questions that may be asked, and the files that cannot be used."""
    return own.found("views", _question)


def _question(file: str, text: str) -> Question:
    name = file.removesuffix(own.ENDINGS["views"])
    if not re.fullmatch(r"[\w -]{1,60}", name):
        raise Unusable(N_("its name is more than letters, digits, spaces and dashes."))
    remarks = _REMARKS.match(text)
    begins = remarks.end() if remarks else 0
    question = text[begins:].strip().removesuffix(";")
    line = text[:begins].count("\n") + 1
    try:
        own_sql.look(question)
    except Unusable as reason:
        reason.line = line
        raise
    return Question(file, name, question, line)
