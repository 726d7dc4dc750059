"""The right half of the Reviews page: the review, or a form in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shopdesk.reviews.detail_view import ReviewDetail
from shopdesk.ui.form import Form
from shopdesk.ui.text import PlainLabel
from shopdesk.ui.theme import hline, styled

if TYPE_CHECKING:
    from shopdesk.ui.page import TablePage


class ReviewSide(QStackedWidget):
    """The detail, or a form in its place."""

    def __init__(self, page: TablePage) -> None:
        super().__init__()
        self.detail = ReviewDetail(page)
        self.form: Form | None = None
        self._box: QWidget | None = None
        self.addWidget(self.detail)

    def show_record(self, record_id: int) -> None:
        """Show a review; a form gives way when nothing was typed into it."""
        found = self.detail.review
        if self.form is not None and not self.form.touched() and (found is None or found.id != record_id):
            self.close_form()
        self.detail.show_record(record_id)

    def clear(self) -> None:
        """Show nothing."""
        self.detail.clear()

    def show_form(self, form: Form) -> None:
        """Put a form in the place of the detail and give it the keyboard."""
        self.close_form()
        self.form = form
        self._box = _framed(form)
        self.addWidget(self._box)
        self.setCurrentWidget(self._box)
        form.closed.connect(self.close_form)
        form.saved.connect(self.close_form)
        form.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Put the form away."""
        if self._box is None:
            return
        self.setCurrentWidget(self.detail)
        self.removeWidget(self._box)
        self._box.deleteLater()
        self.form = self._box = None


def _framed(form: Form) -> QWidget:
    whole = styled(QWidget(), "surface")
    column = QVBoxLayout(whole)
    column.setContentsMargins(8, 10, 0, 0)
    column.setSpacing(8)
    title = PlainLabel(form.title, "heading", strong=True)
    title.setContentsMargins(14, 0, 0, 0)
    column.addWidget(title)
    column.addWidget(hline())
    form.setMaximumWidth(640)
    column.addWidget(form, 1)
    return whole
