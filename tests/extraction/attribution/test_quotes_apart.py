"""Quotes in a paragraph of their own: who spoke or acted just before them says them, however the model links them."""

from __future__ import annotations

import pytest

from worker.contract.claim import QuoteType
from worker.extraction.attribution.sources.quotes_apart import by_the_neighbours
from worker.extraction.attribution.types import Attribution
from worker.extraction.text.parser import load_parser, same_length
from worker.extraction.text.quotes import all_quotes

_FAR = "Shopkeeper Ina Vik said she had no bread left."


def says(source, cue, content, text):
    def place(words):
        return text.index(words), text.index(words) + len(words)

    return Attribution(
        source=place(source),
        cue=place(cue),
        content=(place(content),),
        quote_type=QuoteType.DIRECT if content[0] in '“"' else QuoteType.INDIRECT,
        lemma="say",
        confidence=0.9,
    )


@pytest.fixture(scope="module")
def doc_of():
    parser = load_parser()
    return lambda text: parser(same_length(text))


@pytest.mark.parametrize(
    ("before", "quote", "speaker"),
    [
        ("Baker Ole Strand blamed the mill.", "“The sacks were wet when they came.”", "Baker Ole Strand"),
        ("The mill closes in May. Tora Lie packed her tools.", "“I have nowhere to go.”", "Tora Lie"),
        ("The boat went down at noon. She swam ashore.", "“I thought of my girls.”", "She"),
        ("The new chair of the guild gave out a note:", "“We shall meet in June.”", "The new chair of the guild"),
        ("The mill closes in May.", "“I have nowhere to go.”", None),
    ],
)
def test_a_quote_without_a_cue_is_said_by_who_acts_before_it(doc_of, before, quote, speaker):
    text = f"{before}\n\n{quote}\n\nThe square was empty by ten.\n\nNobody asked why.\n\n{_FAR}"
    linked = says("Shopkeeper Ina Vik", "said", quote, text)
    (found,) = by_the_neighbours(doc_of(text), text, [linked], all_quotes(text))
    assert found.cue is None
    assert (text[slice(*found.source)] if found.source else None) == speaker


def test_who_spoke_in_the_paragraph_before_speaks_on(doc_of):
    text = f"Ole Strand said the mill had lied, and left.\n\n“I told them so.”\n\nThe square was empty.\n\n{_FAR}"
    first = says("Ole Strand", "said", "the mill had lied", text)
    linked = says("Shopkeeper Ina Vik", "said she", "“I told them so.”", text)
    _, found = by_the_neighbours(doc_of(text), text, [first, linked], all_quotes(text))
    assert found.source == first.source


@pytest.mark.parametrize(
    "text",
    [
        "Ole Strand only said:\n\n“Ask the mill.”",
        "“Ask the mill.\n\n“Or ask the men who drove the cart,” Ole Strand only said:",
    ],
)
def test_a_cue_just_before_a_quote_or_at_the_end_of_open_quotes_is_its_own(doc_of, text):
    quote = "“Ask the mill.”" if "mill.”" in text else "“Ask the mill."
    linked = says("Ole Strand", "only said", quote, text)
    assert by_the_neighbours(doc_of(text), text, [linked], all_quotes(text)) == [linked]
