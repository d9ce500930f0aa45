"""Times as one types them at a command."""

from __future__ import annotations

import time

import click
import pytest

from worker.commands.moments import MOMENT, at


def test_a_time_can_be_a_date_a_moment_or_how_long_ago():
    assert MOMENT.convert("2026-11-20", None, None) == MOMENT.convert("2026-11-20T00:00:00Z", None, None)
    assert at(MOMENT.convert("2026-11-20T10:00:00+01:00", None, None)) == "2026-11-20 09:00:00Z"
    assert abs(time.time() - 7200 - MOMENT.convert("2h", None, None) / 1000) < 5
    with pytest.raises(click.BadParameter, match="30m, 2h or 7d"):
        MOMENT.convert("yesterday", None, None)
