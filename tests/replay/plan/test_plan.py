"""Plans: what they say, what they refuse, and which records they choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worker.contract.topics import Topics
from worker.replay.plan.plan import Filter, PlanError, ReplayPlan, Target, side_specs, side_topics
from worker.streaming.record import Record
from worker.streaming.topics.window import Bounds, Window

WINDOW = Window(topic="articles.raw", bounds={0: Bounds(3, 9), 11: Bounds(0, 0)}, from_ms=5, to_ms=None)
PLAN = ReplayPlan(
    name="mill-2",
    created_at="2026-11-20T09:00:00.000Z",
    window=WINDOW,
    filter=Filter(keys=("k",), publishers=("The Example",)),
    pipeline="7",
    models={"attribution": "m"},
    options={"model": True},
)


def test_a_plan_comes_back_from_its_bytes():
    assert ReplayPlan.decode(PLAN.encode()) == PLAN
    with pytest.raises(PlanError, match="of another version"):
        ReplayPlan.decode(b'{"nothing": 1}')


def test_who_joins_is_told_what_is_different():
    later = replace(PLAN, created_at="2026-11-21T00:00:00.000Z", window=replace(WINDOW, bounds={0: Bounds(3, 99)}))
    assert PLAN.differences(later) == []
    other = replace(later, filter=Filter(), target=Target.FILES, window=replace(WINDOW, from_ms=6))
    assert len(PLAN.differences(other)) == 3
    assert any("from_ms: 5, asked for 6" in told for told in PLAN.differences(other))


@pytest.mark.parametrize("name", ["", "a b", "ü", "-x", "x" * 61, "a/b"])
def test_a_name_that_no_topic_could_have_is_refused(name):
    with pytest.raises(PlanError, match="the name"):
        ReplayPlan(name=name, created_at="", window=WINDOW)


def test_a_replay_never_writes_to_live_topics_unless_in_place():
    live = Topics.with_prefix("p.")
    aside = side_topics(live, "p.", "n", Target.TOPIC)
    written = {spec.name for spec in side_specs(aside, Target.TOPIC)}
    assert written == {"p.claims.replay.n", *(f"p.claims.replay.n.{kind}" for kind in ("extracted", "live", "passed"))}
    assert not written & {live.raw, live.extracted, live.claims, live.dead, live.retry, live.live}
    in_place = side_topics(live, "p.", "n", Target.IN_PLACE)
    assert (in_place.extracted, in_place.dead) == (live.extracted, "p.claims.replay.n.passed")


def test_a_filter_by_key_and_publisher():
    wanted = Filter(keys=("a", "b"), publishers=("the example",)).wanted()
    good = b'{"uri": "x", "body": "y", "publisher": "The Example"}'
    schema = b'{"@id": "x", "articleBody": "y", "publisher": {"name": "THE EXAMPLE"}}'

    def record(key, value):
        return Record("t", 0, 0, 0, key, value, ())

    assert wanted(record(b"a", good))
    assert wanted(record(b"b", schema))
    for key, value in ((b"c", good), (b"a", b"{"), (b"a", None), (b"a", b"[]"), (None, good), (b"a", b'{"body": 1}')):
        assert not wanted(record(key, value))
    assert Filter().wanted() is None
