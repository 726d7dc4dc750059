"""An error amid painting is told once, and the window goes on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from shopdesk.ui import overrides
from tests.hostile import texts
from tests.hostile.breaking import KINDS, is_guarded, overridden
from tests.hostile.watching import walk


def test_every_override_of_the_kit_is_guarded() -> None:
    every = list(overridden(overrides.PAINTS | frozenset(overrides.INSTEAD)))
    assert [f"{one.__module__}.{one.__name__}.{name}" for one, name in every if not is_guarded(one, name)] == []
    assert len(every) > 70


def test_no_other_painting_override_goes_past_the_guard() -> None:
    other = frozenset({"drawBackground", "drawForeground", "drawRow", "drawBranches", "drawItems", "drawContents",
                       "drawFrame", "displayText", "initStyleOption", "paintEngine", "drawPrimitive", "drawControl",
                       "drawComplexControl", "drawDisplay", "drawDecoration"})  # fmt: skip
    assert [f"{one.__name__}.{name}" for one, name in overridden(other)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_them_broken_at_once_end_nothing(kind: str, tmp_path: Path) -> None:
    texts.lay_traps(tmp_path)
    (tmp_path / "chosen").mkdir()
    seen = walk("broken", tmp_path, kind)
    assert seen.code == 0, seen.errors[-3000:]
    assert seen.said["done"], seen.errors[-3000:]
    assert seen.said["warnings"] == []
    assert all("overrides.py" in text for text in seen.said["crashed"])
    told = [line for text in seen.said["crashed"] if "planted in" in (line := text.rstrip().splitlines()[-1])]
    assert len(set(told)) == len(told)
    assert len(told) > seen.said["counts"]["broken"] // 2
    assert seen.said["counts"]["records drawn"] > 10


class _Fails(QWidget):
    answer: Any = None

    @overrides.guarded
    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("red"))
        raise LookupError("a value of the shop")


def test_it_is_told_once_for_each_place_and_a_box_stands_there(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: caught.append(error))
    widget = _Fails()
    qtbot.addWidget(widget)
    widget.resize(40, 30)
    for _ in range(3):
        image = widget.grab().toImage()
    qtbot.waitUntil(lambda: bool(caught))
    qtbot.wait(10)
    assert [type(error) for error in caught] == [LookupError]
    assert image.pixelColor(0, 0) == image.pixelColor(39, 29) == QColor("#a0a0a4")


def test_a_lent_painter_is_given_back_as_it_was(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)

    class Delegate:
        @overrides.guarded
        def paint(self, painter: QPainter, _rect: QRect) -> None:
            painter.translate(500, 500)
            raise ValueError

    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    Delegate().paint(painter, QRect(0, 0, 10, 10))
    assert painter.transform().isIdentity()
    painter.end()
    assert image.pixelColor(0, 0) == QColor("#a0a0a4")
    qtbot.wait(5)
