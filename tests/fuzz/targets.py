"""What the coverage-guided fuzzing tries: for each target what gets the bytes, and what it begins with."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

import orjson
import zstandard

from tests.paths import ROOT

__all__ = ["MAX_BYTES", "TARGETS", "Target"]

MAX_BYTES = 4096
_SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True)
class Target:
    """`make` gives the function that gets the bytes; it is called after the modules in `instrumented` are imported, so
    that these are watched. `seeds` and `words`: inputs and parts of inputs to begin with.
    """

    instrumented: tuple[str, ...]
    make: Callable[[], Callable[[bytes], None]]
    seeds: Callable[[], Iterator[bytes]]
    words: Callable[[], list[str]] = list


def _promise(name):
    return lambda: getattr(import_module("tests.fuzz.promises"), name)


def _extraction(of):
    """`of`: the name of the function in promises that gets the pipeline and the bytes."""

    def make():
        from tests.fuzz import promises
        from worker.extraction.pipeline import Pipeline

        pipeline, one = Pipeline.load(), getattr(promises, of)
        one(pipeline, bytes(40))  # what is loaded at the first article is no cost of that one
        return lambda data: one(pipeline, data)

    return make


def _records():
    for path in [*_SEEDS.glob("articles/*.json"), *_SEEDS.glob("poison/*.bin")]:
        yield path.read_bytes()


def _bodies():
    for path in _SEEDS.glob("articles/*.json"):
        body = orjson.loads(path.read_bytes()).get("body")
        if isinstance(body, str):
            yield body.encode()


def _forms():
    """Choices of fields and values: see `promises.form`."""
    for first in range(0, 250, 7):
        yield bytes((first + step * 11) % 256 for step in range(40))


def _header_lists():
    from tests.fuzz.promises import headers_as_bytes
    from tests.operate.hostile_records import header_sets

    for number, headers in enumerate(header_sets()):
        if number % 5 == 0:
            yield headers_as_bytes(headers[:30])


def _archives():
    from worker.archives.lines import record_line
    from worker.streaming.record import Record

    lines = record_line(Record("t", 0, 1, 2, b"k", b'{"uri": "a", "body": "b"}', (("h", b"\xff"),))) * 2
    page = b"<html><title>t</title><body><p>The mayor said that taxes will rise.</body></html>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http"
    warc = head + b"\r\nContent-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"
    yield b"\0" + lines
    yield b"\1" + gzip.compress(lines)
    yield b"\2" + zstandard.ZstdCompressor().compress(lines)
    yield b"\3" + b"[" + lines.replace(b"\n", b",") + b"{}]"
    yield b"\4" + warc
    yield b"\5" + gzip.compress(warc)
    yield b"\6" + page


def _events():
    from tests.operate.hostile_records import values

    for number, value in enumerate(values()):
        if number % 10 == 0 and value:
            yield value


def _field_words():
    from tests.fuzz.strategies import _FIELDS

    return [f'"{name}":' for name in _FIELDS]


def _news_words():
    from tests.fuzz.strategies import PIECES

    return list(PIECES)


def _header_words():
    from tests.operate.hostile_records import HEADERS

    return [f"claimwire_{name}" for name in HEADERS] + ["ce_source", "articles.dead/0/1", "9223372036854775808"]


def _event_words():
    return [f'"{name}":' for name in ("claim_id", "article", "uri", "status", "revision", "provenance", "offset")]


_CONTRACT = ("worker.contract",)
_TOOLS = ("worker.operate", "worker.replay", "worker.observe.scrape")
_EXTRACTION = ("worker.contract", "worker.extraction")
TARGETS = {
    "decoder": Target(_CONTRACT, _promise("decoded"), _records, _field_words),
    "forms": Target(_CONTRACT, _promise("form"), _forms),
    "headers": Target(("worker.contract", "worker.operate"), _promise("headers"), _header_lists, _header_words),
    "archives": Target(("worker.archives",), _promise("archive"), _archives),
    "tools": Target(_TOOLS, _promise("event"), _events, _event_words),
    "extraction": Target(_EXTRACTION, _extraction("text"), _bodies, _news_words),
    "news": Target(_EXTRACTION, _extraction("news"), _forms),
}
