"""Comparison of two sides, the totals and the limits; the sides are lists here, topics and files elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from tests.replay.claims import event
from worker.contract.claim import Act, ClaimStatus, Polarity
from worker.contract.coordinates import Coordinates
from worker.replay.diff.differences import Differences
from worker.replay.diff.page import page
from worker.replay.diff.sides import ExtractedArticle, PassedRecord
from worker.replay.diff.summary import Examples, Limit, summarised
from worker.replay.diff.text import print_summary


class Listed:
    """A side whose records are given."""

    def __init__(self, name, claims=(), articles=None, passed=()):
        self.name, self._claims, self._passed = name, claims, passed
        uris = {c["article"]["uri"] for c in claims if "article" in c} if articles is None else articles
        self._articles = (
            [ExtractedArticle(u, Coordinates("raw", 0, 5)) for u in uris] if isinstance(uris, set) else uris
        )

    async def articles(self):
        for article in self._articles:
            yield article

    async def passed(self):
        for passed in self._passed:
            yield passed

    async def claims(self):
        for claim in self._claims:
            yield (claim["claim_id"], claim if "status" in claim else None)


async def _summary(before, after, examples=10, ignored=()):
    with Differences(ignored) as differences:
        await differences.fill(before, after)
        return summarised(differences, before.name, after.name, examples)


async def test_same_changed_gone_and_new_are_counted_by_field_act_and_publisher():
    before = [event(content=c, start=100 * i) for i, c in enumerate(["same", "changed", "gone away"])]
    after = [
        event(content="same", start=0, pipeline="2"),
        event(content="changed", start=100, polarity=Polarity.NEGATIVE),
        event(content="brand new", start=900, act=Act.ASK),
    ]
    summary = await _summary(Listed("live", before), Listed("r", after))
    assert (summary.same, summary.changed, summary.gone, summary.new) == (1, 1, 1, 1)
    assert (summary.before, summary.after, summary.different) == (3, 3, 3)
    assert dict(summary.by_field) == {"polarity": 1}
    assert dict(summary.by_act["assert"]) == {"same": 1, "changed": 1, "gone": 1}
    assert dict(summary.by_act["ask"]) == {"new": 1}
    assert sum(summary.by_publisher["The Example"].values()) == 4
    assert {c.kind for c in summary.examples} == {"changed", "gone", "new"}


async def test_articles_that_were_not_replayed_are_no_concern():
    before = [event(uri="u1"), event(uri="elsewhere")]
    summary = await _summary(Listed("live", before), Listed("r", [event(uri="u1")]))
    assert (summary.scope.articles, summary.before, summary.different) == (1, 1, 0)


async def test_an_article_replayed_to_nothing_loses_all_its_claims():
    summary = await _summary(Listed("live", [event(uri="u1")]), Listed("r", [], articles={"u1"}))
    assert (summary.gone, summary.after) == (1, 0)


async def test_an_article_that_is_newer_before_is_left_out():
    live = Listed("live", [event(content="later version")], articles=[ExtractedArticle("u1", Coordinates("raw", 0, 9))])
    summary = await _summary(live, Listed("r", [event()]))
    assert (summary.scope.newer, summary.scope.articles, summary.different) == (1, 0, 0)
    # of another partition no order is known
    live = Listed("live", [event()], articles=[ExtractedArticle("u1", Coordinates("raw", 1, 9))])
    assert (await _summary(live, Listed("r", [event()]))).scope.newer == 0


async def test_what_the_replay_passed_by_is_gone_with_its_reason():
    passed = [
        PassedRecord("u1", "dropped.language", Coordinates("raw", 0, 5)),
        PassedRecord("u2", "dead.not_json", Coordinates("raw", 0, 6)),
    ]
    summary = await _summary(Listed("live", [event(uri="u1")]), Listed("r", [], articles=set(), passed=passed))
    assert (summary.scope.passed, summary.scope.passed_with_claims, summary.gone) == (2, 1, 1)


async def test_only_what_stands_counts_and_the_last_word_on_an_id():
    first = event(confidence=0.2)
    live = [
        first,
        event(content="retracted later", start=300),
        event(content="retracted later", start=300, status=ClaimStatus.RETRACTED),
        event(confidence=0.9),
        {"claim_id": event(content="forgotten")["claim_id"]},
    ]
    after = [
        event(content="forgotten", start=300),
        event(content="forgotten", start=300, status=ClaimStatus.SUPERSEDED),
    ]
    summary = await _summary(Listed("live", live), Listed("r", [event(confidence=0.9), *after]))
    assert (summary.same, summary.different) == (1, 0)
    assert (await _summary(Listed("live", live), Listed("r", [first]))).changed == 1


async def test_ignored_fields_do_not_count():
    live, after = Listed("live", [event(confidence=0.2)]), Listed("r", [event(confidence=0.3)])
    assert (await _summary(live, after)).changed == 1
    assert (await _summary(live, after, ignored=("confidence",))).changed == 0


@pytest.mark.parametrize(
    ("limit", "exceeded"), [("10%", False), ("9.9 %", True), ("1", False), ("0", True), ("0%", True), ("100%", False)]
)
async def test_the_limit_is_a_part_of_what_was_before_or_a_number(limit, exceeded):
    before = [event(content=f"claim {i}", start=50 * i) for i in range(10)]
    after = [event(content="claim 0", start=0, act=Act.DENY), *before[1:]]
    summary = await _summary(Listed("live", before), Listed("r", after))
    assert summary.exceeds(Limit.parsed(limit)) is exceeded


@pytest.mark.parametrize("text", ["", "%", "two", "-1", "1.5", "nan", "inf%"])
def test_a_limit_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        Limit.parsed(text)


async def test_a_new_claim_where_there_was_none_exceeds_every_percentage():
    summary = await _summary(Listed("live", [], articles=set()), Listed("r", [event()]))
    assert summary.exceeds(Limit.parsed("50%"))


async def test_examples_show_every_sort_of_change_and_not_one_sort_only():
    before = [event(uri=f"u{i}", confidence=0.5) for i in range(50)]
    after = [event(uri=f"u{i}", confidence=0.6) for i in range(50)]
    after[7] = event(uri="u7", confidence=0.5, polarity=Polarity.NEGATIVE)
    summary = await _summary(Listed("live", before), Listed("r", after), examples=3)
    assert summary.examples[0].fields == ("polarity",)
    assert len(summary.examples) == 3
    assert Examples().chosen(5) == []


class _Checked(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.addresses = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action", "srcset")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


async def test_the_page_is_whole_by_itself_and_shows_what_the_text_says(capsys):
    sneaky = "<script>alert(1)</script> & more"
    before = [event(content=sneaky), event(content="old words here", start=300, publisher=None)]
    after = [event(content=sneaky, act=Act.DENY), event(content="new words here", start=300, publisher=None)]
    summary = await _summary(Listed("live", before), Listed("mill-2 (7)", after))
    text = page(summary)
    parser = _Checked()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    assert parser.addresses == []
    assert "<script" not in text
    assert not re.search(r"url\(|@import|https?://(?!news\.example)", text)
    shown = " ".join("".join(parser.text).split())
    for words in (
        "mill-2 (7) against live",
        sneaky,
        "prefers-color-scheme",
        "2 claims before, 2 after",
        "content.text",
    ):
        assert words in shown
    print_summary(summary, Console(width=120, force_terminal=False))
    told = capsys.readouterr().out
    assert "changed" in told
    assert sneaky in " ".join(told.split())
