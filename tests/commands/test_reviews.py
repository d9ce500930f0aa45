"""Reviews added, listed and withdrawn by the command; and what it says of those that are none."""

from __future__ import annotations

import json

import orjson
import pytest
from click.testing import CliRunner

from tests.link.relations.making import made_claim
from tests.running import claimwire, prepare, read_all
from worker.cli import main
from worker.contract.codec import decoded_json
from worker.operate.claim_review import TO_COMPLETE, claim_review

URL = "https://checks.example/quay"
COMPLETED = {
    "author": {"@type": "Organization", "name": "The Checkers"},
    "url": URL,
    "datePublished": "2026-03-05",
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "worstRating": 1, "bestRating": 5, "alternateName": "False"},
}
CLAIM = made_claim("The northern quay was closed for 12 weeks", source="Anna Lind")
REVIEW = claim_review([CLAIM]) | COMPLETED
PAGE = """<html><head><title>Quay</title>
<script type="application/ld+json">{}</script></head><body><p>We looked into it.</p></body></html>"""


def dry(*arguments, given=None):
    done = CliRunner(mix_stderr=False).invoke(main, ["reviews", "add", "--dry-run", *map(str, arguments)], input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [orjson.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_a_draft_that_a_fact_checker_completed_is_a_review(tmp_path):
    assert COMPLETED.keys() == set(TO_COMPLETE)
    file = tmp_path / "review.json"
    file.write_text(json.dumps(REVIEW), encoding="utf-8")
    code, (review,), said = dry(file)
    assert (code, said) == (0, "1 reviews read; 0 refused\n")
    assert review["claim"] == "The northern quay was closed for 12 weeks"
    assert (review["claimant"], review["claimed_at"]) == ("Anna Lind", "2026-03-02T08:00:00Z")
    assert review["appearances"] == [CLAIM.article.uri]
    assert review["rating"] == {"words": "False", "value": 1.0, "worst": 1.0, "best": 5.0}
    assert [time["span"]["exact"] for time in review["times"]] == ["12 weeks"]


def test_a_page_lines_and_a_feed_are_read(tmp_path):
    (tmp_path / "page.html").write_text(PAGE.format(json.dumps(REVIEW)), encoding="utf-8")
    other = REVIEW | {"url": f"{URL}/2"}
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(REVIEW)}\n{json.dumps(other)}\n", encoding="utf-8")
    feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}, {"item": [other]}]}
    (tmp_path / "feed.json").write_text(json.dumps(feed), encoding="utf-8")
    code, reviews, _ = dry(*(tmp_path / name for name in ("page.html", "lines.jsonl", "feed.json")))
    assert code == 0
    assert [review["url"] for review in reviews] == [URL, URL, f"{URL}/2", URL, f"{URL}/2"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", json.dumps(REVIEW | {"reviewRating": {}}), "there is no verdict"),
        ("a.json", json.dumps({"@type": "NewsArticle"}), "there is no ClaimReview in it"),
        ("a.json", '{"@type": "ClaimReview", ', "not JSON"),
        ("a.html", "<html><body>Nothing.</body></html>", "there is no ClaimReview in it"),
        ("a.json", "", "there is no ClaimReview in it"),
    ],
)
def test_what_is_refused_is_named_with_what_becomes_of_it(tmp_path, name, content, says):
    bad, good = tmp_path / name, tmp_path / "good.json"
    bad.write_text(content, encoding="utf-8")
    good.write_text(json.dumps(REVIEW), encoding="utf-8")
    code, reviews, said = dry(bad, good)
    assert (code, len(reviews)) == (1, 1)
    refused, counted = said.splitlines()
    assert refused.startswith(str(bad))
    assert says in refused
    assert refused.endswith("It is not published")
    assert counted == "1 reviews read; 1 refused"


def test_a_review_among_others_is_named_by_its_place_and_address(tmp_path):
    file = tmp_path / "feed.json"
    bad = REVIEW | {"url": f"{URL}/bad", "datePublished": "\x1b[2Jsoon"}
    file.write_text(json.dumps([REVIEW, bad]), encoding="utf-8")
    code, _, said = dry(file)
    assert code == 1
    assert said.startswith(f"{file}[1] ({URL}/bad): datePublished is")
    assert "\x1b" not in said


async def test_reviews_are_published_listed_and_withdrawn(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, link=True)
    file = tmp_path / "reviews.json"
    file.write_text(json.dumps([REVIEW, REVIEW | {"url": f"{URL}/2", "author": {"name": "Others"}}]), encoding="utf-8")
    added = claimwire(kafka, topics_prefix, "reviews", "add", str(file))
    assert (added.returncode, added.stderr) == (0, b"2 reviews published; 0 refused\n")
    listed = claimwire(kafka, topics_prefix, "reviews", "ls").stdout.decode()
    assert "2026-03-05  The Checkers: False" in listed
    assert "    Anna Lind: The northern quay was closed for 12 weeks" in listed
    assert claimwire(kafka, topics_prefix, "reviews", "rm", URL).returncode == 0
    (left,) = map(orjson.loads, claimwire(kafka, topics_prefix, "reviews", "ls", "--json").stdout.splitlines())
    assert left["author"] == "Others"
    none = claimwire(kafka, topics_prefix, "reviews", "rm", URL)
    assert none.returncode == 1
    assert b"no review of that id or address" in none.stderr
    records = await read_all(kafka, topics.reviews)
    assert {record.key.decode(): record.value is None for record in records}[left["review_id"]] is False
    assert [decoded_json(record.value)["review_id"] for record in records if record.value] == [
        record.key.decode() for record in records if record.value
    ]
    assert len([record for record in records if record.value is None]) == 1


async def test_without_the_topic_the_command_says_so(kafka, topics_prefix, tmp_path):
    await prepare(kafka, topics_prefix)
    file = tmp_path / "review.json"
    file.write_text(json.dumps(REVIEW), encoding="utf-8")
    ended = claimwire(kafka, topics_prefix, "reviews", "add", str(file))
    assert ended.returncode not in (0, 2)
    assert b"claims.reviews" in ended.stderr
    assert b"Traceback" not in ended.stderr
