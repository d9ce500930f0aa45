"""A worker with its web server on, as a process, and ways to look at it from outside."""

from __future__ import annotations

import http.client
import json
import time

import orjson
from prometheus_client.parser import text_string_to_metric_families

from tests.running import RunningWorker
from worker.local.tansu import free_ports


class WatchedWorker(RunningWorker):
    def __init__(self, broker, prefix, folder, **settings):
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(broker, prefix, folder, web_port=self.port, **settings)

    def get(self, path):
        """Status and body; 0 and the error when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as failed:
            return 0, repr(failed)
        finally:
            connection.close()

    def json(self, path):
        _, body = self.get(path)
        return json.loads(body)

    def metrics(self):
        """{(name, labels as a frozenset of pairs): value}"""
        status, text = self.get("/metrics")
        for _ in range(5):  # five seconds each: a busy machine may keep the worker from answering for some time
            if status == 200:
                break
            status, text = self.get("/metrics")
        assert status == 200, text
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def sum(self, name, **labels):
        wanted = set(labels.items())
        return sum(value for (found, has), value in self.metrics().items() if found == name and wanted <= has)

    def wait(self, what, done, limit_s):
        """Seconds until done() held. AssertionError with the log's end when it did not in time."""
        begun = time.monotonic()
        while True:
            try:
                if done():
                    return time.monotonic() - begun
            except (OSError, ValueError, AssertionError):
                pass  # it does not answer yet
            if time.monotonic() - begun > limit_s:
                log = self.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                raise AssertionError(f"{what}: not within {limit_s}s\n{self.get('/health/ready')}\n{log}")
            time.sleep(0.2)

    def until_ready(self, limit_s=120):
        return self.wait("ready", lambda: self.get("/health/ready")[0] == 200, limit_s)


def article(number, **fields):
    """An article as a record: key, value."""
    made = {
        "uri": f"https://news.example/{number}",
        "headline": f"Council meets for the {number}. time",
        "body": "The council met on Monday.\n\n"
        f"Mayor Anna Lind said that the bridge number {number} would open in May. "
        f"“We are proud of what we have built here,” she said. The opposition denied that {number} workers were hired.",
        "published_at": "2026-11-20T09:00:00Z",
        "publisher": "The Example",
    } | fields
    return made["uri"].encode(), orjson.dumps(made)
