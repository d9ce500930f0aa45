"""Whether the source of a cue can say anything: a region that demands water does not, nor fires that show it."""

from __future__ import annotations

from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token

__all__ = ["is_able_to_say", "speaks"]

_SHOWING = words("verbs_of_showing")
_NEEDING = words("verbs_of_needing")
_DOCUMENTS = (
    words("documents_as_sources")
    | words("documents_in_a_name")
    | words("binding_documents")
    | words("documents_that_describe")
)
_SPEAKING = (
    SOMEBODY
    | words("nouns_of_any_firm")
    | words("collectives_of_people")
    | words("plain_people_and_bodies")
    | _DOCUMENTS
)
_DEVICES = words("devices")
_WORKS = words("works_of_fiction")
_THINGS = words("things_one_can_touch") | words("animals")
_OF_SILENT_THINGS = words("verbs_of_silent_things")
_TELLING = frozenset(("ask", "question", "imagine", "speak", "talk", "tell", "wonder", "explore", "recall"))
_EVIDENCE = words("evidence_that_shows")
_POINTING = frozenset(("it", "this", "that", "these", "those", "which"))
_SENTENCES_BACK = 2


def is_able_to_say(verb: Token, source: Token | None) -> bool:
    """False for a thing as the subject of a verb that things have as well. `source`: the head of the source's words."""
    lemma = verb.lemma_.casefold()
    if lemma in _SHOWING:
        if source is None:
            return verb.tag_ != "VBG"  # "the pound fell, signalling that buyers had lost faith"
        if source.lower_ in _POINTING:
            return _follows_a_document(source)
        return speaks(source) or source.lemma_.casefold() in _EVIDENCE
    if source is not None and source.pos_ == "NOUN":
        noun = source.lemma_.casefold()
        if noun in _DEVICES or (noun in _THINGS and not speaks(source)) or (noun in _WORKS and lemma in _TELLING):
            return False  # "the siren warned of the flood", "the play asks what we owe the dead"
        if lemma in _OF_SILENT_THINGS and not speaks(source) and source.tag_ == "NN" and noun != "one":
            return False  # "the idea appeals to children"
    if lemma in _NEEDING and source is not None and source.pos_ == "NOUN":
        return source.tag_ == "NNS" or speaks(source)
    return True


def speaks(noun: Token) -> bool:
    """Whether a noun is somebody, a body, a document or a name."""
    if noun.pos_ in ("PRON", "PROPN") or noun.ent_type_ in ("PERSON", "ORG", "GPE", "NORP"):
        return True
    lemma = noun.lemma_.casefold()
    return lemma in _SPEAKING or is_trade(lemma) or noun.pos_ not in ("NOUN", "ADJ", "VERB")


def _follows_a_document(pronoun: Token) -> bool:
    """True if "it" can be a document or what it shows, of its own sentence or one of those before."""
    doc, start = pronoun.doc, pronoun.sent.start
    for _ in range(_SENTENCES_BACK):
        start = doc[start - 1].sent.start if start else 0
    known = _DOCUMENTS | _EVIDENCE
    return any(token.lemma_.casefold() in known for token in doc[start : pronoun.i])
