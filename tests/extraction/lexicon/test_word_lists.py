import re
import tomllib
from importlib.resources import files

import pytest

from worker.extraction.lexicon import word_lists
from worker.extraction.lexicon.word_lists import WordListError, any_of, numbers_of_words, ordered_words, words

_FOLDER = files("worker.extraction") / "data" / "words"
_FILES = sorted(file.name for file in _FOLDER.iterdir() if file.name.endswith(".toml"))


def test_the_order_of_the_file_is_kept():
    assert ordered_words("month_stems")[:3] == ("jan", "feb", "mar")


def test_a_list_that_no_file_has_is_an_error_with_its_name():
    with pytest.raises(WordListError, match="no_such_list"):
        words("no_such_list")


def test_a_list_is_no_table():
    with pytest.raises(WordListError, match="month_stems"):
        numbers_of_words("month_stems")


def test_any_of_prefers_the_longer_phrase(monkeypatch):
    monkeypatch.setattr(word_lists, "_lists", lambda: {"one": ("more", "over"), "other": ("more than", "u.s.")})
    found = re.match(any_of("one", "other"), "more\nthan ten")
    assert found is not None
    assert found[0] == "more\nthan"
    assert re.match(any_of("other"), "u-s-") is None


@pytest.mark.parametrize(
    ("value", "says"), [("one two one", "one"), (3, "string of words"), (["a b", "a b"], "a b")], ids=str
)
def test_a_broken_list_is_refused_with_file_and_name(value, says):
    with pytest.raises(WordListError, match=f"broken.toml: 'some_list'.*{says}"):
        word_lists._read("broken.toml", "some_list", value)


@pytest.mark.parametrize("file", _FILES)
def test_each_list_has_its_meaning_in_a_comment_above(file):
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    undescribed = [
        name
        for name in tomllib.loads("\n".join(lines))
        for at, line in enumerate(lines)
        if re.match(rf"(?:{name}\s*=|\[{name}\])", line) and not (at and lines[at - 1].startswith("# "))
    ]
    assert undescribed == []


def test_no_two_lists_have_the_same_words():
    first_of: dict[frozenset[str], str] = {}
    doubles = []
    for name, listed in word_lists._lists().items():
        other = first_of.setdefault(frozenset(listed), name)
        if other != name:
            doubles.append((other, name))
    assert doubles == []
