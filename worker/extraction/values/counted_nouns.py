"""The noun that a number counts, by the parse."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.values.measures import Unit

__all__ = ["counted"]

_MEASURE_MODIFIERS = words("measure_modifiers")
_MEASURES_OF_EVENTS = words("measures_of_events")
_MAX_DISTANCE = 7
"""Words between a number and the noun that it counts."""
_BETWEEN = frozenset(("ADJ", "NOUN", "PROPN", "NUM", "ADV", "VERB", "DET", "PUNCT", "CCONJ", "PRON", "PART", "X"))


def counted(doc: Doc, tokens: Phrase | None) -> Unit | None:
    """The noun that a number counts, with its compound: "mercenaries" of "1,200 foreign mercenaries".

    `tokens` are those of the number. In "two of the sheets" it is the noun after "of", in "20 soldiers and mercenaries"
    both nouns. Adjectives are in the span but not in the unit.
    """
    if tokens is None:
        return None
    last = tokens[-1]
    following = doc[last.i + 1 : last.i + 2 + _MAX_DISTANCE]
    if not following:
        return None
    first = following[0]
    if first.lower_ == "of":
        return _after_of(doc, first)
    if first.lower_ in _MEASURES_OF_EVENTS and len(following) > 1 and following[1].pos_ in ("NOUN", "PROPN", "ADJ"):
        return first.text, first.idx + len(first.text)  # "the 400 metre hurdles"
    head = _head(doc, tokens)
    return None if head is None else _named(doc, head, last.i)


def _head(doc: Doc, tokens: Phrase) -> Token | None:
    last = tokens[-1]
    for token in (last, *reversed(list(tokens))):
        head = token.head
        near = last.i < head.i <= last.i + _MAX_DISTANCE
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


def _last_of_compound(noun: Token) -> Token:
    """The head of the compound that a noun is in: "messages" for the "alarm" of "alarm messages"."""
    while noun.dep_ == "compound" and noun.head.i == noun.i + 1 and _is_noun(noun.head):
        noun = noun.head
    return noun


def _is_noun(head: Token) -> bool:
    return head.pos_ in ("NOUN", "PROPN") or head.tag_ == "VBZ"  # a plural that is read as a verb


def _after_of(doc: Doc, of: Token) -> Unit | None:
    noun = next((c for c in of.children if c.dep_ == "pobj"), None)
    if noun is None or noun.i > of.i + _MAX_DISTANCE:
        noun = next((t for t in doc[of.i + 1 : of.i + 6] if t.tag_ in ("NNS", "NNPS")), None)
    if noun is None or noun.pos_ not in ("NOUN", "PROPN"):
        return None
    unit, end = _named(doc, noun, of.i)
    # "eleven of its 16 ferries" are two numbers
    if of.i and of.nbor(-1).like_num and any(t.like_num for t in doc[of.i + 1 : noun.i]):
        end = of.nbor(-1).idx + len(of.nbor(-1).text)
    return unit, end


def _named(doc: Doc, head: Token, after: int) -> Unit:
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


def _compound(doc: Doc, head: Token, after: int) -> str:
    start = head.i
    while start - 1 > after:
        before = doc[start - 1]
        measure = before.lower_ in _MEASURE_MODIFIERS
        if not measure and (before.pos_ != "NOUN" or before.dep_ not in ("compound", "nmod", "amod")):
            break
        start -= 1
    if start - 2 > after and doc[start - 1].text == "-" and doc[start - 2].is_alpha:
        start -= 2  # "light-years"
    phrase = doc[start : head.i + 1].text  # doc.text would be built again for each number
    return " ".join(phrase.replace("\u00ad", "").split()).rstrip(".")
