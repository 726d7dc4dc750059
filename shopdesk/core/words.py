"""The words of the program in the owner's language.

English source strings stand in the code; translations are gettext catalogues, one per feature, in
resources/i18n/<language>/<feature>.mo, made from the .po files beside them by `make.py words`.
Translation happens when a text is shown, never when a module is loaded, so that the language can be
switched at once. Nothing here knows Qt: the command line and the printed sheets use the same words.
"""

from __future__ import annotations

import gettext
import locale
import os
from pathlib import Path

from shopdesk.core.paths import resource

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}


class _Catalogue(gettext.GNUTranslations):
    """The catalogues of all features read into one; the first word that is found wins."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._catalog: dict[object, str] = {}
        self.plural = lambda n: int(n != 1)
        for file in files:
            with file.open("rb") as stream:
                loaded = gettext.GNUTranslations(stream)
            self._catalog.update(getattr(loaded, "_catalog"))  # noqa: B009 - no public way to merge catalogues
            self.plural = getattr(loaded, "plural")  # noqa: B009


class _State:
    language = "en"
    catalogue: gettext.NullTranslations = gettext.NullTranslations()


def N_(text: str) -> str:
    """Mark a text for translation and leave it as it is."""
    return text


def use_language(language: str) -> None:
    """Switch all words to `language`: "en", "zh_CN", or "" for the system's own."""
    chosen = language or system_language()
    chosen = chosen if chosen in LANGUAGES else "en"
    files = sorted((resource("i18n") / chosen).glob("*.mo"))
    _State.catalogue = _Catalogue(files) if files else gettext.NullTranslations()
    _State.language = chosen


def language() -> str:
    """The language in use: "en" or "zh_CN"."""
    return _State.language


def system_language() -> str:
    """The language of the system's settings, as one of LANGUAGES."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not name:
        name = locale.getlocale()[0] or ""
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


def tr(text: str, /, **values: object) -> str:
    """`text` in the owner's language, its {names} filled with `values`."""
    said = _State.catalogue.gettext(text) if text else ""
    return said.format(**values) if values else said


def trc(context: str, text: str, /, **values: object) -> str:
    """Like tr(), for a word that means different things in different places."""
    said = _State.catalogue.pgettext(context, text)
    return said.format(**values) if values else said


def trn(one: str, many: str, n: int, /, **values: object) -> str:
    """Like tr(), for a text with a number: `one` is for n = 1, `many` for all others; {n} is filled."""
    said = _State.catalogue.ngettext(one, many, n)
    if said in (one, many):  # a pair of N_() texts, which are translated one by one
        said = _State.catalogue.gettext(said)
    return said.format(n=n, **values)


def of_two(texts: dict[str, str]) -> str:
    """The text for the language in use out of a TOML pair {en = "...", zh = "..."}."""
    return texts["zh" if _State.language == "zh_CN" else "en"]


def sentences(first: str, second: str) -> str:
    """Two sentences in a row; after a Chinese full stop stands no space."""
    return f"{first}{'' if first.endswith(('。', '？')) else ' '}{second}".strip()
