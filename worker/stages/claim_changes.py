"""From one version of an article to the next: which claims stay, which are new, which end and what takes their place.
Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from worker.contract.claim import Claim, ClaimStatus
from worker.contract.ids import normalise
from worker.stages.article_state import KeptClaim, kept

__all__ = ["Changes", "changes", "replacements"]

_SAME_POINT = 0.5
"""Share of common words (Jaccard) from which a new claim of the same source replaces one that is no longer made."""
_MAX_LOOKED_AT = 64
"""New claims that are compared with one that ended: those that share its rarest words. Keeps the whole near linear."""


@dataclass(frozen=True, slots=True)
class Changes:
    """`made`: the claims of the new version as they are published; `live`: what is kept of them, in the same order.
    `over`: those that end, and how. `ended`: the last revision of every claim that was made once and is no more.
    """

    made: list[Claim]
    live: list[KeptClaim]
    over: list[tuple[KeptClaim, ClaimStatus]]
    ended: dict[str, int]


def changes(before: Sequence[KeptClaim], ended: Mapping[str, int], floor: int, now: Sequence[Claim]) -> Changes:
    """What makes the claims of a new version true.

    A claim that stays keeps its id; its revision grows when anything but its provenance has changed. One that is gone
    is superseded where a new claim of the same source says much the same, and retracted otherwise. One that comes again
    goes on behind its last revision, or behind `floor` where that is not known any more.
    """
    still_ended = dict(ended)
    old = {claim.claim_id: claim for claim in before}
    new = {claim.claim_id: claim for claim in now}
    gone = [claim for claim_id, claim in old.items() if claim_id not in new]
    fresh = [claim for claim_id, claim in new.items() if claim_id not in old]
    replaced_by = replacements(gone, fresh)
    replaces = {new_id: old_id for old_id, new_id in replaced_by.items()}
    made, live = [], []
    for claim_id, claim in new.items():
        now_kept, last = kept(claim), old.get(claim_id)
        if last is not None:
            revision = last.revision + (0 if last.body == now_kept.body else 1)
            supersedes = last.supersedes
        else:
            revision, supersedes = still_ended.pop(claim_id, floor) + 1, replaces.get(claim_id)
        made.append(replace(claim, revision=revision, supersedes=supersedes))
        live.append(msgspec.structs.replace(now_kept, revision=revision, supersedes=supersedes))
    over = []
    for kept_claim in gone:
        status = ClaimStatus.SUPERSEDED if kept_claim.claim_id in replaced_by else ClaimStatus.RETRACTED
        over.append((kept_claim, status))
        still_ended[kept_claim.claim_id] = kept_claim.revision + 1
    return Changes(made, live, over, still_ended)


def replacements(gone: Sequence[KeptClaim], fresh: Sequence[Claim]) -> dict[str, str]:
    """Old id to new id, the most similar first; each claim is used once."""
    words = [_words(claim.content.text) for claim in fresh]
    frequency = Counter(word for some in words for word in some)
    sharing = _by_rare_word(fresh, words, frequency)
    likeness = []
    for index, ended in enumerate(gone):
        ours = _words(ended.text)
        group = ended.voice, _source(link.name for link in ended.attribution)
        for place in _candidates(ours, group, sharing, frequency):
            share = len(ours & words[place]) / len(ours | words[place])
            if share >= _SAME_POINT:
                likeness.append((-share, index, place))
    pairs: dict[str, str] = {}
    used: set[int] = set()
    for _, index, place in sorted(likeness):
        if gone[index].claim_id not in pairs and place not in used:
            pairs[gone[index].claim_id] = fresh[place].claim_id
            used.add(place)
    return pairs


_Group = tuple[str, str]
"""Voice and source: only claims that have both in common can replace each other."""


def _by_rare_word(
    fresh: Sequence[Claim], words: Sequence[frozenset[str]], frequency: Mapping[str, int]
) -> dict[tuple[_Group, str], list[int]]:
    """The new claims of a group that have a word among their rarer ones, by their places.

    Two claims can only be similar enough when each has one of the other's rarer half of words (prefix filtering,
    Chaudhuri et al. 2006), so that only those are compared.
    """
    places: dict[tuple[_Group, str], list[int]] = defaultdict(list)
    for place, claim in enumerate(fresh):
        group = claim.voice.value, _source(link.source.name for link in claim.attribution)
        for word in _rarer_half(words[place], frequency):
            places[group, word].append(place)
    return places


def _candidates(
    words: frozenset[str], group: _Group, sharing: Mapping[tuple[_Group, str], list[int]], frequency: Mapping[str, int]
) -> set[int]:
    found: set[int] = set()
    for word in _rarer_half(words, frequency):
        found.update(sharing.get((group, word), ())[:_MAX_LOOKED_AT])
        if len(found) >= _MAX_LOOKED_AT:
            break
    return found


def _rarer_half(words: frozenset[str], frequency: Mapping[str, int]) -> list[str]:
    ordered = sorted(words, key=lambda word: (frequency.get(word, 0), word))
    return ordered[: len(ordered) - -(-len(ordered) // 2) + 1]


def _words(text: str) -> frozenset[str]:
    return frozenset(normalise(text).split())


def _source(names: Iterable[str | None]) -> str:
    """Of the last link: whose statement it is."""
    last: str | None = None
    for name in names:
        last = name
    return normalise(last or "")
