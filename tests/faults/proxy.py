"""A TCP proxy on loopback between worker and broker, whose two directions can be stopped or slowed.

Bytes that are stopped are held and go on later, as the network's own retransmission would do: a partition loses no byte
of a connection that outlives it. Runs in a thread with a loop of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading

TO_BROKER, TO_WORKER = "to broker", "to worker"


class Network:
    """Proxies from ports to ports; `stopped` and `bytes_per_s` hold for all of them. `bootstrap` leads through them."""

    def __init__(self, routes):
        self._routes = routes
        self.bootstrap = ",".join(f"127.0.0.1:{port}" for port in routes)
        self.stopped: frozenset[str] = frozenset()
        self._silent: set[int] = set()  # ports behind the proxies
        self.bytes_per_s = 0.0
        self.delay_s = 0.0
        self._loop = asyncio.new_event_loop()
        self._servers = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def start(self):
        self._thread.start()
        assert self._ready.wait(60), "the proxy does not listen"

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def cut(self, *directions):
        self.stopped = frozenset(directions)

    def silence(self, port):
        """Cuts off what listens on `port` behind the proxies, in both directions, and nothing else."""
        self._silent.add(port)

    def slow(self, bytes_per_s, delay_s):
        self.bytes_per_s, self.delay_s = bytes_per_s, delay_s

    def mend(self):
        self.stopped, self.bytes_per_s, self.delay_s = frozenset(), 0.0, 0.0
        self._silent.clear()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _close(self):
        for server in self._servers:
            server.close()
        pumps = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    async def _listen(self):
        self._servers = [
            await asyncio.start_server(lambda r, w, to=behind: self._joined(r, w, to), "127.0.0.1", port)
            for port, behind in self._routes.items()
        ]

    async def _joined(self, reader, writer, port):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(
                self._pump(reader, back, TO_BROKER, port),
                self._pump(there, writer, TO_WORKER, port),
                return_exceptions=True,
            )
        writer.close()

    async def _pump(self, reader, writer, direction, port):
        try:
            while chunk := await reader.read(65536):
                while direction in self.stopped or port in self._silent:
                    await asyncio.sleep(0.02)
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.bytes_per_s:
                    await asyncio.sleep(len(chunk) / self.bytes_per_s)
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()
