"""Which pages are judged, and what the reader sees of their claims."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["PAGES_SEED", "claims_of", "key_of", "pages", "seen"]

PAGES_SEED = 20261129
"""Shuffles the English pages. A judgement takes a stretch of them, so that two judgements share no page."""


def pages(path: Path, first: int, count: int) -> list[dict[str, Any]]:
    """`count` English pages of the file in the order of `PAGES_SEED`, from number `first`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        english = {page["id"]: page for page in map(json.loads, lines) if page["language"] == "en"}
    ids = sorted(english)
    random.Random(PAGES_SEED).shuffle(ids)
    return [english[i] for i in ids[first : first + count]]


def claims_of(checkout: Path, chosen: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The claims of the pages as the `claimwire extract` of a checkout (with its .venv) gives them.

    Only the HTML, the language and the instant of publication are given. Raises CalledProcessError where it fails.
    """
    articles = "".join(
        json.dumps(
            {"uri": page["id"], "body": page["html"], "language": "en"}
            | ({"published_at": at} if (at := page["truth"].get("published_at")) else {})
        )
        + "\n"
        for page in chosen
    )
    run = subprocess.run(
        [checkout.absolute() / ".venv/bin/claimwire", "extract", "--json", "-"],
        input=articles,
        stdout=subprocess.PIPE,
        text=True,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout.absolute())},
        check=True,
    )
    return map(json.loads, run.stdout.splitlines())


def _source(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "words": source["span"]["exact"] if source["span"] else None,
        **{field: source[field] for field in ("name", "kind", "role", "affiliation", "anonymous")},
    }


def seen(claim: dict[str, Any]) -> dict[str, Any]:
    """What the reader judges. Offsets are left out: they depend on what a version takes from the page."""
    return {
        "voice": claim["voice"],
        "chain": [
            {
                "source": _source(link["source"]),
                "cue": link["cue"]["exact"] if link["cue"] else None,
                "act": link["act"],
                "negated": link["negated"],
                "addressees": [_source(one)["name"] or _source(one)["words"] for one in link["addressees"]],
            }
            for link in claim["attribution"]
        ],
        "text": claim["content"]["text"],
        "spans": [span["exact"] for span in claim["content"]["spans"]],
        "act": claim["act"],
        "polarity": claim["polarity"],
        "certainty": claim["modality"]["certainty"],
        "names": [[one["name"], one["type"]] for one in claim["entities"]],
        "times": [[one["span"]["exact"], one["timex"]] for one in claim["times"]],
        "quantities": [
            [one["span"]["exact"], one["min"], one["max"], one["unit"], one["approximate"]]
            for one in claim["quantities"]
        ],
    }


def key_of(page: str, judged: dict[str, Any]) -> str:
    """The same for the same claim of the same page, whichever version made it."""
    text = json.dumps([page, judged], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
