"""The forms of the Customers page; they stand in the drawer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from shopdesk.core import clock
from shopdesk.core.words import tr, trc, trn
from shopdesk.customers import model, store
from shopdesk.customers.model import Contact, Customer
from shopdesk.ui.form import ChoiceField, Field, Form, NoteField, TagsField, TextField, TimeField

if TYPE_CHECKING:
    from shopdesk.core.shop import Shop

_TIME_WIDTH = 140
_RAW = ("name", "handle", "note", "address")
"""Fields whose text is kept with the blanks at its ends."""


def customer_form(shop: Shop, found: Customer | None, save: Callable[[dict[str, object]], None]) -> Form:
    """What is known of a buyer; `save` gets all values of a new one, of an old one only what was changed."""
    fields = [*_identity_fields(shop, found), *_fields(found)]
    title = tr("Add customer") if found is None else tr("Edit customer")

    def on_save(values: dict[str, object]) -> None:
        raw = {name: form.field(name).text() for name in values if name in _RAW}
        changed = {**values, **raw}
        if found is not None:
            changed = {name: value for name, value in changed.items() if form.field(name).touched()}
        save(changed)

    form = Form(title, fields, save=tr("Add") if found is None else tr("Save"), on_save=on_save)
    return form


def _identity_fields(shop: Shop, found: Customer | None) -> list[Field]:
    if found is not None:
        return [TextField("name", trc("person", "Name"), value=found.name)]
    channels = store.channel_choices(shop.reader())
    return [
        ChoiceField("channel_id", tr("Channel"), channels, required=True),
        TextField("name", trc("person", "Name"), required=True),
        TextField("handle", tr("Name on the channel"), hint=tr("When it differs from the name")),
    ]


def _fields(found: Customer | None) -> list[Field]:
    birthday = model.shown_birthday(found.birthday) if found else ""
    sexes = [(key, tr(title)) for key, title in model.SEXES.items()]
    return [
        TextField("phone", tr("Phone"), value=found and found.phone),
        TextField("email", tr("Email"), value=found and found.email),
        TextField("region", tr("Region"), value=found and found.region),
        NoteField("address", tr("Address"), value=found and found.address),
        TextField(
            "birthday",
            tr("Birthday"),
            value=birthday,
            check=_check_birthday,
        ),
        ChoiceField("sex", tr("Sex"), sexes, value=found.sex if found else ""),
        TagsField("tags", tr("Tags"), value=list(found.tags) if found else []),
        NoteField("note", tr("Note"), value=found and found.note),
    ]


def _check_birthday(typed: object) -> str:
    model.birthday(str(typed))
    return ""


def contact_form(kind: Contact, save: Callable[[Contact, str, str | None], None]) -> Form:
    """What was said or sent, and when."""
    kinds = [(each, tr(each.title)) for each in Contact]

    def on_save(values: dict[str, object]) -> None:
        at = str(values["at"]) if form.field("at").touched() and values["at"] else None
        chosen = values["kind"]
        assert isinstance(chosen, Contact)
        save(chosen, form.field("text").text(), at)

    form = Form(
        tr("Log a talk") if kind is Contact.TALK else tr("Log a greeting"),
        [
            NoteField("text", tr("What was said"), required=True),
            ChoiceField("kind", tr("Kind"), kinds, value=kind),
            TimeField("at", tr("When"), value=clock.now(), width=_TIME_WIDTH),
        ],
        save=tr("Log"),
        on_save=on_save,
    )
    return form


def tags_form(shop: Shop, count: int, save: Callable[[list[str], list[str]], None]) -> Form:
    """Tags to give and to take away."""
    in_use = ", ".join(store.tags(shop.reader(), 12))

    def on_save(values: dict[str, object]) -> None:
        add, remove = values["add"], values["remove"]
        assert isinstance(add, list)
        assert isinstance(remove, list)
        save(add, remove)

    return Form(
        trn("Tag {n} customer", "Tag {n} customers", count),
        [
            TagsField("add", tr("Give"), hint=tr("In use: {tags}", tags=in_use) if in_use else ""),
            TagsField("remove", tr("Take away")),
        ],
        save=tr("Save"),
        on_save=on_save,
    )
