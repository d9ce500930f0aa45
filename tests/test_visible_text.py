"""Text of articles, headers, keys and topics does nothing on a terminal, and cannot forge a line."""

from __future__ import annotations

import io
import json
import logging
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from tests.observe.happenings import raw
from worker.commands.dead import _print_letter, _printable
from worker.commands.errors.exit_codes import errors_as_exit_codes
from worker.commands.options.with_settings import _warn_in_one_line
from worker.commands.printed.printing import print_line
from worker.commands.top import _screen
from worker.contract.claim import Claim
from worker.contract.published.examples import example_claim
from worker.contract.reasons import DeadReason
from worker.local.claim_text import readable
from worker.observe.logs import LogHandler, TextFormatter
from worker.observe.scrape import Scrape
from worker.operate.dead_letters import DeadLetterError, Letter
from worker.streaming.record import Record
from worker.visible_text import visible, visible_json, visible_lines

_ATTACKS = [
    "Jane \033]0;PWNED\007\033[2JDoe",
    "\033[8mhidden\033[0m",
    "a\n03:00:00 CRITICAL settle FORGED",
    "right \u202eot tfel\u202c, \u2066isolated\u2069",
    "\x9b31m",
    "\x7f\r\t\0\u2028\u2029\x85",
    "\U000e0041 tag, \ud800 surrogate, \ufeff, \u200b",
]
_JSON_TEXT = st.one_of(st.text(), st.sampled_from([attack for attack in _ATTACKS if "\ud800" not in attack]))
_TEXT = st.one_of(st.text(st.characters(codec=None)), st.sampled_from(_ATTACKS))


def _is_harmless(text: str, *, but: str = "") -> bool:
    """No control character, format, separator of lines or surrogate, but those given and the two joiners."""
    allowed = {"\u200c", "\u200d", *but}
    return all(c in allowed or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text)


@given(_TEXT)
@example("".join(map(chr, range(sys.maxunicode + 1))))
def test_what_is_visible_is_one_harmless_line_that_any_terminal_can_print(text):
    shown = visible(text)
    assert _is_harmless(shown)
    assert len(shown.splitlines()) <= 1
    shown.encode()  # no lone surrogate is left
    assert visible(shown) == shown


@given(_TEXT)
def test_lines_stay_where_text_is_a_block_of_its_own(text):
    shown = visible_lines(text)
    assert _is_harmless(shown, but="\n")
    assert shown.count("\n") == text.count("\n")


@given(st.dictionaries(_JSON_TEXT, _JSON_TEXT | st.integers() | st.lists(_JSON_TEXT)), st.sampled_from([None, 1]))
@example({attack: attack for attack in _ATTACKS if "\ud800" not in attack}, 1)
def test_json_on_a_terminal_is_one_harmless_line_and_means_the_same(value, indent):
    shown = visible_json(json.dumps(value, ensure_ascii=False, indent=indent).encode())
    assert _is_harmless(shown)
    assert json.loads(shown) == value


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
@example("C:\\temp «Œuvre» 東京 на русском می\u200cخواهم 👩\u200d🚀")
def test_other_text_stays_as_it_is(text):
    assert visible(text) == text


def test_the_escapes_are_those_of_python():
    assert visible("a\n\t\r\x1b\x9b\u202e\U000e0041") == "a\\n\\t\\r\\x1b\\x9b\\u202e\\U000e0041"


@given(_TEXT, _TEXT)
def test_a_line_of_a_command_is_one_line(first, second):
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        print_line(f"{first} {second}")
    assert out.getvalue().endswith("\n")
    assert _is_harmless(out.getvalue()[:-1])


def _claim(text: str) -> Claim:
    import msgspec

    return msgspec.convert(_with_words(msgspec.to_builtins(example_claim()), text), Claim)


def _with_words(item, text):
    """The same with `text` in each place where a claim has words of its article."""
    if isinstance(item, dict):
        words = {"exact", "name", "text", "headline", "publisher"}
        return {k: text if k in words and v is not None else _with_words(v, text) for k, v in item.items()}
    return [_with_words(each, text) for each in item] if isinstance(item, list) else item


@given(_TEXT)
def test_a_claim_brings_no_escape_of_its_article_to_the_terminal(text):
    claim = _claim(text)
    plain = readable(claim, colour=False)
    assert _is_harmless(plain, but="\n")
    assert plain.count("\n") == 1
    assert readable(claim, colour=True).count("\033") == 6  # bold, cyan and yellow, and the end of each


@given(_TEXT)
def test_a_dead_letter_is_shown_without_acting(text):
    name = text.encode("utf-8", "surrogatepass")
    at = Record("articles.dead", 0, 17, 1_700_000_000_000, name, b"value", ())
    letter = Letter(
        at=at,
        reason=text,
        error=text,
        topic=text,
        partition=0,
        offset=5,
        timestamp=1_700_000_000_000,
        value_sha256=text,
        value_bytes=5,
        value_left_out=False,
        redrives=1,
        headers=((text, name),),
    )
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        _print_letter(letter, "articles.dead")
    assert _is_harmless(out.getvalue(), but="\n")
    assert out.getvalue().count("\n") == 7
    assert _is_harmless(_printable(name), but="\n")


@given(_TEXT)
def test_an_error_of_a_command_is_one_line(text):
    import click

    with pytest.raises(click.ClickException) as ended, errors_as_exit_codes(click.Context(click.Command("x"))):
        raise DeadLetterError(f"{text} is not there")
    assert _is_harmless(ended.value.message)


@given(_TEXT)
def test_top_shows_no_escape_and_no_markup_of_a_workers_answer(text):
    labels = [({"outcome": text, "reason": text, "agent": "ingest"}, 1.0)]
    samples = {
        "claimwire_live": [({}, 1.0)],
        "claimwire_ready": [({}, 1.0)],
        "claimwire_paused": [({"why": text}, 1.0)],
        "claimwire_records_total": labels,
        "claimwire_stage_seconds_sum": [({"stage": text}, 1.0)],
        "claimwire_stage_seconds_count": [({"stage": text}, 1.0)],
    }
    up, down = Scrape("http://a:1", 1.0, samples), Scrape("http://b:1", 1.0, error=text)
    out = io.StringIO()
    Console(file=out, width=200).print(_screen([up, down], [up, down]))
    assert _is_harmless(out.getvalue(), but="\n")


def _logged(text, as_json, error=None):
    stream = io.StringIO()
    handler = LogHandler(stream, as_json=as_json)
    arguments = (raw(7), DeadReason.UNKNOWN_SHAPE, text)
    info = (type(error), error, None) if error else None
    handler.handle(logging.LogRecord("claimwire.settle", logging.WARNING, "", 0, "%s is dead: %s: %s", arguments, info))
    return stream.getvalue()


@pytest.mark.parametrize("text", _ATTACKS)
def test_a_warning_in_a_command_is_one_harmless_line(text, monkeypatch):
    _warn_in_one_line()
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    logging.lastResort.handle(
        logging.LogRecord("claimwire.replays", logging.WARNING, "", 0, "left out: %s", (text,), None)
    )
    assert _is_harmless(shown.getvalue(), but="\n")
    assert shown.getvalue().count("\n") == 1


@given(_TEXT)
def test_a_line_of_the_text_log_is_one_line(text):
    line = _logged(text, as_json=False)
    assert line.count("\n") == 1
    assert _is_harmless(line[:-1])


@given(_TEXT)
def test_lines_of_an_exception_do_not_look_like_lines_of_the_log(text):
    line, *trace = _logged("x", as_json=False, error=ValueError(text)).splitlines()
    assert "unknown_shape" in line
    assert all(each.startswith("    ") and _is_harmless(each) for each in trace)
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s", (text,), (ValueError, ValueError(text), None))
    first, *others = TextFormatter("%(message)s").format(record).split("\n")
    assert _is_harmless(first)
    assert all(each.startswith("    ") and _is_harmless(each) for each in others)


def test_the_json_log_says_what_was_there():
    import orjson

    for text in _ATTACKS[:-1]:
        assert text in orjson.loads(_logged(text, as_json=True))["event"]
