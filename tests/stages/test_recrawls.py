"""Texts that come again: the same extraction without the models, or an extraction of its own; never a wrong one."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from tests.golden.folders import DEVELOPMENT
from worker.contract.article import ArticleStatus, RawArticle
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline, Reading
from worker.stages.recrawls import CLAIMS, PARSES, RecrawlCache, code_digest

UNDATED = RawArticle(
    uri="https://news.example/bridge",
    headline="Bridge is unsafe",
    body="The clerk said the bridge was not safe.\n\nThe mayor denied that the town had never paid for it.",
    published_at=datetime(2026, 3, 4, 9, tzinfo=UTC),
)
RELATIVE = replace(UNDATED, body=UNDATED.body + "\n\nThe clerk said it would close on Friday.")


@pytest.fixture
def cache(tmp_path):
    return opened(tmp_path)


def opened(folder, **changed):
    options = {"max_bytes": 1 << 24, "days": 7, "code": b"code"} | changed
    return RecrawlCache(folder / "recrawls.sqlite", **options)


def remembering(pipeline, cache):
    """The pipeline of the tests with a cache, and the names of the steps that it went through."""
    steps = []
    parts = pipeline._models
    with_cache = Pipeline(parts.parser, parts.attribution, lap=steps.append, known=cache)
    return with_cache, steps


def extraction(pipeline, article):
    (outcome,) = pipeline.extract([article])
    assert isinstance(outcome, Extracted), outcome
    return orjson.dumps(outcome.extraction)


def hits(cache, name=CLAIMS):
    """Since the last call."""
    return {counted: found for counted, found, _ in cache.since_last()}.get(name, 0)


def test_a_text_that_comes_again_has_the_same_extraction_without_the_models(rules, cache):
    with_cache, steps = remembering(rules, cache)
    first = extraction(with_cache, UNDATED)
    steps.clear()
    assert extraction(with_cache, UNDATED) == first == extraction(rules, UNDATED)
    assert steps == ["clean", "language", "known"]
    assert hits(cache) == 1


def test_a_new_version_of_the_same_text_has_its_own_fields_in_each_claim(rules, cache):
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    newer = replace(UNDATED, version="2", publisher="Another Post", updated_at=datetime(2026, 3, 5, tzinfo=UTC))
    assert extraction(with_cache, newer) == extraction(rules, newer)
    assert hits(cache) == 1


@pytest.mark.parametrize(("article", "name"), [(UNDATED, CLAIMS), (RELATIVE, PARSES)])
def test_another_day_of_publication_needs_no_model_whether_or_not_a_time_is_counted_from_it(
    rules, cache, article, name
):
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, article)
    later = replace(article, published_at=article.published_at + timedelta(days=3))
    wanted = extraction(rules, later)
    with_cache._models = replace(with_cache._models, parser=Unpacking(rules._models.parser))
    hits(cache)
    assert extraction(with_cache, later) == wanted
    assert hits(cache, name) == 1


class Unpacking:
    """A parser that gives back what was parsed, and parses nothing."""

    def __init__(self, parser):
        self.unpacked, self.packed = parser.unpacked, parser.packed

    def __call__(self, text):
        raise AssertionError("it was parsed again")


def test_after_another_day_the_claims_are_known_for_that_one(rules, cache):
    with_cache, _ = remembering(rules, cache)
    later = replace(RELATIVE, published_at=RELATIVE.published_at + timedelta(days=3))
    for article in (RELATIVE, later, later):
        assert extraction(with_cache, article) == extraction(rules, article)
    assert hits(cache) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"headline": "The clerk said the bridge will close"},
        {"headline": None},
        {"uri": "https://news.example/other"},
        {"body": UNDATED.body + "\n\nShe said so twice."},
        {"body": UNDATED.body.replace("\n\n", " ")},
    ],
)
def test_what_the_claims_depend_on_is_extracted_again_when_it_changes(rules, cache, changed):
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    other = replace(UNDATED, **changed)
    assert extraction(with_cache, other) == extraction(rules, other)
    assert hits(cache) == 0


def test_a_cancelled_article_has_no_claims_though_its_text_is_known(rules, cache):
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    canceled = replace(UNDATED, status=ArticleStatus.CANCELED)
    assert orjson.loads(extraction(with_cache, canceled))["claims"] == []


def test_no_stage_behind_the_key_reads_a_field_that_is_not_in_it(rules):
    """Of the article only what `text_key` has: with any other value of all other fields the claims are the same."""
    parts = rules._models
    one, other = (
        Reading(article, parts)
        for article in (
            RELATIVE,
            replace(
                RELATIVE,
                version="7",
                publisher="Another Post",
                byline="Ann Other",
                section="Sport",
                language="en",
                updated_at=datetime(2020, 1, 1, tzinfo=UTC),
                embargoed_until=datetime(2030, 1, 1, tzinfo=UTC),
                published_at=RELATIVE.published_at + timedelta(hours=5),
            ),
        )
    )
    for reading in (one, other):
        assert reading.run(Reading.stages(), lambda _: None) is None
    assert [replace(claim, article=one.article) for claim in other.claims] == one.claims


@pytest.mark.slow
def test_the_hand_judged_articles_come_out_of_the_cache_byte_for_byte(pipeline, cache):
    with_cache, _ = remembering(pipeline, cache)
    articles = []
    for file in sorted(DEVELOPMENT.glob("*.json")):
        gold = orjson.loads(file.read_bytes())
        at = datetime.fromisoformat(gold["published_at"])
        articles.append(RawArticle(uri=gold["id"], headline=gold["headline"], body=gold["text"], published_at=at))
    first = [extraction(with_cache, article) for article in articles]
    assert hits(cache) == 0
    assert [extraction(with_cache, article) for article in articles] == first
    assert hits(cache) == len(articles)
    later = [replace(article, published_at=article.published_at + timedelta(days=40)) for article in articles]
    wanted = [extraction(pipeline, article) for article in later]
    assert [extraction(with_cache, article) for article in later] == wanted
    counts = {name: (found, missed) for name, found, missed in cache.since_last()}
    assert counts[CLAIMS][0] + counts[PARSES][0] == len(articles)
    assert counts[PARSES][1] == 0


@pytest.mark.parametrize("other", ["code", "options"])
def test_other_code_or_options_know_nothing(rules, tmp_path, other):
    with_cache, _ = remembering(rules, opened(tmp_path))
    extraction(with_cache, UNDATED)
    cache = opened(tmp_path, code=b"newer" if other == "code" else b"code")
    parts = rules._models
    changed = Pipeline(parts.parser, parts.attribution, known=cache, own_voice_min=0.9 if other == "options" else 0.1)
    extraction(changed, UNDATED)
    assert hits(cache) == 0


def test_the_code_has_another_digest_when_a_file_of_it_changes(tmp_path):
    for room in ("contract", "extraction"):
        (tmp_path / room).mkdir()
    file = tmp_path / "extraction" / "words.txt"
    file.write_text("said", encoding="utf-8")
    before = code_digest(tmp_path)
    assert code_digest(tmp_path) == before
    file.write_text("says", encoding="utf-8")
    assert code_digest(tmp_path) != before


def test_processes_share_a_file(rules, tmp_path):
    extraction(remembering(rules, opened(tmp_path))[0], UNDATED)
    other = opened(tmp_path)
    extraction(remembering(rules, other)[0], UNDATED)
    assert hits(other) == 1


def test_what_is_older_than_it_may_be_is_not_used_and_is_removed(rules, tmp_path):
    at = [1_000_000.0]
    cache = opened(tmp_path, now=lambda: at[0])
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    at[0] += 7 * 24 * 3600
    extraction(with_cache, UNDATED)
    assert hits(cache) == 0
    at[0] += 8 * 24 * 3600
    opened(tmp_path, now=lambda: at[0]).close()
    assert rows(tmp_path) == 0


def rows(folder):
    database = sqlite3.connect(folder / "recrawls.sqlite")
    try:
        return database.execute("SELECT count(*) FROM kept").fetchone()[0]
    finally:
        database.close()


def test_a_full_file_forgets_the_oldest_and_stays_within_its_bytes(rules, tmp_path):
    at = [0.0]
    cache = opened(tmp_path, max_bytes=64 * 4096, days=1e6, now=lambda: at[0])
    with_cache, _ = remembering(rules, cache)
    (outcome,) = rules.extract([UNDATED])
    claims = [replace(claim, article=replace(claim.article, headline="x")) for claim in outcome.extraction.claims]
    count = 600
    for number in range(count):
        at[0] += 24 * 3600
        cache.keep(number.to_bytes(32, "big"), None, claims * (1 + number % 7), None)
    assert (tmp_path / "recrawls.sqlite").stat().st_size <= 64 * 4096
    assert 20 < rows(tmp_path) < count
    assert cache.look_up((count - 1).to_bytes(32, "big"), "") is not None
    assert cache.look_up((0).to_bytes(32, "big"), "") is None
    assert extraction(with_cache, UNDATED) == extraction(rules, UNDATED)


@pytest.mark.parametrize("changed", ["day", "value"])
def test_a_row_that_is_not_as_it_was_written_is_not_used(rules, tmp_path, changed):
    with_cache, _ = remembering(rules, opened(tmp_path))
    extraction(with_cache, RELATIVE)
    database = sqlite3.connect(tmp_path / "recrawls.sqlite", isolation_level=None)
    new = {"day": "'*'", "value": "CAST(substr(value, 1, length(value) - 1) || x'00' AS BLOB)"}[changed]
    database.execute(f"UPDATE kept SET {changed} = {new}")  # noqa: S608 - words of this test
    database.close()
    cache = opened(tmp_path)
    later = replace(RELATIVE, published_at=RELATIVE.published_at + timedelta(days=changed == "day"))
    assert extraction(remembering(rules, cache)[0], later) == extraction(rules, later)
    assert [found for _, found, _ in cache.since_last()] == [0, 0]


def test_a_file_that_is_no_database_begins_empty(rules, tmp_path, caplog):
    (tmp_path / "recrawls.sqlite").write_bytes(b"no database" * 1000)
    cache = opened(tmp_path)
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    extraction(with_cache, UNDATED)
    assert hits(cache) == 1
    assert "it begins empty" in caplog.text


def test_where_the_disk_refuses_articles_are_extracted_and_it_is_said_once(rules, tmp_path, caplog):
    (tmp_path / "folder").write_text("a file where the folder should be", encoding="utf-8")
    cache = RecrawlCache(tmp_path / "folder" / "recrawls.sqlite", max_bytes=1 << 24, days=7, code=b"")
    with_cache, _ = remembering(rules, cache)
    for _ in range(2):
        assert extraction(with_cache, UNDATED) == extraction(rules, UNDATED)
    assert caplog.text.count("are extracted again, nothing is lost") == 1


@pytest.mark.parametrize("confidence", [1, "high"])
def test_claims_that_their_bytes_do_not_give_back_are_not_used(rules, cache, confidence):
    (outcome,) = rules.extract([UNDATED])
    cache.keep(bytes(32), None, [replace(outcome.extraction.claims[0], confidence=confidence)], None)
    assert cache.look_up(bytes(32), "") is None


def test_claims_that_have_no_bytes_are_not_kept(rules, cache, caplog):
    (outcome,) = rules.extract([UNDATED])
    cache.keep(bytes(32), None, [replace(outcome.extraction.claims[0], confidence=object())], None)
    assert cache.look_up(bytes(32), "") is None
    assert "are not kept" in caplog.text


def test_a_file_that_could_not_be_opened_is_opened_later(rules, tmp_path):
    blocking = tmp_path / "folder"
    blocking.write_text("a file where the folder should be", encoding="utf-8")
    cache = RecrawlCache(blocking / "recrawls.sqlite", max_bytes=1 << 24, days=7, code=b"")
    blocking.unlink()
    for _ in range(60):
        cache.look_up(bytes(32), "")
    with_cache, _ = remembering(rules, cache)
    for _ in range(2):
        extraction(with_cache, UNDATED)
    assert hits(cache) == 1


def test_a_file_that_breaks_while_it_is_used_begins_empty(rules, tmp_path):
    cache = opened(tmp_path)
    with_cache, _ = remembering(rules, cache)
    extraction(with_cache, UNDATED)
    cache._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cache._database.execute("PRAGMA cache_size = 0")
    file = tmp_path / "recrawls.sqlite"
    size = file.stat().st_size
    with file.open("r+b") as written:
        written.seek(100)
        written.write(b"\xff" * (size - 100))
    other = opened(tmp_path)
    for _ in range(60):
        other.look_up(bytes(32), "")
    with_cache, _ = remembering(rules, other)
    for _ in range(2):
        assert extraction(with_cache, UNDATED) == extraction(rules, UNDATED)
    assert hits(other) == 1


def test_a_file_that_is_larger_than_it_may_be_begins_empty(rules, tmp_path):
    cache = opened(tmp_path)
    (outcome,) = rules.extract([UNDATED])
    for number in range(400):
        cache.keep(number.to_bytes(32, "big"), None, outcome.extraction.claims, None)
    cache.close()
    assert (tmp_path / "recrawls.sqlite").stat().st_size > 64 * 4096
    smaller = opened(tmp_path, max_bytes=1)
    assert smaller.look_up(bytes(32), "") is None
    assert (tmp_path / "recrawls.sqlite").stat().st_size <= 64 * 4096
