"""What is no part of a content at its edges: a dateline, the age of its source, what the source did besides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.reported_content import valued_thing
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, inside_any, meet, trim
from worker.extraction.syntax.relations import NOUN_SUBJECTS, has_subject, is_finite, subject_of

__all__ = ["without_edges"]

_DATELINE = re.compile(
    r"(?:[A-ZÀ-Þ][A-ZÀ-Þ.’' -]+(?:, [A-Z][\w. ]{1,20}){0,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?, [A-Z]{2})"
    r"(?:, \d{1,2} [A-Z][a-z]{2,8}\.?|, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([^()\n]{2,40}\))? ?(?:—|–|--|-)\s+"
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_IN_OTHER_WORDS = re.compile(r"(?:,| [–—-]) an? (\w+)$")
_LOOKING_BACK = words("nouns_that_look_back")
_ONLY_THAT = re.compile(rf"{any_of('adverbs_before_that')}:? that ", re.IGNORECASE)
_BELOW = frozenset(("advcl", "ccomp", "pcomp", "relcl", "acl"))
_AGE = re.compile(r",?\s?(?:aged )?\d{1,3}, (?:who [^,\n]{3,120}, )?")


def without_edges(doc: Doc, text: str, each: Attribution, marks: Sequence[Span]) -> Attribution:
    """The attribution, its content without such words. `marks`: the quotes of the text, which stay whole."""
    each = _with_subject_behind(doc, each, marks)
    each = _with_valued_thing(doc, _without_source(_with_quote_behind(text, each, marks), marks))
    first, *others = each.content
    if not inside_any(first, marks):
        first = _behind_age(text, each, _behind_dateline(text, _behind_only(text, each, first)))
    content = (first, *others)
    if len(content) == 1 and not any(meet(first, mark) for mark in marks):
        first = _with_verb_of_last_subject(doc, text, each, first)
        content = (_without_next_clause(doc, text, each, _without_deeds(doc, text, each, first)),)
    if len(content) == 1:
        content = (_without_what_is_disputed(text, each, content[0]),)
    source = _without_possessive(text, each)
    return each if (content, source) == (each.content, each.source) else replace(each, content=content, source=source)


def _with_quote_behind(text: str, each: Attribution, marks: Sequence[Span]) -> Attribution:
    """ "The mood is, says | one aide, “giddy” |": the quote behind a comma is said and no part of who says it."""
    if each.source is None or each.cue is None or each.cue[0] > each.source[0]:
        return each
    start, end = each.source
    quote = next((mark for mark in marks if start < mark[0] < end <= mark[1] + 1), None)
    if quote is None or not text[start : quote[0]].rstrip().endswith(","):
        return each
    source = trim(text, (start, start + len(text[start : quote[0]].rstrip(" ,"))))
    return replace(each, source=source, content=(*each.content, quote), quote_type=QuoteType.MIXED)


def _with_subject_behind(doc: Doc, each: Attribution, marks: Sequence[Span]) -> Attribution:
    """ "Jobs will go, said | the firm's new chair, Ole Lund": the subject behind its verb says it and is not said."""
    if each.source is not None or each.cue is None or len(each.content) < 2:
        return each
    last = each.content[-1]
    behind, cue = (doc.char_span(*span, alignment_mode="expand") for span in (last, each.cue))
    if behind is None or cue is None or inside_any(last, marks) or not 0 <= last[0] - each.cue[1] <= 1:
        return each
    is_subject = behind.root.dep_ == "nsubj" and behind.root.head.i in range(cue.start, cue.end)
    is_name = behind.root.pos_ in ("PROPN", "NOUN") and not any(is_finite(t) for t in behind)
    return replace(each, source=last, content=each.content[:-1]) if is_subject and is_name else each


def _without_source(each: Attribution, marks: Sequence[Span]) -> Attribution:
    """ "The road is shut | , said | a clerk who was there": the source is no second part of what it says."""
    source = each.source
    if source is None or len(each.content) == 1:
        return each
    said = tuple(part for part in each.content if not meet(part, source) or inside_any(part, marks))
    return replace(each, content=said) if said and said != each.content else each


def _without_possessive(text: str, each: Attribution) -> Span | None:
    """ "The minister | 's response:": whose response it is has no "'s"."""
    if each.source is None or each.cue is None or not 0 <= each.cue[0] - each.source[1] <= 1:
        return each.source
    match = _POSSESSIVE.search(text, *each.source)
    return (each.source[0], match.start()) if match is not None and match.start() > each.source[0] else each.source


def _without_what_is_disputed(text: str, each: Attribution, span: Span) -> Span:
    """ "The plan would cost £3m, | a figure | the council disputes"."""
    if each.source is None or each.source[0] < span[1] or text[span[1] : each.source[0]].strip():
        return span
    match = _IN_OTHER_WORDS.search(text, *span)
    if match is None or match[1] not in _LOOKING_BACK:
        return span
    return span[0], match.start()


def _behind_only(text: str, each: Attribution, span: Span) -> Span:
    """ "Police would say | only | that inquiries were continuing"."""
    match = _ONLY_THAT.match(text, *span)
    is_behind = each.cue is not None and 0 <= span[0] - each.cue[1] <= 1
    return (match.end(), span[1]) if match is not None and is_behind else span


def _behind_dateline(text: str, span: Span) -> Span:
    start, end = span
    if start and text[start - 1] != "\n":
        return span
    match = _DATELINE.match(text, start, end)
    return (match.end(), end) if match is not None else span


def _behind_age(text: str, each: Attribution, span: Span) -> Span:
    """ "According to Ida Brandt, | 34, | the stalls stay open"."""
    start, end = span
    if each.source is None or not each.source[1] <= start or text[each.source[1] : start].strip(" ,"):
        return span
    match = _AGE.match(text, start, end)
    return (match.end(), end) if match is not None and match.end() < end else span


def _with_verb_of_last_subject(doc: Doc, text: str, each: Attribution, span: Span) -> Span:
    """ "had sold them before the merger | was announced |": a clause is not cut behind its subject."""
    tokens = [t for t in doc.char_span(*span, alignment_mode="expand") or () if not t.is_space]
    last = tokens[-1] if tokens else None
    if last is None or last.dep_ not in NOUN_SUBJECTS or last.head.i <= last.i or last.head.dep_ not in _BELOW:
        return span
    verb = last.head
    end = verb.right_edge.idx + len(verb.right_edge.text)
    if (
        verb.head not in tokens
        or verb.sent != last.sent
        or (each.source is not None and span[1] <= each.source[0] < end)
    ):
        return span
    if any(t.is_punct or t.pos_ in ("NOUN", "PROPN") for t in doc[last.i + 1 : verb.i]):
        return span
    return trim(text, (span[0], end))


def _without_deeds(doc: Doc, text: str, each: Attribution, span: Span) -> Span:
    """ "asked the builder to stop | and returned the plans": a finite verb is joined to the cue, not to its object."""
    cue: Phrase | None = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    verb = next((t for t in reversed(list(cue or ())) if t.pos_ == "VERB"), None)
    if verb is None or verb.tag_ not in ("VBD", "VBN", "VBZ", "VBP"):
        return span
    behind = [t for t in doc.char_span(*span, alignment_mode="expand") or () if t.i > verb.i]
    joined = (t for belongs in (_is_joined_deed, _is_joined_clause) for t in behind if belongs(t, verb))
    deed = next(joined, None)
    joint = next((c for c in deed.head.children if c.dep_ == "cc" and c.i < deed.i), None) if deed is not None else None
    if joint is None or joint.idx <= span[0]:
        return span
    return trim(text, (span[0], joint.idx))


def _with_valued_thing(doc: Doc, each: Attribution) -> Attribution:
    """ "Put | support for a levy | at 41 percent": what is valued is no part of the cue."""
    cue: Phrase | None = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    verb = next((t for t in cue or () if t.pos_ == "VERB"), None)
    thing = valued_thing(verb) if verb is not None else None
    if (
        cue is None
        or thing is None
        or verb is None
        or len(each.content) != 1
        or thing.i not in range(cue.start, cue.end)
    ):
        return each
    start, (_, end) = thing.left_edge.idx, each.content[0]
    if not verb.idx < start < end:
        return each
    return replace(each, cue=(cue.start_char, verb.idx + len(verb.text)), content=((start, end),))


def _without_next_clause(doc: Doc, text: str, each: Attribution, span: Span) -> Span:
    """ "The players want | a rest, | the owners want money": the next clause has a subject of its own."""
    cue: Phrase | None = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    verb = next((t for t in reversed(list(cue or ())) if t.pos_ == "VERB"), None)
    if (
        verb is None
        or verb.lemma_ in VERBS
        or verb.dep_ not in ("ccomp", "parataxis")
        or not span[0] <= verb.head.idx < span[1]
    ):
        return span
    subject = subject_of(verb.head)
    thing = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    if subject is None or thing is None or not verb.i < thing.i < subject.i:
        return span
    comma = subject.left_edge.i - 1
    if doc[comma].text not in (",", ";") or not span[0] < doc[comma].idx:
        return span
    return trim(text, (span[0], doc[comma].idx))


def _is_joined_clause(token: Token, cue: Token) -> bool:
    """True for a clause with a subject behind "and" that is joined to a cue which has no clause below it."""
    if token.dep_ != "conj" or token.head != cue or not is_finite(token) or not has_subject(token):
        return False
    joint = next((c for c in cue.children if c.dep_ == "cc" and c.i < token.i), None)
    if joint is None or joint.i == 0 or joint.nbor(-1).text != "," or token.left_edge.i != joint.i + 1:
        return False
    below = (c for c in cue.children if cue.i < c.i < joint.i)
    return all(c.dep_ in ("dobj", "prep", "prt", "advmod", "npadvmod", "punct", "xcomp", "dative") for c in below)


def _is_joined_deed(token: Token, cue: Token) -> bool:
    """True for a verb with the tense of the cue and no subject, joined to it or to a verb without a tense below it."""
    tenses = [token.tag_, *(c.tag_ for c in token.children if c.dep_ == "aux")]
    infinitive = token.head if token.head.tag_ == "VB" else None  # also that of a modal: "it would appeal and left"
    is_below = token.head == cue or (
        infinitive is not None and any(c.tag_ in ("TO", "MD") for c in infinitive.children)
    )
    told = [cue.tag_, *(c.tag_ for c in cue.children if c.dep_ == "aux")]
    return (
        token.dep_ == "conj"
        and token.pos_ == "VERB"
        and not has_subject(token)
        and is_below
        and (bool({*told} & {*tenses}) or (token.head == cue and "MD" in tenses))  # "ruled it out and would not say"
    )
