"""Those spoken to, in more of the words of news: occasions, messages, titles of programmes, and whom "him" means."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.spoken_to import spoken_to
from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted

NOT_YET = pytest.mark.xfail(strict=True, reason="the network does not find these cues")


@pytest.mark.parametrize(
    ("sentence", "said", "addressees"),
    [
        (
            "The weir is safe, Ida Brun told a news conference in Olm.",
            "weir is safe",
            ["a news conference in Olm"],
        ),
        (
            "“The weir is safe,” Ida Brun said in a telephone interview with the Courier.",
            "weir is safe",
            ["the Courier"],
        ),
        (
            "Ida Brun said in a teleconference with reporters that the weir is safe.",
            "weir is safe",
            ["reporters"],
        ),
        (
            "“The weir is safe,” Ida Brun said during a conference call with analysts.",
            "weir is safe",
            ["analysts"],
        ),
        (
            "Ida Brun said at a briefing for journalists that the weir is safe.",
            "weir is safe",
            ["journalists"],
        ),
        (
            "In an open letter to the minister, the union said the weir was unsafe.",
            "weir was unsafe",
            ["the minister"],
        ),
        (
            "The union wrote to the minister that the weir was unsafe.",
            "weir was unsafe",
            ["the minister"],
        ),
        (
            "In a memo to staff on Friday, Ida Brun said the weir would close.",
            "weir would close",
            ["staff"],
        ),
        (
            "“The weir is safe,” Ida Brun wrote in an email to the Courier.",
            "weir is safe",
            ["the Courier"],
        ),
        (
            "“The weir is safe,” Ida Brun said in a statement to the Courier.",
            "weir is safe",
            ["the Courier"],
        ),
        (
            "“The weir is safe,” Ida Brun told the Courier in a statement.",
            "weir is safe",
            ["the Courier"],
        ),
        (
            "Ida Brun, in comments to Radio Olm, said the weir was safe.",
            "weir was safe",
            ["Radio Olm"],
        ),
        (
            "Ida Brun said in remarks to the chamber of commerce that the weir was safe.",
            "weir was safe",
            ["the chamber of commerce"],
        ),
        (
            "Speaking to Radio Olm on Friday, Ida Brun said the weir was safe.",
            "weir was safe",
            ["Radio Olm"],
        ),
        (
            "Testifying before a Senate panel, Ida Brun said the weir was safe.",
            "weir was safe",
            ["a Senate panel"],
        ),
        (
            "Ida Brun testified to the inquiry that the weir was safe.",
            "weir was safe",
            ["the inquiry"],
        ),
        (
            "Ida Brun complained to the council that the weir leaked.",
            "weir leaked",
            ["the council"],
        ),
        (
            "Ida Brun admitted to police that she had opened the weir.",
            "opened the weir",
            ["police"],
        ),
        (
            "Ida Brun confessed to the crime on Friday and said she had opened the weir.",
            "opened the weir",
            [],
        ),
        (
            "The council assured residents the weir was safe.",
            "weir was safe",
            ["residents"],
        ),
        (
            "Residents were assured by the council that the weir was safe.",
            "weir was safe",
            ["Residents"],
        ),
        (
            "Farmers have been warned that the weir could burst.",
            "weir could burst",
            ["Farmers"],
        ),
        (
            "She asked the guard whether the weir was open.",
            "weir was open",
            ["the guard"],
        ),
        (
            "The guard was asked whether the weir was open.",
            "weir was open",
            ["The guard"],
        ),
        (
            "He reminded the jury that the weir was old.",
            "weir was old",
            ["the jury"],
        ),
        (
            "She promised her sons that the weir would hold.",
            "weir would hold",
            ["her sons"],
        ),
        (
            "The ministry informed the embassy that the ferry would sail.",
            "ferry would sail",
            ["the embassy"],
        ),
        (
            "Brun demanded of the council that it mend the weir.",
            "mend the weir",
            ["the council"],
        ),
        (
            "Brun called on the council to mend the weir.",
            "mend the weir",
            ["the council"],
        ),
        (
            "Brun appealed to the council to mend the weir.",
            "mend the weir",
            ["the council"],
        ),
        (
            "Brun pleaded with the council to mend the weir.",
            "mend the weir",
            ["the council"],
        ),
        (
            "Brun begged the council: “Mend the weir.”",
            "Mend the weir",
            ["the council"],
        ),
        (
            "The court ordered the firm to mend the weir.",
            "mend the weir",
            ["the firm"],
        ),
        (
            "The court instructed the firm’s owners to mend the weir.",
            "mend the weir",
            ["the firm’s owners"],
        ),
        (
            "“Mend the weir,” she shouted at the councillors.",
            "Mend the weir",
            ["the councillors"],
        ),
        (
            "“Mend the weir,” Brun tweeted at the minister.",
            "Mend the weir",
            ["the minister"],
        ),
        (
            "“The weir is safe,” Brun replied to Falk.",
            "weir is safe",
            ["Falk"],
        ),
        pytest.param(
            "Brun briefed ministers that the weir would hold.",
            "weir would hold",
            ["ministers"],
            marks=NOT_YET,
        ),
        (
            "Brun told “Olm and Friends” that the weir would hold.",
            "weir would hold",
            ["Olm and Friends"],
        ),
        (
            "Brun told the BBC’s Olm Tonight programme that the weir would hold.",
            "weir would hold",
            ["the BBC’s Olm Tonight programme"],
        ),
        (
            "Brun told the Courier's Max Juhl that the weir would hold.",
            "weir would hold",
            ["the Courier's Max Juhl"],
        ),
        (
            "Brun told Reuters and the Courier that the weir would hold.",
            "weir would hold",
            ["Reuters", "the Courier"],
        ),
        (
            "Brun told Reuters by phone that the weir would hold.",
            "weir would hold",
            ["Reuters"],
        ),
        (
            "Brun told parliament on Monday the weir would hold.",
            "weir would hold",
            ["parliament"],
        ),
        (
            "Brun told Monday's meeting that the weir would hold.",
            "weir would hold",
            ["Monday's meeting"],
        ),
        (
            "“The weir will hold,” Brun told his men.",
            "weir will hold",
            ["his men"],
        ),
        (
            "“The weir will hold,” he told those gathered in the square.",
            "weir will hold",
            ["those gathered in the square"],
        ),
        pytest.param(
            "Brun's message to the council was that the weir leaked.",
            "weir leaked",
            ["the council"],
            marks=NOT_YET,
        ),
        (
            "The union's warning to the council that the weir leaked was ignored.",
            "weir leaked",
            ["the council"],
        ),
        (
            "Brun recommended to the board that the weir be closed.",
            "weir be closed",
            ["the board"],
        ),
        (
            "Brun advised against swimming and told swimmers to stay away.",
            "stay away",
            ["swimmers"],
        ),
        (
            "He was told by Brun that the weir leaked.",
            "weir leaked",
            ["He"],
        ),
        (
            "The firm emailed customers to say the data was safe.",
            "data was safe",
            ["customers"],
        ),
        (
            "Asked by the Courier whether the weir leaked, Brun declined to comment.",
            "the weir leaked",
            ["Brun"],
        ),
        (
            "Brun said, to the surprise of the council, that the weir leaked.",
            "weir leaked",
            [],
        ),
        (
            "Brun encouraged Norlanders to boil their water.",
            "boil their water",
            ["Norlanders"],
        ),
        (
            "Brun encouraged Americans to boil their water.",
            "boil their water",
            ["Americans"],
        ),
        (
            "“The weir is safe,” Brun told fellow councillors at a closed meeting.",
            "weir is safe",
            ["fellow councillors"],
        ),
        (
            "The mayor, speaking at a rally, told the crowd: “The weir is safe.”",
            "weir is safe",
            ["the crowd"],
        ),
        (
            "The mayor said on Radio Olm that the weir was safe.",
            "weir was safe",
            [],
        ),
        (
            "In a speech before the union's members, Brun said the weir was safe.",
            "weir was safe",
            ["the union's members"],
        ),
        (
            "In a tweet directed at the minister, Brun said the weir was old.",
            "weir was old",
            ["the minister"],
        ),
        (
            "In court, Brun asked Falk why the weir had been opened.",
            "weir had been opened",
            ["Falk"],
        ),
        pytest.param(
            "Brun petitioned the court to close the weir.",
            "close the weir",
            ["the court"],
            marks=NOT_YET,
        ),
        (
            "Prosecutors told jurors Brun opened the weir.",
            "opened the weir",
            ["jurors"],
        ),
        (
            "Officials have asked people in Olm not to swim.",
            "not to swim",
            ["people in Olm"],
        ),
        (
            "Police are urging drivers to avoid the bridge.",
            "avoid the bridge",
            ["drivers"],
        ),
        (
            "Brun explained to Falk that the weir was shut.",
            "weir was shut",
            ["Falk"],
        ),
        (
            "Brun signalled to allies that she would resign.",
            "she would resign",
            ["allies"],
        ),
        (
            "Brun vowed to supporters that she would not resign.",
            "she would not resign",
            ["supporters"],
        ),
    ],
)
def test_who_is_spoken_to(pipeline, sentence, said, addressees):
    assert spoken_to(pipeline, sentence, said) == addressees


@pytest.mark.parametrize(
    ("text", "said", "names"),
    [
        ("Ole Moe was tired. Ida Brun told him that the weir was safe.", "weir was safe", ["Ole Moe"]),
        ("Ole Moe resigned. The council had asked him to stay.", "to stay", ["Ole Moe"]),
        ("Ida Brun was charged. A clerk told her that the weir was safe.", "weir was safe", ["Ida Brun"]),
        ("Ole Moe and Max Holm came. Ida Brun told him that the weir was safe.", "weir was safe", ["him"]),
        ("Ida Brun runs the weir. A clerk lost the key that he had been asked to keep.", "to keep", ["he"]),
        ("Brun encouraged Norwegians to boil their water.", "boil their water", ["Norwegians"]),
        ("Brun encouraged Americans to boil their water.", "boil their water", ["Americans"]),
    ],
)
def test_the_name_of_who_is_spoken_to(pipeline, text, said, names):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=text, language="en")])
    assert isinstance(outcome, Extracted)
    found = [
        [each.name for each in claim.attribution[-1].addressees]
        for claim in outcome.extraction.claims
        if claim.attribution and any(said in span.exact for span in claim.content.spans)
    ]
    assert found == [names]
