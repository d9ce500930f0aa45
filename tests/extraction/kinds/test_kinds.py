"""Short texts by kinds of fault, each with what a reader would take from it: sentences.jsonl, and articles.jsonl,
more_articles.jsonl, reports.jsonl, frames.jsonl, source_frames.jsonl (sources without a verb, hearsay),
standing_alone.jsonl, whole_texts.jsonl (what a text needs to stand alone), meanings.jsonl (denials, wishes, forecasts,
counts, times of other events), speakers.jsonl (who speaks, in short reports), names.jsonl and the three parts of
notations.jsonl (how times, numbers, talks and quotes are written), which were written before the rules that they ask
for.

    python -m tests.extraction.kinds.figures

counts what is right of each kind. A text that is not read right yet has "fails"; it fails this test once it is.
"""

from __future__ import annotations

import pytest

from tests.extraction.kinds.checks import holds
from tests.extraction.kinds.sentences import claims_of, sentences


@pytest.mark.parametrize("case", sentences(), ids=lambda case: case["id"])
def test_what_a_reader_takes_from_a_short_text(pipeline, case):
    claims = claims_of(pipeline, case)
    unmet = [check for check in case["checks"] if not holds(check, claims)]
    assert bool(unmet) == case.get("fails", False), unmet
