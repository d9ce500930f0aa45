"""Fits the comparer of claims on the hand-judged pairs: writes worker/link/relations/data/comparer.json.

python -m training.relations tests/golden/pairs worker/link/relations/data/comparer.json
    [--stream ARTICLES.jsonl.gz] [--public PAIRS.jsonl.gz]

Fitted are the events that are not put aside: their judged pairs, and with a smaller weight all other candidate pairs of
their claims, which are none except where other_pairs.tsv has their relation (`?`: left out); and the pairs of sentences
in written_pairs.tsv, the first of which is a week later than the second. The figures of the card are cross-validated,
an event or a sixth of the sentences at a time; those of the events put aside come from `claimwire eval`.

`--stream`: stories that have nothing to do with each other, a line each with `text`, `title` and `source`. A stream is
mostly that, and the judged pairs are not: all pairs of claims of different stories are fitted as none, all together
with the weight of a few judged events. The last third is kept to count what is called related there. Pairs of one
article have weights of their own, with the pairs of one story, which seldom contradicts itself. A third set of weights
is without the stream, for who knows that two claims are of one matter.

`--public` measures the features on ClaimDiff besides, fitted and tested on different topics; no weight comes from it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.linking import articles_of
from worker.contract.article import RawArticle
from worker.contract.claim import Act, Article, Claim, Content, Modality, Polarity, Provenance, Span, Voice
from worker.contract.relation import RelationKind
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline
from worker.link.relations.candidates import Bounds, candidates
from worker.link.relations.comparer import OUTCOMES, Odds, Setting
from worker.link.relations.comparison import FEATURES, Comparison, compare
from worker.link.relations.decide import decided, ruled_out
from worker.link.relations.reading import Reading, reading_of
from worker.link.relations.stage import LEAST_CONFIDENCE
from worker.link.relations.stems import tokens_of
from worker.measure.pairs import Event, claims_of, load_events

OTHER_WEIGHT = 0.2
PENALTY = 0.3
STEPS = 300
FOLDS = 6
STREAM_STORIES = 450
STREAM_DAYS = 35
STREAM_WEIGHT = 40.0
"""Of all pairs of two stories together: with more, relations between judged events begin to be missed."""
STORY_WEIGHT = 3.0
"""Of all pairs of one story together."""
MAY_AGREE = 0.1
"""Beside none: what a story says twice agrees, and nobody has judged which pairs that are. That they clash is rare."""
STREAM_RELATION = 0.1
"""How much a relation that is found between stories, or in one, counts as a wrong one when confidence is calibrated."""
OUTCOME_OF = {
    None: 0,
    RelationKind.RESTATES: 1,
    RelationKind.CORROBORATES: 1,
    RelationKind.CONTRADICTS: 2,
    RelationKind.TENSION: 2,
    RelationKind.REVISES: 2,
}


@dataclass
class Row:
    event: str
    relation: RelationKind | None
    trap: str | None
    judged: bool
    found: Comparison
    out: bool

    @property
    def outcome(self):
        return OUTCOME_OF[self.relation]


def order(reading: Reading):
    return reading.claim.article.published_at or "", reading.claim.claim_id


def row(event, relation, trap, judged, a, b):
    first, second = sorted((a, b), key=order)
    found = compare(first, second)
    return Row(event, relation, trap, judged, found, ruled_out(found) is not None)


def rows_of(event: Event, pipeline: Pipeline, others) -> list[Row]:
    pairs, claims = claims_of(pipeline, event)
    readings = {claim.claim_id: reading_of(claim) for claim in claims}
    rows, judged = [], set()
    for pair in pairs:
        if pair.a is not None and pair.b is not None:
            judged.add(frozenset((pair.a.claim_id, pair.b.claim_id)))
            a, b = readings[pair.a.claim_id], readings[pair.b.claim_id]
            rows.append(row(event.id, pair.relation, pair.trap, True, a, b))
    several = sorted(readings.values(), key=order)
    for i, j in candidates(several, Bounds(days=10_000)):
        a, b = several[i], several[j]
        if frozenset((a.claim.claim_id, b.claim.claim_id)) in judged:
            continue
        relation = other_relation(others.get(event.number, ()), a.claim.content.text, b.claim.content.text)
        if relation != "?":
            rows.append(row(event.id, RelationKind(relation) if relation else None, None, False, a, b))
    return rows


def table(name):
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def written_rows(pipeline) -> list[Row]:
    rows = []
    for number, (relation, *sentences) in enumerate(table("written_pairs.tsv")):
        sides = []
        for sentence, publisher, day in zip(sentences, ("The Later", "The Earlier"), (9, 2), strict=True):
            published = datetime(2026, 3, day, 8, tzinfo=UTC)
            article = RawArticle(
                uri=f"{publisher} {number}", body=sentence, publisher=publisher, published_at=published
            )
            (outcome,) = pipeline.extract([article])
            claims = [c for c in outcome.extraction.claims if c.attribution]
            sides += [reading_of(max(claims, key=size))] if claims else []
        if len(sides) < len(sentences):
            print("no claim is found in one of:", *sentences, sep="\n  ")
            continue
        kind = None if relation == "none" else RelationKind(relation)
        rows.append(row(f"written {number % FOLDS}", kind, None, True, *sides))
    return rows


def unrelated_rows(path: Path, pipeline) -> list[Row]:
    """Pairs of claims that have something in common, of stories that are published day by day: of two, or of one."""
    readings: list[Reading] = []
    for number, article in enumerate(articles_of(path, STREAM_STORIES, STREAM_DAYS)):
        (outcome,) = pipeline.extract([article])
        if isinstance(outcome, Extracted):
            readings += map(reading_of, outcome.extraction.claims)
        if number % 100 == 0:
            print(f"{number} of {STREAM_STORIES} stories of the stream are extracted", flush=True)
    readings.sort(key=order)
    pairs = ((readings[i], readings[j]) for i, j in candidates(readings, Bounds()))
    rows = (row("stream", None, None, False, a, b) for a, b in pairs)
    return [each for each in rows if not each.out]


def size(claim):
    return sum(span.end - span.start for span in claim.content.spans)


def other_relation(listed, a, b):
    """The relation of the first line of other_pairs.tsv that fits, "" for none."""
    for relation, one, other in listed:
        if (one in a and other in b) or (one in b and other in a):
            return relation
    return ""


def fit(x, y, weights, outcomes=3):
    """Multinomial logistic regression with an L2 penalty, by accelerated descent. [outcomes, features + 1]. `y`: for
    each row its outcome, or how far it may have each [rows, outcomes]: the likeliest share out what is wanted.
    """
    x = np.hstack([x, np.ones((len(x), 1))])
    may = np.eye(outcomes)[y] if y.ndim == 1 else y
    penalty = np.full(x.shape[1], PENALTY) / weights.sum()
    penalty[-1] = 0
    step = 2 / (weights[:, None] * x**2).sum() * weights.sum()
    w = ahead = np.zeros((outcomes, x.shape[1]))
    t = 1.0
    for _ in range(STEPS):
        now = shares(ahead, x)
        wanted = now * may
        wanted /= wanted.sum(1, keepdims=True)
        gradient = ((now - wanted).T * weights) @ x / weights.sum() + penalty * ahead
        new = ahead - step * gradient
        t_new = (1 + np.sqrt(1 + 4 * t * t)) / 2
        ahead, w, t = new + (t - 1) / t_new * (new - w), new, t_new
    return w


def shares(w, x):
    scores = x @ w.T
    scores = np.exp(scores - scores.max(1, keepdims=True))
    return scores / scores.sum(1, keepdims=True)


def predicted(w, x):
    return shares(w, np.hstack([x, np.ones((len(x), 1))]))


def matrix(rows):
    return np.array([r.found.features for r in rows]).reshape(len(rows), len(FEATURES))


def is_of_one_story(row):
    return row.event == "stream" and row.found.of_one_article


def weights_of(rows):
    """The pairs of the stream that are fitted together are all of two stories, or all of one."""
    whole = STORY_WEIGHT if any(map(is_of_one_story, rows)) else STREAM_WEIGHT
    stream = whole / max(sum(r.event == "stream" for r in rows), 1)
    return np.array([stream if r.event == "stream" else 1.0 if r.judged else OTHER_WEIGHT for r in rows])


def fit_rows(rows):
    may = np.eye(len(OUTCOMES))[[r.outcome for r in rows]]
    may[[is_of_one_story(r) for r in rows], OUTCOMES.index("agree")] = MAY_AGREE
    return fit(matrix(rows), may, weights_of(rows))


def cross_validated(rows, stream):
    """Odds for each row, from the other events and the stream."""
    odds = np.zeros((len(rows), len(OUTCOMES)))
    events = np.array([r.event for r in rows])
    for event in sorted(set(events)):
        inside = events == event
        w = fit_rows([r for r, i in zip(rows, inside, strict=True) if not i] + stream)
        odds[inside] = predicted(w, matrix([r for r, i in zip(rows, inside, strict=True) if i]))
    return odds


def kind_of(row):
    return Setting.ONE_ARTICLE if row.found.of_one_article else Setting.TWO_ARTICLES


class Fit:
    """Weights, and the cross-validated answers of rows with their calibration. `stream`: rows of unrelated claims."""

    def __init__(self, rows, stream):
        open_rows = [r for r in rows if not r.out]
        odds = cross_validated(open_rows, stream)
        self._decisions = {id(r): decided(r.found, Odds(*o)) for r, o in zip(open_rows, odds, strict=True)}
        self.weights = fit_rows(open_rows + stream)
        sure = [(r, d) for r in rows if not r.event.startswith("written") and (d := self._decisions.get(id(r)))]
        right = np.array([r.relation == d.relation for r, d in sure])
        beside = decisions(stream, self.weights)
        self.scale = calibration(
            np.array([d.probability for _, d in [*sure, *beside]]),
            np.array([*right, *([False] * len(beside))]),
            np.array([*([1.0] * len(sure)), *([STREAM_RELATION] * len(beside))]),
        )

    def answer(self, row):
        decision = self._decisions.get(id(row))
        return decision.relation if decision else None

    def confidence(self, row):
        return float(calibrated(self._decisions[id(row)].probability, self.scale))

    def as_json(self):
        weights = {
            outcome: {name: round(float(w), 3) for name, w in zip((*FEATURES, "bias"), of, strict=True)}
            for outcome, of in zip(OUTCOMES, self.weights, strict=True)
        }
        return {"calibration": self.scale, "weights": weights}


def f1s(judged, answers):
    both = Counter(zip(judged, answers, strict=True))
    scores = {}
    for label in (*RelationKind, None):
        hit = both[label, label]
        total = sum(n for (j, g), n in both.items() if j == label) + sum(n for (j, g), n in both.items() if g == label)
        scores["none" if label is None else label.value] = round(2 * hit / max(total, 1), 3)
    return scores


def decisions(rows, weights):
    """The rows that are called related, each with its decision."""
    odds = predicted(weights, matrix(rows)) if rows else []
    found = [(r, decided(r.found, Odds(*o))) for r, o in zip(rows, odds, strict=True)]
    return [(r, d) for r, d in found if d is not None]


def calibration(probability, right, weights):
    """Slope and offset of the logistic function that turns the odds' probability into the share that is right."""
    x = np.log(probability / (1 - probability))[:, None]
    w = fit(x, right.astype(int), weights, outcomes=2)
    return [round(float(w[1, 0] - w[0, 0]), 3), round(float(w[1, 1] - w[0, 1]), 3)]


def calibrated(probability, scale):
    return 1 / (1 + np.exp(-(scale[0] * np.log(probability / (1 - probability)) + scale[1])))


def reliability(confidence, right, bins=4):
    order_ = np.argsort(confidence)
    return [
        [len(part), round(float(confidence[part].mean()), 2), round(float(right[part].mean()), 2)]
        for part in np.array_split(order_, bins)
    ]


def auc(score, positive):
    ranks = np.argsort(np.argsort(score, kind="stable"), kind="stable") + 1.0
    for value in np.unique(score):
        same = score == value
        ranks[same] = ranks[same].mean()
    n = positive.sum()
    return round(float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n))), 3)


def sentence_reading(text, date, pipeline):
    """A sentence as one claim: the attributes of the largest claim in it, the names, numbers and times of all."""
    published = datetime.fromisoformat(date).replace(tzinfo=UTC)
    (outcome,) = pipeline.extract([RawArticle(uri="public:", body=text, published_at=published)])
    claims = outcome.extraction.claims if isinstance(outcome, Extracted) else []
    blank = Claim(
        claim_id="",
        article=Article(uri="public:", version="1", text_sha256="", published_at=f"{date}T00:00:00Z"),
        voice=Voice.AUTHOR,
        content=Content(text=text, spans=[]),
        act=Act.ASSERT,
        provenance=Provenance(pipeline=pipeline.version),
        polarity=Polarity.POSITIVE,
        modality=Modality(),
    )
    largest = max(claims, key=size, default=blank)
    return reading_of(
        replace(
            largest,
            content=Content(text=text, spans=[Span(start=0, end=len(text) + 1, exact=text)]),
            quantities=list({q.span: q for c in claims for q in c.quantities}.values()),
            times=list({t.span: t for c in claims for t in c.times}.values()),
            entities=list({e.entity_id: e for c in claims for e in c.entities}.values()),
        )
    )


def on_public(path: Path, pipeline, own_weights):
    """AUC of "weakens" against the rest on ClaimDiff's train part, six folds of whole topics, beside two baselines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    known: dict[tuple[str, str], Reading] = {}
    for pair in pairs:
        for side in ("a", "b"):
            key = (pair[side], pair["date"])
            if key not in known:
                known[key] = sentence_reading(*key, pipeline)
    readings = [(known[p["a"], p["date"]], known[p["b"], p["date"]]) for p in pairs]
    weakens = np.array([p["relation"] == "weakens" for p in pairs])
    topics = sorted({p["topic"] for p in pairs})
    fold = np.array([topics.index(p["topic"]) % FOLDS for p in pairs])
    features = np.array([compare(a, b).features for a, b in readings])
    vectors = np.array([np.concatenate([a.mean * b.mean, np.abs(a.mean - b.mean)]) for a, b in readings])
    frequency = Counter(w for p in pairs for w in {*tokens_of(p["a"]), *tokens_of(p["b"])})
    vocabulary = {w: i for i, (w, n) in enumerate(sorted(frequency.items())) if n > 4}
    vocabulary = {w: i for i, w in enumerate(vocabulary)}
    bags = np.zeros((len(pairs), len(vocabulary)))
    for i, p in enumerate(pairs):
        for w in {*tokens_of(p["a"]), *tokens_of(p["b"])} & vocabulary.keys():
            bags[i, vocabulary[w]] = 1.0
    balance = np.where(weakens, (~weakens).sum() / weakens.sum(), 1.0)

    def of(x):
        score = np.zeros(len(x))
        for f in range(FOLDS):
            inside = fold == f
            w = fit(x[~inside], weakens[~inside].astype(int), balance[~inside], outcomes=2)
            score[inside] = predicted(w, x[inside])[:, 1]
        return auc(score, weakens)

    return {
        "pairs": len(pairs),
        "AUC of weakens, the comparer as it is": auc(predicted(own_weights, features)[:, 2], weakens),
        "AUC, its features fitted on the set": of(features),
        "AUC, bag of words": of(bags),
        "AUC, vectors alone": of(vectors),
    }


def on_stream(fitted, kept, fits):
    """What the card says of the stream: nothing where there was none."""
    if not kept:
        return {}
    apart = [r for r in kept if not is_of_one_story(r)]
    fit = fits[Setting.TWO_ARTICLES]
    sure = np.array([d.probability for _, d in decisions(apart, fit.weights)])
    return {
        "stream": f"{len(fitted)} pairs of claims of invented wire stories (NGEC project, no licence file, none of "
        f"its text is here) that are not ruled out: of two stories all none, together with a weight of "
        f"{STREAM_WEIGHT:.0f}; of one story no clash, with a weight of {STORY_WEIGHT:.0f}",
        "stream, pairs of two stories put aside, called related, with a confidence of at least a half": [
            len(apart),
            len(sure),
            int((calibrated(sure, fit.scale) >= LEAST_CONFIDENCE).sum()),
        ],
    }


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("gold", type=Path)
    ask.add_argument("weights", type=Path)
    ask.add_argument("--stream", type=Path)
    ask.add_argument("--public", type=Path)
    asked = ask.parse_args()
    pipeline = Pipeline.load(model=True)
    others: dict[int, list[tuple[str, str, str]]] = {}
    for event, relation, one, other in table("other_pairs.tsv"):
        others.setdefault(int(event), []).append((relation, one, other))
    rows = [r for e in load_events(asked.gold) if not e.put_aside for r in rows_of(e, pipeline, others)]
    rows += written_rows(pipeline)
    stream = unrelated_rows(asked.stream, pipeline) if asked.stream else []
    fitted, kept = stream[: len(stream) * 2 // 3], stream[len(stream) * 2 // 3 :]
    fits = {
        Setting.TWO_ARTICLES: Fit(rows, [r for r in fitted if not is_of_one_story(r)]),
        Setting.ONE_ARTICLE: Fit(rows, [r for r in fitted if is_of_one_story(r)]),
        Setting.ONE_MATTER: Fit(rows, []),
    }
    answers = [fits[kind_of(r)].answer(r) for r in rows]
    whole = [(r, a) for r, a in zip(rows, answers, strict=True) if not r.event.startswith("written")]
    judged = [(r, a) for r, a in whole if r.judged]
    written = [(r, a) for r, a in zip(rows, answers, strict=True) if r.event.startswith("written")]
    by_hand = f1s([r.relation for r, _ in written], [a for _, a in written])
    scores = f1s([r.relation for r, _ in judged], [a for _, a in judged])
    related = [(r, a) for r, a in whole if a is not None]
    right = np.array([r.relation == a for r, a in related])
    confidence = np.array([fits[kind_of(r)].confidence(r) for r, _ in related])
    two = fits[Setting.TWO_ARTICLES]
    card = {
        "what": "odds that two claims agree, clash or neither; multinomial logistic regression, linear in the features",
        "data": f"{len(judged)} hand-judged pairs of claims and {len(whole) - len(judged)} other candidate pairs "
        f"(weight {OTHER_WEIGHT}) of {len({r.event for r, _ in whole})} events of tests/golden/pairs, and "
        f"{len(written)} "
        "pairs of sentences, all written for this project",
        "licence": "the project's own",
        "fitted by": f"training/relations.py, claims by the pipeline {pipeline.version}",
        "penalty": PENALTY,
        "macro-F1 of judged pairs, cross-validated by event": round(sum(scores.values()) / len(scores), 3),
        "F1, cross-validated": scores,
        "macro-F1 of the pairs of sentences, cross-validated": round(sum(by_hand.values()) / len(by_hand), 3),
        "traps called a contradiction, cross-validated": sum(
            r.trap is not None and a is RelationKind.CONTRADICTS for r, a in judged
        ),
        "all candidate pairs: relations given, share of them right, share of relations found": [
            len(related),
            round(float(right.mean()), 3),
            round(float(right.sum()) / sum(r.relation is not None for r, _ in whole), 3),
        ],
        "reliability (relations, mean confidence, share right)": reliability(confidence, right),
        **on_stream(fitted, kept, fits),
        "limits": "short, plain articles by the hand that wrote the rules and lists; English; sentences of news are "
        "longer and more often about different sides of a matter",
    }
    if asked.public:
        card["ClaimDiff (Ko et al. 2023), train part, six folds of whole topics; no weight is from it"] = on_public(
            asked.public, pipeline, two.weights
        )
    content = {"card": card} | {name: of.as_json() for name, of in fits.items()}
    asked.weights.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content["card"], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
