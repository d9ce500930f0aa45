"""The latest claims with their articles, and the latest dead letters, in bounded memory. Decoded only on request."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import orjson

from worker.contract.claim import Claim
from worker.contract.codec import UNREADABLE
from worker.observe.recorder import publisher_of
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Ok, Outcome
from worker.streaming.record import Record

__all__ = ["DeadRecord", "RecentClaims"]

_CLAIMS = 500
_ARTICLE_BYTES = 16 * 1024 * 1024
_DEAD = 200
_SHOWN_OF_VALUE = 400


@dataclass(slots=True)
class _Recent:
    number: int
    at: float
    value: bytes
    article: str
    claim: Claim | None = None
    """Decoded for the first who searches."""


@dataclass(frozen=True, slots=True)
class DeadRecord:
    """`beginning` is the start of the record's value, for a person to recognise it. It is shown, never logged."""

    number: int
    at: float
    agent: str
    topic: str
    partition: int
    offset: int
    key: str
    publisher: str
    reason: str
    error: str
    size: int
    beginning: str


class _Text(msgspec.Struct):
    """The part of an extraction that is shown beside its claims."""

    text: str


_text_of = msgspec.json.Decoder(_Text)
_claim_of = msgspec.json.Decoder(Claim)


class RecentClaims(Observer):
    """Keeps the last 500 claims, the articles that they came from up to 16 MiB, and the last 200 dead letters.

    Claims and dead letters are numbered from the start on, so that a page can ask for those newer than the ones it has.
    """

    def __init__(self, claims_topic: str, now: Callable[[], float] = time.time) -> None:
        self._claims_topic, self._now = claims_topic, now
        self._claims: deque[_Recent] = deque(maxlen=_CLAIMS)
        self._articles: OrderedDict[str, bytes] = OrderedDict()
        self._article_bytes = 0
        self._dead: deque[DeadRecord] = deque(maxlen=_DEAD)
        self.claims_seen = 0
        self.dead_seen = 0

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        match outcome:
            case Ok(outputs):
                values = [o.value for o in outputs if o.topic == self._claims_topic and o.value is not None]
                if values and record.value is not None:
                    article = f"{record.topic}/{record.partition}/{record.offset}"
                    self._keep_article(article, record.value)
                    for value in values:
                        self.claims_seen += 1
                        self._claims.append(_Recent(self.claims_seen, self._now(), value, article))
            case Dead(reason, error):
                self.dead_seen += 1
                self._dead.append(
                    DeadRecord(
                        number=self.dead_seen,
                        at=self._now(),
                        agent=stage,
                        topic=record.topic,
                        partition=record.partition,
                        offset=record.offset,
                        key=(record.key or b"").decode("utf-8", "replace")[:200],
                        publisher=publisher_of(record, outcome.about),
                        reason=reason,
                        error=error[:1000],
                        size=len(record.value or b""),
                        beginning=(record.value or b"")[:_SHOWN_OF_VALUE].decode("utf-8", "replace"),
                    )
                )
            case _:
                return

    def _keep_article(self, coordinates: str, value: bytes) -> None:
        self._articles[coordinates] = value
        self._article_bytes += len(value)
        while self._article_bytes > _ARTICLE_BYTES and len(self._articles) > 1:
            _, gone = self._articles.popitem(last=False)
            self._article_bytes -= len(gone)

    def claims_after(
        self, number: int, max_claims: int, wants: Callable[[Claim], bool] | None = None
    ) -> list[dict[str, object]]:
        """The newest `max_claims` claims above `number` that are wanted, oldest first: {number, at, article, claim}."""
        newest: list[_Recent] = []
        for recent in reversed(self._claims):
            if recent.number <= number or len(newest) >= max_claims:
                break
            if wants is None or _is_wanted(recent, wants):
                newest.append(recent)
        return [
            {"number": r.number, "at": r.at, "article": r.article, "claim": orjson.Fragment(r.value)}
            for r in reversed(newest)
        ]

    @property
    def claims_kept(self) -> int:
        """How many claims a search looks at."""
        return len(self._claims)

    def article_text(self, coordinates: str) -> str | None:
        """The cleaned text that the spans' offsets count in; None when it is no longer kept."""
        value = self._articles.get(coordinates)
        return None if value is None else _text_of.decode(value).text

    def dead_after(self, number: int) -> list[DeadRecord]:
        return [dead for dead in self._dead if dead.number > number]


def _is_wanted(recent: _Recent, wants: Callable[[Claim], bool]) -> bool:
    if recent.claim is None:
        try:
            recent.claim = _claim_of.decode(recent.value)
        except UNREADABLE:
            return False
    return wants(recent.claim)
