"""The ledger of a fault: what stands in the raw topic, what came of each record and when, and the verdict.

It knows nothing of the worker's own counts: everything is read from the topics. Times are seconds since 1970.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

import orjson

from worker.streaming.audit import source_of

Place = tuple[int, int]


@dataclass
class Row:
    """One line of docs/reliability.md. `duplicates` before compaction; `gap_s` while records were waiting."""

    fault: str
    records: int = 0
    lost: int = 0
    claims_lost: int = 0
    dead: int = 0
    dropped: int = 0
    duplicates: int = 0
    order: int = 0
    gap_s: float = 0.0
    recovery_s: float = 0.0
    peak_mb: int = 0
    bound_mb: int = 0
    restarts: int = 0
    audit: str = ""
    seconds: int = 0
    note: str = ""
    fell_short: list[str] = field(default_factory=list)

    def as_json(self):
        return asdict(self)


class Ledger:
    def __init__(self, topics):
        self.topics = topics
        self.sent: dict[Place, tuple[float, bytes | None]] = {}
        self.first: dict[Place, float] = {}
        self.kinds: Counter[str] = Counter()
        self.removed: set[Place] = set()
        self._outcomes: Counter[Place] = Counter()
        self._by_key: dict[bytes, list[Place]] = defaultdict(list)
        self._claims_owed: dict[str, bytes] = {}
        self._claims_seen: dict[str, str] = {}

    def note(self, record, now):
        """A record of any of the topics, in the order of its partition."""
        topics = self.topics
        if record.topic == topics.raw:
            self.sent[record.partition, record.offset] = (record.timestamp / 1000, record.key)
        elif record.topic == topics.claims:
            if record.value is not None:
                self._claims_seen[record.key.decode()] = orjson.loads(record.value)["status"]
        elif record.topic == topics.extracted:
            source = source_of(record.headers)
            assert source is not None, f"an extraction without its source: {record}"
            assert source[0] == topics.raw, source
            place = source[1:]
            self._settled(place, "ok", now)
            self._by_key[record.key].append(place)
            if record.value is not None:
                for claim in orjson.loads(record.value)["claims"]:
                    self._claims_owed.setdefault(claim["claim_id"], record.key)
        else:
            headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
            if headers["claimwire_topic"] == topics.raw:
                place = (int(headers["claimwire_partition"]), int(headers["claimwire_offset"]))
                self._settled(place, "dead" if record.topic == topics.dead else "dropped", now)
            else:
                self.kinds["dead_later"] += 1

    def _settled(self, place, kind, now):
        self._outcomes[place] += 1
        if place not in self.first:
            self.first[place] = now
            self.kinds[kind] += 1

    @property
    def lost(self):
        return [place for place in self.sent if place not in self.first and place not in self.removed]

    @property
    def claims_lost(self):
        return self._claims_owed.keys() - self._claims_seen.keys()

    @property
    def duplicates(self):
        return sum(count - 1 for count in self._outcomes.values())

    @property
    def order_violations(self):
        """Keys' records that first came out before an older one, and keys that did not end with their newest one."""
        wrong = 0
        for places in self._by_key.values():
            seen: set[Place] = set()
            highest = -1
            for partition, offset in places:
                if (partition, offset) in seen:
                    continue
                seen.add((partition, offset))
                wrong += offset < highest
                highest = max(highest, offset)
            wrong += places[-1][1] != highest
        return wrong

    def _waits(self):
        """Rising times of first outcomes; for each, when the oldest record that then was still waiting had been sent."""
        settled = sorted((at, self.sent[place][0]) for place, at in self.first.items() if place in self.sent)
        times = [at for at, _ in settled]
        oldest, waiting = float("inf"), [0.0] * len(settled)
        for index in range(len(settled) - 1, -1, -1):
            oldest = min(oldest, settled[index][1])
            waiting[index] = oldest
        return times, waiting

    def longest_gap(self):
        """Seconds without a new outcome while a record was waiting for one."""
        times, waiting = self._waits()
        return max((times[i + 1] - max(times[i], waiting[i + 1]) for i in range(len(times) - 1)), default=0.0)

    def recovery(self, marks):
        """The longest time from a mark to the next new outcome, while records were waiting."""
        times, waiting = self._waits()
        longest = 0.0
        for mark in marks:
            index = bisect.bisect_right(times, mark)
            if index < len(times):
                longest = max(longest, times[index] - max(mark, waiting[index]))
        return longest
