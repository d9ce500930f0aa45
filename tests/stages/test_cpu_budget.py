"""An article that takes more CPU time than it may is a dead letter by itself; nothing else is touched."""

from __future__ import annotations

import json
import time

import pytest

from worker.contract.reasons import DeadReason
from worker.contract.topics import Topics
from worker.extraction.outcome import TooCostlyError
from worker.settings import Settings
from worker.stages.cpu_budget import CpuBudget
from worker.stages.extract import load
from worker.streaming.outcome import Dead, Ok
from worker.streaming.record import Record

ARTICLE = "The mayor said on Monday that the old bridge would be open to traffic again in May. "


_BURN = """
def burn(seconds, clock):
    until = clock() + seconds
    while clock() < until:
        pass
"""


def _burn_in(module, seconds):
    """Spends CPU seconds in a function of a module of that name."""
    names = {"__name__": module}
    exec(_BURN, names)  # noqa: S102
    names["burn"](seconds, time.process_time)


def _record(offset, body):
    value = json.dumps({"uri": f"urn:{offset}", "body": body}).encode()
    return Record("articles.raw", 0, offset, 0, b"k", value, ())


def test_code_of_the_extraction_is_interrupted_when_the_time_is_up():
    budget = CpuBudget(base_s=0.05, per_kb_s=0.1, max_chars=1000)
    begun = time.process_time()
    with pytest.raises(TooCostlyError, match=r"0\.1 CPU seconds .* 500 characters"), budget.spending(500):
        _burn_in("worker.extraction.made_up", 60.0)
    assert time.process_time() - begun < 10


def test_code_of_a_library_is_never_interrupted():
    with CpuBudget(base_s=0.05, per_kb_s=0.0, max_chars=1000).spending(10):
        _burn_in("library", 0.3)


def test_time_after_the_article_is_not_its_own():
    with CpuBudget(base_s=0.05, per_kb_s=0.0, max_chars=1000).spending(10):
        pass
    _burn_in("worker.extraction.made_up", 0.3)


def test_a_longer_article_gets_more_up_to_the_longest_text():
    budget = CpuBudget(base_s=5.0, per_kb_s=0.25, max_chars=200_000)
    assert [budget.seconds(chars) for chars in (0, 10_000, 200_000, 4_000_000)] == [5.0, 7.5, 55.0, 55.0]


def test_the_default_limits_fit_together():
    defaults = Settings()
    longest = CpuBudget(defaults.article_cpu_s, defaults.article_cpu_per_kb_s, defaults.text_max_chars)
    assert longest.seconds(defaults.text_max_chars) < defaults.extraction_timeout_s < defaults.watchdog_s


def test_an_article_that_is_too_costly_is_a_dead_letter_at_its_first_attempt_and_the_others_are_not():
    options = Settings(model=False, article_cpu_s=0.3, article_cpu_per_kb_s=0.0).extraction_options()
    work = load(topics=Topics(), **options)
    costly, good = _record(1, ARTICLE * 600), _record(2, ARTICLE)
    first, second, third = work([good, costly, good])
    assert isinstance(first, Ok)
    assert isinstance(second, Dead)
    assert second.reason is DeadReason.TOO_COSTLY
    assert "article_cpu_s" in second.error
    assert "stage" in second.error
    assert isinstance(third, Ok)
