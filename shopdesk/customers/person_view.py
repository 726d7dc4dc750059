"""A person shown in full, and the question before a person is erased; both stand in the drawer."""

from __future__ import annotations

import glob
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shopdesk.core import dates
from shopdesk.core.words import tr, trn
from shopdesk.customers import person
from shopdesk.customers.person import Held, Section
from shopdesk.ui.drawer import Entry, Fact, Facts, Line, Lines, Note, Record, Text, Timeline
from shopdesk.ui.drawer_build import Builder
from shopdesk.ui.form import ChoiceField, Form, TextField, TickField
from shopdesk.ui.text import PlainLabel

if TYPE_CHECKING:
    from pathlib import Path

    from shopdesk.core.erasures import Erasure
    from shopdesk.core.shop import Shop

_MOST_LINES = 40
_MOST_MOMENTS = 100
_LONGEST = 400
_MOST_NUMBERS = 5


def about_form(found: Held, builder: Builder, save: Callable[[], None]) -> Form:
    """Everything about a person, one kind under the other; Save writes it into a folder."""

    def on_save(_values: dict[str, object]) -> None:
        save()

    form = Form(tr("Everything about this person"), [], save=tr("Save as files"), on_save=on_save)
    form.cancel_button.setText(tr("Close"))
    builder.setParent(form)
    form.add_above(builder.build(Record(*_parts(found))))
    return form


def _parts(found: Held) -> list[Facts | Lines | Timeline | Text]:
    parts: list[Facts | Lines | Timeline | Text] = [
        Facts(
            [
                Fact(tr("Orders"), f"{found.count('orders'):,}"),
                Fact(tr("Reviews"), f"{found.count('reviews'):,}"),
                Fact(tr("Files"), f"{len(found.originals):,}"),
                Fact(tr("Backups"), f"{len(found.copies):,}"),
            ],
            columns=True,
        )
    ]
    parts += [_section(section) for section in found.sections]
    if found.named:
        parts.append(_lines(tr("Other texts that name this person"), [Line(_short(text)) for _, text in found.named]))
    if found.moments:
        newest = sorted(found.moments, key=lambda moment: moment.at, reverse=True)
        entries = dict.fromkeys(Entry(one.label, one.at, _changes(one.changes), "by_hand") for one in newest)
        parts.append(Timeline(title=tr("Who changed what"), entries=tuple(entries)[:_MOST_MOMENTS]))
    if found.originals:
        parts.append(_lines(tr("Kept original files"), [_original(one) for one in found.originals]))
    if found.copies:
        parts.append(_lines(tr("Backups"), [_copy(one) for one in found.copies]))
    if found.same:
        lines = [Line(name, channel, link=("customers", one)) for one, name, channel in found.same]
        parts.append(_lines(tr("Looks like the same person"), lines))
    parts.append(Text(tr("Saved as files, all of it is written: as one JSON file, and as tables.")))
    return parts


def _section(section: Section) -> Lines:
    lines = [Line(person.head(row) or "·", _short(" · ".join(person.words_of(section, row)))) for row in section.rows]
    return _lines(person.title(section.table), lines)


def _lines(title: str, lines: Sequence[Line]) -> Lines:
    shown = list(lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        shown.append(Line(tr("{n} more stand in the files.", n=len(lines) - _MOST_LINES)))
    return Lines(title, f"{len(lines):,}", shown)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _changes(changes: dict[str, tuple[object, object]]) -> str:
    return _short(" · ".join(f"{name}: {before or '—'} → {after or '—'}" for name, (before, after) in changes.items()))


def _original(one: person.Original) -> Line:
    rows = ", ".join(str(number) for number, _ in one.rows[:12])
    return Line(one.file, tr("Rows {rows}", rows=rows) if rows else tr("In a workbook or another packed file"))


def _copy(one: person.Copy) -> Line:
    when = dates.show_time(one.at) if one.at else one.file.name
    until = tr("Kept at least until {day}", day=dates.show_day(one.until, year=True)) if one.until else ""
    return Line(when, until or tr("Kept until newer ones take its place"))


# erasing


def search_form(search: Callable[[str], None]) -> Form:
    """Asks for what somebody was known by whom no list shows any more."""

    def on_save(values: dict[str, object]) -> None:
        search(str(values["text"]))

    field = TextField("text", tr("Name, phone or order number"), required=True)
    form = Form(tr("Erase somebody who is not listed"), [field], save=tr("Look"), on_save=on_save)
    said = tr("Somebody who was deleted, or whose import was taken back, still stands in the history, in kept original"
              " files and in backups. Erasing takes that person out of all of them.")  # fmt: skip
    form.add_above(PlainLabel(said, role="text_2", wrap=True))
    return form


def choice_form(found: Sequence[tuple[int, str]], choose: Callable[[int], None]) -> Form:
    """Which of the persons found is meant."""

    def on_save(values: dict[str, object]) -> None:
        chosen = values["person"]
        assert isinstance(chosen, int)
        choose(chosen)

    field = ChoiceField("person", tr("Person"), found, value=found[0][0], required=True)
    return Form(tr("Erase somebody who is not listed"), [field], save=tr("Next"), on_save=on_save)


def erase_form(shop: Shop, found: Held, builder: Builder, erase: Callable[[list[int]], None]) -> Form:
    """Says what goes, what stays and where it still lives, before anything is done."""
    ticks = [
        TickField(f"also{one}", tr("Also {name} on {channel}", name=name, channel=channel))
        for one, name, channel in found.same[:5]
    ]

    def on_save(values: dict[str, object]) -> None:
        erase([*found.ids, *(one for one, *_ in found.same[:5] if values[f"also{one}"])])

    form = Form(tr("Erase {name}?", name=found.name), ticks, save=tr("Erase for good"), on_save=on_save)
    form.save_button.setProperty("kind", "danger")
    builder.setParent(form)
    form.add_above(builder.build(Record(*_question(shop, found))))
    return form


def _question(shop: Shop, found: Held) -> list[Note | Lines | Text]:
    return [
        Note(
            tr("This cannot be undone."),
            tr("No undo and no backup brings the words back. Save them as files first if you may need them."),
            "warning",
        ),
        Lines(tr("What goes"), lines=[Line(text) for text in _goes(found)]),
        Lines(tr("What stays"), lines=[
            Line(tr("Order numbers, dates, amounts, items and stars: the books need them. All sums stay as they are.")),
        ]),
        Lines(tr("Where it still lives"), lines=[Line(text) for text in _elsewhere(shop)]),
    ]  # fmt: skip


def _goes(found: Held) -> list[str]:
    books = [one.file for one in found.originals if not one.rows]
    tables = [one.file for one in found.originals if one.rows]
    orders, reviews, returns, notes = map(found.count, ("orders", "reviews", "returns", "customer_notes"))
    counted = (
        (1, tr("Name, name on the channel, phone, mail, address, birthday, tags and notes")),
        (orders, trn("{n} order: buyer, receiver, phone, address, messages, notes, tracking number",
                     "{n} orders: buyer, receiver, phone, address, messages, notes, tracking numbers", orders)),
        (reviews, trn("{n} review: its words and the reply",
                      "{n} reviews: their words and the replies", reviews)),
        (returns, trn("{n} return: its reason and notes", "{n} returns: their reasons and notes", returns)),
        (notes, trn("{n} talk or note", "{n} talks and notes", notes)),
        (len(found.named), trn("The name in {n} other text", "The name in {n} other texts", len(found.named))),
        (len(found.moments), tr("The old values in the history")),
        (len(tables), trn("The rows in {n} kept original file", "The rows in {n} kept original files", len(tables))),
        (len(books), _let_go(books)),
        (len(found.copies), trn("{n} backup is written anew without this person, beside your work",
                                "{n} backups are written anew without this person, beside your work",
                                len(found.copies))),
    )  # fmt: skip
    return [text for count, text in counted if count]


def _let_go(books: Sequence[str]) -> str:
    """Of a workbook nothing can be taken out without writing another one: said before it is gone."""
    names = ", ".join((*books[:_MOST_NUMBERS], *(("…",) if len(books) > _MOST_NUMBERS else ())))
    return trn(
        "{n} kept workbook goes as a whole, with the rows of others: {names}. What was imported from it stays.",
        "{n} kept workbooks go as a whole, with the rows of others: {names}. What was imported from them stays.",
        len(books),
        names=names,
    )


def _elsewhere(shop: Shop) -> list[str]:
    kept = sorted(file.name for file in shop.path.parent.glob(f"{glob.escape(shop.path.stem)} *.shop"))
    found = [
        tr("Printed sheets and files that you exported or sent."),
        tr("Copies of backups that you took elsewhere, or that are on a stick that is not plugged in."),
        tr("The platforms themselves. A list from there does not bring this person back; a new order does."),
        tr("What a disk deletes can be read with special tools until it is written over."),
    ]
    return [*found, tr("Shop files kept beside this one: {names}", names=", ".join(kept))] if kept else found


def done_words(erased: Sequence[Erasure], copies: int) -> str:
    """What was done, in one sentence."""
    orders = sum(len(one.orders) for one in erased)
    said = trn("Erased: {n} order keeps its sums", "Erased: {n} orders keep their sums", orders)
    if not copies:
        return said
    return trn(
        "{said}; {n} backup is being written anew", "{said}; {n} backups are being written anew", copies, said=said
    )


def list_record(found: Sequence[Erasure], waiting: int) -> Lines:
    """Who was erased: when and how much, without a word of who it was."""
    lines = [Line(dates.show_time(one.at), _orders(one)) for one in reversed(found)]
    fact = trn("{n} backup to go", "{n} backups to go", waiting) if waiting else ""
    return Lines(tr("Erased persons"), fact, lines or [Line(tr("Nobody was erased yet."))])


def _orders(one: Erasure) -> str:
    more = ("…",) if len(one.orders) > _MOST_NUMBERS else ()
    numbers = ", ".join((*one.orders[:_MOST_NUMBERS], *more))
    return trn("{n} order: {numbers}", "{n} orders: {numbers}", len(one.orders), numbers=numbers) if numbers else ""


def save_as_files(
    found: Held, folder: Path, write: Callable[[Path, str, list[str], list[list[object]]], object]
) -> int:
    """Write everything into a folder, JSON and tables; the number of files. Raises DiskTrouble."""
    count = 1
    person.write_json(found, folder / "person.json")
    for name, headings, rows in person.tables(found):
        write(folder / f"{name}.csv", name, headings, rows)
        (folder / f"{name}.csv").chmod(0o600)
        count += 1
    return count
