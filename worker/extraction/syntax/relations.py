"""Relations between tokens of the parse: subjects, tense, and the path from a token up to one of its ancestors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from worker.extraction.parse import Token

__all__ = [
    "FINITE_TAGS",
    "NOUN_SUBJECTS",
    "SUBJECTS",
    "has_subject",
    "has_tense",
    "has_to",
    "is_finite",
    "is_negated",
    "is_passive",
    "path_up",
    "seems_by_the_way",
    "subject_of",
    "subtree_without",
    "words_below",
]

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
"""Relations of a subject to its verb: a noun, the noun of a passive, a clause, the "there" of "there are"."""
NOUN_SUBJECTS = ("nsubj", "nsubjpass")
"""Relations of a subject that can speak: neither a clause nor "there"."""
FINITE_TAGS = frozenset({"VBD", "VBZ", "VBP", "MD"})
"""Penn tags of verb forms that have a tense: past, present, modal."""
_SEEMING = frozenset(("appear", "seem"))
_AUXILIARIES = ("aux", "auxpass")


def subject_of(verb: Token) -> Token | None:
    """The first subject of a verb; None if it has none of its own."""
    return next((child for child in verb.children if child.dep_ in SUBJECTS), None)


def has_subject(verb: Token) -> bool:
    return subject_of(verb) is not None


def has_tense(verb: Token) -> bool:
    """Whether the verb or one of its auxiliaries is tagged as a form with a tense."""
    return verb.tag_ in FINITE_TAGS or any(
        child.tag_ in FINITE_TAGS for child in verb.children if child.dep_ in _AUXILIARIES
    )


def seems_by_the_way(verb: Token) -> bool:
    """Whether a verb is that of an aside such as "it appears" or "it seems"."""
    subject = subject_of(verb)
    return verb.dep_ == "parataxis" and verb.lemma_ in _SEEMING and subject is not None and subject.lower_ == "it"


def is_finite(verb: Token) -> bool:
    """Whether the verb has a tense and no "to": the tagger takes some infinitives ("to peak") for a present."""
    return has_tense(verb) and not (verb.tag_ == "VBP" and has_to(verb))


def has_to(verb: Token) -> bool:
    """Whether "to" hangs on the verb, as on an infinitive."""
    return any(child.tag_ == "TO" for child in verb.children)


def is_negated(verb: Token) -> bool:
    """Whether "not" or "never" hangs on the verb. For a whole clause, "no" of its nouns included, see `negation`."""
    return any(child.dep_ == "neg" for child in verb.children)


def is_passive(verb: Token) -> bool:
    return any(child.dep_ == "auxpass" for child in verb.children)


def words_below(token: Token) -> list[Token]:
    """The token and all that hangs below it, in the order of the text, without white space."""
    return [word for word in token.subtree if not word.is_space]


def path_up(token: Token, top: Token) -> Iterator[Token]:
    """The tokens from `token` up to `top`, `top` excluded. `token` must be in the subtree of `top`."""
    at = token
    while at != top:
        yield at
        at = at.head


def subtree_without(top: Token, leaves_out: Callable[[Token], bool]) -> list[Token]:
    """The tokens below `top` and itself, in the order of the text, without the branches whose first token is left out.

    One pass over the subtree, however deep it is. `top` itself is not asked about.
    """
    kept = [top]
    for token in kept:  # grows while it is read
        kept += [child for child in token.children if not leaves_out(child)]
    return sorted(kept, key=lambda token: token.i)
