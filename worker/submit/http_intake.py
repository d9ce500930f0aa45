"""`POST /articles`: raw articles by HTTP, for crawlers that speak no Kafka.

The answer 202 comes when all replicas in sync have the articles. Until then they count against a bound, above which
others are asked to wait (429). Nothing is kept here that was not answered with 202.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import orjson
from aiohttp import web

from worker.contract.codec import OwnFields
from worker.contract.headers.cloud_events import trace_context
from worker.contract.reasons import DeadReason
from worker.streaming.outcome import Output
from worker.streaming.publish.delivery import OutputTooLargeError, PublishError
from worker.streaming.publish.publisher import Publisher
from worker.submit.posted import BodyKind, NotTakenError, Refused, body_kind, records_posted

__all__ = ["ArticleIntake", "IntakeLimits", "IntakeListener"]

log = logging.getLogger("claimwire.articles")

_READ_BYTES = 64 * 1024
_BUSY_RETRY_S, _AWAY_RETRY_S = 1, 5


class IntakeListener(Protocol):
    """Hears what is asked and answered."""

    def answered(self, status: int) -> None: ...

    def taken(self, articles: int) -> None:
        """The broker has acknowledged them."""

    def in_flight(self, size: int) -> None:
        """Bytes of all bodies that have no answer yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """`article_bytes`: of one article. `in_flight_bytes`: of all bodies without an answer, and so of one body.
    `body_s`: seconds for a body to come. `answer_s`: seconds for the broker to acknowledge.
    """

    article_bytes: int
    in_flight_bytes: int
    body_s: float = 30.0
    answer_s: float = 10.0


class _AnswerError(Exception):
    """Ends a request with an answer that is no 202."""

    def __init__(
        self,
        status: HTTPStatus,
        error: str,
        *,
        retry_s: int | None = None,
        refused: Sequence[Refused] = (),
        count: int = 0,
    ) -> None:
        super().__init__(error)
        self.status, self.error, self.retry_s, self.refused, self.count = status, error, retry_s, refused, count


class ArticleIntake:
    """Its routes are served by the web port, which asks for the token before a request comes here."""

    def __init__(
        self,
        publisher: Publisher,
        topic: str,
        limits: IntakeLimits,
        listener: IntakeListener,
        own_fields: OwnFields | None = None,
    ) -> None:
        self._publisher, self._topic, self._limits, self._listener = publisher, topic, limits, listener
        self._own_fields = own_fields or {}
        self._in_flight = 0
        self._stopping = False

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.post("/articles", self.take)]

    async def stop(self) -> None:
        """What is on its way is finished within the time of a request."""
        self._stopping = True
        await self._publisher.stop()

    async def take(self, request: web.Request) -> web.Response:
        """The answer to one request; schemas/openapi.json describes it."""
        held = _Held(self)
        try:
            response = await self._take(request, held)
        except _AnswerError as answer:
            response = _not_taken(answer)
            if not request.content.at_eof():
                response.force_close()  # the rest of the body is not waited for
        finally:
            held.release()
        self._listener.answered(response.status)
        return response

    async def _take(self, request: web.Request, held: _Held) -> web.Response:
        if self._stopping:
            raise _AnswerError(HTTPStatus.SERVICE_UNAVAILABLE, "this worker stops", retry_s=_AWAY_RETRY_S)
        kind = self._kind(request)
        if self._publisher.failing_since is not None:  # a body need not be read to be refused
            raise _away("Kafka takes nothing at the moment")
        body = await self._body(request, held)
        records = await self._records(body, kind, request)
        await self._publish(records)
        self._listener.taken(len(records))
        uris = [record.key.decode() for record in records if record.key is not None]
        return _json({"accepted": len(records), "uris": uris}, HTTPStatus.ACCEPTED)

    @staticmethod
    def _kind(request: web.Request) -> BodyKind:
        kind = body_kind(request.headers.get("Content-Type", ""))
        if kind is None:
            raise _AnswerError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "the Content-Type must be application/json (an article, an array, or any form that the worker reads), "
                "application/x-ndjson (an article a line) or application/xml (NITF, NewsML-G2, a feed); "
                'a page goes as {"uri": its address, "body": the page}',
            )
        encoding = request.headers.get("Content-Encoding", "identity").strip().casefold()
        if encoding not in ("identity", "gzip", "deflate", ""):
            raise _AnswerError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the Content-Encoding must be gzip, deflate, or none")
        return kind

    async def _body(self, request: web.Request, held: _Held) -> bytes:
        limit = self._limits.in_flight_bytes
        if (request.content_length or 0) > limit:
            raise self._too_large()
        held.take(request.content_length or 0)
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.body_s):
                async for part in request.content.iter_chunked(_READ_BYTES):
                    parts.append(part)
                    size += len(part)
                    if size > limit:
                        raise self._too_large()
                    held.take(size)
        except TimeoutError:
            raise _AnswerError(
                HTTPStatus.REQUEST_TIMEOUT, f"the body did not come within {self._limits.body_s:g} s"
            ) from None
        except web.RequestPayloadError as broken:
            raise _AnswerError(HTTPStatus.BAD_REQUEST, f"the body cannot be read: {broken}") from None
        return b"".join(parts)

    def _too_large(self) -> _AnswerError:
        limit = self._limits.in_flight_bytes
        return _AnswerError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {limit:,} bytes, unpacked: send fewer articles"
        )

    async def _records(self, body: bytes, kind: BodyKind, request: web.Request) -> list[Output]:
        sent = request.headers.items()
        headers = trace_context([(name.casefold(), value.encode("utf-8", "surrogateescape")) for name, value in sent])
        try:
            return await asyncio.to_thread(
                records_posted,
                body,
                kind,
                self._topic,
                max_bytes=self._limits.article_bytes,
                own_fields=self._own_fields,
                headers=headers,
            )
        except NotTakenError as wrong:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if wrong.too_large else HTTPStatus.BAD_REQUEST
            words = "1 article is" if wrong.count == 1 else f"{wrong.count} articles are"
            raise _AnswerError(
                status, f"{words} refused, and nothing of the body was taken", refused=wrong.refused, count=wrong.count
            ) from None

    async def _publish(self, records: list[Output]) -> None:
        try:
            async with asyncio.timeout(self._limits.answer_s):
                await self._publisher.publish(records)
        except TimeoutError:
            raise _away(f"Kafka has not acknowledged them within {self._limits.answer_s:g} s") from None
        except PublishError:
            raise _away("this worker stops") from None
        except OutputTooLargeError as large:
            refused = Refused("", DeadReason.TOO_LARGE, f"larger than the topic takes: {large}")
            raise _AnswerError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "an article is larger than the topic takes; the others of the body were taken",
                refused=[refused],
                count=1,
            ) from None

    def _hold(self, more: int) -> None:
        """Counts more bytes. Raises _AnswerError: there would be too many, and others have not been answered yet."""
        others = self._in_flight
        if more > 0 and others and others + more > self._limits.in_flight_bytes:
            raise _AnswerError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"{others:,} bytes of articles wait for Kafka already, at most {self._limits.in_flight_bytes:,} may",
                retry_s=_BUSY_RETRY_S,
            )
        self._in_flight += more
        self._listener.in_flight(self._in_flight)


class _Held:
    """The bytes that one request counts for."""

    def __init__(self, intake: ArticleIntake) -> None:
        self._intake, self._size = intake, 0

    def take(self, size: int) -> None:
        """Raises `size` to this, if it is less."""
        if size > self._size:
            self._intake._hold(size - self._size)  # noqa: SLF001 - a part of it
            self._size = size

    def release(self) -> None:
        self._intake._hold(-self._size)  # noqa: SLF001 - a part of it
        self._size = 0


def _away(why: str) -> _AnswerError:
    return _AnswerError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"{why}. Send them again later: an article that comes twice makes the same claims",
        retry_s=_AWAY_RETRY_S,
    )


def _not_taken(answer: _AnswerError) -> web.Response:
    content: dict[str, object] = {"error": answer.error}
    if answer.refused:
        content["count"] = answer.count
        content["refused"] = [
            {"place": each.place, "reason": each.reason, "error": each.error} for each in answer.refused
        ]
    headers = {"Retry-After": str(answer.retry_s)} if answer.retry_s is not None else {}
    return _json(content, answer.status, headers)


def _json(content: object, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        body=orjson.dumps(content),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
