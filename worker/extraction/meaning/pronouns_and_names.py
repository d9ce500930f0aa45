"""The edits that put names into a content: for "I" and "we" in quoted words, for its subject, for surnames."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.claim import Entity, QuoteType
from worker.extraction.entities.person_names import GIVEN
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.first_person import first_person_edits
from worker.extraction.meaning.inflection import full_form
from worker.extraction.meaning.standalone_text import StandaloneText
from worker.extraction.parse import Token
from worker.extraction.spans import Span, any_meet
from worker.extraction.speakers.pronouns import is_plural
from worker.extraction.speakers.stage import Reported, Statement
from worker.gazetteer.lists import plain

__all__ = ["with_names"]

_FEMALE_TITLES = words("female_titles") | {"mrs", "lady"}
_MALE_TITLES = words("male_titles")
_OF_A_HUSBAND = frozenset({"mrs", "lady"})
"""Titles before a surname that a man of the text can have as well."""
_OF_A_THING = re.compile(r"(?:\b(?:[Tt]he|[Aa]n?|[Aa]nother)|\d)\s$")
"""What stands before a surname that names a thing: "the Martin shooting", "an 11 Pro"."""
_GOES_ON = re.compile(r"\s[A-ZÀ-Þ][a-zà-ÿ]")
"""A further word of a longer name."""
_LONG_OWNER = re.compile(r"\s(?:of|for|from|in|at|on|who|that)\s[^A-Z]*$")
"""A name to which no "'s" can be added: "friends of the lake"."""
_CHANTING = words("chanting_cues")
_COURTESY = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s$")
_TITLE_BEFORE = re.compile(r"\b([A-Za-z]+)\.?\s$")


def with_names(
    text: str,
    statement: Statement,
    entities: Sequence[Entity],
    quotes: Sequence[Span],
    holder: Reported | None = None,
    others: Sequence[Span] = (),
) -> StandaloneText:
    """The text with the edits of one statement's content. `entities`: those named by the content and its source.

    `quotes`: the quotes of the text with their marks. What is edited inside of them is bracketed. `holder`: how the
    statement is made that takes this one for granted. `others`: what others say inside of the content.
    """
    reported = statement.reported or holder
    direct = statement.reported is not None and statement.reported.attribution.quote_type is QuoteType.DIRECT
    names: dict[Span, str] = {}
    verbs: dict[Span, str] = {}
    if reported is not None and reported.attribution.lemma not in _CHANTING:
        quoted = None if direct else quotes
        names, verbs = first_person_edits(text, statement.tokens, reported.source, reported.gender, quoted, others)
    for each in statement.named:
        if each.pronoun.tag_ == "PRP$" and _LONG_OWNER.search(each.name):
            continue
        names[_span(each.pronoun)] = each.name + (_owner(each.name) if each.pronoun.tag_ == "PRP$" else "")
        verbs |= _verb_cut_short(each.pronoun)
    names |= {each.span: each.name for each in statement.described}
    modifiers = frozenset(t.idx for clause in statement.clauses for t in clause.tokens if _is_of_a_thing(t))
    names |= {span: name for span, name in _full_names(text, entities, list(names)).items() if span[0] not in modifiers}
    bracketed = frozenset(span for span in names if direct or any(start < span[0] < end for start, end in quotes))
    return StandaloneText(text, tuple(sorted((names | verbs).items())), bracketed)


def _is_of_a_thing(token: Token) -> bool:
    """True for the name of "the huge Brandt mill", which is no longer a person's."""
    if token.dep_ != "compound" or token.head.pos_ != "NOUN":
        return False
    return any(c.dep_ in ("det", "poss") and c.i < token.i for c in token.head.children)


def _owner(name: str) -> str:
    ends = name.endswith("s") and (is_plural(name) or name.endswith("es") or name.rsplit(maxsplit=1)[-1].islower())
    return "'" if ends else "'s"


def _span(token: Token) -> Span:
    return token.idx, token.idx + len(token.text)


def _verb_cut_short(pronoun: Token) -> dict[Span, str]:
    """The edit for a verb that is cut short behind a pronoun: "he's" becomes "Ole Lie is" or "Ole Lie has"."""
    after = pronoun.doc[pronoun.i + 1] if pronoun.i + 1 < len(pronoun.doc) else None
    if pronoun.tag_ == "PRP$" or after is None or after.text[:1] not in "'’":
        return {}
    full = full_form(after)
    return {_span(after): f" {full}"} if full is not None else {}


def _full_names(text: str, entities: Sequence[Entity], taken: Sequence[Span]) -> dict[Span, str]:
    """The surname of a person where it first occurs alone, with the full name."""
    edits: dict[Span, str] = {}
    for entity in entities:
        parts = entity.name.split()
        if entity.type != "PERSON" or len(parts) < 2:
            continue
        mentions = sorted((m.start, m.end, m.exact) for m in entity.spans)
        start, end, exact = mentions[0]
        is_named_in_full = text.endswith(f"{parts[-2]} ", 0, start)
        if exact != parts[-1] or is_named_in_full or any_meet([(start, end)], taken):
            continue
        if _is_free(text, start, end, parts[0]):
            edits[_with_courtesy_title(text, start), end] = entity.name
    return edits


def _with_courtesy_title(text: str, start: int) -> int:
    """Where "Mr. Brandt" begins, for which the full name is put; a title of office stays before it."""
    title = _COURTESY.search(text, max(0, start - 6), start)
    return title.start() if title is not None else start


def _is_free(text: str, start: int, end: int, first: str) -> bool:
    """False for "Lady Adler" of Keir Adler, for "the Adler trial", and in square brackets of an editor."""
    if text.rfind("[", 0, start) > text.rfind("]", 0, start) and "]" in text[end : end + 60]:
        return False
    if (start and text[start - 1] in "-–/") or text[end : end + 1] == "-":
        return False  # "anti-Adler", "Adler-backed"
    if _OF_A_THING.search(text, max(0, start - 12), start) or _GOES_ON.match(text, end):
        return False
    title = _TITLE_BEFORE.search(text[max(0, start - 12) : start])
    word, gender = (title[1].casefold() if title else ""), GIVEN.get(plain(first))
    if gender is None:
        return word not in _OF_A_HUSBAND
    return not ((word in _FEMALE_TITLES and gender == "m") or (word in _MALE_TITLES and gender == "f"))
