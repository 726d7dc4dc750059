"""The forms of the Orders page: each is a Form for the drawer; saving runs the verb it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit

from shopdesk.core import channels, clock
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import tr, trc, trn
from shopdesk.orders import matching, returning, store
from shopdesk.orders.lines_widgets import LinesField
from shopdesk.orders.model import ReturnKind, Status, problem_line, problem_words
from shopdesk.orders.paste_widgets import PastePreview
from shopdesk.orders.pasting import Match, pasted_rows
from shopdesk.orders.records import Draft, DraftLine, Line, Order, Return
from shopdesk.orders.return_widgets import refund_hint
from shopdesk.ui.banner import NoteBox
from shopdesk.ui.form import (
    ChoiceField,
    Field,
    Form,
    MoneyField,
    NoteField,
    NumberField,
    TextField,
    TickField,
    TimeField,
)

Save = Callable[[dict[str, Any]], object]
_LOOK_MS = 60
_LONGEST_LABEL = 16
_MOST_FLAGGED = 20
_KEPT_EXACTLY = frozenset(
    {"number", "buyer", "paid_at", "receiver", "phone", "region", "address", "buyer_note", "seller_note"}
)


def courier_field(con: Connection, ids: Sequence[int]) -> TextField:
    """The courier, with those used lately to choose from; the last one of the orders' channel stands there."""
    expected, used = store.last_couriers(con, ids)
    field = TextField("courier", tr("Courier"), value=expected)
    assert isinstance(field.editor, QLineEdit)
    field.editor.setCompleter(QCompleter(used, field.editor))
    return field


def ship_form(con: Connection, ids: Sequence[int], save: Save) -> Form:
    """Courier and tracking number of one order; for many the courier only."""
    fields: list[Field] = [courier_field(con, ids)]
    if len(ids) == 1:
        order = store.order(con, ids[0])
        tracking = TextField("tracking", tr("Tracking no."), value=order.tracking if order else "")
        fields.insert(0, tracking)
        if order and order.courier:
            fields[1].set_value(order.courier)
    title = trn("Mark {n} order shipped", "Mark {n} orders shipped", len(ids))
    form = Form(title, fields, save=tr("Mark shipped"), on_save=save)
    for number, kind, note in store.flagged(con, ids, _MOST_FLAGGED):
        title, text = problem_words(kind, note)
        if len(ids) > 1:
            title, text = tr("Order {number}", number=number), problem_line(kind, note)
        form.add_above(NoteBox(title, text, "flag_problem"))
    return form


class PasteForm(Form):
    """Two pasted columns, order number and tracking number, with what they would do beneath."""

    def __init__(self, con: Connection, text: str, save: Callable[[list[Match], str], object]) -> None:
        self._con = con
        self._write = save
        self.pasted = NoteField("pasted", tr("Numbers"), value=text, required=True)
        self.courier = courier_field(con, ())
        super().__init__(
            tr("Paste tracking numbers"),
            [self.pasted, self.courier],
            save=tr("Mark shipped"),
            on_save=self._on_save,
        )
        self.preview = PastePreview()
        self.add_widget(self.preview)
        editor = self.pasted.editor
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlaceholderText(tr("Order number and tracking number, one order a line"))
        editor.setMinimumHeight(140)
        editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_MS)
        self._soon.timeout.connect(self._look_again)
        editor.textChanged.connect(self._soon.start)
        self._look()

    def matches(self) -> list[Match]:
        """What the text says now."""
        return matching.match_tracking(self._con, pasted_rows(self.pasted.text()))

    def _look_again(self) -> None:
        if self.isVisible():
            self._look()

    def _look(self) -> None:
        matches = self.matches()
        self.preview.say(matches)
        if not self.courier.touched():
            meant = [match.order_id for match in matches if match.order_id is not None]
            self.courier.set_value(store.last_couriers(self._con, meant)[0])

    def _on_save(self, values: dict[str, Any]) -> None:
        self._write(self.matches(), values["courier"])


def flag_form(ids: Sequence[int], order: Order | None, save: Save) -> Form:
    """What is wrong, and the note that will stand with the order everywhere."""
    title = trn("Flag {n} order", "Flag {n} orders", len(ids))
    kind = order.problem if order else None
    fields: list[Field] = [
        ChoiceField("kind", tr("Problem"), store.problem_choices(), value=kind, required=True),
        NoteField("note", tr("Note"), value=order.problem_note if order else ""),
    ]
    return Form(title, fields, save=tr("Flag problem"), on_save=save)


def paid_form(con: Connection, ids: Sequence[int], save: Save) -> Form:
    """When unpaid orders were paid; for one order also how much."""
    fields: list[Field] = [TimeField("at", tr("Paid at"), value=clock.now(), required=True, width=144)]
    if len(ids) == 1:
        order = store.order(con, ids[0])
        if order is not None:
            owed = MoneyField("paid", tr("Paid"), currency=order.currency, value=store.owed(con, ids[0]))
            fields.insert(0, owed)
    title = trn("Mark {n} order paid", "Mark {n} orders paid", len(ids))
    return Form(title, fields, save=tr("Mark paid"), on_save=save)


def note_form(order: Order, save: Save) -> Form:
    """A line for the order's timeline."""
    field = NoteField("note", tr("Note"), required=True)
    return Form(tr("Note on order {number}", number=order.number), [field], save=tr("Save"), on_save=save)


def close_form(ids: Sequence[int], save: Save) -> Form:
    """Why orders will not be shipped."""
    title = trn("Close {n} order", "Close {n} orders", len(ids))
    return Form(title, [NoteField("note", tr("Why"))], save=tr("Close order"), on_save=save)


def order_form(con: Connection, order: Order | None, save: Callable[[Draft], object]) -> Form:
    """Add an order, or edit one: every field by keyboard."""
    listed = channels.listed(con)
    first = order.channel_id if order else (listed[0].id if listed else 0)
    currency = order.currency if order else next((c.currency for c in listed if c.id == first), "CNY")
    fields = [*_head_fields(con, order, first, currency), *_buyer_fields(order)]
    form = Form(
        tr("Edit order") if order else tr("Add order"),
        fields,
        save=tr("Save") if order else tr("Add order"),
        on_save=lambda values: save(_draft(form, values, order)),
    )
    if order is not None:
        form.field("channel_id").editor.setEnabled(False)
    return form


def _head_fields(con: Connection, order: Order | None, channel: int, currency: str) -> list[Field]:
    lines = [_draft_line(line) for line in order.lines if line.kind == "goods"] if order else []
    number = order.number if order else store.next_number(con, channel)
    paid_at = order.paid_at if order else clock.now()
    paid = order.paid if order and order.paid_at else None
    return [
        LinesField("lines", tr("Items"), find=lambda text: store.find_skus(con, text), currency=currency, lines=lines,
                   needed=order is None or bool(lines)),
        TextField("buyer", tr("Buyer"), value=order.buyer if order else ""),
        ChoiceField("channel_id", tr("Channel"), store.channel_choices(con), value=channel, required=True),
        TextField("number", trc("form", "Order no."), value=number, required=True),
        MoneyField("postage", tr("Postage"), currency=currency, value=order.postage if order else None),
        MoneyField("discount", tr("Discount"), currency=currency, value=order.discount if order else None),
        _when_empty(MoneyField("paid", tr("Paid"), currency=currency, value=paid), tr("the sum")),
        _when_empty(TimeField("paid_at", tr("Paid at"), value=paid_at, width=144), tr("not paid yet")),
    ]  # fmt: skip


def _when_empty(field: Field, meaning: str) -> Field:
    """Say in the field what leaving it empty means."""
    assert isinstance(field.editor, QLineEdit)
    field.editor.setPlaceholderText(meaning)
    return field


def _buyer_fields(order: Order | None) -> list[Field]:
    texts = (
        ("receiver", tr("Receiver")), ("phone", tr("Phone")), ("region", tr("Region")), ("address", tr("Address")),
    )  # fmt: skip
    fields: list[Field] = [TextField(name, label, value=getattr(order, name, "")) for name, label in texts]
    fields += [
        NoteField("buyer_note", tr("Buyer's words"), value=getattr(order, "buyer_note", "")),
        NoteField("seller_note", tr("Own note"), value=getattr(order, "seller_note", "")),
    ]
    return fields


def _draft_line(line: Line) -> DraftLine:
    return DraftLine(line.name, line.qty, line.price, line.id, line.sku_id, line.code, line.options)


def _draft(form: Form, values: dict[str, Any], order: Order | None) -> Draft:
    """The draft that was typed; what was not touched stays exactly as it was."""
    given = dict(values)
    for name in ("postage", "discount"):
        given[name] = given[name] or 0
    if order is not None:
        for field in form.fields():
            if not field.touched() and field.name in _KEPT_EXACTLY:
                given[field.name] = getattr(order, field.name)
    return Draft(**given)


def return_form(order: Order, save: Save) -> Form:
    """What the buyer asks for, which pieces come back, and how much money."""
    kinds = [(kind.value, kind.label()) for kind in ReturnKind]
    fields: list[Field] = [
        ChoiceField("kind", tr("Kind"), kinds, value=ReturnKind.RETURN.value, required=True),
        *(
            NumberField(
                f"line{line.id}", _short(line.name), value=0, low=0, high=line.qty, hint=tr("of {n}", n=line.qty),
            )
            for line in order.lines
            if line.kind == "goods"
        ),
        _amount_field(order, order.left_to_refund),
        TextField("reason", tr("Reason")),
        NoteField("note", tr("Note")),
    ]  # fmt: skip
    return Form(tr("Return of {number}", number=order.number), fields, save=tr("Open return"), on_save=save)


def refund_form(order: Order, found: Return | None, save: Save) -> Form:
    """How much goes back; an order that was not shipped can be closed with it."""
    start = found.amount if found and found.amount else order.left_to_refund
    fields: list[Field] = [_amount_field(order, min(start, order.left_to_refund))]
    if found is None:
        fields.append(TextField("reason", tr("Reason")))
        if order.status is Status.TO_SHIP:
            fields.append(TickField("close", tr("Close the order"), value=False))
    return Form(tr("Refund {number}", number=order.number), fields, save=tr("Refund"), on_save=save)


def refuse_form(found: Return, save: Save) -> Form:
    """Why a return is refused."""
    title = tr("Refuse return {number}", number=found.number)
    return Form(title, [NoteField("note", tr("Why"))], save=tr("Refuse"), on_save=save)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_LABEL else f"{name[:_LONGEST_LABEL]}…"


def _amount_field(order: Order, value: int) -> MoneyField:
    hint = refund_hint(order.left_to_refund, order.currency)

    def check(amount: object) -> str:
        returning.check_amount(order, int(str(amount)))
        return ""

    return MoneyField(
        "amount", tr("Amount"), currency=order.currency, value=value, required=True, hint=hint, check=check
    )
