"""The web port under those who connect too often, ask too slowly, or never end: Kafka keeps its file descriptors."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys

import aiohttp
import pytest

from tests.paths import ROOT
from worker.local.tansu import free_ports
from worker.observe.observation import Observation
from worker.observe.web import connections as web_connections
from worker.observe.web import server as web
from worker.observe.web.connections import ConnectionLimits
from worker.settings import Settings
from worker.streaming.watch.condition import Condition

HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-a: "
SAFE = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


@pytest.fixture
async def served():
    (port,) = free_ports(1)
    made = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition(["ingest"]))
    made.watch.look = _no_broker
    await made.start()
    yield made, port
    await made.stop()


async def _no_broker():
    return None


async def _half_open(port, count, address="127.0.0.1"):
    opened = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        writer.write(HALF)
        opened.append((reader, writer))
    return opened


async def _close(opened):
    for _, writer in opened:
        writer.close()


def test_the_port_takes_a_part_of_the_file_descriptors(monkeypatch):
    for soft, in_all in ((64, 16), (256, 64), (20_000, 128)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=soft: (soft, soft))
        assert ConnectionLimits().in_all == in_all
        assert ConnectionLimits().of_one == in_all // 2


async def test_half_requests_of_one_address_leave_room_for_others(served):
    made, port = served
    opened = await _half_open(port, 3 * made.web.limits.in_all)
    refused = 0
    for reader, _ in opened[made.web.limits.of_one :]:
        head = (await asyncio.wait_for(reader.read(), 5)).decode()
        refused += head.startswith("HTTP/1.1 503 ")
        assert "Retry-After: " in head
        assert all(name in head for name in SAFE)
    assert refused == len(opened) - made.web.limits.of_one
    other = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
    async with (
        aiohttp.ClientSession(connector=other) as client,
        client.get(f"http://127.0.0.1:{port}/health/live") as answer,
    ):
        assert answer.status == 200
    await _close(opened)


_FEW_FILES = """
import asyncio, os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
from worker.observe.web import connections as web_connections, server as web
web.connections = lambda *given: web_connections.connections(*given, request_s=600)  # the time limit helps nobody here
from worker.observe.observation import Observation
from worker.settings import Settings
from worker.streaming.watch.condition import Condition

async def work():
    made = Observation(Settings(web_port=int(sys.argv[1]), brokers="127.0.0.1:1"), Condition(["ingest"]))
    async def no_broker(): return None
    made.watch.look = no_broker
    await made.start()
    print("up", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    opened = [os.open("/dev/null", os.O_RDONLY) for _ in range(60)]  # what Kafka would open
    print(len(opened), flush=True)

asyncio.run(work())
"""


async def test_half_requests_leave_kafka_its_file_descriptors():
    (port,) = free_ports(1)
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _FEW_FILES,
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        assert await asyncio.wait_for(worker.stdout.readline(), 60) == b"up\n"
        opened = []
        async with asyncio.timeout(60):
            for last in range(1, 4):
                opened += await _half_open(port, 100, f"127.0.0.{last}")
        worker.stdin.write(b"now\n")
        assert await asyncio.wait_for(worker.stdout.readline(), 30) == b"60\n"
        await _close(opened)
    finally:
        worker.kill()
        await worker.wait()


async def test_many_addresses_together_stay_below_the_limit_and_what_they_leave_is_free_again(served):
    made, port = served
    limits = made.web.limits
    opened = []
    for last in range(1, 5):
        opened += await _half_open(port, limits.of_one, f"127.0.0.{last}")
    for reader, _ in opened[limits.in_all :]:
        assert (await asyncio.wait_for(reader.read(12), 5)) == b"HTTP/1.1 503"
    await _close(opened)
    async with asyncio.timeout(5):
        while limits._open:
            await asyncio.sleep(0.02)
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/health/live") as answer:
        assert answer.status == 200


async def test_a_request_that_does_not_come_whole_in_time_is_closed(monkeypatch):
    (port,) = free_ports(1)
    monkeypatch.setattr(web, "connections", lambda *given: web_connections.connections(*given, request_s=0.3))
    made = Observation(Settings(web_port=port, brokers="127.0.0.1:1"), Condition(["ingest"]))
    made.watch.look = _no_broker
    await made.start()
    silent, first, second = [(await asyncio.open_connection("127.0.0.1", port)) for _ in range(3)]
    first[1].write(HALF)
    second[1].write(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + HALF)

    async def drip():
        while True:  # more of the header does not renew the time
            first[1].write(b"a")
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    assert await asyncio.wait_for(silent[0].read(), 10) == b""
    assert await asyncio.wait_for(first[0].read(), 10) == b""
    assert (await asyncio.wait_for(second[0].read(), 10)).startswith(b"HTTP/1.1 200")
    dripping.cancel()
    for _, writer in (silent, first, second):
        writer.close()
    await made.stop()


async def test_a_body_without_an_end_is_not_read(served):
    _, port = served
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n")
    sent = 0

    async def pour():
        nonlocal sent
        while True:
            writer.write(b"x" * 65536)
            sent += 65536
            await writer.drain()

    pouring = asyncio.create_task(pour())
    assert (await asyncio.wait_for(reader.read(64), 5)).startswith(b"HTTP/1.1 200")
    with pytest.raises(OSError):  # within the second that is waited for the rest of a body
        await asyncio.wait_for(pouring, 10)
    writer.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"200"),
        (b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"404"),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"403"),
        (b"\x16\x03\x01 no http at all\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: a\r\n" * 100 + b"\r\n", b"400"),
    ],
)
async def test_every_answer_is_safe_and_names_no_version(served, request_, status):
    _, port = served
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    head = answer.partition(b"\r\n\r\n")[0].decode()
    assert head.split()[1].encode() == status
    assert all(f"{name}: " in head for name in SAFE)
    assert "Server: claimwire\r\n" in head + "\r\n"
    assert "aiohttp" not in head
    assert "Python" not in head


async def test_the_reader_after_the_last_is_told_to_wait_and_comes_in_when_one_goes(served):
    made, port = served
    made.web.limits.of_one = made.web.limits.in_all = 128
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        address = f"http://127.0.0.1:{port}/api/events"
        listening = [await client.get(address) for _ in range(50)]
        assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in listening)
        async with client.get(address) as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) > 0
        listening.pop().close()
        async with asyncio.timeout(5):
            while made.web.listeners == 50:
                await made.web.tick()  # a closed connection is noticed when the next state is sent
                await asyncio.sleep(0.02)
        async with client.get(address) as answer:
            assert answer.status == 200
        for answer in listening:
            answer.close()


async def test_a_page_that_does_not_read_loses_its_place(served, monkeypatch):
    made, port = served
    monkeypatch.setattr(web, "_WRITE_S", 0.2)
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(deaf, ("127.0.0.1", port))
        await loop.sock_sendall(deaf, b"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        async with asyncio.timeout(5):
            while not made.web.listeners:
                await asyncio.sleep(0.02)
        monkeypatch.setattr(made.state, "as_json", lambda: {"long": "x" * 1_000_000})
        async with asyncio.timeout(20):
            while made.web.listeners:
                await made.web.tick()
                await asyncio.sleep(0.02)
