"""Three real Kafka nodes with what faults need: a second listener behind a proxy, and a small disk under one node."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import tempfile
import time
from pathlib import Path

import orjson
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.faults.proxy import Network
from worker.streaming.local_broker import free_ports, wait_for_port
from worker.streaming.local_kafka import KafkaCluster

SMALL_DISK_NODE = 3
SMALL_DISK_MB = 1024


class FaultCluster(KafkaCluster):
    """`bootstrap` leads straight to the nodes, `proxied` through `network`. Node 3 has a disk of its own where root allows."""

    def __init__(self):
        ports = free_ports(6)
        self._behind = dict(enumerate(ports[:3], 1))
        self._before = dict(enumerate(ports[3:], 1))
        self.network = Network({self._before[node]: self._behind[node] for node in self._before})
        self.proxied = ",".join(f"127.0.0.1:{port}" for port in self._before.values())
        self._disk = tempfile.TemporaryDirectory(prefix="claimwire-disk-")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", self._disk.name],
            capture_output=True,
            text=True,
            check=False,
        )
        self.no_small_disk = mounted.stderr.strip() if mounted.returncode else None
        self.network.start()
        super().__init__(3)

    def _properties(self, node):
        lines = super()._properties(node).splitlines()
        changed = []
        for line in lines:
            name, _, value = line.partition("=")
            match name:
                case "listeners":
                    value += f",CLIENT://127.0.0.1:{self._behind[node]}"
                case "advertised.listeners":
                    value += f",CLIENT://127.0.0.1:{self._before[node]}"
                case "listener.security.protocol.map":
                    value += ",CLIENT:PLAINTEXT"
                case "log.dirs" if node == SMALL_DISK_NODE and not self.no_small_disk:
                    value = f"{self._disk.name}/data"
                case _:
                    pass
            changed.append(f"{name}={value}" if name else line)
        # three servers start at once on a machine that may be busy
        slow_start = ["initial.broker.registration.timeout.ms=240000", "controller.quorum.fetch.timeout.ms=4000"]
        more = ["inter.broker.listener.name=PLAINTEXT", *slow_start]
        return "\n".join([*changed, *more, ""])

    def _await(self, node):
        wait_for_port(self._ports[node], self._processes[node], self._home(node) / "server.log", 240)

    def data(self, node):
        small = node == SMALL_DISK_NODE and not self.no_small_disk
        return Path(self._disk.name) / "data" if small else self._home(node) / "data"

    @property
    def controller(self):
        """The node that leads the quorum, as the nodes' own files say."""
        votes = [
            orjson.loads((self.data(node) / "__cluster_metadata-0" / "quorum-state").read_bytes())
            for node in self.nodes
            if self.alive(node)
        ]
        return max(votes, key=lambda vote: vote["leaderEpoch"])["leaderId"]

    def alive(self, node):
        return self._processes[node].poll() is None

    def kill_all(self):
        for node in self.nodes:
            if self.alive(node):
                self.kill(node)

    def start_dead(self):
        """All nodes that are down, at once: the quorum needs two of them."""
        down = [node for node in self.nodes if not self.alive(node)]
        for node in down:
            self._spawn(node)
        for node in down:
            self._await(node)

    async def healthy(self, limit_s=120):
        """Returns when every node is up and every partition has all its replicas in sync."""
        until = time.monotonic() + limit_s
        while True:
            admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=5000)
            try:
                await admin.start()
                present = {broker["node_id"] for broker in (await admin.describe_cluster())["brokers"]}
                topics = await admin.describe_topics(await admin.list_topics())
                thin = [t["topic"] for t in topics for p in t["partitions"] if len(p["isr"]) < len(p["replicas"])]
                if present == set(self.nodes) and not thin:
                    return
                state = f"nodes {sorted(present)}, behind: {sorted(set(thin))}"
            except (KafkaError, OSError, TimeoutError) as away:
                state = repr(away)
            finally:
                with contextlib.suppress(KafkaError, OSError):
                    await admin.close()
            assert time.monotonic() < until, f"the cluster is not whole after {limit_s}s: {state}"
            await asyncio.sleep(0.5)

    def fill_disk(self):
        """Leaves the small disk without a free byte."""
        with contextlib.suppress(OSError), (Path(self._disk.name) / "filler").open("wb") as filler:
            block = bytes(1024 * 1024)
            while True:
                filler.write(block)
                filler.flush()

    def free_disk(self):
        (Path(self._disk.name) / "filler").unlink(missing_ok=True)

    def stop(self):
        super().stop()
        if self._disk.name and not self.no_small_disk:
            for _ in range(20):
                if not subprocess.run(["umount", self._disk.name], capture_output=True, check=False).returncode:
                    break
                time.sleep(0.2)
            self.no_small_disk = "unmounted"
        self._disk.cleanup()
        if self.network is not None:
            self.network.stop()
            self.network = None
