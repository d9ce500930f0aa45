"""Scores each attribute of the found claims against hand-judged articles.

Found and gold claims are paired by their content (see matching.py). Attributes are counted over the pairs, so that a
claim that was not found does not also count against its act. All figures are per cent.

    claims, voice ...   precision, recall, F1; under a voice a pair counts when the voice is the same
    source, cue         share of attributed pairs whose source (IoU at least 0.5) and cue (any character) are the gold's
    act                 accuracy, and F1 averaged over the acts that occur in the gold; an act in `acts_ok` is right
    negative, negated   F1 of negative polarity, and of what the source did not say
    certainty, kind     accuracy; a certainty in `certainty_ok` is right; "of statements": without demands
                        (docs/meaning.md)
    addressees, times   F1 one to one: spans with an IoU of at least 0.5; times overlap and have the same TIMEX3 value
    quantities          share of the gold's quantities found with the same `min` and `max`; the flag and unit apart
    subject, predicate  subject: at least half of the words in common; predicate: the same lemma, a particle aside
    speaker             share of attributed pairs whose source has the gold's name, an article aside
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from worker.contract.claim import Act, Claim, Polarity, Source, Span, Voice
from worker.extraction.pipeline import Pipeline
from worker.measure.golden import GoldArticle, GoldClaim
from worker.measure.matching import ClaimPair, FoundClaim, chars_of, extracted, paired
from worker.measure.overlap import share

__all__ = ["Score", "same_name", "same_predicate", "same_subject", "score"]


@dataclass(slots=True)
class _Hits:
    """Counts of an attribute that is paired one to one: right ones, found ones and those in the gold (`wanted`)."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def figures(self, name: str) -> dict[str, float]:
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.wanted if self.wanted else 0.0
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {f"{name} precision": precision, f"{name} recall": recall, f"{name} F1": both}


@dataclass(slots=True)
class Score:
    """Sums over articles. `wrong` lists the differences for a reader: (article, claim, attribute, words)."""

    hits: dict[str, _Hits] = field(default_factory=lambda: defaultdict(_Hits))
    acts: dict[Act, _Hits] = field(default_factory=lambda: defaultdict(_Hits))
    shares: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Name to per cent, one decimal."""
        out: dict[str, float] = {}
        for name, hits in self.hits.items():
            out |= hits.figures(name)
        for name, right in self.shares.items():
            out[name] = sum(right) / len(right)
        wanted = [hits.figures("")[" F1"] for hits in self.acts.values() if hits.wanted]
        out["act macro-F1"] = sum(wanted) / len(wanted) if wanted else 0.0
        return {name: round(100 * value, 1) for name, value in sorted(out.items())}

    def by_act(self) -> dict[str, tuple[int, float]]:
        """Act to the number of gold claims among the pairs, and its F1 in per cent."""
        return {act: (hits.wanted, round(100 * hits.figures("")[" F1"], 1)) for act, hits in sorted(self.acts.items())}


def score(pipeline: Pipeline, articles: Iterable[GoldArticle]) -> Score:
    """Extracts the articles and scores their claims. Raises GoldError: the pipeline gives no extraction."""
    total = Score()
    for article in articles:
        found = extracted(pipeline, article)
        pairs = paired(article, found)
        _claims(total, article, found, pairs)
        for pair in pairs:
            _attributes(total, article, pair)
    return total


def _claims(total: Score, article: GoldArticle, found: Sequence[FoundClaim], pairs: Sequence[ClaimPair]) -> None:
    whole = total.hits["claims"]
    whole.right += len(pairs)
    whole.found += len(found)
    whole.wanted += len(article.claims)
    for voice in Voice:
        hits = total.hits[f"voice {voice}"]
        hits.right += sum(p.gold.voice is voice and p.found.claim.voice is voice for p in pairs)
        hits.found += sum(f.claim.voice is voice for f in found)
        hits.wanted += sum(claim.voice is voice for claim in article.claims)
    nested = total.hits["nested"]
    nested.right += sum(p.gold.within is not None and _nested(p.found.claim) for p in pairs)
    nested.found += sum(_nested(f.claim) for f in found)
    nested.wanted += sum(claim.within is not None for claim in article.claims)
    paired_gold, paired_found = {id(p.gold) for p in pairs}, {id(p.found) for p in pairs}
    for gold in article.claims:
        if id(gold) not in paired_gold:
            total.wrong.append((article.id, gold.id, f"missed {gold.voice}", _words(gold.content)))
    for candidate in found:
        if id(candidate) not in paired_found:
            claim = candidate.claim
            total.wrong.append((article.id, "-", f"not in the gold, {claim.voice}", _words(claim.content.spans)))


def _words(spans: Iterable[Span]) -> str:
    return " … ".join(span.exact for span in spans)


def _nested(claim: Claim) -> bool:
    return claim.voice is Voice.ATTRIBUTED and len(claim.attribution) > 1


def _attributes(total: Score, article: GoldArticle, pair: ClaimPair) -> None:
    gold, claim = pair.gold, pair.found.claim
    link = claim.attribution[-1] if claim.attribution else None

    def judge(name: str, right: bool, wanted: object, given: object) -> None:  # noqa: FBT001 - read beside its name
        total.shares[name].append(right)
        if not right:
            total.wrong.append((article.id, gold.id, name, f"{given} for {wanted}: {_words(gold.content)[:150]}"))

    if gold.voice is Voice.ATTRIBUTED and link is not None:
        source = chars_of([gold.source] if gold.source else [], article.text)
        said = link.source.span.exact if link.source.span else None
        judge("source", share(source, pair.found.source) >= 0.5, gold.source and gold.source.exact, said)
        cue = chars_of([gold.cue] if gold.cue else [], article.text)
        judge("cue", bool(cue & pair.found.cue) or not (cue or pair.found.cue), gold.cue, link.cue)
        if gold.speaker is not None:
            judge("speaker", same_name(gold.speaker, link.source), gold.speaker, link.source.name)
        _yes_or_no("negated", total, article, gold, wanted=gold.negated, given=link.negated)
        _one_to_one(total.hits["addressees"], article, gold.addressees, link.addressees, pair.found)
        if bool(gold.addressees) != bool(link.addressees):
            names = f"{[a.name for a in link.addressees]} for {[a.exact for a in gold.addressees]}"
            total.wrong.append((article.id, gold.id, "addressees", names))
    right = claim.act == gold.act or claim.act in gold.acts_ok
    judge("act", right, gold.act, claim.act)
    total.acts[gold.act].wanted += 1
    total.acts[gold.act if right else claim.act].found += 1
    total.acts[gold.act].right += right
    judge("polarity", claim.polarity == gold.polarity, gold.polarity, claim.polarity)
    _yes_or_no(
        "negative",
        total,
        article,
        gold,
        wanted=gold.polarity is Polarity.NEGATIVE,
        given=claim.polarity is Polarity.NEGATIVE,
    )
    certainty = claim.modality.certainty
    sure = certainty == gold.certainty or certainty in gold.certainty_ok
    judge("certainty", sure, gold.certainty, certainty)
    if gold.act not in (Act.DEMAND, Act.URGE):
        total.shares["certainty of statements"].append(sure)
    judge("modality kind", claim.modality.kind == gold.modality, gold.modality, claim.modality.kind)
    _values(total, article, gold, pair.found)
    made = claim.proposition
    if gold.predicate is not None:
        given = made.predicate if made else None
        judge("predicate", same_predicate(gold.predicate, given), gold.predicate, given)
    if gold.subject is not None:
        judge(
            "subject", same_subject(gold.subject, made.subject if made else None), gold.subject, made and made.subject
        )


def _yes_or_no(name: str, total: Score, article: GoldArticle, gold: GoldClaim, *, wanted: bool, given: bool) -> None:
    hits = total.hits[name]
    hits.right += wanted and given
    hits.found += given
    hits.wanted += wanted
    if wanted != given:
        total.wrong.append((article.id, gold.id, name, f"{given} for {wanted}: {_words(gold.content)[:150]}"))


def _one_to_one(
    hits: _Hits, article: GoldArticle, gold: Sequence[Span], given: Sequence[Source], claim: FoundClaim
) -> None:
    wanted = [chars_of([span], article.text) for span in gold]
    found = [claim.place(each.span, article.text) for each in given if each.span]
    hits.wanted += len(wanted)
    hits.found += len(found)
    for one in wanted:
        best = max(found, key=lambda f: share(one, f), default=None)
        if best is not None and share(one, best) >= 0.5:
            hits.right += 1
            found.remove(best)


def _values(total: Score, article: GoldArticle, gold: GoldClaim, found: FoundClaim) -> None:
    """Counts times that overlap and have the same value, and quantities with the same bounds."""
    claim = found.claim
    hits = total.hits["times"]
    hits.wanted += len(gold.times)
    hits.found += len(claim.times)
    times = [(found.place(t.span, article.text), t.timex) for t in claim.times]
    for wanted in gold.times:
        where = chars_of([wanted.span], article.text)
        same = next((t for t in times if t[0] & where and t[1] == wanted.timex), None)
        hits.right += same is not None
        if same is not None:
            times.remove(same)
        else:
            given = [t.timex for t in claim.times]
            total.wrong.append((article.id, gold.id, "times", f"{given} for {wanted.span.exact} {wanted.timex}"))
    for where, timex in times:
        total.wrong.append((article.id, gold.id, "times", f"{timex} at {min(where, default=0)} belongs to none"))
    amounts = [(found.place(q.span, article.text), q) for q in claim.quantities]
    for quantity in gold.quantities:
        where = chars_of([quantity.span], article.text)
        near = [q for place, q in amounts if place & where]
        same_bounds = [q for q in near if (q.min, q.max) == (quantity.min, quantity.max)]
        total.shares["quantities"].append(bool(same_bounds))
        if same_bounds:
            total.shares["quantities' approximation"].append(same_bounds[0].approximate == quantity.approximate)
            total.shares["quantities' unit"].append(_bare(same_bounds[0].unit) == _bare(quantity.unit))
        else:
            given_bounds = [(q.min, q.max) for q in near]
            bounds = f"{given_bounds} for {quantity.span.exact} {quantity.min, quantity.max}"
            total.wrong.append((article.id, gold.id, "quantities", bounds))
    spurious = sum(not any(place & chars_of([q.span], article.text) for q in gold.quantities) for place, _ in amounts)
    total.hits["quantities"].found += len(amounts)
    total.hits["quantities"].right += len(amounts) - spurious
    total.hits["quantities"].wanted += len(gold.quantities)


def _bare(words: str | None) -> str:
    return re.sub(r"^(?:the|a|an) ", "", " ".join(re.findall(r"[\w%$€£]+", (words or "").casefold())))


def same_name(wanted: str, given: Source) -> bool:
    """The name, or the source's own words where nobody is named."""
    words = given.span.exact if given.span else ""
    return _bare(wanted) in (_bare(given.name), _bare(words))


def same_predicate(wanted: str, given: str | None) -> bool:
    return given is not None and wanted.casefold().split()[0] == given.split()[0]


def same_subject(wanted: str, given: str | None) -> bool:
    """At least half of the words in common, articles aside."""
    ours, theirs = Counter(_content_words(given)), Counter(_content_words(wanted))
    common = sum((ours & theirs).values())
    return common > 0 and 2 * common / (sum(ours.values()) + sum(theirs.values())) >= 0.5


def _content_words(words: str | None) -> list[str]:
    return [w for w in re.findall(r"\w+", (words or "").casefold()) if w not in ("the", "a", "an", "s")]
