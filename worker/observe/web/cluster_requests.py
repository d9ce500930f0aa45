"""Answers what the page asks of clusters, out of the file that this worker links with or follows as a standby."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson
from aiohttp import web

from worker.link.view.reader import ClusterReader, NoLinksError

__all__ = ["ClusterRequests"]

log = logging.getLogger("claimwire.observe")

_MAX_IDS = 200
_MAX_WAITING = 8
"""Looks under way, of which one is done at a time. A look at the largest cluster takes some tenths of a second."""
_RETRY_S = 2
_ID = re.compile(r"[0-9a-f]{32}")


class ClusterRequests:
    """`routes` for the web server. `path`: of the file of linking; None: this worker does not link."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        return (
            web.get("/api/clusters", self._serve_clusters_of),
            web.get("/api/clusters/{id}", self._serve_cluster),
        )

    async def _serve_clusters_of(self, request: web.Request) -> web.Response:
        wanted = [each for each in request.query.get("claims", "").split(",") if _ID.fullmatch(each)][:_MAX_IDS]
        # a page asks now and then: that another worker links is no error to it
        return await self._look(lambda reader: {"clusters": reader.clusters_of(wanted)}, without={"clusters": {}})

    async def _serve_cluster(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        if not _ID.fullmatch(wanted):
            return _error("an id has 32 hexadecimal digits", 404)
        return await self._look(lambda reader: reader.cluster(wanted))

    async def _look(self, look: Callable[[ClusterReader], object], *, without: object = None) -> web.Response:
        """`without`: the answer where there is no file."""
        path = self._path
        if path is None:
            return _error("this worker does not link: set link = true", 404)
        if self._waiting >= _MAX_WAITING:
            return _error(f"{_MAX_WAITING} requests wait already", 503, retry_s=_RETRY_S)
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                found = await asyncio.to_thread(_looked, path, look)
        except NoLinksError:
            if without is not None:
                return _json(without)
            return _error("another worker links, and this one has no file of links: ask that one, or a standby", 404)
        except sqlite3.Error as broken:
            log.warning("%s could not be read for the page: %s", path, broken)
            return _error("the file of links cannot be read just now", 503, retry_s=_RETRY_S)
        finally:
            self._waiting -= 1
        if found is None:
            return _error("no claim or cluster of that id is linked with another", 404)
        return _json(orjson.Fragment(found))


def _looked(path: Path, look: Callable[[ClusterReader], object]) -> bytes | None:
    with ClusterReader(path) as reader:
        found = look(reader)
    return None if found is None else orjson.dumps(found)


def _json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=kept)


def _error(text: str, status: int, *, retry_s: int | None = None) -> web.Response:
    return _json({"error": text}, status, None if retry_s is None else {"Retry-After": str(retry_s)})
