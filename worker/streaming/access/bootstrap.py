"""The first contact of a client: an address that accepts and never answers does not hold it while others would answer.

aiokafka asks the addresses of `brokers` one after the other, in an order of chance, and waits for each as long as for
any request: up to 40 s. A firewall that drops, a machine that hangs and a load balancer without a broker behind it all
look like that, and a worker has some twenty clients. So an address is left after a short time while there are others,
the one that was silent is asked last for some minutes, and no first contact waits longer than a bound.
"""

from __future__ import annotations

import time
from functools import wraps

from aiokafka.client import AIOKafkaClient
from aiokafka.conn import collect_hosts
from aiokafka.errors import KafkaConnectionError

__all__ = ["install"]

_WHILE_OTHERS_S = 5.0
_ALONE_S = 15.0
_REMEMBERED_S = 300.0

_silent: dict[str, float] = {}
"""When an address was last found silent, by its host:port."""
_aiokafkas_own = AIOKafkaClient.bootstrap


@wraps(_aiokafkas_own)
async def _bootstrap(client: AIOKafkaClient) -> None:
    given, limit_ms = client._bootstrap_servers, client._request_timeout_ms  # noqa: SLF001 - it has no setting for it
    addresses = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port, _ in collect_hosts(given)]
    addresses.sort(key=_was_silent)
    try:
        for address in addresses:
            bound_s = _ALONE_S if address == addresses[-1] else _WHILE_OTHERS_S
            client._bootstrap_servers = address  # noqa: SLF001
            client._request_timeout_ms = min(limit_ms, int(bound_s * 1000))  # noqa: SLF001
            begun = time.monotonic()
            try:
                await _aiokafkas_own(client)
            except KafkaConnectionError:
                pass
            else:
                _silent.pop(address, None)
                return
            finally:
                if time.monotonic() - begun > _WHILE_OTHERS_S / 2:  # also where whoever waits for it gave up
                    _silent[address] = time.monotonic()
    finally:
        client._bootstrap_servers, client._request_timeout_ms = given, limit_ms  # noqa: SLF001
    raise KafkaConnectionError(f"Unable to bootstrap from {given}")


def _was_silent(address: str) -> bool:
    return time.monotonic() - _silent.get(address, -_REMEMBERED_S) < _REMEMBERED_S


def install() -> None:
    """Once for the process; again, it changes nothing."""
    AIOKafkaClient.bootstrap = _bootstrap
