"""What this machine alone refuses ends a start with a sentence, before Kafka is asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from worker.commands.errors.start_check import StartRefusedError, check_machine
from worker.settings import Settings


def _refused(**settings):
    with pytest.raises(StartRefusedError) as refused:
        check_machine(Settings(**settings))
    return str(refused.value)


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_free_port_and_a_folder_are_right_and_left_as_they_were(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for _ in range(2):
        check_machine(Settings(data_dir=str(tmp_path / "data"), web_port=port))
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["claimwire.lock"]
    check_machine(Settings(data_dir=str(tmp_path), web_port=port, web_host="localhost"))


def test_a_folder_that_another_worker_of_the_installation_has_is_named_until_that_one_ends(tmp_path):
    other = "from tests.commands.test_start_check import *; check_machine(Settings(data_dir={!r})); print(); input()"
    command = [sys.executable, "-c", other.format(str(tmp_path))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        running.stdout.readline()
        assert "in use by another worker" in _refused(data_dir=str(tmp_path), web_port=0)
        check_machine(Settings(data_dir=str(tmp_path), web_port=0, app_id="another"))
        running.kill()
        running.wait()
    check_machine(Settings(data_dir=str(tmp_path), web_port=0))


def test_a_port_that_another_program_has_is_named_with_the_setting(tmp_path, taken_port):
    said = _refused(data_dir=str(tmp_path), web_port=taken_port)
    assert f"127.0.0.1:{taken_port}" in said
    assert "Set web_port to a free port" in said


def test_no_web_server_needs_no_port(tmp_path):
    check_machine(Settings(data_dir=str(tmp_path), web_port=0, web_host="192.0.2.1"))


@pytest.mark.parametrize("host", ["192.0.2.1", "no host.example"])
def test_an_address_of_another_machine_is_named_with_the_setting(tmp_path, host):
    assert "web_host" in _refused(data_dir=str(tmp_path), web_port=6066, web_host=host)


@pytest.mark.parametrize("below", ["", "/states"])
def test_a_folder_that_is_a_file_or_cannot_be_made_is_named_with_the_setting(tmp_path, below):
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = _refused(data_dir=f"{tmp_path}/file{below}")
    assert f"data_dir = '{tmp_path}/file{below}' cannot be used" in said
    assert "that this user may write to" in said


def test_a_worker_whose_port_is_taken_ends_with_that_sentence(tmp_path, taken_port):
    ended = subprocess.run(
        [sys.executable, "-m", "worker", "run"],
        env=os.environ | {"CLAIMWIRE_WEB_PORT": str(taken_port), "CLAIMWIRE_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1
    assert "another program has it" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
