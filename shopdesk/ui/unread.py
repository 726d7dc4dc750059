"""A page whose figures lie in a damaged part of the shop file: it says so, instead of staying blank."""

from collections.abc import Iterator
from contextlib import contextmanager

from shopdesk.core.errors import Damaged
from shopdesk.core.shop import Shop
from shopdesk.core.sqlite import DatabaseError
from shopdesk.core.words import N_, tr
from shopdesk.ui.watch import is_damage
from shopdesk.ui.widgets import EmptyState


@contextmanager
def reading() -> Iterator[None]:
    """Around what a page reads in the worker. Raises Damaged where SQLite cannot read the file."""
    try:
        yield
    except (DatabaseError, UnicodeDecodeError) as error:  # a spoilt name is no text
        if isinstance(error, UnicodeDecodeError) or is_damage(error):
            raise Damaged(N_("The shop file is damaged.")) from error
        raise


def show_unread(nothing: EmptyState, shop: Shop, error: Exception) -> None:
    """Say in the place of a page's content why it shows nothing. Whatever is not known yet goes on as an error."""
    if not isinstance(error, Damaged):
        raise error
    say_unread(nothing)
    if not shop.is_damaged:
        raise error  # the ways out are offered now


def say_unread(nothing: EmptyState) -> None:
    """The sentence for it."""
    nothing.say(
        tr("What stands here cannot be read"),
        tr("It lies in a damaged part of the file. “What can be done” above repairs it or puts a backup back."),
    )
