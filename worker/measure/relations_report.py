"""The report of `claimwire eval` on a folder of hand-judged pairs of claims."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.contract.relation import RelationKind
from worker.extraction.pipeline import Pipeline
from worker.link.relations.candidates import Bounds, candidates
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import relation_between
from worker.measure.pairs import Event, JudgedPair, claims_of, load_events

__all__ = ["LABELS", "NONE", "Answer", "RelationScore", "Scores", "answers", "evaluate_pairs"]

NONE = "none"
LABELS = (*(kind.value for kind in RelationKind), NONE)


@dataclass(frozen=True, slots=True)
class Answer:
    """A judged pair with what was found: the relation's word or "none", its confidence, and the pair's part."""

    pair: JudgedPair
    given: str
    confidence: float | None
    put_aside: bool
    candidate: bool

    @property
    def judged(self) -> str:
        return self.pair.relation.value if self.pair.relation is not None else NONE


class Scores:
    """Precision, recall and F1 of each relation, in per cent."""

    def __init__(self, judged_and_given: Iterable[tuple[str, str]]) -> None:
        """Words of relations, or "none"."""
        self._both = Counter(judged_and_given)

    def of(self, label: str) -> tuple[float, float, float]:
        right = self._both[label, label]
        given = sum(count for (_, g), count in self._both.items() if g == label)
        judged = sum(count for (j, _), count in self._both.items() if j == label)
        precision, recall = 100 * right / max(given, 1), 100 * right / max(judged, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)

    @property
    def macro_f1(self) -> float:
        return sum(self.of(label)[2] for label in LABELS) / len(LABELS)


class RelationScore(Scores):
    """The scores of answers, and figures of their pairs."""

    def __init__(self, answered: Sequence[Answer]) -> None:
        super().__init__((each.judged, each.given) for each in answered)
        self.answers = answered

    def figures(self) -> dict[str, float]:
        """The figures by name."""
        traps = [each for each in self.answers if each.pair.trap]
        sure = [each for each in self.answers if each.confidence is not None]
        figures = {
            "pairs": len(self.answers),
            "macro-F1": self.macro_f1,
            "right": 100 * sum(each.given == each.judged for each in self.answers) / max(len(self.answers), 1),
            "claims of both sides found": 100
            * sum(each.pair.a is not None and each.pair.b is not None for each in self.answers)
            / max(len(self.answers), 1),
            "is a candidate": 100 * sum(each.candidate for each in self.answers) / max(len(self.answers), 1),
            "traps": len(traps),
            "traps right": 100 * sum(each.given == each.judged for each in traps) / max(len(traps), 1),
            "traps called a contradiction": sum(each.given == RelationKind.CONTRADICTS for each in traps),
            "mean confidence of relations": 100 * sum(each.confidence or 0 for each in sure) / max(len(sure), 1),
            "relations that are right": 100 * sum(each.given == each.judged for each in sure) / max(len(sure), 1),
        }
        return {name: round(value, 1) for name, value in figures.items()}


def answers(folder: Path, pipeline: Pipeline) -> list[Answer]:
    """What is found for each judged pair, from the articles on. Raises GoldError: a file cannot be used."""
    return [answer for event in load_events(folder) for answer in _of_event(event, pipeline)]


def _of_event(event: Event, pipeline: Pipeline) -> Iterator[Answer]:
    pairs, claims = claims_of(pipeline, event)
    readings = {claim.claim_id: reading_of(claim) for claim in claims}
    several = list(readings.values())
    # articles of one event may lie years apart here; the window of days is not what is measured
    compared = {
        frozenset((several[i].claim.claim_id, several[j].claim.claim_id))
        for i, j in candidates(several, Bounds(days=10_000))
    }
    for pair in pairs:
        relation = None
        candidate = False
        if pair.a is not None and pair.b is not None:
            candidate = frozenset((pair.a.claim_id, pair.b.claim_id)) in compared
            if candidate:
                relation = relation_between(readings[pair.a.claim_id], readings[pair.b.claim_id])
        yield Answer(
            pair=pair,
            given=NONE if relation is None else relation.relation.value,
            confidence=None if relation is None else relation.confidence,
            put_aside=event.put_aside,
            candidate=candidate,
        )


def evaluate_pairs(folder: Path, pipeline: Pipeline, *, errors: bool, as_json: bool) -> Iterator[str]:
    """The lines of the report: one part for development, one for what is put aside, whose pairs are never shown."""
    answered = answers(folder, pipeline)
    parts = {
        "development": RelationScore([each for each in answered if not each.put_aside]),
        "put aside": RelationScore([each for each in answered if each.put_aside]),
    }
    if as_json:
        yield json.dumps({"pipeline": pipeline.version, **{name: _as_json(score) for name, score in parts.items()}})
        return
    for name, score in parts.items():
        yield f"{name}"
        for label in LABELS:
            precision, recall, f1 = score.of(label)
            yield f"  {label:30} P {precision:5.1f}  R {recall:5.1f}  F1 {f1:5.1f}"
        for figure, value in score.figures().items():
            yield f"  {figure:30} {value:7.1f}"
    if errors:
        for each in parts["development"].answers:
            if each.given != each.judged:
                yield f"\n{each.pair.name}: {each.given}, judged {each.judged} ({each.pair.trap or each.pair.why})"
                yield f"  {each.pair.words[0]}\n  {each.pair.words[1]}"


def _as_json(score: RelationScore) -> dict[str, object]:
    return {"figures": score.figures(), "F1": {label: round(score.of(label)[2], 1) for label in LABELS}}
