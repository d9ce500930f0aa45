"""Files given to `claimwire extract` that do not end, are too large, or begin with a byte order mark."""

from __future__ import annotations

import io
import os

import pytest

from worker.archives import found
from worker.archives.articles import read_articles


def test_a_fifo_and_a_device_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for name in (str(tmp_path / "fifo"), "/dev/zero", str(tmp_path)):
        (said,) = read_articles(name, None)
        assert said.startswith(f"{name}: is no regular file")


@pytest.mark.parametrize("name", ["-", "a.txt"])
def test_a_file_that_is_too_large_is_refused_after_as_many_bytes(tmp_path, monkeypatch, name):
    monkeypatch.setattr(found, "MAX_WHOLE_BYTES", 100)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 101)))
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 101)
    (said,) = read_articles(name if name == "-" else str(path), None)
    assert "larger than 100 bytes" in said
    path.write_bytes(b"x" * 100)
    (article,) = read_articles(str(path), None)
    assert article.body == "x" * 100


def test_json_after_a_byte_order_mark_is_json(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"uri": "u", "body": "Anna Lind said so."}')
    (article,) = read_articles(str(path), None)
    assert (article.uri, article.body) == ("u", "Anna Lind said so.")
