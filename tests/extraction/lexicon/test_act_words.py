import pytest

from worker.contract.claim import Act
from worker.extraction.lexicon.act_words import _words, lexicon


@pytest.mark.parametrize(
    ("lemmas", "phrase"),
    [
        (["make", "it", "very", "clear"], ("make", "clear")),
        (["express", "deep", "concern", "about"], ("express", "concern")),
        (["rule", "out"], ("rule", "out")),
        (["put", "the", "number", "at"], ("put", "the", "number")),
        (["call", "be", "for"], None),
    ],
    ids=["two words between", "one word between", "no word between", "the longest", "another clause between"],
)
def test_a_phrase_is_found_with_up_to_two_words_between(lemmas, phrase):
    found = lexicon().phrase(lemmas, 1)
    assert (found[0] if found else None) == phrase


def test_a_word_under_two_acts_is_refused():
    with pytest.raises(ValueError, match="'say' is among the verbs of"):
        _words({act: {"verbs": "say" if act in (Act.ASSERT, Act.DENY) else ""} for act in Act}, "verbs")
