"""Texts, messages and fields that were made to be costly: each is read or refused, in time that grows with its size."""

from __future__ import annotations

from time import process_time

import pytest

from worker.archives.articles import read_articles
from worker.contract.article import RawArticle


def read(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return list(read_articles(str(path), None))


@pytest.mark.parametrize(
    "header",
    [b"Subject: " + b"=?utf-8?q?a?= " * 40_000, b"From: " + b"(" * 100_000, b"Subject: a\nDate: " + b"(" * 3_000],
    ids=["words in other charsets", "comments in comments", "fewer of them"],
)
def test_a_header_of_a_mail_that_nobody_writes_costs_itself(tmp_path, header):
    begun = process_time()
    (article,) = read(tmp_path, "a.eml", header + b"\nX-Note: b\n\nThe toll rose.\n")
    assert article.body.strip() == "The toll rose."
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    "above",
    [
        b"+++\ntitle = " + b"[" * 1900 + b"\n+++\n",
        b"+++\n" + b"a." * 900 + b"b = 1\ntitle = 'Toll'\n+++\n",
        b"---\ntitle: " + b"[" * 1900 + b"\n---\n",
        b"---\n" * 20_000,
        b"---\n" + b"a: b\n" * 100_000,
    ],
    ids=["lists in lists", "tables in tables", "YAML", "lines alone", "no end"],
)
def test_fields_above_a_text_that_nobody_writes_are_fields_or_text(tmp_path, above):
    (article,) = read(tmp_path, "a.md", above + b"The toll rose.\n")
    assert isinstance(article, RawArticle)
    assert article.body.endswith("The toll rose.\n")


def test_a_text_of_very_many_names_is_no_yaml(tmp_path):
    (article,) = read(tmp_path, "a.txt", b"body: x\n" + b"a:\n" * 50_000)
    assert article.body.startswith("body: x")
