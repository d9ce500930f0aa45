"""The ledger of a fault: each record of the raw topic, its outcomes and their times, the claims that are asserted in
the end and those that should be, and the verdict.

It reads everything from the topics and shares neither counts nor code with the worker. Times are seconds since 1970.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

import orjson

from worker.contract.coordinates import Coordinates

Place = tuple[int, int]


@dataclass
class Row:
    """One line of docs/reliability.md. `duplicates` before compaction; `gap_s` while records were waiting.

    `wrong_claims`: ghosts, missing claims, and revisions that went back. `red`: answers of /health/live that were not
    200.
    """

    fault: str
    workers: int = 1
    records: int = 0
    lost: int = 0
    claims_lost: int = 0
    dead: int = 0
    dropped: int = 0
    duplicates: int = 0
    order: int = 0
    wrong_claims: int = 0
    red: int = 0
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
        self._claims_seen: set[str] = set()
        self._asserted: set[str] = set()
        self._revisions: dict[str, int] = {}
        self._youngest: dict[bytes, tuple[int, frozenset[str]]] = {}
        self.revisions_back = 0

    def note(self, record, now):
        """A record of any of the topics, in the order of its partition."""
        topics = self.topics
        if record.topic == topics.raw:
            self.sent[record.partition, record.offset] = (record.timestamp / 1000, record.key)
        elif record.topic == topics.claims:
            self._note_claim(record)
        elif record.topic == topics.extracted:
            source = Coordinates.in_event(record.headers)
            assert source is not None, f"an extraction without its source: {record}"
            assert source.topic == topics.raw, source
            place = (source.partition, source.offset)
            self._settled(place, "ok", now)
            self._by_key[record.key].append(place)
            self._note_extraction(record, place)
        else:
            headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
            if headers["claimwire_topic"] == topics.raw:
                place = (int(headers["claimwire_partition"]), int(headers["claimwire_offset"]))
                self._settled(place, "dead" if record.topic == topics.dead else "dropped", now)
            else:
                self.kinds["dead_later"] += 1

    def _note_extraction(self, record, place):
        """The stream writes the versions of an article in their order, and those of one key to one partition: so the
        youngest extraction is that of the raw record with the highest offset. A deletion makes no claim.
        """
        claims = [] if record.value is None else [claim["claim_id"] for claim in orjson.loads(record.value)["claims"]]
        for claim_id in claims:
            self._claims_owed.setdefault(claim_id, record.key)
        if place[1] >= self._youngest.get(record.key, (-1, frozenset()))[0]:
            self._youngest[record.key] = place[1], frozenset(claims)

    def _note_claim(self, record):
        claim_id = record.key.decode()
        if record.value is None:  # its article was deleted: published again, it begins with revision 1
            self._revisions.pop(claim_id, None)
            self._asserted.discard(claim_id)
            return
        claim = orjson.loads(record.value)
        self._claims_seen.add(claim_id)
        self.revisions_back += claim["revision"] < self._revisions.get(claim_id, 0)
        self._revisions[claim_id] = claim["revision"]
        if claim["status"] == "asserted":
            self._asserted.add(claim_id)
        else:
            self._asserted.discard(claim_id)

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
        return self._claims_owed.keys() - self._claims_seen

    @property
    def _truth(self):
        return {claim_id for _, claims in self._youngest.values() for claim_id in claims}

    @property
    def ghosts(self):
        """Claims that are asserted in `claims` although the youngest version of their article does not make them."""
        return self._asserted - self._truth

    @property
    def missing(self):
        """Claims that the youngest version of an article makes and that are not asserted in `claims`."""
        return self._truth - self._asserted

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
        """Rising times of first outcomes; for each, when the oldest record that was then still waiting was sent."""
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
