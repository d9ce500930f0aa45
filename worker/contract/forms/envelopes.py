"""Takes articles out of what others put around them: events, change records, answers of an API, feeds, JSON-LD.

- CloudEvents in structured mode: `data`, or `data_base64` (https://github.com/cloudevents/spec).
- Changes of rows (changes.py), with and without Kafka Connect's schema; a deletion is the row before it, as canceled.
  So is a row that Debezium's transform ExtractNewRecordState marks with `__deleted`, and what stands in an event whose
  name says so (`article.deleted`).
- A record whose fields are an object inside of it, beside its id and its times: JSON:API, Contentful, Strapi, Prismic.
- JSON that was written as a text into JSON, once more or several times.
- AP (`item`), Elasticsearch (`_source`), Guardian (`response.content`) and their like: one object inside of others.
- `items`, `articles`, `results`, `entries`, an array: several articles; GraphQL's `edges`, OData's `value`, HAL.
- What clouds put around a message: Pub/Sub, SNS, Kinesis; base64 of JSON is JSON.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

import orjson

from worker.contract.forms import schema_org
from worker.contract.forms.changes import Change, change_in, says_it_is_gone
from worker.contract.forms.form import at, is_short, plain_name
from worker.contract.forms.rich_text import is_document
from worker.contract.forms.table import COMMON
from worker.contract.forms.values import are_parts, is_by_language, is_empty

__all__ = ["articles_inside"]

_INSIDE = ("payload", "data", "item", "article", "_source", "after", "doc", "document", "record", "response", "content",
           "result", "value", "message", "post", "story", "mainentity", "articles", "hits", "attributes", "node",
           "kinesis", "_embedded", "detail", "entry", "current", "object", "fields", "elements",
           "properties")  # fmt: skip
_FIELDS_OF = ("attributes", "fields", "_source", "elements")
"""Of these, what holds the fields of the record itself, whose id and times stand beside."""
_PERHAPS_FIELDS_OF = ("data", "content")
"""And what does so where the record's own time of publication stands beside; else it is inside of a message."""
_RECORD_TIMES = frozenset(
    ("publishedat", "firstpublishedat", "firstpublicationdate", "datepublished", "publicationdate", "publishdate")
)
_MESSAGE = frozenset(
    ("event", "eventtype", "eventid", "detailtype", "specversion", "action", "messageid", "subscription", "topic")
)
_LISTS = ("items", "articles", "results", "entries", "docs", "stories", "posts", "hits", "data", "records", "feed",
          "news", "objects", "edges", "value", "@graph")  # fmt: skip
_BASE64_OF_JSON = ("eyI", "eyJ", "ewo", "ewog", "ew0K", "W3s", "WwogI", "Wwp7")
"""How base64 of an object or an array begins."""
_MAX_DEPTH = 6
_TEXT_NAMES = frozenset(COMMON["body"]) | {"bodies", "headlines", "liveblogupdate", "textcontent"}
_ADDRESSES = ("uri", "url", "link", "canonicalurl", "weburl", "permalink", "originalurl", "pageurl")
_WRAPPED_TEXT = ("rendered", "value", "@value", "#text", "string", "S", "paragraphs", "html", "plain", "raw", "text")
_OF_ARTICLES = frozenset(COMMON["uri"]) | frozenset(COMMON["headline"]) | frozenset(COMMON["published_at"])


def articles_inside(decoded: object, own_fields: Mapping[str, tuple[str, ...]] | None = None) -> list[object]:
    """The objects inside of a decoded value that may be articles, in their order; what has no envelope is itself.

    Of an array or a graph of JSON-LD it is the articles alone. What is no object comes back as it is, so that the
    reader can name it. An object that has a body by a user's own names is no envelope.
    """
    paths = (own_fields or {}).get("body", ())
    if isinstance(decoded, Mapping) and any(not is_empty(at(decoded, path)) for path in paths):
        return [decoded]
    if schema_org.has_long_names(decoded):
        decoded = schema_org.compacted(decoded)
    return _inside(decoded, 0)


def _inside(value: object, depth: int) -> list[object]:
    if depth >= _MAX_DEPTH:
        return [value]
    if isinstance(value, str):
        value = _unquoted(value)
    if isinstance(value, list):
        return _of_array(value, depth)
    return _of_object(value, depth) if isinstance(value, Mapping) else [value]


def _of_array(value: list[object], depth: int) -> list[object]:
    if _is_json_ld(value) and (articles := schema_org.articles_in(value)):
        return _with_text(articles)
    if not any(isinstance(item, (Mapping, list)) for item in value):
        return [value]
    return [inner for item in value for inner in _inside(item, depth + 1)]


def _of_object(value: Mapping[str, object], depth: int) -> list[object]:
    if change := change_in(value):
        return _changed(change, depth)
    if "specversion" in value:
        return _event(value, depth)
    if str(value.get("__deleted", "")).casefold() == "true":
        return [{**value, "status": "canceled"}]
    if _has_text(value):
        return [schema_org.articles_in(value)[0] if "@type" in value and schema_org.is_article(value) else value]
    if "@graph" in value or ("@context" in value and not schema_org.is_article(value)):
        articles = schema_org.articles_in(value)
        if articles:
            return _with_text(articles)
    return _unwrapped(value, depth)


def _unwrapped(value: Mapping[str, object], depth: int) -> list[object]:
    folded = {str(key).casefold(): inner for key, inner in reversed(list(value.items()))}
    for key in _LISTS:
        rows = folded.get(key)
        if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
            about = {"feed_title": value.get("title"), "feed_language": value.get("language")}
            about |= {"feed_authors": value.get("authors")}
            known = {name: text for name, text in about.items() if not is_empty(text) and is_short(text)}
            return [{**known, **row} if isinstance(row, Mapping) else row for row in _inside(rows, depth + 1)]
    for key in _INSIDE:
        inner = folded.get(key)
        inner = _unquoted(inner) if isinstance(inner, str) else inner
        if isinstance(inner, Mapping) and inner:
            articles = [_with_address(value, article) for article in _inside(inner, depth + 1)]
            if len(articles) == 1 and _is_record(value, key):
                articles = [_of_record(value, articles[0])]
            return _retracted(articles, gone=says_it_is_gone(value))
    return [value]


def _is_record(value: Mapping[str, object], key: str) -> bool:
    """Whether the object at the key has the fields of what is around it, which is no message with its own id."""
    names = {plain_name(str(name)) for name in value}
    if names & _MESSAGE or key not in (*_FIELDS_OF, *_PERHAPS_FIELDS_OF):
        return False
    return key in _FIELDS_OF or bool(names & _RECORD_TIMES)


def _of_record(outer: Mapping[str, object], article: object) -> object:
    """The article with what stands beside its fields, but for an address where it has one itself."""
    if not isinstance(article, Mapping):
        return article
    named = any(plain_name(str(key)) in COMMON["uri"] for key in article)
    beside = {k: v for k, v in outer.items() if not (named and plain_name(str(k)) in COMMON["uri"])}
    return {**beside, **article}


def _retracted(articles: list[object], *, gone: bool) -> list[object]:
    """The articles, as canceled ones if they are gone."""
    if not gone:
        return articles
    return [{**each, "status": "canceled"} if isinstance(each, Mapping) else each for each in articles]


def _unquoted(text: str) -> object:
    """The value that a text is when it is JSON, an object or an array, as it stands or in base64; else the text."""
    if text.lstrip()[:1] not in ("{", "[") and not text.startswith(_BASE64_OF_JSON):
        return text
    try:
        packed = text.startswith(_BASE64_OF_JSON)
        return orjson.loads(base64.b64decode(text, validate=True) if packed else text)
    except ValueError:
        return text


def _with_address(outer: Mapping[str, object], article: object) -> object:
    """An article with the address that stands beside it, where it has none itself, as crawlers write a response."""
    if not isinstance(article, Mapping) or any(plain_name(str(key)) in COMMON["uri"] for key in article):
        return article
    beside = ((key, value) for key, value in outer.items() if plain_name(str(key)) in _ADDRESSES)
    return {
        **article,
        **{k: value for k, value in beside if isinstance(value, str) and "://" in value and is_short(value)},
    }


def _changed(change: Change, depth: int) -> list[object]:
    """The rows of a change. A row that is gone retracts its article."""
    rows = _inside(change.row, depth + 1)
    return _retracted(rows, gone=change.gone)


def _event(value: Mapping[str, object], depth: int) -> list[object]:
    data = value.get("data")
    packed = value.get("data_base64")
    try:
        if isinstance(packed, str):
            data = orjson.loads(base64.b64decode(packed, validate=True))
        elif isinstance(data, str) and str(value.get("datacontenttype")).casefold().startswith("text/"):
            return [{"uri": value.get("subject"), "body": data}]
    except (orjson.JSONDecodeError, binascii.Error, ValueError):
        return [value]
    if data is None:
        return [value]
    articles = _inside(data, depth + 1)
    return _retracted(articles, gone=says_it_is_gone(value))


def _has_text(value: Mapping[str, object]) -> bool:
    """Whether there is a text on this level, or what takes its place in some form."""
    return any(_is_text(plain_name(str(key)), inner) for key, inner in value.items())


def _is_text(name: str, value: object) -> bool:
    """Whether a field of this name holds a text: `content` and `article` may also be objects around an article."""
    if is_empty(value) or not (name.startswith("body") or name in _TEXT_NAMES):
        return False
    if name in ("sections", "blocks", "updates"):
        return are_parts(value)
    if not isinstance(value, Mapping) or name not in ("article", "content") or is_by_language(value):
        return True
    names = {plain_name(str(key)) for key in value}
    wrapped = any(key in value for key in _WRAPPED_TEXT) or isinstance(value.get("content"), str)
    return is_document(value) or (wrapped and not names & _OF_ARTICLES)


def _is_json_ld(items: list[object]) -> bool:
    return any(isinstance(item, Mapping) and ("@type" in item or "@graph" in item) for item in items)


def _with_text(articles: list[dict[str, object]]) -> list[object]:
    """The articles that have a text; all of them where none has."""
    return list([article for article in articles if _has_text(article)] or articles)
