"""Clauses below a noun for what is said: "her promise to resign" to "she would resign"."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.full_clause.parts import (
    COMMITTING,
    DEEDS_OF_NOUNS,
    VERBS,
    ClauseContent,
    first_at,
    said_name,
    whole_name,
)
from worker.extraction.meaning.full_clause.with_cue import is_clause
from worker.extraction.meaning.inflection import are
from worker.extraction.parse import Token
from worker.extraction.speakers.stage import Reported
from worker.extraction.syntax.relations import (
    has_subject,
    is_finite,
)

__all__ = ["below_a_noun", "of_a_named_statement"]

_SAID = words("nouns_of_a_statement")
_OWNER_AS_SUBJECT = {"his": "he", "her": "she", "their": "they", "its": "it"}


def of_a_named_statement(content: ClauseContent, verb: Token) -> str | None:
    """The clause behind a noun for a statement: "rejected | claims that he lied" to "he lied"."""
    noun = next((c for c in verb.children if c.dep_ in ("dobj", "pobj") and content.has(c)), None)
    if noun is None or noun.lemma_.casefold() not in _SAID or verb.lemma_.casefold() in COMMITTING:
        return None
    said = next(
        (
            c
            for c in noun.children
            if c.i > noun.i and c.dep_ in ("acl", "ccomp", "relcl") and has_subject(c) and is_finite(c)
        ),
        None,
    )
    if said is None or any(c.tag_ in ("WDT", "WP", "WP$", "WRB") for c in said.children) or _shares_gap(said):
        return None
    if any(c.lower_ == "as" and c.dep_ == "prep" and content.has(c) for c in (*verb.children, *said.children)):
        return None  # "described the idea that he lied as absurd"
    clause = [t for t in content.below(said) if not (t.dep_ == "mark" and t.lower_ == "that")]
    return content.words(clause) or None


def _shares_gap(clause: Token) -> bool:
    """True for "the claims he made": a relative clause without a pronoun."""
    return clause.dep_ == "relcl" and not any(
        c.dep_ in ("dobj", "attr", "acomp", "ccomp", "xcomp", "prep", "oprd") and c.i > clause.i
        for c in clause.children
    )


def below_a_noun(content: ClauseContent, reported: Reported, noun: Token) -> str | None:
    if content.tokens[0].tag_ == "TO":
        return _of_a_noun_with_infinitive(content, reported)
    if is_clause(content):
        return None
    return _of_a_noun_for_a_deed(content, reported, noun) or _of_nobody(content, reported, noun)


def _of_nobody(content: ClauseContent, reported: Reported, noun: Token) -> str | None:
    """What nobody is named for: "criticism over | its delays" to "there was criticism over its delays"."""
    cue, first = reported.attribution.cue, content.tokens[0]
    if cue is None or reported.source.span is not None or not 0 <= first.idx - cue[1] <= len(" the "):
        return None
    said = [t for t in noun.doc[first_at(noun, cue[0]) : first.i] if not t.is_space and t.idx >= cue[0]]
    if not said or said[-1].pos_ != "ADP" or any(t.pos_ in VERBS or t.is_punct for t in said):
        return None
    if any(c.dep_ in ("det", "poss", "nmod") and c.lower_ not in ("a", "an") for c in noun.children):
        return None
    root = noun.sent.root
    was = "were" if noun.tag_ == "NNS" else "was"
    is_past = any(t.tag_ == "VBD" for t in (root, *root.children) if t.pos_ in VERBS)
    verb = was if is_past else are(plural=noun.tag_ == "NNS")
    return f"there {verb} {content.words(said)} {content.words(content.tokens)}"


def _of_a_noun_with_infinitive(content: ClauseContent, reported: Reported) -> str | None:
    """What somebody gives his word for: "her promise | to resign" to "she would resign"."""
    owner = _OWNER_AS_SUBJECT.get((reported.source.name or "").casefold())
    name, rest = owner or said_name(reported), content.tokens[1:]
    if reported.attribution.lemma not in COMMITTING or name is None or not rest:
        return None
    return f"{name} would {content.words(rest)}"


def _of_a_noun_for_a_deed(content: ClauseContent, reported: Reported, noun: Token) -> str | None:
    """What somebody does by saying it: "their criticism of | the retreat" to "they criticised the retreat"."""
    cue, name = reported.attribution.cue, whole_name(content, reported)
    verb = DEEDS_OF_NOUNS.get(noun.lemma_.casefold())
    if cue is None or name is None or verb is None or content.tokens[0].tag_ in ("TO", "VB"):
        return None
    if content.tokens[0].dep_ == "mark":
        return None  # "criticism that he is weak"
    if any(t.pos_ in VERBS for t in noun.doc[first_at(noun, cue[0]) : noun.i]):
        return None  # "did not limit her attacks to"
    if any(t.dep_ == "amod" and name.endswith(t.text) for t in noun.lefts):
        return None  # "Democratic criticism of": an adjective criticises nobody
    if not 0 <= content.tokens[0].idx - cue[1] <= len(" the "):
        return None
    return f"{name} {verb} {content.words(content.tokens)}"
