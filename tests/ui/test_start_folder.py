"""Where the dialogs for files begin: at the folder that is set, beside the shop, never where the program was started."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from shopdesk.core import keys, settings, words
from shopdesk.ui import page_files
from shopdesk.ui.crash import CrashWindow
from shopdesk.ui.preview import show_preview
from shopdesk.ui.recovery_sheet import recovery_sheet
from shopdesk.ui.saving import ask_where_to_save_report
from shopdesk.ui.start_folder import start_folder
from tests.ui.kit import settle


@pytest.fixture
def documents(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "Documents"
    folder.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(folder))
    return folder


@pytest.fixture(autouse=True)
def _started_elsewhere(tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("started"))


def begun(asking: QWidget) -> Path:
    """The folder that the dialog shows; it is closed."""
    dialog = asking.findChild(QFileDialog)
    shown = Path(dialog.directory().absolutePath())
    dialog.close()
    return shown


def save_report(window):
    window.commands.trigger("report")
    window.desk.worker.wait_idle()
    window.pages.page("report").action_table.trigger("report.save")


def export_view(window):
    window.open_page("orders")
    page_files.export_view(window.pages.page("orders"))


def choose_picture(window):
    window.open_page("inventory")
    window.pages.page("inventory").choose_picture(1, whole_product=False)


def choose_second(window):
    window.open_page("settings")
    window.pages.page("settings").section("backups").choose.click()


@pytest.mark.parametrize("ask", [save_report, export_view, choose_picture, choose_second])
def test_a_dialog_begins_beside_the_open_shop(program, window, file, documents, ask):
    ask(window)
    settle(program)
    assert begun(window) == file.parent


def test_a_sheet_is_saved_beside_the_open_shop_under_a_name_that_is_no_folder(window, file):
    preview = show_preview(window, recovery_sheet("a/b", "muhe.shop", keys.Key.random()))
    preview.choose_pdf()
    dialog = preview.findChild(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).parent == file.parent
    dialog.close()
    preview.close()


def test_the_second_folder_is_chosen_from_where_it_is_set(program, window, file, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    with program.shop.change("Set", "settings") as db:
        settings.put(db, "second_folder", str(stick))
    window.open_page("settings")
    settle(program)
    choose_second(window)
    assert begun(window) == stick
    stick.rmdir()
    settle(program)
    assert start_folder(window, already=str(stick)) == file.parent


def test_without_a_shop_they_begin_at_the_owners_documents(qtbot, documents, monkeypatch):
    window = CrashWindow(None, "text", "")
    qtbot.addWidget(window)
    window.show()
    next(one for one in window.findChildren(QPushButton) if one.text() == "Save report…").click()
    assert begun(window) == documents
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: "")
    assert start_folder(window) == Path.home()


@pytest.mark.parametrize(("code", "name"), [("en", "Text file (*.txt)"), ("zh_CN", "文本文件 (*.txt)")])
def test_what_a_report_is_saved_as_has_a_name(window, code, name):
    words.use_language(code)
    try:
        ask_where_to_save_report(window, window.setWindowTitle)
        dialog = window.findChild(QFileDialog)
        assert dialog.nameFilters() == [name]
        dialog.close()
    finally:
        words.use_language("en")
