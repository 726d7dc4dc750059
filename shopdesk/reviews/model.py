"""What a review is, and the rules about reviews that need no database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shopdesk.core.words import N_, tr


class State(Enum):
    """What became of a review; `open` is the one that waits."""

    OPEN = "open"
    ANSWERED = "answered"
    APPEALED = "appealed"
    LEFT = "left"

    @property
    def title(self) -> str:
        """The state's N_() name."""
        return _STATES[self][0]

    @property
    def icon(self) -> str:
        """The state's icon."""
        return _STATES[self][1]


_STATES = {
    State.OPEN: (N_("Unanswered"), "clock"),
    State.ANSWERED: (N_("Answered"), "tick"),
    State.APPEALED: (N_("Appealed"), "flag"),
    State.LEFT: (N_("Left as it is"), "steady"),
}

CAUSES = {
    "packing": N_("Broken in transit"),
    "quality": N_("Quality"),
    "wrong_item": N_("Wrong item"),
    "not_as_described": N_("Not as described"),
    "slow": N_("Slow"),
}
"""The usual causes: what the file holds -> its N_() name. Any other text is the owner's own words."""

MIDDLING_STARS = 3
MOST_REPLY = 500


@dataclass(frozen=True, slots=True)
class Review:
    """A review with what it is linked to. Dimensions are None where the platform has none."""

    id: int
    channel_id: int
    platform: str
    channel: str
    key: str
    sku_id: int | None
    product_id: int | None
    order_id: int | None
    order_number: str | None
    customer_id: int | None
    buyer: str
    item: str
    stars: int
    stars_goods: int | None
    stars_service: int | None
    stars_delivery: int | None
    title: str
    body: str
    written_at: str
    state: State
    cause: str
    reply: str
    replied_at: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's limits: hours until an answer is late, stars that still count as bad."""

    hours: int
    bad_stars: int


def cause_title(cause: str) -> str:
    """A cause in the owner's language."""
    return tr(CAUSES[cause]) if cause in CAUSES else cause


def tone_of_wait(stars: int, minutes: int, limits: Limits) -> str:
    """How urgent an unanswered review is: "bad" when late or nearly, "warn" when it is a bad one."""
    if minutes >= limits.hours * 60 * 3 / 4:
        return "bad"
    return "warn" if stars <= limits.bad_stars else "text_2"


def tone_of_stars(stars: int, bad_stars: int) -> str:
    """The colour of a dimension's bar."""
    if stars <= bad_stars:
        return "bad"
    return "warn" if stars <= MIDDLING_STARS else "good"
