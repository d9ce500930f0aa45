"""The meaning stage: what each statement does and says, how certain it is, and how much it is worth checking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.contract.claim import (
    Act,
    Entity,
    Modality,
    Polarity,
    Proposition,
    Quantity,
    QuoteType,
    TimeExpression,
)
from worker.extraction.entities.stage import Entities
from worker.extraction.event_span import event_span
from worker.extraction.meaning.act import act_of, plover_of
from worker.extraction.meaning.check_worthiness import check_worthiness, features
from worker.extraction.meaning.content_text import content_text
from worker.extraction.meaning.modality import modality
from worker.extraction.meaning.polarity import denies, negates_content, polarity
from worker.extraction.meaning.pronouns_and_names import with_names
from worker.extraction.meaning.proposition import proposition
from worker.extraction.meaning.references.quoted_before import QuotesBefore, in_brackets
from worker.extraction.meaning.references.stage import References
from worker.extraction.meaning.standalone_text import verbatim_text
from worker.extraction.meaning.when_said import tells_when_said
from worker.extraction.parse import Doc
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.stage import Reported, Statement
from worker.extraction.values.quantities.stage import Amount
from worker.extraction.values.times.stage import Time

__all__ = ["Meaning", "find_meanings"]

_FIRST_PERSONS = frozenset({"i", "we"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a statement means, in the form of the event.

    `verbatim`: the content's own words. `text`: the content as it can be read alone, empty where it states nothing.
    `times`: those inside of the content, and those of its sentence that say when it was said.
    """

    act: Act
    plover: str | None
    polarity: Polarity
    modality: Modality
    proposition: Proposition | None
    verbatim: str
    text: str
    quantities: list[Quantity]
    times: list[TimeExpression]
    entities: list[Entity]
    worth_features: Mapping[str, float]
    check_worthiness: float


@dataclass(frozen=True, kw_only=True)
class _Text:
    """A text and what the stages before found in it. `marked`: the text with its quotation marks in one style;
    `starts`: where each sentence begins, and the end of the text.
    """

    doc: Doc
    text: str
    marked: str
    statements: Sequence[Statement]
    entities: Entities
    times: Sequence[Time]
    amounts: Sequence[Amount]
    quotes: Sequence[Span]
    starts: list[int]
    at: _Places
    references: References


@dataclass(frozen=True, slots=True)
class _Places:
    """Times and amounts by place; and the contents of the attributed statements, each with its statement's number."""

    times: SpanIndex
    amounts: SpanIndex
    contents: SpanIndex
    owners: list[int]


def find_meanings(
    doc: Doc,
    texts: tuple[str, str],
    statements: Sequence[Statement],
    entities: Entities,
    times: Sequence[Time],
    amounts: Sequence[Amount],
    quotes: Sequence[Span],
) -> list[Meaning]:
    """One meaning for each statement, in their order.

    `texts`: the text, and the same with its quotation marks in one style, which `doc` is the parse of; `quotes` include
    their marks.
    """
    text, marked = texts
    starts = [sentence.start_char for sentence in doc.sents] + [len(text)]
    attributed = [
        (i, span) for i, statement in enumerate(statements) if statement.reported for span in statement.content
    ]
    found = _Text(
        doc=doc,
        text=text,
        marked=marked,
        statements=statements,
        entities=entities,
        times=times,
        amounts=amounts,
        quotes=quotes,
        starts=starts,
        at=_Places(
            times=SpanIndex(each.span for each in times),
            amounts=SpanIndex(each.span for each in amounts),
            contents=SpanIndex(span for _, span in attributed),
            owners=[i for i, _ in attributed],
        ),
        references=References(doc, marked, statements, quotes),
    )
    quoted = QuotesBefore(marked, statements)
    made: dict[int, Meaning] = {}
    for number in sorted(range(len(statements)), key=lambda i: statements[i].content[-1][1]):
        earlier = quoted.before(number)
        said = in_brackets(made[earlier[0]].text) if earlier is not None and earlier[0] in made else None
        before = (said, earlier[1]) if said is not None and earlier is not None else None
        made[number] = _meaning(found, statements[number], before)
    return [made[number] for number in range(len(statements))]


def _meaning(found: _Text, statement: Statement, quoted_before: tuple[str, str] | None) -> Meaning:
    content, clauses, reported = statement.content, statement.clauses, statement.reported
    attribution = reported.attribution if reported else None
    cue = reported.cue if reported else None
    source = reported.source if reported else None
    verbatim = verbatim_text(found.marked, content, reported=reported is not None)
    act = act_of(cue, clauses, verbatim, source) if cue and source else Act.ASSERT
    named = (attribution.source,) if attribution and attribution.source else ()
    entities = found.entities.within((*content, *named))
    holder = found.statements[statement.holders[-1]].reported if statement.holders else None
    others = [
        span
        for other in (found.statements[found.at.owners[i]] for i in found.at.contents.inside(content))
        for span in (other.content if _is_said_by_another(other, reported or holder) else ())
    ]
    readable = with_names(found.marked, statement, entities, found.quotes, None if reported else holder, others)
    worth = features(
        clauses,
        act=act,
        cue=cue,
        amounts=[found.amounts[i] for i in found.at.amounts.inside(content)],
        times=len(found.at.times.inside(content)),
        kinds=[e.type for e in entities if any(inside_any((m.start, m.end), content) for m in e.spans)],
    )
    return Meaning(
        act=act,
        plover=plover_of(act, clauses),
        polarity=polarity(
            clauses,
            verbatim,
            denied=cue is not None and act is Act.DENY and denies(cue),
            cue_negates=cue is not None and negates_content(cue, clauses),
        ),
        modality=modality(clauses, verbatim, act=act, cue=cue, source=source),
        proposition=proposition(clauses, readable, source.name if source else None),
        verbatim=verbatim,
        text=content_text(
            found.doc,
            statement,
            readable.with_references(*found.references.edits(statement)),
            quoted_before or found.references.before(statement),
        ),
        quantities=_quantities(found, content),
        times=_times(found, statement),
        entities=entities,
        worth_features=worth,
        check_worthiness=check_worthiness(worth),
    )


def _is_said_by_another(statement: Statement, reported: Reported | None) -> bool:
    """Whether a statement inside of the words of a source is the quote of somebody else."""
    theirs = statement.reported
    if theirs is None or reported is None or theirs is reported or theirs.source.span is None:
        return False
    kinds = (reported.attribution.quote_type, theirs.attribution.quote_type)
    if kinds[0] is QuoteType.DIRECT or kinds[1] is not QuoteType.DIRECT:
        return False
    return theirs.source.name != reported.source.name and (theirs.source.name or "").casefold() not in _FIRST_PERSONS


def _quantities(found: _Text, content: tuple[Span, ...]) -> list[Quantity]:
    return [
        Quantity(span=event_span(found.text, a.span), min=a.min, max=a.max, approximate=a.approximate, unit=a.unit)
        for a in (found.amounts[i] for i in found.at.amounts.inside(content))
    ]


def _times(found: _Text, statement: Statement) -> list[TimeExpression]:
    reported = statement.reported
    around = _sentences(found, statement, reported) if reported else []
    return [
        TimeExpression(span=event_span(found.text, t.span), timex=t.timex, start=t.start, end=t.end)
        for t in (found.times[i] for i in found.at.times.inside((*statement.content, *around)))
        if inside_any(t.span, statement.content)
        or (
            reported is not None
            and inside_any(t.span, around)
            and not _in_another(found, statement, t.span)
            and tells_when_said(found.doc, t.span, reported.attribution, reported.cue)
        )
    ]


def _sentences(found: _Text, statement: Statement, reported: Reported) -> list[Span]:
    """The sentences in which source, cue and content begin and end."""
    attribution, starts = reported.attribution, found.starts
    sentences = []
    for start, end in [span for span in (attribution.source, attribution.cue, *statement.content) if span]:
        for at in (start, end - 1):
            number = max(bisect_right(starts, at) - 1, 0)
            sentences.append((starts[number], starts[min(number + 1, len(starts) - 1)]))
    return sentences


def _in_another(found: _Text, statement: Statement, span: Span) -> bool:
    """Whether a span is inside the content of another attributed statement."""
    owners = (found.at.owners[number] for number in found.at.contents.holding(span))
    return any(found.statements[i] is not statement for i in owners)
