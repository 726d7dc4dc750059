"""Which commands match what was typed: by any part, in any order, by pinyin and by initials."""

from functools import lru_cache

from shopdesk.core import readings


@lru_cache(maxsize=2048)
def sounds(text: str) -> tuple[tuple[str, str, int], ...]:
    """For each character of a text: how it is said, its initial, and where it stands."""
    if not any("\u4e00" <= character <= "\u9fff" for character in text):
        return ()
    said = [readings.readings(character, all_common=False)[0][0].lower() for character in text]
    return tuple((sound, sound[:1], at) for at, sound in enumerate(said))


def match(typed: str, text: str) -> list[tuple[int, int]] | None:
    """The spans (start, length) of ``text`` that the words typed match, [] for nothing typed, None for no match."""
    spans = []
    for word in typed.lower().split():
        span = _one(word, text)
        if span is None:
            return None
        spans.append(span)
    return sorted(spans)


def _one(word: str, text: str) -> tuple[int, int] | None:
    at = text.lower().find(word)
    if at >= 0:
        return at, len(word)
    if not word.isascii():
        return None
    return _by_sound(word, text)


def _by_sound(word: str, text: str) -> tuple[int, int] | None:
    said = sounds(text)
    initials = "".join(initial or " " for _, initial, _ in said)
    at = initials.find(word)
    if at >= 0:
        return at, len(word)
    for start in range(len(said)):
        rest = word
        for sound, _, place in said[start:]:
            if rest.startswith(sound) and sound:
                rest = rest[len(sound) :]
            elif sound.startswith(rest):
                rest = ""
            else:
                break
            if not rest:
                return start, place - start + 1
    return None
