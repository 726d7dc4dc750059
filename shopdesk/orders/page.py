"""The Orders page: what must leave first, and everything that is done with an order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from shopdesk.core import money
from shopdesk.core.words import N_, trn
from shopdesk.orders import editing, returning, store, verbs
from shopdesk.orders.columns_view import COLUMNS
from shopdesk.orders.model import Problem, ReturnKind, leave_by, to_pay
from shopdesk.orders.pasting import Match, pasted_rows
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.columns import Filter, Source, View
from shopdesk.ui.doing import act_on, go_to_import, told, told_on
from shopdesk.ui.offers import Offers
from shopdesk.ui.page import TablePage

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.orders.records import Draft, Order
    from shopdesk.ui.drawer import Record
    from shopdesk.ui.form import Form

_FLAGGED = ("items", "number", "buyer", "problem_note", "paid", "ship_by", "status")
_UNPAID = ("items", "number", "buyer", "pieces", "owed", "created_at", "status")
_SENT = ("items", "number", "buyer", "pieces", "paid", "shipped_at", "parcel", "status")
_RETURNED = ("items", "number", "buyer", "paid", "refunded", "paid_at", "status")


def _forms() -> Any:
    """The forms, loaded when the first one opens: they cost start-up time."""
    from shopdesk.orders import dialogs

    return dialogs


class OrdersPage(TablePage):
    """Lists orders."""

    name = "orders"
    title = N_("Orders")
    topics = frozenset({"orders", "stock", "customers", "channels", "settings"})
    search_hint = N_("Order, buyer, initials")
    noun = (N_("{n} order"), N_("{n} orders"))
    empty = (N_("No orders yet"), N_("Orders appear here after an import, or when you add one."))
    source = Source("orders", store.ROWS, search="orders")
    columns = COLUMNS
    views = (
        View("to_ship", N_("To ship today"), store.TO_SHIP_TODAY, sort="ship_by"),
        View("late", N_("Late"), store.LATE, sort="ship_by", tone="bad"),
        View("problem", N_("Problem"), store.PROBLEM, "ship_by", "warn", columns=_FLAGGED, index="orders_problem"),
        View("unpaid", N_("Unpaid"), store.UNPAID, sort="-created_at", columns=_UNPAID),
        View("shipped", N_("Shipped"), store.SHIPPED, sort="-shipped_at", columns=_SENT),
        View("done", N_("Done"), store.DONE, sort="-paid_at", columns=_SENT),
        View("returned", N_("Returned"), store.RETURNED, sort="-paid_at", columns=_RETURNED, index="orders_refunds"),
        View("all", N_("All"), sort="-paid_at"),
    )
    first_view = "to_ship"
    filters = (
        Filter("channel", N_("Channel"), "channel_id = :value", store.channel_choices),
        Filter("status", N_("Status"), "status = :value", store.status_choices),
    )

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Everything that can be done here; single keys work while the table has the keyboard."""
        some, one = Needs.SOME, Needs.ONE
        offers = Offers(self, store.fitting)
        waiting, open_ = offers.some("to_ship"), offers.some("unpaid", "to_ship")
        unpaid, sent, flagged = offers.some("unpaid"), offers.some("shipped"), offers.some("flagged")
        sold, paid = offers.one("sold"), offers.one("refundable")
        return (
            Action("orders.import", N_("Import orders"), "import", partial(go_to_import, self), place=Place.PRIMARY),
            Action("orders.add", N_("Add order"), "add", self._on_add, "Ctrl+N", Place.SECONDARY),
            Action("orders.paste", N_("Paste tracking numbers"), "paste", self._on_paste, "Ctrl+Shift+V"),
            Action("orders.flag", N_("Flag problem"), "flag", self._on_flag, "!", Place.SELECTION, some),
            Action("orders.ship", N_("Mark shipped"), "ship", self._on_ship, "Ctrl+Return", Place.MAIN, some,
                   enabled=waiting),
            Action("orders.ship_this", N_("Ship"), "ship", self._on_ship, "", Place.DRAWER, one),
            Action("orders.clear", N_("Clear flag"), "tick", self._on_clear, "u", Place.MENU, some, enabled=flagged),
            Action("orders.pay", N_("Mark paid"), "money", self._on_pay, "p", Place.MENU, some, enabled=unpaid),
            Action("orders.pay_this", N_("Paid"), "money", self._on_pay, "", Place.DRAWER, one),
            Action("orders.done", N_("Mark done"), "done", self._on_done, "d", Place.MENU, some, enabled=sent),
            Action("orders.done_this", N_("Done"), "done", self._on_done, "", Place.DRAWER, one),
            Action("orders.edit", N_("Edit order"), "by_hand", self._on_edit, "e", Place.MENU, one),
            Action("orders.note", N_("Add note"), "note", self._on_note, "n", Place.MENU, one),
            Action("orders.return", N_("Open return"), "back_to", self._on_return, "r", Place.MENU, one, enabled=sold),
            Action("orders.refund", N_("Refund"), "money", self._on_refund, "f", Place.MENU, one, enabled=paid),
            Action("orders.copy", N_("Copy order number"), "copy", self._on_copy, "Ctrl+C", Place.MENU, some,
                   reads=True),
            Action("orders.close", N_("Close order"), "close", self._on_close, "x", Place.MENU, some, enabled=open_),
            Action("orders.delete", N_("Delete"), "delete", self._on_delete, "Del", Place.MENU, some, tone="bad"),
        )  # fmt: skip

    def fact(self, con: Connection) -> str:
        """How many must still leave today, and until when."""
        number, until = store.due_today(con)
        if not number:
            return ""
        return trn("{n} must leave by {time}", "{n} must leave by {time}", number, time=leave_by(until))

    def selected_fact(self, con: Connection, ids: list[int]) -> str:
        """Pieces and sums of the chosen orders."""
        pieces, sums = store.selected_sums(con, ids)
        paid = " + ".join(money.show(amount, currency) for currency, amount, owed in sums if amount or not owed)
        owed = " + ".join(to_pay(amount, currency) for currency, _, amount in sums if amount)
        return " · ".join(part for part in (trn("{n} item", "{n} items", pieces), paid, owed) if part)

    def currencies(self, con: Connection, ids: list[int] | None) -> list[str]:
        """Those of the orders listed."""
        return store.currencies(con, ids)

    def record(self, con: Connection, record_id: int) -> Record | None:
        """The drawer of an order."""
        from shopdesk.orders.record_view import order_record  # loaded when the drawer first opens

        return order_record(con, record_id, self)

    # forms

    def _open_form(self, form: Form) -> None:
        """Show a form; when it goes, the record that was open before comes back."""
        behind = self.current_id() if self.drawer is not None and self.drawer.isVisible() else None
        self.show_form(form)
        if behind is not None:
            form.closed.connect(lambda: self._come_back(behind))
            form.saved.connect(lambda: self._come_back(behind))

    def _come_back(self, record_id: int) -> None:
        if self.rows.row_of(record_id) >= 0:
            self.show_record(record_id)

    def _order(self, order_id: int) -> Order | None:
        return store.order(self.shop.reader(), order_id)

    # acts

    def _on_add(self) -> None:
        if not self.needs_channel():
            return
        added: list[int] = []

        def save(draft: Draft) -> None:
            added.append(told(self, lambda: editing.add_order(self.shop, draft=draft)))

        form = _forms().order_form(self.shop.reader(), None, save)
        self._open_form(form)
        form.saved.connect(lambda: self.show_record(added[-1]))

    def _on_edit(self, ids: list[int]) -> None:
        order = self._order(ids[0])
        if order is not None:
            self._open_form(
                _forms().order_form(
                    self.shop.reader(), order,
                    lambda draft: told(self,
                        lambda: editing.edit_order(self.shop, order_id=ids[0], draft=draft)
                    ),
                )
            )  # fmt: skip

    def _on_ship(self, ids: list[int]) -> None:
        def save(values: dict[str, Any]) -> None:
            given = {name: str(values.get(name) or "") for name in ("courier", "tracking")}
            told_on(self, ids, lambda: verbs.ship_orders(self.shop, ids=ids, **given))

        self._open_form(_forms().ship_form(self.shop.reader(), ids, save))

    def _on_paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        rows = pasted_rows(text) if len(text) < 1_000_000 else []
        useful = any(row.tracking for row in rows)
        self._open_form(_forms().PasteForm(self.shop.reader(), text if useful else "", self._ship_pasted))

    def _ship_pasted(self, matches: list[Match], courier: str) -> None:
        told_on(self, matches, lambda: verbs.ship_pasted(self.shop, matches=matches, courier=courier))

    def _on_flag(self, ids: list[int]) -> None:
        def save(values: dict[str, Any]) -> None:
            kind = Problem.named(str(values["kind"]))
            told_on(self, ids, lambda: verbs.flag_problem(self.shop, ids=ids, kind=kind, note=str(values["note"])))

        self._open_form(_forms().flag_form(ids, self._order(ids[0]) if len(ids) == 1 else None, save))

    def _on_clear(self, ids: list[int]) -> None:
        self.do(lambda: verbs.clear_problem(self.shop, ids=ids))

    def _on_pay(self, ids: list[int]) -> None:
        def save(values: dict[str, Any]) -> None:
            told_on(self, ids, lambda: verbs.mark_paid(self.shop, ids=ids, paid=values.get("paid"), at=values["at"]))

        self._open_form(_forms().paid_form(self.shop.reader(), ids, save))

    def _on_done(self, ids: list[int]) -> None:
        self.do(lambda: verbs.mark_done(self.shop, ids=ids))

    def _on_close(self, ids: list[int]) -> None:
        def save(values: dict[str, Any]) -> None:
            told_on(self, ids, lambda: verbs.close_orders(self.shop, ids=ids, note=str(values["note"])))

        self._open_form(_forms().close_form(ids, save))

    def _on_note(self, ids: list[int]) -> None:
        order = self._order(ids[0])
        if order is not None:
            self._open_form(
                _forms().note_form(
                    order,
                    lambda values: told(
                        self, lambda: verbs.add_note(self.shop, order_id=order.id, note=str(values["note"]))
                    ),
                )
            )

    def _on_copy(self, ids: list[int]) -> None:
        orders = (self._order(order_id) for order_id in ids[:1000])
        QGuiApplication.clipboard().setText("\n".join(order.number for order in orders if order))

    def _on_delete(self, ids: list[int]) -> None:
        act_on(self, ids, lambda: verbs.delete_orders(self.shop, ids=ids))

    # returns

    def _on_return(self, ids: list[int]) -> None:
        order = self._order(ids[0])
        if order is None:
            return

        def save(values: dict[str, Any]) -> None:
            pieces = {line.id: int(values[f"line{line.id}"] or 0) for line in order.lines if f"line{line.id}" in values}
            kind = ReturnKind.named(str(values["kind"]))
            given = {name: values[name] for name in ("amount", "reason", "note")}
            told(self, lambda: returning.open_return(self.shop, order_id=order.id, kind=kind, pieces=pieces, **given))

        self._open_form(_forms().return_form(order, save))

    def _on_refund(self, ids: list[int]) -> None:
        order = self._order(ids[0])
        if order is None:
            return

        def save(values: dict[str, Any]) -> None:
            told(self,
                lambda: returning.refund_order(
                    self.shop, order_id=order.id, amount=int(values["amount"]), reason=str(values["reason"]),
                    close=bool(values.get("close")),
                )
            )  # fmt: skip

        self._open_form(_forms().refund_form(order, None, save))

    def clear_flag(self, order_id: int) -> None:
        """Take the flag off the order in the drawer."""
        self._on_clear([order_id])

    def receive(self, return_id: int, *, restock: bool) -> None:
        """The goods of a return came back."""
        self.do(lambda: returning.receive_return(self.shop, return_id=return_id, restock=restock))

    def exchange(self, return_id: int) -> None:
        """Settle a return with other goods."""
        self.do(lambda: returning.exchange_return(self.shop, return_id=return_id))

    def refund(self, order_id: int, return_id: int) -> None:
        """Ask how much of a return goes back."""
        order = self._order(order_id)
        found = next((one for one in order.returns if one.id == return_id), None) if order else None
        if order is not None and found is not None:
            self._open_form(
                _forms().refund_form(
                    order, found,
                    lambda values: told(self,
                        lambda: returning.refund_return(
                            self.shop, return_id=return_id, amount=int(values["amount"])
                        )
                    ),
                )
            )  # fmt: skip

    def refuse(self, order_id: int, return_id: int) -> None:
        """Ask why a return is refused."""
        order = self._order(order_id)
        found = next((one for one in order.returns if one.id == return_id), None) if order else None
        if found is not None:
            self._open_form(
                _forms().refuse_form(
                    found,
                    lambda values: told(
                        self, lambda: returning.refuse_return(self.shop, return_id=return_id, note=str(values["note"]))
                    ),
                )
            )


PAGE = OrdersPage
