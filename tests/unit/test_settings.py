from __future__ import annotations

import pytest

from worker.settings import SettingsError, load_settings


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
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_was_expected(name, value, says):
    with pytest.raises(SettingsError) as raised:
        load_settings({name: value})
    assert says in str(raised.value)
    assert name in str(raised.value)
    if "no setting" not in says:
        assert value in str(raised.value)
