"""Notices that another worker has the same group_instance_id: the two throw each other out of the group for ever."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

__all__ = ["DoubledInstance"]

log = logging.getLogger("claimwire.intake")

_TIMES = 3
_WITHIN_S = 60.0


class DoubledInstance:
    """A member with an instance id of its own is thrown out when it did not run for a session timeout, which is rare.
    One that is thrown out several times a minute shares its id. `instance_id` is empty without static membership.
    """

    def __init__(self, group: str, instance_id: str = "", now: Callable[[], float] = time.monotonic) -> None:
        self._group, self._instance_id, self._now = group, instance_id, now
        self._expelled: deque[float] = deque(maxlen=_TIMES)

    def expelled(self) -> None:
        """The group has removed this member."""
        self._expelled.append(self._now())
        reason = self.reason
        if reason is not None:
            log.error("%s", reason)

    @property
    def reason(self) -> str | None:
        """In words for an operator; None while nothing speaks for it."""
        if not self._instance_id or len(self._expelled) < _TIMES or self._now() - self._expelled[0] > _WITHIN_S:
            return None
        return (
            f"group {self._group} has thrown this worker out {_TIMES} times within a minute: another worker has the "
            f"same group_instance_id = {self._instance_id}. Give each worker one of its own"
        )
