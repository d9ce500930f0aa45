"""Searches for the text that costs most CPU time for its length, by growing repeated units over all stages.

python -m tests.fuzz.worst_cost --minutes 30: starts from units that once were worst, changes the worst ones again and
again, and measures what is left at several lengths. Ends with exit code 1 if a text costs more than the bar. With
--units FILE it also starts from the worst units in that file, and writes them there: so a search goes on in pieces, as
`--units FILE --minutes 5 --seed 2 --lengths ""`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.contract.article import RawArticle
from worker.extraction.pipeline import Pipeline

BASE_S, PER_KB_S = 0.5, 0.15
"""The bar: CPU seconds that any article may cost, and those for each 1000 characters besides."""
LEAD = "The prime minister of Norway said on Monday that taxes will rise. "
"""Before the repeated units, so that the text counts as English."""
SEEDS = [
    "said ",
    "he says ",
    "if he said ",
    "he said that ",
    "he says that ",
    "the minister said that the mayor said that ",
    "who said that he ",
    "Anna Berg said ",
    "Anna Berg said prices rose. ",
    "Anna Berg ",
    "Berg, the minister, ",
    "the minister told the mayor that ",
    "1,234,567 million dollars ",
    "5 percent ",
    "Monday in May 2020 ",
    "May may May first ",
    "said\n",
    '"yes," he said. ',
    '" ',
    "( ",
    "a ",
    "and ",
    "minister of ",
    "according to the bank ",
    "it said it would ",
    "their demand that they ",
    "Norway, which ",
    "Paris Hill and Paris ",
    "if he said Paris é ",
    # ordinary news: much is found in little text
    "“We will not raise taxes by 5 percent in May,” Anna Berg, the mayor of Bergen, told reporters on Monday. ",
    "Police in Oslo said on 3 March that 12 of 40 villagers had told them the bank lost $3.5 million in 2020. ",
    "She denied that the UN had warned Norway. “It is not true,” she said, and asked what he knew.\n",
    "The minister may have known, according to Reuters, that half of the reporters were paid last year. ",
]
_PARTS = [
    *"he she it they who which that if and but the a of in to by not never is was has will would must".split(),
    *"said says told asked claimed denied warned called according demand claim statement".split(),
    *"minister mayor police bank company village reporters taxes prices it's".split(),
    *"Anna Berg Norway Paris Brussels UN Monday May Acme Inc. Dr. O'Neil al-Qaida".split(),
    *"5 1,234 2020 million percent dollars $ % half third yesterday last next year since".split(),
    *['"', "“", "”", "'", "(", ")", ",", ".", ";", ":", "-", "–", "...", "\n", "’s", "é", "🙂", "A", "x"],
]
_ORDINARY = (
    "The council of the town met on Monday to talk about the bridge. Mayor Anna Lind said it would open in May, after "
    "two years of work. Residents had asked for it since 2019. The builders did not answer our questions. "
)
_SIZE = 6_000
"""Characters of the texts that are compared while searching."""
_KEPT = 12


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """`excess`: CPU seconds a KB above the base."""

    excess: float
    unit: str
    chars: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.unit!r} x {self.chars} characters: {self.seconds:.2f} CPU s, {self.excess:+.3f} a KB above the base"
        )


def text_of(unit: str, chars: int) -> str:
    """A text of about so many characters."""
    return LEAD + unit * max(1, (chars - len(LEAD)) // len(unit))


def measure(pipeline: Pipeline, unit: str, chars: int, tries: int = 1) -> Cost:
    """What a text of repeated units costs: the least of several tries, since others use the machine as well."""
    article = RawArticle(uri="urn:cost", body=text_of(unit, chars))
    seconds = []
    for _ in range(tries):
        begun = time.process_time()
        pipeline.extract([article])
        seconds.append(time.process_time() - begun)
    size = len(article.body)
    return Cost((min(seconds) - BASE_S) / size * 1000, unit, size, min(seconds))


def changed(unit: str, some: random.Random) -> str:
    """A unit with a word or sign put in, taken out, replaced or doubled."""
    parts = unit.split(" ")
    at = some.randrange(len(parts))
    match some.randrange(5):
        case 0:
            parts.insert(at, some.choice(_PARTS))
        case 1 if len(parts) > 2:
            del parts[at]
        case 2:
            parts[at] = some.choice(_PARTS)
        case 3:
            parts = parts[:at] + parts
        case _:
            parts[at] += some.choice(_PARTS)
    kept = " ".join(parts)[:200]
    return kept if kept.strip() else "a "


def search(
    pipeline: Pipeline,
    seconds: float,
    some: random.Random,
    known: Sequence[str] = (),
    keep: Callable[[list[Cost]], None] = lambda _: None,
) -> list[Cost]:
    """The worst units found within some CPU seconds, the worst first. `known`: units to begin with besides.

    `keep` is called with the worst so far whenever those are others.
    """
    until = time.process_time() + seconds
    found = {unit: measure(pipeline, unit, _SIZE) for unit in dict.fromkeys([*SEEDS, *known])}
    worst: list[Cost] = []
    while time.process_time() < until:
        before, worst = worst, sorted(found.values(), reverse=True)[:_KEPT]
        if worst != before:
            keep(worst)
        unit = changed(some.choice(worst).unit, some)
        if unit not in found:
            found[unit] = measure(pipeline, unit, _SIZE)
    return sorted(found.values(), reverse=True)[:_KEPT]


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--minutes", type=float, default=30.0, help="CPU time of the search")
    ask.add_argument("--rules-only", action="store_true")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--units", type=Path, help="file with units to begin with besides; the worst ones are put there")
    ask.add_argument("--lengths", default="2500,10000,50000,200000", help="characters at which the worst are measured")
    given = ask.parse_args()
    pipeline = Pipeline.load(model=not given.rules_only)
    measure(pipeline, "said ", _SIZE)  # warm
    print(f"for comparison, ordinary sentences: {measure(pipeline, _ORDINARY, _SIZE, tries=3)}", flush=True)
    known = json.loads(given.units.read_text(encoding="utf-8")) if given.units and given.units.exists() else []

    def keep(worst: list[Cost]) -> None:
        if given.units:  # as the search goes on: it may be stopped
            given.units.write_text(json.dumps([cost.unit for cost in worst], indent=1), encoding="utf-8")

    worst = search(pipeline, given.minutes * 60, random.Random(given.seed), known, keep)  # noqa: S311
    print(f"the worst at {_SIZE} characters: {worst[0]}", flush=True)
    over, measured = [], 0
    for chars in map(int, filter(None, given.lengths.split(","))):
        # what costs most at one length is what may cost too much at the next one; and the next one takes longer
        costs = sorted((measure(pipeline, each.unit, chars, tries=2) for each in worst), reverse=True)
        print(*costs, sep="\n", flush=True)
        over += [cost for cost in costs if cost.excess > PER_KB_S]
        measured += len(costs)
        worst = costs[: max(3, len(costs) // 2)]
    print(f"{len(over)} of {measured} measurements above {PER_KB_S} CPU s a KB and {BASE_S} s")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
