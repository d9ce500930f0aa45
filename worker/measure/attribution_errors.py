"""The kinds of difference between found and gold attributions, counted, with some examples of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from worker.measure.attribution_scores import MarkedAttribution, Row, fitting
from worker.measure.overlap import chars

__all__ = ["AttributionErrors"]

_MAX_EXAMPLES = 3
_MAX_WORDS = 160


class AttributionErrors:
    """Collects the differences of articles; `lines` is the report."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = defaultdict(list)

    def add(self, gold: Sequence[MarkedAttribution], found: Sequence[MarkedAttribution], text: str) -> None:
        """Adds the differences of one article. Gold attributions without a content are left out."""
        gold = [attribution for attribution in gold if attribution["content"]]
        pairs = fitting(_rows(gold, text), _rows(found, text))
        for overlap, g, f in pairs:
            kind = _difference(overlap, found[f], gold[g], text)
            if kind:
                parts = [_words(a[part], text) for a in (gold[g], found[f]) for part in ("source", "content")]
                self._note(kind, "  gold {} | {}\n  ours {} | {}".format(*parts))
        paired_gold, paired_found = {g for _, g, _ in pairs}, {f for _, _, f in pairs}
        for g, attribution in enumerate(gold):
            if g not in paired_gold:
                near = any(chars(attribution["content"], text) & chars(a["content"], text) for a in found)
                self._note("missed, another span there" if near else "missed", _line(attribution, text))
        for f, attribution in enumerate(found):
            if f not in paired_found:
                self._note("not in the gold", _line(attribution, text))

    def lines(self) -> Iterator[str]:
        """Each kind with its count and examples, the most frequent first."""
        for kind, count in self._counts.most_common():
            yield f"\n{kind}: {count}"
            yield from self._examples[kind]

    def _note(self, kind: str, example: str) -> None:
        self._counts[kind] += 1
        if len(self._examples[kind]) < _MAX_EXAMPLES:
            self._examples[kind].append(example)


def _rows(attributions: Sequence[MarkedAttribution], text: str) -> list[Row]:
    """Without cues, which make no pair."""
    return [(chars(a["content"], text), chars(a["source"], text), frozenset[int]()) for a in attributions]


def _difference(overlap: float, found: MarkedAttribution, gold: MarkedAttribution, text: str) -> str | None:
    """The kind of difference of a pair; None where content and source are the same."""
    ours, theirs = chars(found["source"], text), chars(gold["source"], text)
    if ours == theirs:
        return "content's edges" if overlap < 1.0 else None
    if not ours:
        return "source missing"
    if not theirs:
        return "source where there is none"
    if not ours & theirs:
        return "another source"
    if ours < theirs:
        return "source cut short"
    return "source too long" if ours > theirs else "source's edges"


def _line(attribution: MarkedAttribution, text: str) -> str:
    source, cue, content = (_words(attribution[part], text) for part in ("source", "cue", "content"))
    return f"  {source} | {cue} | {content}"


def _words(spans: Sequence[Sequence[int]], text: str) -> str:
    return " … ".join(" ".join(text[s:e].split()) for s, e in spans)[:_MAX_WORDS] or "-"
