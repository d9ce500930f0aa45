"""The filter of attributions that report no statement: to support or to face something is not to say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.claim import QuoteType
from worker.extraction.attribution.cue import read_cue
from worker.extraction.attribution.quote_type import has_quotation_mark
from worker.extraction.attribution.reported_content import valued_thing
from worker.extraction.attribution.sources.hearsay import is_hedge_alone, is_hedged
from worker.extraction.attribution.statements.handled_things import handles_a_thing
from worker.extraction.attribution.statements.says import RARER_VERBS, says, says_noun_phrase_with
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS, is_negated, is_passive

__all__ = ["is_said", "is_statement"]

_TAKING_SIDES = words("siding_verbs")
_WITHOUT_CLAUSE = words("cues_with_topic") | words("answering_verbs")
_TAKEN_IN_WORDS = words("plans") | words("opinions")
_REACTING = words("answering_verbs") | {"react"}
_PERCEIVING = words("perceiving_cues")
_PRESENTING = words("presenting_cues")
_TO_HEARERS = words("verbs_with_addressee_as_object") | words("verbs_of_questioning_somebody")
_QUESTIONING = words("verbs_of_questioning_somebody")
_OF_TOPICS = words("verbs_of_topics")
_CLAIMED = words("claimed_things")
_RUMOURS = words("rumours_as_sources")
_DOCUMENTS = words("documents_as_sources") | words("documents_in_a_name")
_SUBJECTS = frozenset((*NOUN_SUBJECTS, "csubj", "csubjpass", "expl"))
_NOTHING = re.compile(
    r"that|whether|to|(?:not )?to (?:be|remain|stay) (?:named|identified|quoted|anonymous|unnamed)", re.IGNORECASE
)
_POINTING = frozenset(("that", "this", "these", "those", "both", "such", "all", "any", "either"))
_SAID_BEFORE = words("opinions") | lexicon().statements
_MADE_PUBLIC = frozenset(("post", "publish"))
_QUOTED = re.compile(r"[“\"«„]([^“”\"«»„]+)")
_STANDING_FOR_CLAUSES = frozenset(("so", "not", "otherwise", "yes", "no", "likewise", "never"))
_MIN_QUOTED = 3
"""Words of a quote that is more than a scare quote."""
_REFLEXIVE = frozenset(("himself", "herself", "itself", "themselves"))
_MAX_POINTING = 3
"""Words of a noun phrase that only points back."""
_BEFORE_HEARERS = frozenset(("on", "with", "from", "between"))
_TO_AND_OF_A_PERSON = words("verbs_of_judging_a_person")


def is_statement(doc: Doc, text: str, each: Attribution) -> bool:
    """True if an attribution is a claim. The corpora that the model learnt from mark attitudes and events as well.

    A quote, a clause, and any content of a verb of speech are said; a bare noun phrase under another verb is what
    somebody does, and belongs to the article's own voice, as does what is reported in the passive by nobody.
    """
    words_of = " ".join(text[slice(*span)] for span in each.content).strip(" \n:;,.—–-\"“”'‘’•*")
    if not any(c.isalnum() for c in words_of) or _NOTHING.fullmatch(words_of):
        return False  # a mark that was left over, the "that" before a list, "a clerk who asked not to be named"
    if each.is_framed:
        return True
    content = [t for start, end in each.content for t in (doc.char_span(start, end, alignment_mode="expand") or ())]
    if has_quotation_mark(text, each.content):
        return not _is_nobodys_fragment(each, content)
    source = text[slice(*each.source)].casefold() if each.source is not None else None
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if _is_hedge_or_reader(cue, source, content):
        return False
    is_nobodys = each.cue is None and each.source is None
    if (is_nobodys and is_hedged(content)) or _is_nobodys_fragment(each, content) or not is_said(doc, text, each):
        return False
    if _has_predicate(content):
        return True
    if _points_back(content) and not (cue is not None and read_cue(doc, each).negated):
        return False  # "denied both allegations", "what the polls say"; but "does not say when"
    if each.cue is None or cue is None or not any(token.is_alpha for token in cue):
        return source is not None  # "Mayor: no new taxes"
    # the "researchers" of a headline, with a cue of the next paragraph, say nothing
    return not _in_other_paragraphs(text, each.cue, each.content) and _says_noun_phrase(cue, each, content)


def _is_hedge_or_reader(cue: Phrase | None, source: str | None, content: Sequence[Token]) -> bool:
    """True for "it appears", and for "if you want to see it", which means whoever reads; not for "you told us"."""
    if cue is not None and (is_hedge_alone(cue) or _stands_beside(cue, content) or _is_only_adverbs(content)):
        return True
    return source == "you" and not (cue is not None and any(token.lemma_ in VERBS for token in cue))


def _is_only_adverbs(content: Sequence[Token]) -> bool:
    """True for "conceded | twice"; but "said so"."""
    return bool(content) and all(t.pos_ == "ADV" and t.lower_ not in _STANDING_FOR_CLAUSES for t in content)


def _is_nobodys_fragment(each: Attribution, content: Sequence[Token]) -> bool:
    """True for what nobody is said to have said, and no clause: "The owner, it appears, | knew of the leak"."""
    if each.cue is not None or each.source is not None or each.quote_type is QuoteType.DIRECT:
        return False
    return not any(token.dep_ in _SUBJECTS for token in content)


def is_said(doc: Doc, text: str, each: Attribution) -> bool:
    """False if the cue of an attribution neither says nor thinks anything; a quote is said under any cue."""
    if each.is_framed:
        return True
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if cue is None or not any(token.is_alpha for token in cue) or _has_long_quote(text, each):
        return True
    source = text[slice(*each.source)].casefold() if each.source is not None else None
    if source in _RUMOURS:
        return True  # "Word is that", "rumour has it that"
    content = [t for start, end in each.content for t in (doc.char_span(start, end, alignment_mode="expand") or ())]
    named = doc.char_span(*each.source, alignment_mode="expand") if each.source is not None else None
    return says(read_cue(doc, each), cue, source, content, named.root if named is not None and len(named) else None)


def _has_long_quote(text: str, each: Attribution) -> bool:
    """True for a quote of more than a word or two: "to fight “illogical” tariffs" quotes nothing that was said."""
    if each.quote_type is QuoteType.DIRECT:
        return True
    quoted = (words for start, end in each.content for words in _QUOTED.findall(text, start, end))
    return any(len(words_of.split()) >= _MIN_QUOTED for words_of in quoted)


def _points_back(content: Sequence[Token]) -> bool:
    """True for a content that only points at what was said before: "this", "all the allegations".

    Not "it", whose clause or thing is known where somebody denies or welcomes it.
    """
    kept = [token for token in content if not token.is_punct]
    if all(token.pos_ in ("PRON", "DET", "SCONJ", "PART") and token.lower_ != "it" for token in kept):
        return True
    return len(kept) <= _MAX_POINTING and kept[0].lower_ in _POINTING and kept[-1].lemma_ in _SAID_BEFORE


def _says_noun_phrase(cue: Phrase, each: Attribution, content: Sequence[Token]) -> bool:
    """True if a content that is no clause is said, by its cue."""
    if not says_noun_phrase_with(cue, content) or (cue[-1].lower_ == "between" and each.source is None):
        return False  # "a dispute between the two dairies"
    verbs = [token for token in cue if token.pos_ in ("VERB", "AUX")]
    if not verbs:  # "according to", "his demand for"; but "our calls | on Israel", "the call | with his envoy"
        return not (content and content[0].dep_ == "prep" and content[0].lower_ in _BEFORE_HEARERS)
    verb = verbs[-1]
    if content and content[0].lower_ in _REFLEXIVE:
        return False
    if verb.lemma_ in _TAKING_SIDES:
        return not _is_named_before(content) and any(token.lemma_ in _TAKEN_IN_WORDS for token in content)
    if each.source is None and (is_passive(verb) or verb.tag_ == "VBN"):
        return False  # "Asked about the deal, he shrugged"
    if is_negated(verb):  # "would not be drawn on a motive"; but "did not warn its customers"
        return verb.lemma_ not in _TO_HEARERS or not _is_thing_or_hearer(verb, content)
    if valued_thing(verb) is not None:
        return True  # "puts the losses at 85 million"
    reacts = _is_reacted_to(verb, cue, content)
    if reacts or any(is_none(verb, content) for is_none in (handles_a_thing, _is_thing_or_hearer, _is_topic)):
        return False
    known = lexicon()
    return verb.lemma_ in known.verbs or verb.lemma_ in known.nouns or verb.lemma_ in RARER_VERBS or each.negated


def _is_reacted_to(verb: Token, cue: Phrase, content: Sequence[Token]) -> bool:
    """True for "is responding to | the floods"."""
    return verb.lemma_ in _REACTING and "to" in (cue[-1].lower_, *(t.lower_ for t in content[:1]))


def _is_thing_or_hearer(verb: Token, content: Sequence[Token]) -> bool:
    """True for what somebody met with, showed or asked: "heard four witnesses", "warned the crews"."""
    if verb.lemma_ == "charge" and any(token.lower_ == "with" for token in content):
        return False  # "charged the two men with theft"
    if verb.lemma_ == "consider":  # "retired to consider its verdict"
        kept = [token for token in content if not token.is_punct]
        return len(kept) <= _MAX_POINTING and kept[0].pos_ in ("DET", "PRON") and kept[-1].pos_ == "NOUN"
    if verb.lemma_ in _PERCEIVING or verb.lemma_ in _PRESENTING:
        return True
    if verb.lemma_ == "cite":  # "citing two engineers" gives a source, "citing the heat" a reason
        heads = [t for t in content if t.head.i not in {c.i for c in content} and t.pos_ in ("NOUN", "PROPN")]
        return any(_is_somebody(t) or t.lemma_.casefold() in _DOCUMENTS for t in heads)
    if verb.lemma_ not in _TO_HEARERS or verb.lemma_ in _TO_AND_OF_A_PERSON:
        return False
    places = {token.i for token in content}
    below = [c for c in verb.children if c.i in places]
    if verb.lemma_ in _QUESTIONING:
        return any(c.dep_ == "dobj" and _is_somebody(c) for c in below)  # "questioned two men over the theft"
    heard_by = [c for c in below if c.dep_ in ("dobj", "dative") and c.pos_ in ("NOUN", "PROPN", "PRON")]
    return len(below) == len(heard_by) == 1 and _is_somebody(heard_by[0]) and not _is_told_of(heard_by[0])


def _is_named_before(content: Sequence[Token]) -> bool:
    """True for what only points back: "supports that decision"."""
    kept = [token for token in content if not token.is_punct]
    return 1 < len(kept) <= _MAX_POINTING and kept[0].lower_ in _POINTING and kept[-1].pos_ == "NOUN"


def _is_topic(verb: Token, content: Sequence[Token]) -> bool:
    """True for a bare object of a verb that says something only with a clause: "claimed all three points"."""
    if _is_hearer_of(verb, content) or (verb.lemma_ == "threaten" and not _can_threaten(verb)):
        return True
    if verb.lemma_ != "see" and (verb.lemma_ not in _OF_TOPICS or any(t.lower_ == "as" for t in content)):
        return False
    places = {token.i for token in content}
    below = [c for c in verb.children if c.i in places and not c.is_punct]
    if verb.lemma_ == "see":
        clauses = [c for c in below if c.dep_ in ("ccomp", "xcomp")]
        return bool(clauses) and not any(t.lower_ == "as" for t in content)  # "will see him become": nobody says so
    objects = [c for c in below if c.dep_ in ("dobj", "dative")]
    if any(c.ent_type_ == "MONEY" for c in objects) and verb.lemma_ == "claim":
        return True  # "claimed £400 for the damage"
    if (
        not objects
        or (_is_by_document(verb) and verb.lemma_ not in _MADE_PUBLIC)
        or any(c.lemma_.casefold() in _CLAIMED for c in objects)
    ):
        return False
    others = (c for c in below if c not in objects and c.dep_ not in ("npadvmod", "advmod"))
    return all(c.dep_ == "prep" and c.lower_ not in ("as", "for") for c in others)


def _is_hearer_of(verb: Token, content: Sequence[Token]) -> bool:
    """True for "apologised to | parents": somebody who was spoken to, and nothing of what was said."""
    to = next((c for c in verb.children if c.dep_ in ("prep", "dative") and c.lower_ == "to" and c.i > verb.i), None)
    heard_by = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if heard_by is None or not content or any(t.pos_ in ("VERB", "AUX") for t in content):
        return False
    places = range(heard_by.left_edge.i, heard_by.right_edge.i + 1)
    return _is_somebody(heard_by) and all(t.i in places for t in content) and verb.lemma_ != "point"


def _is_by_document(verb: Token) -> bool:
    """True for "the poll shows a small gap"."""
    return any(c.dep_ == "nsubj" and c.lemma_.casefold() in _DOCUMENTS for c in verb.children)


def _can_threaten(verb: Token) -> bool:
    """False for a storm or a plan that is a danger to something."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is None or subject.pos_ in ("PRON", "PROPN") or subject.ent_type_ or subject.tag_ == "NNS":
        return True
    return _is_somebody(subject)


def _is_told_of(hearer: Token) -> bool:
    """True if the parse hangs what somebody is told of on him: "warned the hikers of an avalanche"."""
    return any(c.lower_ in ("of", "about", "against", "on") for c in hearer.children)


def _is_somebody(noun: Token) -> bool:
    return noun.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or noun.pos_ == "PRON" or noun.lemma_.lower() in SOMEBODY


def _stands_beside(cue: Phrase, content: Sequence[Token]) -> bool:
    """True if a content is joined to its cue's clause by "and": "neither party commented, and nobody was charged"."""
    verb = next((token for token in cue if token.pos_ == "VERB"), None)
    if verb is None or verb.lemma_ not in _WITHOUT_CLAUSE:
        return False
    joined = [token for token in content if token.dep_ == "conj" and token.head == verb]
    return bool(joined) and any(c.dep_ == "cc" for c in verb.children)


def _in_other_paragraphs(text: str, cue: Span, content: Sequence[Span]) -> bool:
    """True if no span of the content is in the cue's paragraph."""
    start, end = cue
    return all("\n" in (text[e:start] if e <= start else text[end:s]) for s, e in content)


def _has_predicate(content: Sequence[Token]) -> bool:
    """True if a verb says something of its own, not only which thing is meant: "the plan that failed" is a thing."""
    places = {token.i for token in content}
    return any(
        (token.tag_ in FINITE_TAGS or token.tag_ == "TO") and not _only_defines(token, places) for token in content
    )


def _only_defines(token: Token, places: set[int]) -> bool:
    """True if a token is in a relative clause or a participle that is wholly in the content. `places`: its tokens."""
    at = token
    while at.i in places and at.head != at:
        if at.dep_ in ("relcl", "acl"):
            return True
        at = at.head
    return False
