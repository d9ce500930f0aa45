"""What a number counts: currencies, measures, and the noun that the parse gives it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

__all__ = ["MEASURES", "Counted", "counted", "currency", "glued"]

_UNITS = tomllib.loads(files("worker.extraction").joinpath("data/units.toml").read_text(encoding="utf-8"))
MEASURES = frozenset(_UNITS["measures"]["words"].split())
_FURTHEST = 7
_BETWEEN = frozenset(("ADJ", "NOUN", "PROPN", "NUM", "ADV", "VERB", "DET", "PUNCT", "CCONJ", "PRON", "PART", "X"))

Counted = tuple[str, int]
"""The unit and the offset where the words that name it end."""


def currency(words: str) -> str:
    """The ISO code of a sign, a code or a name of a currency; the name itself where several countries share it."""
    plain = " ".join(words.casefold().split())
    sign = next((s for s in _UNITS["signs"] if s in plain), None)
    if sign:
        before = plain.partition(sign)[0].strip()
        return str(_UNITS["prefixed"].get(before, _UNITS["signs"][sign]) if sign == "$" else _UNITS["signs"][sign])
    if len(plain) == 3 and words.strip().isupper():
        return {"RMB": "CNY"}.get(words.strip(), words.strip())
    name = plain if plain in _UNITS["words"] else re.sub(r"s$", "", plain)
    for known, code in _UNITS["of"].items():
        if plain in (known, known + "s"):
            return str(code)
    last = name.split()[-1]
    return str(_UNITS["words"].get(last, _UNITS["words"].get(plain.split()[-1], plain.split()[-1])))


def counted(doc: Any, tokens: Any) -> Counted | None:
    """The noun that a number counts: "mercenaries" of "1,200 foreign mercenaries", with its noun compounds.

    `tokens` are those of the number. Of "two of the sheets" it is the noun after "of"; of "soldiers and mercenaries"
    both. Adjectives are left out of the unit and not of the span.
    """
    last = tokens[-1]
    following = doc[last.i + 1 : last.i + 2 + _FURTHEST]
    if not following:
        return None
    first = following[0]
    if first.lower_ == "of":
        return _after_of(doc, first)
    head = _head(doc, tokens)
    return None if head is None else _named(doc, head, last.i)


def _head(doc: Any, tokens: Any) -> Any:
    last = tokens[-1]
    for token in (last, *reversed(list(tokens))):
        head = token.head
        near = last.i < head.i <= last.i + _FURTHEST
        if near and head.pos_ in ("NOUN", "PROPN") and token.dep_ in ("nummod", "quantmod", "amod", "det", "compound"):
            if all(t.pos_ in _BETWEEN and t.text not in ",;:()–—" for t in doc[last.i + 1 : head.i]):
                return _last_of_compound(head)
            break
    for token in doc[last.i + 1 : last.i + 1 + 4]:
        if token.pos_ in ("NOUN", "PROPN"):
            return _last_of_compound(token)
        if token.pos_ not in ("ADJ", "NUM") and token.tag_ not in ("VBN", "VBG", "JJ", "JJR") and token.text != "-":
            return None
        if token.tag_ in ("VBN", "VBG") and token.dep_ not in ("amod", "compound"):
            return None
    return None


def _last_of_compound(noun: Any) -> Any:
    """The head of a compound whose parts were met first: "alarm" leads on to "messages"."""
    while noun.dep_ == "compound" and noun.head.i == noun.i + 1 and noun.head.pos_ in ("NOUN", "PROPN"):
        noun = noun.head
    return noun


def _after_of(doc: Any, of: Any) -> Counted | None:
    noun = next((c for c in of.children if c.dep_ == "pobj"), None)
    if noun is None or noun.i > of.i + _FURTHEST:
        noun = next((t for t in doc[of.i + 1 : of.i + 6] if t.tag_ in ("NNS", "NNPS")), None)
    if noun is None or noun.pos_ not in ("NOUN", "PROPN"):
        return None
    return _named(doc, noun, of.i)


def _named(doc: Any, head: Any, after: int) -> Counted:
    unit = _compound(doc, head, after)
    end = head.idx + len(head.text)
    nxt = doc[head.i + 1 : head.i + 5]
    if head.lemma_ == "degree" and len(nxt) and nxt[0].text in ("Celsius", "Fahrenheit", "C", "F"):
        return f"{unit} {nxt[0].text}", nxt[0].idx + len(nxt[0].text)
    if len(nxt) > 1 and nxt[0].lower_ in ("and", "or") and head.tag_ in ("NNS", "NNPS"):
        for token in nxt[1:]:
            if token.tag_ in ("NNS", "NNPS"):
                whole = _last_of_compound(token)
                joined = whole.dep_ == "conj" and whole.head.i <= head.i
                if joined:
                    return f"{unit} {nxt[0].text} {_compound(doc, whole, nxt[0].i)}", whole.idx + len(whole.text)
                break
            if token.pos_ not in ("ADJ", "NOUN"):
                break
    return unit, end


def _compound(doc: Any, head: Any, after: int) -> str:
    start = head.i
    while start - 1 > after:
        before = doc[start - 1]
        measure = before.lower_ in ("cubic", "square", "nautical", "metric")
        if not measure and (before.pos_ != "NOUN" or before.dep_ not in ("compound", "nmod", "amod")):
            break
        start -= 1
    words = doc[start : head.i + 1].text  # not of doc.text, which is put together anew each time
    return " ".join(words.replace("\u00ad", "").split())


_GLUED = re.compile(r"(-|‑)?([A-Za-z]+(?:/h)?)(?![\w])|(\s?°\s?[CF]?)")


def glued(text: str, at: int) -> Counted | None:
    """A measure that follows a number without a space: "20km", "a 20-tonne truck", "30°C"."""
    match = _GLUED.match(text, at)
    if match is None:
        return None
    if match[3]:
        letter = match[3].strip()[-1]
        return {"C": "degrees Celsius", "F": "degrees Fahrenheit"}.get(letter, "degrees"), match.end()
    word = match[2]
    if word.casefold().removesuffix("/h") not in MEASURES and (word != "m" or match[1]):
        return None
    return word, match.end()
