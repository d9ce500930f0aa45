"""Records made to be costly or to break the reader: each is read or refused, in time that grows with its size."""

from __future__ import annotations

import json
from time import process_time

import pytest

from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article, objects_inside
from worker.contract.documents import objects_in
from worker.contract.headers.cloud_events import trace_context
from worker.contract.reasons import DeadReason
from worker.extraction.text.clean import clean
from worker.submit.posted import BodyKind, NotTakenError, records_posted

BODY = "The harbour board said on Tuesday that the toll would rise."


def cost(work):
    before = process_time()
    work()
    return process_time() - before


@pytest.mark.parametrize("depth", [60, 400, 1000])
def test_what_is_nested_deeply_costs_its_field(depth):
    deep = b"[" * depth + b"]" * depth
    article = decode_article(b'{"uri": "u", "body": "%s", "authors": %s}' % (BODY.encode(), deep))
    assert (article.body, article.byline) == (BODY, None)


@pytest.mark.parametrize("depth", [60, 400, 1000])
@pytest.mark.parametrize(
    "around",
    [
        (b'{"uri": "u", "body": ', b"[", b'"x"', b"]", b"}"),
        (b'{"uri": "u", "value": ', b'{"a":', b'"x"', b"}", b"}"),
        (b'{"@context": "c", "@graph": ', b"[", b'"x"', b"]", b"}"),
        (b"", b"[", b'{"uri": "u", "body": "b"}', b"]", b""),
        (b"", b'{"mainEntity":', b'"x"', b"}", b""),
    ],
    ids=["body", "objects", "graph", "arrays", "entities"],
)
def test_an_article_that_is_nested_too_deeply_is_refused(depth, around):
    before, opens, inside, closes, after = around
    with pytest.raises(BrokenRecordError) as broken:
        decode_article(before + opens * depth + inside + closes * depth + after)
    assert broken.value.reason in (DeadReason.BAD_SCHEMA, DeadReason.UNKNOWN_SHAPE)


@pytest.mark.parametrize(
    "start",
    [b"<!---->", b"<!-- a --> ", b"<?xml version='1.0'?>", b"From: a\n" + b"Note: a b\n" * 60],
    ids=["comments", "comments and blanks", "declaration", "header lines"],
)
def test_what_stands_before_a_document_is_read_once(start):
    with pytest.raises(BrokenRecordError):
        decode_article(start * 60 + b"<x>")
    assert all(isinstance(value, BrokenRecordError) for _, value in objects_in(start * 60 + b"<x>"))


@pytest.mark.parametrize("kind", ["newsItem", "entry"])
def test_items_inside_of_items_are_read_once(kind):
    root = {"newsItem": "newsMessage", "entry": "feed"}[kind]

    def document(depth):
        inside = "<a>b</a>" * 5000
        return f"<{root}>{f'<{kind}>' * depth}{inside}{f'</{kind}>' * depth}</{root}>".encode()

    assert len(objects_inside(document(200))) == 1
    assert cost(lambda: objects_inside(document(200))) < 10 * cost(lambda: objects_inside(document(1))) + 0.5


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("publisher", "A" * 6000, "6000 characters"),
        ("headline", "A" * 6000, "6000 characters"),
        ("section", "A" * 6000, "6000 characters"),
        ("headline", "A" * 1001, "at most 1000"),
        ("publisher", "A" * 301, "at most 300"),
        ("version", "9" * 301, "at most 300"),
        ("version", "9" * 6000, "6000 characters"),
    ],
)
def test_a_field_that_each_claim_repeats_is_one_line(field, value, says):
    article = decode_article(json.dumps({"uri": "u", "body": BODY, field: value}).encode())
    assert getattr(article, field) in (None, "1")
    assert says in article.notes.warnings[0].says


def test_an_address_of_many_characters_is_none():
    with pytest.raises(BrokenRecordError, match="at most 4000"):
        decode_article(json.dumps({"uri": "u" * 4_001, "body": BODY}).encode())


TITLE = "A" * 100_000
FEEDS = {
    "JSON Feed": json.dumps({"title": TITLE, "items": [{"id": f"u{n}", "content_text": BODY} for n in range(300)]}),
    "graph": json.dumps(
        {
            "@context": "c",
            "@graph": [
                {"@id": "#o", "name": TITLE},
                *(
                    {"@type": "Article", "@id": f"u{n}", "articleBody": BODY, "publisher": {"@id": "#o"}}
                    for n in range(300)
                ),
            ],
        }
    ),
    "RSS": f"<rss><channel><title>{TITLE}</title>"
    + "".join(f"<item><link>u{n}</link><description>{BODY}</description></item>" for n in range(300))
    + "</channel></rss>",
}


@pytest.mark.parametrize("kind", FEEDS)
def test_what_the_articles_of_a_feed_share_is_repeated_only_where_it_is_short(kind):
    records = records_posted(FEEDS[kind].encode(), BodyKind.ONE_VALUE, "t", max_bytes=10**7, own_fields={}, headers=[])
    assert len(records) == 300
    assert sum(len(record.value) for record in records) < 300_000


def test_a_body_whose_articles_would_be_many_times_as_long_is_not_taken():
    feed = {"title": "A" * 1500, "items": [{"id": str(n), "text": "b"} for n in range(5000)]}
    with pytest.raises(NotTakenError) as refused:
        records_posted(json.dumps(feed).encode(), BodyKind.ONE_VALUE, "t", max_bytes=10**7, own_fields={}, headers=[])
    assert refused.value.too_large
    assert "repeated in each" in refused.value.refused[0].error


@pytest.mark.parametrize("name", ["articleBody", "author", "publisher", "headline"])
def test_a_page_that_describes_itself_too_deeply_is_read_without_that(name):
    described = f'{{"@type": "NewsArticle", "{name}": {"[" * 900}{"]" * 900}}}'
    page = (
        f'<!DOCTYPE html><head><script type="application/ld+json">{described}</script></head><body><p>{BODY}</p></body>'
    )
    assert clean(RawArticle(uri="u", body=page)).text == BODY


def test_a_trace_context_is_passed_on_where_it_is_one():
    parent = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    state = ("tracestate", b"a=1,b=2")
    assert trace_context([state, parent, ("traceparent", b"second")]) == [parent, state]
    assert trace_context([parent, ("tracestate", b"x" * 513)]) == [parent]
    assert trace_context([("traceparent", b"0" * 500_000), state]) == []


def test_an_object_with_very_many_names_costs_no_more_for_each():
    def record(count):
        return json.dumps({"uri": "u", "body": BODY} | {f"a key {n}": n for n in range(count)}).encode()

    assert decode_article(record(50_000)).body == BODY
    assert cost(lambda: decode_article(record(80_000))) < 10 * cost(lambda: decode_article(record(20_000))) + 0.5


def test_the_base_of_a_document_is_repeated_in_its_addresses_only_where_it_is_short():
    feed = b'<feed xml:base="https://x.example/' + b"a" * 100_000 + b'/">'
    entries = objects_inside(feed + b'<entry><link href="b"/><content>t</content></entry>' * 300 + b"</feed>")
    assert sum(len(json.dumps(entry)) for entry in entries) < 100_000


def test_a_refusal_is_short_whatever_is_refused():
    for value in (
        json.dumps({"a" * 500_000: 1}),
        "<" + "a" * 500_000 + "/>",
        json.dumps({"uri": "u", "body" + "x" * 9000: ""}),
    ):
        with pytest.raises(BrokenRecordError) as broken:
            decode_article(value.encode())
        assert len(broken.value.error) < 1000


@pytest.mark.parametrize(
    "body",
    [
        "00:00:01,000 --> 00:00:02,000\n" * 20_000,
        "<tt><p>" + "<p" * 200_000,
        "1:" * 200_000 + " --> ",
        "WEBVTT\n1\n00:01.0 --> 00:02.0\n" + "<a" * 200_000,
    ],
    ids=["times", "parts without an end", "half a time", "tags without an end"],
)
def test_captions_are_read_once(body):
    assert cost(lambda: clean(RawArticle(uri="u", body=body))) < 5
