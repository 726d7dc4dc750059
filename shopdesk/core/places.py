"""Does a shop file lie where another program or another machine gets at it while it is being worked with?

A program that keeps a folder in step with other machines copies the file half written and may put an older one in its
place; on a network file system two machines' locks may not see each other. Both have cost others their data.

Nothing is guessed from a part of a name. A folder is known by (`_MARKED`) what the program itself keeps in it,
(`_named`) what the program or the system says of its folders: the variables OneDrive, OneDriveConsumer and
OneDriveCommercial, Dropbox's info.json, Nextcloud's nextcloud.cfg, macOS's Mobile Documents and CloudStorage,
(`_ANYWHERE`) the whole name that a program gives to its folder and nobody else to his, or (`_AT_HOME`) the whole name
of the folder that a program makes in the owner's home unless told otherwise. A network file system is known by what the
system says of it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath

from shopdesk.core.errors import FileRefused
from shopdesk.core.words import N_, sentences, tr

if sys.platform in ("win32", "darwin"):
    import ctypes

_MARKED = {
    ".stfolder": "Syncthing",
    ".dropbox.cache": "Dropbox",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".shortcut-targets-by-id": "Google Drive",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
}
_ANYWHERE = {
    "BaiduSyncdisk": N_("Baidu Netdisk"),
    "BaiduNetdiskWorkspace": N_("Baidu Netdisk"),
    "我的坚果云": N_("Nutstore"),
    "阿里云盘": N_("Aliyun Drive"),
    "微云同步助手": N_("Weiyun"),
    "微云同步文件夹": N_("Weiyun"),
}
_AT_HOME = {
    "Dropbox": "Dropbox", "OneDrive": "OneDrive", "iCloudDrive": "iCloud Drive", "Google Drive": "Google Drive",
    "Nextcloud": "Nextcloud", "ownCloud": "ownCloud", "Nutstore": N_("Nutstore"), "Nutstore Files": N_("Nutstore"),
}  # fmt: skip
_ONEDRIVE = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_NETWORK_TYPES = frozenset(
    ("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "ftp", "glusterfs", "lustre", "ncpfs", "nfs",
     "nfs4", "smb3", "smbfs", "webdav")
)  # fmt: skip
_NETWORK_FUSE = frozenset(
    ("ceph", "curlftpfs", "davfs", "davfs2", "gcsfuse", "glusterfs", "google-drive-ocamlfuse", "gvfsd-fuse", "juicefs",
     "onedriver", "rclone", "s3fs", "seadrive", "smbnetfs", "sshfs")
)  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")
_DRIVE_REMOTE = 4
_INSTEAD = N_("Keep it in another folder of this computer, and choose this one as second folder for backups instead.")
_MOVE = N_(
    "Close the shop and move it to another folder of this computer; choose this one as second folder for backups."
)


class Kind(Enum):
    """Why a place is not for a shop that is worked with."""

    SYNCED = "synced"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that others reach, too: `name` is the program that copies it (English), or what the drive is called."""

    kind: Kind
    name: str

    def refusal(self, path: Path) -> FileRefused:
        """Why no new shop file is made there."""
        said = {
            Kind.SYNCED: N_("A shop is not safe in “{folder}”: {name} copies it to other machines while you work."),
            Kind.NETWORK: N_("A shop is not safe in “{folder}”: it is on the network drive “{name}”."),
        }
        folder = Path(os.path.realpath(path)).parent
        return FileRefused(said[self.kind], fix=_INSTEAD, folder=folder.name or str(folder), name=tr(self.name))

    def warning(self, path: Path) -> str:
        """What the owner of a shop file there is told, in her language."""
        said = {
            Kind.SYNCED: N_("“{file}” is not safe here: {name} copies it to other machines while you work."),
            Kind.NETWORK: N_("“{file}” is not safe here: it is on the network drive “{name}”."),
        }
        return sentences(tr(said[self.kind], file=path.name, name=tr(self.name)), tr(_MOVE))


def place(path: Path) -> Place | None:
    """What kind of place a file lies in, or would lie in; None for a folder that only this computer has."""
    folder = Path(os.path.realpath(path)).parent
    drive = _network(folder)
    if drive:
        return Place(Kind.NETWORK, drive)
    program = _synced(folder)
    return Place(Kind.SYNCED, program) if program else None


# programs that keep folders in step


def _synced(folder: Path) -> str:
    home = Path(os.path.realpath(os.path.expanduser("~")))
    for at in (folder, *folder.parents):
        known = _ANYWHERE.get(at.name) or (_AT_HOME.get(at.name) if at.parent == home else None) or _marked(at)
        if known:
            return known
    for root, program in _named(home, os.environ):
        if root not in (home, *home.parents) and folder.is_relative_to(root):
            return program
    return _file_provider(folder, home / "Library" / "CloudStorage")


def _marked(folder: Path) -> str:
    for marker, program in _MARKED.items():
        if os.path.lexists(folder / marker):
            return program
    return "Dropbox" if (folder / ".dropbox").is_file() else ""  # in the home it is a folder of settings


def _named(home: Path, variables: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """The folders that the programs and the system name."""
    for variable in _ONEDRIVE:
        yield from _whole(variables.get(variable, ""), "OneDrive")
    of_programs = [variables[name] for name in ("APPDATA", "LOCALAPPDATA") if name in variables]
    for settings in (home / ".dropbox", *(Path(folder, "Dropbox") for folder in of_programs)):
        for said in _of_dropbox(settings / "info.json"):
            yield from _whole(said, "Dropbox")
    for settings in (home / ".config", home / "Library" / "Preferences", *map(Path, of_programs)):
        for said in _of_nextcloud(settings / "Nextcloud" / "nextcloud.cfg"):
            yield from _whole(said, "Nextcloud")
    documents = home / "Library" / "Mobile Documents"
    yield documents, "iCloud Drive"
    for name in ("Desktop", "Documents"):  # links there, when the system keeps these two in step
        yield from _whole(os.path.realpath(documents / "com~apple~CloudDocs" / name), "iCloud Drive")


def _whole(said: str, program: str) -> Iterator[tuple[Path, str]]:
    if said and Path(said).is_absolute():
        yield Path(os.path.realpath(said)), program


def _of_dropbox(info: Path) -> list[str]:
    try:
        said = json.loads(info.read_text("utf-8"))
        return [str(account["path"]) for account in said.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _of_nextcloud(settings: Path) -> list[str]:
    r"""Qt writes other letters than ASCII there as \x4e2d."""
    try:
        lines = settings.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []
    said = [value.strip() for key, _, value in (line.partition("=") for line in lines) if key.endswith("\\localPath")]
    return [re.sub(r"\\x([0-9a-fA-F]{1,4})", lambda found: chr(int(found[1], 16)), value) for value in said]


def _file_provider(folder: Path, storage: Path) -> str:
    """On macOS such programs have a folder each in one place, called after them and the account."""
    if folder == storage or not folder.is_relative_to(storage):
        return ""
    name = folder.relative_to(storage).parts[0].partition("-")[0]
    return {"GoogleDrive": "Google Drive", "坚果云": N_("Nutstore")}.get(name, name)


# network file systems


def _network(folder: Path) -> str:
    if sys.platform == "win32":
        drive = _share(folder)
        remote = not drive and ctypes.windll.kernel32.GetDriveTypeW(folder.drive + "\\") == _DRIVE_REMOTE
        return folder.drive if remote else drive
    if sys.platform == "darwin":
        raw, system = ctypes.create_string_buffer(4096), ctypes.CDLL(None)
        ask = getattr(system, "statfs$INODE64", None) or system.statfs
        return "" if ask(os.fsencode(folder), raw) else _of_statfs(raw.raw)
    try:
        with _MOUNTS.open(encoding="utf-8", errors="surrogateescape") as lines:
            return _of_mounts(folder, lines)
    except OSError:
        return ""


def _share(folder: PurePath) -> str:
    r"""The share of a Windows path such as \\nas\shop\muhe; "" for one on a drive with a letter."""
    drive = folder.drive
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        return "\\" + drive[7:] if drive[4:8].upper() == "UNC\\" else ""
    return drive if drive.startswith("\\\\") else ""


def _of_statfs(raw: bytes) -> str:
    """The source of a file system that is not on this Mac, of what statfs() says (64-bit inodes)."""
    kind, _on, source = (raw[start:end].split(b"\0")[0] for start, end in ((72, 88), (88, 1112), (1112, 2136)))
    return os.fsdecode(source) if kind.decode("ascii", "replace") in _NETWORK_TYPES else ""


def _of_mounts(folder: Path, lines: Iterable[str]) -> str:
    """The source of the file system that holds a folder when it is on a network, of Linux's list of mounts."""
    depth, found = 0, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(_plain(before.split(" ")[4]))
        if folder.is_relative_to(point) and len(point.parts) >= depth:  # a later mount lies over an earlier one
            depth, found = len(point.parts), after
    kind, source = [_plain(word) for word in found.split(" ")[:2]] if found else ("", "")
    family, _, own = kind.partition(".")
    remote = kind in _NETWORK_TYPES or (family == "fuse" and (own in _NETWORK_FUSE or "://" in source))
    return source if remote else ""


def _plain(word: str) -> str:
    """Spaces and the like stand as octal numbers in the list of mounts."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), word)
