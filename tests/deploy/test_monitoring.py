"""Alert rules, runbook and dashboard fit the metrics that there are, and the rules do what they are for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields

import pytest

from tests.paths import ROOT
from worker.contract.reasons import DeadReason, DropReason, RetryReason
from worker.observe.metrics import Metrics
from worker.settings import Settings

_DEPLOY = ROOT / "deploy"
_RULES = _DEPLOY / "prometheus" / "alerts.yml"
_METRIC = re.compile(r"\b(claimwire_[a-z_]+)\b")


def _series():
    names = set()
    for each in Metrics().declared:
        names |= {each.name + end for end in ("_bucket", "_sum", "_count")} if each.kind == "histogram" else {each.name}
    return names


def _expressions():
    """Every expression of the dashboard with the panel's title; variables filled in."""
    board = json.loads((_DEPLOY / "grafana" / "claimwire.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            expression = target["expr"].replace("$__rate_interval", "1m").replace("$job", "claimwire")
            yield panel["title"], expression.replace("$instance", ".*")


def used_metrics():
    """The names of all series that a rule or a panel uses."""
    text = _RULES.read_text(encoding="utf-8") + "\n".join(expression for _, expression in _expressions())
    return set(_METRIC.findall(text))


def test_rules_and_panels_use_only_what_is_declared():
    assert used_metrics() <= _series()
    assert len(used_metrics()) > 25


def test_each_alert_has_a_page_and_each_page_an_alert():
    alerts = set(re.findall(r"- alert: (\w+)", _RULES.read_text(encoding="utf-8")))
    assert {page.stem for page in (_DEPLOY / "runbook").glob("*.md")} == alerts
    for alert in alerts:
        assert f"runbook/{alert}.md" in _RULES.read_text(encoding="utf-8")
        page = (_DEPLOY / "runbook" / f"{alert}.md").read_text(encoding="utf-8")
        for heading in ("## What it means", "## How to see the cause", "## What to do"):
            assert heading in page, alert


def test_each_alert_is_tested():
    tested = set(
        re.findall(r"alertname: (\w+)", (_DEPLOY / "prometheus" / "alerts.test.yml").read_text(encoding="utf-8"))
    )
    assert tested == set(re.findall(r"- alert: (\w+)", _RULES.read_text(encoding="utf-8")))


def test_the_runbook_names_only_metrics_and_settings_that_there_are():
    declared = {each.name for each in Metrics().declared}
    settings = {each.name for each in fields(Settings)}
    for page in (_DEPLOY / "runbook").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert set(_METRIC.findall(text)) <= declared, page.name
        for word in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text):
            if word.startswith("claimwire_") or word in _WORDS:
                continue
            assert word in settings, f"{page.name}: {word} is no setting"


_WORDS = {"output_failing", "timed_out", *DeadReason, *RetryReason, *DropReason}
"""Reasons and causes, the values of labels."""


@pytest.mark.prometheus
def test_promtool_accepts_the_rules_and_their_tests():
    promtool = shutil.which("promtool")
    for command in (
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts.test.yml"],
        ["check", "config", "prometheus.yml"],
    ):
        done = subprocess.run(
            [promtool, *command], cwd=_DEPLOY / "prometheus", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.prometheus
def test_every_panels_query_is_one(tmp_path):
    rules = [{"record": f"panel:{index}", "expr": expression} for index, (_, expression) in enumerate(_expressions())]
    file = tmp_path / "panels.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")  # JSON is YAML
    done = subprocess.run(
        [shutil.which("promtool"), "check", "rules", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
