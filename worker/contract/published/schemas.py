"""Writes schemas/ from the types, or checks that it matches them.

python -m worker.contract.published.schemas DIR [--check]
"""

from __future__ import annotations

import argparse
import inspect
import sys
from pathlib import Path

import msgspec
import orjson

from worker.contract.alert import Alert, Watch
from worker.contract.article import RawArticle
from worker.contract.article_group import ArticleGroup
from worker.contract.claim import Claim
from worker.contract.dead_letter import DeadLetter
from worker.contract.extraction import Extraction
from worker.contract.headers.cloud_events import SCHEMAS_AT
from worker.contract.published.asyncapi import asyncapi
from worker.contract.published.examples import (
    article_message,
    example_alert,
    example_article_group,
    example_claim,
    example_cluster,
    example_dead_letter,
    example_extraction,
    example_relation,
    example_review,
    example_standing,
    example_watch,
)
from worker.contract.published.openapi import openapi
from worker.contract.published.reader_page import reader_page
from worker.contract.published.reader_types import python_types, typescript_types
from worker.contract.relation import ClaimCluster, ClaimRelation
from worker.contract.review import Review
from worker.contract.standing import ClaimStanding

__all__ = ["files"]

MESSAGES: dict[str, type] = {
    "raw-article": RawArticle,
    "extraction": Extraction,
    "claim": Claim,
    "dead-letter": DeadLetter,
    "relation": ClaimRelation,
    "cluster": ClaimCluster,
    "standing": ClaimStanding,
    "article-group": ArticleGroup,
    "watch": Watch,
    "alert": Alert,
    "review": Review,
}
VERSION = "v1"
_OF_NOTES = ("Notes", "ArticleWarning", "WarningKind")


def schema_of(name: str, message: type) -> dict[str, object]:
    (top,), components = msgspec.json.schema_components([message], ref_template="#/$defs/{name}")
    title = top["$ref"].rsplit("/", 1)[1]
    if message is RawArticle:  # how it was read is no part of the message
        components[title]["properties"].pop("notes")
        components = {kind: part for kind, part in components.items() if kind not in _OF_NOTES}
    for component in components.values():
        if "description" in component:  # a docstring: compilers before Python 3.13 leave its indentation in
            component["description"] = inspect.cleandoc(component["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SCHEMAS_AT}{name}.{VERSION}.json",
        **components.pop(title),
        "$defs": dict(sorted(components.items())),
    }


def files() -> dict[str, bytes]:
    """The content of every file in schemas/, by its name."""
    pretty = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    examples = {
        "raw-article": article_message(),
        "extraction": example_extraction(),
        "claim": example_claim(),
        "dead-letter": example_dead_letter(),
        "relation": example_relation(),
        "cluster": example_cluster(),
        "standing": example_standing(),
        "article-group": example_article_group(),
        "watch": example_watch(),
        "alert": example_alert(),
        "review": example_review(),
    }
    schemas = {name: schema_of(name, message) for name, message in MESSAGES.items()}
    out = {}
    for name, schema in schemas.items():
        out[f"{name}.{VERSION}.json"] = orjson.dumps(schema, option=pretty)
        out[f"examples/{name}.{VERSION}.json"] = orjson.dumps(examples[name], option=pretty)
    topics = asyncapi(VERSION)
    out["asyncapi.json"] = orjson.dumps(topics, option=pretty)
    out["README.md"] = reader_page(topics, schemas, VERSION).encode()
    out["openapi.json"] = orjson.dumps(openapi(VERSION), option=pretty)
    out["types/claimwire.ts"] = typescript_types(schemas.values()).encode()
    out["types/claimwire_messages.py"] = python_types(schemas.values()).encode()
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
        sys.stderr.write(f"{args.folder / name} does not match worker/contract: run `make schemas`\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
