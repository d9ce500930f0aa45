"""Repairs of what the recogniser finds, without the recogniser: the entities of the parse are given."""

from types import SimpleNamespace

import pytest

from worker.extraction.entities.recogniser_fixes import recognised


def repaired(text, *entities, tag="NNP"):
    """`tag`: of a word that begins the text."""
    ents = []
    for words, label in entities:
        start = text.index(words)
        root = SimpleNamespace(tag_=tag, is_sent_start=not start)
        ents.append(SimpleNamespace(label_=label, start_char=start, end_char=start + len(words), root=root))
    return [(mention.name, mention.kind) for mention in recognised(SimpleNamespace(ents=ents), text)]


@pytest.mark.parametrize(
    ("text", "entity", "wanted"),
    [
        ("Finance Minister Odile Marchand resigned.", ("Finance Minister Odile Marchand", "PERSON"), "Odile Marchand"),
        ("Judge Odile Marchand's ruling", ("Judge Odile Marchand's", "PERSON"), "Odile Marchand"),
        ("Minister Anna van der Berg left.", ("Minister Anna van der Berg", "PERSON"), "Anna van der Berg"),
    ],
    ids=["before the name", "possessive", "particles stay"],
)
def test_an_office_is_taken_off_a_name(text, entity, wanted):
    assert repaired(text, entity) == [(wanted, "PERSON")]


def test_an_organisation_and_a_person_are_cut_apart():
    text = "Karlby University Maria Dam found it."
    assert repaired(text, ("Karlby University Maria Dam", "ORG")) == [
        ("Karlby University", "ORG"),
        ("Maria Dam", "PERSON"),
    ]


def test_a_known_name_before_a_person_is_left_to_the_gazetteer():
    assert repaired("UN Richard Mills said so.", ("UN Richard Mills", "ORG")) == [("Richard Mills", "PERSON")]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("The deputy prime minister said so.", ("deputy prime minister", "PERSON")),
        ("Finance Minister Marchand", ("Finance", "ORG")),
        ("On Tuesday she left.", ("Tuesday", "PERSON")),
        ("😀 said", ("😀", "PERSON")),
        ("LIONS WIN THE NATIONAL CUP AGAIN\nThe end.", ("LIONS", "ORG")),
    ],
    ids=["office", "beginning of an office", "weekday", "emoji", "headline in capitals"],
)
def test_what_is_no_name_is_left_out(text, entity):
    assert repaired(text, entity) == []


def test_of_two_overlapping_names_the_longer_one_stays():
    text = "The Bank of Karlby lent it."
    assert repaired(text, ("Bank of Karlby", "ORG"), ("Karlby", "GPE")) == [("Bank of Karlby", "ORG")]


@pytest.mark.parametrize(
    ("text", "entity", "tag", "names"),
    [
        ("Flour had become dearer.", ("Flour", "PERSON"), "NN", []),
        ("Heartbroken neighbours left flowers.", ("Heartbroken", "ORG"), "JJ", []),
        ("Brix had become dearer.", ("Brix", "ORG"), "NNP", ["Brix"]),
        ("Mensah had left. Police looked for Mensah.", ("Mensah", "PERSON"), "NN", ["Mensah"]),
        ("Rose had left.", ("Rose", "PERSON"), "NN", ["Rose"]),
    ],
    ids=["noun", "adjective", "proper noun", "capital elsewhere", "given name"],
)
def test_a_common_word_that_begins_a_sentence_is_no_name(text, entity, tag, names):
    assert [name for name, _ in repaired(text, entity, tag=tag)] == names
