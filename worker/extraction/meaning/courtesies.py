"""Whether quoted words are no more than a greeting, thanks, an exclamation or a yes, which state nothing."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import any_of, words

__all__ = ["is_courtesy"]

_WORDS = words("words_of_courtesy")
_VOCATIVES = words("vocatives")
_WHOLE = words("whole_courtesies")
_BEGINNING = re.compile(rf"{any_of('beginnings_of_courtesy')}\b")
_PART = re.compile(r"[.!?…,;:–—\n]+|\.\.\.")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MAX_WORDS = 8
"""Words of one courtesy: longer ones say for what somebody is thanked, or who is welcome where."""


def is_courtesy(said: str) -> bool:
    """True for "Good morning, everybody. Thank you all for coming"; not for "Thank you. We have won".

    `said`: the words of a quote, with or without its marks.
    """
    is_any = False
    for part in _PART.split(said.replace("’", "'")):
        listed = _WORD.findall(part)
        if not listed:
            continue
        plain = [word.casefold() for word in listed]
        is_listed = _VOCATIVES.union(_WORDS).issuperset(plain) and (is_any or not _VOCATIVES.issuperset(plain))
        if is_listed or _is_of_several_words(plain):
            is_any = True
        elif not (is_any and _is_somebody(listed)):
            return False
    return is_any


def _is_of_several_words(plain: list[str]) -> bool:
    """True for "of course" and "thank you all", also behind "oh" and "well" and with somebody behind it."""
    if len(plain) > _MAX_WORDS:
        return False
    end = len(plain)
    while end > 1 and plain[end - 1] in _VOCATIVES | _WORDS and " ".join(plain[:end]) not in _WHOLE:
        end -= 1
    for begin in range(len(plain)):
        rest = " ".join(plain[begin:])
        if rest in _WHOLE or " ".join(plain[begin:end]) in _WHOLE or _BEGINNING.match(rest) is not None:
            return True
        if plain[begin] not in _WORDS:
            return False
    return False


def _is_somebody(listed: list[str]) -> bool:
    """True for a name behind a courtesy: "Happy birthday, Mum"."""
    return len(listed) <= 2 and all(word[:1].isupper() for word in listed)
