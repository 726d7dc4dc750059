"""The demo shop: a small tea-ware shop of two channels, imported from files in the platforms' own forms."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from shopdesk.core import blobs, channels, clock, settings
from shopdesk.core.paths import resource
from shopdesk.core.shop import Shop
from shopdesk.core.words import N_, language, tr
from shopdesk.exchange import commands, demo_day

ANCHOR = date(2026, 11, 24)
"""The day that the files take for today."""
TOLD = time(11)
"""When on that day the files were taken."""
LATEST = time(15)
"""Who opens the demo later than this gets a shop whose whole day is as much later."""

_CUTOFF, _DAY_END = time(17), time(19)
_STAMP = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?( UTC)?")


def make(path: Path) -> None:
    """Make the demo shop at `path`, its days moved so that today is a busy one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shop, now = Shop.create(path, name=tr("Muhe Tea")), clock.now()
    try:
        _add_channels(shop)
        _set_hours(shop, now)
        with tempfile.TemporaryDirectory() as folder:
            for files in (_exports(), sorted(resource("demo", "notebook").glob("*.csv"))):
                commands.import_files(shop, [_moved(file, Path(folder), now) for file in files])
        _add_pictures(shop)
        demo_day.live(shop, now.date())
    finally:
        shop.close()


def _exports() -> list[Path]:
    """What the platforms wrote, the product list in the owner's language."""
    other = "products_export_zh.csv" if language() == "en" else "products_export_en.csv"
    return [file for file in sorted(resource("demo").glob("*.csv")) if file.name != other]


def _add_channels(shop: Shop) -> None:
    with shop.change(N_("Added the channels"), "channels") as db:
        for platform in ("taobao", "shopify"):
            channels.add(db, platform=platform, name=tr("Muhe Tea"), currency="CNY")


def _set_hours(shop: Shop, now: datetime) -> None:
    """Who works late closes late: the cut-off and the end of the day go with `_later`, up to midnight."""
    later = _later(now)
    if not later:
        return
    with shop.change(N_("Set the working hours"), "settings") as db:
        for key, hour in (("cutoff", _CUTOFF), ("day_end", _DAY_END)):
            ends = min(datetime.combine(now, hour) + later, datetime.combine(now, time(23, 59)))
            settings.put(db, key, f"{ends:%H:%M}")


def _later(now: datetime) -> timedelta:
    """How much later than in the files everything happened: whole half hours after LATEST."""
    late = max(timedelta(), now - datetime.combine(now, LATEST))
    half = timedelta(minutes=30)
    return -(-late // half) * half


def _add_pictures(shop: Shop) -> None:
    """Put the drawn pictures beside their SKUs; platform files only name pictures on the network."""
    with shop.change(N_("Added pictures"), "stock") as db:
        for file in sorted(resource("demo", "pictures").glob("*.png")):
            name = blobs.put_picture(db, file.read_bytes())
            db.execute("UPDATE skus SET picture = ? WHERE code = ?", (name, file.stem))


def _moved(file: Path, folder: Path, now: datetime) -> Path:
    """A copy of a demo file that tells of today what the file tells of ANCHOR."""
    encoding = "gb18030" if file.name.startswith("ExportOrder") else "utf-8"
    text = file.read_bytes().decode(encoding).replace("{shop}", tr("Muhe Tea"))
    copy = folder / file.name
    copy.write_bytes(_STAMP.sub(lambda found: _moved_stamp(found, now), text).encode(encoding))
    return copy


def moved(at: datetime, now: datetime) -> datetime:
    """A moment of the files as one of the days up to `now`.

    What happened on ANCHOR lies in the part of today that is over: early in the day it is closer together.
    """
    midnight, today = datetime.combine(ANCHOR, time()), datetime.combine(now, time())
    told = datetime.combine(ANCHOR, TOLD) - midnight
    if at > midnight:
        at = midnight + (at - midnight) * min(1.0, (now - today) / told)
    return at + (today - midnight) + _later(now)


def _moved_stamp(found: re.Match[str], now: datetime) -> str:
    year, month, day, hour, minute, second, utc = found.groups(default="")
    at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    then = moved(at, now)
    if not hour:
        return then.date().isoformat()
    if utc:
        return f"{then.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"{then:%Y-%m-%d %H:%M:%S}"
