"""claimwire groups: copies of one text among the articles of files."""

from __future__ import annotations

import gzip

import orjson
import pytest
from click.testing import CliRunner

from tests.link.copies.stories import stories
from worker.archives.lines import record_line
from worker.cli import main
from worker.contract.article import RawArticle
from worker.streaming.record import Record

TEXTS = [text for _, text in stories(4, seed=8)]
AT = "2026-03-01T{:02}:00:00Z"


def article(uri, text, hour=9, **fields):
    made = {"uri": uri, "headline": f"Headline of {uri}", "body": text, "publisher": f"Post {uri}"}
    return orjson.dumps(made | {"published_at": AT.format(hour)} | fields)


def groups(*files):
    """Exit code, the groups, and what is on standard error."""
    ended = CliRunner(mix_stderr=False).invoke(main, ["groups", *map(str, files)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, [orjson.loads(line) for line in ended.stdout.splitlines()], ended.stderr


def test_copies_in_several_files_are_a_group_with_the_earliest_as_parent(tmp_path):
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl.gz"
    one.write_bytes(b"\n".join([article("b", TEXTS[0], 11), article("c", TEXTS[1])]))
    other.write_bytes(gzip.compress(article("a", TEXTS[0] + "\n\n" + " ".join(TEXTS[2].split()[:20]), 10)))
    for files in ((one, other), (other, one)):
        code, (group,), _ = groups(*files)
        assert code == 0
        assert group["parent"] == "a"
        assert [(m["uri"], m["publisher"], m["published"], m["kind"]) for m in group["members"]] == [
            ("a", "Post a", AT.format(10), "parent"),
            ("b", "Post b", AT.format(11), "copy"),
        ]
        assert group["members"][1]["share"] == 1.0


def test_of_a_dump_the_youngest_versions_count_and_deleted_articles_do_not(tmp_path):
    rows = [
        ("a", article("a", TEXTS[0], version="2")),
        ("a", article("a", TEXTS[1], version="1")),
        ("b", article("b", TEXTS[0])),
        ("c", article("c", TEXTS[0])),
        ("d", article("d", TEXTS[0])),
        ("c", None),
        ("d", article("d", TEXTS[0], status="canceled")),
    ]
    dump = tmp_path / "raw.jsonl"
    records = (Record("articles.raw", 0, place, 0, key.encode(), value, ()) for place, (key, value) in enumerate(rows))
    dump.write_bytes(b"".join(map(record_line, records)))
    code, (group,), _ = groups(dump)
    assert code == 0
    assert [member["uri"] for member in group["members"]] == ["a", "b"]


def test_extractions_are_read_as_the_worker_publishes_them(tmp_path, rules):
    body = (
        "The clerk said the bridge was not safe, and that the town council had never paid for the second survey of it. "
        * 3
    )
    lines = []
    for uri in "ab":
        (outcome,) = rules.extract([RawArticle(uri=uri, body=body, publisher=uri)])
        lines.append(orjson.dumps(outcome.extraction))
    file = tmp_path / "extracted.jsonl"
    file.write_bytes(b"\n".join([*lines, article("c", body)]))
    code, (group,), _ = groups(file)
    assert code == 0
    assert [member["uri"] for member in group["members"]] == ["c", "a", "b"]


def test_what_is_no_article_is_named_and_the_others_are_grouped(tmp_path):
    file = tmp_path / "some.jsonl"
    file.write_bytes(b"\n".join([article("a", TEXTS[0]), b'{"no": "article"}', article("b", TEXTS[0])]))
    code, found, told = groups(file)
    assert code == 1
    assert len(found) == 1
    assert "some.jsonl" in told
    assert "is left out" in told


@pytest.mark.parametrize("name", ["missing.jsonl", "article.docx"])
def test_a_file_that_cannot_be_read_is_a_wrong_question(tmp_path, name):
    code, found, told = groups(tmp_path / name)
    assert (code, found) == (2, [])
    assert name in told
