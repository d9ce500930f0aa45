import pytest

from worker.contract.article import RawArticle
from worker.contract.reasons import DeadReason, DropReason
from worker.extraction.outcome import Dropped, Failed
from worker.extraction.text.stage import check_text, clean_text

_GERMAN = "Der Minister sagte am Dienstag, die Regierung werde im Herbst ein neues Gesetz vorlegen."
_ENGLISH = "The minister said on Tuesday that the government would present a new law in autumn."


def article(body=_ENGLISH, **fields):
    return RawArticle(uri="urn:test:1", body=body, **fields)


def test_the_headline_is_the_first_line_of_the_text_and_not_repeated():
    cleaned = clean_text(article(f"New law in autumn\n\n{_ENGLISH}", headline="New law in autumn"))
    assert (cleaned.headline, cleaned.text) == ("New law in autumn", f"New law in autumn\n\n{_ENGLISH}")


def test_page_furniture_is_taken_out():
    cleaned = clean_text(article(f"{_ENGLISH}\nLeave a comment\nAdvertisement\nShare this on Facebook"))
    assert (cleaned.headline, cleaned.text) == (None, _ENGLISH)


def test_a_body_of_markup_fails_before_it_is_cleaned():
    failed = clean_text(article("<p>" * 100), max_chars=10)
    assert isinstance(failed, Failed)
    assert failed.reason is DeadReason.TEXT_UNBOUNDED
    assert "300 characters, at most 200" in failed.error


def test_an_english_text_within_the_limits_is_parsed():
    assert check_text(article(), _ENGLISH) is None


def test_a_text_in_another_language_is_dropped_whatever_the_article_says():
    assert check_text(article(language="en"), _GERMAN) == Dropped(
        DropReason.LANGUAGE,
        "the text is de by its words (confidence 1.00), en by the article's own statement; only English is extracted",
    )


def test_what_no_article_says_of_its_language_is_told():
    dropped = check_text(article(), _GERMAN)
    assert isinstance(dropped, Dropped)
    assert "nothing is known from the article's own statement" in dropped.detail


@pytest.mark.parametrize(
    "text",
    [
        "He say the water don rise and people dey run from the town.",
        "Ola Bini, Ada Obi, Femi Ojo and Tola Ade win for Lagos.",
        "Rovers 2-1 City: Sund, Vik score late in the derby.",
        "Snow in Arle, sun in Norby, fog in Sund on Tuesday.",
        "Police said no one was hurt in the blaze at Norby.",
        "“I no go,” said Ada Obi. “We stay here until rain comes.”",
        "Pato Banton to play Norby: “me no worry” tour is on.",
    ],
)
def test_a_short_english_text_is_english_where_the_article_says_so(text):
    assert check_text(article(language="en"), text) is None


@pytest.mark.parametrize(
    "text",
    [
        "La policía dijo que nadie resultó herido en el incendio de Norby.",
        "Le ministre a dit mardi que le pont resterait fermé jusqu'en mai.",
        "Polisen sade att ingen skadades i branden i Norby på tisdagen.",
        "Il sindaco ha detto che il ponte resterà chiuso fino a maggio.",
    ],
)
def test_a_line_in_another_language_is_not_english_because_the_article_says_so(text):
    assert isinstance(check_text(article(language="en"), text), Dropped)


@pytest.mark.parametrize("language", [None, "en", "de", "pcm"])
def test_a_long_english_text_is_english_whatever_the_article_says(language):
    assert check_text(article(language=language), f"{_ENGLISH} {_ENGLISH}") is None


@pytest.mark.parametrize(("stated", "dropped"), [("de-AT", True), ("EN-gb", False), (None, False)])
def test_of_a_short_text_the_stated_language_counts(stated, dropped):
    assert isinstance(check_text(article(language=stated), "No comment."), Dropped) is dropped


@pytest.mark.parametrize(
    ("text", "reason", "says"),
    [
        ("", DeadReason.BAD_SCHEMA, "nothing is left"),
        (_ENGLISH * 30, DeadReason.TEXT_UNBOUNDED, "text_max_chars = 2000"),
        (_ENGLISH + " " + "x" * 2001, DeadReason.TEXT_UNBOUNDED, "without a blank"),
        (_ENGLISH + ' "Yes"' * 1501, DeadReason.TEXT_UNBOUNDED, "quotation marks"),
        (_ENGLISH + " (a" * 4500, DeadReason.TEXT_UNBOUNDED, "words and signs"),
    ],
    ids=["empty", "long", "one word", "quotation marks", "signs"],
)
def test_what_cannot_be_parsed_fails_with_the_limit(text, reason, says):
    failed = check_text(article(), text, max_chars=2_000 if "text_max_chars" in says else 200_000)
    assert isinstance(failed, Failed)
    assert failed.reason is reason
    assert says in failed.error
