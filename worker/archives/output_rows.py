"""The files of a replay's outputs: their names, their lines of JSON, and the columns of their Parquet tables.

FileSink writes them and the comparison (FileSide) reads them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import orjson

from worker.contract.headers.claimwire_headers import claimwire_fields
from worker.streaming.outcome import Output

__all__ = ["COLUMNS", "WHOLE", "OutputKind", "json_line", "table_row"]

OutputKind = Literal["claims", "extracted", "passed"]
"""The first part of a file's name. `passed`: dropped and dead records, without their values."""

WHOLE: Mapping[OutputKind, str] = {"claims": "claim", "extracted": "extraction", "passed": "passed"}
"""The column that holds the whole event as JSON. It is null in a row that stands for a deletion."""

COLUMNS: Mapping[OutputKind, dict[str, str]] = {
    "claims": {
        "claim_id": "string",
        "article_uri": "string",
        "article_version": "string",
        "publisher": "string",
        "published_at": "string",
        "status": "string",
        "voice": "string",
        "source": "string",
        "act": "string",
        "polarity": "string",
        "certainty": "string",
        "content": "string",
        "confidence": "double",
        "check_worthiness": "double",
        "claim": "string",
    },
    "extracted": {
        "article_uri": "string",
        "article_version": "string",
        "claims_count": "int32",
        "extraction": "string",
    },
    "passed": {"key": "string", "reason": "string", "passed": "string"},
}


def json_line(kind: OutputKind, output: Output) -> bytes:
    """One line, newline included: the event as in the topic; key and headers where the value is empty or null."""
    if kind == "passed" or output.value is None:
        headers = {name: value.decode("utf-8", "replace") for name, value in output.headers}
        return orjson.dumps({"key": _key(output), "headers": headers}, option=orjson.OPT_APPEND_NEWLINE)
    return output.value + b"\n"


def table_row(kind: OutputKind, output: Output) -> dict[str, object]:
    """The fields that a reader selects by, and the whole event as JSON in the column `WHOLE[kind]`."""
    if kind == "passed":
        reason = claimwire_fields(output.headers).get("reason", "")
        return {"key": _key(output), "reason": reason, "passed": json_line(kind, output).decode()}
    if output.value is None:  # a deletion: the other columns are null
        return {"claim_id" if kind == "claims" else "article_uri": _key(output)}
    event = orjson.loads(output.value)
    article = event["article"]
    row: dict[str, object] = {"article_uri": article["uri"], "article_version": article["version"]}
    if kind == "extracted":
        return row | {"claims_count": event["claims_count"], "extraction": output.value.decode()}
    chain = event["attribution"]
    row |= {
        name: event[name]
        for name in ("claim_id", "status", "voice", "act", "polarity", "confidence", "check_worthiness")
    }
    return row | {
        "publisher": article["publisher"],
        "published_at": article["published_at"],
        "source": chain[-1]["source"]["name"] if chain else None,
        "certainty": event["modality"]["certainty"],
        "content": event["content"]["text"],
        "claim": output.value.decode(),
    }


def _key(output: Output) -> str | None:
    return None if output.key is None else output.key.decode("utf-8", "replace")
