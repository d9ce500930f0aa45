from __future__ import annotations

import gzip
import sys
import zlib
from datetime import UTC, datetime

import brotli
import orjson
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.archives.kinds import ArchiveError, ArchiveKind, kind_of
from worker.archives.lines import LinesWriter, record_from, record_line
from worker.archives.parquet import ParquetRecords, rows_of
from worker.archives.reading import files_of, read_archives
from worker.contract.codec import decode_article
from worker.extraction.text.clean import clean
from worker.streaming.record import Record

_BYTES = st.one_of(st.none(), st.binary(max_size=60), st.text(max_size=40).map(str.encode))
_RECORDS = st.builds(
    Record,
    st.text(min_size=1, max_size=10),
    st.integers(0, 2**31 - 1),
    st.integers(0, 2**62),
    st.integers(-1, 2**50),
    _BYTES,
    _BYTES,
    st.lists(st.tuples(st.text(max_size=10), _BYTES), max_size=3).map(tuple),
)
ARTICLE = {"uri": "https://news.example/1", "body": "The mayor said it.", "publisher": "The Example"}


@given(_RECORDS)
def test_a_line_gives_back_every_byte(record):
    line = record_line(record)
    assert line.count(b"\n") == 1
    assert record_from(line) == record


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(_RECORDS, max_size=8))
def test_every_kind_of_archive_gives_back_every_byte(tmp_path, name, records):
    path = tmp_path / name
    if name.endswith("parquet"):
        with ParquetRecords(path, replace=True) as archive:
            for record in records:
                archive.write(record)
    else:
        with LinesWriter(path, replace=True) as archive:
            for record in records:
                archive.write(record_line(record))
    assert list(read_archives([path])) == records
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_equal_records_give_equal_files(tmp_path):
    for name in ("a.jsonl.gz", "a.jsonl.zst"):
        files = []
        for number in range(2):
            path = tmp_path / str(number) / name
            with LinesWriter(path, replace=True) as archive:
                archive.write(record_line(Record("t", 0, 1, 2, b"k", b"v", ())))
            files.append(path.read_bytes())
        assert files[0] == files[1]


def test_a_writer_that_fails_leaves_the_old_file_as_it_was(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old\n")

    def fail():
        with LinesWriter(path, replace=True) as archive:
            archive.write(b"new\n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_bytes() == b"old\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_articles_of_others_get_their_uri_as_key_and_their_place_as_offset(tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_bytes(orjson.dumps(ARTICLE) + b"\n\n" + b"{broken\n" + orjson.dumps(ARTICLE) + b"\n")
    first, broken, last = read_archives([path])
    assert (first.topic, first.partition, first.offset, first.timestamp) == ("file:articles.jsonl", 0, 0, -1)
    assert first.key == ARTICLE["uri"].encode()
    assert first.value == orjson.dumps(ARTICLE)
    assert (broken.key, broken.value, broken.offset) == (None, b"{broken", 2)
    assert last.offset == 3


def test_a_zstd_file_of_one_large_frame_or_of_several_is_read_as_a_stream(tmp_path):
    line = orjson.dumps(ARTICLE) + b"\n"
    path = tmp_path / "a.ndjson.zst"
    path.write_bytes(zstandard.compress(line * 500) + zstandard.compress(line * 3))
    assert sum(1 for _ in read_archives([path])) == 503


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", gzip.compress(b"{}\n" * 5000, mtime=0)[:-30]),
        ("a.jsonl.gz", b"no gzip at all"),
        ("a.jsonl.zst", zstandard.compress(b"{}\n" * 5000) + zstandard.compress(b"{}\n" * 5000)[:-1]),
        ("a.jsonl.zst", b"no zstd at all"),
    ],
)
def test_a_broken_archive_is_named_with_the_place(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=rf"{name}: broken after line"):
        list(read_archives([path]))


def test_a_json_file_is_one_article_or_an_array_of_them(tmp_path):
    (tmp_path / "one.json").write_bytes(orjson.dumps(ARTICLE, option=orjson.OPT_INDENT_2))
    (tmp_path / "two.json").write_bytes(orjson.dumps([ARTICLE, ARTICLE]))
    assert len(list(read_archives(files_of([tmp_path])))) == 3


def test_a_folder_is_read_in_the_order_of_names_and_others_files_are_let_be(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "z.txt").write_text("Anna Lind said so.", encoding="utf-8")
    (tmp_path / "a.html").write_text("<p>Anna Lind said so.</p>", encoding="utf-8")
    (tmp_path / "readme.md").write_text("#", encoding="utf-8")
    records = list(read_archives(files_of([tmp_path])))
    assert [decode_article(r.value).uri for r in records] == [f"file:{tmp_path}/a.html", f"file:{tmp_path}/b/z.txt"]
    with pytest.raises(ArchiveError, match="names no kind of archive"):
        files_of([tmp_path / "readme.md"])
    with pytest.raises(ArchiveError, match="no such file"):
        files_of([tmp_path / "no.jsonl"])


def test_a_table_of_articles_is_read_row_by_row(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    rows = [ARTICLE | {"published_at": at, "byline": None}, ARTICLE | {"uri": "u2", "published_at": None}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    first, second = read_archives([tmp_path / "t.parquet"])
    assert decode_article(first.value).published_at == at
    assert second.key == b"u2"
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(ArchiveError, match=r"bad\.parquet"):
        list(rows_of(tmp_path / "bad.parquet"))


def _warc(path, pages, more=""):
    records = []
    for address, status, kind, body in pages:
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Date: 2026-11-20T09:00:00Z\r\n"
            f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    path.write_bytes(b"".join(map(gzip.compress, records)) if path.suffix == ".gz" else b"".join(records))


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_pages_of_a_crawl_become_articles(tmp_path, name):
    page = "<html><head><title>Brücke öffnet</title><meta property='og:site_name' content='The Example'></head>"
    page += "<body><p>Anna Lind said: “Grüße”.</p></body></html>"
    _warc(
        tmp_path / name,
        [
            ("https://a.example/1", "200 OK", "text/html; charset=iso-8859-1", page.encode("cp1252")),
            ("https://a.example/2", "200 OK", "text/html", page.encode()),
            ("https://a.example/3", "404 Not Found", "text/html", b"<p>gone</p>"),
            ("https://a.example/4.png", "200 OK", "image/png", b"\x89PNG"),
            ("https://a.example/5", "200 OK", "text/html; charset=utf-99", b"<p>x</p>"),
        ],
    )
    records = list(read_archives([tmp_path / name]))
    assert [r.key for r in records] == [b"https://a.example/1", b"https://a.example/2", b"https://a.example/5"]
    articles = [decode_article(r.value) for r in records]
    cleaned = clean(articles[1])
    assert (cleaned.headline, cleaned.article.publisher) == ("Brücke öffnet", "The Example")
    assert "“Grüße”" in articles[0].body  # named iso-8859-1, and read as browsers do
    assert articles[0].published_at is None


PAGE_OF_A_CRAWL = "<html><body><p>Anna Lind said: “Grüße”.</p></body></html>".encode()


@pytest.mark.parametrize(
    ("packing", "pack"),
    [("br", brotli.compress), ("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_a_page_of_a_crawl_is_unpacked_as_its_server_packed_it(tmp_path, packing, pack):
    pages = [("https://a.example/1", "200 OK", "text/html; charset=utf-8", pack(PAGE_OF_A_CRAWL))]
    _warc(tmp_path / "a.warc", pages, f"Content-Encoding: {packing}\r\n")
    (record,) = read_archives([tmp_path / "a.warc"])
    assert "Anna Lind said: “Grüße”." in decode_article(record.value).body


def test_a_page_that_brotli_makes_endless_is_read_up_to_a_bound(tmp_path, monkeypatch):
    monkeypatch.setattr("worker.archives.warc._MAX_PAGE_BYTES", 1000)
    pages = [("https://a.example/1", "200 OK", "text/html", brotli.compress(b"x" * 10_000_000))]
    _warc(tmp_path / "a.warc", pages, "Content-Encoding: br\r\n")
    (record,) = read_archives([tmp_path / "a.warc"])
    assert decode_article(record.value).body == "x" * 1000


def test_a_page_that_cannot_be_unpacked_is_refused_and_not_read_as_it_is(tmp_path, monkeypatch):
    pages = [("https://a.example/1", "200 OK", "text/html", b"\x0b\x01\x80packed")]
    _warc(tmp_path / "a.warc", pages, "Content-Encoding: br\r\n")
    monkeypatch.setitem(sys.modules, "brotli", None)
    with pytest.raises(ArchiveError, match=r"packed with brotli .*pip install 'claimwire\[archives\]'"):
        list(read_archives([tmp_path / "a.warc"]))
    monkeypatch.undo()
    with pytest.raises(ArchiveError, match="packed with brotli is damaged"):
        list(read_archives([tmp_path / "a.warc"]))
    _warc(tmp_path / "b.warc", pages, "Content-Encoding: zz\r\n")
    with pytest.raises(ArchiveError, match="packed with 'zz'"):
        list(read_archives([tmp_path / "b.warc"]))


def test_what_is_no_crawl_is_refused(tmp_path):
    (tmp_path / "a.warc").write_bytes(b"this is not a crawl\r\n" * 5)
    with pytest.raises(ArchiveError, match="no WARC"):
        list(read_archives([tmp_path / "a.warc"]))


@pytest.mark.parametrize(("package", "name"), [("pyarrow", "a.parquet"), ("warcio.archiveiterator", "a.warc")])
def test_a_missing_package_is_named_with_what_to_do(tmp_path, monkeypatch, package, name):
    (tmp_path / name).write_bytes(b"")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ArchiveError, match=r"pip install 'claimwire\[archives\]'"):
        list(read_archives([tmp_path / name]))


def test_the_kind_goes_by_the_name(tmp_path):
    kinds = {n: kind_of(tmp_path / n) for n in ("A.JSONL.GZ", "a.warc.zst", "a.parquet.gz", "a.gz", "a", "b.ndjson")}
    assert kinds == {
        "A.JSONL.GZ": ArchiveKind.LINES,
        "a.warc.zst": None,
        "a.parquet.gz": None,
        "a.gz": None,
        "a": None,
        "b.ndjson": ArchiveKind.LINES,
    }
