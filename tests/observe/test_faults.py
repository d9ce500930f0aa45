"""Each fault shows within fifteen seconds in the metrics, in readiness, on the page's data and as the right alert.

A real Kafka, a real worker, a real Prometheus with the project's rules.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time

import pytest
from aiokafka import AIOKafkaProducer

from tests.deploy.test_monitoring import used_metrics
from tests.faults.memory import extracting
from tests.observe.prometheus import Prometheus
from tests.observe.watched import WatchedWorker, article
from tests.paths import POISON
from tests.running import prepare, send
from worker.local.kafka import start_kafka

pytestmark = [pytest.mark.kafka, pytest.mark.prometheus, pytest.mark.slow]

_LIMIT_S = 15
_BUSY_MACHINE = {"ClaimwireEventLoopSlow", "ClaimwireLatencyHigh"}
"""What other tests beside these may set off; none of the faults is told by them."""
_POISON = (POISON / "truncated.bin").read_bytes()


class Scene:
    """A worker at ease with some articles done, and a Prometheus that has seen it so."""

    def __init__(self, kafka, prefix, folder, **settings):
        self.kafka = kafka
        self.topics = asyncio.run(prepare(kafka, prefix, partitions=2))
        self.worker = WatchedWorker(kafka, prefix, folder, **{"processes": 1, "batch_records": 1} | settings)
        self.prometheus = None

    def __enter__(self):
        self.worker.start()
        try:
            self.worker.until_ready()
            self.prometheus = Prometheus(f"127.0.0.1:{self.worker.port}")
            self.send([article(n) for n in range(20)])
            self.worker.wait(
                "the first articles", lambda: self.worker.sum("claimwire_records_total", agent="lifecycle") >= 20, 120
            )
            self.worker.wait(
                "scraped", lambda: self.prometheus.query('sum(claimwire_records_total{agent="lifecycle"}) >= 20'), 20
            )
            try:
                self.worker.wait("at ease", lambda: not self.prometheus.firing() - _BUSY_MACHINE, 30)
            except AssertionError:
                raise AssertionError(f"before any fault there fire {self.prometheus.firing()}") from None
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.prometheus is not None:
            self.prometheus.stop()
        self.worker.stop(10)

    def send(self, records):
        asyncio.run(send(self.kafka, self.topics.raw, records))

    def shows(self, figure, **checks):
        """Waits for all checks at once; each must hold within the limit. The seconds of each are recorded."""
        begun, seen = time.monotonic(), {}
        while len(seen) < len(checks):
            for name, check in checks.items():
                try:
                    if name not in seen and check():
                        seen[name] = round(time.monotonic() - begun, 1)
                except (OSError, ValueError, KeyError, AssertionError):
                    continue
            if time.monotonic() - begun > _LIMIT_S:
                missing = sorted(checks.keys() - seen.keys())
                state = self.worker.get("/api/state")[1][:2000]
                raise AssertionError(
                    f"not shown in {_LIMIT_S}s: {missing}; shown: {seen}; firing: {self.prometheus.firing()}; {state}"
                )
            time.sleep(0.2)
        figure("shown after seconds", seen)


@pytest.fixture
def scene(kafka, topics_prefix, tmp_path):
    with Scene(kafka, topics_prefix, tmp_path) as made:
        yield made


def test_every_metric_that_a_rule_or_a_panel_uses_is_scraped_from_a_worker(scene, figure):
    present = {labels["__name__"] for labels, _ in scene.prometheus.query('{job="claimwire"}')}
    assert used_metrics() <= present
    assert scene.prometheus.rule_errors() == []
    assert scene.prometheus.query('up{job="claimwire"}')[0][1] == 1
    figure("series of one worker", len(scene.prometheus.query('{job="claimwire"}')))


def test_a_killed_broker_shows(topics_prefix, tmp_path, figure):
    kafka = start_kafka()
    try:
        with Scene(kafka, topics_prefix, tmp_path) as scene:
            kafka.kill(1)
            worker = scene.worker
            scene.shows(
                figure,
                metrics=lambda: worker.sum("claimwire_broker_up") == 0,
                readiness=lambda: (
                    worker.get("/health/ready")[0] == 503 and "Kafka" in worker.json("/health/ready")["reason"]
                ),
                page=lambda: not worker.json("/api/state")["ready"]["ok"],
                alert=lambda: {"ClaimwireBrokerSilent", "ClaimwireNotReady"} <= scene.prometheus.firing(),
            )
            assert worker.get("/health/live")[0] == 200  # a restart would not mend it
            kafka.start(1)
            worker.wait("ready again", lambda: worker.get("/health/ready")[0] == 200, 60)
            worker.wait("no alert", lambda: not scene.prometheus.firing() - _BUSY_MACHINE, 30)
    finally:
        kafka.stop()


def test_poison_shows(scene, figure):
    scene.send([(f"https://bad.example/{n}".encode(), _POISON) for n in range(10)])
    worker = scene.worker
    scene.shows(
        figure,
        metrics=lambda: worker.sum("claimwire_records_total", outcome="dead", reason="not_json") == 10,
        page=lambda: [d["reason"] for d in worker.json("/api/dead")["dead"]].count("not_json") == 10,
        state=lambda: worker.json("/api/state")["costliest"]["dead"][0]["publisher"] == "bad.example",
        alert=lambda: "ClaimwireDeadLetters" in scene.prometheus.firing(),
    )
    assert worker.get("/health/ready")[0] == 200  # ten of thirty: the breaker asks for more


def test_a_flood_of_poison_opens_the_breaker_and_shows(kafka, topics_prefix, tmp_path, figure):
    with Scene(kafka, topics_prefix, tmp_path, breaker_least=30) as scene:
        scene.send([(f"https://bad.example/{n}".encode(), _POISON) for n in range(300)])
        worker = scene.worker
        scene.shows(
            figure,
            metrics=lambda: worker.sum("claimwire_paused", agent="ingest", why="breaker") == 1,
            readiness=lambda: (
                worker.get("/health/ready")[0] == 503 and "dead" in worker.json("/health/ready")["reason"]
            ),
            page=lambda: "breaker" in worker.json("/api/state")["paused"],
            alert=lambda: "ClaimwireBreakerOpen" in scene.prometheus.firing(),
        )


def test_a_slow_stage_shows(scene, figure):
    """The pool's process gets the CPU for some hundredths of a second in every three, as on an overloaded machine."""
    worker, over = scene.worker, threading.Event()
    (child,) = extracting(worker.process.pid)

    def throttle():
        while not over.is_set():
            os.kill(child, signal.SIGSTOP)
            over.wait(3)
            os.kill(child, signal.SIGCONT)
            over.wait(0.05)

    throttling = threading.Thread(target=throttle)
    scene.send([article(n) for n in range(200, 400)])
    throttling.start()
    try:
        scene.shows(
            figure,
            metrics=lambda: scene.prometheus.query(
                "histogram_quantile(0.95, sum by (stage, le) (rate(claimwire_stage_seconds_bucket[5m]))) > 2"
            ),
            page=lambda: max(stage["p99"] for stage in worker.json("/api/state")["stages"]) > 2,
            alert=lambda: "ClaimwireStageSlow" in scene.prometheus.firing(),
        )
        assert worker.get("/health/ready")[0] == 200  # slow is not broken: it shows as time and lag
    finally:
        over.set()
        throttling.join()


async def _send_old(kafka, topic, count, age_s):
    """Records whose timestamps say that they have waited since then, as after a standstill."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        stamp = int((time.time() - age_s) * 1000)
        for n in range(count):
            key, value = article(1000 + n)
            await producer.send(topic, value=value, key=key, timestamp_ms=stamp + n)
        await producer.flush()
    finally:
        await producer.stop()


def test_lag_shows(scene, figure):
    worker = scene.worker
    asyncio.run(_send_old(scene.kafka, scene.topics.raw, 4000, 1800))
    scene.shows(
        figure,
        records=lambda: worker.sum("claimwire_lag_records", agent="ingest") > 1000,
        seconds=lambda: worker.sum("claimwire_lag_seconds", agent="ingest") > 1500,
        page=lambda: max(lag["seconds"] for lag in worker.json("/api/state")["lag"]) > 1500,
        alert=lambda: "ClaimwireLag" in scene.prometheus.firing(),
    )
    assert worker.get("/health/ready")[0] == 200
