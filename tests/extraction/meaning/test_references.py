"""What "this", "these rules", "the move" and an open "it" of a content point at. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice

AUTHOR, ATTRIBUTED, PRESUPPOSED = Voice.AUTHOR, Voice.ATTRIBUTED, Voice.PRESUPPOSED


def texts(pipeline, body, voice):
    return [claim.content.text for claim in claims(pipeline, body, voice)]


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # all of the sentence before
        (
            "The harbour board closed the north quay on Monday. This has cost the fish market a third of its trade.",
            "[The harbour board closed the north quay on Monday.] This has cost the fish market a third of its trade",
            AUTHOR,
        ),
        (
            (
                "The council sold the swimming pool to a bank in May. "
                "Mayor Ole Lie argued this had saved the town from bankruptcy."
            ),
            "[The council sold the swimming pool to a bank in May.] This had saved the town from bankruptcy",
            ATTRIBUTED,
        ),
        # the clause before in the same sentence
        (
            "The ferry sank in 30 metres of water in 2019, but that did not stop looters from sawing off its mast.",
            "[The ferry sank in 30 metres of water in 2019.] That did not stop looters from sawing off its mast",
            AUTHOR,
        ),
        # a noun for what was told, also over a sentence that looks back itself
        (
            (
                "The court fined the chemical company Norland 9 million euros for spills in the Olm river. "
                "The company said this fine was too high."
            ),
            (
                "[The court fined the chemical company Norland 9 million euros for spills in the Olm river.] "
                "This fine was too high"
            ),
            ATTRIBUTED,
        ),
        (
            (
                "Norland cut interest rates to 2 percent in May. This cut was the third in a year. "
                "The move weakened the crown by 4 percent."
            ),
            "[Norland cut interest rates to 2 percent in May.] The move weakened the crown by 4 percent",
            AUTHOR,
        ),
        # whom or what the article calls by another word
        (
            (
                "The police had invited only Melaye and Bruce to appear before the court on Monday. "
                "The lawmakers, however, failed to answer the invitation in 2018."
            ),
            (
                "[The police had invited only Melaye and Bruce to appear before the court on Monday.] "
                "The lawmakers, however, failed to answer the invitation in 2018"
            ),
            AUTHOR,
        ),
        # quoted words after an own sentence of the article
        (
            "Politicians praised the bridge. “This will save 40 lives a year,” said engineer Ole Lie.",
            "[Politicians praised the bridge.] This will save 40 lives a year",
            ATTRIBUTED,
        ),
        # a longer sentence loses what is added to it
        (
            (
                "Brentpark, which runs 40 cinemas in the north and two in the capital, has cut the price of all of its "
                "tickets to 4 euros in August after months of empty halls. This has doubled the number of its visitors."
            ),
            (
                "[Brentpark has cut the price of all of its tickets to 4 euros in August after months of empty halls.] "
                "This has doubled the number of its visitors"
            ),
            AUTHOR,
        ),
    ],
)
def test_what_it_goes_on_from_is_put_in_brackets(pipeline, body, text, voice):
    assert text in texts(pipeline, body, voice)


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # an object
        (
            "Leo Brand took the flag from the mast in the last minute. Brand then threw it at the 3 referees.",
            "[Leo Brand took the flag from the mast in the last minute.] Leo Brand then threw it at the 3 referees",
            AUTHOR,
        ),
        (
            "Two thieves took 40 paintings from the town hall in May. Police found all of them in a barn in Olm.",
            "[Two thieves took 40 paintings from the town hall in May.] Police found all of them in a barn in Olm",
            AUTHOR,
        ),
        (
            "The mayor of Olm met Ida Falk on Monday. Falk gave him a list of 40 broken lamps.",
            "[The mayor of Olm met Ida Falk on Monday.] Ida Falk gave him a list of 40 broken lamps",
            AUTHOR,
        ),
        (
            "The union asked for 300 new posts and a fund for the sick. In August, Ole Lie repeated these demands.",
            "[The union asked for 300 new posts and a fund for the sick.] Ole Lie repeated these demands",
            ATTRIBUTED,
        ),
        # somebody's object is not himself
        (
            "The bank lost 40 branches in the flood in May. Norpap called it a disaster.",
            "[The bank lost 40 branches in the flood in May.] It is a disaster",
            ATTRIBUTED,
        ),
        # such as the one before
        (
            "Norland sold three ferries to a bank in May. Such sales bring the state 40 million euros a year.",
            "[Norland sold three ferries to a bank in May.] Such sales bring the state 40 million euros a year",
            AUTHOR,
        ),
        # the main clause that a presupposed one hangs on
        (
            "The baker uses honey in all of her 12 cakes because it has more flavour than sugar.",
            "[The baker uses honey in all of her 12 cakes.] It has more flavour than sugar",
            PRESUPPOSED,
        ),
        (
            "A third case of the fever was found in Lund on Monday, after two farmers had caught it in May.",
            "[A third case of the fever was found in Lund on Monday.] Two farmers had caught it in May",
            PRESUPPOSED,
        ),
        (
            "Nearly 150 sailors came home in May. As they left the port one after the other in 2019, a band played.",
            "[Nearly 150 sailors came home in May.] They left the port one after the other in 2019",
            PRESUPPOSED,
        ),
        (
            "Ole Lie lost the trust of the 40 party members the week before they voted in May 2021.",
            "[Ole Lie lost the trust of the 40 party members.] They voted in May 2021",
            PRESUPPOSED,
        ),
        # in brackets a pronoun that the words before it explain stays
        (
            "Ida Falk and her crew reported that they saw 5,200 litres of oil a second. This fills a pool in an hour.",
            "[Ida Falk and her crew reported that they saw 5,200 litres of oil a second.] This fills a pool in an hour",
            AUTHOR,
        ),
    ],
)
def test_what_an_object_or_a_clause_behind_points_at_is_put_in_brackets(pipeline, body, text, voice):
    assert text in texts(pipeline, body, voice)


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # explained by the words of the content
        (
            "The museum lost 2 million euros in May. The town bought the ship in June and painted it.",
            "The town bought the ship in June and painted it",
            AUTHOR,
        ),
        (
            "The flood cost Norland 2 million euros. Norland closed its 12 borders in June.",
            "Norland closed its 12 borders in June",
            AUTHOR,
        ),
        # nobody and nothing
        (
            "The mill lost 40 workers in June. A strike made it hard to find 40 others by May 2027.",
            "A strike made it hard to find 40 others by May 2027",
            AUTHOR,
        ),
        (
            "The mill lost 40 workers in June. It is unclear just when the town last had 900 workers.",
            "It is unclear just when the town last had 900 workers",
            AUTHOR,
        ),
        # the source
        (
            "The town sold the mill to Norland in May. Norland said 40 clerks of the mill would leave it by June.",
            "40 clerks of the mill would leave it by June",
            ATTRIBUTED,
        ),
    ],
)
def test_what_the_content_explains_itself_stays_alone(pipeline, body, text, voice):
    assert text in texts(pipeline, body, voice)


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        (
            (
                "The firm recalled 4,000 electric lawnmowers in June. "
                "The safety board said these lawnmowers had caused nine fires."
            ),
            "The 4,000 electric lawnmowers had caused nine fires",
            ATTRIBUTED,
        ),
        (
            (
                "The county gave a grant of 2 million euros for the theatre in May. "
                "This grant pays for a new roof and 40 seats."
            ),
            "The grant of 2 million euros for the theatre pays for a new roof and 40 seats",
            AUTHOR,
        ),
        (
            (
                "A grain ship with 30,000 tonnes of wheat ran aground near Olm on Sunday. Tugs came from two ports. "
                "The ship was refloated on Monday, the coast guard said."
            ),
            "The grain ship with 30,000 tonnes of wheat was refloated on Monday",
            ATTRIBUTED,
        ),
    ],
)
def test_a_noun_gets_what_its_first_mention_said_of_it(pipeline, body, text, voice):
    assert text in texts(pipeline, body, voice)


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # two of a kind: which one is not sure
        (
            (
                "The county gave a grant for a theatre and a grant for a school in May. "
                "The grant was paid back by the end of June 2024."
            ),
            "The grant was paid back by the end of June 2024",
            AUTHOR,
        ),
        # another one is told apart
        (
            (
                "The old bridge of Olm closed in 2019. Another bridge opened near the mill. "
                "The mayor said this bridge had cost 4 million euros."
            ),
            "This bridge had cost 4 million euros",
            ATTRIBUTED,
        ),
        # quoted words after those of another: what the speaker pointed at is not told
        (
            "“We praise the bridge,” politicians said. “This will save 40 lives a year,” said engineer Ole Lie.",
            "This will save 40 lives a year",
            ATTRIBUTED,
        ),
        # nobody
        (
            "The mill lost 40 workers in June. It is clear that 40 more workers will leave the mill by May 2027.",
            "It is clear that 40 more workers will leave the mill by May 2027",
            AUTHOR,
        ),
        # the source itself
        (
            "The union called a strike at the port. The port authority said it would close two terminals.",
            "The port authority would close two terminals",
            ATTRIBUTED,
        ),
    ],
)
def test_what_is_not_sure_stays(pipeline, body, text, voice):
    assert text in texts(pipeline, body, voice)


def test_the_spans_stay_the_words_of_the_text(pipeline):
    body = "The harbour board closed the north quay on Monday. This has cost the fish market a third of its trade."
    made = [claim.content for claim in claims(pipeline, body, AUTHOR) if claim.content.text.startswith("[The")]
    assert [span.exact for content in made for span in content.spans] == [
        "This has cost the fish market a third of its trade"
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # what the same speaker has just said, in the same quote, in the one before, or in the article's words
        (
            "“The new pump costs 40 euros. It has saved the town 3 million litres,” said engineer Ole Lie.",
            "[The new pump costs 40 euros.] It has saved the town 3 million litres",
        ),
        (
            "“We sold the mill to Norland,” mayor Ida Falk said. “That was a mistake of 2019.”",
            "[We sold the mill to Norland.] That was a mistake of 2019",
        ),
        (
            "Ida Falk said the new bridge was the best gift of her life. “It has changed the town,” she said.",
            "[The new bridge was the best gift of her life.] It has changed the town",
        ),
        # names in brackets of the quote are plain in those of the statement before
        (
            "“I sold 40 boats in May. It was 3 more than in April,” said Mona Reyes.",
            "[Mona Reyes sold 40 boats in May.] It was 3 more than in April",
        ),
        # somebody else, a question, and nothing to point at
        (
            "“The dam is old,” said Ole Lie. “It will break in May,” said Ida Falk.",
            "It will break in May",
        ),
        (
            "“Is the dam old? It will break in May,” said Ida Falk.",
            "It will break in May",
        ),
        ("“The dam is old. It is clear that we must leave,” said Ida Falk.", "It is clear that we must leave"),
    ],
)
def test_what_a_quote_goes_on_from(pipeline, body, text):
    made = texts(pipeline, body, ATTRIBUTED)
    assert any(text == each or (not text.startswith("[") and each.endswith(text)) for each in made), made
    assert text.startswith("[") or not any(each.startswith("[") for each in made), made
