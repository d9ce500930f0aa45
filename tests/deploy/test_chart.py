"""The Helm chart: every object is one that Kubernetes knows, and the worker in it starts with what it is given."""

from __future__ import annotations

import subprocess

import kubernetes_validate
import pytest
import yaml

from tests.deploy.helm import CHART, lint, refusal, rendered
from tests.paths import ROOT
from worker.observe.web.access import WebAccess
from worker.settings import Settings, load_settings

pytestmark = pytest.mark.helm

KUBERNETES = ("1.25", "1.31", "1.34")
_NAME = "claims-claimwire"
_WORKERS = ("StatefulSet", _NAME)
_OTHERS = {"ServiceMonitor", "PrometheusRule", "ScaledObject"}  # kinds that operators bring

EVERYTHING = {
    "replicas": 3,
    "image": {"digest": "sha256:" + "0" * 64, "pullSecrets": [{"name": "pull"}]},
    "kafka": {"brokers": "b1:9093,b2:9093"},
    "settings": {"topic_prefix": "news.", "processes": 2, "state_days": 90, "breaker_share": 0.25, "model": False},
    "secretSettings": {"web_hosts": {"name": "other", "key": "hosts"}},
    "mounts": [
        {"name": "ca", "mountPath": "/certificates", "configMap": "ca"},
        {"name": "key", "mountPath": "/key", "secret": "key"},
    ],
    "web": {"port": 8080, "hosts": ["claims.example", "other.example"], "tokenSecret": {"name": "mine", "key": "web"}},
    "persistence": {"enabled": True, "storageClass": "fast"},
    "autoscaling": {"enabled": True, "authenticationRef": "kafka"},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "prometheusRule": {"enabled": True, "labels": {"release": "prometheus"}},
    "networkPolicy": {
        "enabled": True,
        "from": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
        "to": [{"to": [{"podSelector": {"matchLabels": {"app": "kafka"}}}], "ports": [{"port": 9093}]}],
    },
    "podAnnotations": {"a": "b"},
    "podLabels": {"team": "news"},
    "tolerations": [{"key": "spot", "operator": "Exists"}],
    "nodeSelector": {"disk": "ssd"},
}


def _settings_of(objects, folder):
    file = folder / "claimwire.toml"
    file.write_text(objects[("ConfigMap", _NAME)]["data"]["claimwire.toml"], encoding="utf-8")
    settings, _ = load_settings({"CLAIMWIRE_WEB_TOKEN": "0123456789abcdef"}, file)
    return settings


def _worker(objects):
    (container,) = objects[_WORKERS]["spec"]["template"]["spec"]["containers"]
    return container


@pytest.mark.parametrize("values", [{}, EVERYTHING], ids=["defaults", "everything"])
@pytest.mark.parametrize("version", KUBERNETES)
def test_each_object_fits_the_schemas_of_kubernetes(values, version):
    for (kind, _), each in rendered(values).items():
        if kind not in _OTHERS:
            kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize("values", [{}, EVERYTHING], ids=["defaults", "everything"])
def test_helm_finds_nothing_wrong(values):
    ran = lint(values)
    assert ran.returncode == 0, ran.stdout


def test_the_worker_reads_its_settings_from_the_chart(tmp_path):
    plain = _settings_of(rendered(), tmp_path)
    assert (plain.brokers, plain.log_format) == ("kafka:9092", "json")
    assert WebAccess.from_settings(plain).host == "0.0.0.0"  # noqa: S104 - kubelet asks from the node
    full = _settings_of(rendered(EVERYTHING), tmp_path)
    assert (full.topic_prefix, full.processes, full.state_days) == ("news.", 2, 90)
    assert (full.breaker_share, full.model, full.web_port) == (0.25, False, 8080)
    assert full.web_hosts == "claims.example,other.example"


def test_a_worker_is_a_static_member_by_its_ordinal():
    environment = {each["name"]: each for each in _worker(rendered())["env"]}
    assert environment["CLAIMWIRE_GROUP_INSTANCE_ID"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"


def test_a_secret_is_referred_to_and_never_written():
    objects = rendered(EVERYTHING)
    environment = {each["name"]: each for each in _worker(objects)["env"]}
    assert environment["CLAIMWIRE_WEB_HOSTS"]["valueFrom"]["secretKeyRef"] == {"name": "other", "key": "hosts"}
    assert environment["CLAIMWIRE_WEB_TOKEN"]["valueFrom"]["secretKeyRef"] == {"name": "mine", "key": "web"}
    assert not [kind for kind, _ in objects if kind == "Secret"]
    token = rendered()[("Secret", f"{_NAME}-web")]["data"]["token"]
    assert len(token) >= 48
    for (kind, _), each in rendered().items():
        assert kind == "Secret" or token not in str(each)


def test_a_pod_has_longer_to_end_than_the_worker_takes():
    spec = rendered()[_WORKERS]["spec"]["template"]["spec"]
    assert spec["terminationGracePeriodSeconds"] > Settings().drain_timeout_s + Settings().request_timeout_s


def test_a_pod_has_no_rights_and_no_variables_of_services():
    spec = rendered(EVERYTHING)[_WORKERS]["spec"]["template"]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["enableServiceLinks"] is spec["automountServiceAccountToken"] is False
    for container in spec["containers"] + spec["initContainers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_keda_asks_for_the_lag_of_the_group_that_reads_the_articles():
    objects = rendered(EVERYTHING)
    (trigger,) = objects[("ScaledObject", _NAME)]["spec"]["triggers"]
    wanted = Settings(topic_prefix="news.")
    assert trigger["metadata"]["consumerGroup"] == f"{wanted.installation}-ingest"
    assert trigger["metadata"]["topic"] == "news.articles.raw"
    assert trigger["metadata"]["excludePersistentLag"] == "true"
    assert all(isinstance(value, str) for value in trigger["metadata"].values())
    assert "replicas" not in objects[_WORKERS]["spec"]  # the autoscaler's
    assert rendered()[_WORKERS]["spec"]["replicas"] == 1


@pytest.mark.prometheus
def test_the_rules_are_those_that_are_tested(tmp_path):
    rule = rendered(EVERYTHING)[("PrometheusRule", _NAME)]
    tested = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    assert rule["spec"] == tested, (
        "cp deploy/prometheus/alerts.yml deploy/helm/claimwire/files/ (Helm reads no file outside of a chart)"
    )
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump(rule["spec"]), encoding="utf-8")
    subprocess.run(["promtool", "check", "rules", str(file)], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"replica": 2}, "replica"),
        ({"kafka": {"brokers": "kafka"}}, "brokers"),
        ({"web": {"port": 80}}, "port"),
        ({"terminationGracePeriodSeconds": 5}, "terminationGracePeriodSeconds"),
        ({"image": {"digest": "sha256:short"}}, "digest"),
        ({"settings": {"brokers": "a:1"}}, "settings.brokers is set by the chart"),
        ({"mounts": [{"name": "both", "mountPath": "/x", "secret": "a", "configMap": "b"}]}, "mounts"),
        ({"autoscaling": {"lagThreshold": 500}}, "lagThreshold"),
    ],
)
def test_wrong_values_are_named(values, named):
    assert named in refusal(values)


def test_each_value_has_its_meaning_in_the_schema():
    """A value that the schema does not know would be refused; one that values.yaml lacks would be found by nobody."""
    schema = yaml.safe_load((CHART / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    assert set(values) == set(schema["properties"]) - {"global"}
