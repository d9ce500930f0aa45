"""The compose file: one that Compose reads, with settings that the worker knows and files that are there."""

from __future__ import annotations

import re
import subprocess

import click
import pytest
import yaml
from compose_pydantic import ComposeSpecification

from tests.paths import ROOT, SEEDS
from worker.archives.reading import files_of, read_archives
from worker.cli import main
from worker.contract.codec import decode_article
from worker.contract.topics import Topics
from worker.observe.web.access import WebAccess
from worker.settings import load_settings

_DEPLOY = ROOT / "deploy"
_FILE = _DEPLOY / "compose.yaml"


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))["services"]


def test_it_is_a_compose_file():
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    ComposeSpecification.model_validate({name: part for name, part in content.items() if not name.startswith("x-")})


def test_the_worker_starts_with_the_settings_that_it_is_given(services):
    for name in ("topics", "articles", "worker"):
        settings, _ = load_settings(services[name]["environment"])
        assert settings.brokers == "kafka:29092"
        access = WebAccess.from_settings(settings)
    assert "worker" in access.names
    assert re.fullmatch(r"127\.0\.0\.1:(\d+):\1", services["worker"]["ports"][0])[1] == str(settings.web_port)


def test_the_articles_are_loaded_into_the_topic_that_the_worker_reads(services):
    service = services["articles"]
    (mounted,) = service["volumes"]
    source, target, _ = mounted.split(":")
    command = [str((_DEPLOY / source).resolve()) if word == target else word for word in service["command"]]
    load = main.get_command(click.Context(main), "load")
    with load.make_context("load", command[1:]) as context:
        settings, _ = load_settings(services["worker"]["environment"])
        assert context.params["topic"] == Topics.with_prefix(settings.topic_prefix).raw
        records = list(read_archives(files_of(context.params["files"])))
    assert len(records) == len(list(SEEDS.glob("*.json")))
    assert all(decode_article(record.value).uri == record.key.decode() for record in records)


def test_nothing_is_reachable_from_other_machines(services):
    for service in services.values():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")


def test_a_container_has_longer_to_end_than_the_worker_takes(services):
    settings, _ = load_settings(services["worker"]["environment"])
    assert int(services["worker"]["stop_grace_period"].rstrip("s")) > settings.drain_timeout_s


def test_kafka_is_reachable_by_the_addresses_that_it_tells(services):
    environment = services["kafka"]["environment"]
    listeners = dict(each.split("://") for each in environment["KAFKA_LISTENERS"].split(","))
    advertised = dict(each.split("://") for each in environment["KAFKA_ADVERTISED_LISTENERS"].split(","))
    for name, address in advertised.items():
        assert address.rpartition(":")[2] == listeners[name].rpartition(":")[2]
    assert advertised["CONTAINERS"] == services["worker"]["environment"]["CLAIMWIRE_BROKERS"]
    assert f"{advertised['HOST'].replace('127.0.0.1:', '127.0.0.1:9092:')}" in services["kafka"]["ports"]


def test_each_mounted_file_is_there(services):
    volumes = set(yaml.safe_load(_FILE.read_text(encoding="utf-8"))["volumes"])
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (_DEPLOY / source).exists() if source.startswith(".") else source in volumes, volume


def test_prometheus_scrapes_the_worker_under_the_job_that_rules_and_dashboard_ask_for(services):
    (job,) = yaml.safe_load((_DEPLOY / "compose" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["job_name"] == "claimwire"
    assert job["static_configs"] == [{"targets": ["worker:6066"]}]
    assert "worker" in services


@pytest.mark.prometheus
def test_the_configuration_is_one_that_prometheus_reads(tmp_path):
    for file in ("compose/prometheus.yml", "prometheus/alerts.yml"):
        (tmp_path / file.rpartition("/")[2]).write_bytes((_DEPLOY / file).read_bytes())
    subprocess.run(
        ["promtool", "check", "config", str(tmp_path / "prometheus.yml")], check=True, capture_output=True, timeout=60
    )
