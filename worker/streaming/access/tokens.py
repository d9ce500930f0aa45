"""Tokens for SASL OAUTHBEARER: had for client credentials or from a function of the user's, kept until they are due."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import time
from collections.abc import Awaitable, Callable
from functools import cache
from importlib.metadata import entry_points
from typing import NamedTuple, cast

import aiohttp
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError

from worker.brokers import BrokersError, OAuth, secret_now
from worker.streaming.access.tls import authorities

__all__ = ["ENTRY_POINTS", "Token", "TokenError", "TokenProvider"]

log = logging.getLogger("claimwire.access")

ENTRY_POINTS = "claimwire.token_providers"
_LIMIT_S = 10.0
_DUE = 0.8
"""Part of its life after which a token is fetched anew, so that none expires on its way."""
_WITHOUT_LIFE_S = 300.0
"""Life of a token whose endpoint does not tell it (RFC 6749 only recommends `expires_in`)."""


class TokenError(KafkaError):
    """No token could be had: says from where, and why. Never quotes a token or the client's secret."""

    retriable = True

    def __str__(self) -> str:
        return str(self.args[0])


class Token(NamedTuple):
    value: str
    expires_at: float
    """Seconds since 1970."""


Fetch = Callable[[], Awaitable[Token]]
_Answer = tuple[str, float]
_Provider = Callable[[], _Answer | Awaitable[_Answer]]


class TokenProvider(AbstractTokenProvider):
    """aiokafka asks it for a token at each connection; Kafka ends a connection when its token has expired, and the
    client then connects again.
    """

    def __init__(self, fetch: Fetch, extensions: dict[str, str], clock: Callable[[], float] = time.time) -> None:
        self._fetch, self._extensions, self._clock = fetch, extensions, clock
        self._token: Token | None = None
        self._due = 0.0
        self._lock = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @classmethod
    @cache
    def of(cls, oauth: OAuth) -> TokenProvider:
        """The same one for all clients of the process. Raises BrokersError."""
        fetch = _provided(oauth.provider) if oauth.provider else _from_endpoint(oauth)
        return cls(fetch, dict(oauth.extensions))

    def extensions(self) -> dict[str, str]:
        return self._extensions

    async def token(self) -> str:
        """Raises TokenError."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # a command may run one loop after the other, and a lock belongs to one
            self._loop, self._lock = loop, asyncio.Lock()
        async with self._lock:
            if self._token is None or self._clock() >= self._due:
                self._token = await self._renewed(self._token)
            return self._token.value

    async def _renewed(self, old: Token | None) -> Token:
        try:
            token = await self._fetch()
        except TokenError as failed:
            if old is None or self._clock() >= old.expires_at:
                raise
            log.warning("The token is not renewed yet, the old one is still valid: %s", failed)
            return old
        now = self._clock()
        self._due = now + _DUE * (token.expires_at - now)
        return token


def _from_endpoint(oauth: OAuth) -> Fetch:
    """Asks as RFC 6749 section 4.4 says, the credentials in the header (section 2.3.1)."""
    context = authorities(oauth.ca_file, "oauth_ca_file") if oauth.token_url.startswith("https") else None
    form = {"grant_type": "client_credentials"} | ({"scope": oauth.scope} if oauth.scope else {})

    async def fetch() -> Token:
        limit = aiohttp.ClientTimeout(total=_LIMIT_S)
        secret = secret_now(oauth.client_secret)
        login = {"Authorization": aiohttp.encode_basic_auth(oauth.client_id, secret, "utf-8")}
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
                session.post(oauth.token_url, data=form, headers=login, ssl=context or True) as answer,
            ):
                return _token_in(oauth.token_url, answer.status, await answer.content.read(256 * 1024))
        except (aiohttp.ClientError, TimeoutError, OSError) as failed:
            why = str(failed) or type(failed).__name__
            raise TokenError(f"no token from oauth_token_url = {oauth.token_url}: {why}") from None

    return fetch


def _token_in(url: str, status: int, body: bytes) -> Token:
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    if status != 200:
        error = " ".join(str(told[name])[:200] for name in ("error", "error_description") if told.get(name))
        hint = "; see oauth_client_id and oauth_client_secret" if status in {400, 401, 403} else ""
        raise TokenError(f"no token from oauth_token_url = {url}: it answers {status} {error}".rstrip() + hint)
    value, life = told.get("access_token"), told.get("expires_in", _WITHOUT_LIFE_S)
    if not isinstance(value, str) or not value or not isinstance(life, int | float | str):
        raise TokenError(f"no token from oauth_token_url = {url}: its answer has no access_token")
    try:
        return Token(value, time.time() + float(life))
    except ValueError:
        raise TokenError(f"no token from oauth_token_url = {url}: its expires_in is no number") from None


def _provided(name: str) -> Fetch:
    """The function that `oauth_provider` names. It returns (token, when it expires in seconds since 1970)."""
    function = _function(name)

    async def fetch() -> Token:
        try:
            answer = await asyncio.to_thread(function)
            value, expires_at = await answer if inspect.isawaitable(answer) else answer
            return Token(str(value), float(expires_at))
        except Exception as failed:  # noqa: BLE001 - whatever it is, there is no token
            # neither its words nor its traceback: what others wrote may quote a key
            raise TokenError(f"oauth_provider = {name} gave no token: {type(failed).__name__}") from None

    return fetch


def _function(name: str) -> _Provider:
    try:
        for entry in entry_points(group=ENTRY_POINTS, name=name):
            return cast("_Provider", entry.load())
        module, colon, attribute = name.partition(":")
        if not colon:
            raise BrokersError(
                f"oauth_provider = {name}: no entry point of this name in the group {ENTRY_POINTS}; "
                "install the package that has it, or write module:function"
            )
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as broken:
        raise BrokersError(f"oauth_provider = {name} cannot be imported: {broken}") from broken
    if not callable(found):
        raise BrokersError(f"oauth_provider = {name} is no function")
    return cast("_Provider", found)
