"""Files that are made to fill the memory, to wait for ever, or to lead elsewhere; and disks that are full."""

from __future__ import annotations

import gzip
import json
import os
import resource
import stat
import subprocess
import sys
import tracemalloc
from time import process_time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.paths import ROOT
from worker.archives import lines
from worker.archives.found import found_in
from worker.archives.kinds import ArchiveError
from worker.archives.lines import LinesWriter, lines_of, record_line
from worker.archives.parquet import ParquetRecords, rows_of
from worker.archives.reading import files_of
from worker.archives.whole_file import WholeFile
from worker.streaming.record import Record

RECORD = Record("t", 0, 1, 2, b"k", b"v", (("h", b"x"),))
NAMES = ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet"]
MIB = 1024 * 1024


def _written(path, *, replace=False, times=1):
    if path.suffix == ".parquet":
        with ParquetRecords(path, replace=replace) as archive:
            for _ in range(times):
                archive.write(RECORD)
    else:
        with LinesWriter(path, replace=replace) as archive:
            for _ in range(times):
                archive.write(record_line(RECORD))


def _packed(name, content):
    return gzip.compress(content) if name.endswith(".gz") else zstandard.compress(content)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_line_that_is_longer_than_any_record_is_refused_before_it_is_read_whole(tmp_path, monkeypatch, name):
    monkeypatch.setattr(lines, "_MAX_LINE_BYTES", MIB)
    path = tmp_path / name
    path.write_bytes(_packed(name, b"{}\n" + bytes(512 * MIB)))
    tracemalloc.start()
    reading = lines_of(path)
    assert next(reading) == (1, b"{}")
    with pytest.raises(ArchiveError, match=rf"{name}: line 2 is longer than"):
        next(reading)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * MIB


def test_the_longest_line_of_a_record_is_no_longer_than_what_is_read():
    worst = Record("t" * 249, 2**31, 2**62, 2**50, b"", b"\x01" * 1000, ())
    assert len(record_line(worst)) < 7 * 1000
    assert lines._MAX_LINE_BYTES >= 7 * lines.LARGEST_RECORD


@pytest.mark.parametrize(
    ("name", "line"),
    [("a.jsonl.gz", b"\n"), ("a.jsonl.zst", b"\n"), ("a.jsonl.zst", b"{}\n"), ("a.jsonl.zst", b" " * 99_999 + b"\n")],
)
def test_a_file_that_is_much_larger_than_it_seems_is_given_up(tmp_path, monkeypatch, name, line):
    monkeypatch.setattr(lines, "_RATIO_FROM_BYTES", MIB)
    path = tmp_path / name
    path.write_bytes(_packed(name, line * (64 * MIB // len(line))))
    with pytest.raises(ArchiveError, match=r"bytes became .* decompress it and name the plain file"):
        for _ in lines_of(path):
            pass
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(line * (2 * MIB // len(line)))
    for _ in lines_of(plain):
        pass


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_the_same_article_again_and_again_is_read(tmp_path, monkeypatch, name):
    monkeypatch.setattr(lines, "_RATIO_FROM_BYTES", MIB)
    path = tmp_path / name
    with LinesWriter(path) as archive:
        for offset in range(4000):
            archive.write(
                record_line(Record("t", 0, offset, 1_790_000_000_000 + offset * 37, b"k", b"word " * 600, ()))
            )
    assert sum(1 for _ in lines_of(path)) == 4000


def test_what_is_read_whole_costs_no_more_for_each_part(tmp_path):
    """Values one after the other, broken lines, and members of gzip: each was counted or copied from the beginning."""
    value = b'{\n"uri": "u",\n"body": "The mayor said no."\n}\n'
    contents = {
        "values.txt": lambda n: value * n,
        "lines.txt": lambda n: b'{"uri": "u", "body": "b"}\n' + b'{"uri": \n' * n,
        "members.txt.gz": lambda n: gzip.compress(b"") * 10 * n,
    }
    for name, content in contents.items():

        def cost(count, name=name, content=content):
            path = tmp_path / name
            path.write_bytes(content(count))
            before = process_time()
            assert len(list(found_in(path))) >= 1
            return process_time() - before

        assert cost(8000) < 10 * cost(2000) + 0.5, name


def test_an_e_mail_with_parts_inside_of_parts_is_read_as_a_text(tmp_path):
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1500))
    (tmp_path / "deep.eml").write_text(f"From: a@b.example\nSubject: x\n{parts}\nThe mayor said no.\n")
    (found,) = found_in(tmp_path / "deep.eml")
    assert b"The mayor said no." in found.content


def test_a_table_that_ends_inside_of_quotation_marks_says_so(tmp_path):
    (tmp_path / "open.csv").write_bytes(b'url,body\nu1,"One."\nu2,"Two.\nu3,Three.\nu4,Four.\n')
    rows = found_in(tmp_path / "open.csv")
    assert b"One." in next(rows).content
    with pytest.raises(ArchiveError, match="ends inside of quotation marks"):
        list(rows)
    (tmp_path / "good.csv").write_bytes(b'url,body\nu1,"One.\n\nTwo."\n')
    assert len(list(found_in(tmp_path / "good.csv"))) == 1


def test_a_table_in_utf_16_is_read(tmp_path):
    (tmp_path / "excel.csv").write_bytes("url,body\nu1,Größe\n".encode("utf-16"))
    (row,) = found_in(tmp_path / "excel.csv")
    assert json.loads(row.content) == {"url": "u1", "body": "Größe"}


def test_a_fifo_and_a_device_are_refused(tmp_path):
    os.mkfifo(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").symlink_to("/dev/zero")
    for name in ("a.jsonl", "b.jsonl"):
        with pytest.raises(ArchiveError, match=rf"{name}: is a device, a FIFO or a socket"):
            files_of([tmp_path / name])


@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_was_put_in_the_way_is_not_followed(tmp_path, name):
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    beside = tmp_path / f"{name}.part"
    beside.symlink_to(victim)
    with pytest.raises(ArchiveError, match=r"\.part: is there already"):
        _written(tmp_path / name)
    assert beside.is_symlink()
    _written(tmp_path / name, replace=True)
    assert victim.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / name).is_symlink()
    assert not beside.is_symlink()


@pytest.mark.parametrize("name", NAMES)
def test_only_the_owner_may_read_what_is_written(tmp_path, name):
    before = os.umask(0)
    try:
        archive = ParquetRecords(tmp_path / name) if name.endswith("parquet") else LinesWriter(tmp_path / name)
        with archive:
            assert stat.S_IMODE((tmp_path / f"{name}.part").stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"old")
    with pytest.raises(ArchiveError, match="is there already; --force replaces it"):
        _written(path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [name]
    _written(path, replace=True)
    assert path.read_bytes() != b"old"


def test_a_file_that_comes_meanwhile_stays(tmp_path):
    path = tmp_path / "a.html"
    file = WholeFile(path, replace=False)
    file.write(b"new")
    path.write_bytes(b"other")
    with pytest.raises(ArchiveError, match="made by another process meanwhile"):
        file.close()
    assert path.read_bytes() == b"other"
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]


def test_a_link_a_device_and_a_folder_are_never_replaced(tmp_path):
    (tmp_path / "link").symlink_to("/dev/null")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "link", tmp_path / "folder"):
        with pytest.raises(ArchiveError, match="only a regular file is replaced"):
            WholeFile(path, replace=True)


_FILL = """
import resource, sys
from pathlib import Path
from tests.archives.test_hostile_files import RECORD
from worker.archives.kinds import ArchiveError
from worker.archives.lines import LinesWriter, record_line
from worker.archives.parquet import ParquetRecords
from worker.streaming.record import Record
import random
path, count = Path(sys.argv[1]), int(sys.argv[2])
random.seed(1)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with (ParquetRecords(path) if path.suffix == ".parquet" else LinesWriter(path)) as archive:
        for number in range(count):
            record = Record("t", 0, number, 2, b"k", random.randbytes(10_000), ())
            archive.write(record if path.suffix == ".parquet" else record_line(record))
except ArchiveError as refused:
    print(refused)
"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [4, 400])  # it is full at the end, or in the middle
def test_a_full_disk_is_told_in_one_sentence_and_nothing_is_left(tmp_path, name, count):
    """The limit on a file's size stands in for the disk: writes fail in the same way."""
    ended = subprocess.run(
        [sys.executable, "-c", _FILL, tmp_path / name, str(count)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == f"{tmp_path / name}: cannot be written: File too large\n"
    assert ended.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_limit_of_that_test_is_not_ours():
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


GOOD = {"topic": "t", "partition": 0, "offset": 1, "timestamp": 2, "key": b"k", "headers": [], "value": b"v"}


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("topic", 5),
        ("topic", None),
        ("partition", "0"),
        ("partition", None),
        ("offset", 1.5),
        ("timestamp", True),
        ("key", "text"),
        ("value", 7),
        ("headers", "none"),
        ("headers", [{"name": None, "value": b"x"}]),
        ("headers", [{"name": "h", "value": "text"}]),
        ("headers", [{"other": "h"}]),
    ],
)
def test_a_column_of_another_type_is_named(tmp_path, column, wrong):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([GOOD | {column: wrong}]), path)
    with pytest.raises(ArchiveError, match=rf"a\.parquet: row 1: column {column} has .*expected"):
        list(rows_of(path))


def test_text_that_is_no_utf8_in_a_table_is_an_error_of_the_file(tmp_path):
    path = tmp_path / "a.parquet"
    broken = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    pq.write_table(pa.table({"uri": broken}), path)
    with pytest.raises(ArchiveError, match=r"a\.parquet: cannot be read"):
        list(rows_of(path))
