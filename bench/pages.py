"""What real pages make of the cleaning: JSON-LD that is read, claims from beside the article, and what cleaning costs.

python -m bench.pages PAGES.jsonl.gz                      # JSON-LD blocks that are accepted
python -m bench.pages PAGES.jsonl.gz --cost 20            # share of the cleaning in the CPU of every 20th English page
python -m bench.pages PAGES.jsonl.gz --claims CLAIMS...   # claims outside of the article's body, and over a border
python -m bench.pages PAGES.jsonl.gz --write ARTICLES     # the English pages, for `claimwire extract --json`

PAGES: a page a line, {"id", "language", "html", "truth": {"body", "headline"?}}. CLAIMS: what `extract --json` prints
for articles whose uri is a page's id. A claim is outside where less than half of the three-word runs of its content are
in the true body, and its words are not in the headline.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from lxml import html

from worker.contract.codec import BrokenRecordError, articles_from, decoded_json

_RUN = 3


def pages_of(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _has_body(value: object) -> bool:
    """Whether there is the text of an article, or of an entry of a live blog, in a decoded block."""
    if isinstance(value, list):
        return any(map(_has_body, value))
    return isinstance(value, dict) and (bool(value.get("articleBody")) or any(map(_has_body, value.values())))


def json_ld(path: str) -> None:
    blocks, why = Counter[str](), Counter[str]()
    for page in pages_of(path):
        tree = html.document_fromstring(page["html"].encode(), parser=html.HTMLParser(encoding="utf-8"))
        for script in tree.iterfind(".//script[@type='application/ld+json']"):
            text = (script.text or "").strip()
            if "articleBody" not in text:
                continue
            try:
                decoded = decoded_json(text.encode())
            except BrokenRecordError as broken:
                blocks["with a body"] += 1
                why[broken.error[:90]] += 1
                continue
            if not _has_body(decoded):
                continue
            read = articles_from(decoded)
            broken_ones = [article for article in read if isinstance(article, BrokenRecordError)]
            blocks["with a body"] += 1
            blocks["accepted"] += not broken_ones
            why.update(broken.error[:90] for broken in broken_ones)
    print(f"blocks of JSON-LD with a body: {blocks['accepted']} of {blocks['with a body']} accepted")
    for error, count in why.most_common(10):
        print(f"  {count:4} {error}")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[i:] for i in range(_RUN)), strict=False)) or [tuple(words)]


def claims(path: str, files: list[str]) -> None:
    truth = {page["id"]: page["truth"] for page in pages_of(path)}
    for file in files:
        count = Counter[str]()
        pages = set()
        with Path(file).open(encoding="utf-8") as lines:
            for line in lines:
                claim = json.loads(line)
                page = claim["article"]["uri"]
                spans = [span["exact"] for span in claim["content"]["spans"]]
                words = [word for span in spans for word in _words(span)]
                body = _words(truth[page]["body"])
                inside = set(_runs(body)) if len(words) >= _RUN else {(word,) for word in body}
                runs = _runs(words) if len(words) >= _RUN else [(word,) for word in words]
                found = sum(run in inside for run in runs)
                headline = set(_words(truth[page].get("headline") or claim["article"].get("headline") or ""))
                outside = 2 * found < len(runs) and not set(words) <= headline
                count["claims"] += 1
                count["outside"] += outside
                count["over a border"] += any("\n\n" in span for span in spans)
                pages |= {page} if outside else set()
        print(
            f"{file}: {count['claims']} claims, {count['outside']} outside of the body on {len(pages)} pages, "
            f"{count['over a border']} over a border"
        )


def cost(path: str, every: int) -> None:
    from worker.contract.article import RawArticle
    from worker.extraction.pipeline import Pipeline
    from worker.extraction.text.stage import clean_text

    pipeline = Pipeline.load()
    english = [page for page in pages_of(path) if page["language"] == "en"][::every]
    articles = [RawArticle(uri=page["id"], body=page["html"]) for page in english]
    clean_text(articles[0])
    pipeline.extract(articles[:1])
    cleaning = whole = 0.0
    for article in articles:
        begun = time.process_time()
        clean_text(article)
        between = time.process_time()
        pipeline.extract([article])
        cleaning += between - begun
        whole += time.process_time() - between
    print(
        f"{len(articles)} pages: cleaning {1000 * cleaning / len(articles):.1f} ms of CPU a page, "
        f"{cleaning / whole:.1%} of the extraction ({1000 * whole / len(articles):.0f} ms)"
    )


def write(path: str, target: str) -> None:
    english = [page for page in pages_of(path) if page["language"] == "en"]
    lines = (orjson.dumps({"uri": page["id"], "body": page["html"]}) + b"\n" for page in english)
    Path(target).write_bytes(b"".join(lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("--cost", type=int, metavar="N")
    parser.add_argument("--claims", nargs="+", metavar="CLAIMS")
    parser.add_argument("--write", metavar="ARTICLES")
    args = parser.parse_args()
    if args.claims:
        claims(args.pages, args.claims)
    elif args.cost:
        cost(args.pages, args.cost)
    elif args.write:
        write(args.pages, args.write)
    else:
        json_ld(args.pages)


if __name__ == "__main__":
    main()
