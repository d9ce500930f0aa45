"""Schemas against those of the last release, in schemas/released: no program of others may fail at a change.

A change that cannot be made in any other way gets a new version in the schema's name, and so a new type of event.
"""

from __future__ import annotations

import copy
import json

import pytest

from tests.paths import ROOT
from worker.contract.published.compatibility import broken_for_readers, broken_for_writers

RELEASED = ROOT / "schemas" / "released"


def schema(folder, name):
    return json.loads((folder / f"{name}.v1.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["claim", "extraction", "dead-letter"])
def test_who_reads_by_the_released_schema_can_read_on(name):
    assert broken_for_readers(schema(RELEASED, name), schema(RELEASED.parent, name)) == []


def test_who_writes_articles_by_the_released_schema_can_write_on():
    name = "raw-article"
    assert broken_for_writers(schema(RELEASED, name), schema(RELEASED.parent, name)) == []


@pytest.fixture
def old():
    return {
        "type": "object",
        "required": ["id", "kind"],
        "properties": {
            "id": {"type": "string"},
            "kind": {"$ref": "#/$defs/Kind"},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "rows": {"type": "array", "items": {"type": "integer"}},
        },
        "$defs": {"Kind": {"enum": ["a", "b"]}},
    }


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def test_a_new_field_breaks_nobody(old, new):
    new["properties"]["more"] = {"type": "string"}
    assert broken_for_readers(old, new) == broken_for_writers(old, new) == []


def test_a_field_that_is_gone_breaks_both(old, new):
    del new["properties"]["note"]
    assert broken_for_readers(old, new) == ["$.note: is not there any more"]
    assert broken_for_writers(old, new) == ["$.note: is not read any more"]


def test_a_field_that_need_not_be_there_breaks_readers(old, new):
    new["required"] = ["id"]
    assert broken_for_readers(old, new) == ["$.kind: is expected and need not be there"]
    assert broken_for_writers(old, new) == []


def test_a_field_that_must_be_there_breaks_writers(old, new):
    new["required"].append("note")
    assert broken_for_readers(old, new) == []
    assert broken_for_writers(old, new) == ["$.note: is expected and need not be there"]


def test_a_new_word_breaks_readers_and_a_word_less_breaks_writers(old, new):
    new["$defs"]["Kind"]["enum"] = ["a", "c"]
    assert broken_for_readers(old, new) == ["$.kind: has words that are not expected: c"]
    assert broken_for_writers(old, new) == ["$.kind: has words that are not expected: b"]


def test_another_type_breaks_whoever_does_not_expect_it(old, new):
    new["properties"]["note"] = {"type": "string"}
    new["properties"]["rows"]["items"] = {"type": "number"}
    assert broken_for_readers(old, new) == ["$.rows[]: can be number, where only integer is expected"]
    assert broken_for_writers(old, new) == ["$.note: can be null, where only string is expected"]
