"""Records made to be costly or to break the reader: each is read or refused, in time that grows with its size."""

from __future__ import annotations

import json
from time import process_time

import pytest

from worker.contract.codec import BrokenRecordError, decode_article, objects_inside
from worker.contract.documents import objects_in
from worker.contract.reasons import DeadReason

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
    assert list(objects_in(start * 60 + b"<x>")) == []


@pytest.mark.parametrize("kind", ["newsItem", "entry"])
def test_items_inside_of_items_are_read_once(kind):
    root = {"newsItem": "newsMessage", "entry": "feed"}[kind]

    def document(depth):
        inside = "<a>b</a>" * 5000
        return f"<{root}>{f'<{kind}>' * depth}{inside}{f'</{kind}>' * depth}</{root}>".encode()

    assert len(objects_inside(document(200))) == 1
    assert cost(lambda: objects_inside(document(200))) < 10 * cost(lambda: objects_inside(document(1))) + 0.5


def test_an_object_with_very_many_names_costs_no_more_for_each():
    def record(count):
        return json.dumps({"uri": "u", "body": BODY} | {f"a key {n}": n for n in range(count)}).encode()

    assert decode_article(record(50_000)).body == BODY
    assert cost(lambda: decode_article(record(80_000))) < 10 * cost(lambda: decode_article(record(20_000))) + 0.5
