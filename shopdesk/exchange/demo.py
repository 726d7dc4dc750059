"""The demo shop: a small tea-ware shop of two channels, imported from files in the platforms' own forms."""

from __future__ import annotations

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from shopdesk.core import blobs, channels, clock
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, language, tr
from shopdesk.exchange import commands

ANCHOR = date(2026, 11, 24)
"""The day that the files take for today."""

_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")


def make(path: Path) -> None:
    """Make the demo shop at `path`, its days moved so that today is a busy one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shop = Shop.create(path, name=tr("Muhe Tea"))
    try:
        with shop.change(N_("Added the channels"), "channels") as db:
            for platform in ("taobao", "shopify"):
                channels.add(db, platform=platform, name=tr("Muhe Tea"), currency="CNY")
        with tempfile.TemporaryDirectory() as folder:
            commands.import_files(shop, [_moved(file, Path(folder)) for file in _files()])
        _add_pictures(shop)
    finally:
        shop.close()


def _files() -> list[Path]:
    """The demo's files, the product list in the owner's language."""
    other = "products_export_zh.csv" if language() == "en" else "products_export_en.csv"
    return [file for file in sorted(resource("demo").glob("*.csv")) if file.name != other]


def _add_pictures(shop: Shop) -> None:
    """Put the drawn pictures beside their SKUs; platform files only name pictures on the network."""
    with shop.change(N_("Added pictures"), "stock") as db:
        for file in sorted(resource("demo", "pictures").glob("*.png")):
            name = blobs.put_picture(db, file.read_bytes())
            db.execute("UPDATE skus SET picture = ? WHERE code = ?", (name, file.stem))


def _moved(file: Path, folder: Path) -> Path:
    """A copy of a demo file whose days lie as long before today as they lay before ANCHOR."""
    encoding = "gb18030" if file.name.startswith("ExportOrder") else "utf-8"
    days = (clock.today() - ANCHOR).days

    def move(found: re.Match[str]) -> str:
        return (date(*map(int, found.groups())) + timedelta(days=days)).isoformat()

    copy = folder / file.name
    copy.write_bytes(_DAY.sub(move, file.read_bytes().decode(encoding)).encode(encoding))
    return copy
