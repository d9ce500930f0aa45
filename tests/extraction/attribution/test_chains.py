"""Who said that who said: chains of sources, outermost first; None for whom nobody names."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


@pytest.mark.parametrize(
    ("sentence", "said", "chain"),
    [
        (
            "Nurse Ada Pohl told the inquiry that a manager had shouted that the ward must stay open.",
            "the ward must stay open",
            ["Ada Pohl", "a manager"],
        ),
        (
            "The captain said passengers had been told to stay in their cabins.",
            "to stay in their cabins",
            ["The captain", None],
        ),
        ("“I was told to sign and go,” said cleaner Rosa Vint.", "to sign and go", ["Rosa Vint", None]),
        (
            "The auditors say the bank waited a year before informing clients that their deposits were gone.",
            "their deposits were gone",
            ["The auditors", "the bank"],
        ),
        (
            "Rumours that the keeper has been sold are nonsense, coach Bo Lind said.",
            "the keeper has been sold",
            ["Bo Lind", None],
        ),
        (
            "The inspector wrote that an engineer had warned the board about cracks in the spillway.",
            "about cracks in the spillway",
            ["The inspector", "an engineer"],
        ),
        (
            "The judge said Korda knew of the leak and had told his crew to keep quiet.",
            "to keep quiet",
            ["The judge", "Korda"],
        ),
        (
            "Police said a witness had whispered to them that the gun was under the stairs.",
            "the gun was under the stairs",
            ["Police", "a witness"],
        ),
        (
            "Minister Lea Storm dismissed claims that the vaccine causes fever.",
            "the vaccine causes fever",
            ["Lea Storm", None],
        ),
        (
            "The firm denied allegations by former staff that it had hidden the losses.",
            "it had hidden the losses",
            ["The firm", "former staff"],
        ),
        (
            "The report says residents were never warned that the slope was moving.",
            "the slope was moving",
            ["The report", None],
        ),
        ("Olsen said the union had asked members to stay at home.", "members to stay at home", ["Olsen", "the union"]),
        (
            "The museum said experts had estimated that the vase was worth 2 million euros.",
            "the vase was worth",
            ["The museum", "experts"],
        ),
        (
            "“My doctor says I will never run again,” the sprinter told reporters.",
            "I will never run again",
            ["The sprinter", "My doctor"],
        ),
        ("Villagers said soldiers had ordered them to leave by dawn.", "to leave by dawn", ["Villagers", "soldiers"]),
        (
            "The envoy rejected a suggestion by France that the talks had failed.",
            "the talks had failed",
            ["The envoy", "France"],
        ),
        (
            "“My father said to me, ‘The boat is rotten, Ines,’” Ines Roth told the court.",
            "The boat is rotten",
            ["Ines Roth", "My father"],
        ),
        (
            "\"He told me at the gate, 'Nobody checks the valves any more',\" said Lena Fisk, a fitter.",
            "Nobody checks the valves",
            ["Lena Fisk", "He"],
        ),
        (
            "“They say the mine is safe. It has flooded twice since May,” said miner Jo Abel.",
            "the mine is safe",
            ["Jo Abel", "They"],
        ),
        pytest.param(
            "Brandt said that, according to the police, the lorry had no brakes.",
            "the lorry had no brakes",
            ["Brandt", "the police"],
            marks=pytest.mark.xfail(strict=True, reason="the network ends the outer content before the inner source"),
        ),
        ("The lawyer said her client had denied taking the money.", "taking the money", ["The lawyer", "her client"]),
        ("The mayor said the company had accused him of theft.", "him of theft", ["The mayor", "the company"]),
        ("Witnesses said the guard had refused to open the gate.", "to open the gate", ["Witnesses", "the guard"]),
        ("She said she believed the vote had been bought.", "the vote had been bought", ["She", "she"]),
        (
            "The paper said the bank had been warned by its own auditors that the loans were bad.",
            "the loans were bad",
            ["The paper", "the auditors of the paper"],
        ),
        ("The union said managers claimed there was no money.", "there was no money", ["The union", "managers"]),
        (
            "“Doctors tell us that one child in ten is underfed,” said the bishop of Kano.",
            "one child in ten is underfed",
            ["the bishop of Kano", "Doctors"],
        ),
    ],
)
def test_a_chain_of_sources(pipeline, sentence, said, chain):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=sentence, language="en")])
    assert isinstance(outcome, Extracted)
    chains = [
        [link.source.name for link in claim.attribution]
        for claim in outcome.extraction.claims
        if any(said in span.exact for span in claim.content.spans)
    ]
    assert [_bare(name) for name in chain] in [[_bare(name) for name in each] for each in chains]


def _bare(name: str | None) -> str | None:
    return name.casefold().removeprefix("the ") if name else None


@pytest.mark.parametrize(
    ("sentence", "source", "content"),
    [
        ("The growers put their losses at 85 million pounds.", "The growers", "their losses at 85 million pounds"),
        ("Auctioneers value the vase at between 2 and 3 million euros.", "Auctioneers", "the vase at between 2 and 3"),
        (
            "A city report puts the cost of the repair at 4.5 million dollars.",
            "A city report",
            "the cost of the repair",
        ),
        ("Police put the crowd at 4,000.", "Police", "the crowd at 4,000"),
        ("The chef put the plate at table 4.", None, "the plate"),
        ("She put her bag at number 12 and left.", None, "her bag"),
    ],
)
def test_who_gives_a_figure_says_it(pipeline, sentence, source, content):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=sentence, language="en")])
    assert isinstance(outcome, Extracted)
    found = [
        (claim.attribution[-1].source.name, claim.act)
        for claim in outcome.extraction.claims
        if claim.attribution and claim.content.spans[0].exact.startswith(content)
    ]
    assert found == ([(source, "estimate")] if source else [])
