"""Tokens for OAUTHBEARER: kept, renewed before they expire, from an endpoint or from a function of the user's."""

from __future__ import annotations

import asyncio
import sys
import types

import pytest

from tests.security.token_endpoint import TokenEndpoint
from worker.brokers import BrokersError, OAuth
from worker.streaming.access.tokens import Token, TokenError, TokenProvider


@pytest.fixture
def endpoint():
    running = TokenEndpoint({"worker": "a-secret"}, life_s=100.0)
    yield running
    running.stop()


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def _counted(clock, life_s=100.0):
    given = []

    async def fetch():
        if clock.now == 0.0:
            raise TokenError("the endpoint is down")
        given.append(f"t{len(given)}")
        return Token(given[-1], clock.now + life_s)

    return fetch, given


async def test_a_token_is_kept_until_it_is_due_and_then_renewed_before_it_expires():
    clock = Clock()
    fetch, given = _counted(clock)
    provider = TokenProvider(fetch, {}, clock)
    assert {await provider.token() for _ in range(3)} == {"t0"}
    clock.now += 79
    assert await provider.token() == "t0"
    clock.now += 2
    assert await provider.token() == "t1"
    assert given == ["t0", "t1"]


async def test_connections_made_at_once_share_one_token():
    clock = Clock()
    fetch, given = _counted(clock)
    provider = TokenProvider(fetch, {}, clock)
    await asyncio.gather(*(provider.token() for _ in range(5)))
    assert given == ["t0"]


async def test_a_token_that_is_still_valid_serves_while_the_endpoint_is_down():
    clock, down = Clock(), []

    async def fetch():
        if down:
            raise TokenError("the endpoint is down")
        return Token("t", clock.now + 100)

    provider = TokenProvider(fetch, {}, clock)
    await provider.token()
    down.append(True)
    clock.now += 90
    assert await provider.token() == "t"
    clock.now += 20
    with pytest.raises(TokenError):
        await provider.token()


async def test_an_endpoint_gives_tokens_for_the_right_secret_and_its_refusal_names_the_settings(endpoint):
    provider = TokenProvider.of(OAuth(token_url=endpoint.url, client_id="worker", client_secret="a-secret"))
    assert (await provider.token()).count(".") == 2
    wrong = TokenProvider.of(OAuth(token_url=endpoint.url, client_id="worker", client_secret="of-somebody-else"))
    with pytest.raises(TokenError, match=r"401 invalid_client .*oauth_client_secret") as refused:
        await wrong.token()
    assert "of-somebody-else" not in str(refused.value)


async def test_an_endpoint_that_is_not_there_is_named():
    provider = TokenProvider.of(OAuth(token_url="http://127.0.0.1:1/t", client_id="worker", client_secret="s"))
    with pytest.raises(TokenError, match=r"oauth_token_url = http://127.0.0.1:1/t"):
        await provider.token()


@pytest.fixture
def cloud(monkeypatch):
    module = types.ModuleType("a_cloud")

    async def later():
        return "awaited", 2e9

    def broken():
        raise RuntimeError("the key is canary-91")

    module.now, module.later, module.broken, module.nothing = (lambda: ("plain", 2e9)), later, broken, None
    monkeypatch.setitem(sys.modules, "a_cloud", module)


async def test_a_function_of_the_users_gives_the_token(cloud):
    assert await TokenProvider.of(OAuth(provider="a_cloud:now")).token() == "plain"
    assert await TokenProvider.of(OAuth(provider="a_cloud:later")).token() == "awaited"
    with pytest.raises(TokenError, match="oauth_provider = a_cloud:broken gave no token: RuntimeError") as failed:
        await TokenProvider.of(OAuth(provider="a_cloud:broken")).token()
    assert "canary-91" not in str(failed.value)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere:f", "cannot be imported"),
        ("a_cloud:missing", "cannot be imported"),
        ("a_cloud:nothing", "is no function"),
        ("a-name", "no entry point of this name in the group claimwire.token_providers"),
    ],
)
def test_a_function_that_is_none_is_named(cloud, name, says):
    with pytest.raises(BrokersError, match=says):
        TokenProvider.of(OAuth(provider=name))
