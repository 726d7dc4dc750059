"""A shop that was closed is let go of: of its pages nothing stays in memory, and no handle on its file."""

import gc
import os
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from shopdesk.features import FEATURES
from shopdesk.ui.base_page import Page
from shopdesk.ui.pages import CATCH_UP_PAUSE_MS, SETTINGS_PAGE
from shopdesk.ui.settings_rows import Row, Section
from shopdesk.ui.theme import theme
from tests.ui.kit import settle


def left() -> list[str]:
    """The pages and their parts that are still in memory."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
        gc.collect()
    return sorted(type(one).__qualname__ for one in gc.get_objects() if isinstance(one, Page | Section | Row))


def open_files(folder: Path) -> list[str]:
    handles = Path("/proc/self/fd")
    targets = [os.readlink(handle) for handle in handles.iterdir() if handle.exists()]
    return [target for target in targets if target.startswith(str(folder))]


@pytest.mark.parametrize("name", [*FEATURES, SETTINGS_PAGE, "backups", "help", "report"])
def test_a_page_whose_language_was_switched_goes_with_its_shop(program, window, name, tmp_path):
    before = left()
    window.open_page(name)
    settle(program)
    for language in ("zh_CN", "en"):
        program.use_language(language)
        settle(program)
    program.close_shop()
    assert [one for one in left() if one not in before] == []
    assert open_files(tmp_path) == []


def test_pages_that_wait_for_their_end_ask_nothing_of_a_closed_shop(program, window, tmp_path):
    before = left()
    for name in (*FEATURES, SETTINGS_PAGE):
        window.open_page(name)
        settle(program)
    pages, worker = window.pages, program.worker
    program.close_shop()
    program.use_language("zh_CN")
    theme().set_mode("dark")
    end = time.monotonic() + (len(FEATURES) + 3) * CATCH_UP_PAUSE_MS / 1000
    while time.monotonic() < end:  # not a loop of Qt's, which would end them
        QCoreApplication.processEvents()
        time.sleep(0.01)
    assert open_files(tmp_path) == []
    pages.page(SETTINGS_PAGE).reload()
    assert not worker.busy
    del pages, worker
    program.use_language("en")
    assert [one for one in left() if one not in before] == []
