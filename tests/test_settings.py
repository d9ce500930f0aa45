from __future__ import annotations

import json
from dataclasses import fields

import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from worker.cli import main
from worker.settings import SECTIONS, Settings, SettingsError, load_settings, sections
from worker.settings_reference import page


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text('brokers = "a:1"\nprocesses = 3\napp_id = "x"\n', encoding="utf-8")
    settings, origins = load_settings({"CLAIMWIRE_BROKERS": "b:2", "CLAIMWIRE_APP_ID": "y"}, file, {"app_id": "z"})
    assert (settings.brokers, settings.processes, settings.app_id) == ("b:2", 3, "z")
    assert origins["brokers"] == "CLAIMWIRE_BROKERS"
    assert origins["app_id"] == "the command line"
    assert origins["compression"] == "default"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CLAIMWIRE_BROKERS", "kafka", "host:port"),
        ("CLAIMWIRE_PROCESSES", "many", "a whole number"),
        ("CLAIMWIRE_COMPRESSION", "rar", "one of none"),
        ("CLAIMWIRE_MODEL", "perhaps", "true or false"),
        ("CLAIMWIRE_OWN_VOICE_LEAST", "2", "at most 1"),
        ("CLAIMWIRE_BROKER", "a:1", "is no setting"),
        ("CLAIMWIRE_BROKERS", "kafka:99999", "from 1 to 65535"),
        ("CLAIMWIRE_WEB_PORT", "99999", "at most 65535"),
        ("CLAIMWIRE_TRACES_SHARE", "4", "at most 1"),
        ("CLAIMWIRE_BREAKER_SHARE", "7", "at most 1"),
        ("CLAIMWIRE_SESSION_TIMEOUT_S", "nan", "at least 6"),
        ("CLAIMWIRE_TOPIC_PREFIX", "news/", "letters, digits"),
        ("CLAIMWIRE_TRACES_ENDPOINT", "127.0.0.1:4318", "http://"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_was_expected(name, value, says):
    with pytest.raises(SettingsError) as raised:
        load_settings({name: value})
    assert says in str(raised.value)
    assert name in str(raised.value)
    if "no setting" not in says:
        assert value in str(raised.value)


def test_what_kubernetes_says_of_a_service_of_the_same_name_is_no_setting():
    links = {
        "CLAIMWIRE_SERVICE_HOST": "10.96.0.7",
        "CLAIMWIRE_SERVICE_PORT": "6066",
        "CLAIMWIRE_SERVICE_PORT_HTTP": "6066",
        "CLAIMWIRE_PORT": "tcp://10.96.0.7:6066",
        "CLAIMWIRE_PORT_6066_TCP": "tcp://10.96.0.7:6066",
        "CLAIMWIRE_PORT_6066_TCP_ADDR": "10.96.0.7",
        "CLAIMWIRE_WEB_SERVICE_HOST": "10.96.0.8",
        "CLAIMWIRE_WEB_PORT": "tcp://10.96.0.8:80",  # of a Service named claimwire-web
    }
    settings, origins = load_settings(links)
    assert settings.web_port == 6066
    assert set(origins.values()) == {"default"}
    assert load_settings(links | {"CLAIMWIRE_WEB_PORT": "7000"})[0].web_port == 7000


@pytest.mark.parametrize(("name", "meant"), [("CLAIMWIRE_WEB_PROT", "web_port"), ("CLAIMWIRE_BROKER", "brokers")])
def test_a_name_that_is_nearly_a_setting_is_an_error_that_says_which(name, meant):
    with pytest.raises(SettingsError, match=rf"did you mean {meant}\?"):
        load_settings({name: "1"})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("kafka://broker.example:9092", "without kafka://"),
        ("a.example:9092,SASL_SSL://b.example:9093", "without SASL_SSL://"),
        ("a.example:9092 b.example:9092", "separated by commas"),
        ("a.example:9092;b.example:9092", "separated by commas"),
        ("me@broker.example:9092", "expected host:port"),
        ("broker.example:9092/articles", "expected host:port"),
        ("'broker.example:9092'", "expected host:port"),
        ("fd00::7:9092", "an IPv6 address in brackets"),
        ("broker.example", "expected host:port"),
        ("broker.example:9092,", "expected host:port"),
    ],
)
def test_a_list_of_brokers_that_is_written_otherwise_is_refused_before_anybody_is_asked(given, says):
    with pytest.raises(SettingsError) as raised:
        load_settings({"CLAIMWIRE_BROKERS": given})
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "given", ["a-1.b_2.example:9092, 10.0.0.7:9093", " localhost:9092 ", "[fd00::7]:9092", "kafka:1"]
)
def test_hosts_of_all_kinds_may_be_brokers(given):
    assert load_settings({"CLAIMWIRE_BROKERS": given})[0].brokers == given


def test_a_secret_can_stand_in_a_file_that_the_environment_or_the_settings_file_names(tmp_path):
    secret = tmp_path / "password"
    secret.write_text("s3cret \n", encoding="utf-8")
    login = {
        "CLAIMWIRE_SECURITY_PROTOCOL": "SASL_SSL",
        "CLAIMWIRE_SASL_MECHANISM": "SCRAM-SHA-512",
        "CLAIMWIRE_SASL_USERNAME": "u",
    }
    settings, origins = load_settings(login | {"CLAIMWIRE_SASL_PASSWORD_FILE": str(secret)})
    assert settings.sasl_password == "s3cret "  # only the newline goes
    assert origins["sasl_password"] == f"the file {secret} of CLAIMWIRE_SASL_PASSWORD_FILE"
    assert settings.kafka.sasl.password == "s3cret "
    assert "s3cret" not in repr(settings)
    file = tmp_path / "c.toml"
    file.write_text(f'sasl_password_file = "{secret}"\n', encoding="utf-8")
    assert load_settings(login, file)[0].sasl_password == "s3cret "
    assert load_settings(login | {"CLAIMWIRE_SASL_PASSWORD": "other"}, file)[0].sasl_password == "other"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SASL_PASSWORD_FILE": "/nowhere"}, "sasl_password_file = '/nowhere' (from CLAIMWIRE_SASL_PASSWORD_FILE)"),
        ({"SASL_PASSWORD_FILE": "/dev/null"}, "the file is empty"),
        ({"SASL_PASSWORD_FILE": "/dev/null", "SASL_PASSWORD": "x"}, "are both set"),
        ({"SASL_USERNAME_FILE": "/dev/null"}, "is no setting"),
        ({"SASL_PASSWORD": "x"}, "uses no SASL: set SASL_SSL"),
        ({"SSL_CA_FILE": "/ca.pem"}, "uses no TLS: set SSL or SASL_SSL"),
        ({"SECURITY_PROTOCOL": "SASL_SSL"}, "needs sasl_mechanism: PLAIN"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "PLAIN", "SASL_USERNAME": "u"}, "needs sasl_password"),
        ({"SECURITY_PROTOCOL": "SSL", "SSL_KEY_FILE": "k"}, "without ssl_cert_file"),
        ({"SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "OAUTHBEARER"}, "needs oauth_token_url (or oauth_prov"),
        ({"SECURITY_PROTOCOL": "TLS"}, "one of PLAINTEXT, SSL"),
        ({"OAUTH_EXTENSIONS": "a"}, "name=value"),
    ],
)
def test_settings_of_security_that_do_not_go_together_are_named(given, says):
    with pytest.raises(SettingsError) as raised:
        load_settings({f"CLAIMWIRE_{name}": value for name, value in given.items()})
    assert says in str(raised.value)


def test_a_setting_stands_in_its_section_or_at_the_top(tmp_path):
    file = tmp_path / "c.toml"
    file.write_text('app_id = "x"\n[kafka]\nbrokers = "a:1"\n[web]\nweb_port = 7000\n', encoding="utf-8")
    settings, origins = load_settings({}, file)
    assert (settings.app_id, settings.brokers, settings.web_port) == ("x", "a:1", 7000)
    assert origins["web_port"] == f"[web] in {file}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[kafka]\nweb_port = 1\n", "web_port stands in [kafka] in {file}; its section is [web]"),
        ("[kafka]\nweb_token_file = '/t'\n", "web_token_file stands in [kafka] in {file}; its section is [web]"),
        ("[kakfa]\nbrokers = 'a:1'\n", "[kakfa] in {file} is no section; there are: kafka, names,"),
        ("app_id = 'a'\n[names]\napp_id = 'b'\n", "app_id stands twice in {file}"),
        ("[web]\nweb_prot = 1\n", "web_prot (from [web] in {file}) is no setting (did you mean web_port?)"),
    ],
)
def test_a_section_that_is_wrong_is_named(tmp_path, content, says):
    file = tmp_path / "c.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings({}, file)
    assert says.format(file=file) in str(raised.value)


def test_every_setting_has_a_section_and_every_section_settings():
    assert set(sections().values()) == set(SECTIONS)
    assert list(sections()) == [spec.name for spec in fields(Settings)]


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(SettingsError) as raised:
        load_settings({"CLAIMWIRE_WEB_PORT": "x", "CLAIMWIRE_WEB_PROT": "1", "CLAIMWIRE_MODEL": "perhaps"})
    assert len(raised.value.problems) == 3


def test_config_check_has_a_line_for_each_problem_and_shows_no_secret():
    wrong = {"CLAIMWIRE_WEB_PORT": "99999", "CLAIMWIRE_WEB_TOKEN": "short", "CLAIMWIRE_WEB_PROT": "1"}
    asked = CliRunner(mix_stderr=False).invoke(main, ["config", "--check"], env=wrong)
    assert (asked.exit_code, asked.stdout, asked.stderr.count("\n")) == (2, "", 3)
    assert "short" not in asked.stderr
    right = CliRunner().invoke(main, ["config", "--check"], env={"CLAIMWIRE_WEB_PORT": "7000"})
    assert right.exit_code == 0
    assert "are right: 1 of" in right.output


def test_config_as_json_says_all_but_secrets():
    secret = "0123456789abcdef"
    asked = CliRunner().invoke(
        main, ["config", "--json"], env={"CLAIMWIRE_WEB_TOKEN": secret, "CLAIMWIRE_WEB_PORT": "7000"}
    )
    answer = json.loads(asked.output)
    assert secret not in asked.output
    assert (answer["web_token"]["value"], answer["web_token"]["set"]) == (None, True)
    assert (answer["web_port"]["value"], answer["web_port"]["from"]) == (7000, "CLAIMWIRE_WEB_PORT")
    assert (answer["web_port"]["maximum"], answer["web_port"]["section"]) == (65535, "web")
    assert answer.keys() == sections().keys()


def test_the_reference_page_is_that_of_the_declarations():
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page()
