"""The attribution stage: the model where it is installed with the rules around it, else the rules alone."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.asides import around_asides
from worker.extraction.attribution.judged import judged
from worker.extraction.attribution.line_notes import without_notes
from worker.extraction.attribution.lines import by_lines, with_lines
from worker.extraction.attribution.model.attributions import model_attributions
from worker.extraction.attribution.model.network import AttributionModel
from worker.extraction.attribution.nested import nested
from worker.extraction.attribution.own_cues import with_own_cues
from worker.extraction.attribution.reach import within_reach
from worker.extraction.attribution.refused import with_refusals
from worker.extraction.attribution.rules import attributions
from worker.extraction.attribution.set_phrases import with_set_phrases
from worker.extraction.attribution.sources.hearers import without_hearer
from worker.extraction.attribution.sources.hearsay import by_nobody, with_hearsay
from worker.extraction.attribution.sources.holders import Holders
from worker.extraction.attribution.sources.name_in_cue import without_name
from worker.extraction.attribution.sources.noun_and_colon import with_nouns_before_colons
from worker.extraction.attribution.sources.noun_predicates import with_noun_predicates
from worker.extraction.attribution.sources.quotes_apart import by_the_neighbours
from worker.extraction.attribution.sources.source_phrases import with_source_phrases
from worker.extraction.attribution.sources.speech_nouns import with_speech_nouns
from worker.extraction.attribution.sources.who_speaks import by_the_speaker, without_repeats
from worker.extraction.attribution.statements.edges import without_edges
from worker.extraction.attribution.statements.free_speech import with_free_speech
from worker.extraction.attribution.statements.is_statement import is_said, is_statement
from worker.extraction.attribution.statements.joined_behind import with_joined_behind
from worker.extraction.attribution.statements.quote_edges import with_quote_alone
from worker.extraction.attribution.statements.split_sentences import split_sentences
from worker.extraction.attribution.statements.split_statements import split_statements
from worker.extraction.attribution.stipulated import with_documents
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span, any_meet, inside_any
from worker.extraction.text.quotes import all_quotes

__all__ = ["find_attributions", "find_unfiltered_attributions"]

_MAX_HOLDERS = 6
"""Attributions inside of which another one is made. News has three at most; more are a row of verbs of speech."""
_MIN_ALONE = 0.55
"""Confidence above which a rule's attribution without a cue is kept beside the model's; a headline's is higher."""


def find_attributions(
    doc: Doc, text: str, headline: str | None, model: AttributionModel | None, items: Sequence[Span] = ()
) -> list[Attribution]:
    """The attributions that report a statement, one for each statement, in the order of their contents.

    `doc` is the parse of `text`; without a model the rules work alone. `items`: the lines that are items of a list.
    """
    marks = all_quotes(text)
    by_model = [
        each for each in within_reach(doc, text, _by_model(doc, text, marks, model), marks) if is_said(doc, text, each)
    ]
    found = [without_hearer(doc, by_nobody(doc, text, each)) for each in _with_rules(doc, text, headline, by_model)]
    found = [without_edges(doc, text, each, marks) for each in around_asides(doc, text, found, marks)]
    found = [with_quote_alone(doc, text, without_name(doc, text, each), marks) for each in found]
    found = judged(doc, text, without_repeats(by_the_speaker(doc, text, each, marks) for each in found), marks)
    found = with_speech_nouns(doc, text, with_source_phrases(doc, text, found, marks), marks)
    found = with_nouns_before_colons(doc, text, with_noun_predicates(doc, text, found, marks), marks)
    found = with_documents(doc, text, with_hearsay(doc, text, found, marks))
    found = without_notes(text, with_lines(found, by_lines(doc, text, found, items)), marks)
    holders = Holders(found)
    stated = [
        each
        for number, each in enumerate(found)
        if len(holders.of(number)) <= _MAX_HOLDERS and is_statement(doc, text, each)
    ]
    stated = with_set_phrases(doc, text, with_refusals(doc, stated, marks), marks)
    stated = with_joined_behind(doc, text, stated, marks)
    stated = with_free_speech(doc, text, stated, marks)
    return split_statements(doc, text, split_sentences(doc, text, stated, marks))


def find_unfiltered_attributions(
    doc: Doc, text: str, headline: str | None, model: AttributionModel | None
) -> list[Attribution]:
    """Attributions as the corpora mark them, in the order of their contents: attitudes and events are among them, one
    attribution may hold several statements, and a content may go on over sentences without a sign of it. For measuring
    against gold spans; arguments as above.
    """
    return _with_rules(doc, text, headline, _by_model(doc, text, all_quotes(text), model))


def _by_model(doc: Doc, text: str, marks: Sequence[Span], model: AttributionModel | None) -> list[Attribution]:
    if model is None:
        return []
    if (read := model.find(doc, text)) is None:
        return []
    tagged, pieces = read
    return by_the_neighbours(doc, text, model_attributions(tagged, pieces, doc, text, marks), marks)


def _with_rules(doc: Doc, text: str, headline: str | None, by_model: Sequence[Attribution]) -> list[Attribution]:
    """The model's attributions, what the rules add to them, and those that are made inside of contents."""
    by_rules = attributions(doc, text, headline)
    titles = [each.content[0] for each in by_rules if each.cue is None and each.confidence > _MIN_ALONE and each.source]
    nobodys = [each for each in by_model if each.source is None and each.cue is None and any_meet(each.content, titles)]
    by_model = with_own_cues(doc, [each for each in by_model if each not in nobodys], by_rules)
    known = _Known(by_model)
    joined = [*by_model, *(each for each in by_rules if _adds(each, known))] if by_model else by_rules
    return sorted([*joined, *nested(doc, text, joined)], key=lambda each: each.content[0])


class _Known:
    """The model's attributions by place."""

    def __init__(self, by_model: Sequence[Attribution]) -> None:
        contents = [(each, span) for each in by_model for span in each.content]
        self._holders = [each for each, _ in contents]
        self.contents = SpanIndex(span for _, span in contents)
        self.speaking = SpanIndex(part for each in by_model for part in (each.cue, each.source) if part)

    def holder(self, cue: Span) -> Attribution | None:
        """The first attribution in whose content a cue lies."""
        return next((self._holders[number] for number in self.contents.holding(cue)), None)


def _adds(rule: Attribution, known: _Known) -> bool:
    """True if an attribution of the rules says what the model's do not: its own cue, inside or beside their contents.

    The model tags each character once, so a source inside a content is not its to find; a headline's speaker without a
    cue is rare in its training.
    """
    is_new = not known.contents.meets(rule.content)
    if rule.cue is None:
        return is_new and rule.confidence > _MIN_ALONE
    if known.speaking.meets((rule.cue,)):
        return False
    holder = known.holder(rule.cue)
    if holder is None:
        return is_new
    # nested: the whole of it lies in one content, source as well
    return rule.source is not None and all(inside_any(part, holder.content) for part in (*rule.content, rule.source))
