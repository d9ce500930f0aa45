"""Extractions made by hand, and the lifecycle over a few topics in memory, for tests of the audit."""

from __future__ import annotations

from dataclasses import replace

from worker.contract.article import ArticleStatus
from worker.contract.claim import Provenance
from worker.contract.codec import encode
from worker.contract.coordinates import RAW_TIMESTAMP
from worker.contract.ids import claim_id, extraction_id
from worker.contract.published.examples import example_extraction
from worker.contract.topics import Topics
from worker.operate.audit_rows import DeadRow, claim_row, extraction_row, state_row
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Dead, Ok
from worker.streaming.record import Record

URI = "urn:a:1"


def extraction(texts, *, uri=URI, version="1", raw=0, cancelled=False, pipeline="1"):
    """An article whose raw record is at offset `raw` of partition 0, and that makes one claim of each text."""
    base = example_extraction()
    (pattern,) = base.claims
    texts = [] if cancelled else texts
    article = replace(base.article, uri=uri, version=version, text_sha256=f"{version}{texts}")
    provenance = Provenance(pipeline=pipeline, topic="articles.raw", partition=0, offset=raw)
    claims = [
        replace(
            pattern,
            claim_id=id_of(text, uri),
            article=article,
            content=replace(pattern.content, text=text),
            provenance=provenance,
        )
        for text in texts
    ]
    return replace(
        base,
        extraction_id=extraction_id(uri, version, article.text_sha256, pipeline),
        article=article,
        status=ArticleStatus.CANCELED if cancelled else ArticleStatus.USABLE,
        claims=claims,
        claims_count=len(claims),
        provenance=provenance,
    )


def id_of(text, uri=URI):
    return claim_id(uri, "x", text)


def record_of(made, topic, offset, *, timestamp=None):
    """The record in articles.extracted of an extraction."""
    at = made.provenance.offset * 1000 + 1000 if timestamp is None else timestamp
    headers = ((RAW_TIMESTAMP, str(at).encode()),)
    return Record(topic, 0, offset, offset, made.article.uri.encode(), encode(made), headers)


def tombstone_of(uri, topic, offset, *, raw):
    headers = (("ce_source", f"/articles.raw/0/{raw}".encode()), (RAW_TIMESTAMP, str(raw * 1000 + 1000).encode()))
    return Record(topic, 0, offset, offset, uri.encode(), None, headers)


class MemoryTopics:
    """articles.extracted, articles.live and claims of one article as lists of records, written by the lifecycle's
    rules.
    """

    def __init__(self):
        self.topics = Topics()
        self.extracted, self.live, self.claims, self.dead = [], [], [], []
        self._state = None

    def extract(self, made):
        self.process(record_of(made, self.topics.extracted, _next(self.extracted)))

    def delete(self, raw, uri=URI):
        self.process(tombstone_of(uri, self.topics.extracted, _next(self.extracted), raw=raw))

    def process(self, record):
        self.extracted.append(record)
        outcome, state = decide(record, self._state, self.topics)
        if isinstance(outcome, Dead):
            self.dead.append(record)
        for output in outcome.outputs if isinstance(outcome, Ok) else ():
            self.claim(output)
        if state != self._state:
            self._state = state
            self.live.append(Record(self.topics.live, 0, _next(self.live), record.offset, record.key, state, ()))

    def claim(self, output):
        at = _next(self.claims)
        self.claims.append(Record(self.topics.claims, 0, at, at, output.key, output.value, tuple(output.headers)))

    def rows(self):
        dead = [DeadRow(uri=r.key.decode(), partition=0, offset=r.offset, timestamp=0) for r in self.dead]
        written = [extraction_row(r) for r in self.extracted if r not in self.dead]
        return [*written, *map(state_row, self.live), *map(claim_row, self.claims), *dead]


def _next(records):
    return records[-1].offset + 1 if records else 0


def compacted(records):
    """What compaction leaves: of each key the last record; a tombstone for a while, and then nothing."""
    return sorted({record.key: record for record in records}.values(), key=lambda record: record.offset)
