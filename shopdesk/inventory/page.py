"""The Inventory tab: every SKU with its stock, its sales and how long it lasts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from shopdesk.core import money, settings
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_, tr, trn
from shopdesk.inventory import dialogs, record_view, store, verbs
from shopdesk.inventory.columns_view import COLUMNS
from shopdesk.inventory.model import Move
from shopdesk.inventory.picture_widgets import FILE_FILTER
from shopdesk.ui.actions import Action, Needs, Place
from shopdesk.ui.columns import Filter, Kind, Source, View
from shopdesk.ui.doing import act_on, told, told_on
from shopdesk.ui.offers import Offers
from shopdesk.ui.page import TablePage
from shopdesk.ui.picture_reading import read_picture
from shopdesk.ui.start_folder import start_folder

if TYPE_CHECKING:
    from shopdesk.core.sqlite import Connection
    from shopdesk.inventory.model import Sku
    from shopdesk.ui.drawer import Record

_TOLD = {
    "options": (N_("Options"), Kind.QUIET),
    "note": (N_("Note"), Kind.QUIET),
    "tags": (N_("Tags"), Kind.TAG),
}
"""What the history of a SKU tells beside the columns."""
_LIMITS = ("name", "code", "shelf", "on_hand", "held", "available", "sold", "cover", "min_qty", "max_qty")
"""The columns of the views that compare with the minimum and the maximum."""


class InventoryPage(TablePage):
    """SKUs in a table; the drawer tells of one; stock is booked and facts are changed from here."""

    name = "inventory"
    title = N_("Inventory")
    topics = frozenset({"skus", "stock", "orders", "products", "settings"})
    search_hint = N_("Product, SKU, shelf, initials")
    noun = (N_("{n} SKU"), N_("{n} SKUs"))
    empty = (N_("No products yet"), N_("They come with an import of products, stock or orders, or by hand."))
    source = Source("skus", store.ROWS, search="skus")
    columns = COLUMNS
    views = (
        View("all", N_("All"), sort="cover"),
        View("below", N_("Below minimum"), where=store.BELOW, sort="cover", tone="warn", columns=_LIMITS),
        View("sold_out", N_("Sold out"), where=store.SOLD_OUT, sort="cover", tone="bad"),
        View("unknown", N_("Never counted"), where=store.UNKNOWN, sort="-sold"),
        View("over", N_("Overstock"), where=store.OVER, sort="-cover", columns=_LIMITS),
    )
    first_view = "all"
    history_words = _TOLD
    filters = (
        Filter("tag", N_("Tag"), store.WITH_TAG, choices=store.tag_choices),
        Filter("channel", N_("Channel"), "channel_id = :value", choices=store.channel_choices),
    )

    def params(self) -> dict[str, object]:
        """The usual lead time, for SKUs that have none of their own."""
        return {"lead_days": settings.number(self.shop.reader(), "lead_days")}

    def fact(self, con: Connection) -> str:
        """How many SKUs, and what lies on the shelves at cost."""
        said = [trn("{n} SKU", "{n} SKUs", store.sku_count(con))]
        for currency, (cost, lacking) in store.stock_value(con).items():
            if cost:
                said.append(tr("cost {money}", money=money.show(cost, currency, minor_digits=False)))
            if cost and lacking:
                said.append(trn("{n} without a cost", "{n} without a cost", lacking))
        return " · ".join(said)

    def selected_fact(self, con: Connection, ids: list[int]) -> str:
        """What lies on the shelves of the selection."""
        pieces, unknown = store.pieces(con, ids)
        said = [trn("{n} on hand", "{n} on hand", pieces)]
        if unknown:
            said.append(trn("{n} never counted", "{n} never counted", unknown))
        return " · ".join(said)

    def actions(self) -> tuple[Action, ...]:  # type: ignore[override]
        """Booking, changing, adding, pictures."""
        one, some = Needs.ONE, Needs.SOME
        offers = Offers(self, store.fitting)
        book = {move: partial(self._on_book, move) for move in Move}
        return (
            Action("inventory.add", N_("Add product"), "add", self._on_add, "Ctrl+N", Place.PRIMARY),
            Action("inventory.count", N_("Count"), "count_stock", book[Move.COUNT], "=", Place.SECONDARY, one),
            Action("inventory.receive", N_("Receive"), "import", book[Move.RECEIVE], "+", Place.MENU, one),
            Action("inventory.adjust", N_("Adjust"), "by_hand", book[Move.ADJUST], "~", Place.MENU, one),
            Action("inventory.damage", N_("Write off"), "damaged", book[Move.DAMAGE], "-", Place.MENU, one),
            Action("inventory.return", N_("Back to stock"), "back_to", book[Move.RETURN], "<", Place.MENU, one),
            Action("inventory.bulk", N_("Edit all selected"), "by_hand", self._on_bulk, "Ctrl+Return", Place.MAIN,
                   some),
            Action("inventory.edit", N_("Edit SKU"), "by_hand", self._on_edit, "F4", Place.MENU, one),
            Action("inventory.edit_product", N_("Edit product"), "note", self._on_product, "Shift+F4", Place.MENU, one),
            Action("inventory.variant", N_("Add variant"), "add", self._on_variant, "Ctrl+Shift+N", Place.MENU, one),
            Action("inventory.picture", N_("Set picture"), "picture_mark", self._on_picture, "Ctrl+Shift+I",
                   Place.MENU, one),
            Action("inventory.product_picture", N_("Set picture of all variants"), "picture_mark",
                   self._on_product_picture, "Ctrl+Alt+I", Place.MENU, one),
            Action("inventory.no_picture", N_("Remove picture"), "close", self._on_no_picture, "Ctrl+Alt+Backspace",
                   Place.MENU, one, enabled=offers.one("pictured")),
            Action("inventory.holding", N_("Show open orders"), "orders", self._on_holding, "Ctrl+Shift+O",
                   Place.MENU, one, enabled=offers.one("held"), reads=True),
            Action("inventory.copy", N_("Copy SKU"), "copy", self._on_copy, "Ctrl+C", Place.MENU, one, reads=True),
            Action("inventory.delete", N_("Delete"), "delete", self._on_delete, "Del", Place.MENU, some, tone="bad"),
        )  # fmt: skip

    def build(self) -> None:
        """Remember which SKU's whole stock journal is open, and which SKU was just added."""
        self._long_journal = 0
        self._new = 0
        super().build()

    def record(self, con: Connection, record_id: int) -> Record | None:
        """One SKU: picture, stock, facts, variants, stock journal."""
        return record_view.record(con, record_id, page=self, long_journal=self._long_journal == record_id)

    def show_whole_journal(self, sku_id: int) -> None:
        """The drawer lists the newest 50 lines instead of the newest few."""
        self._long_journal = sku_id
        self.show_record(sku_id)

    # booking

    def _on_book(self, move: Move, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        if sku is not None:
            self.show_form(dialogs.BookForm(sku, move, partial(self._save_booking, sku.id)))

    def _save_booking(self, sku_id: int, values: dict[str, object]) -> None:
        move, qty, note, at = values["move"], values["qty"], str(values["note"]), dialogs.booked_at(values["at"])
        assert isinstance(move, Move)
        assert isinstance(qty, int)
        told(self, lambda: verbs.book(self.shop, sku_id=sku_id, move=move, qty=qty, note=note, at=at))

    # changing

    def _on_edit(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        if sku is not None:
            self.show_form(dialogs.edit_sku_form(sku, partial(self._save_sku, sku.id)))

    def _save_sku(self, sku_id: int, values: dict[str, object]) -> None:
        told(self, partial(verbs.edit_sku, self.shop, sku_id=sku_id, values=values))

    def change_cell(self, sku_id: int, column: str, value: object) -> None:
        """Write one cell. Raises ShopError."""
        verbs.edit_sku(self.shop, sku_id=sku_id, values={column: value})

    def _on_product(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        product = store.product(self.shop.reader(), sku.product_id) if sku else None
        if product is not None:
            variants = len(store.variants(self.shop.reader(), product.id))
            self.show_form(dialogs.product_form(product, variants, partial(self._save_product, product.id)))

    def _save_product(self, product_id: int, values: dict[str, object]) -> None:
        told(self, partial(verbs.edit_product, self.shop, product_id=product_id, values=values))

    def _on_bulk(self, ids: list[int]) -> None:
        skus = store.skus(self.shop.reader(), ids)
        if skus:
            self.show_form(dialogs.bulk_form(skus, partial(self._save_bulk, [sku.id for sku in skus])))

    def _save_bulk(self, ids: list[int], values: dict[str, object]) -> None:
        change = partial(
            verbs.edit_skus,
            self.shop,
            ids=ids,
            values=dialogs.bulk_values(values),
            add_tags=_words(values["add_tags"]),
            remove_tags=_words(values["remove_tags"]),
        )
        told_on(self, ids, change)

    def _on_delete(self, ids: list[int]) -> None:
        act_on(self, ids, partial(verbs.delete_skus, self.shop, ids=ids))

    # adding

    def _on_add(self) -> None:
        currency = settings.text(self.shop.reader(), "currency")
        self.show_form(dialogs.add_product_form(currency, self._save_new_product))

    def _save_new_product(self, values: dict[str, object]) -> None:
        product = {name: values.pop(name) for name in ("name", "category", "note")}
        self._show_new(partial(verbs.add_product, product=product), values)

    def _on_variant(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        product = store.product(self.shop.reader(), sku.product_id) if sku else None
        if sku is not None and product is not None:
            save = partial(self._save_variant, product.id)
            self.show_form(dialogs.add_variant_form(product, sku.currency, save))

    def _save_variant(self, product_id: int, values: dict[str, object]) -> None:
        self._show_new(partial(verbs.add_variant, product_id=product_id), values)

    def _show_new(self, add: Callable[..., int], values: dict[str, object]) -> None:
        level = values.pop("level")
        found = level if isinstance(level, int) else None
        self._new = told(self, lambda: add(self.shop, sku=values, level=found))

    def on_form_closed(self) -> None:
        """Go on to what was just added."""
        super().on_form_closed()
        new, self._new = self._new, 0
        if new:
            self.show_record(new)

    # pictures

    def _on_picture(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        if sku is not None:
            alone = len(store.variants(self.shop.reader(), sku.product_id)) == 1
            self.choose_picture(sku.id, whole_product=alone)

    def _on_product_picture(self, ids: list[int]) -> None:
        self.choose_picture(ids[0], whole_product=True)

    def choose_picture(self, sku_id: int, *, whole_product: bool) -> None:
        """Ask for a picture file."""
        chooser = QFileDialog(self, tr("Choose a picture"), str(start_folder(self)), tr(FILE_FILTER))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(lambda name: self.take_picture(sku_id, Path(name), whole_product=whole_product))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def take_picture(self, sku_id: int, path: Path, *, whole_product: bool) -> None:
        """Read a picture file in the background and keep it."""
        self.worker.submit(
            lambda _con: read_picture(path),
            partial(self._keep_picture, sku_id, whole_product),
            self._on_picture_refused,
        )

    def _keep_picture(self, sku_id: int, whole_product: bool, data: bytes) -> None:
        self.do(partial(verbs.set_picture, self.shop, sku_id=sku_id, data=data, whole_product=whole_product))

    def _on_picture_refused(self, error: Exception) -> None:
        if not isinstance(error, ShopError):
            raise error
        self.messages.error(error)

    def _on_no_picture(self, ids: list[int]) -> None:
        self.do(partial(verbs.set_picture, self.shop, sku_id=ids[0], data=None))

    # elsewhere

    def _on_holding(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        if sku is not None:
            self.open_requested.emit("orders", record_view.holding(sku))

    def _on_copy(self, ids: list[int]) -> None:
        sku = self._sku(ids[0])
        if sku is not None:
            QGuiApplication.clipboard().setText(sku.code or sku.title)
            self.messages.info(tr("Copied “{what}”", what=sku.code or sku.title))

    def _sku(self, sku_id: int) -> Sku | None:
        return store.sku(self.shop.reader(), sku_id)


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []


PAGE = InventoryPage
