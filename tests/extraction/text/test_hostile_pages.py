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
    "hidden inside of hidden": lambda n: page(
        f"<p>{SAID}</p>" + "<div style='display:none'>" * 100 + "<b></b>" * 5 * n
    ),
    "lists inside of lists": lambda n: page("<ul><li>" * 100 + f"<a href='/x'>{SAID}</a>" * n + "</li></ul>" * 100),
}


HIDDEN = {
    "not displayed": "<p style='display:none'>{}</p>",
    "off the screen": "<div style='position:absolute; left:-9999px'>{}</div>",
    "clipped": "<span style='clip: rect(0, 0, 0, 0); position:absolute'>{}</span>",
    "without size": "<p style='font-size:0'>{}</p>",
    "for screen readers": "<p class='note sr-only'>{}</p>",
    "hidden": "<p hidden>{}</p>",
    "in an attribute": "<p title='</p><p>{}</p>'>Ships wait.</p>",
    "in a comment": "<!-- <p>{}</p> -->",
    "in a conditional comment": "<!--[if IE]><p>{}</p><![endif]-->",
    "in a style": "<style>p:after {{ content: '{}' }}</style>",
    "in a template": "<template><p>{}</p></template>",
    "in a script with a hole": "<scr\x00ipt>{}</scr\x00ipt>",
}


@pytest.mark.parametrize("whole", [False, True], ids=["fragment", "page"])
@pytest.mark.parametrize("kind", HIDDEN)
def test_what_no_reader_sees_is_no_text_of_the_article(kind, whole):
    body = f"<p>{SAID}</p>{HIDDEN[kind].format('The mayor lied to all of us.')}<p>{SAID} {SAID}</p>"
    text = clean(RawArticle(uri="u", body=page(f"<article>{body}</article>") if whole else body)).text
    assert SAID in text
    assert "lied" not in text


def cost(body):
    before = process_time()
    clean(RawArticle(uri="https://courier.example/toll", body=body))
    return process_time() - before


@pytest.mark.parametrize("kind", BODIES)
def test_cleaning_costs_no_more_than_in_proportion(kind):
    make = BODIES[kind]
    cost(make(10))  # what is loaded at the first page is no cost of the second
    assert cost(make(2000)) < 10 * cost(make(500)) + 0.5
