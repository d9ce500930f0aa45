"""`claimwire link`: claims of files in, relations and clusters out, each valid against its schema."""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from tests.link.relations.making import made_claim
from tests.paths import ROOT
from worker.cli import main
from worker.contract.codec import encode

OPEN = made_claim("The northern quay was open", subject="the northern quay")
SHUT = made_claim(
    "The northern quay was closed", source="Port of Lund", uri="https://b.example/1", subject="the northern quay"
)
AGAIN = made_claim(
    "The northern quay was open", uri="https://c.example/1", day="2026-03-05", subject="the northern quay"
)


def link(*arguments, given=None):
    return CliRunner(mix_stderr=False).invoke(main, ["link", *arguments], input=given)


def lines_of(*claims):
    return b"".join(encode(claim) + b"\n" for claim in claims)


def test_relations_and_clusters_are_printed_as_their_schemas_say(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_bytes(lines_of(OPEN, SHUT, AGAIN))
    result = link(str(file))
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    for name, key in (("relation", "relation_id"), ("cluster", "cluster_id")):
        schema = json.loads((ROOT / "schemas" / f"{name}.v1.json").read_text(encoding="utf-8"))
        of_kind = [line for line in found if key in line]
        assert of_kind
        for line in of_kind:
            jsonschema.validate(line, schema)
    assert {line["relation"] for line in found if "relation" in line} == {"restates", "contradicts"}
    assert "3 claims" in result.stderr


def test_standard_input_gives_the_same_as_a_file(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_bytes(lines_of(OPEN, SHUT, AGAIN))
    assert link("-", given=lines_of(OPEN, SHUT, AGAIN)).stdout == link(str(file)).stdout


def test_a_line_that_is_no_claim_is_named_and_passed_over(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_bytes(lines_of(OPEN) + b'{"claim_id": 3}\n' + lines_of(SHUT))
    result = link(str(file))
    assert result.exit_code == 1
    assert f"{file}:2: no claim event" in result.stderr
    assert '"contradicts"' in result.stdout


def test_a_dump_of_the_topic_is_read_with_its_deletions(tmp_path):
    def record(offset, claim, *, deleted=False):
        return json.dumps(
            {
                "topic": "claims",
                "partition": 0,
                "offset": offset,
                "timestamp": 0,
                "key": claim.claim_id,
                "headers": [],
                "value": None if deleted else encode(claim).decode(),
            }
        )

    file = tmp_path / "claims.jsonl"
    whole = [record(0, OPEN), record(1, SHUT)]
    file.write_text("\n".join(whole), encoding="utf-8")
    assert '"contradicts"' in link(str(file)).stdout
    file.write_text("\n".join([*whole, record(2, SHUT, deleted=True)]), encoding="utf-8")
    assert link(str(file)).stdout == ""


@pytest.mark.parametrize("arguments", [["--least", "1"], ["--days", "1", "--no-clusters"]])
def test_options_leave_out_what_they_say(tmp_path, arguments):
    file = tmp_path / "claims.jsonl"
    file.write_bytes(lines_of(OPEN, AGAIN))
    assert '"relation"' not in link(str(file), *arguments).stdout


def test_a_file_that_is_not_there_is_an_error_of_the_user():
    result = link("nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl" in result.stderr
