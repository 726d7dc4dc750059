"""The report for help and the export of the whole shop, as the owner asks for them."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from shopdesk.core.shop import Shop
from shopdesk.exchange import whole
from shopdesk.ui.moving import export_into
from tests.ui.kit import settle


def test_the_report_is_shown_before_it_is_saved(program, window, qtbot, tmp_path):
    window.commands.trigger("report")
    page = window.pages.page("report")
    assert not page.action_table.available("report.save")
    settle(program)
    assert "quick check: ok" in page.text
    assert "Muhe" not in page.text
    page.action_table.trigger("report.copy")
    assert QGuiApplication.clipboard().text() == page.text
    page.action_table.trigger("report.save")
    dialog = window.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.close()
    assert (tmp_path / "report.txt").read_text("utf-8") == page.text


def test_a_report_that_cannot_be_saved_says_why(program, window, tmp_path):
    window.commands.trigger("report")
    settle(program)
    said = window.desk.messages.record()
    window.pages.page("report").save(str(tmp_path / "nowhere" / "report.txt"))
    assert "could not be written" in said[0].text


def test_the_whole_shop_goes_into_a_new_folder_and_back(program, window, tmp_path):
    window.commands.trigger("whole")
    dialog = window.findChild(QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    said = window.desk.messages.record()
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    settle(program)
    assert [message.text for message in said][-1].startswith("Wrote the whole shop:")
    folder = next(tmp_path.glob("muhe 20*"))
    whole.read(folder, tmp_path / "back.shop")
    back = Shop.open(tmp_path / "back.shop", write=False)
    assert back.reader().execute("SELECT name FROM channels").fetchone()[0] == "Muhe"
    back.close()


def test_an_export_that_cannot_be_written_is_a_sentence(program, window, tmp_path):
    said = window.desk.messages.record()
    (tmp_path / "file").write_text("")
    export_into(window.desk, Path(tmp_path / "file"))
    settle(program)
    assert said[-1].text == "“muhe 2026-11-24” could not be written: the file or its folder is not there."
