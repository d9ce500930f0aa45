"""Spans arrive at a collector that speaks OTLP, with the stages as children and the records' traces linked."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest
from aiohttp import web

from tests.observe.happenings import done, raw

pytest.importorskip("opentelemetry.sdk", reason="the extra tracing is not installed")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from worker.observe.tracing import Traces

_TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
async def collector():
    spans = []

    async def receive(request):
        message = ExportTraceServiceRequest.FromString(await request.read())
        spans.extend(s for r in message.resource_spans for scope in r.scope_spans for s in scope.spans)
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/traces", spans
    await runner.cleanup()


def _traced(offset):
    return replace(raw(offset), headers=(("traceparent", f"00-{_TRACE}-b7ad6b716920{offset:04d}-01".encode()),))


async def test_a_batch_is_a_span_with_its_stages_and_links(collector):
    endpoint, spans = collector
    traces = Traces(endpoint, app_id="here")
    records = [_traced(1), _traced(2), raw(3)]
    traces.batch_started("ingest", records)
    traces.batch_finished("ingest", records, 0.1)
    for record in records:
        traces.settled("ingest", record, done(seconds=(("parse", 0.02), ("clean", 0.001))))
    await asyncio.to_thread(traces.close)
    by_name = {span.name: span for span in spans}
    assert set(by_name) == {"ingest batch", "parse", "clean", "publish"}
    batch = by_name["ingest batch"]
    assert [link.trace_id.hex() for link in batch.links] == [_TRACE, _TRACE]
    assert all(span.parent_span_id == batch.span_id for span in spans if span is not batch)
    parse = by_name["parse"]
    assert (parse.end_time_unix_nano - parse.start_time_unix_nano) / 1e9 == pytest.approx(0.06, abs=0.001)
    assert not traces._batches


async def test_a_batch_of_one_goes_on_with_its_records_trace(collector):
    endpoint, spans = collector
    traces = Traces(endpoint, app_id="here")
    traces.batch_started("ingest", [_traced(1)])
    traces.settled("ingest", _traced(1), done())
    await asyncio.to_thread(traces.close)
    assert {span.trace_id.hex() for span in spans} == {_TRACE}


async def test_what_leaves_with_its_partition_is_forgotten(collector):
    endpoint, _ = collector
    traces = Traces(endpoint, app_id="here")
    traces.batch_started("ingest", [raw(1), raw(2)])
    traces.settled("ingest", raw(1), done())
    traces.abandoned("ingest", raw(2))
    assert not traces._batches
    await asyncio.to_thread(traces.close)


def test_without_an_endpoint_nothing_of_it_is_imported():
    code = (
        "import sys; from worker.observe.observation import Observation; from worker.settings import Settings; "
        "from worker.streaming.watch.condition import Condition; "
        "Observation(Settings(), Condition([])); print(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    done_ = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done_.stdout.strip() == "False"
