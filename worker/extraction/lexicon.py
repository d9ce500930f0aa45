"""The words that name acts of speech, from data/acts.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from worker.contract.claim import Act

__all__ = ["Lexicon", "lexicon"]

_GAP = 2
"""Words that may stand between two words of a phrase: "expressed deep concern", "made it very clear"."""


_CLOSED = frozenset("be do have that will would".split())
"""Never between two words of a phrase: with them another clause begins ("said it had nothing")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """`verbs` and `nouns` by lemma; `phrases` by their first lemma, longer ones first; `plover` only where a type fits."""

    verbs: Mapping[str, Act]
    nouns: Mapping[str, Act]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Act], ...]]
    plover: Mapping[Act, str]
    statements: frozenset[str]
    proposals: frozenset[str]
    praise: frozenset[str]
    blame: frozenset[str]
    untrue: frozenset[str]
    wrongs: frozenset[str]
    harm: frozenset[str]

    def phrase(self, lemmas: Sequence[str], first_until: int) -> tuple[tuple[str, ...], Act] | None:
        """The longest phrase that begins among the first `first_until` lemmas, with its act."""
        best: tuple[tuple[str, ...], Act] | None = None
        for at, lemma in enumerate(lemmas[:first_until]):
            for words, act in self.phrases.get(lemma, ()):
                if (best is None or len(words) > len(best[0])) and _follows(words, lemmas, at):
                    best = words, act
        return best


def _follows(words: tuple[str, ...], lemmas: Sequence[str], at: int) -> bool:
    for word in words[1:]:
        window = lemmas[at + 1 : at + 2 + _GAP]
        if word not in window:
            return False
        skipped = list(window).index(word)
        if _CLOSED & set(window[:skipped]):
            return False
        at += 1 + skipped
    return True


@cache
def lexicon() -> Lexicon:
    """Reads the data file once. Raises ValueError where a word stands under two acts."""
    raw = tomllib.loads((files("worker.extraction") / "data" / "acts.toml").read_text(encoding="utf-8"))
    phrases: dict[str, list[tuple[tuple[str, ...], Act]]] = {}
    for act in Act:
        for phrase in raw[act].get("phrases", ()):
            words = tuple(phrase.split())
            phrases.setdefault(words[0], []).append((words, act))
    return Lexicon(
        verbs=_words(raw, "verbs"),
        nouns=_words(raw, "nouns"),
        phrases={first: tuple(sorted(found, key=lambda p: -len(p[0]))) for first, found in phrases.items()},
        plover={act: raw[act]["plover"] for act in Act if "plover" in raw[act]},
        statements=frozenset(raw["objects"]["statements"].split()),
        proposals=frozenset(raw["objects"]["proposals"].split()),
        praise=frozenset(raw["evaluation"]["praise"].split()),
        blame=frozenset(raw["evaluation"]["blame"].split()),
        untrue=frozenset(raw["evaluation"]["untrue"].split()),
        wrongs=frozenset(raw["wrongs"]["verbs"].split()),
        harm=frozenset(raw["harm"]["verbs"].split()),
    )


def _words(raw: Mapping[str, Mapping[str, str]], key: str) -> dict[str, Act]:
    found: dict[str, Act] = {}
    for act in Act:
        for word in raw[act].get(key, "").split():
            if word in found:
                raise ValueError(f"acts.toml: {word!r} stands among the {key} of {found[word]} and of {act}")
            found[word] = act
    return found
