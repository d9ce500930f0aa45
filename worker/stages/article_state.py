"""What is kept of an article between two versions of it, and its bytes.

Of a claim only what the next version needs: its id and revision, a hash of what readers see, and the words by which a
retraction names it. The text, spans of entities, quantities and times are in `articles.extracted`.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cramjam
import msgspec
import orjson

from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    ClaimStatus,
    Content,
    Polarity,
    Provenance,
    QuoteType,
    Source,
    Span,
    Voice,
)
from worker.contract.packed import unpacked
from worker.stages.versions import Place

__all__ = ["ArticleState", "BrokenStateError", "KeptClaim", "KeptLink", "kept", "pack", "retold", "unpack", "wins"]

_FORMAT = b"\x02"
_ZSTD_LEVEL = 9
"""Kafka cannot make packed bytes smaller. Level 19 takes a hundredth off and a millisecond a state."""
_MAX_SEEN = 16
_MAX_ENDED = 10_000


class BrokenStateError(Exception):
    """The bytes are no state of this or an earlier release."""


class KeptLink(msgspec.Struct, array_like=True, frozen=True):
    name: str | None
    kind: str | None
    act: str
    quote_type: str
    confidence: float
    negated: bool = False


class KeptClaim(msgspec.Struct, array_like=True, frozen=True):
    """`body` is a hash of all that readers see of the claim but its provenance and revision."""

    claim_id: str
    revision: int
    body: bytes
    voice: str
    text: str
    spans: list[tuple[int, int, str]]
    act: str
    polarity: str
    attribution: list[KeptLink]
    supersedes: str | None = None
    confidence: float = 0.5


class ArticleState(msgspec.Struct, array_like=True, frozen=True):
    """`claims` as they were published last; `ended`: the last revision of each claim that was made once and is no more.

    `seen` are the last extractions, so that one that comes twice is known. A deleted article keeps only where its
    deletion stood: what was published before stays deleted, though it comes late. `floor`: revisions of claims that are
    no longer in `ended` do not lie above it. `offset`: where the extraction or deletion that the state is of stands
    in its partition of `articles.extracted`; None in the states of earlier releases.
    """

    article: Article
    extraction_id: str
    place: Place | None
    updated_at: str | None = None
    claims: list[KeptClaim] = []
    ended: dict[str, int] = {}
    seen: list[str] = []
    deleted_at: Place | None = None
    deleted: bool = False
    floor: int = 0
    pipeline: str = ""
    offset: int | None = None

    def with_seen(self, extraction_id: str) -> list[str]:
        return [*(e for e in self.seen if e != extraction_id), extraction_id][-_MAX_SEEN:]


_PACKER = msgspec.msgpack.Encoder()
_UNPACKER = msgspec.msgpack.Decoder(ArticleState)


def pack(state: ArticleState) -> bytes:
    """Equal states give equal bytes."""
    ended, floor = state.ended, state.floor
    if len(ended) > _MAX_ENDED:
        gone = list(ended)[: len(ended) - _MAX_ENDED]
        floor = max(floor, *(ended[claim_id] for claim_id in gone))
        ended = {claim_id: revision for claim_id, revision in ended.items() if claim_id not in set(gone)}
        state = msgspec.structs.replace(state, ended=ended, floor=floor)
    return _FORMAT + bytes(cramjam.zstd.compress(_PACKER.encode(state), level=_ZSTD_LEVEL))


def unpack(value: bytes) -> ArticleState:
    """Raises BrokenStateError."""
    try:
        if value.startswith(_FORMAT):
            return _UNPACKER.decode(unpacked(value[1:]))
        return _from_first_format(value)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError) as broken:
        raise BrokenStateError(f"{type(broken).__name__}: {broken}") from broken


def wins(new: bytes | None, known: bytes | None) -> bool:
    """Whether a state that comes later in the changelog replaces the one before it.

    States of this format are written behind a fence, so the later one is the newer one. An earlier release had no
    fence: its states never win over these, and among themselves the one of the later raw record wins.
    """
    if new is None or known is None or new.startswith(_FORMAT):
        return True
    if known.startswith(_FORMAT):
        return False
    try:
        later, earlier = unpack(new).place, unpack(known).place
    except BrokenStateError:
        return True
    if later is None or earlier is None or (later.topic, later.partition) != (earlier.topic, earlier.partition):
        return True
    return later.offset >= earlier.offset


def kept(claim: Claim) -> KeptClaim:
    return KeptClaim(
        claim_id=claim.claim_id,
        revision=claim.revision,
        body=_body(claim),
        voice=claim.voice.value,
        text=claim.content.text,
        spans=[(span.start, span.end, span.exact) for span in claim.content.spans],
        act=claim.act.value,
        polarity=claim.polarity.value,
        attribution=[
            KeptLink(
                link.source.name,
                link.source.kind,
                link.act.value,
                link.quote_type.value,
                link.confidence,
                link.negated,
            )
            for link in claim.attribution
        ],
        supersedes=claim.supersedes,
        confidence=claim.confidence,
    )


def retold(claim: KeptClaim, article: Article, status: ClaimStatus, provenance: Provenance) -> Claim:
    """The event that ends a claim: its next revision, with what was kept of it."""
    return Claim(
        claim_id=claim.claim_id,
        article=article,
        voice=Voice(claim.voice),
        content=Content(
            text=claim.text, spans=[Span(start=start, end=end, exact=exact) for start, end, exact in claim.spans]
        ),
        act=Act(claim.act),
        provenance=provenance,
        status=status,
        revision=claim.revision + 1,
        supersedes=claim.supersedes,
        attribution=[
            AttributionLink(
                source=Source(span=None, name=link.name, kind=link.kind),
                cue=None,
                act=Act(link.act),
                quote_type=QuoteType(link.quote_type),
                confidence=link.confidence,
                negated=link.negated,
            )
            for link in claim.attribution
        ],
        polarity=Polarity(claim.polarity),
        confidence=claim.confidence,
    )


def _body(claim: Claim) -> bytes:
    plain = replace(claim, status=ClaimStatus.ASSERTED, revision=1, supersedes=None, provenance=Provenance(pipeline=""))
    return hashlib.sha256(orjson.dumps(plain)).digest()[:8]


class _FirstPlace(msgspec.Struct):
    topic: str
    partition: int
    offset: int

    def place(self) -> Place:
        return Place(self.topic, self.partition, self.offset)


class _FirstClaims(msgspec.Struct):
    """The state of releases before 0.2, which kept whole claims."""

    extraction_id: str
    version: str
    place: _FirstPlace | None
    claims: list[Claim] = []
    ended: dict[str, int] = {}
    deleted_at: _FirstPlace | None = None
    deleted: bool = False


_FIRST_UNPACKER = msgspec.msgpack.Decoder(_FirstClaims)


def _from_first_format(value: bytes) -> ArticleState:
    first = _FIRST_UNPACKER.decode(unpacked(value))
    bare = Article(uri="", version=first.version, text_sha256="")
    article = first.claims[0].article if first.claims else bare
    return ArticleState(
        article=article,
        extraction_id=first.extraction_id,
        place=first.place.place() if first.place else None,
        claims=[kept(claim) for claim in first.claims],
        ended=first.ended,
        seen=[first.extraction_id] if first.extraction_id else [],
        deleted_at=first.deleted_at.place() if first.deleted_at else None,
        deleted=first.deleted,
        pipeline=first.claims[0].provenance.pipeline if first.claims else "",
    )
