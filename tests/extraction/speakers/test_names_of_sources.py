"""The name that a source gets over a whole article: who "her lawyer", "it", "the 41-year-old" and "a spokesman" are."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "Rosa Lund, who coaches the women, resigned on Monday. Her lawyer said the club had broken the contract.",
            "broken the contract",
            "lawyer of Rosa Lund",
        ),
        (
            "As Holm pitches his oil plan, experts doubt it\n\nHolm said oil was as cheap as in 2019.",
            "oil was as cheap",
            "Holm",
        ),
        (
            "The Harbour Trust is closing its museum. A spokesman said costs had doubled.",
            "costs had doubled",
            "a spokesman of the Harbour Trust",
        ),
        (
            "Nordlys Energy will cut 400 jobs. It said demand for turbines had fallen by a third.",
            "demand for turbines",
            "Nordlys Energy",
        ),
        (
            "Nordlys Energy will cut 400 jobs. The firm said demand for turbines had fallen by a third.",
            "demand for turbines",
            "Nordlys Energy",
        ),
        (
            "A porter found the keys. She said nobody had asked for them.",
            "nobody had asked",
            "a porter",
        ),
        (
            "A woman who gave her name only as Dora said the lift had been stuck for an hour.",
            "lift had been stuck",
            "Dora",
        ),
        (
            "A farmer who identified himself as Pete Hall said the river had turned white.",
            "river had turned white",
            "Pete Hall",
        ),
        ("A user who goes by “nightowl” said he had copied the files.", "copied the files", "nightowl"),
        (
            "An engineer at the hearing said nobody had checked the bolts.",
            "checked the bolts",
            "An engineer at the hearing",
        ),
        ("A report published on Friday said fish stocks had halved.", "fish stocks had halved", "a report"),
        ("A memo seen by the Ledger says the plant will shut in May.", "plant will shut", "a memo"),
        (
            "Ingrid Moe and her brother Nils own the boat. They said the engine had failed twice.",
            "engine had failed",
            "Ingrid Moe and her brother Nils",
        ),
        (
            "Two lifeguards pulled the boy from the sea. They said he had been under water for a minute.",
            "under water",
            "Two lifeguards",
        ),
        ("Dr Amina Sesay runs the clinic in Bo. “We have no gloves,” Sesay said.", "no gloves", "Amina Sesay"),
        ("Mayor Tom Birk opened the bridge. “It cost too much,” the mayor said.", "It cost too much", "Tom Birk"),
        (
            "Home Secretary Ann Leigh met Health Secretary Paul Rowe. “It stands,” the health secretary said.",
            "It stands",
            "Paul Rowe",
        ),
        ("The coach of the Lions, Marek Dub, was calm. “We were better,” he said.", "We were better", "Marek Dub"),
        (
            "Singer Lia Fonte cancelled her tour. The 41-year-old said her voice had gone.",
            "voice had gone",
            "Lia Fonte",
        ),
        (
            "According to Professor Jan Holt of the University of Vell, the glacier will be gone by 2060.",
            "glacier will be gone",
            "Jan Holt",
        ),
        (
            "The Federal Aviation Board (FAB) grounded the jets. The FAB said two bolts were missing.",
            "two bolts were missing",
            "Federal Aviation Board",
        ),
        ("Wilma Okoye's office said she had not seen the letter.", "not seen the letter", "Wilma Okoye's office"),
        (
            "Ministers from Chad and Niger met on Friday. They said the border would open.",
            "border would open",
            "Ministers from Chad and Niger",
        ),
        (
            "Sir Alec Brand, chairman of Brand & Sons, is 80. Sir Alec said the firm was not for sale.",
            "firm was not for sale",
            "Alec Brand",
        ),
        (
            "Olga Petrenko lost two sons in the war. Mrs Petrenko said nobody from the army had called.",
            "nobody from the army",
            "Olga Petrenko",
        ),
        (
            "The teachers' union began its strike on Monday. The union said 9,000 had walked out.",
            "9,000 had walked out",
            "teachers' union",
        ),
        (
            "Voss Bank's chief economist, Maja Lind, expects a slump. Lind said rates were too high.",
            "rates were too high",
            "Maja Lind",
        ),
        ("The chairman of the Harbour Party said the film was an insult.", "film was", "chairman of the Harbour Party"),
        ("The director of the Dairy Centre, Ina Kersch, said milk was dear.", "milk was", "Ina Kersch"),
        ("Ida Vale and the Harbour Trust said the quay was safe.", "quay was", "Ida Vale and the Harbour Trust"),
        (
            "The federation said 40 farms had closed. The Marland Growers' Federation held a protest.",
            "40 farms",
            "Marland Growers' Federation",
        ),
        ("The owner of the Red Lion said the bar would close.", "bar would close", "owner of the Red Lion"),
        (
            "Talks with the rebels, who said they would not disarm, will go on in May.",
            "would not disarm",
            "rebels",
        ),
        (
            "Greta Lind, a senator from Ohio, spoke on Monday. The Ohio Democrat said the bill would fail.",
            "bill would fail",
            "Greta Lind",
        ),
        ("In its annual report, the Blood Service says stocks are low.", "stocks are low", "Blood Service"),
        (
            "“That cats swim,” she said, “is a joke.”\n\nCanal Mates, a rowers’ group, came out for the guards.",
            "the guards",
            "Canal Mates",
        ),
        (
            "“The weir,” he said, “is a joke.”\n\nHarbour Pals, an anglers’ group, came out in support of the guards.",
            "the guards",
            "Harbour Pals",
        ),
        (
            "The finding surprised Tove Hamm. The biologist said the moss had been thought extinct.",
            "thought extinct",
            "Tove Hamm",
        ),
    ],
)
def test_whom_the_words_of_a_source_name(pipeline, text, said, name):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=text, language="en")])
    assert isinstance(outcome, Extracted)
    names = [
        claim.attribution[-1].source.name or ""
        for claim in outcome.extraction.claims
        if claim.attribution and any(said in span.exact for span in claim.content.spans)
    ]
    assert [_bare(each) for each in names] == [_bare(name)]


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ").removeprefix("a ").removeprefix("an ")
