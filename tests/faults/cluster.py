"""Real Kafka nodes with what faults need: listeners behind proxies, and a small disk under one node."""

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
from worker.local.kafka import KafkaCluster
from worker.local.tansu import free_ports, wait_for_port

SMALL_DISK_NODE = 3
SMALL_DISK_MB = 1024


class ProxiedCluster(KafkaCluster):
    """`bootstrap` leads straight to the nodes; each of `networks` leads to all of them through proxies of its own, for
    every network has its own listener on each node, whose advertised port is the proxy's.
    """

    def __init__(self, nodes, networks, properties=None):
        ports = iter(free_ports(2 * nodes * networks))
        self._routes = [{node: (next(ports), next(ports)) for node in range(1, nodes + 1)} for _ in range(networks)]
        self.networks = [Network(dict(route.values())) for route in self._routes]
        for network in self.networks:
            network.start()
        super().__init__(nodes, {"inter.broker.listener.name": "PLAINTEXT"} | (properties or {}), {})

    def _properties(self, node):
        lines = dict(line.partition("=")[::2] for line in super()._properties(node).splitlines())
        for number, route in enumerate(self._routes):
            advertised, real = route[node]
            lines["listeners"] += f",CLIENT{number}://127.0.0.1:{real}"
            lines["advertised.listeners"] += f",CLIENT{number}://127.0.0.1:{advertised}"
            lines["listener.security.protocol.map"] += f",CLIENT{number}:PLAINTEXT"
        return "".join(f"{name}={value}\n" for name, value in lines.items())

    def silence(self, network, node):
        """Cuts one node off for those who come by that network, until the networks are mended."""
        self.networks[network].silence(self._routes[network][node][1])

    def mend_networks(self):
        for network in self.networks:
            network.mend()

    def stop(self):
        super().stop()
        while self.networks:
            self.networks.pop().stop()


class FaultCluster(ProxiedCluster):
    """Three nodes, and a network for each worker. Node 3 has a disk of its own where root allows."""

    def __init__(self, networks):
        self._disk = tempfile.TemporaryDirectory(prefix="claimwire-disk-")
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m", "tmpfs", self._disk.name],
            capture_output=True,
            text=True,
            check=False,
        )
        self.no_small_disk = mounted.stderr.strip() if mounted.returncode else None
        # three servers start at once on a machine that may be busy
        slow = {"initial.broker.registration.timeout.ms": "240000", "controller.quorum.fetch.timeout.ms": "4000"}
        super().__init__(3, networks, slow)

    def _properties(self, node):
        return super()._properties(node).replace(f"log.dirs={self._home(node)}/data", f"log.dirs={self.data(node)}")

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
        """Returns when every node is up and every partition has all its replicas in sync; a node that is down fails."""
        until = time.monotonic() + limit_s
        while True:
            for node in self.nodes:
                log = self._home(node) / "server.log"
                assert self.alive(node), (
                    f"node {node} is down; its log ends: {log.read_text('utf-8', 'replace')[-3000:]}"
                )
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
