"""Whether a clause is negated by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import any_of, ordered_words, words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import SUBJECTS, subject_of

__all__ = ["NEGATORS", "is_not_yet", "negated", "negated_noun"]

NEGATORS = words("negators")
_NEGATIVE_PRONOUNS = words("negative_pronouns")
_OF_THE_WHOLE = words("words_of_the_whole")
_NEARLY = words("near_negators")
_QUANTIFIERS = words("near_negative_quantifiers")
_STATES = words("negative_states")
_OPENINGS = tuple(tuple(opening.split()) for opening in ordered_words("negative_openings"))
_FIRST_OF_OPENINGS = frozenset(opening[0] for opening in _OPENINGS)
_EVER = frozenset(("once", "ever", "even", "yet"))
"""Adverbs that "not" before them negates at the beginning of a clause: "not once did the crew ask"."""
_COPULAS = frozenset(("be", "seem", "look", "appear", "remain", "feel", "prove"))
_IDLE = re.compile(rf"\b{any_of('idle_negations')}\b", re.IGNORECASE)


def negated(verbs: Sequence[Token], tokens: Sequence[Token], *, nearly: bool = True) -> bool:
    """Whether one of the verbs, its subject or object is negated, an odd number of times; clauses below do not count.

    `tokens`: the clause's, in which "no doubt" and "not only" are looked for. `nearly`: "hardly" and "few" negate too.
    """
    found = [n for token in verbs for n in (*_negations(token), *(_near_negations(token) if nearly else ()))]
    found += _objects_astray(verbs, tokens)
    negations = {n.i: {n.i, *(c.i for c in n.children if c.lower_ == "no")} for n in found}
    if not negations:
        return False
    lower = [t.lower_ for t in tokens]
    starts, length = {}, 0
    for token, word in zip(tokens, lower, strict=True):
        starts[length] = token.i
        length += len(word) + 1
    for match in _IDLE.finditer(" ".join(lower)):
        idle = {i for at, i in starts.items() if match.start() <= at < match.end()}
        negations = {i: places for i, places in negations.items() if idle.isdisjoint(places)}
    return len(negations) % 2 == 1 if len(negations) < 3 else True


def _negations(verb: Token) -> list[Token]:
    found = []
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "neg" and _could_not_be_more(verb):
            continue  # "could not be happier"
        if (
            child.dep_ == "neg"
            or (word in NEGATORS and child.dep_ in ("advmod", "preconj", "cc", "dep") and not _begins_next(child, verb))
            or (word == "longer" and any(c.lower_ == "no" for c in child.children))
            or (word in _EVER and any(c.lower_ == "not" for c in child.children))
            or (word == "next" and _is_next_to_nothing(child))
        ):
            found.append(child)
        elif child.dep_ in (*SUBJECTS, "dobj", "attr", "oprd", "dative", "npadvmod") or (
            child.dep_ == "acomp" and child.pos_ in ("NOUN", "PRON", "ADJ")
        ):
            if word in _NEGATIVE_PRONOUNS or negated_noun(child):
                found.append(child)
        elif child.dep_ in ("prep", "agent") and any(c.dep_ == "pobj" and negated_noun(c) for c in child.children):
            found.append(child)  # "in no way", "under no circumstances", "at no point"
    return found


def _is_next_to_nothing(word: Token) -> bool:
    """ "Next to no time", "next to nothing"."""
    behind = [t.lower_ for t in word.doc[word.i + 1 : word.i + 3]]
    return len(behind) == 2 and behind[0] == "to" and behind[1] in ("no", "none", "nothing", "nobody", "zero")


def _could_not_be_more(verb: Token) -> bool:
    could = any(c.lower_ == "could" and c.dep_ == "aux" for c in verb.children)
    return could and verb.lemma_ == "be" and any(c.tag_ == "JJR" for c in verb.children)


def _begins_next(token: Token, verb: Token) -> bool:
    """ "They did not ask, nor did they wait": it negates the clause that it joins, unlike "neither sent nor read"."""
    joined = [c for c in verb.children if c.dep_ == "conj" and c.i > token.i > verb.i]
    return token.dep_ == "cc" and any(subject_of(c) is not None for c in joined)


def _objects_astray(verbs: Sequence[Token], tokens: Sequence[Token]) -> list[Token]:
    """Negated objects that the parse hangs on a word outside of the clause: "made no new offer", the union said."""
    inside = {t.i for t in tokens}
    return [
        noun
        for verb in verbs
        if verb.i + 1 in inside and verb.nbor(1).lower_ == "no"
        for noun in (verb.nbor(1).head,)
        if noun.i in inside and noun.i > verb.i and noun.head.i not in inside
    ]


def _near_negations(verb: Token) -> list[Token]:
    """What negates a verb without a word of negation: "hardly", "few people", "is unlikely to", "has yet to"."""
    found = []
    for child in verb.children:
        if child.dep_ == "advmod":
            found += [t for t in (child, *child.children) if t.lower_ in _NEARLY and not _before_number(t)]
        if child.dep_ in SUBJECTS:
            found += [t for t in child.children if t.lower_ in _NEARLY and not _before_number(t)]  # "hardly any seats"
        scarce = child.dep_ in (*SUBJECTS, "dobj", "attr") and _is_scarce(child)
        state = child.dep_ in ("acomp", "oprd") and child.lower_ in _STATES
        if scarce or state or is_not_yet(child):
            found.append(child)
    behind = [
        t for t in verb.doc[verb.i + 1 : verb.i + 4] if not (t.pos_ == "ADV" and t.lower_ not in _FIRST_OF_OPENINGS)
    ]
    if verb.lemma_ in _COPULAS and _opens_negation(behind):
        found.append(behind[0])
    return found


def is_not_yet(token: Token) -> bool:
    """Whether a token is the "yet" of "has yet to open"."""
    return token.lower_ == "yet" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "to"


def _before_number(token: Token) -> bool:
    """ "Barely 40 people came": so many did."""
    return token.i + 1 < len(token.doc) and token.nbor(1).like_num


def _is_scarce(noun: Token) -> bool:
    """As in "few residents", "very few", "little hope"; not in "a few", "the little girl"."""
    if noun.lower_ in _QUANTIFIERS:
        quantifier = noun
    else:
        quantifier = next((c for c in noun.children if c.lower_ in _QUANTIFIERS and c.dep_ in ("amod", "det")), noun)
        if quantifier is noun or any(c.dep_ in ("det", "poss") and c is not quantifier for c in noun.children):
            return False
        if (quantifier.lower_ == "few") != (noun.tag_ in ("NNS", "NNPS")):
            return noun.lower_ == "people" and quantifier.lower_ == "few"
    before = [t.lower_ for t in noun.doc[max(0, quantifier.i - 2) : quantifier.i]]
    return not {"a", "the", "only", "quite", "these", "those"}.intersection(before)


def _opens_negation(behind: Sequence[Token]) -> bool:
    """ "Far from certain", "anything but calm"; "far from the village" is a distance."""
    if _is_a_long_way_from(behind):
        return True
    lower = tuple(t.lower_ for t in behind[:2])
    if lower not in _OPENINGS:
        return False
    following = behind[1].nbor(1) if behind[1].i + 1 < len(behind[1].doc) else None
    if lower[0] == "less":  # "less than pleased", not "less than a mile"
        return following is not None and following.pos_ in ("ADJ", "VERB") and not following.like_num
    return lower[0] != "far" or (following is not None and _is_state(following))


def _is_a_long_way_from(behind: Sequence[Token]) -> bool:
    """ "A long way from done", "a far cry from ready", "some way off being"; not "a long way from home"."""
    if not behind or behind[0].lower_ not in ("a", "some", "still"):
        return False
    near = behind[0].doc[behind[0].i : behind[0].i + 6]
    words_of = [t.lower_ for t in near]
    if "from" not in words_of or not ({"way", "cry"} & set(words_of[: words_of.index("from")])):
        return False
    following = near[words_of.index("from") + 1 :]
    return len(following) > 0 and (following[0].tag_ in ("VBN", "VBG", "JJ") or "cry" in words_of)


def _is_state(token: Token) -> bool:
    return (
        token.pos_ in ("ADJ", "ADV", "VERB", "AUX")
        or token.tag_ in ("VBN", "VBG")
        or token.text.endswith("ed")
        or token.lower_ in ("a", "an", "over", "being")
    )


def negated_noun(noun: Token) -> bool:
    """As in "no soldiers", "neither side", "not all schools", "none of them", "no one"."""
    if noun.lower_ in _NEGATIVE_PRONOUNS or (noun.lower_ == "one" and noun.i > 0 and noun.nbor(-1).lower_ == "no"):
        return True
    for child in noun.children:
        if child.i > noun.i or (child.lower_ == "no" and child.nbor(1).text[0].isdigit()):
            continue  # "No 10" is a house
        if child.lower_ in ("no", "neither") and child.dep_ in ("det", "preconj", "neg", "amod", "advmod", "nummod"):
            return True
        if child.lower_ == "zero" and child.dep_ == "nummod":
            return True
        if child.lower_ == "not" and any(c.lower_ in _OF_THE_WHOLE for c in noun.subtree if c.i > child.i):
            return True
        if child.dep_ in ("det", "nummod", "amod", "predet") and any(c.lower_ == "not" for c in child.children):
            return True
    return False
