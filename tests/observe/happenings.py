"""Records and outcomes as the streaming side tells them, for tests of who listens."""

from __future__ import annotations

from worker.contract.codec import encode
from worker.contract.published.examples import example_claim, example_extraction
from worker.contract.reasons import DeadReason
from worker.contract.topics import Topics
from worker.streaming.outcome import About, Dead, Ok, Output
from worker.streaming.record import Record

TOPICS = Topics()


def raw(offset, *, partition=0, value=b"{}", key=b"https://news.example/1", timestamp=1_000_000):
    return Record(TOPICS.raw, partition, offset, timestamp, key, value, ())


def extracted(offset, *, partition=0):
    return Record(
        TOPICS.extracted, partition, offset, 1_000_000, b"https://news.example/1", encode(example_extraction()), ()
    )


def claims(count=1):
    """The outcome of the lifecycle agent for an extraction of `count` claims."""
    value = encode(example_claim())
    return Ok(tuple(Output(TOPICS.claims, f"c{number}".encode(), value, []) for number in range(count)))


def done(**about):
    return Ok((Output(TOPICS.extracted, b"k", b"{}", []),), About(**about))


def dead(reason=DeadReason.NOT_JSON, error="not JSON: unexpected end of data (character 3)"):
    return Dead(reason, error)


class Clock:
    def __init__(self, at=1000.0):
        self.at = at

    def __call__(self):
        return self.at

    def pass_(self, seconds):
        self.at += seconds
