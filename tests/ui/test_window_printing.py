"""Paper: templates, pages that split no row, barcodes, and nothing loaded from outside."""

import pytest
from PySide6.QtGui import QImage, QPdfWriter

from shopdesk.core.words import use_language
from shopdesk.ui import printing
from shopdesk.ui.paper import CODE39, awning, code39, tick_box
from shopdesk.ui.preview import show_preview
from shopdesk.ui.sheet import Sheet
from shopdesk.ui.text import PlainLabel

ROW = (
    '<tr class="u"><td><img src="{{ \'ticked\' if loop.first else \'box\' }}" width="19" height="19"></td>'
    "<td>{{ line }}</td></tr>"
)
TEMPLATE = (
    '<img src="awning" width="703" height="13">'
    '<table width="100%" cellspacing="0"><thead><tr class="gh"><th>Head</th><th></th></tr></thead>'
    "{% for line in lines %}" + ROW + "{% endfor %}</table>"
)


@pytest.fixture
def template(tmp_path, monkeypatch, qapp):
    """The template under test stands in a folder of its own, beside the stylesheet of all sheets."""
    folder = tmp_path / "print"
    folder.mkdir()
    css = (printing.resource("print") / "paper.css").read_text("utf-8")
    (folder / "paper.css").write_text(css, "utf-8")
    (folder / "list.html").write_text(TEMPLATE, "utf-8")
    monkeypatch.setattr(printing, "resource", lambda *_parts: folder.joinpath(*_parts[1:]))
    printing._environment.cache_clear()
    yield folder
    printing._environment.cache_clear()


def sheet(lines, **more):
    return Sheet("list.html", "Day sheet", "T1124-1", {"lines": lines}, **more)


def test_every_value_is_escaped(template):
    said = printing.html(sheet(["<img src='/dev/zero'>", "a & b"]))
    assert "&lt;img" in said
    assert "a &amp; b" in said


def test_a_missing_value_is_an_error_not_a_blank(template):
    (template / "list.html").write_text("{{ nothing }}", "utf-8")
    with pytest.raises(Exception, match="nothing"):
        printing.html(sheet([]))


def test_a_long_list_goes_on_over_several_pages(template, tmp_path):
    lines = [f"Line {n}" for n in range(120)]
    assert printing.page_count(sheet(lines)) > 1
    target = tmp_path / "out.pdf"
    assert printing.pdf(sheet(lines), target) == printing.page_count(sheet(lines))
    assert target.read_bytes().startswith(b"%PDF")


def test_a_pdf_that_cannot_be_written_is_an_os_error(template, tmp_path):
    with pytest.raises(OSError):
        printing.pdf(sheet(["x"]), tmp_path / "no such folder" / "out.pdf")


def test_no_row_is_split_between_pages(template):
    """Each row has a box; a box cut by the page edge would leave a part of its frame on both pages."""
    lines = ["word " * (3 + 40 * (n % 4)) for n in range(60)]
    pages = printing.page_images(sheet(lines))
    assert len(pages) > 2
    boxes = sum(_boxes(page) for page in pages)
    assert boxes == len(lines)


def _boxes(page: QImage) -> int:
    """How many tick boxes stand at the left edge: runs of dark pixels as high as a box."""
    column = [max(_dark(page, x, y) for x in range(50, 56)) for y in range(page.height())]
    runs, length = 0, 0
    for dark in [*column, 0]:
        if dark:
            length += 1
        else:
            runs += 12 <= length <= 24
            length = 0
    return runs


def _dark(page, x, y):
    return int(page.pixelColor(x, y).lightness() < 160)


def test_a_row_higher_than_a_page_is_printed_whole_over_pages(template):
    pages = printing.page_images(sheet(["word " * 4000]))
    assert len(pages) >= 3


def test_an_empty_document_is_one_page(template):
    (template / "list.html").write_text("", "utf-8")
    assert printing.page_count(sheet([])) == 1


def test_nothing_is_loaded_from_disk_or_network(template, tmp_path):
    picture = QImage(50, 50, QImage.Format.Format_RGB32)
    picture.fill(0xFF0000)
    outside = tmp_path / "red.png"
    picture.save(str(outside))
    (template / "list.html").write_text(
        f'<img src="{outside}" width="50" height="50"><img src="file://{outside}" width="50" height="50">', "utf-8"
    )
    (page,) = printing.page_images(sheet([]))
    reds = [
        (x, y)
        for x in range(0, page.width(), 5)
        for y in range(0, page.height(), 5)
        if page.pixelColor(x, y).red() > 200 and page.pixelColor(x, y).green() < 80
    ]
    assert reds == []


def test_a_picture_that_was_given_is_drawn(template):
    picture = QImage(60, 60, QImage.Format.Format_RGB32)
    picture.fill(0x0000FF)
    (template / "list.html").write_text('<img src="thumb" width="60" height="60">', "utf-8")
    (page,) = printing.page_images(sheet([], images={"thumb": picture}))
    assert page.pixelColor(70, 70).blue() > 200


def test_the_foot_speaks_the_language_in_use(template):
    use_language("zh_CN")
    in_chinese = printing.page_images(sheet(["x"]))[0]
    use_language("en")
    assert printing.page_images(sheet(["x"]))[0] != in_chinese


def test_code39_reads_back_as_what_was_written():
    assert _read_bars(code39("T1124-1")) == "T1124-1"
    for text in ("t1124", "A B", "*A*", "Ä"):
        with pytest.raises(ValueError):
            code39(text)


def _read_bars(image: QImage) -> str:
    widths, last, run = [], None, 0
    for x in range(image.width()):
        dark = image.pixelColor(x, 5).lightness() < 128
        if dark != last and last is not None:
            widths.append(run)
            run = 0
        last, run = dark, run + 1
    widths.append(run)
    kinds = "".join("w" if width > 5 else "n" for width in widths)
    backwards = {pattern: character for character, pattern in CODE39.items()}
    found = "".join(backwards[kinds[at : at + 9]] for at in range(0, len(kinds) - 8, 10))
    assert found[0] == found[-1] == "*"
    return found[1:-1]


def test_boxes_and_awning_are_black_on_clear(qapp):
    assert tick_box() != tick_box(done=True)
    assert awning(10).width() == 400


def test_the_preview_shows_every_page_and_saves(template, qtbot, tmp_path):
    preview = show_preview(None, sheet([f"Line {n}" for n in range(90)]))
    qtbot.addWidget(preview)
    assert len(preview.pages) == printing.page_count(sheet([f"Line {n}" for n in range(90)]))
    target = tmp_path / "day.pdf"
    with qtbot.waitSignal(preview.saved):
        preview.save_pdf(str(target))
    assert target.stat().st_size > 1000
    preview.save_pdf(str(tmp_path / "none" / "day.pdf"))
    assert not (tmp_path / "none").exists()
    said = "“day.pdf” could not be written: the file or its folder is not there. Choose another folder, or make room."
    assert said in [label.text() for label in preview.findChildren(PlainLabel)]
    preview.close()


def test_the_same_pages_go_to_a_printer(template, tmp_path):
    writer = QPdfWriter(str(tmp_path / "two.pdf"))
    writer.setResolution(150)
    lines = [f"Line {n}" for n in range(120)]
    writer.setPageLayout(printing.page_layout(sheet(lines)))
    assert printing.print_on(sheet(lines), writer, 2, 2) == 1


def test_a5_is_smaller_than_a4(template):
    (large,) = printing.page_images(sheet(["x"]))
    (small,) = printing.page_images(sheet(["x"], size="A5"))
    assert (small.width(), small.height()) < (large.width(), large.height())
