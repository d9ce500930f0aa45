"""The worker's own web server: metrics, health, and the page with its data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from prometheus_client.exposition import choose_encoder

from worker.observe.health import Health, Verdict
from worker.observe.metrics import Metrics
from worker.observe.recent import Recent
from worker.observe.state import State

__all__ = ["WebServer"]

_PAGE = Path(__file__).parent / "page"
_CLAIMS_A_TICK = 40
_LISTENERS = 50
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


class WebServer:
    """Serves until `stop`. Routes: /, /metrics, /health/live, /health/ready, /api/*; nothing of it changes anything.

    On a loopback address it answers only who asks for a loopback name, so that no page of the open web can read it
    through a name of its own (DNS rebinding).
    """

    def __init__(
        self, metrics: Metrics, health: Health, state: State, recent: Recent, *, refresh: Callable[[], None]
    ) -> None:
        self._metrics, self._health, self._state, self._recent = metrics, health, state, recent
        self._refresh = refresh
        self._runner: web.AppRunner | None = None
        self._ticked = asyncio.Condition()
        self._closing = asyncio.Event()
        self._state_now = b"{}"
        self.listeners = 0

    async def start(self, host: str, port: int) -> None:
        """Raises OSError: the address cannot be bound."""
        self._closing.clear()
        app = web.Application(middlewares=[_guard(host)])
        app.router.add_get("/metrics", self._serve_metrics)
        app.router.add_get("/health/live", self._serve_live)
        app.router.add_get("/health/ready", self._serve_ready)
        app.router.add_get("/api/state", self._serve_state)
        app.router.add_get("/api/history", self._serve_history)
        app.router.add_get("/api/claims", self._serve_claims)
        app.router.add_get("/api/dead", self._serve_dead)
        app.router.add_get("/api/articles/{topic}/{partition}/{offset}", self._serve_article)
        app.router.add_get("/api/events", self._serve_events)
        app.router.add_get("/", self._serve_page)
        app.router.add_get("/page/{name}", self._serve_page)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        self._closing.set()
        async with self._ticked:
            self._ticked.notify_all()
        if self._runner is not None:
            await self._runner.cleanup()

    async def tick(self) -> None:
        """Once a second, after the state has taken its sample: whoever listens gets what is new."""
        if self.listeners:
            self._state_now = orjson.dumps(self._state.as_json())
            async with self._ticked:
                self._ticked.notify_all()

    async def _serve_metrics(self, request: web.Request) -> web.Response:
        self._refresh()
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._metrics.registry), headers={"Content-Type": kind})

    async def _serve_live(self, _: web.Request) -> web.Response:
        return _verdict(self._health.live())

    async def _serve_ready(self, _: web.Request) -> web.Response:
        return _verdict(self._health.ready())

    async def _serve_state(self, _: web.Request) -> web.Response:
        self._refresh()
        return _json(self._state.as_json())

    async def _serve_history(self, request: web.Request) -> web.Response:
        return _json(self._state.history(hour=request.query.get("span") == "hour"))

    async def _serve_claims(self, request: web.Request) -> web.Response:
        after, most = _number(request, "after", 0), min(_number(request, "most", 100), 500)
        return _json({"seen": self._recent.claims_seen, "claims": self._recent.claims_after(after, most)})

    async def _serve_dead(self, request: web.Request) -> web.Response:
        found = self._recent.dead_after(_number(request, "after", 0))
        return _json({"seen": self._recent.dead_seen, "dead": [asdict(dead) for dead in found]})

    async def _serve_article(self, request: web.Request) -> web.Response:
        where = "/".join(request.match_info[name] for name in ("topic", "partition", "offset"))
        text = self._recent.article_text(where)
        if text is None:
            return _json({"error": f"the article of {where} is no longer kept here; it stands in Kafka"}, 404)
        return _json({"text": text})

    async def _serve_page(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / request.match_info.get("name", "index.html")
        if path.parent != _PAGE or path.suffix not in _KINDS or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(
            body=path.read_bytes(),
            content_type=_KINDS[path.suffix],
            charset="utf-8",
            headers={"Cache-Control": "no-cache"},
        )

    async def _serve_events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `state` every second, `claims` and `dead` when there are new ones."""
        if self.listeners >= _LISTENERS:
            raise web.HTTPServiceUnavailable(text=f"{_LISTENERS} pages listen already")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        claims, dead = _number(request, "claims", self._recent.claims_seen), _number(request, "dead", 0)
        # after a restart of the worker the page's numbers are above what there is
        claims, dead = min(claims, self._recent.claims_seen), min(dead, self._recent.dead_seen)
        self.listeners += 1
        try:
            await response.write(_event("state", orjson.dumps(self._state.as_json())))
            while not self._closing.is_set():
                if self._recent.claims_seen > claims:
                    new = self._recent.claims_after(claims, _CLAIMS_A_TICK)
                    claims = self._recent.claims_seen
                    await response.write(_event("claims", orjson.dumps({"seen": claims, "claims": new})))
                if self._recent.dead_seen > dead:
                    buried = [asdict(each) for each in self._recent.dead_after(dead)]
                    dead = self._recent.dead_seen
                    await response.write(_event("dead", orjson.dumps({"seen": dead, "dead": buried})))
                async with self._ticked:
                    await self._ticked.wait()
                if self._closing.is_set():
                    break
                await response.write(_event("state", self._state_now))
        except (ConnectionError, asyncio.CancelledError):
            pass  # the reader has gone
        finally:
            self.listeners -= 1
        return response


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


def _verdict(verdict: Verdict) -> web.Response:
    return _json(verdict.as_json(), 200 if verdict.ok else 503)


def _number(request: web.Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return min(int(given), 2**53) if given.isdecimal() and len(given) < 17 else default


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name.casefold() == "localhost"


def _guard(bound: str) -> Any:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.url.host or ""
        if _is_loopback(bound) and not _is_loopback(name):
            raise web.HTTPForbidden(text=f"this worker listens on {bound}; ask it by that address, not as {name}")
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            refused.headers.update(_HEADERS)
            raise
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    return guard
