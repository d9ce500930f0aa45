"""Counts, and the note that carries them beside a committed offset."""

from __future__ import annotations

from worker.contract.reasons import DeadReason, DropReason
from worker.replay.plan.counts import ReplayCounts


def test_counts_travel_with_their_place_and_only_for_their_replay():
    counts = ReplayCounts(read=3, bytes=10, ok=1, dropped=1, dead=1, claims=7, lost=2)
    counts.reasons.update({"dropped.language": 1, "dead.not_json": 1})
    assert ReplayCounts.from_note(counts.note("abc"), "abc") == counts
    assert ReplayCounts.from_note(counts.note("abc"), "other") is None
    assert ReplayCounts.from_note("", "abc") is None
    assert ReplayCounts.from_note("[]", "abc") is None


def test_the_note_fits_beside_an_offset_with_every_reason_there_is():
    counts = ReplayCounts(*[2**53] * 7)
    counts.reasons.update({f"dead.{r}": 2**53 for r in DeadReason} | {f"dropped.{r}": 2**53 for r in DropReason})
    assert len(counts.note("x" * 12).encode()) < 4000  # Kafka's offset.metadata.max.bytes is 4096


def test_the_difference_to_earlier_counts_is_what_was_counted_since():
    earlier = ReplayCounts(read=2, ok=1, dropped=1)
    earlier.reasons["dropped.language"] = 1
    later = earlier.copy()
    later.add(ReplayCounts(read=3, ok=1, dropped=2, claims=4))
    later.reasons["dropped.language"] += 2
    since = later.since(earlier)
    assert (since.read, since.ok, since.dropped, since.claims) == (3, 1, 2, 4)
    assert since.reasons == {"dropped.language": 2}
    assert earlier.read == 2
