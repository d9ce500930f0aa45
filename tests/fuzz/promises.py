"""Promises that hold for any input; both kinds of fuzzing, hypothesis and atheris, check them."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec
import orjson

from tests.fuzz.news_grammar import article
from tests.fuzz.strategies import _FIELDS
from worker.archives.kinds import ArchiveError
from worker.archives.lines import record_from, record_line
from worker.archives.reading import read_archives
from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.codec import BrokenRecordError, article_from, decode_article, decode_extraction, encode
from worker.contract.coordinates import Coordinates, origin_of
from worker.contract.extraction import Extraction
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.reasons import DeadReason
from worker.contract.topics import Topics
from worker.extraction.outcome import Dropped, Extracted, Failed
from worker.observe import scrape
from worker.operate.audit_rows import UnreadableError, claim_row, extraction_row, state_row
from worker.operate.dead_letters import parse
from worker.replay.diff.claim_shape import (
    ForeignEventError,
    claim_event,
    claim_in_file,
    extracted_in_file,
    passed_in_file,
)
from worker.replay.diff.compare import compared, essence
from worker.replay.diff.text import facts
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import PlanError
from worker.replay.plan.registry import RegistryEntry
from worker.streaming.record import Record
from worker.visible_text import visible, visible_json

MAX_CPU_S = 10.0
"""CPU seconds that an input of a few thousand characters may take: pathological text must not stop a process.

CPU time of this process, not time by the clock: a busy machine does not add to it.
"""

BASE_CPU_S, CPU_S_PER_KB = 0.5, 0.15
"""CPU seconds that an article may take: so many, and so many for each kilobyte."""
_INSTRUMENTED = 3
"""How many times as long code takes whose branches are watched."""

_LEAVES = (
    None, True, False, 0, -1, 2**63, 1.5, "", " ", "a", "2026-11-20", "0000-00-00", "usable", "canceled", "9" * 5000,
    "https://news.example/1", "The mayor said that taxes will rise.", "\x00",
)  # fmt: skip
_ARCHIVES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".json", ".warc", ".warc.gz", ".html", ".parquet")
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - ten thousand files a minute


def spans_of(value):
    """Every span anywhere in a message."""
    if isinstance(value, dict):
        if {"start", "end", "exact"} <= value.keys():
            yield value
        for inner in value.values():
            yield from spans_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_of(inner)


def decoded(value):
    """The decoder's promise: an article that can be encoded, or a reason and words for it; nothing else is raised."""
    try:
        article = decode_article(value, max_bytes=1024 * 1024)
    except BrokenRecordError as broken:
        assert isinstance(broken.reason, DeadReason)
        assert broken.error
        broken.error.encode()  # it becomes a header
        return None
    assert article.uri.strip()
    assert article.body.strip() or article.status is ArticleStatus.CANCELED
    assert msgspec.convert(msgspec.to_builtins(article), RawArticle) == article
    assert decode_article(msgspec.json.encode(article)) == article
    return article


def extracted(pipeline, article):
    """The extraction's promise: an outcome in bounded time; what it found can be encoded, read back and checked.

    Returns the CPU seconds.
    """
    began = time.process_time()
    (outcome,) = pipeline.extract([article])
    spent = time.process_time() - began
    assert spent < MAX_CPU_S, f"{spent:.1f} CPU seconds for {len(article.body)} characters"
    match outcome:
        case Failed(reason, error):
            assert reason is not DeadReason.EXTRACTION_FAILED, error
        case Dropped(reason, detail):
            assert reason
            assert detail
        case Extracted(extraction):
            check(extraction)
    return spent


def check(extraction: Extraction):
    encoded = encode(extraction)
    assert decode_extraction(encoded) == extraction
    text = extraction.text
    assert extraction.claims_count == len(extraction.claims) == len({claim.claim_id for claim in extraction.claims})
    for span in spans_of(orjson.loads(encoded)):
        start, end = span["start"], span["end"]
        assert 0 <= start < end <= len(text), span
        assert text[start:end] == span["exact"], span
        assert text[:start].endswith(span.get("prefix") or ""), span
        assert text[end:].startswith(span.get("suffix") or ""), span
    for claim in extraction.claims:
        assert claim.content.text.strip(), claim
        assert claim.content.spans, claim


def text(pipeline, data):
    """The extraction's promise for bytes as the body of an article."""
    body = data.decode("utf-8", "replace")
    if body.strip():
        extracted(pipeline, RawArticle(uri="https://news.example/1", body=body))


def news(pipeline, data):
    """The extraction's promise, and that of its time, for an article that a grammar makes of the bytes."""
    body = written(data)
    spent = extracted(pipeline, RawArticle(uri="https://news.example/1", body=body, headline=body[:80]))
    size_kb = len(body.encode()) / 1024
    limit = _INSTRUMENTED * (BASE_CPU_S + CPU_S_PER_KB * size_kb)
    assert spent < limit, f"{spent:.2f} CPU seconds for {size_kb:.1f} KB, at most {limit:.2f}"


def form(data):
    """Every object of known fields with any values is an article or is refused with a reason."""
    import atheris

    made = _value(atheris.FuzzedDataProvider(data), 0)
    try:
        assert article_from(made).uri.strip()
    except BrokenRecordError as broken:
        assert broken.error
        broken.error.encode()


def _value(source, depth):
    """A JSON value as the bytes choose; an object at the top."""
    kind = source.ConsumeIntInRange(0, 9) if depth else 9
    if depth > 4 or kind < 4:
        return _LEAVES[source.ConsumeIntInRange(0, len(_LEAVES) - 1)]
    if kind < 6:
        return source.ConsumeUnicodeNoSurrogates(12)
    if kind < 8:
        return [_value(source, depth + 1) for _ in range(source.ConsumeIntInRange(0, 3))]
    return {
        _FIELDS[source.ConsumeIntInRange(0, len(_FIELDS) - 1)]: _value(source, depth + 1)
        for _ in range(source.ConsumeIntInRange(0, 6))
    }


def written(data):
    """An article of sentences: the grammar of `tests/fuzz/news_grammar.py`, in which the bytes choose."""
    import atheris

    source = atheris.FuzzedDataProvider(data)
    return article(lambda most: source.ConsumeIntInRange(0, most), source.remaining_bytes)


def headers(data):
    """Headers give a ticket, an origin, a letter, or none; numbers are in Kafka's ranges, and nothing is raised."""
    found = headers_from_bytes(data)
    ticket = ticket_of([(name, value) for name, value in found if value is not None])
    if ticket is not None:
        assert ticket_of(ticket.headers()) == ticket
    for place in (origin_of(found), Coordinates.in_event(found), ticket):
        if place is not None:
            assert 0 <= place.partition < 2**31
            assert 0 <= place.offset < 2**63
            again = Coordinates.from_source(Coordinates.of(place).source)
            assert again == Coordinates.of(place) or not place.topic or "/" in place.topic
    for topic in ("articles.raw", "articles.retry", "articles.extracted"):
        kept = BelievedHeaders.of_topic(topic, Topics()).among(found)
        assert [pair for pair in kept if not pair[0].startswith("claimwire_")] == [
            pair for pair in found if not pair[0].startswith("claimwire_")
        ]
    letter = parse(Record("articles.dead", 0, 1, 2, b"k", b"v", tuple(found)))
    assert letter is None or (letter.reason.isascii() and letter.value_bytes < 2**31)


def headers_as_bytes(pairs):
    """The inverse of `headers_from_bytes`, for seeds."""
    return b"\x1e".join(name.encode() + b"\x1f" + (value or b"") for name, value in pairs)


def headers_from_bytes(data):
    pairs = [part.partition(b"\x1f") for part in data.split(b"\x1e")]
    return [(name.decode("utf-8", "replace"), value if mark else None) for name, mark, value in pairs]


def archive(data):
    """A file of any kind gives records, or an error with its name."""
    if not data:
        return
    with tempfile.TemporaryDirectory(dir=_MEMORY) as folder:
        path = Path(folder) / f"a{_ARCHIVES[data[0] % len(_ARCHIVES)]}"
        path.write_bytes(data[1:])
        try:
            for record in islice(read_archives([path]), 1000):
                assert record_from(record_line(record)) == record
        except ArchiveError as broken:
            assert path.name in str(broken)


def event(data):
    """Each reader of the tools makes something of a value, or says why it does not; what is shown is harmless."""
    record = Record("t", 0, 1, 2, data[:20], data, ())
    for read in (extraction_row, claim_row, state_row):
        with suppress(UnreadableError):
            msgspec.msgpack.encode(read(record))
    for of_line in (claim_in_file, extracted_in_file, passed_in_file):
        with suppress(ForeignEventError):
            of_line(data)
    with suppress(ForeignEventError):
        claim = claim_event(data)
        assert compared([claim], []) or essence(claim)
        facts(claim)
    for part in ("plan", "control", "finished", "report", "place"):
        with suppress(PlanError):
            RegistryEntry().put("t", part, data)
    with suppress(ValueError, LookupError):
        scrape.parse("http://a", 0.0, data.decode("utf-8", "replace"))
    ReplayCounts.from_note(data.decode("utf-8", "replace"), "r")
    shown = visible(data.decode("utf-8", "surrogateescape"))
    assert visible(shown) == shown
    assert len((shown + visible_json(data)).splitlines()) <= 1
