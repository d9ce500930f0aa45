"""Two claims, or the claims of an article in two versions: what is the same, changed, new, gone. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from worker.contract.ids import normalise

__all__ = ["BOOKKEEPING", "Change", "Kind", "changed_fields", "compared", "essence"]

BOOKKEEPING = frozenset({"provenance", "revision", "supersedes", "status"})
"""What two equal claims may differ in: who made them, from where, and how often they were published."""

_SAME_PLACE = 0.5

Claim = Mapping[str, Any]
"""A claim event as decoded JSON."""


class Kind(StrEnum):
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """`fields` names what differs; with `moved`, before and after are two ids at the same place of the text."""

    kind: Kind
    before: Claim | None
    after: Claim | None
    fields: tuple[str, ...] = ()
    moved: bool = False

    @property
    def claim(self) -> Claim:
        """The one that there is; of two the later."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


def essence(claim: Claim, ignored: Collection[str] = ()) -> bytes:
    """16 bytes that are equal for claims that say the same. `ignored`: further fields, as `changed_fields` names them."""
    kept = {name: value for name, value in claim.items() if name not in BOOKKEEPING and name not in ignored}
    for path in ignored:
        name, dot, inner = path.partition(".")
        if dot and name in kept:
            kept[name] = _without(kept[name], inner)
    return hashlib.blake2b(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _without(value: Any, inner: str) -> Any:
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if name != inner}
    if isinstance(value, list):
        return [_without(each, inner) for each in value]
    return value


def changed_fields(before: Claim, after: Claim, ignored: Collection[str] = ()) -> tuple[str, ...]:
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


def compared(before: Sequence[Claim], after: Sequence[Claim], ignored: Collection[str] = ()) -> list[Change]:
    """The changes of one article, from the claims that are not the same. Claims of one id belong together; of the rest
    those that stand at the same place, or say much the same in another version of the text.
    """
    old = {claim["claim_id"]: claim for claim in before}
    new = {claim["claim_id"]: claim for claim in after}
    changes = []
    for claim_id in old.keys() & new.keys():
        fields = changed_fields(old[claim_id], new[claim_id], ignored)
        if fields:
            changes.append(Change(Kind.CHANGED, old[claim_id], new[claim_id], fields))
    gone = [claim for claim_id, claim in old.items() if claim_id not in new]
    fresh = [claim for claim_id, claim in new.items() if claim_id not in old]
    paired_gone, paired_fresh = set(), set()
    for i, j in _pairs(gone, fresh):
        paired_gone.add(i)
        paired_fresh.add(j)
        # an id comes from the source and the content: one of the two differs, or both
        fields = changed_fields(gone[i], fresh[j], ignored) or ("claim_id",)
        changes.append(Change(Kind.CHANGED, gone[i], fresh[j], fields, moved=True))
    changes += [Change(Kind.GONE, claim, None) for i, claim in enumerate(gone) if i not in paired_gone]
    changes += [Change(Kind.NEW, None, claim) for j, claim in enumerate(fresh) if j not in paired_fresh]
    return sorted(changes, key=lambda change: _start(change.claim))


def _pairs(gone: Sequence[Claim], fresh: Sequence[Claim]) -> list[tuple[int, int]]:
    """The most alike first; each claim once."""
    alike = []
    for i, old in enumerate(gone):
        for j, new in enumerate(fresh):
            share = _likeness(old, new)
            if share >= _SAME_PLACE:
                alike.append((-share, i, j))
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(alike):
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def _likeness(old: Claim, new: Claim) -> float:
    """Of the characters of both contents, the part that they have in common; of the words, where the texts differ."""
    if old["article"].get("text_sha256") == new["article"].get("text_sha256"):
        ours, theirs = _characters(old), _characters(new)
    else:
        ours, theirs = set(normalise(_text(old)).split()), set(normalise(_text(new)).split())
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def _characters(claim: Claim) -> set[Any]:
    return {place for span in claim["content"]["spans"] for place in range(span["start"], span["end"])}


def _text(claim: Claim) -> str:
    return str(claim["content"]["text"])


def _start(claim: Claim) -> int:
    return min((span["start"] for span in claim["content"]["spans"]), default=0)
