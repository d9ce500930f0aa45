"""Commands that write files: what is there stays, unless --force is given."""

from __future__ import annotations

import orjson
import pytest
from click.testing import CliRunner

from worker.cli import main

NOWHERE = ["--brokers", "127.0.0.1:1"]


@pytest.mark.parametrize(
    "command",
    [
        ["dump", *NOWHERE, "articles.raw", "FILE"],
        ["diff", *NOWHERE, "may", "--html", "FILE"],
        ["diff", *NOWHERE, "may", "--json", "FILE"],
    ],
)
def test_a_file_that_is_there_is_named_before_kafka_is_asked(tmp_path, command):
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf-8")
    ended = CliRunner().invoke(main, [str(path) if part == "FILE" else part for part in command])
    assert ended.exit_code == 2
    assert ended.output == f"Error: {path}: is there already; --force replaces it\n"
    assert path.read_text(encoding="utf-8") == "old"


def test_eval_replaces_its_predictions_with_force_alone(tmp_path):
    gold, path = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    attribution = {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 35]]}
    article = {
        "id": 7,
        "text": "Anna Lind said that taxes will rise.",
        "annotations": [{"attributions": [attribution]}],
    }
    gold.write_bytes(orjson.dumps(article) + b"\n")
    path.write_text("old", encoding="utf-8")
    command = ["eval", "--rules-only", str(gold), "--predictions", str(path)]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2
    assert "is there already" in refused.output
    assert path.read_text(encoding="utf-8") == "old"
    assert CliRunner().invoke(main, [*command, "--force"]).exit_code == 0
    assert orjson.loads(path.read_bytes())["id"] == 7
