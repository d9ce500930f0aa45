"""Lets a reader judge the claims of real pages, blind to which of two versions made them.

    python -m bench.judging sheets PAGES FOLDER --before CHECKOUT --after CHECKOUT [--first 0] [--count 30] [--each 12]
    python -m bench.judging read FOLDER FIRST.txt [SECOND.txt] [--aspects STN] > JUDGEMENT.jsonl
    python -m bench.judging shares JUDGEMENT.jsonl

`sheets` takes pages of a file like shared/data/pages.jsonl.gz, runs `claimwire extract` of both checkouts over them,
and takes the same number of claims of each page from each version: those with the lowest hash, so that a claim that
both versions make is in both samples where it can. FOLDER gets two sheets, with the same claims in two orders, and
key.json; it lies outside of the repository, since the sheets have the text of the pages. `read` takes what the reader
wrote about one or both sheets (GUIDE.md), of all aspects or of some, and prints a line for each claim, without its
text: the hash of all that was judged, the hash of its text, and where its words are in the body that the file of
pages has. `shares` prints the figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.judging.pages import claims_of, key_of, pages, seen
from bench.judging.sheets import as_sheet, sentences
from bench.judging.verdicts import ASPECTS, agreement, read, shares, words_of

VERSIONS = ("before", "after")
READINGS = ("first", "second")


def sheets(arguments: argparse.Namespace) -> None:
    chosen = pages(arguments.pages, arguments.first, arguments.count)
    claims: dict[str, dict[str, dict[str, Any]]] = {page["id"]: {} for page in chosen}
    contents: dict[str, dict[str, list[str]]] = {version: defaultdict(list) for version in VERSIONS}
    for version in VERSIONS:
        by_page: dict[str, dict[str, Any]] = defaultdict(dict)
        for claim in claims_of(getattr(arguments, version), chosen):
            page, judged = claim["article"]["uri"], seen(claim)
            by_page[page][key_of(page, judged)] = judged
            if judged["voice"] == "attributed":
                contents[version][page] += judged["spans"]
        for page, of_page in by_page.items():
            for key in sorted(of_page, key=_rank)[: arguments.each]:
                claims[page].setdefault(key, {"versions": [], "judged": of_page[key]})["versions"].append(version)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    orders: dict[str, dict[str, list[str]]] = {}
    for reading in ("first", "second"):
        names = {page["id"]: f"p{number:02}" for number, page in enumerate(chosen, 1)}
        made = {
            names[page["id"]]: as_sheet(
                names[page["id"]], page, [(key, one["judged"]) for key, one in claims[page["id"]].items()], reading
            )
            for page in chosen
        }
        order = sorted(made) if reading == "first" else sorted(made, reverse=True)
        (arguments.folder / f"{reading}.md").write_text("\n".join(made[name][0] for name in order), encoding="utf-8")
        orders[reading] = {name: keys for name, (_, keys) in made.items()}
    key = {
        "pages": {names[page["id"]]: {"id": page["id"], "body": page["truth"]["body"]} for page in chosen},
        "orders": orders,
        "claims": {key: {"page": page} | one for page, of_page in claims.items() for key, one in of_page.items()},
        "contents": contents,
    }
    (arguments.folder / "key.json").write_text(json.dumps(key, ensure_ascii=False), encoding="utf-8")


def _rank(key: str) -> str:
    """Another order than that of the keys, by which the sheets are sorted."""
    return hashlib.sha256(f"sample {key}".encode()).hexdigest()


def read_back(arguments: argparse.Namespace) -> None:
    key = json.loads((arguments.folder / "key.json").read_text(encoding="utf-8"))
    readings = []
    for reading, path in zip(READINGS, arguments.read, strict=False):
        readings.append(read(path.read_text(encoding="utf-8").splitlines(), key["orders"][reading]))
    for claim, one in sorted(key["claims"].items()):
        judged = one["judged"]
        row = {
            "claim": claim,
            "page": one["page"],
            "versions": one["versions"],
            "text": hashlib.sha256(judged["text"].encode()).hexdigest()[:16],
            "spans": _places(key, one),
            "voice": judged["voice"],
            "names": len(judged["names"]),
            "values": len(judged["times"]) + len(judged["quantities"]),
        }
        row |= {reading: found[0][claim] for reading, found in zip(READINGS, readings, strict=False)}
        row |= {"aspects": arguments.aspects} if arguments.aspects != "".join(ASPECTS) else {}
        print(json.dumps(row))
    for name, numbers in sorted(readings[0][1].items()):
        page = key["pages"][name]
        at = sentences(page["body"])
        missed = {
            version: sum(
                not _is_found(page["body"][slice(*at[n - 1])], key["contents"][version].get(page["id"], []))
                for n in numbers
            )
            for version in VERSIONS
        }
        print(
            json.dumps({"page": page["id"], "sentences_that_say": [list(at[n - 1]) for n in numbers], "missed": missed})
        )


def _places(key: dict[str, Any], claim: dict[str, Any]) -> list[list[int]]:
    """Offsets of the words of a claim in the body of its page; those that are not in it are left out."""
    body = next(page["body"] for page in key["pages"].values() if page["id"] == claim["page"])
    starts = ((body.find(words), words) for words in claim["judged"]["spans"])
    return [[start, start + len(words)] for start, words in starts if start >= 0]


def _is_found(sentence: str, contents: list[str]) -> bool:
    """Whether the contents of attributed claims have at least a third of the sentence's words in a row."""
    said = f" {words_of(sentence)} "
    found = 0
    for content in contents:
        text = words_of(content)
        if f" {text} " in said:
            found += len(text)
        elif said in f" {text} ":
            return True
        else:
            found += max(_overlap(said.strip(), text), _overlap(text, said.strip()))
    return 3 * found >= len(said)


def _overlap(left: str, right: str) -> int:
    """Characters of the longest end of `left` that `right` begins with; less than three words do not count."""
    words = left.split()
    for begin in range(len(words) - 2):
        end = " ".join(words[begin:])
        if right.startswith(end):
            return len(end)
    return 0


def print_shares(arguments: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in arguments.judgement.read_text(encoding="utf-8").splitlines()]
    claims, of_pages = [row for row in rows if "claim" in row], [row for row in rows if "claim" not in row]
    made = [reading for reading in READINGS if reading in claims[0]]
    table: dict[str, list[str]] = defaultdict(lambda: [""] * (2 * len(made)))
    for column, (reading, version) in enumerate((r, v) for r in made for v in VERSIONS):
        for name, (share, number) in shares([row | {"faults": row[reading]} for row in claims], version).items():
            table[name][column] = f"{share:.1f} of {number}"
    for version, column in (("before", 0), ("after", 1)) if of_pages else ():
        said = sum(len(row["sentences_that_say"]) for row in of_pages)
        missed = sum(row["missed"][version] for row in of_pages)
        table["missed of the sentences in which a source says something"][column] = f"{missed} of {said}"
    print(f"| {len(claims)} claims | {' | '.join(f'{reading} reading: before | after' for reading in made)} |")
    print("|---" * (1 + 2 * len(made)) + "|")
    for name, cells in table.items():
        print(f"| {name} | {' | '.join(cells)} |")
    if len(made) == len(READINGS):
        _print_agreement(claims)


def _print_agreement(claims: list[dict[str, Any]]) -> None:
    by_key = [{row["claim"]: row[reading] for row in claims} for reading in READINGS]
    print("\n| the two readings | agree on | kappa |\n|---|---|---|")
    for name, (same, kappa) in agreement(*by_key).items():
        print(f"| {name} | {same:.1f} % | {kappa:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("sheets")
    making.add_argument("pages", type=Path)
    making.add_argument("folder", type=Path)
    for version in VERSIONS:
        making.add_argument(f"--{version}", type=Path, required=True)
    for option, default in (("--first", 0), ("--count", 30), ("--each", 12)):
        making.add_argument(option, type=int, default=default)
    making.set_defaults(run=sheets)
    reading = commands.add_parser("read")
    reading.add_argument("folder", type=Path)
    reading.add_argument("read", type=Path, nargs="+")
    reading.add_argument("--aspects", default="".join(ASPECTS))
    reading.set_defaults(run=read_back)
    printing = commands.add_parser("shares")
    printing.add_argument("judgement", type=Path)
    printing.set_defaults(run=print_shares)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
