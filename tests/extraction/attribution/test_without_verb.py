"""Sources that no verb of speech gives: phrases, nouns of saying, passives, and who is told or hears."""

from __future__ import annotations

import pytest

from tests.extraction.attribution.told import told
from tests.extraction.claims_of import claims

_PHRASES = [
    ("The club lost 3.2 million euros last season, per its annual report.",
     "its annual report", "The club lost 3.2 million euros last season"),
    ("Per the league's medical panel, the midfielder will miss six weeks.",
     "the league's medical panel", "the midfielder will miss six weeks"),
    ("Workers earn 12 euros per hour, per the union.", "the union", "Workers earn 12 euros per hour"),
    ("In the words of conductor Lena Aas, the hall is “a wooden shoebox with a soul”.",
     "Lena Aas", "the hall is a wooden shoebox with a soul"),
    ("The exhibition was, as one curator put it, a rescue from the flood.",
     "one curator", "The exhibition was / a rescue from the flood"),
    ("To hear the coach tell it, the match was won in the dressing room.",
     "the coach", "the match was won in the dressing room"),
    ("In the view of the court, the contract was void from the start.",
     "court", "the contract was void from the start"),
    ("From the club's point of view, the deal is done.", "club", "the deal is done"),
    ("The ship was lost in a storm, if the captain's log is to be believed.",
     "the captain's log", "The ship was lost in a storm"),
    ("Ruud Peters left early. By his own account he was home at nine.", "Ruud Peters", "he was home at nine"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "content"), _PHRASES)
def test_phrases_that_give_a_source(pipeline, text, source, content):
    (name, words), = told(pipeline, text)  # fmt: skip
    assert (name.removeprefix("the ").removesuffix("'s"), words) == (source.removeprefix("the "), content)


def test_an_admission_concedes(pipeline):
    (claim,) = claims(pipeline, "By his own admission, Ruud Peters drove the van without a licence.")
    assert claim.act == "concede"


@pytest.mark.parametrize(
    "text",
    [
        "It costs 4 euros per head.",
        "There were tears in his eyes, and he left.",
        "The plane flew as per the usual schedule.",
        "In the words there is a hidden rhyme.",
    ],
)
def test_phrases_that_give_none(pipeline, text):
    assert told(pipeline, text) == []


_NOUNS = [
    ("The landlord's claim that the boiler had been checked made the tenants laugh.",
     "landlord", "the boiler had been checked"),
    ("His baseless claim that 900 people died spread online.", "His", "900 people died"),
    ("A warning from the glacier survey that the lake could burst reached the village on Monday.",
     "glacier survey", "the lake could burst"),
    ("Reports that the king was ill sent shares lower.", None, "the king was ill"),
    ("Amid rumours that the bank would fail, savers queued.", None, "the bank would fail"),
    ("The promise by the developer to plant 400 trees was never kept.", "developer", "to plant 400 trees"),
    ("Her argument that the tax hurts small bakers convinced few deputies.", "Her", "the tax hurts small bakers"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "content"), _NOUNS)
def test_a_clause_behind_a_noun_of_saying_ends_before_the_nouns_verb(pipeline, text, source, content):
    (name, words), = told(pipeline, text)  # fmt: skip
    name = name and name.removeprefix("the ").removeprefix("The ")
    assert (name, words.removeprefix("that ")) == (source, content)


@pytest.mark.parametrize("text", ["The fact that he left is sad.", "The claim that won him the race was bold."])
def test_nouns_that_nobody_said(pipeline, text):
    assert told(pipeline, text) == []


def test_a_promise_without_a_verb_is_a_sentence(pipeline):
    (claim,) = claims(pipeline, "His promise to resign was forgotten.")
    assert (claim.act, claim.content.text) == ("promise", "He would resign")


_JUDGED = [
    ("The novel has been hailed as a masterpiece by the critic Ada Lind.",
     "Ada Lind", "praise", "The novel is a masterpiece"),
    ("The plan was called a farce by the opposition.", "the opposition", "criticise", "The plan is a farce"),
    ("The law has been criticised by doctors for its cost.",
     "doctors", "criticise", "The law has been criticised for its cost by doctors"),
    ("Lorne was accused by the union of hiding losses.",
     "the union", "accuse", "Lorne was accused of hiding losses by the union"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "act", "says"), _JUDGED)
def test_passives_are_by_who_judges(pipeline, text, source, act, says):
    (claim,) = claims(pipeline, text)
    assert (claim.attribution[-1].source.name, claim.act, claim.content.text) == (source, act, says)


_HEARERS = [
    ("Pupils were told that the exam had been moved.", None, "Pupils"),
    ("Nurses were told on Monday that the ward would close.", None, "Nurses"),
    ("The crew were warned by the harbour master that the fog would last.", "the harbour master", "The crew"),
    ("The mayor heard from a neighbour that the fountain had been stolen.", "a neighbour", "The mayor"),
    ("Fans learned from the club's website that the friendly was off.", "the club's website", "Fans"),
]


@pytest.mark.parametrize(("text", "source", "hearer"), _HEARERS)
def test_who_is_told_is_not_who_speaks(pipeline, text, source, hearer):
    (claim,) = claims(pipeline, text)
    link = claim.attribution[-1]
    assert (link.source.name, [each.span.exact for each in link.addressees]) == (source, [hearer])


def test_who_is_quoted_speaks(pipeline):
    text = "“The tower is safe,” the architect was quoted as saying by the Evening Courier."
    assert told(pipeline, text) == [("the architect", "The tower is safe")]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("The players trained in the rain. Their coach's verdict: not good enough.", "coach", "not good enough"),
        ("The school will close. The parents' response: it should have closed years ago.", "parents",
         "it should have closed years ago"),
        ("Rents rose again. The union's demand: a cap for five years.", "union", "a cap for five years"),
        ("Dr Ruth Amsel saw forty patients. Her advice to swimmers: stay out of the lake.", "Amsel",
         "stay out of the lake"),
    ],
)  # fmt: skip
def test_a_noun_of_saying_before_a_colon(pipeline, text, source, content):
    assert any(source in name and words.rstrip(".") == content for name, words in told(pipeline, text))


@pytest.mark.parametrize(
    "text",
    [
        "The jury's verdict: page 4.",
        "The club's address: 12 Harbour Road, Norby.",
        "The recipe: two eggs and a cup of flour.",
    ],
)
def test_a_label_before_a_colon_is_nobodys_word(pipeline, text):
    assert not told(pipeline, text)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("It emerged on Friday that the goalkeeper had played with a broken hand.",
         "the goalkeeper had played with a broken hand"),
        ("It later transpired that nobody had locked the vault.", "nobody had locked the vault"),
    ],
)  # fmt: skip
def test_what_comes_out_has_no_source_and_is_certain(pipeline, text, content):
    (claim,) = claims(pipeline, text)
    assert claim.attribution[-1].source.span is None
    assert text[claim.content.spans[0].start : claim.content.spans[0].end] == content
    assert claim.modality.certainty == "certain"
