"""A history of invented articles about many events, each with places and people of its own: as many as a load needs.

Articles of one event report, deny and correct the same few statements; those of two events share no more than common
words. So groups and clusters stay as small as they are in the news, however long the history is.
"""

from __future__ import annotations

from tests.link.copies.stories import vocabulary
from tests.operation.linked_articles import History

_SAYINGS = (
    "the bridge at {place} would stay closed for {number} weeks",
    "the bridge at {place} was open",
    "the bridge at {place} was closed",
    "about {number}0 houses in {place} had been damaged by the flood",
    "the mayor of {place} had resigned",
    "the mayor of {place} had not resigned",
    "{place} needed a new hospital",
    "the company should withdraw its offer of {number} million euros",
)
_KINDS = "old new small large wooden empty narrow quiet green broken painted heavy private northern eastern".split()
_THINGS = (
    "market museum school choir farm railway bench lighthouse bakery ferry library garden theatre mill factory road "
    "harbour tower station orchard workshop chapel pump stable kiosk"
).split()
_DEEDS = (
    "sold repaired counted collected lost moved painted measured planted burned stored carried borrowed cleaned"
).split()
_GOODS = (
    "chairs lamps carts ropes windows maps barrels boats trees bricks books stoves bells coats tables pipes wheels"
).split()
_TIMES = "last spring|last summer|in autumn|after the rain|before the fair|during the winter|on a Sunday".split("|")
_OF_THE_LAST = 12


class Events(History):
    """As History, with an event for about seven articles."""

    def __init__(self, seed):
        super().__init__(seed)
        self._words = vocabulary(self._random, 4000)
        self._events = []

    def _event(self):
        """One of the last events, or one that begins: its place, its people and its number."""
        if not self._events or self._random.random() < 0.15:
            place, *names = (word.capitalize() for word in self._random.sample(self._words, 7))
            people = [f"{names[i]} {names[i + 1]}" for i in (0, 2, 4)]
            self._events.append((place, [*people, f"The council of {place}"], self._random.randint(2, 90)))
        return self._random.choice(self._events[-_OF_THE_LAST:])

    def _text(self):
        chosen = self._random
        place, people, number = self._event()
        stated = chosen.sample(_SAYINGS, chosen.randint(1, 3))
        numbers = [number if chosen.random() < 0.7 else chosen.randint(2, 90) for _ in stated]
        said = [
            f"{chosen.choice(people)} said {saying.format(place=place, number=each)}."
            for saying, each in zip(stated, numbers, strict=True)
        ]
        filled = [self._filler() for _ in range(chosen.randint(4, 6))]
        return "\n\n".join([said[0], *filled[:2], *said[1:], *filled[2:]])

    def _filler(self):
        chosen = self._random
        return (
            f"The {chosen.choice(_KINDS)} {chosen.choice(_THINGS)} near {chosen.choice(self._words).capitalize()} "
            f"{chosen.choice(_DEEDS)} {chosen.randint(3, 99)} {chosen.choice(_KINDS)} {chosen.choice(_GOODS)} "
            f"{chosen.choice(_TIMES)}."
        )
