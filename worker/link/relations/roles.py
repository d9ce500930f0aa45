"""Who does what to whom: two claims of one deed in which doer and done-to have changed places."""

from __future__ import annotations

from worker.link.relations.lexicon import alike
from worker.link.relations.reading import Reading
from worker.link.relations.stems import STOP_WORDS, stem, stems_of_list, tokens_of

__all__ = ["roles_of", "swapped"]

_MUTUAL = stems_of_list("mutual")
"""Verbs of what two do with each other."""
_RECEIVERS = frozenset(["to", "from", "against", "on"])


def roles_of(reading: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of who does it and of whom it is done to, either empty where it is not said. In the passive: "by"."""
    proposition = reading.claim.proposition
    if proposition is None:
        return frozenset(), frozenset()
    by = [argument.text for argument in proposition.arguments if argument.role == "by"]
    if by and not proposition.object:
        return _stems(by[0]), reading.subject
    others = [argument.text for argument in proposition.arguments if argument.role in _RECEIVERS]
    return reading.subject, frozenset().union(*map(_stems, [proposition.object or "", *others]))


def swapped(a: Reading, b: Reading) -> bool:
    """Whether each does to the other what the other does to it: "Korr shot Lenz", "Lenz shot Korr"."""
    if not a.predicate or not b.predicate or a.predicate in _MUTUAL or not alike(a.predicate, b.predicate):
        return False
    (doer, done_to), (other_doer, other_done_to) = roles_of(a), roles_of(b)
    if not doer.isdisjoint(other_doer):
        return False
    return not doer.isdisjoint(other_done_to) and not done_to.isdisjoint(other_doer)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens_of(text) if word not in STOP_WORDS)
