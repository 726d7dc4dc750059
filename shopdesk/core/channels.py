"""Channels: one platform and one shop on it each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopdesk.core.errors import ShopError
from shopdesk.core.sqlite import Connection
from shopdesk.core.words import N_, language

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Platform:
    """A place to sell on: its id in the file, its names, the currency its files are in by default."""

    id: str
    en: str
    zh: str
    currency: str


PLATFORMS: dict[str, Platform] = {
    p.id: p
    for p in (
        Platform("taobao", "Taobao", "淘宝", "CNY"),
        Platform("pinduoduo", "Pinduoduo", "拼多多", "CNY"),
        Platform("jd", "JD", "京东", "CNY"),
        Platform("douyin", "Douyin", "抖店", "CNY"),
        Platform("1688", "1688", "1688", "CNY"),
        Platform("xiaohongshu", "Xiaohongshu", "小红书", "CNY"),
        Platform("weixin", "Weixin shop", "微信小店", "CNY"),
        Platform("shopify", "Shopify", "Shopify", "USD"),
        Platform("woocommerce", "WooCommerce", "WooCommerce", "USD"),
        Platform("etsy", "Etsy", "Etsy", "USD"),
        Platform("amazon", "Amazon", "Amazon", "USD"),
        Platform("ebay", "eBay", "eBay", "USD"),
        Platform("square", "Square", "Square", "USD"),
        Platform("other", "Own sales", "自营", "CNY"),
    )
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A platform and a shop on it."""

    id: int
    platform: str
    name: str
    shop_id: str
    currency: str


def platform_name(platform: str) -> str:
    """The platform's name in the owner's language."""
    known = PLATFORMS.get(platform)
    if known is None:
        return platform
    return known.zh if language() == "zh_CN" else known.en


def listed(con: Connection) -> list[Channel]:
    """All channels, oldest first."""
    rows = con.execute("SELECT id, platform, name, shop_id, currency FROM channels WHERE deleted_at IS NULL")
    return [Channel(*row) for row in rows]


def add(db: Database, *, platform: str, name: str, shop_id: str = "", currency: str) -> int:
    """Add a channel inside a change; its id. Raises ShopError when platform and name are taken."""
    _check_name(db, platform, name)
    row = {"platform": platform, "name": name.strip(), "shop_id": shop_id, "currency": currency}
    return int(str(db.table("channels").insert(row).last_pk))


def rename(db: Database, channel_id: int, *, name: str) -> None:
    """Give a channel another name inside a change. Raises ShopError when its platform has one of that name."""
    platform = db.execute("SELECT platform FROM channels WHERE id = ?", (channel_id,)).fetchone()[0]
    _check_name(db, platform, name, but=channel_id)
    db.execute("UPDATE channels SET name = ? WHERE id = ?", (name.strip(), channel_id))


def _check_name(db: Database, platform: str, name: str, *, but: int = 0) -> None:
    if not name.strip():
        raise ShopError(N_("A channel needs a name."), field="name")
    taken = db.execute(
        "SELECT 1 FROM channels WHERE platform = ? AND name = ? AND id <> ?", (platform, name.strip(), but)
    ).fetchone()
    if taken:
        raise ShopError(N_("There is a channel “{name}” already."), field="name", name=name)


def choices(con: Connection) -> list[tuple[object, str]]:
    """The channels as (id, words) pairs; the platform stands before names that leave it open."""
    found = listed(con)
    names = [channel.name for channel in found]
    return [(channel.id, _words(channel, alone=names.count(channel.name) == 1)) for channel in found]


def _words(channel: Channel, *, alone: bool) -> str:
    platform = platform_name(channel.platform)
    return channel.name if alone and platform in channel.name else f"{platform} · {channel.name}"
