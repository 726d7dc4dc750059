"""The type scale as fonts: Inter when it is installed, else the system's own, tabular figures on."""

from PySide6.QtGui import QFont, QFontDatabase

STRONG = QFont.Weight.DemiBold


def make_font(families: list[str], pixels: int, *, strong: bool = False) -> QFont:
    """A font of the scale: sizes are device-independent pixels, the same on 72 and 96 dpi systems."""
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(pixels)
    if strong:
        font.setWeight(STRONG)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed_font(pixels: int) -> QFont:
    """The system's fixed-width font, for technical text only."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(pixels)
    return font
