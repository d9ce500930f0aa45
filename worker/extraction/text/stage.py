"""The stage from a raw article to its parse: clean the body, check language and limits, parse the text.

The three steps are functions of their own, because an article that is cancelled or in another language ends between
two of them.
"""

from __future__ import annotations

from functools import cache

from worker.contract.article import RawArticle
from worker.contract.reasons import DeadReason, DropReason
from worker.extraction.outcome import Dropped, Failed
from worker.extraction.parse import Doc, Parser
from worker.extraction.text.clean import CleanText, clean
from worker.extraction.text.language import ENGLISH, language_of, load_language_table
from worker.extraction.text.limits import MAX_TEXT_CHARS, text_out_of_bounds, too_much_markup
from worker.extraction.text.parser import load_parser, same_length

__all__ = ["CleanText", "check_text", "clean_text", "load_text_models", "parse_text"]


@cache
def load_text_models() -> Parser:
    """Loads the table of languages and the parser (about two seconds), once in a process."""
    load_language_table()
    return load_parser()


def clean_text(article: RawArticle, max_chars: int = MAX_TEXT_CHARS) -> CleanText | Failed:
    """The headline and the text of an article, without markup and page furniture; the text may be empty.

    Failed where the body has so much markup that cleaning it would take minutes.
    """
    if problem := too_much_markup(article.body, max_chars):
        return Failed(DeadReason.TEXT_UNBOUNDED, problem)
    return clean(article)


def check_text(article: RawArticle, text: str, max_chars: int = MAX_TEXT_CHARS) -> Dropped | Failed | None:
    """None where a cleaned text can be parsed, else the outcome of its article: empty, not English, or too large."""
    if not text:
        return Failed(DeadReason.BAD_SCHEMA, "nothing is left of `body` once the page's furniture is taken out")
    language = language_of(article, text)
    if language.code != ENGLISH:
        return Dropped(DropReason.LANGUAGE, f"the text is {language}; only English is extracted")
    if problem := text_out_of_bounds(text, max_chars):
        return Failed(DeadReason.TEXT_UNBOUNDED, problem)
    return None


def parse_text(parser: Parser, text: str) -> Doc:
    """The parse of a cleaned text; its offsets are code points of the text."""
    return parser(same_length(text))
