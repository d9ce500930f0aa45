"""The AsyncAPI document: right by AsyncAPI's own schema, and true of topics and headers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import jsonschema
import pytest

from tests.contract.published.node_tools import NODE_TOOLS, needs_node_tools
from tests.paths import ROOT
from worker.contract.headers.cloud_events import CLAIM_TYPE, EXTRACTION_TYPE, TOMBSTONE_TYPE, cloud_event
from worker.contract.topics import Topics

SCHEMAS = ROOT / "schemas"


@pytest.fixture
def document():
    return json.loads((SCHEMAS / "asyncapi.json").read_text(encoding="utf-8"))


@needs_node_tools
def test_it_is_right_by_the_schema_of_asyncapi(document):
    text = (NODE_TOOLS / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json").read_text(encoding="utf-8")
    validator = jsonschema.Draft7Validator(json.loads(text))
    assert list(validator.iter_errors(document)) == []
    del document["info"]["title"]
    assert list(validator.iter_errors(document))


def _refs(part):
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from _refs(value)
    elif isinstance(part, list):
        for value in part:
            yield from _refs(value)


def test_every_reference_leads_somewhere(document):
    references = list(_refs(document))
    assert references
    for reference in references:
        file, _, path = reference.partition("#")
        assert not file or (SCHEMAS / file).is_file(), reference
        at = document
        for name in path.strip("/").split("/") if not file else ():
            at = at[name]


def test_its_topics_are_configured_as_the_worker_makes_them(document):
    specs = {spec.name: spec for spec in Topics().specs(link=True)}
    for channel in document["channels"].values():
        spec = specs[channel["address"]]
        for name, value in channel["bindings"]["kafka"]["topicConfiguration"].items():
            assert spec.config[name] == (",".join(value) if isinstance(value, list) else str(value))


@pytest.mark.parametrize(
    ("message", "kind", "file"),
    [("claim", CLAIM_TYPE, "claim"), ("extraction", EXTRACTION_TYPE, "extraction"), ("claim", TOMBSTONE_TYPE, None)],
)
def test_the_headers_are_those_that_events_have(document, message, kind, file):
    at = datetime(2026, 11, 29, tzinfo=UTC)
    headers = dict(cloud_event(kind=kind, event_id="i", source="/s", subject="u", at=at, carried=[]))
    schema = document["components"]["messages"][message]["headers"]
    jsonschema.validate({name: value.decode() for name, value in headers.items()}, schema)
    assert headers.keys() <= schema["properties"].keys()
    if file is None:
        assert "ce_dataschema" not in headers
    else:
        described = json.loads((SCHEMAS / f"{file}.v1.json").read_text(encoding="utf-8"))
        assert headers["ce_dataschema"].decode() == described["$id"]
