"""What an article claims now, and what a new version, a cancellation or a deletion of it changes. Pure.

Nothing here knows when anything happened: the same extraction on the same state gives the same events, so a repeat
overwrites itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cramjam
import msgspec

from worker.contract.claim import Claim, ClaimStatus, Provenance
from worker.contract.extraction import Extraction
from worker.contract.ids import normalise

__all__ = ["Deletion", "LiveArticle", "Place", "applied", "deleted", "is_older", "pack", "unpack"]

_SAME_POINT = 0.5
"""Share of common words from which a new claim of the same source replaces one that is no longer made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the raw article stood: within a partition, later ones are newer."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveArticle:
    """The value of the table. `claims` are as they were published last; `ended` has the last revision of each claim
    that the article made once and makes no more. `deleted_at` is where its last deletion stood: what stood before it
    stays deleted, though it comes late. A deleted article keeps nothing else.
    """

    extraction_id: str
    version: str
    place: Place | None
    claims: list[Claim] = field(default_factory=list)
    ended: dict[str, int] = field(default_factory=dict)
    deleted_at: Place | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """`retracted` are events for the claims that were live, `forgotten` the ids whose records shall go altogether."""

    retracted: list[Claim]
    forgotten: list[str]
    after: LiveArticle


_PACKER = msgspec.msgpack.Encoder()
_UNPACKER = msgspec.msgpack.Decoder(LiveArticle)


def pack(article: LiveArticle) -> bytes:
    return bytes(cramjam.zstd.compress(_PACKER.encode(article)))


def unpack(value: bytes) -> LiveArticle:
    return _UNPACKER.decode(bytes(cramjam.zstd.decompress(value)))


def place_of(provenance: Provenance) -> Place | None:
    if provenance.topic is None or provenance.partition is None or provenance.offset is None:
        return None
    return Place(topic=provenance.topic, partition=provenance.partition, offset=provenance.offset)


def _numbers(version: str) -> tuple[int, ...] | None:
    """`12` or `3.1` as numbers; None for versions of another kind, whose order only their publisher knows."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isascii() and part.isdigit() for part in parts) else None


def is_older(before: LiveArticle, version: str | None, place: Place | None) -> bool:
    """Whether this comes late: what the table has is of a newer version, or of a later record of the same version.

    Where neither can be compared, what comes later counts as newer. A deletion has no version, its place decides.
    """
    if _stood_before(place, before.deleted_at):
        return True
    if version is not None and not before.deleted and version != before.version:
        ours, theirs = _numbers(before.version), _numbers(version)
        if ours is not None and theirs is not None and ours != theirs:
            return theirs < ours
    return _stood_before(place, before.place)


def _stood_before(one: Place | None, other: Place | None) -> bool:
    """False also where the two stood in different partitions, or it is not known where."""
    if one is None or other is None or (one.topic, one.partition) != (other.topic, other.partition):
        return False
    return one.offset < other.offset


def applied(before: LiveArticle | None, extraction: Extraction) -> tuple[list[Claim], LiveArticle]:
    """The events that make the extraction true, and the state after them. The caller has asked `is_older` before.

    A claim that stays keeps its id; its revision grows when anything but its provenance has changed. One that is gone
    is superseded where a new claim of the same source says much the same, and retracted otherwise.
    """
    old = {claim.claim_id: claim for claim in before.claims} if before else {}
    ended = dict(before.ended) if before else {}
    new = {claim.claim_id: claim for claim in extraction.claims}
    gone = [claim for claim_id, claim in old.items() if claim_id not in new]
    fresh = [claim for claim_id, claim in new.items() if claim_id not in old]
    replaced_by = _pairs(gone, fresh)
    replaces = {new_id: old_id for old_id, new_id in replaced_by.items()}
    live = []
    for claim_id, claim in new.items():
        last = old.get(claim_id)
        if last is not None:
            same = _body(last) == _body(claim)
            live.append(replace(claim, revision=last.revision + (0 if same else 1), supersedes=last.supersedes))
        else:
            live.append(replace(claim, revision=ended.pop(claim_id, 0) + 1, supersedes=replaces.get(claim_id)))
    events = list(live)
    for claim in gone:
        status = ClaimStatus.SUPERSEDED if claim.claim_id in replaced_by else ClaimStatus.RETRACTED
        events.append(replace(claim, status=status, revision=claim.revision + 1))
        ended[claim.claim_id] = claim.revision + 1
    return events, LiveArticle(
        extraction_id=extraction.extraction_id,
        version=extraction.article.version,
        place=place_of(extraction.provenance),
        claims=live,
        ended=ended,
        deleted_at=before.deleted_at if before else None,
    )


def deleted(before: LiveArticle | None, place: Place | None) -> Deletion:
    """What a tombstone does: live claims are retracted, and every record the article ever gave is to go."""
    claims, ended = (before.claims, before.ended) if before else ([], {})
    at = place or (before.place if before else None)
    return Deletion(
        retracted=[replace(claim, status=ClaimStatus.RETRACTED, revision=claim.revision + 1) for claim in claims],
        forgotten=[claim.claim_id for claim in claims] + list(ended),
        after=LiveArticle(extraction_id="", version="", place=at, deleted_at=at, deleted=True),
    )


def _body(claim: Claim) -> Claim:
    return replace(claim, status=ClaimStatus.ASSERTED, revision=1, supersedes=None, provenance=Provenance(pipeline=""))


def _pairs(gone: list[Claim], fresh: list[Claim]) -> dict[str, str]:
    """Old id to new id, the most similar first; each claim is used once."""
    words = {claim.claim_id: _words(claim) for claim in (*gone, *fresh)}
    likeness = []
    for i, old in enumerate(gone):
        for j, new in enumerate(fresh):
            if old.voice is not new.voice or _source(old) != _source(new):
                continue
            ours, theirs = words[old.claim_id], words[new.claim_id]
            share = len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0
            if share >= _SAME_POINT:
                likeness.append((-share, i, j))
    pairs: dict[str, str] = {}
    used: set[str] = set()
    for _, i, j in sorted(likeness):
        if gone[i].claim_id not in pairs and fresh[j].claim_id not in used:
            pairs[gone[i].claim_id] = fresh[j].claim_id
            used.add(fresh[j].claim_id)
    return pairs


def _words(claim: Claim) -> frozenset[str]:
    return frozenset(normalise(claim.content.text).split())


def _source(claim: Claim) -> str:
    name = claim.attribution[-1].source.name if claim.attribution else None
    return normalise(name or "")
