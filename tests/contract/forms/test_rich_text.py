"""Texts that an editor keeps as a tree of blocks: each paragraph is one, and pictures are none."""

from __future__ import annotations

import json

import pytest

from worker.contract.codec import BrokenRecordError, decode_article

FIRST, SECOND, HEAD = "The board said the toll would rise.", "Ida Crewe denied it.", "What it costs"
HTML = f"<p>{FIRST}</p><h2>{HEAD}</h2><p>{SECOND}</p>"


def body(value):
    return decode_article(json.dumps({"uri": "u", "body": value}).encode()).body


def words(*texts, **more):
    return [{"type": "text", "text": text, **more} for text in texts]


DOCUMENTS = {
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": words("The board said ", "the toll", " would rise.")},
            {"type": "heading", "attrs": {"level": 2}, "content": words(HEAD)},
            {"type": "image", "attrs": {"src": "1.jpg"}},
            {"type": "paragraph"},
            {"type": "paragraph", "content": words(SECOND)},
        ],
    },
    "Slate": [
        {
            "type": "paragraph",
            "children": [{"text": "The board said "}, {"text": "the toll would rise.", "bold": True}],
        },
        {"type": "h2", "children": [{"text": HEAD}]},
        {
            "type": "paragraph",
            "children": [{"type": "link", "url": "/x", "children": [{"text": "Ida Crewe"}]}, {"text": " denied it."}],
        },
    ],
    "Lexical": {
        "root": {
            "type": "root",
            "children": [
                {"type": "paragraph", "children": words(FIRST)},
                {"type": "heading", "tag": "h2", "children": words(HEAD)},
                {"type": "paragraph", "children": words("Ida Crewe ", "denied it.")},
            ],
        }
    },
    "Contentful": {
        "nodeType": "document",
        "data": {},
        "content": [
            {"nodeType": "paragraph", "data": {}, "content": [{"nodeType": "text", "value": FIRST, "marks": []}]},
            {"nodeType": "heading-2", "data": {}, "content": [{"nodeType": "text", "value": HEAD, "marks": []}]},
            {"nodeType": "embedded-asset-block", "data": {"target": {}}, "content": []},
            {"nodeType": "paragraph", "data": {}, "content": [{"nodeType": "text", "value": SECOND, "marks": []}]},
        ],
    },
    "Portable Text": [
        {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": FIRST, "marks": []}]},
        {"_type": "image", "asset": {"_ref": "image-1"}},
        {"_type": "block", "style": "h2", "children": [{"_type": "span", "text": HEAD}]},
        {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": SECOND}]},
    ],
    "Draft.js": {
        "blocks": [
            {"key": "a", "type": "unstyled", "text": FIRST, "entityRanges": []},
            {"key": "b", "type": "header-two", "text": HEAD},
            {"key": "c", "type": "atomic", "text": " "},
            {"key": "d", "type": "unstyled", "text": SECOND},
        ],
        "entityMap": {},
    },
    "Editor.js": {
        "time": 1773131400000,
        "blocks": [
            {"type": "paragraph", "data": {"text": FIRST}},
            {"type": "header", "data": {"text": HEAD, "level": 2}},
            {"type": "delimiter", "data": {}},
            {"type": "paragraph", "data": {"text": SECOND}},
        ],
    },
    "Gutenberg": [
        {"blockName": "core/paragraph", "innerHTML": f"<p>{FIRST}</p>", "innerBlocks": []},
        {"blockName": "core/heading", "innerHTML": f"<h2>{HEAD}</h2>", "innerBlocks": []},
        {
            "blockName": "core/group",
            "innerHTML": "",
            "innerBlocks": [{"blockName": "core/paragraph", "innerHTML": SECOND}],
        },
    ],
    "rows of a table of our own": [
        {"type": "paragraph", "text": FIRST},
        {"type": "subheading", "text": HEAD},
        {"type": "image", "url": "https://i.example/1.jpg"},
        None,
        {"type": "paragraph", "text": SECOND},
    ],
}


@pytest.mark.parametrize("editor", DOCUMENTS)
def test_the_blocks_of_an_editors_document_are_paragraphs_and_headings(editor):
    assert body(DOCUMENTS[editor]) == HTML
    assert body(json.dumps(DOCUMENTS[editor])) == HTML


def test_lists_quotes_tables_and_captions_keep_their_kind():
    blocks = [
        {"type": "list", "data": {"items": ["Cars pay four.", "Bikes pay <b>nothing</b>."]}},
        {"type": "quote", "data": {"text": SECOND, "caption": "Ida Crewe"}},
        {"type": "table", "data": {"content": [["Cars", "4"], ["Bikes", "0"]]}},
        {"type": "image", "data": {"file": {"url": "1.jpg"}, "caption": "The pier."}},
    ]
    assert body({"blocks": blocks}) == (
        f"<li>Cars pay four.</li><li>Bikes pay <b>nothing</b>.</li><blockquote>{SECOND}</blockquote>"
        "<table><tr><td>Cars</td><td>4</td></tr><tr><td>Bikes</td><td>0</td></tr></table>"
        "<figure><figcaption>The pier.</figcaption></figure>"
    )


def test_the_operations_of_quill_are_paragraphs_where_they_break_the_line():
    operations = [{"insert": "The board said "}, {"insert": "the toll", "attributes": {"bold": True}}]
    operations += [{"insert": " would rise.\n"}, {"insert": {"image": "1.jpg"}}, {"insert": f"{SECOND} a < b\n"}]
    assert body({"ops": operations}) == f"<p>{FIRST}</p><p>{SECOND} a &lt; b</p>"


@pytest.mark.parametrize("depth", [5, 30, 300])
def test_a_document_inside_of_documents_gives_its_words_or_none(depth):
    words = b'{"type": "text", "text": "a b"}'
    value = b'[{"type": "p", "children": [' * depth + words + b"]}]" * depth
    try:
        text = decode_article(b'{"uri": "u", "body": %s}' % value).body
    except BrokenRecordError:
        return
    assert "{" not in text


def test_a_document_without_a_text_is_refused():
    with pytest.raises(BrokenRecordError, match="no part of it has a text"):
        body([{"type": "image", "url": "1.jpg"}, {"type": "divider"}])


def docs(text, style="NORMAL_TEXT"):
    runs = [{"textRun": {"content": text[:9]}}, {"textRun": {"content": f"{text[9:]}\n"}}]
    return {"paragraph": {"elements": runs, "paragraphStyle": {"namedStyleType": style}}}


def notion(kind, text):
    return {"object": "block", "type": kind, kind: {"rich_text": [{"type": "text", "plain_text": text}]}}


@pytest.mark.parametrize(
    "document",
    [
        {"content": [{"endIndex": 1, "sectionBreak": {}}, docs(FIRST), docs(HEAD, "HEADING_2"), docs(SECOND)]},
        [notion("paragraph", FIRST), notion("heading_2", HEAD), notion("paragraph", SECOND)],
        {
            "document": {
                "nodes": [
                    {"object": "block", "type": kind, "nodes": [{"object": "text", "leaves": [{"text": text}]}]}
                    for kind, text in (("paragraph", FIRST), ("heading-two", HEAD), ("paragraph", SECOND))
                ]
            }
        },
    ],
    ids=["Google Docs", "Notion", "an older Slate"],
)
def test_parts_inside_of_what_names_them_are_read(document):
    assert body(document).replace("\n", "") == HTML


def test_the_components_of_an_article_are_those_with_its_words():
    parts = [{"role": "body", "text": FIRST}, {"role": "photo", "URL": "1.jpg"}, {"role": "heading", "text": HEAD}]
    inside = {"role": "container", "components": [{"role": "body", "text": SECOND}]}
    article = decode_article(json.dumps({"identifier": "u", "components": [*parts, inside]}).encode())
    assert (article.uri, article.body) == ("u", HTML)
