"""The one place that knows colours, sizes and fonts: tokens in, palette and stylesheet out."""

import json
import re
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from shopdesk.core.paths import resource
from shopdesk.ui.fonts import make_font

W = TypeVar("W", bound=QWidget)

MODES = ("system", "light", "dark")
ROWS = ("dense", "compact", "roomy")
_PALETTE = (
    (QPalette.ColorRole.Window, "page"),
    (QPalette.ColorRole.Base, "surface"),
    (QPalette.ColorRole.AlternateBase, "sunken"),
    (QPalette.ColorRole.Button, "surface"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.PlaceholderText, "text_3"),
    (QPalette.ColorRole.Highlight, "selected"),
    (QPalette.ColorRole.HighlightedText, "text"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Light, "surface"),
    (QPalette.ColorRole.Midlight, "line"),
    (QPalette.ColorRole.Mid, "line_strong"),
    (QPalette.ColorRole.Dark, "control"),
    (QPalette.ColorRole.ToolTipBase, "tip"),
    (QPalette.ColorRole.ToolTipText, "on_tip"),
)
_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


class Theme(QObject):
    """Holds the tokens; delegates and charts ask it while they paint, so a switch shows at once.

    Signals: ``recoloured`` when other colours are in force, then ``changed``, also after another row height.
    """

    recoloured = Signal()
    changed = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._tokens: dict[str, Any] = json.loads((folder / "tokens.json").read_text("utf-8"))
        self._template = (folder / "shopdesk.qss").read_text("utf-8")
        self._mode = "system"
        self._rows = "compact"
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self._metrics: dict[tuple[str, bool], QFontMetrics] = {}
        self._sheets: dict[bool, str] = {}
        self._dark = self._wants_dark()
        self._fill_colours()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    # asking

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self._dark

    @property
    def mode(self) -> str:
        """What the owner chose: system, light or dark."""
        return self._mode

    @property
    def rows(self) -> str:
        """The row height chosen for every table: dense, compact or roomy."""
        return self._rows

    def colour(self, role: str) -> QColor:
        """The colour of a role; shared, not to be changed."""
        return self._colours[role]

    def hex(self, role: str) -> str:
        """The colour of a role as ``#rrggbb``."""
        return self._colours[role].name()

    def font(self, scale: str = "body", strong: bool = False) -> QFont:
        """The font of a step of the type scale; shared, copy before changing."""
        key = (scale, strong)
        if key not in self._fonts:
            pixels = int(self._tokens["type"][scale])
            self._fonts[key] = make_font(self._tokens["families"], pixels, strong=strong)
        return self._fonts[key]

    def metrics(self, scale: str = "body", strong: bool = False) -> QFontMetrics:
        """Measurements of ``font(scale, strong)``."""
        key = (scale, strong)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(scale, strong))
        return self._metrics[key]

    def size(self, name: str) -> int:
        """A size in device-independent pixels; ``row`` follows the owner's setting."""
        if name == "row":
            return int(self._tokens["rows"][self._rows])
        return int(self._tokens["size"][name])

    def row_height(self, rows: str) -> int:
        """The height that the setting ``rows`` gives, px."""
        return int(self._tokens["rows"][rows])

    def sample(self, role: str, *, dark: bool) -> QColor:
        """A colour of either theme, for the pictures in the settings."""
        return QColor(self._tokens["dark" if dark else "light"][role])

    def icon_name(self, name: str) -> str:
        """The Phosphor name behind one of our own icon names."""
        return str(self._tokens["icons"].get(name, name))

    def fixed(self, name: str) -> Any:
        """A group of raw tokens, for tests and documentation."""
        return self._tokens[name]

    # changing

    def set_mode(self, mode: str) -> None:
        """Follow the system, or be light or dark."""
        if mode not in MODES:
            raise ValueError(mode)
        self._mode = mode
        self._refresh()

    def set_rows(self, rows: str) -> None:
        """Use another row height in every table."""
        if rows not in ROWS:
            raise ValueError(rows)
        if rows != self._rows:
            self._rows = rows
            self.changed.emit()

    def apply(self) -> None:
        """Give the application our font and palette; each part of the window puts the stylesheet on itself."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setFont(self.font())
            app.setPalette(self._palette())

    def stylesheet(self) -> str:
        """The stylesheet with the roles replaced by colours."""
        if self._dark not in self._sheets:
            self._sheets[self._dark] = re.sub(r"\$([a-z_0-9]+)", self._substitute, self._template)
        return self._sheets[self._dark]

    def _substitute(self, found: re.Match[str]) -> str:
        name = found[1]
        if name in self._colours:
            return self._colours[name].name()
        if name.startswith("icon_"):
            shade = "dark" if self._dark else "light"
            return resource("icons", f"{name.removeprefix('icon_')}-{shade}.svg").as_posix()
        return str(self._tokens["type"][name.removeprefix("px_")])

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _PALETTE:
            palette.setColor(role, self._colours[name])
        for role in _DISABLED:
            palette.setColor(QPalette.ColorGroup.Disabled, role, self._colours["text_3"])
        return palette

    def _wants_dark(self) -> bool:
        if self._mode != "system":
            return self._mode == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _fill_colours(self) -> None:
        table = self._tokens["dark" if self._dark else "light"]
        self._colours = {role: QColor(value) for role, value in table.items()}

    def _refresh(self) -> None:
        dark = self._wants_dark()
        if dark == self._dark:
            return
        self._dark = dark
        self._fill_colours()
        QApplication.setPalette(self._palette())
        self.recoloured.emit()
        self.changed.emit()

    def _on_scheme_changed(self) -> None:
        if self._mode == "system":
            self._refresh()


_the_theme: list[Theme] = []


def theme() -> Theme:
    """The theme of this program; made at the first call, after the application object."""
    if not _the_theme:
        _the_theme.append(Theme(resource("themes")))
    return _the_theme[0]


def theme_polish(widget: QWidget) -> None:
    """Let the stylesheet see that a property of the widget changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def styled(widget: W, kind: str) -> W:
    """Give a plain widget the background and lines of ``kind`` (card, note, header...)."""
    widget.setProperty("kind", kind)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return widget


def hline() -> QFrame:
    """A hairline between two parts of a page."""
    line = styled(QFrame(), "line")
    line.setFixedHeight(1)
    return line
