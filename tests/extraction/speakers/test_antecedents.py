"""Whom "he", "she", "it" and "they" in a content mean: a name only where it is sure. Sentences written for it."""

from __future__ import annotations

import re

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


def text_of(pipeline, body, words):
    (text,) = [c.content.text for c in claims(pipeline, body) if words in c.content.text]
    return text


@pytest.mark.parametrize(
    ("body", "words", "text"),
    [
        # the speaker, where nobody else is there
        ("Ole Lie said he would sell the farm.", "sell the farm", "Ole Lie would sell the farm"),
        ("The skipper said he had seen no light.", "no light", "The skipper had seen no light"),
        # whose lawyer, doctor or wife speaks
        (
            "Goalkeeper Ole Lie left the pitch. His doctor, Per Holm, said he needed rest.",
            "needed rest",
            "Ole Lie needed rest",
        ),
        ("Ole Lie’s agent, Per Holm, said he had signed.", "signed", "He had signed"),
        ("Ole Lie’s sister, Anna, said he had signed.", "signed", "Ole Lie had signed"),
        # of the other gender than the speaker
        (
            "The violinist Clara Weil cancelled her tour. Her agent, Per Holm, said she had broken a finger.",
            "broken a finger",
            "Clara Weil had broken a finger",
        ),
        # a speaker introduced just now, where another was spoken of
        (
            "Senator Ruth Alvarez missed the vote. Nurse Clara Weil said she was asleep.",
            "asleep",
            "She was asleep",
        ),
        # "it" that means nobody
        (
            "The court said it was unclear whether the will was valid.",
            "unclear",
            "It was unclear whether the will was valid",
        ),
        (
            "The bank said it would take years to repair the roof.",
            "take years",
            "It would take years to repair the roof",
        ),
        ("The club said it was time to sell the ground.", "time", "It was time to sell the ground"),
        (
            "The ministry said it had emerged that the files were lost.",
            "emerged",
            "It had emerged that the files were lost",
        ),
        # a body, and the body of a spokesman
        ("The gallery said it had sold the painting.", "sold the painting", "The gallery had sold the painting"),
        (
            "The theatre burned for hours. A spokeswoman for the insurer said it would pay.",
            "would pay",
            "The insurer would pay",
        ),
        # a body does not become "he"
        (
            "A driver was caught on Monday. He will be charged, the prosecutor's office said.",
            "charged",
            "[A driver was caught on Monday.] He will be charged",
        ),
        # several
        ("Farmers said they had lost the harvest.", "lost the harvest", "Farmers had lost the harvest"),
    ],
)
def test_a_name_where_it_is_sure(pipeline, body, words, text):
    assert text_of(pipeline, body, words) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            (
                "Peter Holt sold the mill in 2019. He moved to the coast with two sons. He owns 12 boats today. "
                "He has sued the port three times since May."
            ),
            "Peter Holt owns 12 boats today",
        ),
        (
            (
                "Peter Holt sold the mill in 2019. He moved to the coast with two sons. He owns 12 boats today. "
                "He has sued the port three times since May."
            ),
            "Peter Holt has sued the port three times since May",
        ),
        (
            "Peter Holt beat Kurt Adler in the final in Lund. He has won 12 titles since 2019.",
            "Peter Holt has won 12 titles since 2019",
        ),
        (
            "Peter Holt beat Kurt Adler, who was born in 1990. He has won 12 titles since 2019.",
            "He has won 12 titles since 2019",
        ),
        ("Peter Holt and Kurt Adler met in May in Lund. He sold 300 boats that year.", "He sold 300 boats that year"),
        (
            "Mona Reyes founded the bank in 2004.\n\nShe employs 900 people in Malmo. She sold 40 branches in 2020.",
            "Mona Reyes employs 900 people in Malmo",
        ),
        (
            "Mona Reyes founded the bank in 2004.\n\nShe employs 900 people in Malmo. She sold 40 branches in 2020.",
            "Mona Reyes sold 40 branches in 2020",
        ),
        (
            "Mona Reyes founded the bank in 2004. Her brother Emil Reyes joined in 2007. He sold 40 branches in 2020.",
            "Emil Reyes sold 40 branches in 2020",
        ),
        (
            "Mona Reyes succeeded Ruth Holm as mayor in 2004. She closed 40 schools in 2007.",
            "Mona Reyes closed 40 schools in 2007",
        ),
        (
            "Ruth Holm was arrested in May with her cousin Mona Reyes. She had taken 30,000 euros from the till.",
            "Ruth Holm had taken 30,000 euros from the till",
        ),
        (
            (
                "Kurt Adler wrote to Peter Holt in May. Holt answered with a claim for 9 million euros. "
                "He has sunk 300 barges since 2011."
            ),
            "Peter Holt has sunk 300 barges since 2011",
        ),
        (
            "Kurt Adler hired a new driver in May. The driver was drunk. He hit 12 cars in Lund.",
            "He hit 12 cars in Lund",
        ),
        (
            "Kurt Adler visited the yard in May. The foreman showed him the books. He had hidden 300 invoices.",
            "He had hidden 300 invoices",
        ),
        (
            (
                "Researchers built the largest model of a delta so far. "
                "The speed and the scale of the flood surprised everybody. Their results were published in May 2019."
            ),
            "Their results were published in May 2019",
        ),
        (
            "Peter Holt was fined 900 euros in May. “It was a mistake,” Holt said. He has run the port since 2011.",
            "Peter Holt has run the port since 2011",
        ),
        (
            "Kurt Adler lost the vote to Peter Holt on Sunday, and he left 400 members behind.",
            "Kurt Adler left 400 members behind",
        ),
        (
            "Mona Reyes will visit Ruth Holm in May, but she has cancelled 12 other trips.",
            "Mona Reyes has cancelled 12 other trips",
        ),
        (
            (
                "Ruth Holm met Mona Reyes in May. Mona Reyes’s plan has met with anger in 12 towns. "
                "She has moved 400 desks since June."
            ),
            "Mona Reyes has moved 400 desks since June",
        ),
        ("Peter Holt and his lawyer met Kurt Adler in May, and he paid 300 euros.", "He paid 300 euros"),
        (
            "Keir Adler took 12 gifts in May. A month later Lady Adler was given a car.",
            "A month later Lady Adler was given a car",
        ),
    ],
)
def test_the_article_goes_on_about_the_same_person(pipeline, body, text):
    texts = [claim.content.text for claim in claims(pipeline, body, Voice.AUTHOR)]
    if text.split()[0] in ("He", "His", "She", "Her", "They", "Their", "It", "Its"):
        # whoever is not sure stays open, with the statement before it in brackets
        texts = [re.sub(r"^\[[^\]]+\.\] ", "", each) for each in texts]
    assert text in texts


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            (
                "“He never paid the 12 carpenters,” said Anna Berg, the lawyer of Ole Lie’s former partner. "
                "Ole Lie left in May."
            ),
            "He never paid the 12 carpenters",
        ),
        (
            "Ole Lie was arrested in May. “He never paid the 12 carpenters,” said Anna Berg, who led the yard.",
            "[Ole Lie] never paid the 12 carpenters",
        ),
        (
            "Mona Reyes won the prize. “She has written 14 novels,” said Per Holm, her publisher.",
            "[Mona Reyes] has written 14 novels",
        ),
        (
            "Mona Reyes won the prize ahead of Ruth Holm. “She has written 14 novels,” said Per Dahl, a publisher.",
            "[Mona Reyes won the prize ahead of Ruth Holm.] She has written 14 novels",
        ),
        (
            "Ole Lie’s trial begins on Monday. “He’s not afraid of the court,” said his sister, Anna Lie.",
            "[Ole Lie] is not afraid of the court",
        ),
        (
            "Per Holm praised Ole Lie. “His boats are the safest in Norland,” Holm said.",
            "[Ole Lie's] boats are the safest in Norland",
        ),
    ],
)
def test_whom_a_quote_is_about(pipeline, body, text):
    assert text in [claim.content.text for claim in claims(pipeline, body)]


def test_one_who_speaks_as_he_leaves_the_he_of_his_quote(pipeline):
    body = "Per Dahl praised Ole Lie’s rival. Dahl smiled. “It is a circus,” he said. “He sells 40 boats a year.”"
    assert not any("[Ole Lie] sells" in claim.content.text for claim in claims(pipeline, body))
