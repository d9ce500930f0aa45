"""Groups, relations and standing of all claims at once, by brute force: what is kept up to date must equal it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import orjson

from worker.contract.relation import RelationKind
from worker.link.copies.index import ArticleText, CopyIndex, host_of
from worker.link.live.neighbours import keys_of, sharing
from worker.link.live.reviews import keys_of_review, may_match
from worker.link.live.stage import Kind
from worker.link.relations.clusters import cluster_id, clustered
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import LEAST_CONFIDENCE, relation_between
from worker.link.standing.stage import standing_of
from worker.link.verdicts.stage import confidence_of_match, reading_of_review, verdicts_of
from worker.link.watches.stage import alert_of_claim, alert_of_relation


def whole(claims, texts, bounds, watches=None, seen=None, reviews=()):
    """By kind and key the JSON of all that holds: `claims` by id, all asserted, `texts` by uri as hash and text.

    `watches`: by name since when, and the watch; `seen`: when each claim came last; `reviews`: of fact-checkers.
    """
    groups = _groups(claims, texts)
    group_of = {member.uri: group.group for group in groups for member in group.members}
    parents = {
        group.group: next(m.publisher or host_of(m.uri) for m in group.members if m.kind == "parent")
        for group in groups
    }
    readings = {
        claim_id: reading_of(replace(claim, article=replace(claim.article, group=group_of.get(claim.article.uri))))
        for claim_id, claim in claims.items()
    }
    relations = []
    for low, high in sorted(set(_pairs(readings, bounds))):
        relation = relation_between(readings[low], readings[high])
        if relation is not None and relation.confidence >= LEAST_CONFIDENCE:
            relations.append(relation)
    found = {(Kind.GROUP, group.group): orjson.dumps(group) for group in groups}
    found |= {(Kind.RELATION, relation.relation_id): orjson.dumps(relation) for relation in relations}
    of_claim = defaultdict(list)
    for relation in relations:
        of_claim[relation.a.claim_id].append(relation)
        of_claim[relation.b.claim_id].append(relation)
    for members in _clusters(readings, relations):
        theirs = {relation.relation_id: relation for member in members for relation in of_claim[member]}
        related = list(_related(members, theirs.values(), readings))
        verdicts = _verdicts(members, readings, reviews, bounds)
        if len(members) > 1 or related or verdicts:
            standing = standing_of([readings[member] for member in members], related, parents, verdicts)
            assert standing.cluster_id == cluster_id(members[0])
            found[Kind.STANDING, standing.cluster_id] = orjson.dumps(standing)
    alerts = _alerts(readings, relations, watches or {}, seen or {})
    return found | {(Kind.ALERT, alert.alert_id): orjson.dumps(alert) for alert in alerts if alert is not None}


def _verdicts(members, readings, reviews, bounds):
    matched = []
    for review in reviews:
        reviewed = reading_of_review(review)
        for member in members:
            if may_match(keys_of_review(reviewed), keys_of(readings[member]), bounds):
                confidence = confidence_of_match(reviewed, readings[member])
                matched += [] if confidence is None else [(member, review.review_id, confidence)]
    return verdicts_of(matched, {review.review_id: review for review in reviews})


def _alerts(readings, relations, watches, seen):
    for name, (since, watch) in watches.items():
        for claim_id, reading in readings.items():
            if seen[claim_id] >= since:
                yield alert_of_claim(name, watch, reading)
        for relation in relations:
            a, b = relation.a.claim_id, relation.b.claim_id
            if max(seen[a], seen[b]) >= since:
                yield alert_of_relation(name, watch, relation, readings[a], readings[b])


def _groups(claims, texts):
    articles = {}
    for claim_id in sorted(claims, reverse=True):
        article = claims[claim_id].article
        articles[article.uri] = article
    with tempfile.TemporaryDirectory() as folder:
        index = CopyIndex(Path(folder) / "copies.sqlite")
        for uri, article in articles.items():
            sha, text = texts.get(uri, (None, ""))
            if sha == article.text_sha256:
                index.add(ArticleText(uri, text, article.headline, article.publisher, article.published_at))
        groups = list(index.groups())
        index.close()
    return groups


def _pairs(readings, bounds):
    keys = {claim_id: keys_of(reading) for claim_id, reading in readings.items()}
    holders = defaultdict(list)
    for each in keys.values():
        for key in each.telling(bounds.keys):
            holders[key].append((each.published, each.claim))
    for found in holders.values():
        found.sort()
        for i, (_, a) in enumerate(found):
            for _, b in found[i + 1 : i + 1 + bounds.near]:
                if sharing(keys[a], [keys[b]], bounds):
                    yield tuple(sorted((a, b)))


def _clusters(readings, relations):
    def order(claim_id):
        return readings[claim_id].claim.article.published_at or "", claim_id

    ordered = sorted(readings, key=order)
    kinds = (RelationKind.REVISES, RelationKind.CONTRADICTS, RelationKind.TENSION)
    restated = {
        tuple(sorted((r.a.claim_id, r.b.claim_id))): r.confidence
        for r in relations
        if r.relation is RelationKind.RESTATES
    }
    apart = [(r.a.claim_id, r.b.claim_id) for r in relations if r.relation in kinds]
    clusters = clustered(ordered, restated, apart)
    together = {member for cluster in clusters for member in cluster}
    return clusters + [[claim_id] for claim_id in ordered if claim_id not in together]


def _related(members, relations, readings):
    for r in relations:
        a, b = r.a.claim_id, r.b.claim_id
        if a in members and b not in members and r.relation is not RelationKind.REVISES:
            yield r.relation, readings[b]
        if b in members and a not in members:
            yield r.relation, readings[a]
