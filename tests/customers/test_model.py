"""Rules about buyers that need no file."""

from __future__ import annotations

import pytest

from shopdesk.core.errors import ShopError
from shopdesk.customers import model


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Oskar Lind", "OL"), ("mia", "M"), ("张三", "张"), ("小**红", "小"), ("Åsa Öberg", "ÅÖ"), ("tb_8802", "T8"),
     ("", "?"), ("<img src='/dev/zero'>", "IS"), ("***", "?"), ("Маша", "М")],
)  # fmt: skip
def test_initials(name: str, letters: str):
    assert model.initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("1990-05-12", "1990-05-12"), ("5-12", "--05-12"), ("1990/5/12", "1990-05-12"), ("5月12日", "--05-12"),
     ("02-29", "--02-29"), ("1990年5月12日", "1990-05-12"), ("  ", None)],
)  # fmt: skip
def test_birthdays_as_typed(typed: str, stored: str | None):
    assert model.birthday(typed) == stored


@pytest.mark.parametrize("typed", ["13-01", "1999-02-29", "tomorrow", "90-5-12", "2026-11"])
def test_what_is_no_birthday(typed: str):
    with pytest.raises(ShopError):
        model.birthday(typed)


def test_phone_tail():
    assert model.phone_tail("+86 138-0000-7716") == "7716"
    assert model.phone_tail("12") == ""
