"""A shop in a folder that a program copies to other machines, and its backups there."""

import shutil

import pytest

from shopdesk.core import manifest, settings
from shopdesk.core.shop import Shop
from tests.ui.kit import settle


@pytest.fixture
def folder(tmp_path):
    """A folder of Syncthing's."""
    made = tmp_path / "both machines"
    (made / ".stfolder").mkdir(parents=True)
    return made


def test_no_new_shop_is_made_there(program, folder, qtbot):
    program.start(None)
    program.opening.create(folder / "new")
    qtbot.waitUntil(lambda: "Syncthing copies it" in program.window.welcome.trouble, timeout=10000)
    assert "second folder for backups instead" in program.window.welcome.trouble
    assert program.shop is None
    assert not list(folder.glob("new*"))


def test_from_an_open_shop_it_is_a_message_and_that_shop_stays(program, window, folder, file, qtbot):
    said = window.desk.messages.record()
    program.opening.create(folder / "new.shop")
    qtbot.waitUntil(lambda: bool(said), timeout=10000)
    assert "both machines" in said[0].text
    assert program.shop.path == file
    assert not list(folder.glob("new*"))


def test_a_shop_that_is_there_opens_and_says_so_with_a_way_to_the_settings(program, folder, file, qtbot):
    program.start(shutil.copy(file, folder / "muhe.shop"))
    window = program.window
    qtbot.waitUntil(lambda: "Syncthing copies it" in window.banner, timeout=10000)
    assert not program.shop.read_only
    window._area._banner._on_clicked()
    assert window.pages.current == "settings"
    settle(program)


def test_one_that_is_only_here_says_nothing(program, window, qtbot):
    qtbot.waitUntil(lambda: window.status.isVisible(), timeout=10000)
    qtbot.wait(200)
    assert window.banner == ""


def test_what_is_said_of_the_shop_already_stays(program, folder, file, qtbot):
    shop = Shop.open(shutil.copy(file, folder / "muhe.shop"), write=False)
    program._use(shop, "It is open elsewhere.")
    qtbot.wait(200)
    assert program.window.banner == "It is open elsewhere."


def test_backups_go_there_as_ever(program, window, folder, qtbot):
    with program.shop.change("Second folder", "settings") as db:
        settings.put(db, "second_folder", str(folder))
    window.back_up()
    qtbot.waitUntil(lambda: bool(manifest.of_shop(folder, "muhe")), timeout=20000)
    settle(program)
