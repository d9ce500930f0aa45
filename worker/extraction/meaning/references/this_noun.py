"""Completes "this grant" from the mention before that says which: "the 2 million grant to the Olm theatre"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import FINITE_TAGS, subtree_without

__all__ = ["NounsBefore", "PointingPhrase"]

_POINTING = frozenset({"this", "that", "these", "those"})
_TIMES = frozenset("time year month week day morning evening night hour moment season summer winter century".split())
_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "these", "those", "some"})
_OTHERS = frozenset(
    "other others another same latter former such similar first last next previous original old older earlier "
    "many most several few any every each all both".split()
)
_CUT = ("relcl", "appos", "parataxis", "advcl", "cc", "conj", "case")
_UNSAID = frozenset('[]"“”()‘’')
_WHERE = frozenset({"above", "below", "here", "earlier", "being"})
_MAX_SENTENCES = 6
"""Sentences between two mentions of one thing."""
_MAX_SENTENCES_IN_ALL = 40
_MAX_WORDS = 12
_CLOSING = frozenset("\"”’')")
_STOPS = frozenset(".!?:")


class PointingPhrase(NamedTuple):
    """ "This grant": where it is, the words that say which grant, and where these are in the text."""

    span: Span
    words: str
    told_at: int


class NounsBefore:
    """The nouns of one text by their lemma, in its order."""

    def __init__(self, doc: Doc) -> None:
        self._numbers: dict[int, int] = {}
        self._nouns: dict[str, list[Token]] = defaultdict(list)
        for number, sentence in enumerate(doc.sents):
            if not _has_stop(sentence):
                continue  # a heading
            for token in sentence:
                if token.pos_ in ("NOUN", "PROPN") and token.dep_ != "compound":
                    self._nouns[token.lemma_.casefold()].append(token)
                    self._numbers[token.i] = number

    def completed(self, noun: Token, *, is_subject: bool) -> PointingPhrase | None:
        """The whole of a phrase like "this grant", where a mention before it says which one; None where none does.

        `is_subject`: it is the subject of a statement, of which "the grant" is completed as well where the text has
        brought in one thing of its kind.
        """
        pointing = _pointing(noun) or (_article(noun) if is_subject else None)
        if pointing is None or noun.ent_type_ in ("DATE", "TIME") or noun.lemma_.casefold() in _TIMES:
            return None
        own = _said_of(noun, pointing)
        is_definite = pointing.lower_ == "the"
        if own is None or (is_definite and (own or noun.ent_type_ or self._brought_in(noun) != 1)):
            return None
        number = at = self._numbers.get(noun.i, 0)
        for before in reversed(self._nouns[noun.lemma_.casefold()]):
            if before.i >= pointing.i or before.dep_ == "attr":
                continue  # "it is a versatile bag" tells no bag apart
            back = self._numbers[before.i]
            if at - back > _MAX_SENTENCES or number - back > _MAX_SENTENCES_IN_ALL:
                return None
            at = back
            whole = _phrase(before) if _is_several(before) == _is_several(noun) else None
            if whole is None:
                return None
            if (
                len(whole) > 1
                and (not is_definite or _is_brought_in(before))
                and own <= {t.lemma_.casefold() for t in whole}
            ):
                words = "".join(t.text_with_ws for t in whole).strip()
                words = words if whole[0].pos_ == "PROPN" else words[:1].lower() + words[1:]
                span = (pointing.idx, noun.idx + len(noun.text))
                return PointingPhrase(span, f"the {' '.join(words.split())}", before.idx)
            if not any(c.dep_ == "det" and c.lower_ in _POINTING | {"the"} for c in before.children):
                return None
        return None

    def has_before(self, noun: Token) -> bool:
        """Whether the text names something of a noun's kind before it."""
        return any(t.i < noun.i for t in self._nouns[noun.lemma_.casefold()])

    def _brought_in(self, noun: Token) -> int:
        """How many things of a noun's kind and number the text brings in before it: "a grant"."""
        before = (t for t in self._nouns[noun.lemma_.casefold()] if t.i < noun.i)
        return sum(_is_brought_in(t) for t in before if _is_several(t) == _is_several(noun))


def _has_stop(sentence: Phrase) -> bool:
    """Whether a sentence ends with a stop, closing marks and white space aside."""
    at = len(sentence) - 1
    while at > 0 and (sentence[at].is_space or sentence[at].text in _CLOSING):
        at -= 1
    return sentence[at].text[-1:] in _STOPS


def _is_brought_in(noun: Token) -> bool:
    """True for "a grant", "40 grants" and "grants", and for "the grant of 2 million euros", which says which."""
    determiners = [c for c in noun.children if c.dep_ in ("det", "poss")]
    if [c.lower_ for c in determiners] == ["the"] and any(c.lower_ == "of" and c.i > noun.i for c in noun.children):
        return True
    if determiners:
        return all(c.lower_ in ("a", "an", "some") for c in determiners)
    return _is_several(noun) and noun.pos_ == "NOUN"


def _is_several(noun: Token) -> bool:
    return noun.tag_ in ("NNS", "NNPS")


def _pointing(noun: Token) -> Token | None:
    return next((c for c in noun.children if c.dep_ == "det" and c.lower_ in _POINTING and c.i < noun.i), None)


def _article(noun: Token) -> Token | None:
    return next((c for c in noun.children if c.dep_ == "det" and c.lower_ == "the" and c.i == noun.i - 1), None)


def _said_of(noun: Token, pointing: Token) -> frozenset[str] | None:
    """The words between "this" and its noun; None where the phrase goes on behind it: "those costs of the strike"."""
    behind = [c for c in noun.children if c.i > noun.i and c.dep_ in ("prep", "acl", "relcl", "appos", "conj")]
    if behind or noun.dep_ in ("compound", "poss"):
        return None
    between = list(noun.doc[pointing.i + 1 : noun.i])
    return frozenset(t.lemma_.casefold() for t in between if t.lower_ != "very")


def _phrase(noun: Token) -> Sequence[Token] | None:
    """A noun phrase without its article and what is only added to it; empty where it says no more than the noun.

    None where it tells the thing from another one.
    """
    kept = [t for t in subtree_without(noun, lambda t: _is_cut(t, noun)) if not t.is_space]
    owned = any(c.dep_ in ("neg", "poss") or c.lower_ == "no" for c in noun.children)
    if owned or any(t.lower_ in _OTHERS and t.nbor(1).lower_ != "than" for t in kept):
        return None
    while kept and kept[0].lower_ in _DETERMINERS:
        kept = kept[1:]
    whole = bool(kept) and kept[-1].i - kept[0].i + 1 == len(kept)
    whole = whole and all(t.lower_ != "between" or any(c.lower_ == "and" for c in t.subtree) for t in kept[:-1])
    if not whole or len(kept) > _MAX_WORDS or any(map(_is_unsaid, kept)):
        return []
    return kept


def _is_unsaid(token: Token) -> bool:
    is_pointing = (
        token.tag_ in FINITE_TAGS
        or token.tag_ in ("PRP", "PRP$", "RBR")
        or (token.tag_ == "DT" and token.lower_ in _POINTING)
    )
    return is_pointing or token.text in _UNSAID or token.lower_ in _WHERE


def _is_cut(token: Token, noun: Token) -> bool:
    if token.dep_ in _CUT:
        return True
    return token.i > noun.i and token.dep_ == "punct"
