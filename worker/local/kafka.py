"""Starts a real Apache Kafka (KRaft) on loopback, its data in a temporary folder: one node, or three."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.local.tansu import BrokerError, LocalBroker, end, free_ports, start_child, wait_for_port

__all__ = ["KafkaCluster", "kafka_available", "start_kafka"]

_JARS = Path(__file__).parents[2] / "deploy" / "kafka" / "jars"


def kafka_available() -> str | None:
    """A phrase that says what is missing to start a server; None if a server can be started."""
    if shutil.which("java") is None:
        return "no Java"
    if not (_JARS / ".complete").exists():
        return "no Kafka jars (make kafka fetches them)"
    return None


def _java(*arguments: str) -> list[str]:
    return [shutil.which("java") or "java", *arguments]


class KafkaCluster(LocalBroker):
    """Nodes 1 to n. A node can be killed and started again on its data, for tests of faults."""

    def __init__(self, nodes: int, properties: Mapping[str, str], listeners: Mapping[str, str]) -> None:
        self._more, self._protocols = properties, {"CONTROLLER": "PLAINTEXT", "PLAINTEXT": "PLAINTEXT", **listeners}
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-kafka-")
        ports = free_ports(2 * nodes + len(listeners))
        self._ports = dict(enumerate(ports[:nodes], 1))
        self._controllers = dict(enumerate(ports[nodes : 2 * nodes], 1))
        more = [name for name in listeners if name not in {"CONTROLLER", "PLAINTEXT"}]
        self.listeners = {"PLAINTEXT": f"127.0.0.1:{self._ports[1]}"}
        """The address of each listener; more than PLAINTEXT only with one node."""
        self.listeners |= {name: f"127.0.0.1:{port}" for name, port in zip(more, ports[2 * nodes :], strict=False)}
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        # the kernel kills a child when the thread that started it ends, so one thread starts them all and stays
        self._spawner = ThreadPoolExecutor(1, thread_name_prefix="kafka-nodes")
        super().__init__(
            f"Apache Kafka, {nodes} node{'s' if nodes > 1 else ''}",
            ",".join(f"127.0.0.1:{port}" for port in self._ports.values()),
            idempotent_producers=True,
            stop=self._end_all,
        )
        try:
            self._format()
            for node in self._ports:
                self._spawn(node)
            for node in self._ports:
                self._await(node)
        except BaseException:
            self.stop()
            raise

    @property
    def nodes(self) -> list[int]:
        return list(self._ports)

    def size_on_disk(self, topic: str) -> int:
        """Bytes of the segments of a topic's partitions, of all copies."""
        folders = (self._home(node) / "data" for node in self._ports)
        return sum(file.stat().st_size for folder in folders for file in folder.glob(f"{topic}-*/*.log"))

    def _home(self, node: int) -> Path:
        return Path(self._folder.name) / f"node{node}"

    def _properties(self, node: int) -> str:
        several = len(self._ports) > 1
        copies = 3 if several else 1
        addresses = self.listeners | {"PLAINTEXT": f"127.0.0.1:{self._ports[node]}"}
        own = ",".join(f"{name}://{address}" for name, address in addresses.items())
        voters = ",".join(f"{n}@127.0.0.1:{port}" for n, port in self._controllers.items())
        quorum = (
            f"controller.quorum.voters={voters}"
            if several
            else f"controller.quorum.bootstrap.servers=127.0.0.1:{self._controllers[1]}"
        )
        return "\n".join(
            [
                "process.roles=broker,controller",
                f"node.id={node}",
                quorum,
                f"listeners={own},CONTROLLER://127.0.0.1:{self._controllers[node]}",
                f"advertised.listeners={own}",
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map="
                + ",".join(f"{name}:{protocol}" for name, protocol in self._protocols.items()),
                f"log.dirs={self._home(node)}/data",
                f"default.replication.factor={copies}",
                f"offsets.topic.replication.factor={copies}",
                "offsets.topic.num.partitions=4",
                f"transaction.state.log.replication.factor={copies}",
                f"transaction.state.log.min.isr={min(2, copies)}",
                f"share.coordinator.state.topic.replication.factor={copies}",
                f"share.coordinator.state.topic.min.isr={min(2, copies)}",
                f"min.insync.replicas={min(2, copies)}",
                "group.initial.rebalance.delay.ms=0",
                "auto.create.topics.enable=false",
                "message.max.bytes=33554432",
                "replica.fetch.max.bytes=33554432",
                *(f"{name}={value}" for name, value in self._more.items()),
                "",
            ]
        )

    def _format(self) -> None:
        classpath = f"{_JARS}/*"
        answer = subprocess.run(
            _java("-cp", classpath, "kafka.tools.StorageTool", "random-uuid"),
            capture_output=True,
            text=True,
            check=False,
        )
        lines = answer.stdout.split()
        if answer.returncode or not lines:
            raise BrokerError(f"Kafka's storage tool does not run: {answer.stderr[-1000:]}")
        for node in self._ports:
            self._home(node).mkdir()
            file = self._home(node) / "server.properties"
            file.write_text(self._properties(node), encoding="utf-8")
            alone = ["--standalone"] if len(self._ports) == 1 else []
            done = subprocess.run(
                _java("-cp", classpath, "kafka.tools.StorageTool", "format", "-t", lines[-1], "-c", str(file), *alone),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise BrokerError(f"Kafka's storage could not be formatted: {(done.stderr or done.stdout)[-1000:]}")

    def _spawn(self, node: int) -> None:
        heap = "-Xmx512m" if len(self._ports) == 1 else "-Xmx400m"
        with (self._home(node) / "server.log").open("ab") as log:
            self._processes[node] = self._spawner.submit(
                start_child,
                _java(
                    heap,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    f"{_JARS}/*",
                    "kafka.Kafka",
                    str(self._home(node) / "server.properties"),
                ),
                log,
            ).result()

    def _await(self, node: int) -> None:
        wait_for_port(self._ports[node], self._processes[node], self._home(node) / "server.log", 90)

    def kill(self, node: int) -> None:
        """SIGKILL, as if the machine had lost its power."""
        os.kill(self._processes[node].pid, signal.SIGKILL)
        self._processes[node].wait()

    def start(self, node: int) -> None:
        """Starts a killed node again on its data."""
        self._spawn(node)
        self._await(node)

    def _end_all(self) -> None:
        # the data is thrown away, so an orderly stop would gain nothing
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
        for process in self._processes.values():
            end(process, 5)
        self._spawner.shutdown()
        self._folder.cleanup()


def start_kafka(
    nodes: int = 1, properties: Mapping[str, str] | None = None, listeners: Mapping[str, str] | None = None
) -> KafkaCluster:
    """A running cluster; `properties` are added to those of each server.

    `listeners`: the protocol of CONTROLLER, if it is not PLAINTEXT, and of further listeners (for one node only).

    Raises:
        BrokerError: it does not start, or Java or the jars are missing.
    """
    missing = kafka_available()
    if missing:
        raise BrokerError(f"a real Kafka cannot be started: {missing}")
    return KafkaCluster(nodes, properties or {}, listeners or {})
