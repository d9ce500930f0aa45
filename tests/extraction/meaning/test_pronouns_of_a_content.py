"""Whom a pronoun of a content means wherever it stands: a name only where it is sure. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


def texts(pipeline, body, voice):
    return [claim.content.text for claim in claims(pipeline, body, voice)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # the subject of the main clause, in what "after" and "as" take for granted
        ("Captain Leo Brand was taken to Malmo after he was wounded in 1987.", "Leo Brand was wounded in 1987"),
        (
            "Leo Brand left the yard in May after the board stripped him of 3 duties.",
            "The board stripped Leo Brand of 3",
        ),
        ("A sailor died on Monday after he was hit by the boom.", "A sailor was hit by the boom"),
        ("The ferry sank in 1994 after its bow door broke off.", "The ferry's bow door broke off"),
        ("Nurses left the ward on Monday after they had worked for 20 hours.", "Nurses had worked for 20 hours"),
        ("Ida Vale was the voice of change when she won the vote in 2016.", "Ida Vale won the vote in 2016"),
    ],
)
def test_in_a_clause_that_is_taken_for_granted(pipeline, body, text):
    assert any(made.startswith(text) for made in texts(pipeline, body, Voice.PRESUPPOSED))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # two people who can be meant, or somebody without a name
        (
            "The owner thanked the driver on Monday after he had paid the fine.",
            "[The owner thanked the driver on Monday.] He had paid the fine",
        ),
        (
            "The bank hired a driver in May. Kurt Adler hired a cook after he had lost his licence.",
            "[Kurt Adler hired a cook.] He had lost his licence",
        ),
        (
            "Leo Brand beat Peter Holm in 2016 after he had lost the first set.",
            "[Leo Brand beat Peter Holm in 2016.] He had lost the first set",
        ),
        # another number or gender than the subject's
        ("Leo Brand was relieved when they found the boat in May.", "They found the boat in May"),
        ("Emma Vale left the hall on Monday after he had insulted the crew.", "He had insulted the crew"),
    ],
)
def test_in_a_clause_that_is_taken_for_granted_nobody_is_named_who_may_not_be_meant(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.PRESUPPOSED)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # objects and owners
        ("Ida Vale rowed 90 miles in 2019. Reporters asked her 40 questions.", "Reporters asked Ida Vale 40 questions"),
        (
            "Ida Vale won 12 races in 2019. In May a jury gave her boat a prize of 900 euros.",
            "a jury gave Ida Vale's boat",
        ),
        # a chain of pronouns that speak
        (
            (
                "Mona Reyes sued the label in May. She said it had hidden 3 tapes. She also said 12 songs were lost. "
                "In June 40 fans sent her 300 copies."
            ),
            "40 fans sent Mona Reyes 300 copies",
        ),
        # the longer of two names
        (
            "Emma Rosa Lind lost 50 kilos in 2019. Rosa Lind ran 3 races in May. She has bought 9 pairs of socks.",
            "Emma Rosa Lind has bought 9 pairs of socks",
        ),
        # things and bodies: a chain, a thing that was new, a kind of things
        (
            "The Harbour Office checks 400 boats a year. It is independent of the port. Its 3 reports appear in May.",
            "The Harbour Office's 3 reports appear in May",
        ),
        (
            "A new diesel engine of 2 litres replaces the old one. It puts out 150 horsepower.",
            "The new diesel engine of 2 litres puts out 150 horsepower",
        ),
        (
            "Public mills such as Norpap and Suntex have resisted the trend. They have cut 900 jobs since 2019.",
            "Public mills such as Norpap and Suntex have cut 900 jobs since 2019",
        ),
        # somebody without a name, where nobody else is there
        (
            "The man told doctors he ate raw fish in May. He was taken to hospital with 3 others on Saturday.",
            "The man was taken to hospital with 3 others on Saturday",
        ),
        # several people
        (
            "Ida Vale, Leo Brand and Nils Holm tested 9 boats on the lake. They hired a laboratory in 2014.",
            "Ida Vale, Leo Brand and Nils Holm hired a laboratory in 2014",
        ),
        (
            "The mayor and the bishop will visit 7 towns in May. They will spend 3 million euros.",
            "The mayor and the bishop will spend 3 million euros",
        ),
    ],
)
def test_in_the_article_s_own_words(pipeline, body, text):
    assert any(text in made for made in texts(pipeline, body, Voice.AUTHOR))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Leo Brand met Nils Holm in May. The bank of Lund gave him 3 million euros.", "gave him 3 million euros"),
        ("Leo Brand has a twin in Oslo. Leo Brand gave him 3 boats in 2019.", "Leo Brand gave him 3 boats"),
        ("Leo Brand met a trader in May. The bank of Lund gave him 3 million euros.", "gave him 3 million euros"),
        # who is named later in the sentence
        (
            "Ruth Holm lost 3 races in May. With the 900 euros that she won in June, Ida Vale bought 3 boats.",
            "With the 900 euros that she won in June",
        ),
        ("A new engine replaces 3 old ones. They put out 150 horsepower in 2019.", "They put out 150 horsepower"),
    ],
)
def test_in_the_article_s_own_words_nobody_is_named_who_may_not_be_meant(pipeline, body, text):
    assert any(text in made for made in texts(pipeline, body, Voice.AUTHOR))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # of the other gender than who speaks
        (
            "Deputy Leo Brand spoke in the hall. Actress Eva Strand said the party had chosen him twice.",
            "The party had chosen Leo Brand twice",
        ),
        (
            "Deputy Leo Brand spoke in the hall. Actress Eva Strand said she had voted for him twice.",
            "Eva Strand had voted for Leo Brand twice",
        ),
        (
            "Deputy Leo Brand spoke in the hall. “Strong women raised him,” said actress Eva Strand.",
            "Strong women raised [Leo Brand]",
        ),
        (
            "Deputy Leo Brand spoke in the hall. The ministry said an aunt had raised him.",
            "An aunt had raised Leo Brand",
        ),
        (
            "Mona Reyes left the label. The company said the studio had never paid her.",
            "The studio had never paid Mona Reyes",
        ),
        # what, or whom, somebody has just judged in the main clause
        (
            "Leo Brand praised the new dam of Lund on Monday, saying it would save 300 farms.",
            "The new dam of Lund would save 300 farms",
        ),
        (
            "Ruth Holm attacked the rules on Monday, saying they had cost the town 3 million euros.",
            "The rules had cost the town 3 million euros",
        ),
        ("Leo Brand praised Peter Holm on Monday, saying he had saved 300 farms.", "Peter Holm had saved 300 farms"),
        # those who are told it
        ("The harbour master warned the crews that they would be fined.", "The crews would be fined"),
        # several who say something of themselves
        ("65 percent of the voters said they had read the book.", "65 percent of the voters had read the book"),
    ],
)
def test_in_what_somebody_says(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.ATTRIBUTED)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # who speaks can be meant
        (
            "Leo Brand spoke in the hall. The doctor said the nurse had given him 3 pills.",
            "The nurse had given him 3 pills",
        ),
        ("Ida Vale met Ruth Holm. Vale said the court had fined her.", "The court had fined her"),
        # who is named in the content
        ("Leo Brand left. Eva Strand said Nils Holm had sold his boat.", "Nils Holm had sold his boat"),
        # several of whom one is no thing
        ("About 2 in 10 say it describes the mayor better.", "It describes the mayor better"),
    ],
)
def test_in_what_somebody_says_nobody_is_named_who_may_not_be_meant(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.ATTRIBUTED)


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # the only one whom the sentence names
        (
            "Kurt Adler's largest meeting was in May 2019, when he spoke to 7,000 people in Lund.",
            "Kurt Adler spoke to 7,000 people in Lund",
            Voice.PRESUPPOSED,
        ),
        (
            "The town has paid for the statue of Kurt Adler since he won 3 medals in 1988.",
            "Kurt Adler won 3 medals in 1988",
            Voice.PRESUPPOSED,
        ),
        # the subject of the clause that has the noun of a relative clause
        (
            "The bank sold the 3 mills that it had bought in 2009 to Norland.",
            "The bank had bought the 3 mills in 2009",
            Voice.PRESUPPOSED,
        ),
        # whom somebody went after
        (
            "Speaking in Lund, Ole Lie went after Kurt Adler, calling him “a total fraud”.",
            "Kurt Adler is a total fraud",
            Voice.ATTRIBUTED,
        ),
        # who strikes a tone, saying something
        (
            "Peter Holt resigned in May. In a speech in Lund, Ole Lie struck a calm tone, saying he knew the rules.",
            "Ole Lie knew the rules",
            Voice.ATTRIBUTED,
        ),
        # a body that is several by its verb
        (
            "The Riverside club say they have paid 40 players.",
            "The Riverside club have paid 40 players",
            Voice.ATTRIBUTED,
        ),
        (
            "The Democratic Party met in Lund. Democrats have hinted that they plan to sell 3 halls.",
            "Democrats plan to sell 3 halls",
            Voice.ATTRIBUTED,
        ),
    ],
)
def test_a_pronoun_of_a_clause_that_hangs_on_another(pipeline, body, text, voice):
    made = texts(pipeline, body, voice)
    assert any(text in each for each in made), made


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # the sentence before is about another
        (
            "Leo Brand moved to Lund in 2018. The firm promoted Peter Holm after he had sold 40 boats in May.",
            "He had sold 40 boats in May",
            Voice.PRESUPPOSED,
        ),
        # somebody without a name
        (
            "The captain wrote to Peter Holm in 2018 after he had lost 3 ships.",
            "He had lost 3 ships",
            Voice.PRESUPPOSED,
        ),
        # told apart from a name before the main clause
        ("Unlike Peter Holm, he won 40 races in 2019.", "Unlike Peter Holm, he won 40 races in 2019", Voice.AUTHOR),
        # many whom the body can judge
        ("The court said they must pay 40 euros.", "They must pay 40 euros", Voice.ATTRIBUTED),
    ],
)
def test_a_pronoun_stays_where_another_may_be_meant(pipeline, body, text, voice):
    made = texts(pipeline, body, voice)
    assert any(each.endswith(text) for each in made), made
