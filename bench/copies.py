"""How well copies of one text are recognised, on a set that is made of the stories of a file, and what it costs.

python -m bench.copies FILE.jsonl.gz [--originals 400] [--singles 900] [--more 0] [--seed 1] [--extract 40] [--misses]
(lines with title and text)

`--more`: so many articles of 220 words drawn from those of the stories, each as often as there, for memory and disk.
`--extract`: articles that are extracted in the same run, to compare the CPU with; 0: none.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.copies_recipe import Made, copies_of_stories, stories_in
from worker.contract.article import RawArticle
from worker.link.copies.index import ArticleText, CopyIndex

_TOLERATED = ("30 % edited",)
"""Beyond the edits for which recall is promised."""


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("file", type=Path)
    ask.add_argument("--originals", type=int, default=400)
    ask.add_argument("--singles", type=int, default=900)
    ask.add_argument("--more", type=int, default=0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--extract", type=int, default=40)
    ask.add_argument("--misses", action="store_true", help="name the articles that are in the wrong group")
    given = ask.parse_args()
    made = copies_of_stories(stories_in(given.file), originals=given.originals, singles=given.singles, seed=given.seed)
    more = random_articles(given.file, given.more, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        found, seconds, size = grouped(made, more, Path(folder) / "copies.sqlite")
    count = len(made) + given.more
    truth = {one.article.uri: one.group for one in made}
    report(made, truth, found)
    if given.misses:
        name_misses(made, truth, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count} articles: {1000 * seconds / count:.2f} ms of CPU and {size / count:.0f} bytes of disk each")
    print(f"{peak // 1024} MiB of memory at most, with the stories")
    if given.extract:
        each = extraction_seconds(made[: given.extract])
        share = seconds / count / each
        print(f"{1000 * each:.1f} ms of CPU an article for the extraction: grouping takes {share:.1%} of it")


def random_articles(file: Path, count: int, seed: int) -> Iterator[ArticleText]:
    rng = random.Random(seed)
    words = [word for _, text in stories_in(file)[:1000] for word in text.split()]
    for number in range(count):
        text = " ".join(rng.choices(words, k=220))
        yield ArticleText(f"https://more.example/{number}", text, None, f"Publisher {number % 200}")


def grouped(made: Sequence[Made], more: Iterable[ArticleText], path: Path) -> tuple[dict[str, int], float, int]:
    """The number of the group of each article, the CPU seconds of all, and the bytes of the file."""
    begun = time.process_time()
    index = CopyIndex(path)
    for article in itertools.chain((one.article for one in made), more):
        index.add(article)
    groups = list(index.groups())
    seconds = time.process_time() - begun
    size = index.size_bytes
    index.close()
    found = {member.uri: number for number, group in enumerate(groups) for member in group.members}
    for one in made:
        found.setdefault(one.article.uri, -1 - len(found))
    return found, seconds, size


def report(made: Sequence[Made], truth: dict[str, int], found: dict[str, int]) -> None:
    print(f"{len(made)} articles, {len({*truth.values()})} texts")
    uris = list(truth)
    precision, recall = pair_scores([truth[uri] for uri in uris], [found[uri] for uri in uris])
    print(f"adjusted Rand index {rand_index([truth[uri] for uri in uris], [found[uri] for uri in uris]):.4f}")
    print(f"all pairs: precision {precision:.4f}, recall {recall:.4f}")
    kept = [one.article.uri for one in made if one.kind not in _TOLERATED]
    precision, recall = pair_scores([truth[uri] for uri in kept], [found[uri] for uri in kept])
    print(f"up to 20 % edited: precision {precision:.4f}, recall {recall:.4f}")
    originals = {one.group: one.article.uri for one in made if one.kind == "original"}
    joined: dict[str, list[bool]] = defaultdict(list)
    for one in made:
        if one.kind != "original" and one.group in originals:
            joined[one.kind].append(found[one.article.uri] == found[originals[one.group]])
    for kind, right in sorted(joined.items()):
        print(f"  {kind}: {sum(right)} of {len(right)} with their original")
    sizes = Counter(found.values())
    for kind in sorted({one.kind for one in made if one.group not in originals}):
        alone = [sizes[found[one.article.uri]] == 1 for one in made if one.kind == kind]
        print(f"  {kind}: {sum(alone)} of {len(alone)} alone, as they should be")


def name_misses(made: Sequence[Made], truth: dict[str, int], found: dict[str, int]) -> None:
    members: dict[int, list[Made]] = defaultdict(list)
    for one in made:
        members[found[one.article.uri]].append(one)
    for group in members.values():
        if len({truth[one.article.uri] for one in group}) > 1:
            print("together:", *(f"{one.article.uri} ({one.group}, {one.kind})" for one in group))
    wholes = {one.group: found[one.article.uri] for one in made if one.kind == "original"}
    for one in made:
        if one.group in wholes and found[one.article.uri] != wholes[one.group]:
            print(f"apart: {one.article.uri} ({one.group}, {one.kind})")


def pair_scores(truth: Sequence[int], found: Sequence[int]) -> tuple[float, float]:
    """Precision and recall over pairs of articles."""
    both = _pairs(Counter(zip(truth, found, strict=True)).values())
    together, wanted = _pairs(Counter(found).values()), _pairs(Counter(truth).values())
    return both / (together or 1), both / (wanted or 1)


def rand_index(truth: Sequence[int], found: Sequence[int]) -> float:
    """The Rand index adjusted for chance (Hubert and Arabie 1985)."""
    both = _pairs(Counter(zip(truth, found, strict=True)).values())
    together, wanted = _pairs(Counter(found).values()), _pairs(Counter(truth).values())
    by_chance = together * wanted / _pairs([len(truth)])
    return (both - by_chance) / ((together + wanted) / 2 - by_chance)


def _pairs(sizes: Sequence[int] | object) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)  # type: ignore[attr-defined]


def extraction_seconds(made: Sequence[Made]) -> float:
    """CPU seconds of an article."""
    from worker.extraction.pipeline import Pipeline

    pipeline = Pipeline.load()
    at = datetime(2026, 3, 4, tzinfo=UTC)
    articles = [RawArticle(uri=one.article.uri, body=one.article.text, published_at=at) for one in made]
    begun = time.process_time()
    pipeline.extract(articles)
    return (time.process_time() - begun) / len(articles)


if __name__ == "__main__":
    main()
