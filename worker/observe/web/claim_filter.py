"""Which of the recent claims a request asks for: by source, entity, act and words, as a watch does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from worker.contract.alert import Watch
from worker.contract.claim import Act, Claim
from worker.link.watches.conditions import reasons_for

__all__ = ["FilterError", "claim_filter"]

_MAX_CHARACTERS = 200


class FilterError(ValueError):
    """The request asks for something that there is not."""


def claim_filter(query: Mapping[str, str]) -> Callable[[Claim], bool] | None:
    """None where the query asks for all claims. What is given must all hold, see worker/contract/alert.py.

    Raises:
        FilterError: `act` is none of the acts, or a field is too long.
    """
    asked = {name: query.get(name, "").strip() for name in ("source", "entity", "words", "act")}
    for name, value in asked.items():
        if len(value) > _MAX_CHARACTERS:
            raise FilterError(f"{name} has more than {_MAX_CHARACTERS} characters")
    act = asked["act"]
    if act and act not in list(Act):
        raise FilterError(f"act is none of {', '.join(Act)}")
    wanted = Watch(
        source=asked["source"] or None,
        entity=asked["entity"] or None,
        words=asked["words"] or None,
        acts=[Act(act)] if act else [],
    )
    return None if wanted == Watch() else lambda claim: reasons_for(wanted, claim) is not None
