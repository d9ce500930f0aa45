"""Bodies that are made to be costly: what cleaning costs grows with their length, and not faster."""

from __future__ import annotations

from time import process_time

import pytest

from worker.contract.article import RawArticle
from worker.extraction.text.clean import clean

SAID = "The harbour board said on Tuesday that the toll would rise."


def page(inside):
    return f"<!DOCTYPE html><html><head><title>Toll</title></head><body>{inside}</body></html>"


BODIES = {
    "sections that do not end": lambda n: f"{SAID} " + "<![CDATA[" * 10 * n,
    "breaks": lambda n: f"<p>{SAID}<br><br>" + "b<br>" * 5 * n + "</p>",
    "pictures beside a text": lambda n: page(f"<div><p>{SAID * 300}</p>" + "<img><b></b>" * n + "</div>"),
    "comments": lambda n: "<!-- a -->" * 10 * n + f"<x>{SAID}",
    "hard blanks": lambda n: f"{SAID}<br>" + "\u00a0" * 10 * n + f"{SAID}<br>{SAID}",
    "paragraphs that begin alike": lambda n: page("".join(f"<p>{SAID} {SAID}<br>{k}</p>" for k in range(n))),
    "lists inside of lists": lambda n: page("<ul><li>" * 100 + f"<a href='/x'>{SAID}</a>" * n + "</li></ul>" * 100),
}


def cost(body):
    before = process_time()
    clean(RawArticle(uri="https://courier.example/toll", body=body))
    return process_time() - before


@pytest.mark.parametrize("kind", BODIES)
def test_cleaning_costs_no_more_than_in_proportion(kind):
    make = BODIES[kind]
    cost(make(10))  # what is loaded at the first page is no cost of the second
    assert cost(make(2000)) < 10 * cost(make(500)) + 0.5
