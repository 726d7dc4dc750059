"""The order cells of a batch as staged orders and the people who placed them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from shopdesk.core.words import N_
from shopdesk.exchange.batch import Batch
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.source import Source

_PERSON_ONLY = ("buyer_name", "buyer_email")
_PERSON = ("id", "source", "platform", "from_file", "row", "handle", "name", "phone", "email", "region", "address")


class HeadWriter:
    """Writes order_ rows, one per first row of an order."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.writer = source.writer
        self.format = source.format
        self.status = source.layout.words(self.format.status)
        self._refund = source.layout.words(self.format.refund)
        self.extra = source.extra()

    def write(self, heads: Batch, values: dict[str, Any]) -> None:
        """Stage these orders from the clean values of their cells."""
        values["person"] = self.persons(values, heads.where)
        words = self.status.words(heads.cells) if self.status else None
        if self.status:
            values["status"] = self.status.values(heads.cells)
            self._warn_words(heads)
        if self._refund:
            values["refund_state"] = self._refund.values(heads.cells)
        self._shop(values)
        self._name_only(values)
        self.source.spans(values.get("created_at") or values.get("paid_at") or ())
        for name in _PERSON_ONLY:
            values.pop(name, None)
        self.writer.write_columns("order_", self.common(heads) | {"status_words": words, **values})

    def common(self, heads: Batch) -> dict[str, Any]:
        """The columns that every staged order and return has."""
        count = len(heads)
        return {
            "id": heads.ids,
            "source": repeat(self.source.id, count),
            "row": heads.where,
            "platform": repeat(self.format.platform, count),
            "number": heads.numbers,
            "currency": repeat(heads.readers.currency, count),
            "extra": self.extra.values(heads.cells),
        }

    def _warn_words(self, heads: Batch) -> None:
        assert self.status is not None
        for at, word in self.status.unknown_words(heads.cells):
            trouble = Trouble(
                "status", N_("“{word}” is no order status known here; the dates decide instead."), word=word
            )
            self.source.warn(heads.where[at], "", trouble, record="order_")

    def _shop(self, values: dict[str, Any]) -> None:
        """The shop that the platform names; 0 is how a re-saved file says nothing."""
        for name in ("shop_id", "shop_name"):
            if name in values:
                values[name] = [None if shop == "0" else shop for shop in values[name]]
                known = getattr(self.source, name) or next(filter(None, values[name]), None)
                setattr(self.source, name, known)

    def _name_only(self, values: dict[str, Any]) -> None:
        """A buyer without an account, of whom no receiver is told, is known by the name alone: it is the receiver's."""
        names = values.get("buyer_name")
        if names is not None:
            nobody = [None] * len(names)
            told = zip(values.get("buyer") or nobody, values.get("receiver") or nobody, names, strict=True)
            values["receiver"] = [receiver or (None if buyer else name) for buyer, receiver, name in told]

    def persons(self, values: dict[str, Any], where: Sequence[int]) -> list[int | None] | None:
        """The person of each order, None where nobody is named; new ones are written."""
        handles = values.get("buyer")
        if handles is None:
            return None
        people = self.source.people
        ids = list(map(people.__getitem__, handles))
        if people.fresh:
            self._write_persons(values, where, ids, [at for at, one in enumerate(ids) if self._is_fresh(one)])
        return ids

    def _is_fresh(self, person: int | None) -> bool:
        fresh = self.source.people.fresh
        if person in fresh:
            fresh.discard(person)
            return True
        return False

    def _write_persons(
        self, values: dict[str, Any], where: Sequence[int], ids: Sequence[int | None], fresh: Sequence[int]
    ) -> None:
        blank = [None] * len(where)
        names = values.get("buyer_name") or values.get("receiver") or blank
        others = (values.get(name) or blank for name in ("phone", "buyer_email", "region", "address"))
        columns = [where, values["buyer"], names, *others]
        rows = ((ids[at], self.source.id, self.format.platform, 0, *(column[at] for column in columns)) for at in fresh)
        self.writer.write("person", _PERSON, rows)
