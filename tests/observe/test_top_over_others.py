"""`claimwire top` asks whatever answers at an address: any answer is shown, or named as none."""

from __future__ import annotations

import io

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.exposition import generate_latest
from rich.console import Console

from worker.commands.top import _screen
from worker.local.tansu import free_ports
from worker.observe import scrape
from worker.observe.metrics import Metrics
from worker.observe.scrape import Scrape, parse, scrape_all

_REAL = generate_latest(Metrics().registry).decode()
_NAMES = sorted({line.partition("{")[0].partition(" ")[0] for line in _REAL.splitlines() if line[:1] != "#"})
_LABELS = st.sampled_from(["agent", "outcome", "reason", "le", "stage", "part", "why", "x"])
_TEXTS = st.sampled_from(["ingest", "NaN", "+Inf", "[bold]", "\\n", '\\"', "\x1b[2J", "\u202e", "", "9" * 400, "1e999"])
_NUMBERS = st.sampled_from(["0", "1", "-1", "NaN", "+Inf", "-Inf", "1e308", "-1e308", "x", "", "9" * 400])


def _line(name, labels, number):
    pairs = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"{name}{{{pairs}}} {number}"


_LINES = st.builds(
    _line,
    st.sampled_from(_NAMES) | st.text(max_size=9),
    st.dictionaries(_LABELS, _TEXTS, max_size=4),
    _NUMBERS,
)


def _shown(now, before):
    console = Console(record=True, width=160, file=io.StringIO())
    console.print(_screen(now, before))
    return console.export_text()


@given(st.lists(_LINES | st.text(max_size=40), max_size=30), st.lists(_LINES, max_size=10))
def test_any_metrics_are_shown_or_are_none(lines, earlier):
    scrapes = []
    for text in ("\n".join(lines) + "\n", "\n".join(earlier) + "\n"):
        try:
            scrapes.append(parse("http://a:1", len(scrapes), text))
        except (ValueError, LookupError) as wrong:
            scrapes.append(Scrape("http://a:1", len(scrapes), error=str(wrong)))
    shown = _shown([scrapes[0]], [scrapes[1]])
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_worker_s_own_metrics_are_shown():
    own = parse("http://a:1", 0, _REAL)
    assert "a:1" in _shown([own], [own])


@pytest.mark.parametrize("kind", ["endless", "text", "bytes", "broken"])
async def test_an_answer_that_is_no_workers_is_named(monkeypatch, kind):
    monkeypatch.setattr(scrape, "_MAX_BYTES", 100_000)

    async def answer(request):
        response = web.StreamResponse()
        await response.prepare(request)
        if kind == "endless":
            while True:
                await response.write(b"x 1\n" * 1000)
        await response.write({"text": b"<html>", "bytes": bytes(range(256)), "broken": b'a{b="'}[kind])
        return response

    app = web.Application()
    app.router.add_get("/metrics", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    (port,) = free_ports(1)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        (found,) = await scrape_all([f"http://127.0.0.1:{port}"])
        assert found.error
        assert str(port) in _shown([found], [found])
    finally:
        await runner.cleanup()
