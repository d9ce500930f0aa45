"""Compares the claims of an article in two versions: which are changed, new or gone. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from worker.contract.ids import normalise

__all__ = ["BOOKKEEPING", "Change", "ChangeKind", "ClaimEvent", "JsonObject", "changed_fields", "compared", "essence"]

BOOKKEEPING = frozenset({"provenance", "revision", "supersedes", "status"})
"""Fields that are not compared: who made the claim, from which record, and how often it was published."""

_MAX_PAIRS = 250_000
"""Pairs of a claim that is gone and a new one of the same article that are compared: 500 of each. Of an article with
more, they count as gone and new.
"""
_MIN_LIKENESS = 0.5
"""From this likeness on, a claim that is gone and a new one count as one claim that changed."""

JsonObject = Mapping[str, Any]
ClaimEvent = JsonObject
"""A claim event as decoded JSON. Not the contract's type: events of other versions are compared as well."""


class ChangeKind(StrEnum):
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """`fields`: the names of those that differ. `moved`: before and after have different ids, but are much alike."""

    kind: ChangeKind
    before: ClaimEvent | None
    after: ClaimEvent | None
    fields: tuple[str, ...] = ()
    moved: bool = False

    @property
    def claim(self) -> ClaimEvent:
        """The claim after, or the one before where it is gone."""
        claim = self.after or self.before
        if claim is None:
            raise ValueError("a change of nothing")
        return claim


def essence(claim: ClaimEvent, ignored: Collection[str] = ()) -> bytes:
    """A digest of 16 bytes, equal for claims without a compared difference.

    `ignored`: further fields that are not compared, named as in `changed_fields`.
    """
    kept = {name: value for name, value in claim.items() if name not in BOOKKEEPING and name not in ignored}
    for path in ignored:
        name, dot, inner = path.partition(".")
        if dot and name in kept:
            kept[name] = _without(kept[name], inner)
    return hashlib.blake2b(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _without(value: object, inner: str) -> object:
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name != inner}
    if isinstance(value, list):
        return [_without(item, inner) for item in value]
    return value


def changed_fields(before: ClaimEvent, after: ClaimEvent, ignored: Collection[str] = ()) -> tuple[str, ...]:
    """Names of the fields that differ, one level deep: `act`, `modality.certainty`, `attribution.source`."""
    names: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if name in BOOKKEEPING or name == "claim_id" or old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            names += [
                f"{name}.{inner}" for inner in sorted(old.keys() | new.keys()) if old.get(inner) != new.get(inner)
            ]
        elif name == "attribution" and len(old or ()) == len(new or ()):
            pairs = list(zip(old or (), new or (), strict=True))
            inner_names = sorted({inner for pair in pairs for link in pair for inner in link})
            names += [f"{name}.{inner}" for inner in inner_names if any(a.get(inner) != b.get(inner) for a, b in pairs)]
        else:
            names.append(name)
    return tuple(name for name in names if name not in ignored and name.partition(".")[0] not in ignored)


def compared(before: Sequence[ClaimEvent], after: Sequence[ClaimEvent], ignored: Collection[str] = ()) -> list[Change]:
    """The changes of one article, from those of its claims that differ, in the order of the text.

    Two claims with the same id are one that changed. Of the others, those at the same place of the text, or with much
    the same words where the text differs, are paired as well; the rest is new or gone.
    """
    old = {claim["claim_id"]: claim for claim in before}
    new = {claim["claim_id"]: claim for claim in after}
    changes = []
    for claim_id in old.keys() & new.keys():
        fields = changed_fields(old[claim_id], new[claim_id], ignored)
        if fields:
            changes.append(Change(ChangeKind.CHANGED, old[claim_id], new[claim_id], fields))
    gone = [claim for claim_id, claim in old.items() if claim_id not in new]
    new_claims = [claim for claim_id, claim in new.items() if claim_id not in old]
    paired_gone, paired_new = set(), set()
    for i, j in _pairs(gone, new_claims):
        paired_gone.add(i)
        paired_new.add(j)
        # an id comes from the source and the content: one of the two differs, or both
        fields = changed_fields(gone[i], new_claims[j], ignored) or ("claim_id",)
        changes.append(Change(ChangeKind.CHANGED, gone[i], new_claims[j], fields, moved=True))
    changes += [Change(ChangeKind.GONE, claim, None) for i, claim in enumerate(gone) if i not in paired_gone]
    changes += [Change(ChangeKind.NEW, None, claim) for j, claim in enumerate(new_claims) if j not in paired_new]
    return sorted(changes, key=lambda change: _start(change.claim))


def _pairs(gone: Sequence[ClaimEvent], new: Sequence[ClaimEvent]) -> list[tuple[int, int]]:
    """Indexes of claims to pair: the most alike first, each claim once."""
    if len(gone) * len(new) > _MAX_PAIRS:
        return []
    ours, theirs = [_Place.of(claim) for claim in gone], [_Place.of(claim) for claim in new]
    alike = []
    for i, before in enumerate(ours):
        for j, after in enumerate(theirs):
            likeness = before.likeness(after)
            if likeness >= _MIN_LIKENESS:
                alike.append((-likeness, i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(alike):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return list(pairs.items())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the content of a claim is in its text, and its words."""

    text_sha256: str | None
    stretches: list[tuple[int, int]]
    words: AbstractSet[str]

    @classmethod
    def of(cls, claim: ClaimEvent) -> _Place:
        words = frozenset(normalise(_text(claim)).split())
        return cls(claim["article"].get("text_sha256"), _stretches(claim), words)

    def likeness(self, other: _Place) -> float:
        """The common part of both contents, 0 to 1: of their characters, or of their words if the articles differ."""
        if self.text_sha256 == other.text_sha256:
            return _common_characters(self.stretches, other.stretches)
        return _common(self.words, other.words)


def _common(ours: AbstractSet[object], theirs: AbstractSet[object]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def _stretches(claim: ClaimEvent) -> list[tuple[int, int]]:
    """Start and end of the characters of the content, in order, without overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((span["start"], span["end"]) for span in claim["content"]["spans"]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _common_characters(ours: Sequence[tuple[int, int]], theirs: Sequence[tuple[int, int]]) -> float:
    common = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in ours for b in theirs)
    union = sum(end - start for start, end in (*ours, *theirs)) - common
    return common / union if union else 0.0


def _text(claim: ClaimEvent) -> str:
    return str(claim["content"]["text"])


def _start(claim: ClaimEvent) -> int:
    return min((span["start"] for span in claim["content"]["spans"]), default=0)
