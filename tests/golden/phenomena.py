"""Sentences that show the phenomena of news text, at least three for each, written for this project.

A case: text, and its attributions as (source or None, content); contents of several spans are joined by " … ". A text
that attributes nothing has an empty list.
"""

from __future__ import annotations

__all__ = ["CASES"]

CASES: dict[str, list[tuple[str, list[tuple[str | None, str]]]]] = {
    "headline style": [
        ("Norland calls on neighbours to open borders", [("Norland", "on neighbours to open borders")]),
        ("Police say driver fled after crash", [("Police", "driver fled after crash")]),
        ("Minister denies plan to cut pensions", [("Minister", "plan to cut pensions")]),
    ],
    "long role before a name": [
        (
            "Acting Deputy Secretary of State for Eastern Affairs Laura Finch said the talks had stalled.",
            [("Acting Deputy Secretary of State for Eastern Affairs Laura Finch", "the talks had stalled")],
        ),
        (
            "“We will not sign this,” Permanent Representative of Norland to the Union Per Aas said.",
            [("Permanent Representative of Norland to the Union Per Aas", "“We will not sign this,”")],
        ),
        (
            "Former chief of the harbour police in Elsen Dirk Maas told reporters that nobody had warned him.",
            [("Former chief of the harbour police in Elsen Dirk Maas", "nobody had warned him")],
        ),
    ],
    "according to": [
        (
            "According to ministry estimates, 300 schools lack heating.",
            [("ministry estimates", "300 schools lack heating")],
        ),
        (
            "The bridge was closed at noon, according to two officials.",
            [("two officials", "The bridge was closed at noon")],
        ),
        (
            "The fund, according to its annual report, lost a third of its value.",
            [("its annual report", "The fund … lost a third of its value")],
        ),
    ],
    "cues of several words": [
        ("Holm made it clear that she would not resign.", [("Holm", "she would not resign")]),
        (
            "The union has called for an immediate end to night shifts.",
            [("The union", "an immediate end to night shifts")],
        ),
        (
            "The mayor pointed out that the tunnel had been checked twice.",
            [("The mayor", "the tunnel had been checked twice")],
        ),
    ],
    "a document as source": [
        ("The statement notes that both sides kept the truce.", [("The statement", "both sides kept the truce")]),
        ("The report said the dam needed repairs.", [("The report", "the dam needed repairs")]),
        (
            "A letter seen by the committee states that the money was returned.",
            [("A letter seen by the committee", "the money was returned")],
        ),
    ],
    "denial and concession": [
        ("The company denied that it had hidden the losses.", [("The company", "it had hidden the losses")]),
        ("The general acknowledged that mistakes were made.", [("The general", "mistakes were made")]),
        (
            "The ministry said there are no soldiers on the island.",
            [("The ministry", "there are no soldiers on the island")],
        ),
    ],
    "silence": [
        ("The ambassador did not mention the prisoners.", [("The ambassador", "the prisoners")]),
        ("The bank has not said whether it will close branches.", [("The bank", "it will close branches")]),
        ("Reder declined to comment on the ruling.", [("Reder", "to comment on the ruling")]),
    ],
    "one-word quote in indirect speech": [
        ("Guerra said it was “vital” that schools stay open.", [("Guerra", "it was “vital” that schools stay open")]),
        (
            "The judge called the evidence “thin” and said the case was closed.",
            [("The judge", "“thin”"), ("The judge", "the case was closed")],
        ),
        (
            "Officials said the vote was “largely orderly” in the south.",
            [("Officials", "the vote was “largely orderly” in the south")],
        ),
    ],
    "joined cue without a subject": [
        (
            "The director said the museum was full and added that tickets would be limited.",
            [("The director", "the museum was full"), ("The director", "tickets would be limited")],
        ),
        ("Malik thanked the voters and promised that taxes would fall.", [("Malik", "taxes would fall")]),
        (
            "The agency confirmed the leak and warned that more might follow.",
            [("The agency", "the leak"), ("The agency", "more might follow")],
        ),
    ],
    "quote over paragraphs": [
        (
            "“We have waited for nine years.\n\n“Now we want an answer,” Ansah said.",
            [("Ansah", "“We have waited for nine years. … “Now we want an answer,”")],
        ),
        (
            "Weiss said: “The first flight was a test.\n\n“The second one is not.”",
            [("Weiss", "“The first flight was a test. … “The second one is not.”")],
        ),
        (
            "“The rain came at four,” the farmer said. “By six the field was gone.\n\n“I have never seen that.”",
            [("the farmer", "“The rain came at four,” … “By six the field was gone. … “I have never seen that.”")],
        ),
    ],
    "split quote": [
        (
            "“The ice,” Weiss said, “is thinner than we believed.”",
            [("Weiss", "“The ice,” … “is thinner than we believed.”")],
        ),
        (
            "“I am tired,” said the captain. “The whole team is tired.”",
            [("the captain", "“I am tired,” … “The whole team is tired.”")],
        ),
        (
            "“If it rains,” Nygaard warned, “the road will be gone.”",
            [("Nygaard", "“If it rains,” … “the road will be gone.”")],
        ),
    ],
    "chains": [
        (
            "Ek said monitors had told him that stations opened late.",
            [("Ek", "monitors had told him that stations opened late"), ("monitors", "stations opened late")],
        ),
        (
            "The mission said that experts estimate the damage at two million.",
            [("The mission", "experts estimate the damage at two million"), ("experts", "the damage at two million")],
        ),
        (
            "The lawyer said her client claimed that he was at home.",
            [("The lawyer", "her client claimed that he was at home"), ("her client", "he was at home")],
        ),
    ],
    "unnamed, joint and elided sources": [
        (
            "A person familiar with the matter said that a decision was near.",
            [("A person familiar with the matter", "a decision was near")],
        ),
        ("Petrenko and Kaya said the company broke its word.", [("Petrenko and Kaya", "the company broke its word")]),
        ("It was reported that the bridges had been closed.", [(None, "the bridges had been closed")]),
    ],
    "declined and could not be reached": [
        (
            "A spokesman declined to say whether the plant would close.",
            [("A spokesman", "whether the plant would close")],
        ),
        ("The harbour authority did not respond to questions.", []),
        ("A spokeswoman could not be reached.", []),
    ],
    "questions, threats, promises": [
        ("The committee asked whether the money had been spent.", [("The committee", "the money had been spent")]),
        ("The owner threatened to sell the club.", [("The owner", "to sell the club")]),
        ("The governor promised to rebuild the school.", [("The governor", "to rebuild the school")]),
    ],
    "no quotes: names and scare quotes": [
        ("He lives in a street that everybody calls “the Ditch”.", []),
        ("The film “Winter Harbour” opens on Friday in forty cinemas.", []),
        ("Danny “the Wall” Pike trains every morning at the old ground.", []),
    ],
    "headline colon": [
        ("Fares to rise in spring: transport minister", [("transport minister", "Fares to rise in spring")]),
        ("Malik: We have won", [("Malik", "We have won")]),
        ("Flu has come early, doctors say", [("doctors", "Flu has come early")]),
    ],
    "dateline": [
        (
            "PARIS (Wire) - The minister said on Monday that talks would resume.",
            [("The minister", "talks would resume")],
        ),
        ("VELDEN, Nov. 3 — The union said its members would strike.", [("The union", "its members would strike")]),
        ("ELSEN (Courier) – Prosecutors accused Reder of hiding losses.", [("Prosecutors", "Reder of hiding losses")]),
    ],
    "roles and pronouns": [
        ("The finance minister said there was no shortage.", [("The finance minister", "there was no shortage")]),
        ("They said they would wait.", [("They", "they would wait")]),
        ("The Kremlin said it had no such plans.", [("The Kremlin", "it had no such plans")]),
    ],
    "numbers and ranges": [
        ("Experts said between 800 and 1,200 men had arrived.", [("Experts", "between 800 and 1,200 men had arrived")]),
        (
            "The bank said profits rose 3.5 percent to $1.2 billion.",
            [("The bank", "profits rose 3.5 percent to $1.2 billion")],
        ),
        (
            "Doctors said one in three patients had waited for hours.",
            [("Doctors", "one in three patients had waited for hours")],
        ),
    ],
    "times": [
        ("Last year, UN experts said the group had sent fighters.", [("UN experts", "the group had sent fighters")]),
        (
            "The court said on Tuesday it would hear the case in March.",
            [("The court", "it would hear the case in March")],
        ),
        (
            "Nygaard said on Saturday that the peak was expected on Sunday.",
            [("Nygaard", "the peak was expected on Sunday")],
        ),
    ],
    "neg-raising and debunking": [
        ("The mayor does not think that the bridge is safe.", [("The mayor", "the bridge is safe")]),
        ("The candidate falsely claimed that the vote was stolen.", [("The candidate", "the vote was stolen")]),
        ("He admitted that the letter was a forgery.", [("He", "the letter was a forgery")]),
    ],
    "other quotation marks": [
        ('"The door was open," the guard said.', [("the guard", '"The door was open,"')]),
        (
            "«The door was open and nobody came,» the guard said.",
            [("the guard", "«The door was open and nobody came,»")],
        ),
        (
            "„The door was open and nobody came“, the guard said.",
            [("the guard", "„The door was open and nobody came“")],
        ),
    ],
    "inverted order": [
        (
            "“Nobody came,” said Hanna Weiss, the mission's chief scientist.",
            [("Hanna Weiss, the mission's chief scientist", "“Nobody came,”")],
        ),
        ("Prices will fall next year, the bank predicted.", [("the bank", "Prices will fall next year")]),
        ("The plan, Garrod argued, would cost too much.", [("Garrod", "The plan … would cost too much")]),
    ],
    "attitudes": [
        ("Experts believe that storms have become stronger.", [("Experts", "storms have become stronger")]),
        ("Residents fear the wall may not hold.", [("Residents", "the wall may not hold")]),
        ("Analysts expect two cuts next year.", [("Analysts", "two cuts next year")]),
    ],
    "nouns as cues": [
        ("Reder rejected the claim that he took money.", [("Reder", "the claim that he took money")]),
        (
            "The minister's warning that prices would rise came too late.",
            [("The minister's", "that prices would rise")],
        ),
        ("In a statement, the club said it would appeal.", [("the club", "it would appeal")]),
    ],
    "unusual characters": [
        ("José Peña said the café would close 🙁 in May.", [("José Peña", "the café would close 🙁 in May")]),
        ("Ingrid Ångström said the river was rising.", [("Ingrid Ångström", "the river was rising")]),
        ("THE MINISTER SAID THE ROAD WAS CLOSED.", [("THE MINISTER", "THE ROAD WAS CLOSED")]),
    ],
    "obligations and conditionals": [
        (
            "The treaty says that troops must leave within three months.",
            [("The treaty", "troops must leave within three months")],
        ),
        (
            "If there is no agreement, the strike will go on, the union said.",
            [("the union", "If there is no agreement, the strike will go on")],
        ),
        ("The council urged both sides to accept a mediator.", [("The council", "both sides to accept a mediator")]),
    ],
    "what a document lays down": [
        (
            "In accordance with the treaty of 1998, both navies were to leave the strait within a year.",
            [("the treaty of 1998", "both navies were to leave the strait within a year")],
        ),
        ("Under the new law, owners must repair their roofs.", [("the new law", "owners must repair their roofs")]),
        ("Under the old bridge, children were playing in the mud.", []),
    ],
    "narration without a source": [
        ("The trams stood still on Monday.", []),
        ("Rovers beat Kestle Town 2-1 before 41,300 spectators.", []),
        ("The city voted for the library on Tuesday night.", []),
    ],
    "colon before a quote": [
        (
            "Mills also stressed: “It is very important that all sides keep calm.”",
            [("Mills", "“It is very important that all sides keep calm.”")],
        ),
        (
            "The director had one answer: “We will not talk about it in public.”",
            [("The director", "“We will not talk about it in public.”")],
        ),
        ("She wrote: “The money was gone before we came.”", [("She", "“The money was gone before we came.”")]),
    ],
}
