"""The short texts of sentences.jsonl and of the files that were written before the rules, with their claims."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from worker.contract.article import RawArticle

_PUBLISHED = datetime(2026, 11, 20, 12, tzinfo=UTC)


def sentences():
    """Objects with "id", "kind" (number), "text", "headline" (or none), "checks" and "fails" (or none)."""
    names = (
        "sentences",
        "articles",
        "more_articles",
        "reports",
        "frames",
        "standing_alone",
        "whole_texts",
        "notations",
        "source_frames",
        "names",
        "speakers",
        "meanings",
        "fresh_passages",
    )
    files = (Path(__file__).parent / f"{name}.jsonl" for name in names)
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def claims_of(pipeline, case):
    article = RawArticle(
        uri=case["id"], body=case["text"], headline=case.get("headline"), published_at=_PUBLISHED, language="en"
    )
    (outcome,) = pipeline.extract([article])
    return outcome.extraction.claims if hasattr(outcome, "extraction") else []
