"""The page of the messages names every topic, field and word that the schemas have, and its links lead somewhere."""

from __future__ import annotations

import json
import re

import pytest

from tests.paths import ROOT

PAGE = (ROOT / "schemas/README.md").read_text(encoding="utf-8")
SCHEMAS = sorted((ROOT / "schemas").glob("*.v1.json"))


def _section(title):
    return re.search(rf"^### {title}\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)[1]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_field_and_word_of_a_message_is_on_the_page(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    for part in [schema, *schema["$defs"].values()]:
        section = _section(part["title"])
        missing = [name for name in [*part.get("properties", ()), *part.get("enum", ())] if f"`{name}`" not in section]
        assert missing == [], part["title"]
        for name in part.get("required", ()):
            assert re.search(rf"\| `{re.escape(name)}` \|[^|]*\| required", section), (part["title"], name)


def test_every_topic_of_the_asyncapi_document_is_on_the_page():
    document = json.loads((ROOT / "schemas/asyncapi.json").read_text(encoding="utf-8"))
    assert [c["address"] for c in document["channels"].values() if f"| `{c['address']}` |" not in PAGE] == []


def test_links_lead_to_a_heading_of_the_page():
    headings = {heading.casefold() for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings
