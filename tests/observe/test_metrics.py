"""Metrics are declared once, named by Prometheus' rules, and count what is told."""

from __future__ import annotations

import re

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.observe.happenings import TOPICS, Clock, claims, dead, done, extracted, raw
from worker.contract.article import RawArticle
from worker.extraction.entities.caches import CacheCounts
from worker.observe.costliest import Costliest
from worker.observe.loop_time import LoopTime
from worker.observe.metric_readings import series, total
from worker.observe.metric_types import Declarations
from worker.observe.metrics import LoopPart, Metrics
from worker.observe.recorder import Recorder
from worker.observe.reference import page
from worker.streaming.observer import ChildEnd, Pause
from worker.streaming.outcome import Ok, Output


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def recorder(clock):
    return Recorder(Metrics(), claims_topic=TOPICS.claims, costliest=Costliest(), clock=clock, now=clock)


def test_names_follow_prometheus_rules():
    for each in Metrics().declared:
        assert re.fullmatch(r"claimwire_[a-z_]+", each.name), each.name
        assert each.help.endswith("."), each.name
        assert each.name.endswith("_total") == (each.kind == "counter"), each.name
        assert not re.search(r"(milli|micro|_ms|_kb|_mb|minutes|hours|percent)", each.name), each.name
        for label in each.labels:
            assert label.values or label.bound, f"{each.name}: {label.name} has no bound"


def test_a_unit_that_the_name_hides_is_refused():
    with pytest.raises(ValueError, match="seconds"):
        Declarations(CollectorRegistry()).gauge("delay", "A delay.", unit="seconds")


def test_a_second_declaration_of_a_name_is_refused():
    make = Declarations(CollectorRegistry())
    make.counter("records", "Records.")
    with pytest.raises(ValueError, match="Duplicated"):
        make.counter("records", "Records again.")


def test_what_is_declared_is_what_is_exposed():
    metrics = Metrics()
    exposed = {f.name for f in text_string_to_metric_families(generate_latest(metrics.registry).decode())}
    declared = {each.name.removesuffix("_total") for each in metrics.declared}
    assert declared == {name for name in exposed if name.startswith("claimwire_")}


def test_the_reference_page_names_each_metric_and_its_closed_labels():
    text = page(Metrics().declared)
    for each in Metrics().declared:
        assert f"## `{each.name}`" in text
    assert "`not_json`" in text


def test_every_record_read_is_accounted_for_by_its_outcome(recorder):
    metrics = recorder._metrics
    for offset in range(10):
        recorder.record_taken("ingest", raw(offset))
    assert total(metrics.in_flight, "ingest") == 10
    for offset in range(10):
        recorder.settled("ingest", raw(offset), dead() if offset % 5 == 0 else done())
    assert total(metrics.read, "ingest") == 10
    assert series(metrics.records) == {("ingest", "dead", "not_json"): 2, ("ingest", "ok", ""): 8}
    assert total(metrics.in_flight, "ingest") == total(metrics.in_flight_bytes, "ingest") == 0


def test_claims_are_counted_by_act_and_voice_once_the_broker_has_them(recorder):
    recorder.record_taken("lifecycle", extracted(1))
    recorder.settled("lifecycle", extracted(1), claims(3))
    assert series(recorder._metrics.claims) == {("assert", "attributed", "asserted"): 3}


def test_a_claim_that_cannot_be_read_stops_nothing(recorder, caplog):
    recorder.record_taken("lifecycle", extracted(1))
    recorder.settled("lifecycle", extracted(1), Ok((Output(TOPICS.claims, b"k", b"no JSON", []),)))
    assert total(recorder._metrics.records, "lifecycle") == 1
    assert "could not be counted" in caplog.text


def test_warnings_are_counted_by_kind_and_those_of_a_publisher_in_the_bounded_table(recorder):
    for offset, warnings in enumerate((("no_date", "cut_short"), ("no_date",), ())):
        recorder.record_taken("ingest", raw(offset))
        recorder.settled("ingest", raw(offset), done(publisher="The Gazette", warnings=warnings))
    assert series(recorder._metrics.article_warnings) == {("no_date",): 2, ("cut_short",): 1}
    (cost,) = recorder._costliest.by_warnings(5)
    assert (cost.publisher, cost.warnings, cost.records) == ("The Gazette", 3, 3)


def test_stage_times_come_from_the_processes(recorder):
    recorder.record_taken("ingest", raw(1))
    recorder.settled("ingest", raw(1), done(publisher="Bee", seconds=(("parse", 0.02), ("clean", 0.01))))
    sums = {
        s.labels["stage"]: s.value
        for f in recorder._metrics.stage_seconds.collect()
        for s in f.samples
        if s.name.endswith("_sum")
    }
    assert sums == {"parse": 0.02, "clean": 0.01}
    assert total(recorder._metrics.pool_busy_seconds) == pytest.approx(0.03)
    assert [(c.publisher, c.records) for c in recorder._costliest.by_seconds(5)] == [("Bee", 1)]


def test_cache_look_ups_come_from_the_processes(recorder, pipeline):
    counts = CacheCounts()
    article = RawArticle(
        uri="u", body="Anna Berg of the Norland Bank said the price fell. Berg denied it.", language="en"
    )
    pipeline.extract([article])
    told = counts.since_last()
    assert all(hits + misses > 0 for _, hits, misses in told)
    assert counts.since_last() == ()
    recorder.settled("ingest", raw(1), done(caches=told))
    assert series(recorder._metrics.cache_requests) == {
        (name, word): number for name, hits, misses in told for word, number in (("hit", hits), ("miss", misses))
    }


def test_end_to_end_is_from_the_records_timestamp_and_never_negative(recorder, clock):
    clock.at = 1002.5
    recorder.settled("ingest", raw(1, timestamp=1_000_000), done())
    recorder.settled("ingest", raw(2, timestamp=9_000_000), done())
    (count, summed) = (
        sum(s.value for f in recorder._metrics.end_to_end_seconds.collect() for s in f.samples if s.name.endswith(end))
        for end in ("_count", "_sum")
    )
    assert (count, summed) == (2, pytest.approx(2.5))


def test_an_agents_series_stand_at_zero_before_anything_happens():
    metrics = Metrics()
    metrics.expect("ingest")
    assert series(metrics.records)["ingest", "dead", "not_json"] == 0
    assert series(metrics.pauses)["ingest", "output_failing"] == 0


def test_pauses_failures_and_restarts(recorder):
    metrics = recorder._metrics
    recorder.assigned("ingest", [TopicPartition("t", 0), TopicPartition("t", 1)], 1)
    recorder.revoked("ingest", [TopicPartition("t", 1)], 0)
    recorder.paused("ingest", Pause.BUDGET, "full")
    recorder.output_failing("claims", 0.0, "no")
    recorder.child_restarted(ChildEnd.DIED, "11")
    assert total(metrics.assigned) == 1
    assert series(metrics.paused) == {("ingest", "budget"): 1}
    assert total(metrics.output_failing) == 1
    recorder.resumed("ingest", Pause.BUDGET, 2.5)
    recorder.output_mended("claims", 2.5)
    assert series(metrics.paused) == {("ingest", "budget"): 0}
    assert total(metrics.output_failing) == 0
    assert total(metrics.paused_seconds) == 2.5
    assert series(metrics.pool_restarts) == {("died",): 1}


@given(
    st.lists(
        st.tuples(
            st.floats(0.001, 10),
            st.sampled_from(
                [
                    {"working": 1},
                    {"working": -1},
                    {"open_records": 1},
                    {"open_records": -1},
                    {"pauses": 1},
                    {"pauses": -1},
                ]
            ),
        ),
        max_size=40,
    )
)
def test_the_parts_of_the_loop_add_up_to_the_time_that_passed(steps):
    clock, spent = Clock(0.0), dict.fromkeys(LoopPart, 0.0)

    def spend(part, seconds):
        spent[part] += seconds

    loop = LoopTime(clock, spend)
    for seconds, change in steps:
        clock.pass_(seconds)
        loop.change(**change)
    loop.account()
    assert sum(spent.values()) == pytest.approx(clock.at)


def test_a_second_belongs_to_work_then_publish_then_wait_then_poll():
    clock, spent = Clock(0.0), []
    loop = LoopTime(clock, lambda part, seconds: spent.append((part, seconds)))
    for change in (
        {"open_records": 1},
        {"working": 1},
        {"working": -1, "pauses": 1},
        {"open_records": -1},
        {"pauses": -1},
    ):
        clock.pass_(1)
        loop.change(**change)
    clock.pass_(1)
    loop.account()
    assert [part for part, _ in spent] == ["poll", "publish", "work", "publish", "wait", "poll"]
