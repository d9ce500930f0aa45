"""Each form of the table, with a small article of it and what must come out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from worker.contract.article import ArticleStatus
from worker.contract.codec import decode_article
from worker.contract.forms.table import FORMS

AT = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
URL = "https://gazette.example/bridge"
TEXT = "The mayor said the bridge is safe."
COMMON = {"uri": URL, "headline": "Bridge closed", "body": TEXT, "published_at": AT, "byline": "Jo Lens"}

# name of the form -> (the object, the fields that must come out)
SAMPLES = [
    (
        "native",
        {
            "uri": URL,
            "headline": "Bridge closed",
            "body": TEXT,
            "published_at": "2026-03-04T09:00:00Z",
            "byline": "Jo Lens",
            "version": "3",
            "language": "en",
            "publisher": "The Gazette",
            "section": "City",
        },
        {**COMMON, "version": "3", "language": "en", "publisher": "The Gazette", "section": "City"},
    ),
    (
        "ninjs 2 or 3",
        {
            "uri": URL,
            "standard": {"name": "ninjs", "version": "3.0"},
            "firstCreated": "2026-03-04T09:00:00Z",
            "versionCreated": "2026-03-04T10:30:00Z",
            "pubStatus": "usable",
            "version": "2",
            "language": "en",
            "by": "Jo Lens",
            "infoSources": [{"name": "The Gazette", "role": "distributor"}],
            "headlines": [{"role": "short", "value": "Bridge"}, {"role": "main", "value": "Bridge closed"}],
            "bodies": [
                {"contentType": "application/nitf+xml", "value": "<nitf><body><body.content/></body></nitf>"},
                {"contentType": "text/plain", "value": TEXT},
            ],
        },
        {**COMMON, "updated_at": LATER, "version": "2", "language": "en", "publisher": "The Gazette"},
    ),
    (
        "ninjs 2 or 3",
        {
            "uri": URL,
            "firstcreated": "2026-03-04T09:00:00Z",
            "versioncreated": "2026-03-04T10:30:00Z",
            "by": "Jo Lens",
            "pubstatus": "canceled",
            "infosources": [{"name": "The Gazette"}],
            "headlines": [{"value": "Bridge closed"}],
            "bodies": [{"role": "main", "value": TEXT}],
        },
        {**COMMON, "updated_at": LATER, "publisher": "The Gazette", "status": ArticleStatus.CANCELED},
    ),
    (
        "ninjs 1",
        {
            "uri": URL,
            "versioncreated": "2026-03-04T09:00:00Z",
            "pubstatus": "usable",
            "headline": "Bridge closed",
            "byline": "Jo Lens",
            "body_text": TEXT,
            "infosource": [{"name": "The Gazette"}],
            "embargoed": "2026-03-04T10:30:00Z",
        },
        {**COMMON, "publisher": "The Gazette", "embargoed_until": LATER},
    ),
    (
        "ninjs 1",
        {
            "uri": URL,
            "versioncreated": "2026-03-04T09:00:00Z",
            "headline": "Bridge closed",
            "byline": "Jo Lens",
            "body_xhtml": f"<p>{TEXT}</p>",
        },
        {**COMMON, "body": f"<p>{TEXT}</p>"},
    ),
    (
        "schema.org",
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": "#article",
            "url": URL,
            "headline": "Bridge closed",
            "articleBody": TEXT,
            "datePublished": "2026-03-04T10:00+01:00",
            "dateModified": "2026-03-04T10:30:00Z",
            "author": [{"@type": "Person", "name": "Jo Lens"}],
            "publisher": {"@type": "Organization", "name": "The Gazette"},
            "inLanguage": "en-GB",
            "articleSection": "City",
        },
        {**COMMON, "updated_at": LATER, "publisher": "The Gazette", "language": "en-GB", "section": "City"},
    ),
    (
        "schema.org",
        {
            "@type": "LiveBlogPosting",
            "mainEntityOfPage": {"@id": URL},
            "headline": "Bridge closed",
            "datePublished": "2026-03-04T09:00:00Z",
            "author": "Jo Lens",
            "liveBlogUpdate": [{"headline": "Mayor speaks", "articleBody": TEXT}, {"articleBody": "The works go on."}],
        },
        {**COMMON, "body": f"Mayor speaks\n\n{TEXT}\n\nThe works go on."},
    ),
    (
        "news-please",
        {
            "url": URL,
            "title": "Bridge closed",
            "maintext": TEXT,
            "date_publish": "2026-03-04 09:00:00",
            "authors": ["Jo Lens"],
            "source_domain": "gazette.example",
            "language": "en",
        },
        {**COMMON, "publisher": "gazette.example", "language": "en"},
    ),
    (
        "Guardian",
        {
            "id": "city/2026/bridge",
            "webUrl": URL,
            "webTitle": "Bridge closed",
            "webPublicationDate": "2026-03-04T09:00:00Z",
            "sectionName": "City",
            "fields": {"bodyText": TEXT, "byline": "Jo Lens", "publication": "The Gazette"},
        },
        {**COMMON, "publisher": "The Gazette", "section": "City"},
    ),
    (
        "NewsAPI",
        {
            "source": {"id": None, "name": "The Gazette"},
            "author": "Jo Lens",
            "title": "Bridge closed",
            "url": URL,
            "description": "A bridge.",
            "publishedAt": "2026-03-04T09:00:00Z",
            "content": TEXT,
        },
        {**COMMON, "publisher": "The Gazette"},
    ),
    (
        "Event Registry",
        {
            "uri": "7841",
            "url": URL,
            "title": "Bridge closed",
            "body": TEXT,
            "lang": "eng",
            "dateTime": "2026-03-04T09:05:00Z",
            "dateTimePub": "2026-03-04T09:00:00Z",
            "source": {"uri": "gazette.example", "title": "The Gazette"},
            "authors": [{"uri": "jo@gazette.example", "name": "Jo Lens"}],
        },
        {**COMMON, "uri": "7841", "publisher": "The Gazette", "language": "en"},
    ),
    (
        "Media Cloud",
        {
            "id": "a1",
            "url": URL,
            "media_name": "gazette.example",
            "publish_date": "2026-03-04",
            "title": "Bridge closed",
            "text": TEXT,
            "language": "en",
        },
        {
            "uri": URL,
            "headline": "Bridge closed",
            "published_at": datetime(2026, 3, 4, tzinfo=UTC),
            "language": "en",
            "publisher": "gazette.example",
        },
    ),
    (
        "newspaper4k",
        {
            "url": URL,
            "title": "Bridge closed",
            "text": TEXT,
            "publish_date": "2026-03-04T09:00:00Z",
            "authors": ["Jo Lens"],
            "meta_lang": "en",
            "meta_site_name": "The Gazette",
            "canonical_link": "",
        },
        {**COMMON, "language": "en", "publisher": "The Gazette"},
    ),
    (
        "JSON Feed item",
        {
            "id": "9",
            "url": URL,
            "title": "Bridge closed",
            "content_html": f"<p>{TEXT}</p>",
            "authors": [{"name": "Jo Lens"}],
            "date_published": "2026-03-04T10:00:00+01:00",
        },
        {**COMMON, "body": f"<p>{TEXT}</p>"},
    ),
    (
        "Readability",
        {
            "url": URL,
            "title": "Bridge closed",
            "byline": "Jo Lens",
            "content": f"<div>{TEXT}</div>",
            "textContent": TEXT,
            "siteName": "The Gazette",
            "publishedTime": "2026-03-04T09:00:00Z",
            "lang": "en",
            "excerpt": "The mayor",
        },
        {**COMMON, "body": f"<div>{TEXT}</div>", "publisher": "The Gazette", "language": "en"},
    ),
    (
        "Fundus",
        {
            "title": "Bridge closed",
            "plaintext": TEXT,
            "authors": ["Jo Lens"],
            "publishing_date": "2026-03-04 09:00:00+00:00",
            "html": {"requested_url": URL, "source_info": {"publisher": "The Gazette"}},
            "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]},
        },
        {**COMMON, "publisher": "The Gazette"},
    ),
    (
        "WordPress",
        {
            "id": 12,
            "link": URL,
            "status": "publish",
            "date_gmt": "2026-03-04T09:00:00",
            "date": "2026-03-04T10:00:00",
            "title": {"rendered": "Bridge closed"},
            "content": {"rendered": f"<p>{TEXT}</p>", "protected": False},
            "_embedded": {"author": [{"name": "Jo Lens"}]},
        },
        {**COMMON, "body": f"<p>{TEXT}</p>"},
    ),
    (
        "feed entry",
        {
            "link": URL,
            "id": "tag:gazette.example,2026:1",
            "title": "Bridge closed",
            "author": "Jo Lens",
            "published": "Wed, 04 Mar 2026 09:00:00 GMT",
            "summary": "A bridge.",
            "content": [{"type": "text/html", "value": f"<p>{TEXT}</p>"}],
        },
        {**COMMON, "body": f"<p>{TEXT}</p>"},
    ),
    (
        "AP",
        {
            "uri": URL,
            "altids": {"itemid": "7", "etag": "7_1"},
            "version": "1",
            "pubstatus": "usable",
            "language": "en",
            "headline": "Bridge closed",
            "bylines": [{"by": "Jo Lens", "title": "Reporter"}],
            "firstcreated": "2026-03-04T09:00:00Z",
            "versioncreated": "2026-03-04T10:30:00Z",
            "body_nitf": f"<body><body.content><block><p>{TEXT}</p></block></body.content></body>",
        },
        {**COMMON, "body": f"<div><p>{TEXT}</p></div>", "updated_at": LATER, "version": "1", "language": "en"},
    ),
    (
        "trafilatura",
        {
            "title": "Bridge closed",
            "author": "Jo Lens",
            "hostname": "gazette.example",
            "date": "2026-03-04",
            "source": URL,
            "source-hostname": "The Gazette",
            "text": TEXT,
            "language": None,
        },
        {
            "uri": URL,
            "headline": "Bridge closed",
            "body": TEXT,
            "published_at": datetime(2026, 3, 4, tzinfo=UTC),
            "publisher": "gazette.example",
            "byline": "Jo Lens",
        },
    ),
    (
        "Reuters Connect",
        {
            "uri": URL,
            "versionedGuid": f"{URL}:2",
            "headLine": "Bridge closed",
            "bodyXhtml": f"<p>{TEXT}</p>",
            "firstCreated": "2026-03-04T09:00:00Z",
            "versionCreated": "2026-03-04T10:30:00Z",
            "byLine": "Jo Lens",
            "credit": "The Gazette",
            "pubStatus": "usable",
        },
        {**COMMON, "body": f"<p>{TEXT}</p>", "updated_at": LATER, "publisher": "The Gazette"},
    ),
    (
        "New York Times",
        {
            "web_url": URL,
            "headline": {"main": "Bridge closed", "kicker": "City"},
            "lead_paragraph": TEXT,
            "pub_date": "2026-03-04T09:00:00+0000",
            "byline": {"original": "Jo Lens"},
            "source": "The Gazette",
        },
        {**COMMON, "publisher": "The Gazette"},
    ),
    (
        "Arc",
        {
            "_id": "ABCDEF",
            "type": "story",
            "canonical_url": "/2026/03/04/bridge/",
            "website_url": URL,
            "headlines": {"basic": "Bridge closed", "mobile": "Bridge"},
            "display_date": "2026-03-04T09:00:00Z",
            "credits": {"by": [{"type": "author", "name": "Jo Lens"}]},
            "content_elements": [
                {"_id": "1", "type": "text", "content": TEXT},
                {"type": "image", "url": "https://i.example/1.jpg"},
                {"type": "interstitial_link", "content": "Read more: ferry sold"},
            ],
        },
        {**COMMON, "body": f"<p>{TEXT}</p>"},
    ),
    (
        "AFP",
        {
            "uno": URL,
            "headline": "Bridge closed",
            "news": [TEXT, "The works go on."],
            "published": "2026-03-04T09:00:00Z",
            "author": "Jo Lens",
            "lang": "en",
        },
        {**COMMON, "body": f"{TEXT}\n\nThe works go on.", "language": "en"},
    ),
    (
        "Dow Jones",
        {
            "an": URL,
            "title": "Bridge closed",
            "snippet": "The mayor",
            "body": TEXT,
            "publication_datetime": 1772614800000,
            "modification_datetime": 1772620200000,
            "byline": "By Jo Lens",
            "source_name": "The Gazette",
            "language_code": "en",
        },
        {**COMMON, "updated_at": LATER, "publisher": "The Gazette", "language": "en"},
    ),
    (
        "AYLIEN",
        {
            "id": 7,
            "title": "Bridge closed",
            "body": TEXT,
            "published_at": "2026-03-04T09:00:00Z",
            "links": {"permalink": URL},
            "author": {"name": "Jo Lens"},
            "source": {"name": "The Gazette", "domain": "gazette.example"},
        },
        {**COMMON, "publisher": "The Gazette"},
    ),
    (
        "Feedly",
        {
            "id": "f1",
            "title": "Bridge closed",
            "content": {"content": TEXT, "direction": "ltr"},
            "alternate": [{"href": URL, "type": "text/html"}],
            "published": 1772614800000,
            "author": "Jo Lens",
            "origin": {"title": "The Gazette", "streamId": "feed/1"},
        },
        {**COMMON, "publisher": "The Gazette"},
    ),
    (
        "by names",
        {
            "_id": {"$oid": "65a1"},
            "URL": URL,
            "articleTitle": "Bridge closed",
            "full_text": TEXT,
            "author": "Jo Lens",
            "PublishedAt": {"$date": 1772614800000},
        },
        COMMON,
    ),
]


@pytest.mark.parametrize(("form", "raw", "expected"), SAMPLES, ids=[f"{n}-{s[0]}" for n, s in enumerate(SAMPLES)])
def test_each_form_gives_the_fields_of_the_native_one(form, raw, expected):
    article = decode_article(json.dumps(raw).encode())
    read = {name: getattr(article, name) for name in expected}
    assert read == expected
    if form not in ("ninjs 1", "AP"):  # AP's form is ninjs 1 with its own envelope
        assert article.notes.form == form
    assert not [w for w in article.notes.warnings if w.kind == "unreadable_value"]


def test_each_line_of_the_table_has_a_sample():
    assert {form.name for form in FORMS} <= {form for form, _, _ in SAMPLES}


NITF = f"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf><head><title>Bridge</title>
<docdata><doc-id id-string="{URL}"/><date.issue norm="20260304T090000Z"/></docdata></head>
<body><body.head><hedline><hl1>Bridge closed</hl1></hedline>
<byline>Jo Lens</byline><distributor>The Gazette</distributor>
</body.head>
<body.content><p>The <person>mayor</person> said the bridge is safe.</p><hl2>What next</hl2>
</body.content></body>
</nitf>"""

NEWSML = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{URL}" version="4" standard="NewsML-G2">
<itemMeta><provider literal="The Gazette"/><versionCreated>2026-03-04T10:30:00Z</versionCreated>
<firstCreated>2026-03-04T09:00:00Z</firstCreated><pubStatus qcode="stat:withheld"/></itemMeta>
<contentMeta><by>Jo Lens</by><headline>Bridge closed</headline><language tag="en"/></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>
</head><body><p>{TEXT}</p></body></html></inlineXML></contentSet></newsItem>"""

RSS = f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Gazette</title><language>en</language><item><title>Bridge closed</title><link>{URL}</link>
<dc:creator>Jo Lens</dc:creator><pubDate>Wed, 04 Mar 2026 09:00:00 GMT</pubDate><description>A bridge.</description>
<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gazette</title>
<entry><id>tag:1</id><title>Bridge closed</title>
<link rel="self" href="https://gazette.example/self"/><link href="{URL}"/><author><name>Jo Lens</name></author>
<published>2026-03-04T09:00:00Z</published><updated>2026-03-04T10:30:00Z</updated>
<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""


MEDIA_RSS = f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>The Gazette</title><item>
<media:title>BRIDGE.JPG</media:title><media:content url="https://i.example/1.jpg"><media:description>A crane.
</media:description></media:content><media:description>A crane.</media:description><itunes:author>Pod</itunes:author>
<title>Bridge closed</title><link>{URL}</link><dc:creator>Jo Lens</dc:creator><dc:creator>Al Moss</dc:creator>
<pubDate>Wed, 04 Mar 2026 09:00:00 GMT</pubDate><description>{TEXT}</description></item></channel></rss>"""

TWO_AUTHORS = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">Bridge &amp;amp; ferry</title>
<link href="{URL}"/><author><name>Jo Lens</name></author><author><name>Al Moss</name></author>
<content>{TEXT}</content></entry></feed>"""

NEWSML_1 = f"""<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>gazette.example</ProviderId>
<RevisionId PreviousRevision="3">4</RevisionId><PublicIdentifier>{URL}:4</PublicIdentifier></NewsIdentifier>
</Identification><NewsManagement><FirstCreated>20260304T090000Z</FirstCreated><ThisRevisionCreated>20260304T103000Z</ThisRevisionCreated>
<Status FormalName="Canceled"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Bridge closed</HeadLine>
<ByLine>By Jo Lens</ByLine></NewsLines><AdministrativeMetadata><Provider><Party FormalName="The Gazette"/></Provider>
</AdministrativeMetadata><ContentItem><DataContent><p>{TEXT}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"""

OFFICES = f"""<nitf uno="{URL}"><body><body.head><byline>By <person>Jo Lens</person><byttl>Harbour reporter</byttl>
</byline></body.head><body.content><p>{TEXT}</p></body.content></body></nitf>"""


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (NITF, {**COMMON, "body": f"<p>{TEXT}</p><h2>What next</h2>\n", "publisher": "The Gazette"}),
        (
            NEWSML,
            {
                "uri": URL,
                "headline": "Bridge closed",
                "published_at": AT,
                "updated_at": LATER,
                "version": "4",
                "byline": "Jo Lens",
                "publisher": "The Gazette",
                "status": ArticleStatus.CANCELED,
            },
        ),
        (RSS, {**COMMON, "body": f"<p>{TEXT}</p>", "publisher": "The Gazette", "language": "en"}),
        (ATOM, {**COMMON, "body": f"<p>{TEXT}</p>", "updated_at": LATER, "publisher": "The Gazette"}),
        (
            NEWSML_1,
            {
                **COMMON,
                "body": f"<p>{TEXT}</p>",
                "updated_at": LATER,
                "version": "4",
                "publisher": "The Gazette",
                "status": ArticleStatus.CANCELED,
            },
        ),
        (MEDIA_RSS, {**COMMON, "byline": "Jo Lens, Al Moss", "publisher": "The Gazette"}),
        (TWO_AUTHORS, {"uri": URL, "headline": "Bridge & ferry", "byline": "Jo Lens, Al Moss", "body": TEXT}),
        (OFFICES, {"uri": URL, "byline": "Jo Lens", "body": f"<p>{TEXT}</p>"}),
    ],
    ids=[
        "NITF",
        "NewsML-G2",
        "RSS",
        "Atom",
        "NewsML 1",
        "RSS with media",
        "two authors",
        "NITF with offices",
    ],
)
def test_news_in_xml_is_read_as_a_records_value(xml, expected):
    article = decode_article(xml.encode())
    assert {name: getattr(article, name) for name in expected} == expected


def test_an_instant_keeps_its_zone():
    article = decode_article(b'{"uri": "u", "body": "b", "published_at": "2026-03-04T22:00:00-05:00"}')
    assert article.published_at.utcoffset() == timezone(timedelta(hours=-5)).utcoffset(None)
