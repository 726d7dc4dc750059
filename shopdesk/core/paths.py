"""Where ShopDesk's own files are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from platformdirs import user_config_path


def resource(*parts: str) -> Path:
    """A file or folder below resources/, in a checkout and in the packaged program alike."""
    bundled = getattr(sys, "_MEIPASS", None)
    root = Path(bundled) if bundled else Path(__file__).resolve().parents[2]
    return root.joinpath("resources", *parts)


def backup_folder(shop: Path) -> Path:
    """Where the backups of a shop file are."""
    return shop.with_name(f"{shop.stem} backups")


def exchange_note(shop: Path) -> Path:
    """What stands beside a shop file while another file is put in its place (core/aside.py)."""
    return shop.with_name(f"{shop.name}.exchange")


def user_dir() -> Path:
    """The folder of this program's own settings (language, recent shops); made when missing, mode 0700.

    SHOPDESK_HOME names another one, for tests and for a program carried on a stick.
    """
    named = os.environ.get("SHOPDESK_HOME")
    folder = Path(named) if named else user_config_path("shopdesk", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
