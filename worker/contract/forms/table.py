"""The table of forms: one line for each form of article that is read. tests/contract/forms has one test for each line.

A new form is a line here, with the fields whose names differ from those of `COMMON`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from worker.contract.forms import ninjs, schema_org
from worker.contract.forms.form import Form, at, plain_name
from worker.contract.forms.values import are_parts, is_empty

__all__ = ["COMMON", "FORMS", "NATIVE", "SUMMARIES", "form_of", "plain_names", "values_of"]

NATIVE = (
    "uri", "body", "headline", "published_at", "updated_at", "version", "language", "publisher", "byline", "status",
    "section", "embargoed_until",
)  # fmt: skip
"""The fields of the native form."""

COMMON: Mapping[str, tuple[str, ...]] = {
    "uri": ("uri", "url", "link", "canonicalurl", "canonicallink", "weburl", "permalink", "originalurl", "pageurl",
            "articleurl", "websiteurl", "respondedurl", "finalurl", "resolvedurl", "requestedurl",
            "sourceurl", "loadedurl", "fullurl", "address", "guid", "urn", "uno", "articleid", "documentid", "id",
            "idstr",
            "uuid", "identifier", "nid"),
    "body": ("body", "articlebody", "maintext", "fulltext", "bodytext", "bodyhtml", "articletext", "plaintext",
             "articlehtml", "articlecontent", "postcontent", "contentelements", "storybody", "storytext",
             "bodycontent", "contentbody", "contenthtml", "contenttext", "contentmarkdown", "markdown", "text",
             "content", "html", "rawhtml", "article", "paragraphs",
             "components", "bodycopy", "bodymain", "bodyraw", "bodyplain", "bodyclean", "bodyfull", "bodyxhtml",
             "bodymarkdown", "bodyrichtext", "contentraw", "contentplain", "contentfull", "storycontent", "newscontent",
             "cleantext", "cleanedtext", "rawtext", "extractedtext", "selftext", "sections", "blocks", "updates"),
    "headline": ("headline", "title", "articletitle", "posttitle", "storytitle", "pagetitle", "heading", "hed", "name"),
    "published_at": ("publishedat", "published", "datepublished", "datepublish", "publishdate", "publicationdate",
                     "publishingdate", "publisheddate", "publishedtime", "publishedon", "pubdate", "firstcreated",
                     "firstpublished", "firstpublishedat", "firstpublicationdate", "publicationdatetime",
                     "publishdatetime", "publicationtime", "publishedtimestamp", "publishedutc", "postdategmt",
                     "postdate", "displaydate", "releasedate", "issuedate", "datecreated", "contentcreated", "date",
                     "datetime", "createdat", "dategmt", "versioncreated", "created", "issued", "createdutc",
                     "createdtime"),
    "updated_at": ("updatedat", "updated", "datemodified", "datemodify", "modified", "modifiedat", "lastmodified",
                   "lastupdated", "updateddate", "versioncreated", "modifiedgmt", "postmodifiedgmt", "postmodified",
                   "modificationdatetime", "modificationdate", "modifieddate", "lastmodifieddate", "lastupdate",
                   "updatedon", "lastpublicationdate", "changed"),
    "publisher": ("publisher", "publishername", "sitename", "metasitename", "publication", "sourcename", "medianame",
                  "outlet", "provider", "infosources", "infosource", "source", "sourcedomain", "hostname", "domain",
                  "cleanurl", "site"),
    "byline": ("byline", "bylines", "by", "author", "authors", "creator", "writer", "reporter", "authorname",
               "authornames", "authorsbyline"),
    "language": ("language", "lang", "inlanguage", "languagecode", "metalang", "humanlanguage", "locale", "langcode"),
    "version": ("version", "revision"),
    "status": ("status", "pubstatus", "poststatus", "publicationstatus"),
    "section": ("section", "articlesection", "sectionname"),
    "embargoed_until": ("embargoeduntil", "embargoed", "embargo", "embargodate"),
}  # fmt: skip
"""The names that a field has in most forms, as `plain_name` makes them, the best first."""

SUMMARIES = (
    "description",
    "summary",
    "excerpt",
    "abstract",
    "standfirst",
    "teaser",
    "snippet",
    "leadparagraph",
    "lead",
)
"""Names of the beginning of an article, or of what sums it up: all the text that services of headlines give."""

_NINJS = {"published_at": ("firstCreated", "firstcreated", "contentcreated", "versionCreated", "versioncreated")}
_FEED = {
    "publisher": ("source", "feed_title"),
    "language": ("language", "feed_language"),
    "byline": ("author", "authors", "creator", "feed_authors"),
    "published_at": (
        *COMMON["published_at"],
        "date_published",
        "pubDate",
        "publishedAt",
        "published_at",
        "datePublished",
        "publish_date",
        "created_at",
        "updated",
    ),
}
"""Atom asks for the time of the last update, and not for that of publication: it is the best that some entries have."""

FORMS = (
    Form("ninjs 2 or 3", ("bodies",), _NINJS, ninjs.of_version_2_or_3),
    Form("ninjs 2 or 3", ("uri", "headlines"), _NINJS, ninjs.of_version_2_or_3),
    Form("AP", ("altids.itemid", "headline"), {"byline": ("bylines.by", "byline"), **_NINJS}, ninjs.of_version_1),
    Form("ninjs 1", ("uri", "body_text"), _NINJS, ninjs.of_version_1),
    Form("ninjs 1", ("uri", "body_xhtml"), _NINJS, ninjs.of_version_1),
    Form("ninjs 1", ("uri", "body_nitf"), _NINJS, ninjs.of_version_1),
    Form("ninjs 1", ("uri", "versioncreated"), _NINJS, ninjs.of_version_1),
    Form("Reuters Connect", ("bodyXhtml",), {"uri": ("guid", "versionedGuid"), "body": ("bodyXhtml",),
         "publisher": ("credit",), **_NINJS}),
    Form("New York Times", ("web_url", "lead_paragraph"), {"uri": ("web_url",), "body": ("lead_paragraph",),
         "headline": ("headline.main",), "byline": ("byline.original",), "published_at": ("pub_date",)},
         cut_short=True),
    Form("Arc", ("content_elements",), {"uri": ("website_url", "_id"), "body": ("content_elements",),
         "headline": ("headlines.basic", "headlines"), "byline": ("credits.by",), "publisher": ("distributor.name",),
         "published_at": ("first_publish_date", "display_date", "publish_date"),
         "updated_at": ("last_updated_date",)}),
    Form("AFP", ("uno", "news"), {"body": ("news",), "uri": ("uno",), **_NINJS}),
    Form("Dow Jones", ("an", "body"), {"uri": ("an",), "status": ("action",)}),
    Form("Dow Jones", ("an", "action"), {"uri": ("an",), "status": ("action",)}),
    Form("AYLIEN", ("links.permalink", "body"), {"uri": ("links.permalink",)}),
    Form("schema.org", ("articleBody",), {"uri": ("address",), "headline": ("headline", "name", "alternativeHeadline"),
         "publisher": ("publisher", "sourceOrganization", "copyrightHolder", "isPartOf", "publisher.url")},
         schema_org.prepared),
    Form("schema.org", ("liveBlogUpdate",), {"uri": ("address",)}, schema_org.prepared),
    Form("news-please", ("maintext",), {"uri": ("url",), "publisher": ("source_domain",)}),
    Form("Guardian", ("webUrl", "fields"), {"uri": ("webUrl", "id"), "headline": ("webTitle", "fields.headline"),
         "body": ("fields.body", "fields.bodyText"), "byline": ("fields.byline", "tags.webTitle"),
         "published_at": ("webPublicationDate", "fields.firstPublicationDate"),
         "updated_at": ("fields.lastModified",), "publisher": ("fields.publication",)}),
    Form("NewsAPI", ("publishedAt", "content", "url"), {"publisher": ("source.name",), "byline": ("author",)},
         cut_short=True),
    Form("Event Registry", ("uri", "body", "dateTime"), {"published_at": ("dateTimePub", "dateTime"),
         "publisher": ("source.title", "source.uri"), "byline": ("authors",), "language": ("lang",)}),
    Form("Media Cloud", ("media_name", "text"), {"published_at": ("publish_date",)}),
    Form("newspaper4k", ("publish_date", "text"), {}),
    Form("JSON Feed item", ("content_html",), {"uri": ("url", "external_url", "id"), **_FEED}),
    Form("JSON Feed item", ("content_text",), {"uri": ("url", "external_url", "id"), **_FEED}),
    Form("Readability", ("textContent",), {"body": ("content", "textContent"), "published_at": ("publishedTime",)}),
    Form("Fundus", ("plaintext", "publishing_date"), {"uri": ("html.responded_url", "html.requested_url", "url"),
         "body": ("plaintext",), "publisher": ("publisher", "html.source_info.publisher")}),
    Form("WordPress", ("link", "content.rendered"), {"uri": ("link",), "published_at": ("date_gmt", "date"),
         "byline": ("_embedded.author.name",)}),
    Form("feed entry", ("encoded",), {"body": ("encoded",), "uri": ("link", "guid", "id"), **_FEED}),
    Form("feed entry", ("link", "content"), {"uri": ("link", "id"), **_FEED}),
    Form("feed entry", ("link", "description"), {"body": ("description",), "uri": ("link", "guid"), **_FEED},
         cut_short=True),
    Form("feed entry", ("link", "summary"), {"body": ("summary",), "uri": ("link", "id"), **_FEED}, cut_short=True),
    Form("Feedly", ("origin.title", "content"), {"uri": ("canonicalUrl", "canonical.href", "alternate.href", "id"),
         "publisher": ("origin.title",)}),
    Form("trafilatura", ("text", "raw_text"), {"uri": ("url", "source"), "publisher": ("sitename", "hostname",
         "source-hostname")}),
    Form("trafilatura", ("text", "hostname"), {"uri": ("url", "source"), "publisher": ("sitename", "hostname")}),
    Form("trafilatura", ("text", "source-hostname"), {"uri": ("url", "source"), "publisher": ("source-hostname",)}),
    Form("trafilatura", ("text", "source", "title", "date"), {"uri": ("url", "source")}),
    Form("native", ("uri", "body"), {}),
)  # fmt: skip
"""The first form that fits is taken. What none fits is read by the names of `COMMON` alone, as the form `by names`."""

_MAX_KEY_CHARS = 100
_KNOWN = frozenset(plain for names in COMMON.values() for plain in names)
_PREFIXED = re.compile(
    r"(?:article|news|story|post|item|entry|node|doc|page|og|dcterms|dc)[_:.\s-]?(\w[\w:.\s-]*)", re.IGNORECASE
)
"""`article_date`, `og:title`, `postDate`: what a name says is mostly said by what follows."""
_SUFFIXED = re.compile(r"(\w+?)(?:_(?:t|txt|text|s|ss|str|dt|tdt|en|en_us|en_gb))+", re.IGNORECASE)
"""`title_t`, `body_txt_en`: what follows is the type, as Solr has it, or the language."""
_LISTS_OF_PARTS = ("sections", "blocks", "updates")
_ABOUT = ("metadata", "meta", "head", "header", "info", "properties", "frontmatter", "sys", "system", "thread")
_MAX_ABOUT = 200
_NOT_BESIDE = ("body", "status", "version")

_BY_NAMES = Form("by names", ())


def form_of(raw: Mapping[str, object]) -> tuple[Form, Mapping[str, object]]:
    """The form of an object, and the object as its form prepares it."""
    form = next((form for form in FORMS if form.fits(raw)), _BY_NAMES)
    return form, form.prepare(raw) if form.prepare else raw


def plain_names(raw: Mapping[str, object]) -> Mapping[str, str]:
    """For each name of an object, as `COMMON` would have it, the name as it stands; of two that are one the first."""
    names = {plain_name(key): key for key in reversed(list(raw)) if len(key) <= _MAX_KEY_CHARS and key[:1] != "@"}
    for key in list(names.values()):
        if (suffixed := _SUFFIXED.fullmatch(key)) and (plain := plain_name(suffixed[1])) in _KNOWN:
            names.setdefault(plain, key)
        if (prefixed := _PREFIXED.match(key)) and (plain := plain_name(prefixed[1])) in _KNOWN:
            names.setdefault(plain, key)
    return names


def _beside(raw: Mapping[str, object], name: str) -> list[tuple[str, object]]:
    """The values of a field that an object has in another one about the article, each with its path."""
    found = []
    for around in _ABOUT:
        about = raw.get(around)
        if isinstance(about, Mapping) and len(about) <= _MAX_ABOUT:
            names = plain_names(about)
            found += [(f"{around}.{names[plain]}", about[names[plain]]) for plain in COMMON[name] if plain in names]
    return found


def _is_within_its_site(value: object) -> bool:
    """Whether it is a path, by which an article of another site may be named too."""
    return isinstance(value, str) and value.startswith("/")


def values_of(
    raw: Mapping[str, object], by_plain: Mapping[str, str], form: Form, name: str, own: tuple[str, ...] = ()
) -> list[tuple[str, object]]:
    """The values that a field of the native form may have, the best first, each with the path where it is."""
    paths = [*own, name, *form.fields.get(name, ())]
    paths += [by_plain[plain] for plain in COMMON[name] if plain in by_plain]
    found = ((path, at(raw, path)) for path in dict.fromkeys(paths))
    values = [(path, value) for path, value in found if not is_empty(value)]
    if name == "body":
        values = [(path, value) for path, value in values if path not in _LISTS_OF_PARTS or are_parts(value)]
    if name == "uri":
        values.sort(key=lambda each: _is_within_its_site(each[1]))
    if values or name in _NOT_BESIDE:
        return values
    return [(path, value) for path, value in _beside(raw, name) if not is_empty(value)]
