"""To whom something is said, over many fields of news; and "to", "with" and "at" that name nobody who listens."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


@pytest.mark.parametrize(
    ("sentence", "said", "addressees"),
    [
        ("The striker told Radio Vell that his knee had healed.", "knee had healed", ["Radio Vell"]),
        (
            "“We will appeal,” the club's lawyer told the Harbour Mail on Monday.",
            "We will appeal",
            ["the Harbour Mail"],
        ),
        ("The prime minister promised voters that taxes would not rise.", "taxes would", ["voters"]),
        ("The party has promised pensioners a bonus.", "a bonus", ["pensioners"]),
        ("The airline assured passengers that their bags would follow.", "bags would follow", ["passengers"]),
        ("The referee informed both captains that the match was off.", "match was off", ["both captains"]),
        (
            "The drug maker told its staff in a memo on Friday that the plant in Brede would close.",
            "would close",
            ["its staff"],
        ),
        (
            "He told the newspaper La Voz and the radio station Onda Norte that the vote had been fair.",
            "vote had been fair",
            ["the newspaper La Voz", "the radio station Onda Norte"],
        ),
        (
            "Speaking to reporters in Oslo, the minister, Ida Falk, said the tunnel would open.",
            "tunnel would open",
            ["reporters"],
        ),
        ("The envoy briefed ambassadors that the talks had stalled.", "talks had stalled", ["ambassadors"]),
        ("Germany informed Brussels that the money had been spent.", "money had been spent", ["Brussels"]),
        (
            "The minister told a news conference in Lagos that fuel would be cheaper by June.",
            "cheaper",
            ["a news conference in Lagos"],
        ),
        ("“Where is the money?” a shareholder asked the board.", "Where is the money", ["the board"]),
        ("The army has notified its allies that it will withdraw.", "it will withdraw", ["its allies"]),
        ("“Keep calm,” the captain urged his supporters.", "Keep calm", ["his supporters"]),
        ("Parents were told on Tuesday that the nursery would shut.", "nursery would shut", ["Parents"]),
        ("Parents were told by the headmaster that the hall was safe.", "hall was safe", ["Parents"]),
        ("Tenants have been advised to boil their water.", "boil their water", ["Tenants"]),
        ("Police are asking witnesses to come forward.", "come forward", ["witnesses"]),
        ("The court ordered the ministry to pay the widow.", "pay the widow", ["the ministry"]),
        ("Asked whether he would stand again, Duarte said he had not decided.", "stand again", ["Duarte"]),
        ("The chef wrote to her landlord that the roof leaked.", "roof leaked", ["her landlord"]),
        (
            "A nurse testified to a parliamentary committee that rosters had been altered.",
            "altered",
            ["a parliamentary committee"],
        ),
        ("The bishop appealed to the gunmen to release the pilot.", "release the pilot", ["the gunmen"]),
        ("She confided to a friend that she had forged the painting.", "forged the painting", ["a friend"]),
        ("The vet explained to farmers that the disease spreads through dust.", "spreads", ["farmers"]),
        ("The governor replied to the senator that the dam was sound.", "dam was sound", ["the senator"]),
        ("The mine's owner denied to investors that the shaft had flooded.", "flooded", ["investors"]),
        (
            "The government has pledged to the United Nations that the camps will close.",
            "camps will close",
            ["the United Nations"],
        ),
        ("Witnesses described to the jury how the crane fell.", "crane fell", ["the jury"]),
        ("The pilot reported to the tower that one engine had failed.", "engine had failed", ["the tower"]),
        ("“You have failed us,” residents shouted at the mayor.", "You have failed us", ["the mayor"]),
        ("The union called on the museum to reopen the talks.", "reopen", ["the museum"]),
        (
            "In a letter to shareholders, chair Ida Holm said the merger would save 40 million euros.",
            "merger would save",
            ["shareholders"],
        ),
        (
            "“The bridge is safe,” engineer Tom Vance said in an email to the council.",
            "bridge is safe",
            ["the council"],
        ),
        (
            "The company said in a statement to the stock exchange that sales had fallen by a tenth.",
            "sales had fallen",
            ["the stock exchange"],
        ),
        ("The council wrote in a letter to the owner that the wall had to go.", "wall had to go", ["the owner"]),
        (
            "In a speech to the Nordic Council, the president said the strait would stay open.",
            "strait would stay",
            ["the Nordic Council"],
        ),
        (
            "A letter from the bank to its customers says the branch will close in May.",
            "branch will close",
            ["its customers"],
        ),
        (
            "Speaking to the BBC, the astronomer Ruth Aldana said the comet would return in 2061.",
            "comet would return",
            ["the BBC"],
        ),
        ("In an interview with Kanal 4, the skipper said the boat had been overloaded.", "overloaded", ["Kanal 4"]),
        (
            "“I was tired,” the cyclist said in an interview with the Flandria Post.",
            "I was tired",
            ["the Flandria Post"],
        ),
        (
            "Addressing a rally in Port Vell, the candidate said the tax would go.",
            "tax would go",
            ["a rally in Port Vell"],
        ),
        (
            "Giving evidence to the inquiry, the foreman said nobody had read the manual.",
            "read the manual",
            ["the inquiry"],
        ),
        (
            "Talking to reporters after the match, the keeper said the ball had never crossed the line.",
            "never crossed",
            ["reporters"],
        ),
        ("The singer, speaking to Radio Arle, said the tour was off.", "tour was off", ["Radio Arle"]),
        (
            "The consultant had told her that the lump was harmless, Ms Doyle told the inquest.",
            "lump was harmless",
            ["her"],
        ),
        ("The firm said it had told customers to change their passwords.", "change their passwords", ["customers"]),
        ("Opponents accused the mayor of lying about the bridge.", "lying about the bridge", []),
        ("The minister said to loud applause that the toll would go.", "toll would go", []),
        ("The coach said on his return to Porto that he would stay.", "he would stay", []),
        ("She posted on Instagram that the film was finished.", "film was finished", []),
        ("“Stay inside,” the sheriff warned on Sunday.", "Stay inside", []),
        ("“He lied to us all,” said Marta Quint, who runs the bakery.", "He lied", []),
        ("In response to the report, the ministry said the figures were old.", "figures were old", []),
        ("The firm said in reply to a question that no data had been lost.", "no data", []),
        ("The witness told of a bang and a smell of gas.", "a bang", []),
        ("With regard to the strike, the operator said trains would run.", "trains would run", []),
        (
            "According to a letter sent to the Guardian of the port, cranes stood idle for a week.",
            "cranes stood idle",
            ["the Guardian of the port"],
        ),
        ("The mayor promised a new bridge.", "a new bridge", []),
        ("The regulator ordered a recall of the heaters.", "recall", []),
        (
            "“I have never taken anything,” the sprinter told Eurosport Nord after the race.",
            "never taken",
            ["Eurosport Nord"],
        ),
        ("Tax officials told MPs on Monday that the system had crashed twice.", "crashed twice", ["MPs"]),
        ("The airline told Reuters by email that no refunds would be paid.", "no refunds", ["Reuters"]),
        (
            "In an open letter to the health minister, 40 doctors said the wards were full.",
            "wards were full",
            ["the health minister"],
        ),
        ("Residents were warned on Friday that the slope could slide again.", "slope could slide", ["Residents"]),
        ("Drivers are urged to stay off the coastal road.", "stay off", ["Drivers"]),
        ("The king has asked her to form a government.", "form a government", ["her"]),
        ("The insurer offered flood victims a quarter of what they had lost.", "a quarter of what", ["flood victims"]),
        ("The judge demanded of the prosecution that it show the tapes.", "show the tapes", ["the prosecution"]),
        ("According to an email sent to staff on Monday, 300 jobs will go.", "300 jobs will go", ["staff"]),
        (
            "In a memo seen by the Ledger, the director told managers to delete the files.",
            "delete the files",
            ["managers"],
        ),
        ("The ambassador urged restraint.", "restraint", []),
        ("The subsidy encouraged the planting of maize.", "planting of maize", []),
        ("“You let us down,” fans yelled at the owner as he left.", "You let us down", ["the owner"]),
        ("Nurse Ada Pohl told how she carried two children out of the ward.", "carried two children", []),
        ("The curator said in a talk with students that the vase was a fake.", "vase was a fake", ["students"]),
        (
            "Testifying before the Senate, the banker said he knew nothing of the loan.",
            "knew nothing of the loan",
            ["the Senate"],
        ),
        ("In a call with analysts, the chief executive said demand was slowing.", "demand was slowing", ["analysts"]),
        (
            "She said in her speech to party members that the coalition was over.",
            "coalition was over",
            ["party members"],
        ),
        ("The witness said to laughter that he had hidden in a piano.", "hidden in a piano", []),
        ("The club responded to the criticism by saying that the pitch was frozen.", "pitch was frozen", []),
        (
            "The ministry said in answer to a request from the Courier that two planes were missing.",
            "two planes were missing",
            [],
        ),
        ("We told them that the ice was thin, guide Per Moen said.", "ice was thin", ["them"]),
        ("Asked by the judge if he was sorry, the driver shook his head.", "he was sorry", ["the driver"]),
        ("The speaker reminded deputies that phones were banned.", "phones were banned", ["deputies"]),
        ("“Leave now,” police told the protesters over loudspeakers.", "Leave now", ["the protesters"]),
        ("The player apologised to the supporters and said that he had lost his head.", "lost his head", []),
        ("The firm has been told by the regulator to sell its Danish arm.", "sell its Danish arm", ["The firm"]),
        ("He swore to his mother that the car was paid for.", "car was paid for", ["his mother"]),
        (
            "The mayor, addressing a crowd outside the town hall, said the well was clean.",
            "well was clean",
            ["a crowd outside the town hall"],
        ),
    ],
)
def test_who_is_spoken_to(pipeline, sentence, said, addressees):
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=sentence, language="en")])
    assert isinstance(outcome, Extracted)
    links = [
        (sum(len(span.exact) for span in claim.content.spans), claim.attribution[-1])
        for claim in outcome.extraction.claims
        if claim.attribution and any(said in span.exact for span in claim.content.spans)
    ]
    found = [each.span.exact for each in min(links, key=lambda link: link[0])[1].addressees] if links else []
    assert found == addressees
