"""The text of a content is a sentence: clauses are made of what is none. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice
from worker.extraction.meaning.standalone_text import in_pairs


def texts(pipeline, body, voice=Voice.ATTRIBUTED):
    return [claim.content.text for claim in claims(pipeline, body, voice)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # of whom it is said, and what he did
        ("The league accused Riverside of bribing two referees.", "Riverside bribed two referees"),
        ("Prosecutors accuse the mayor of lying to the council.", "The mayor lied to the council"),
        ("The treasurer admitted taking 400 euros from the till.", "The treasurer took 400 euros from the till"),
        ("The singer denied copying the melody.", "The singer copied the melody"),
        ("The clerk confessed to having forged the seal.", "The clerk had forged the seal"),
        ("The firm boasts of having cut waste by half.", "The firm has cut waste by half"),
        (
            "The tenants accuse the landlord, who lives abroad, of letting the house rot.",
            "The landlord, who lives abroad, let the house rot",
        ),
        ("The board said in a statement that “all options” were being weighed.", "“All options” were being weighed"),
        ("The agency denied a report that it had lost the files.", "The agency had lost the files"),
        ("The coach accused him of not paying the players.", "He did not pay the players"),
        # what the source will do, and what others should do
        ("Police threatened to tow every car in the lane.", "Police would tow every car in the lane"),
        ("The museum promises to return the masks by spring.", "The museum will return the masks by spring"),
        ("Doctors urged parents to keep sick children at home.", "Parents should keep sick children at home"),
        ("The judge ordered the firm to repay 3 million euros.", "The firm must repay 3 million euros"),
        ("The union demanded that every crew be paid by Friday.", "Every crew should be paid by Friday"),
        # what somebody is called
        ("Critics called the film a waste of time.", "The film is a waste of time"),
        ("The minister described the strikes as a gift to rivals.", "The strikes are a gift to rivals"),
        ("The bank blamed a supplier for the outage.", "A supplier is to blame for the outage"),
        ("The plan was called reckless by the orchestra.", "The plan is reckless"),
        # behind a noun for a statement
        ("The club rejected claims that it had sold the stadium.", "The club had sold the stadium"),
        # the cue's own words, where no other form is known
        ("The company declined to name the buyer.", "The company declined to name the buyer"),
        ("The gallery wants to open a second hall.", "The gallery wants to open a second hall"),
        # what is a clause already stays one
        ("The guide said it was too late to turn back.", "It was too late to turn back"),
        ("The owner said the horses that won the cup were sold.", "The horses that won the cup were sold"),
    ],
)
def test_a_clause_is_made_of_what_is_none(pipeline, body, text):
    assert text in texts(pipeline, body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "The suspect is said to be hiding in Vienna. Neighbours saw him in May.",
            "The suspect is hiding in Vienna",
        ),
        ("Parents were told that the hall was safe.", "The hall was safe"),
    ],
)
def test_a_passive_cue_leaves_its_clause(pipeline, body, text):
    assert text in texts(pipeline, body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Norland Steel, which employs 4,000 people, was sold on Friday.", "Norland Steel employs 4,000 people"),
        ("The guards, who fired 20 shots into the air, were arrested.", "The guards fired 20 shots into the air"),
        (
            "Ole Lie, whose firm lost 3 million euros in May, has resigned.",
            "Ole Lie’s firm lost 3 million euros in May",
        ),
        ("That is three times as many as in 2019.", "That is three times as many as in 2019"),
    ],
)
def test_what_hangs_on_its_noun_becomes_a_sentence(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.AUTHOR)


def test_the_parts_of_a_quote_are_sentences(pipeline):
    body = "“The roof leaks in 12 places,” said the caretaker, Ruth Holm. “The walls have been damp since May.”"
    found = texts(pipeline, body)
    assert not any("places The walls" in text for text in found)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("“I’ve never lost here,” said Anna Berg, the coach.", "[Anna Berg] has never lost here"),
        (
            "“I sold my boat because I needed the money,” said Anna Berg.",
            "[Anna Berg] sold [her] boat because [she] needed the money",
        ),
        ("“My brother and I were asleep,” said Anna Berg.", "[Anna Berg's] brother and [she] were asleep"),
        (
            "“My pupil told me, ‘I am afraid,’ and I called the office,” said Anna Berg.",
            "[Anna Berg's] pupil told [her], ‘I am afraid,’ and [she] called the office",
        ),
        ("“I think two people work at the mine,” said Anna Berg.", "[Anna Berg] thinks two people work at the mine"),
        ("“This victory gives us hope,” said Norland’s captain, Anna Berg.", "This victory gives us hope"),
        # a "we" that is more than a body
        ("“We all voted in May,” said Anna Berg, the chairwoman of Norland Rail.", "We all voted in May"),
        (
            "“We want our country back,” said Anna Berg, the chairwoman of the Harbour Party.",
            "We want our country back",
        ),
        # words that the speaker quotes are one
        (
            "“She was like: 'This is not right. You are 22.' Then she left in May,” said Anna Berg.",
            "She was like: 'This is not right. You are 22.'",
        ),
        ("''The dam of 1911 is safe,'' said Anna Berg.", "The dam of 1911 is safe"),
        ("Anna Berg said the plan was ''a gift.''", "The plan was “a gift.”"),
    ],
)
def test_a_name_in_quoted_words_is_bracketed(pipeline, body, text):
    assert text in texts(pipeline, body)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "The singer Milo Brandt sold his house in May 2020. Milo Brandt left. He said Mr. Brandt was well.",
            "Milo Brandt was well",
        ),
        ("The loan was “a gift,” said Anna Berg, the mayor.", "The loan was “a gift”"),
        ("“I mean, the roof leaks in 12 places,” said Anna Berg, the mayor.", "I mean, the roof leaks in 12 places"),
        ("The bridge is expected to be completed in September 2031.", "The bridge will be completed in September 2031"),
        ("The store is believed to have closed in May.", "The store has closed in May"),
        ("“We could not fix it in 2019,” said Kurt Adler, the former envoy to Norland.", "We could not fix it in 2019"),
        ("“We lost 40 men in May,” said Kurt Adler, the envoy to Bolivia.", "We lost 40 men in May"),
        (
            "“We have 40 trams in the depot,” said Anna Berg, the spokeswoman of Norland Rail.",
            "[Norland Rail] has 40 trams in the depot",
        ),
        (
            "The mayor called the plan a waste of money. Two members of the council came to denounce it.",
            "The plan is a waste of money",
        ),
    ],
)
def test_marks_fillers_titles_and_offices(pipeline, body, text):
    assert text in texts(pipeline, body)


@pytest.mark.parametrize(
    ("content", "in_pairs_"),
    [
        ("The plan is “a gift", "The plan is “a gift”"),
        ('The user is "harbourghost', 'The user is "harbourghost"'),
        ('Drivers should not forget" the bridge', "Drivers should not forget the bridge"),
        ("Drivers should not forget” the bridge", "Drivers should not forget the bridge"),
        ("The “old” bridge is “safe”", "The “old” bridge is “safe”"),
    ],
)
def test_marks_are_in_pairs(content, in_pairs_):
    assert in_pairs(content) == in_pairs_


def test_the_spans_keep_the_words_of_the_text(pipeline):
    (claim,) = claims(pipeline, "The league accused Riverside of bribing two referees.")
    assert claim.content.spans[0].exact == "Riverside of bribing two referees"
