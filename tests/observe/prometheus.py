"""A real Prometheus on loopback with this project's rules, its waiting times cut short."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import urllib.parse
from http.client import HTTPConnection
from pathlib import Path

from tests.paths import ROOT
from worker.local.tansu import end, free_ports, start_child, wait_for_port

_RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"


class Prometheus:
    """Scrapes and evaluates every second. Only `for:` is cut, to two seconds; expressions and thresholds are real."""

    def __init__(self, target):
        (self.port,) = free_ports(1)
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-prometheus-")
        folder = Path(self._folder.name)
        rules = re.sub(r"for: \S+", "for: 2s", _RULES.read_text(encoding="utf-8"))
        (folder / "alerts.yml").write_text(rules, encoding="utf-8")
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": ["alerts.yml"],
            "scrape_configs": [{"job_name": "claimwire", "static_configs": [{"targets": [target]}]}],
        }
        (folder / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
        log = folder / "prometheus.log"
        with log.open("wb") as file:
            self._process = start_child(
                [
                    shutil.which("prometheus"),
                    f"--config.file={folder}/prometheus.yml",
                    f"--storage.tsdb.path={folder}/data",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                ],
                file,
            )
        wait_for_port(self.port, self._process, log, 60)

    def stop(self):
        self._process.terminate()
        end(self._process, 10)
        self._folder.cleanup()

    def _get(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())["data"]
        finally:
            connection.close()

    def query(self, expression):
        """The vector: [(labels, value)]."""
        result = self._get(f"/api/v1/query?query={urllib.parse.quote(expression)}")["result"]
        return [(each["metric"], float(each["value"][1])) for each in result]

    def firing(self):
        return {a["labels"]["alertname"] for a in self._get("/api/v1/alerts")["alerts"] if a["state"] == "firing"}

    def rule_errors(self):
        groups = self._get("/api/v1/rules")["groups"]
        return [rule["lastError"] for group in groups for rule in group["rules"] if rule.get("lastError")]
