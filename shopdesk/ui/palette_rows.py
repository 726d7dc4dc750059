"""The rows of the palette: what they hold and how they are painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from shopdesk.ui.icons import draw_glyph
from shopdesk.ui.overrides import guarded
from shopdesk.ui.text import caps_width, draw_caps
from shopdesk.ui.theme import theme

WIDTH, ROW, GROUP_ROW = 600, 31, 24
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
CAPS = ("text_2", "line_strong", "surface")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it is, what it does, its key, and which parts of the title match."""

    group: str
    title: str
    run: Callable[[], None]
    icon: str = ""
    sub: str = ""
    keys: str = ""
    spans: tuple[tuple[int, int], ...] = field(default=())


class Rows(QAbstractListModel):
    """Entries with a heading before each group; headings cannot be chosen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Entry | str] = []

    def show(self, entries: Sequence[Entry], *, nothing: str = "") -> None:
        """Show other entries, grouped in the order in which the groups come first; or say ``nothing``."""
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.group, []).append(entry)
        self.beginResetModel()
        self._rows = []
        for heading, members in groups.items():
            self._rows.append(heading)
            self._rows.extend(members)
        if not self._rows and nothing:
            self._rows.append(nothing)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None for a heading."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Entry) else None

    def heading(self, row: int) -> str:
        """The heading of a row."""
        found = self._rows[row]
        return found if isinstance(found, str) else ""

    def height(self) -> int:
        """How high all rows are together, px."""
        return sum(ROW if isinstance(row, Entry) else GROUP_ROW for row in self._rows)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of a row, for screen readers; the delegate paints from the entry."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        entry = self.entry(index.row())
        if entry is None:
            return self.heading(index.row())
        return " ".join(part for part in (entry.title, entry.sub, entry.keys) if part)

    @guarded
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only entries can be chosen."""
        if self.entry(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowPainter(QStyledItemDelegate):
    """Paints headings and entries."""

    @guarded
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings are lower than entries."""
        model = index.model()
        heading = isinstance(model, Rows) and model.entry(index.row()) is None
        return QSize(WIDTH - 2, GROUP_ROW if heading else ROW)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, Rows):
            return
        box = QRectF(option.rect)
        entry = model.entry(index.row())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().colour("text_3"))
            painter.drawText(box.adjusted(16, 4, 0, 0), Qt.AlignmentFlag.AlignVCenter, model.heading(index.row()))
        else:
            self._entry(painter, box, entry, bool(option.state & QStyle.StateFlag.State_Selected))

    def _entry(self, painter: QPainter, box: QRectF, entry: Entry, current: bool) -> None:
        if current:
            painter.fillRect(box, theme().colour("selected"))
            painter.fillRect(QRectF(box.left(), box.top(), 2, box.height()), theme().colour("accent"))
        if entry.icon:
            glyph_box = QRectF(box.left() + 16, box.top(), 17, box.height())
            draw_glyph(painter, glyph_box, entry.icon, "accent" if current else "text_2", 17)
        right = box.right() - 16
        if entry.keys:
            draw_caps(painter, right, box.center().y(), entry.keys, CAPS)
            right -= caps_width(entry.keys) + 12
        left = self._words(painter, box, entry, right)
        if entry.sub:
            painter.setFont(theme().font("small"))
            painter.setPen(theme().colour("text_2"))
            room = QRectF(left + 10, box.top(), right - left - 10, box.height())
            said = theme().metrics("small").elidedText(entry.sub, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)

    def _words(self, painter: QPainter, box: QRectF, entry: Entry, right: float) -> float:
        """Draw the title with what matches strong and blue; where it ends."""
        left = box.left() + 42
        for text, strong in _pieces(entry.title, entry.spans):
            metrics = theme().metrics("body", strong)
            room = right - left
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(room)))
            painter.setFont(theme().font("body", strong))
            painter.setPen(theme().colour("accent" if strong else "text"))
            painter.drawText(QRectF(left, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, said)
            left += metrics.horizontalAdvance(said)
        return left


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces, at = [], 0
    for start, length in spans:
        if start < at:
            continue
        pieces.append((text[at:start], False))
        pieces.append((text[start : start + length], True))
        at = start + length
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
