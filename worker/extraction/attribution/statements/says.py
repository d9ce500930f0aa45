"""Whether a cue says or thinks anything: "likened it to", "are confident that", not "summoned the strength to".

The corpora that the model learnt from mark deeds, plans and attitudes with attributions as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.sources.phrase_forms import is_source_phrase
from worker.extraction.attribution.sources.speech_nouns import verbs_of_nouns
from worker.extraction.attribution.statements.able_to_say import is_able_to_say
from worker.extraction.attribution.statements.other_senses import means_something_else
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import OBJECT_CUES, VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Phrase, Token
from worker.extraction.syntax.expletives import is_expletive
from worker.extraction.syntax.relations import NOUN_SUBJECTS, has_subject, has_to, is_negated, is_passive

__all__ = ["RARER_VERBS", "says", "says_noun_phrase_with"]

RARER_VERBS = words("rarer_verbs_of_saying")
_SAYING = (
    VERBS
    | OBJECT_CUES
    | lexicon().verbs.keys()
    | RARER_VERBS
    | words("verbs_with_empty_it")
    | words("hearsay_with_infinitive")
) - {"seek"}
_MANNERS = words("manners_with_clause")
_ATTITUDES = words("attitudes_with_clause")
_NOUNS = lexicon().nouns.keys() | words("rarer_nouns_of_saying") | words("binding_documents")
_ACTS_ON_THINGS = frozenset(
    ("demand", "urge", "accuse", "criticise", "promise", "threaten", "deny", "oppose", "endorse", "praise", "predict")
)
"""Acts whose nouns say something of a bare thing: "her call for a truce", not "questions about the debt"."""
_NOBODY = words("pronouns_that_say_nothing")
_UNSAID = frozenset(("could", "may", "might", "should", "shall"))
_NOT_YET = frozenset(("will", "'ll", "’ll", "can", "must"))
_WHOEVER = words("words_for_whoever")
_SUPPOSING = frozenset(("assume", "imagine", "picture", "pretend", "say", "suppose"))
_HAS_IT = {"have", "it"}
"""As in "rumour has it"."""


def says(cue: Cue, phrase: Phrase, source: str | None, content: Sequence[Token], speaker: Token | None = None) -> bool:
    """True if a cue says or thinks something. `phrase`: its words; `source`: those of the source, in lower case;
    `speaker`: the head of these.
    """
    if source in _NOBODY or _is_relative_of_another(content):
        return False
    if is_source_phrase(phrase):
        return True
    verbs = [token for token in phrase if token.pos_ in ("VERB", "AUX")]
    verb = verbs[-1] if verbs else None
    if not _has_word_of_saying(cue, phrase, verb, content):
        return False
    if verb is None:
        return True
    if _is_unsaid(verb, source, phrase) or means_something_else(verb, source, content):
        return False
    return is_able_to_say(verb, speaker)


def _has_word_of_saying(cue: Cue, phrase: Phrase, verb: Token | None, content: Sequence[Token]) -> bool:
    others = [token for token in phrase if token.pos_ in ("NOUN", "ADJ", "PROPN", "ADV")]
    if verb is None and not others:
        return True  # "according to", "in"
    if any(token.lower_ == "according" for token in phrase):
        return True
    if len(phrase) == 1 and phrase[0].lemma_.casefold() in verbs_of_nouns("with_predicate"):
        return True
    if verb is not None and (verb.lemma_ in _SAYING or {token.lemma_ for token in phrase} >= _HAS_IT):
        return True
    if verb is not None and verb.lemma_ in _MANNERS and any(c.dep_ == "ccomp" for c in verb.children):
        return True
    if (cue.negated and cue.modal is not None) or lexicon().phrase(cue.lemmas, cue.length) is not None:
        return True  # "would not be drawn on"
    if any(
        t.lemma_.casefold() in _NOUNS or t.lower_.rstrip("s") in (VERBS if t.pos_ == "NOUN" else _SAYING)
        for t in others
    ):
        return True  # a headline's "tells" is often tagged as a noun
    return any(t.lower_ in _ATTITUDES for t in others) and any(t.pos_ in ("VERB", "AUX") for t in content)


def says_noun_phrase_with(phrase: Phrase, content: Sequence[Token]) -> bool:
    """True if a cue whose last word is a noun says something of a bare thing: "her call for", not "no signs of"."""
    if any(token.pos_ in ("VERB", "AUX") for token in content):
        return True
    nouns = [token for token in phrase if token.pos_ == "NOUN"]
    if not nouns or any(t.pos_ == "VERB" and t.i > nouns[-1].i for t in phrase):
        return True
    return str(lexicon().nouns.get(nouns[-1].lemma_.casefold(), "demand")) in _ACTS_ON_THINGS


def _is_relative_of_another(content: Sequence[Token]) -> bool:
    """True for a relative clause without its noun: "signed an order | that bans fishing"."""
    first = next((token for token in content if not token.is_punct), None)
    if first is None or first.tag_ not in ("WDT", "WP") or first.dep_ not in NOUN_SUBJECTS:
        return False
    places = {token.i for token in content}
    return first.head.dep_ == "relcl" and first.head.head.i not in places


def _is_unsaid(verb: Token, source: str | None, phrase: Phrase) -> bool:
    """True if a cue's form says that nobody says it: "could argue", "expect the pass to", "it is hard to believe"."""
    above = verb.head if verb.dep_ == "xcomp" and is_passive(verb.head) else verb  # "will be left to wonder"
    modal = next((c.lower_ for each in (verb, above) for c in each.children if c.tag_ == "MD"), None)
    if modal is not None and not is_negated(verb):
        has_clause = any(c.dep_ == "ccomp" for c in verb.children)
        if modal in _UNSAID or (modal in _NOT_YET and not (has_clause and verb.lemma_ in VERBS)):
            return True
    if _is_supposed(verb, source):
        return True
    if source == "you" and (modal is not None or is_passive(verb) or verb.tag_ not in ("VBD", "VBN")):
        return True
    if verb.tag_ == "VB" and modal is None and _is_order(verb):
        return True
    return _is_fit_to_be_said(verb, phrase)


def _is_supposed(verb: Token, source: str | None) -> bool:
    """True for what is said only in a case that is thought of: "if a guest says that", "suppose a neighbour says"."""
    above = verb.head
    if source in ("let", "let's", "let’s") or (above.lemma_ == "let" and above.i < verb.i):
        return verb.lemma_ in _SUPPOSING
    is_in_a_case = any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in verb.children)
    if is_in_a_case and verb.dep_ in ("advcl", "ROOT"):
        return source in _WHOEVER or (source or "").startswith(("a ", "an "))  # "if she thought it was off, she"
    is_order = _is_order(above) and above.lemma_ in _SUPPOSING - {"say"}
    return verb.dep_ == "ccomp" and (is_order or (above.lemma_ == "say" and above.head.lemma_ == "let"))


def _is_order(verb: Token) -> bool:
    first = verb.head if verb.dep_ == "conj" else verb
    return (
        first.tag_ == "VB"
        and first.dep_ in ("ROOT", "ccomp", "parataxis")
        and not has_subject(first)
        and not any(c.dep_ == "aux" for each in (verb, first) for c in each.children)
    )


def _is_fit_to_be_said(verb: Token, phrase: Phrase) -> bool:
    """True for "it is fair to say", "it is worth noting": the article says so itself."""
    if verb.head == verb or not (has_to(verb) or verb.head.lower_ == "worth"):
        return False
    above: Token = verb
    for _ in range(3):
        above = above.head
        subject = next((c for c in above.children if c.dep_ in ("nsubj", "expl", "nsubjpass")), None)
        if subject is not None:
            return subject.lower_ == "it" and (is_expletive(subject) or subject.i in range(phrase.start, phrase.end))
    return False
