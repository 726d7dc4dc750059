"""The Customers page: buyers with what they bought, and in the drawer everything on one time line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from shopdesk.core import clock, dates, money
from shopdesk.core.channels import platform_name
from shopdesk.core.words import N_, tr, trn
from shopdesk.customers import model, store
from shopdesk.customers.columns_view import COLUMNS, spoken_birthday
from shopdesk.customers.dialogs import contact_form, customer_form, tags_form
from shopdesk.customers.model import Contact, Customer
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.columns import Filter, Kind, Source, View
from shopdesk.ui.doing import act_on, go_to_import, told
from shopdesk.ui.drawer import Buttons, Fact, Facts, Heading, Note, Person, Record, Timeline
from shopdesk.ui.page import TablePage

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.customers.person_acts_view import PersonActs

_TOLD = {
    "name": (N_("Customer"), Kind.TEXT),
    "email": (N_("Email"), Kind.TEXT),
    "address": (N_("Address"), Kind.TEXT),
}


class CustomersPage(TablePage):
    """Buyers: who they are, what they bought, what was said with them."""

    name = "customers"
    title = N_("Customers")
    topics = frozenset({"customers", "orders", "reviews", "channels", "settings"})
    search_hint = N_("Name, phone, tag, initials")
    noun = (N_("{n} customer"), N_("{n} customers"))
    empty = (N_("No customers yet"), N_("Buyers appear here with the first orders that are imported."))
    drawer_size = "drawer_wide"
    _person_acts: PersonActs | None = None
    source = Source(table="customers", rows=store.ROWS, search="customers")
    columns = COLUMNS
    views = (
        View("all", N_("All"), sort="-last_order"),
        View("repeat", N_("Repeat"), where="orders > 1", sort="-last_order"),
        View("overdue", N_("Past rhythm"), where="due_at < :today", sort="-due_at", tone="warn"),
        View("new", N_("New"), where="first_order >= :new_since", sort="-last_order"),
        View(
            "birthdays",
            N_("Birthdays"),
            where="birthday_key IN (SELECT value FROM json_each(:coming_birthdays))",
            sort="birthday",
            columns=("shown_name", "tags", "birthday", "last_order", "orders", "spent", "phone"),
        ),
    )
    first_view = "all"
    history_words = _TOLD
    filters = (
        Filter("channel", N_("Channel"), "channel_id = :value", choices=store.channel_choices),
        Filter(
            "tag",
            N_("Tag"),
            "tags <> '[]' AND EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.value = :value)",
            choices=store.tag_choices,
        ),
    )

    def params(self) -> dict[str, object]:
        """What the views compare with."""
        return store.view_params(self.shop.reader())

    def fact(self, con: Connection) -> str:
        """How many come back."""
        share = store.share_of_repeat(con)
        return tr("{share}% buy again", share=share) if share is not None else ""

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Everything that can be done here."""
        one, some = Needs.ONE, Needs.SOME
        return (
            Action("customers.add", N_("Add customer"), "add", self._on_add, "Ctrl+N", Place.PRIMARY),
            Action("customers.import", N_("Import"), "import", partial(go_to_import, self), place=Place.SECONDARY),
            Action("customers.talk", N_("Log a talk"), "talk", self._on_talk, "Ctrl+L", Place.MENU, one),
            Action(
                "customers.greet", N_("Log a greeting"), "gift", self._on_greet, "Ctrl+Shift+L", Place.MENU, Needs.ONE
            ),
            Action("customers.edit", N_("Edit"), "by_hand", self._on_edit, "F4", Place.MENU, one),
            Action("customers.tag", N_("Add tags"), "price_mark", self._on_tag, "Ctrl+T", Place.MAIN, some),
            Action("customers.copy", N_("Copy name"), "copy", self._on_copy, "Ctrl+C", Place.MENU, one, reads=True),
            Action(
                "customers.about",
                N_("Everything about this person…"),
                "user",
                lambda ids: self._acts_on_persons().about(ids),
                place=Place.MENU,
                needs=one,
                reads=True,
            ),
            Action(
                "customers.erase",
                N_("Erase this person…"),
                "delete",
                lambda ids: self._acts_on_persons().ask(ids),
                "",
                Place.MENU,
                one,
                tone="bad",
            ),
            Action(
                "customers.erased", N_("Erased persons"), "clock", lambda: self._acts_on_persons().listed(), reads=True
            ),
            Action(
                "customers.find_past",
                N_("Erase somebody who is not listed…"),
                "search",
                lambda: self._acts_on_persons().find(),
                tone="bad",
            ),
            Action("customers.delete", N_("Delete"), "delete", self._on_delete, "Del", Place.MENU, some, tone="bad"),
        )

    def currencies(self, con: Connection, ids: list[int] | None) -> list[str]:
        """Those in which the listed buyers pay."""
        return store.currencies(con, ids)

    def record(self, con: Connection, record_id: int) -> Record | None:
        """The buyer's drawer."""
        found = store.customer(con, record_id)
        if found is None:
            return None
        return Record(
            Heading(tr("Customer")),
            Person("", found.name, sub=_who(found), tag=found.tags[0] if found.tags else ""),
            Facts(_figures(found), columns=True),
            Note("", found.note),
            Buttons(("customers.talk", "customers.greet", "customers.edit")),
            Facts(_details(found)),
            Timeline("customer", record_id, title=tr("One time line"), chips=True, delete=self._on_delete_contact),
            history=("customers", record_id),
        )

    def put_away(self) -> None:
        """The shop is being closed."""
        if self._person_acts is not None:
            self._person_acts.put_away()
        super().put_away()

    def _acts_on_persons(self) -> PersonActs:
        from shopdesk.customers.person_acts_view import PersonActs  # loaded when it is wanted

        if self._person_acts is None:
            self._person_acts = PersonActs(self)
        return self._person_acts

    # what the actions do

    def _on_add(self) -> None:
        if self.needs_channel():
            self.show_form(customer_form(self.shop, None, self._saved_new))

    def _saved_new(self, values: dict[str, object]) -> None:
        self.open(told(self, lambda: store.add_customer(self.shop, **values)))  # type: ignore[arg-type]

    def _on_edit(self, ids: list[int]) -> None:
        found = store.customer(self.shop.reader(), ids[0])
        if found is None:
            return

        def save(changes: dict[str, object]) -> None:
            told(self, lambda: store.edit_customer(self.shop, customer_id=found.id, **changes))

        self.show_form(customer_form(self.shop, found, save))

    def _on_talk(self, ids: list[int]) -> None:
        self._log(ids[0], Contact.TALK)

    def _on_greet(self, ids: list[int]) -> None:
        self._log(ids[0], Contact.GREETING)

    def _log(self, customer_id: int, kind: Contact) -> None:
        def save(kind: Contact, text: str, at: str | None) -> None:
            told(self, lambda: store.log_contact(self.shop, customer_id=customer_id, kind=kind, text=text, at=at))

        self.show_form(contact_form(kind, save))

    def _on_delete_contact(self, note_id: int) -> None:
        self.do(lambda: store.delete_contact(self.shop, note_id=note_id))

    def _on_tag(self, ids: list[int]) -> None:
        def save(add: list[str], remove: list[str]) -> None:
            act_on(self, ids, lambda: store.tag_customers(self.shop, ids=ids, add=add, remove=remove))

        self.show_form(tags_form(self.shop, len(ids), save))

    def _on_copy(self, ids: list[int]) -> None:
        found = store.customer(self.shop.reader(), ids[0])
        if found is not None:
            QGuiApplication.clipboard().setText(found.name)

    def _on_delete(self, ids: list[int]) -> None:
        act_on(self, ids, lambda: store.delete_customers(self.shop, ids=ids))


def _who(found: Customer) -> str:
    tail = model.phone_tail(found.phone)
    phone = tr("phone …{tail}", tail=tail) if tail else ""
    return " · ".join(part for part in (platform_name(found.platform), found.region, phone) if part)


def _figures(found: Customer) -> list[Fact]:
    late = bool(found.due_at) and str(found.due_at) < clock.today().isoformat()
    rhythm = trn("{n} day", "{n} days", found.rhythm_days) if found.rhythm_days else "—"
    return [
        Fact(tr("Orders"), f"{found.orders:,}"),
        Fact(tr("Spent"), money.show(found.spent, found.currency)),
        Fact(tr("Buys every"), rhythm),
        Fact(tr("Next due"), dates.show_day(found.due_at) if found.due_at else "—", tone="warn" if late else ""),
    ]


def _details(found: Customer) -> list[Fact]:
    known = (
        (tr("Name on the channel"), found.handle if found.handle != found.name else ""),
        (tr("Phone"), found.phone),
        (tr("Email"), found.email),
        (tr("Address"), found.address),
        (tr("Birthday"), spoken_birthday(found.birthday) if found.birthday else ""),
        (tr("Sex"), tr(model.SEXES[found.sex]) if found.sex else ""),
        (tr("Tags"), ", ".join(found.tags) if len(found.tags) > 1 else ""),
    )
    return [Fact(label, value) for label, value in known if value]


PAGE = CustomersPage
