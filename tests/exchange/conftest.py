"""What several tests of the import need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from shopdesk.exchange.page import ImportPage
from shopdesk.ui.desk import Desk


@pytest.fixture(scope="session")
def headers(shared_data: Path) -> dict[str, list[str]]:
    """Header rows of real files, by platform and year."""
    return json.loads((shared_data / "headers.json").read_text(encoding="utf-8"))


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[ImportPage]:
    made = ImportPage(desk)
    qtbot.addWidget(made)
    made.resize(1190, 714)
    made.show()
    made.shown()
    yield made
    made.put_away()
    desk.worker.wait_idle()
    made.close()
