"""What is to be printed, before anything of printing is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed thing: a template of resources/print, what it says, and the paper it goes on."""

    template: str
    title: str
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    size: str = "A4"
    images: Mapping[str, "QImage"] = field(default_factory=dict)
