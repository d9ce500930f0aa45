"""What is read of odd values, envelopes, unknown and empty fields; and what is refused, with what to do."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime

import pytest

from worker.contract.article import ArticleStatus, WarningKind
from worker.contract.codec import BrokenRecordError, articles_from, decode_article, fields_in
from worker.contract.forms.instants import UnreadableInstantError, read_instant
from worker.contract.forms.own_fields import own_fields
from worker.contract.reasons import DeadReason

BODY = "The mayor said the bridge is safe."
NATIVE = {"uri": "urn:x:1", "body": BODY}


def read(raw, **options):
    return decode_article(json.dumps(raw).encode() if not isinstance(raw, bytes) else raw, **options)


def refused(raw):
    with pytest.raises(BrokenRecordError) as broken:
        read(raw)
    return broken.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-04-30 16:17:29 +02:00", "2024-04-30T14:17:29"),
        ("2022-05-04T05:45Z", "2022-05-04T05:45:00"),
        ("2022-05-04T05:45+01:00", "2022-05-04T04:45:00"),
        ("2022-05-04 05:45", "2022-05-04T05:45:00"),
        ("2022-5-4 05:45:00", "2022-05-04T05:45:00"),
        ("2022-05-04T05:45:00 GMT", "2022-05-04T05:45:00"),
        ("Wed, 04 May 2022 05:45:00 GMT", "2022-05-04T05:45:00"),
        ("04 May 2022 05:45 CET", "2022-05-04T04:45:00"),
        ("May 4, 2022", "2022-05-04T00:00:00"),
        ("May 4, 2022 at 5:45 pm EDT", "2022-05-04T21:45:00"),
        ("04.05.2022", "2022-05-04T00:00:00"),
        ("20220504T054500Z", "2022-05-04T05:45:00"),
        ("Wed May 04 2022 05:45:00 GMT+0200 (CEST)", "2022-05-04T03:45:00"),
        ("2022-05-04t05:45:00z", "2022-05-04T05:45:00"),
        ("2022-05-04T24:00:00Z", "2022-05-05T00:00:00"),
        ("20220504054500", "2022-05-04T05:45:00"),
        (202205040545, "2022-05-04T05:45:00"),
        ("2022-05-04T07:45:00+02:00[Europe/Paris]", "2022-05-04T05:45:00"),
        ("2022-05-04T00:45:00\u221205:00", "2022-05-04T05:45:00"),
        ("/Date(1651643100000+0200)/", "2022-05-04T05:45:00"),
        ("May 4, 2022, 5:45:00\u202fAM", "2022-05-04T05:45:00"),
        ("5:45 AM UTC, Wed May 4, 2022", "2022-05-04T05:45:00"),
        ("05:45 Wednesday, 4 May 2022", "2022-05-04T05:45:00"),
        ("Last updated: May 4, 2022 5:45 GMT", "2022-05-04T05:45:00"),
        ("05/24/2022 5:45", "2022-05-24T05:45:00"),
        ("24/05/2022", "2022-05-24T00:00:00"),
        ("2022:05:04 05:45:00", "2022-05-04T05:45:00"),
        ([2022, 5, 4, 5, 45], "2022-05-04T05:45:00"),
        ([2022, 5, 4, 5, 45, 0, 2, 124, 0], "2022-05-04T05:45:00"),
        (1651643100, "2022-05-04T05:45:00"),
        ("1651643100000", "2022-05-04T05:45:00"),
        (1651643100000000, "2022-05-04T05:45:00"),
    ],
)
def test_an_instant_is_read_however_it_is_written(written, meant):
    assert read_instant(written).astimezone(UTC) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "04/05/2022",
        "04-05-2022 05:45",
        "yesterday",
        [2022],
        [2022, 13, 1],
        "2022-05-04T05:45:00[Europe/Paris]",
        "Updated",
        "2022-13-01",
        "0000-00-00",
        "2022-05-04 05:45 IST",
        True,
        "1" * 300,
        "0001-01-01T00:00:00Z",
    ],
)
def test_what_names_no_single_instant_is_none(written):
    with pytest.raises(UnreadableInstantError):
        read_instant(written)


@pytest.mark.parametrize(
    ("odd", "field", "value"),
    [
        ({"published_at": "yesterday"}, "published_at", None),
        ({"byline": 7}, "byline", None),
        ({"language": "the Queen's"}, "language", None),
        ({"publisher": 4}, "publisher", None),
    ],
)
def test_an_odd_value_costs_its_field_and_not_the_article(odd, field, value):
    article = read(NATIVE | odd)
    assert getattr(article, field) == value
    (warning,) = article.notes.warnings
    assert (warning.kind, warning.field) == (WarningKind.UNREADABLE_VALUE, field)
    assert f"`{field}`" in warning.says


@pytest.mark.parametrize(
    ("raw", "field", "value"),
    [
        ({"version": 2}, "version", "2"),
        ({"published_at": 1772614800}, "published_at", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ({"byline": ["Jo Lens", "Al Moss"]}, "byline", "Jo Lens, Al Moss"),
        ({"publisher": {"name": "The Gazette"}}, "publisher", "The Gazette"),
        ({"publisher": "https://www.gazette.example/"}, "publisher", "gazette.example"),
        ({"body": ["One.", "Two."]}, "body", "One.\n\nTwo."),
        ({"body": {"string": BODY}}, "body", BODY),
        ({"published_at": {"long": 1772614800000}}, "published_at", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        ({"published_at": {"seconds": 1772614800, "nanos": 0}}, "published_at", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        (
            {"published_at": {"dateTime": "2026-03-04T09:00:00", "timeZone": "UTC"}},
            "published_at",
            datetime(2026, 3, 4, 9, tzinfo=UTC),
        ),
        ({"byline": {"array": ["Jo Lens"]}}, "byline", "Jo Lens"),
        ({"byline": {"null": None}, "author": "Jo Lens"}, "byline", "Jo Lens"),
        ({"headline": {"de": "Brücke", "en-GB": "Bridge"}}, "headline", "Bridge"),
        ({"body": [{"@language": "de", "@value": "Die Brücke."}, {"@language": "en", "@value": BODY}]}, "body", BODY),
        ({"headline": "Bridge &#8216;safe&#8217; &amp; <i>open</i>"}, "headline", "Bridge ‘safe’ & open"),
        ({"headline": "Bridge â€˜safeâ€™"}, "headline", "Bridge ‘safe’"),
        ({"byline": "By Se&aacute;n O&#39;Hara"}, "byline", "Seán O'Hara"),
        ({"publisher": "Smith &amp; Daughters"}, "publisher", "Smith & Daughters"),
        (
            {"body": base64.b64encode(f"<p>{BODY}</p><p>{BODY}</p>".encode()).decode()},
            "body",
            f"<p>{BODY}</p><p>{BODY}</p>",
        ),
        ({"body": base64.encodebytes(2 * f"{BODY}\n".encode()).decode()}, "body", f"{BODY}\n{BODY}\n"),
        ({"uri": ["urn:x:1"]}, "uri", "urn:x:1"),
        ({"uri": 12345}, "uri", "12345"),
        ({"bodies": None}, "body", BODY),
        ({"articleBody": None}, "body", BODY),
        ({"maintext": ""}, "body", BODY),
        ({"headline": "", "title": "Bridge"}, "headline", "Bridge"),
        ({"date": "2026-03-04", "source": "The Gazette"}, "publisher", "The Gazette"),
        ({"status": "stat:canceled"}, "status", ArticleStatus.CANCELED),
        ({"pubstatus": "withheld"}, "status", ArticleStatus.CANCELED),
        ({"pubstatus": "embargoed"}, "status", ArticleStatus.CANCELED),
        ({"pubstatus": "embargoed", "embargoed": "2026-03-04T09:00:00Z"}, "status", ArticleStatus.USABLE),
    ],
)
def test_a_value_is_read_in_the_ways_that_others_write_it(raw, field, value):
    assert getattr(read(NATIVE | raw), field) == value


@pytest.mark.parametrize(
    "raw",
    [
        {"url": "urn:x:1", "body": BODY},
        {"id": "urn:x:1", "body": BODY},
        {"uri": "urn:x:1", "text": BODY},
        {"uri": "urn:x:1", "html": BODY},
        {"url": "urn:x:1", "html": BODY},
        {"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": NATIVE},
        {"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": json.dumps(NATIVE)},
        {
            "specversion": "1.0",
            "id": "1",
            "source": "s",
            "type": "t",
            "data_base64": base64.b64encode(json.dumps(NATIVE).encode()).decode(),
        },
        {"schema": {"type": "struct"}, "payload": {"before": None, "after": NATIVE, "op": "c", "source": {}}},
        {"before": None, "after": NATIVE, "op": "u"},
        {"_index": "news", "_id": "1", "_source": NATIVE},
        {"data": {"items": [{"meta": {}, "item": NATIVE}]}},
        {"status": "ok", "totalResults": 1, "articles": [NATIVE]},
        {"response": {"status": "ok", "content": NATIVE}},
        [NATIVE],
        json.dumps(NATIVE),
        {"value": json.dumps(NATIVE)},
        {"payload": json.dumps({"after": NATIVE, "op": "u"})},
        {"uri": "urn:x:1", "body": json.dumps({"text": BODY})},
        {"articles": {"results": [NATIVE], "totalResults": 1}},
        {"hits": {"total": 1, "hits": [{"_id": "1", "_source": NATIVE}]}},
        {"objects": [{"type": "article", "pageUrl": "urn:x:1", "text": BODY}]},
        {"url": "urn:x:1", "status": 200, "html": BODY},
        {
            "specversion": "1.0",
            "id": "1",
            "source": "s",
            "type": "t",
            "subject": "urn:x:1",
            "datacontenttype": "text/plain",
            "data": BODY,
        },
        b"\xef\xbb\xbf" + json.dumps(NATIVE).encode(),
        json.dumps(NATIVE).encode("utf-16"),
        b"\x00\x00\x00\x00\x2a" + json.dumps(NATIVE).encode(),
        [{"@type": "BreadcrumbList"}, {"@type": "NewsArticle", "url": "urn:x:1", "articleBody": BODY}],
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebPage", "@id": "p", "url": "urn:y"},
                {"@type": ["NewsArticle", "Article"], "mainEntityOfPage": "urn:x:1", "articleBody": [BODY]},
            ],
        },
        {
            "@context": {"schema": "http://schema.org/"},
            "@type": "schema:NewsArticle",
            "@id": "urn:x:1",
            "schema:articleBody": BODY,
        },
        [
            {
                "@id": "urn:x:1",
                "@type": ["http://schema.org/NewsArticle"],
                "http://schema.org/articleBody": [{"@value": BODY}],
            }
        ],
        {"status": "ok", "news": [{"id": "urn:x:1", "text": BODY}]},
        {"data": {"articles": {"edges": [{"cursor": "a", "node": NATIVE}], "pageInfo": {}}}},
        {"_embedded": {"articles": [NATIVE]}, "_links": {}},
        {"@odata.context": "c", "value": [NATIVE]},
        {
            "message": {"data": base64.b64encode(json.dumps(NATIVE).encode()).decode(), "messageId": "1"},
            "subscription": "s",
        },
        {"Type": "Notification", "Message": json.dumps(NATIVE)},
        {"Records": [{"kinesis": {"data": base64.b64encode(json.dumps(NATIVE).encode()).decode()}}]},
        {"requested_url": "urn:x:1", "plain_text": BODY},
        {"page_content": BODY, "metadata": {"url": "urn:x:1"}},
        {"Url": "urn:x:1", "content": {"paragraphs": [BODY]}},
        {"url": "urn:x:1", "body": [{"image": "1.jpg"}, {"heading": "", "paragraphs": [BODY]}]},
        json.dumps(NATIVE).encode("utf-16-le"),
        json.dumps(NATIVE).encode("utf-16-be"),
        {"post_id": 3, "permalink": "urn:x:1", "post_content": BODY},
        {"urn": "urn:x:1", "article_html": BODY},
        {
            "@type": "WebPage",
            "mainEntity": {"@type": "NewsArticle", "url": ["urn:x:1"], "articleBody": {"@value": BODY}},
        },
    ],
    ids=str,
)
def test_the_same_article_under_other_names_and_in_envelopes(raw):
    article = read(raw)
    assert (article.uri, article.body) == ("urn:x:1", BODY)


def test_what_a_name_says_is_said_by_what_follows_its_prefix_and_by_what_stands_in_an_object_beside():
    prefixed = {"article_url": "u", "news_title": "Bridge", "postDate": "2026-03-04", "og:site_name": "The Gazette"}
    beside = {"url": "u", "metadata": {"title": "Bridge", "published": "2026-03-04", "site_name": "The Gazette"}}
    for raw in (prefixed | {"article_body": BODY}, beside | {"text": BODY, "meta": {"status": "ok", "version": 7}}):
        article = read(raw)
        assert (article.uri, article.headline, article.publisher) == ("u", "Bridge", "The Gazette")
        assert article.published_at == datetime(2026, 3, 4, tzinfo=UTC)
        assert (article.status, article.version) == (ArticleStatus.USABLE, "1")
    own = read(beside | {"text": BODY, "title": "Toll"})
    assert own.headline == "Toll"


def test_the_headings_of_sections_stand_before_their_texts():
    sections = [{"paragraphs": [BODY]}, {"heading": "What next", "paragraphs": ["One.", "Two."]}]
    assert read({"uri": "u", "body": sections}).body == f"{BODY}\n\nWhat next\n\nOne.\n\nTwo."


def test_references_within_a_graph_are_resolved():
    graph = [
        {"@type": "Organization", "@id": "#org", "name": "The Gazette"},
        {"@type": "Person", "@id": "#jo", "name": "Jo Lens"},
        {
            "@type": "NewsArticle",
            "@id": "https://a.example/1",
            "articleBody": BODY,
            "publisher": {"@id": "#org"},
            "author": [{"@id": "#jo"}],
        },
    ]
    article = read({"@context": "https://schema.org", "@graph": graph})
    assert (article.publisher, article.byline) == ("The Gazette", "Jo Lens")


def test_control_characters_in_the_texts_of_json_are_read():
    assert read(b'{"uri": "u", "body": "One.\n\nTwo.\x01"}').body == "One.\n\nTwo.\x01"


def test_a_row_that_debezium_marks_as_deleted_retracts_and_another_does_not():
    row = {"url": "u", "body": BODY}
    assert read(row | {"__deleted": "true"}).status is ArticleStatus.CANCELED
    assert read(row | {"__deleted": "false"}).status is ArticleStatus.USABLE


def test_a_crawlers_response_keeps_the_address_that_stands_beside_it():
    article = read({"id": 3, "url": "https://a.example/1", "response": {"status": 200, "body": BODY}})
    assert (article.uri, article.body) == ("https://a.example/1", BODY)
    own = read({"url": "https://a.example/feed", "item": {"guid": "g", "body": BODY}})
    assert own.uri == "g"


def test_an_entry_of_atom_without_a_time_of_publication_has_that_of_its_update():
    entry = {"link": "u", "content": BODY, "updated": "2026-03-04T09:00:00Z"}
    assert read(entry).published_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    later = read(entry | {"published": "2026-03-03T09:00:00Z"})
    assert (later.published_at, later.updated_at) == (
        datetime(2026, 3, 3, 9, tzinfo=UTC),
        datetime(2026, 3, 4, 9, tzinfo=UTC),
    )


def test_a_text_that_only_looks_like_json_stays_one():
    for text in ("{Corrected} The mayor said no.", '{"a": 1}', "{The mayor said no.}", "[Updated]", "[1, 2]"):
        assert read({"uri": "u", "body": text}).body == text


def test_a_deleted_row_and_a_retraction_without_a_text_retract():
    for raw in (
        {"op": "d", "before": {"id": 3}, "after": None},
        {"uri": "3", "pubstatus": "canceled", "versioncreated": "x"},
    ):
        article = read(raw)
        assert (article.uri, article.status, article.body) == ("3", ArticleStatus.CANCELED, "")


@pytest.mark.parametrize("mark", ["[+120 chars]", "[2142 chars]", "[…]", "[&hellip;]"])
def test_a_mark_that_there_is_more_is_no_part_of_the_text(mark):
    article = read({"uri": "u", "body": f"<p>{BODY} {mark}</p>"})
    assert article.body == f"<p>{BODY}</p>"
    assert [w.kind for w in article.notes.warnings] == [WarningKind.CUT_SHORT]


def test_a_word_of_letters_and_digits_is_no_text_in_base64():
    for text in ("a" * 64, "0123456789abcdef" * 4, "Antidisestablishmentarianism\nfloccinaucinihilipilification\nok"):
        assert read({"uri": "u", "body": text}).body == text


def test_the_beginning_of_a_text_is_marked_as_one():
    article = read({"url": "u", "publishedAt": "2026-03-04T09:00:00Z", "content": "The mayor said … [+120 chars]"})
    assert [w.kind for w in article.notes.warnings] == [WarningKind.CUT_SHORT]


@pytest.mark.parametrize(
    ("raw", "reason", "says"),
    [
        (
            {"@type": "NewsArticle", "@id": "#article", "articleBody": BODY},
            DeadReason.BAD_SCHEMA,
            "`@id: #article` names no",
        ),
        ({"text": BODY, "source-hostname": "x"}, DeadReason.BAD_SCHEMA, "--with-metadata"),
        ({"body": BODY}, DeadReason.BAD_SCHEMA, "give `uri` or `url`"),
        ({"uri": "u", "title": "T"}, DeadReason.BAD_SCHEMA, "no text"),
        ({"uri": "u", "body": " "}, DeadReason.BAD_SCHEMA, "`body` is empty"),
        ({"uri": "u", "body": 7}, DeadReason.BAD_SCHEMA, "a text is expected"),
        ({"uri": ["a", "b"], "body": BODY}, DeadReason.BAD_SCHEMA, "`uri` is a list of 2"),
        ({"uri": {"a": 1}, "body": BODY}, DeadReason.BAD_SCHEMA, "`uri` is an object"),
        ({"uri": "u", "body": BODY, "status": "perhaps"}, DeadReason.BAD_SCHEMA, "neither `usable` nor `canceled`"),
        ({"url": "u", "themes": "A;B", "tone": 1.2}, DeadReason.UNKNOWN_SHAPE, "its fields are: themes, tone, url"),
        ({"url": "u", "html": BODY, "status": 404}, DeadReason.BAD_SCHEMA, "HTTP answers where there is no page"),
        (gzip.compress(json.dumps(NATIVE).encode(), mtime=0), DeadReason.BAD_ENCODING, "publish it unpacked"),
        ([NATIVE, NATIVE], DeadReason.UNKNOWN_SHAPE, "2 articles in one record"),
        ([1, 2], DeadReason.UNKNOWN_SHAPE, "this is an array"),
        (b"\x00\x00\x00\x00\x2a\x02\x08abcd", DeadReason.NOT_JSON, "schema 42"),
        (b"<!DOCTYPE html><html><body><p>x</p></body></html>", DeadReason.UNKNOWN_SHAPE, "a bare HTML page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", DeadReason.UNKNOWN_SHAPE, "root is <svg>"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_with_what_to_do(raw, reason, says):
    broken = refused(raw)
    assert broken.reason is reason
    assert says in broken.error


def test_several_articles_are_read_one_by_one_where_they_may_be():
    one, two, broken = articles_from({"articles": [NATIVE, {"url": "u2", "content": BODY}, {"url": "u3"}]})
    assert (one.uri, two.uri) == ("urn:x:1", "u2")
    assert isinstance(broken, BrokenRecordError)


def test_a_users_own_names_are_mapped():
    raw = {"kop": "Bridge", "inhoud": {"tekst": BODY}, "nr": 7, "title": "Not this one"}
    fields = own_fields("headline=kop, body=inhoud.tekst, uri=nr")
    article = read(raw, own_fields=fields)
    assert (article.uri, article.headline, article.body) == ("7", "Bridge", BODY)
    assert article.notes.origins["body"] == "inhoud.tekst"
    assert fields_in(json.dumps(raw).encode(), fields)["uri"] == "7"


@pytest.mark.parametrize("setting", ["headline", "titel=kop", "headline=", "=kop"])
def test_a_setting_of_own_names_that_is_wrong_says_what_is_expected(setting):
    with pytest.raises(ValueError, match="field=name pairs"):
        own_fields(setting)


def test_an_unknown_field_that_looks_like_a_known_one_is_named():
    article = read(NATIVE | {"headlin": "Bridge", "weather": "wet", "publishd_at": "2026-03-04"})
    assert [(w.kind, w.field) for w in article.notes.warnings] == [
        (WarningKind.UNKNOWN_FIELD, "headlin"),
        (WarningKind.UNKNOWN_FIELD, "publishd_at"),
    ]
    assert not read(NATIVE | {"headline": "Bridge", "headlin": "Bridge"}).notes.warnings


def test_where_each_field_was_is_kept():
    article = read({"url": "u", "maintext": BODY, "title": "Bridge"})
    assert article.notes.form == "news-please"
    assert article.notes.origins == {"uri": "url", "body": "maintext", "headline": "title"}


def test_an_xml_bomb_does_not_grow():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    body = "<body><body.content><p>A. &e8;</p></body.content></body>"
    article = read(f'<!DOCTYPE nitf [{entities}]><nitf uno="u">{body}</nitf>'.encode())
    assert len(article.body) < 100
