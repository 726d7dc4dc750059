"""Where a shop file lies: in a folder that a program copies to other machines, on a network drive, or here alone."""

from __future__ import annotations

import json
import struct
from pathlib import Path, PureWindowsPath

import pytest

from shopdesk.core import places, words
from shopdesk.core.places import Kind, Place, place

MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
40 27 0:40 / /mnt/nas rw,relatime shared:7 - cifs //nas/shop rw,vers=3.1.1
41 27 0:41 / /mnt/nas/own rw - ext4 /dev/sdb1 rw
42 27 0:42 / /srv/our\040shops rw - nfs4 nas:/export/our\040shops rw
43 27 0:43 / /home/lin/far rw - fuse.sshfs lin@far:/home/lin rw
44 27 0:44 / /home/lin/dav rw - fuse https://dav.example.org/lin rw
45 27 0:45 / /home/lin/safe rw - fuse.gocryptfs /home/lin/.safe rw
46 27 0:46 / /mnt/c rw - 9p C:\134 rw,aname=drvfs
47 27 0:47 / /mnt/two rw - nfs nas:/two rw
48 27 0:48 / /mnt/two rw - ext4 /dev/sdc1 rw
49 27 0:49 / /mnt/smb rw - smb3 //nas/smb rw
""".strip().splitlines()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an owner who has no such program yet."""
    made = tmp_path / "home" / "lin"
    made.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(made))
    for name in (*places._ONEDRIVE, "APPDATA", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    return made


def inside(folder: Path) -> Path:
    """A shop file that would lie two folders deeper."""
    deep = folder / "tea" / "2026"
    deep.mkdir(parents=True, exist_ok=True)
    return deep / "muhe.shop"


def synced(name: str) -> Place:
    return Place(Kind.SYNCED, name)


def test_a_folder_of_this_computer_is_nothing_to_say_of(home: Path, tmp_path: Path):
    assert place(inside(home / "Documents")) is None
    assert place(inside(tmp_path / "usb")) is None


@pytest.mark.parametrize(("marker", "name"), places._MARKED.items())
def test_what_a_program_keeps_in_its_folder_gives_it_away(home: Path, tmp_path: Path, marker: str, name: str):
    root = tmp_path / "data" / "Work"
    (root / marker).mkdir(parents=True)
    assert place(inside(root)) == synced(name)
    assert place(tmp_path / "data" / "muhe.shop") is None
    assert place(inside(tmp_path / "data" / "Work too")) is None


def test_dropbox_marks_its_folder_with_a_file_and_the_home_with_a_folder(home: Path, tmp_path: Path):
    (home / ".dropbox").mkdir()
    assert place(inside(home)) is None
    (tmp_path / "moved").mkdir()
    (tmp_path / "moved" / ".dropbox").write_text("")
    assert place(inside(tmp_path / "moved")) == synced("Dropbox")


def test_dropbox_says_where_its_folders_are(home: Path, tmp_path: Path):
    (home / ".dropbox").mkdir()
    said = {"business": {"path": str(tmp_path / "Muhe Ltd"), "host": 1}}
    (home / ".dropbox" / "info.json").write_text(json.dumps(said))
    assert place(inside(tmp_path / "Muhe Ltd")) == synced("Dropbox")
    (home / ".dropbox" / "info.json").write_text('{"business": 7}')
    assert place(inside(tmp_path / "Muhe Ltd")) is None


def test_nextcloud_says_where_its_folders_are(home: Path, tmp_path: Path):
    (home / ".config" / "Nextcloud").mkdir(parents=True)
    said = str(tmp_path / "wolke ").replace("wolke ", r"\x4e91\x76d8")
    (home / ".config" / "Nextcloud" / "nextcloud.cfg").write_text(f"[Accounts]\n0\\Folders\\1\\localPath={said}/\n")
    assert place(inside(tmp_path / "云盘")) == synced("Nextcloud")


@pytest.mark.parametrize("variable", places._ONEDRIVE)
def test_onedrive_is_known_by_its_variables(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str):
    monkeypatch.setenv(variable, str(tmp_path / "OneDrive - Muhe"))
    assert place(inside(tmp_path / "OneDrive - Muhe" / "Documents")) == synced("OneDrive")
    assert place(inside(tmp_path / "OneDrive - Muhe old")) is None
    for silly in (str(home), "/", "", "OneDrive"):
        monkeypatch.setenv(variable, silly)
        assert place(inside(home)) is None


def test_icloud_has_one_folder_and_may_have_the_desktop_too(home: Path):
    cloud = home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    assert place(inside(cloud)) == synced("iCloud Drive")
    assert place(inside(home / "Desktop")) is None
    (cloud / "Desktop").symlink_to(home / "Desktop")
    assert place(inside(home / "Desktop")) == synced("iCloud Drive")
    assert place(inside(home / "Documents")) is None


@pytest.mark.parametrize(
    ("folder", "name"),
    [("GoogleDrive-lin@muhe.cn", "Google Drive"), ("坚果云-lin@muhe.cn", "Nutstore"), ("Box-Box", "Box")],
)
def test_macos_has_one_place_for_the_folders_of_such_programs(home: Path, folder: str, name: str):
    assert place(inside(home / "Library" / "CloudStorage" / folder)) == synced(name)
    assert place(home / "Library" / "CloudStorage" / "muhe.shop") is None


@pytest.mark.parametrize(("folder", "name"), places._ANYWHERE.items())
def test_a_name_that_only_one_program_gives_is_known_everywhere_but_only_whole(
    home: Path, tmp_path: Path, folder: str, name: str
):
    assert place(inside(tmp_path / "d" / folder)) == synced(name)
    assert place(inside(tmp_path / "d" / f"{folder} old")) is None


@pytest.mark.parametrize(("folder", "name"), places._AT_HOME.items())
def test_a_plain_name_is_known_in_the_home_alone(home: Path, tmp_path: Path, folder: str, name: str):
    assert place(inside(home / folder)) == synced(name)
    assert place(inside(home / "Documents" / folder)) is None
    assert place(inside(home / f"My {folder} notes")) is None


def test_a_link_into_such_a_folder_is_followed(home: Path, tmp_path: Path):
    inside(home / "Dropbox")
    (tmp_path / "short").symlink_to(home / "Dropbox" / "tea")
    assert place(tmp_path / "short" / "muhe.shop") == synced("Dropbox")


@pytest.mark.parametrize(
    ("folder", "drive"),
    [
        ("/mnt/nas/tea", "//nas/shop"), ("/mnt/nas/own/tea", ""), ("/srv/our shops", "nas:/export/our shops"),
        ("/home/lin/far/a", "lin@far:/home/lin"), ("/home/lin/dav", "https://dav.example.org/lin"),
        ("/home/lin/safe", ""), ("/mnt/c/Users", "C:\\"), ("/mnt/two", ""), ("/mnt/smb", "//nas/smb"),
        ("/mnt/nasty", ""), ("/home/lin", ""), ("/", ""),
    ],
)  # fmt: skip
def test_linux_says_which_drives_are_on_the_network(folder: str, drive: str):
    assert places._of_mounts(Path(folder), MOUNTS) == drive


def test_a_file_on_such_a_drive_is_there(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "nas").mkdir()
    (tmp_path / "mounts").write_text(f"1 1 0:1 / {tmp_path / 'nas'} rw - nfs nas:/shop rw\n")
    monkeypatch.setattr(places, "_MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(places.sys, "platform", "linux")
    assert place(tmp_path / "nas" / "muhe.shop") == Place(Kind.NETWORK, "nas:/shop")
    assert place(tmp_path / "muhe.shop") is None
    (tmp_path / "mounts").unlink()
    assert place(tmp_path / "nas" / "muhe.shop") is None


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        (r"\\nas\shop\tea", r"\\nas\shop"), (r"\\?\UNC\nas\shop\tea", r"\\nas\shop"), (r"C:\Users\lin", ""),
        (r"\\?\C:\Users\lin", ""), (r"\\.\C:\Users\lin", ""),
    ],
)  # fmt: skip
def test_windows_names_shares_by_their_machine(folder: str, share: str):
    assert places._share(PureWindowsPath(folder)) == share


@pytest.mark.parametrize(("kind", "drive"), [(b"smbfs", "//lin@nas/shop"), (b"apfs", "")])
def test_macos_says_the_type_of_a_file_system(kind: bytes, drive: str):
    head = struct.pack("<IiQQQQQiiIIII", 4096, 1 << 20, 9, 9, 9, 9, 9, 1, 2, 501, 3, 0, 0)
    raw = head + kind.ljust(16, b"\0") + b"/Volumes/shop".ljust(1024, b"\0") + b"//lin@nas/shop".ljust(1024, b"\0")
    assert places._of_statfs(raw.ljust(4096, b"\0")) == drive


def test_it_is_said_with_what_to_do_in_both_languages():
    found, file = synced("Nutstore"), Path("/home/lin/Nutstore/muhe.shop")
    assert "“Nutstore”" in str(found.refusal(file))
    assert "second folder" in str(found.refusal(file))
    assert "“muhe.shop”" in found.warning(file)
    words.use_language("zh_CN")
    assert "坚果云" in str(found.refusal(file))
    assert "第二个文件夹" in found.warning(file)
    assert "//nas/shop" in Place(Kind.NETWORK, "//nas/shop").warning(file)
