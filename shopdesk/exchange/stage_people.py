"""Rows of customer and review files as staged people and reviews."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from shopdesk.core.words import N_
from shopdesk.exchange.cleaning import Trouble
from shopdesk.exchange.stage_goods import RecordStager


class CustomerStager(RecordStager):
    """Customers that a platform lists."""

    tables = ("customer",)
    record = "person"

    def stage(self, row: Sequence[str], where: int, parts: dict[str, dict[str, Any]], more: dict[str, Any]) -> None:
        """Stage one customer; without an account nobody can be told apart."""
        person = {name: value for name, value in parts["customer"].items() if value is not None}
        handle = person.get("handle")
        if not handle:
            trouble = Trouble("handle-missing", N_("The row names no account, e-mail or telephone."))
            self.source.refuse(where, "", trouble, self.record)
            return
        people = self.source.people
        known = people.get(handle)
        if known is not None:
            self.writer.update("person", known, source=self.source.id, row=where, from_file=1, **person)
            return
        people[handle] = self.writer.add("person", **self._common(where), from_file=1, extra=more["extra"], **person)


class ReviewStager(RecordStager):
    """Reviews that a platform lists."""

    tables = ("review",)
    record = "review"

    def __init__(self, source: Any) -> None:
        super().__init__(source)
        self.keys: dict[str, int] = {}

    def stage(self, row: Sequence[str], where: int, parts: dict[str, dict[str, Any]], more: dict[str, Any]) -> None:
        """Stage one review; where the platform gives it no number, its own words make its key."""
        review = {name: value for name, value in parts["review"].items() if value is not None}
        missing = next((name for name in ("stars", "written_at") if name not in review), None)
        if missing:
            column = self.readers["review"][missing].names[0] if missing in self.readers["review"] else ""
            trouble = Trouble("review-missing", N_("A review needs its stars and its date."))
            self.source.refuse(where, column, trouble, self.record)
            return
        review["key"] = review.get("key") or self._own_key(review)
        self.source.spans([review["written_at"]])
        if more["state"]:
            review["state"] = more["state"]
        self.writer.add("review", **self._common(where), extra=more["extra"], **review)

    def _own_key(self, review: dict[str, Any]) -> str:
        names = ("number", "item_id", "item_name", "buyer", "buyer_name", "email", "written_at", "stars", "body")
        words = "\x1f".join(str(review.get(name) or "") for name in names)
        digest = hashlib.sha256(words.encode()).hexdigest()[:24]
        count = self.keys[digest] = self.keys.get(digest, 0) + 1
        return digest if count == 1 else f"{digest}-{count}"
