"""The recovery code: it is the key, it forgives handwriting, and it never lets a slip of the pen pass."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.core import keys
from shopdesk.core.keys import Key, MistypedCode, WrongPassword

RAW = st.binary(min_size=32, max_size=32)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SALT = b"s" * 16


@given(RAW)
def test_a_code_gives_the_key_back(raw: bytes):
    code = keys.recovery_code(Key(raw, SALT))
    assert [len(group) for group in code.split("-")] == [5] * 11
    assert keys.looks_like_code(code)
    assert keys.of_recovery_code(code, SALT) == Key(raw, SALT)


@given(RAW, st.data())
def test_however_it_is_written_down(raw: bytes, data: st.DataObject):
    code = keys.recovery_code(Key(raw, SALT))
    loose = data.draw(st.sampled_from(["-", " ", "", " - ", "–", "\n", "—"])).join(code.split("-"))
    for said, written in (("0", "oOQ"[:2]), ("1", "iIlL")):
        loose = loose.replace(said, data.draw(st.sampled_from(said + written)))
    if data.draw(st.booleans()):
        loose = loose.lower()
    if data.draw(st.booleans()):  # as a Chinese keyboard writes it
        loose = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in loose)
    assert keys.of_recovery_code(f" {loose}\n", SALT) == Key(raw, SALT)


@given(RAW, st.integers(0, 54), st.sampled_from(LETTERS))
def test_one_wrong_character_is_always_found(raw: bytes, at: int, letter: str):
    code = keys.recovery_code(Key(raw, SALT)).replace("-", "")
    if code[at] != letter:
        with pytest.raises(MistypedCode):
            keys.of_recovery_code(code[:at] + letter + code[at + 1 :], SALT)


@given(RAW, st.integers(0, 53))
def test_neighbours_that_changed_places_are_always_found(raw: bytes, at: int):
    code = keys.recovery_code(Key(raw, SALT)).replace("-", "")
    if code[at] != code[at + 1]:
        with pytest.raises(MistypedCode):
            keys.of_recovery_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :], SALT)


@given(RAW, st.integers(0, 54))
def test_a_missing_or_added_character_is_always_found(raw: bytes, at: int):
    code = keys.recovery_code(Key(raw, SALT)).replace("-", "")
    for wrong in (code[:at] + code[at + 1 :], code[:at] + "7" + code[at:]):
        assert keys.looks_like_code(wrong)
        with pytest.raises(MistypedCode):
            keys.of_recovery_code(wrong, SALT)


@pytest.mark.parametrize("said", ["", "geheim", "UUUUU-" * 11, "password " * 6, "密码" * 27])
def test_what_is_no_code_is_refused(said: str):
    with pytest.raises(MistypedCode) as refused:
        keys.of_recovery_code(said, SALT)
    assert isinstance(refused.value, WrongPassword)


def test_a_key_is_what_sqlcipher_makes_of_the_password_however_it_is_composed():
    key = keys.of_password("Müller 茶", SALT)
    assert key.raw == hashlib.pbkdf2_hmac("sha512", "Müller 茶".encode(), SALT, 256_000, 32)
    assert keys.of_password("Mu\u0308ller 茶", SALT) == key
    assert keys.of_password("müller 茶", SALT) != key


def test_a_key_does_not_show_itself():
    key = Key(b"\xab" * 32, b"\xcd" * 16)
    assert "ab" not in f"{key!r}{key!s}".replace("salt", "")
    assert pickle.loads(pickle.dumps(key)) == key
    assert Key.of_text(key.text()) == key
    with pytest.raises(ValueError):
        Key.of_text("abcd")
    assert Key.random() != Key.random()
