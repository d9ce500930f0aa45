"""Writes schemas/ from the types, or checks that it is what they say: `python -m worker.contract.schemas DIR [--check]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
import orjson

from worker.contract.article import RawArticle
from worker.contract.claim import Claim
from worker.contract.dead_letter import DeadLetter
from worker.contract.examples import example_article, example_claim, example_dead_letter, example_extraction
from worker.contract.extraction import Extraction

__all__ = ["files"]

MESSAGES: dict[str, type] = {
    "raw-article": RawArticle,
    "extraction": Extraction,
    "claim": Claim,
    "dead-letter": DeadLetter,
}
VERSION = "v1"


def schema_of(name: str, message: type) -> dict[str, Any]:
    (top,), components = msgspec.json.schema_components([message], ref_template="#/$defs/{name}")
    title = top["$ref"].rsplit("/", 1)[1]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://claimwire.io/schemas/{name}.{VERSION}.json",
        **components.pop(title),
        "$defs": dict(sorted(components.items())),
    }


def files() -> dict[str, bytes]:
    """Name and bytes of every file in schemas/."""
    pretty = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    examples = {
        "raw-article": example_article(),
        "extraction": example_extraction(),
        "claim": example_claim(),
        "dead-letter": example_dead_letter(),
    }
    out = {}
    for name, message in MESSAGES.items():
        out[f"{name}.{VERSION}.json"] = orjson.dumps(schema_of(name, message), option=pretty)
        out[f"examples/{name}.{VERSION}.json"] = orjson.dumps(examples[name], option=pretty)
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file differs")
    args = parser.parse_args()
    wanted = files()
    differing = []
    for name, content in wanted.items():
        path: Path = args.folder / name
        if args.check:
            if not path.exists() or path.read_bytes() != content:
                differing.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name in differing:
        sys.stderr.write(f"{args.folder / name} is not what worker/contract says: run `make schemas`\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
