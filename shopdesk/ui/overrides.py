"""What Qt asks of a widget, a delegate or a model while it paints and lays out never fails.

An error that leaves such an override ends the process: the painter that was at work outlives its device. It is
told to the crash guard instead, once for each place, after the frame is drawn; a plain box stands for what
could not be.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

_Method = TypeVar("_Method", bound=Callable[..., Any])

PAINTS = frozenset({"paintEvent", "paint", "paintSection"})
INSTEAD: dict[str, Any] = {
    "sizeHint": QSize(80, 24),
    "minimumSizeHint": QSize(0, 0),
    "heightForWidth": 24,
    "data": None,
    "headerData": None,
    "flags": Qt.ItemFlag.NoItemFlags,
}
"""What is answered when the override cannot."""

_told: set[tuple[str, int]] = set()


def guarded(method: _Method) -> _Method:
    """An override that does not fail; a painter that Qt lends it is given back as it was."""
    name = method.__name__
    if name not in PAINTS and name not in INSTEAD:
        raise ValueError(name)

    @wraps(method)
    def answers(self: Any, *given: Any) -> Any:
        try:
            return method(self, *given)
        except Exception as error:
            _tell(method.__qualname__, error)
            return _box_on(self) if name == "paintEvent" else INSTEAD[name]

    @wraps(method)
    def paints(self: Any, painter: QPainter, where: Any, *given: Any) -> None:
        painter.save()
        try:
            method(self, painter, where, *given)
        except Exception as error:
            _tell(method.__qualname__, error)
            painter.restore()
            painter.save()
            _box(painter, where if isinstance(where, QRect) else where.rect)
        finally:
            painter.restore()

    return cast("_Method", paints if name in {"paint", "paintSection"} else answers)


def told_later(work: Callable[[], object]) -> None:
    """Do what a key asks inside an override that was called by another one through Qt.

    An error that passed through both would end the process; the crash guard hears of it when they have returned.
    """
    try:
        work()
    except Exception as error:
        QTimer.singleShot(0, partial(_caught, error))


def _tell(name: str, error: Exception) -> None:
    place = (name, traceback.extract_tb(error.__traceback__)[-1].lineno or 0)
    told: BaseException | None = error
    while told is not None:
        traceback.clear_frames(told.__traceback__)  # their painters end here, before the device does
        told = told.__cause__ or told.__context__
    if place not in _told:
        _told.add(place)
        QTimer.singleShot(0, partial(_caught, error))


def _caught(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def _box_on(widget: QWidget) -> None:
    device = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    painter = QPainter(device)
    _box(painter, device.rect())
    painter.end()


def _box(painter: QPainter, rect: QRect) -> None:
    painter.setPen(Qt.GlobalColor.gray)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))
