"""Records as databases, content management systems and services put them: changes of rows, fields beside an id."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from worker.contract.article import ArticleStatus, WarningKind
from worker.contract.codec import BrokenRecordError, decode_article, objects_inside
from worker.contract.reasons import DeadReason

URL = "https://gazette.example/toll"
BODY = "The harbour board said on Tuesday that the toll would rise."
AT = "2026-03-04T09:00:00Z"
ROW = {"url": URL, "title": "Toll rises", "body": BODY}
LATER = datetime(2026, 3, 4, 9, tzinfo=UTC)


def read(value):
    return decode_article(value if isinstance(value, bytes) else json.dumps(value).encode())


def dynamo(row):
    return {key: {"S": value} for key, value in row.items()}


def wal(row):
    return [{"name": key, "type": "text", "value": value} for key, value in row.items()]


CHANGES = {
    "Debezium of MongoDB": (
        {"op": "c", "before": None, "after": json.dumps(ROW)},
        {"op": "d", "before": json.dumps(ROW)},
    ),
    "GoldenGate": (
        {"table": "A", "op_type": "U", "before": {"url": URL}, "after": ROW},
        {"table": "A", "op_type": "D", "before": ROW},
    ),
    "Maxwell": (
        {"database": "cms", "table": "a", "type": "update", "data": ROW, "old": {"body": "x"}},
        {"database": "cms", "table": "a", "type": "delete", "data": ROW},
    ),
    "Canal": (
        {"database": "cms", "table": "a", "type": "INSERT", "isDdl": False, "data": [ROW], "old": None},
        {"database": "cms", "table": "a", "type": "DELETE", "isDdl": False, "data": [ROW]},
    ),
    "AWS DMS": (
        {"data": ROW, "metadata": {"operation": "insert", "table-name": "a"}},
        {"data": ROW, "metadata": {"operation": "delete", "table-name": "a"}},
    ),
    "DynamoDB": (
        {"eventName": "MODIFY", "dynamodb": {"NewImage": dynamo(ROW), "OldImage": dynamo({"url": URL, "body": "x"})}},
        {"eventName": "REMOVE", "dynamodb": {"Keys": dynamo({"url": URL})}},
    ),
    "MongoDB": (
        {"_id": {"_data": "8"}, "operationType": "replace", "ns": {"db": "c"}, "fullDocument": ROW},
        {"_id": {"_data": "8"}, "operationType": "delete", "ns": {"db": "c"}, "documentKey": {"_id": URL}},
    ),
    "wal2json": (
        {"action": "U", "schema": "public", "table": "a", "columns": wal(ROW)},
        {"action": "D", "schema": "public", "table": "a", "identity": wal({"url": URL})},
    ),
    "event": (
        {"event": "article.published", "id": "e1", "detail": ROW},
        {"event": "article.unpublished", "id": "e2", "detail": ROW},
    ),
    "ActivityPub": (
        {"type": "Update", "id": "1", "object": {"id": URL, "name": "Toll rises", "content": BODY}},
        {"type": "Delete", "id": "2", "object": {"id": URL, "type": "Tombstone"}},
    ),
    "EventBridge": (
        {"version": "0", "id": "e1", "detail-type": "ArticleUpdated", "source": "cms", "detail": ROW},
        {"version": "0", "id": "e2", "detail-type": "ArticleDeleted", "source": "cms", "detail": ROW},
    ),
    "CloudEvents": (
        {"specversion": "1.0", "id": "1", "source": "s", "type": "org.cms.article.updated", "data": ROW},
        {"specversion": "1.0", "id": "2", "source": "s", "type": "org.cms.article.deleted", "data": ROW},
    ),
}


@pytest.mark.parametrize("source", CHANGES)
def test_a_change_is_its_new_row_and_a_deletion_retracts_the_former_one(source):
    changed, deleted = CHANGES[source]
    article = read(changed)
    assert (article.uri, article.body, article.status) == (URL, BODY, ArticleStatus.USABLE)
    gone = read(deleted)
    assert (gone.uri, gone.status) == (URL, ArticleStatus.CANCELED)


RECORDS = {
    "Contentful": {
        "sys": {"id": "r1", "createdAt": "2026-03-01T00:00:00Z", "revision": 4},
        "fields": {"title": {"en-US": "Toll rises"}, "body": {"en-US": BODY}, "publishDate": {"en-US": AT}},
    },
    "JSON:API": {
        "jsonapi": {"version": "1.0"},
        "data": {
            "type": "node--article",
            "id": "r1",
            "attributes": {
                "title": "Toll rises",
                "status": True,
                "created": AT,
                "body": {"value": BODY, "summary": ""},
            },
        },
    },
    "Drupal": {
        "uuid": [{"value": "r1"}],
        "nid": [{"value": 12}],
        "status": [{"value": True}],
        "title": [{"value": "Toll rises"}],
        "created": [{"value": AT, "format": "c"}],
        "body": [{"value": BODY, "summary": ""}],
    },
    "Strapi": {"data": {"id": "r1", "attributes": {"title": "Toll rises", "content": BODY, "publishedAt": AT}}},
    "Storyblok": {"story": {"uuid": "r1", "published_at": AT, "content": {"headline": "Toll rises", "body": BODY}}},
    "Prismic": {
        "id": "r1",
        "first_publication_date": AT,
        "data": {"title": [{"type": "heading1", "text": "Toll rises"}], "body": BODY},
    },
    "Airtable": {"id": "r1", "createdTime": "x", "fields": {"Title": "Toll rises", "Text": BODY, "Published": AT}},
    "Kontent.ai": {
        "item": {
            "system": {"id": "r1", "codename": "toll"},
            "elements": {
                "title": {"type": "text", "value": "Toll rises"},
                "published_date": {"value": AT},
                "body_copy": {"type": "rich_text", "value": BODY},
            },
        }
    },
    "Solr": {"id": "r1", "title_t": "Toll rises", "content_txt_en": [BODY], "published_dt": AT},
    "Firecrawl": {
        "data": {"markdown": BODY, "metadata": {"title": "Toll rises", "sourceURL": "r1", "publishedTime": AT}}
    },
    "ActivityPub": {
        "type": "Create",
        "id": "r1#create",
        "object": {"id": "r1", "type": "Article", "name": "Toll rises", "content": BODY, "published": AT},
    },
    "microformats": {
        "type": ["h-entry"],
        "properties": {"name": ["Toll rises"], "content": [{"value": BODY}], "published": [AT], "url": ["r1"]},
    },
    "Reddit": {
        "kind": "t3",
        "data": {"id": "r1", "title": "Toll rises", "selftext": BODY, "created_utc": 1772614800.0},
    },
    "Dublin Core": {"dc:identifier": "r1", "dc:title": "Toll rises", "dcterms:issued": AT, "text": BODY},
    "X": {"id_str": "r1", "heading": "Toll rises", "full_text": BODY, "created_at": "Wed Mar 04 09:00:00 +0000 2026"},
}


@pytest.mark.parametrize("system", RECORDS)
def test_a_record_is_read_with_what_stands_beside_its_fields(system):
    article = read(RECORDS[system])
    assert (article.uri, article.headline, article.body) == ("r1", "Toll rises", BODY)
    assert article.published_at == LATER
    assert article.status is ArticleStatus.USABLE


def test_the_id_of_a_message_is_none_of_its_article():
    for message in (
        {"event": "published", "id": "e1", "published_at": AT, "data": {"title": "Toll", "body": BODY}},
        [{"id": "e1", "eventType": "x", "data": {"title": "Toll", "body": BODY}}],
    ):
        with pytest.raises(BrokenRecordError, match="no address"):
            read(message)


def test_what_stands_beside_the_fields_of_many_is_not_repeated_in_each():
    outer = {"title": "A" * 1000, "attributes": {"items": [{"id": str(n), "text": BODY} for n in range(50)]}}
    assert sum(len(json.dumps(item)) for item in objects_inside(json.dumps(outer).encode())) < 50 * 200


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (b"\x78\x9c\xab\x56\x2a\x2d\xca\x54\xb2\x52\x2a\x55\xaa\x05\x00\x19\x32\x03\x98", "packed with zlib"),
        (b"\x82SNAPPY\x00\x00\x00", "packed with Snappy"),
        (b"\x04\x22\x4d\x18abc", "packed with LZ4"),
        (b"\xc3\x01abcdefgh\x02", "Avro with the fingerprint"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"\xac\xed\x00\x05sr", "an object of Java"),
        (b"\x82\xa3uri\xa1u\xa4body\xa1b", "MessagePack"),
        (b"\x0c\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x00", "BSON"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_bytes_that_are_no_text_are_named(value, says):
    with pytest.raises(BrokenRecordError, match=says) as broken:
        read(value)
    assert broken.value.reason is DeadReason.BAD_ENCODING


def test_numbers_that_are_none_are_no_values():
    row = b'{"url": "u", "text": "b c", "title": NaN, "score": -Infinity, "authors": "[\'Jo Lens\', \'Al Moss\']"}'
    article = read(row)
    assert (article.headline, article.byline) == (None, "Jo Lens, Al Moss")
    assert read(b'{"url": "u", "text": "NaN: no number"}').body == "NaN: no number"


def test_a_headline_with_a_summary_is_the_beginning_of_an_article():
    row = {"url": URL, "title": "Toll rises", "published_at": AT, "source": "The Gazette", "description": BODY}
    article = read({"pagination": {"total": 1}, "data": [row]})
    assert (article.body, article.headline) == (BODY, "Toll rises")
    assert [warning.kind for warning in article.notes.warnings] == [WarningKind.CUT_SHORT]
    for other in ({"body": ""}, {"published_at": None}):
        with pytest.raises(BrokenRecordError):
            read(row | other)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([{"p": "One."}, {"h2": "Two"}, {"p": "Three."}], "One.\n\nTwo\n\nThree."),
        ({"0": "One.", "1": "Two.", "10": "Three."}, "One.\n\nTwo.\n\nThree."),
        ({"p1": "One.", "p2": "Two."}, "One.\n\nTwo."),
        ([["p", "One."], ["p", "Two."]], "One.\n\nTwo."),
    ],
)
def test_the_parts_of_a_body_are_paragraphs_by_their_names_and_numbers(body, text):
    assert read({"uri": "u", "body": body}).body == text


def test_parts_without_a_body_around_them_are_one_and_names_of_sections_are_none():
    parts = [{"title": "Board meets", "bodyHtml": "<p>One.</p>"}, {"content": "Two."}]
    for name in ("sections", "blocks", "updates"):
        assert read({"uri": "u", name: parts}).body == "Board meets\n\n<p>One.</p>\n\nTwo."
    with pytest.raises(BrokenRecordError, match="no text"):
        read({"uri": "u", "sections": ["News", "City"]})


@pytest.mark.parametrize(
    ("field", "value", "name", "read_as"),
    [
        ("language", "English (US)", "language", "en"),
        ("locale", "en_GB.UTF-8", "language", "en-GB"),
        ("language", {"code": "en", "label": "English"}, "language", "en"),
        ("authors", [{"firstName": "Jo", "lastName": "Lens"}, {"given_name": "Al"}], "byline", "Jo Lens, Al"),
        ("author", {"@type": "Person", "givenName": "Jo", "familyName": "Lens"}, "byline", "Jo Lens"),
        ("author", "jo@gazette.example (Jo Lens)", "byline", "Jo Lens"),
        ("author", '"Jo Lens" <jo@gazette.example>', "byline", "Jo Lens"),
        ("author", '["Jo Lens", "Al Moss"]', "byline", "Jo Lens, Al Moss"),
        ("date", "4th of March, 2026 at 9:00am UTC", "published_at", LATER),
        ("status", False, "status", ArticleStatus.CANCELED),
        ("status", [{"value": True}], "status", ArticleStatus.USABLE),
    ],
)
def test_a_field_is_read_in_further_ways_of_writing_it(field, value, name, read_as):
    assert getattr(read({"uri": "u", "body": BODY, field: value}), name) == read_as


def test_a_path_is_taken_as_the_address_only_where_there_is_no_other():
    assert read({"url": "/toll", "id": "7", "body": BODY}).uri == "7"
    assert read({"url": "/toll", "body": BODY}).uri == "/toll"


def test_an_object_that_holds_an_empty_text_is_said_to_do_so():
    with pytest.raises(BrokenRecordError, match="`content` is an object whose `rendered` is empty"):
        read({"link": URL, "title": {"rendered": "T"}, "content": {"rendered": "", "protected": True}})


def test_an_article_that_its_database_deletes_needs_no_text():
    article = read({"an": "G7", "action": "del", "document_type": "article"})
    assert (article.uri, article.status, article.body) == ("G7", ArticleStatus.CANCELED, "")


def test_a_relative_link_of_a_feed_is_one_of_its_base():
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://gazette.example/"><entry><id>t</id>'
        f'<link href="/toll"/><content>{BODY}</content></entry></feed>'
    )
    assert read(feed.encode()).uri == URL


def test_of_several_headlines_the_main_one_is_taken():
    lines = '<headline role="h:short">Toll</headline><headline role="hld:main">Toll rises</headline>'
    item = (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="u"><contentMeta>{lines}</contentMeta>'
        f"<contentSet><inlineData>{BODY}</inlineData></contentSet></newsItem>"
    )
    assert read(item.encode()).headline == "Toll rises"
    assert read(item.replace("hld:main", "").encode()).headline == "Toll rises"
