"""What was made last, by key, so that it is not made again: at most so many of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Recent"]

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps what was asked for last. Whoever changes what a value is made of drops it, or puts the new one.

    There are two halves. When the newer one is full it becomes the older one, and what was not asked for since the last
    time is forgotten: a look-up costs nothing for keeping an order.
    """

    def __init__(self, most: int, make: Callable[[K], V]) -> None:
        self._half, self._make = max(most // 2, 1), make
        self._newer: dict[K, V] = {}
        self._older: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        found = self._newer.get(key)
        if found is not None:
            return found
        found = self._older.get(key)
        if found is None:
            found = self._make(key)
        self.put(key, found)
        return found

    def get(self, key: K) -> V | None:
        """None where it is not kept."""
        found = self._newer.get(key)
        return self._older.get(key) if found is None else found

    def put(self, key: K, value: V) -> None:
        if len(self._newer) >= self._half:
            self._older, self._newer = self._newer, {}
        self._newer[key] = value

    def drop(self, key: K) -> None:
        self._newer.pop(key, None)
        self._older.pop(key, None)

    def clear(self) -> None:
        self._newer.clear()
        self._older.clear()
