"""The commands as their users type them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError
from click.testing import CliRunner

from tests.paths import ROOT
from worker.cli import COMMANDS, main
from worker.commands.errors.exit_codes import CODES, KAFKA
from worker.contract.article import RawArticle
from worker.contract.topics import Topics
from worker.settings import SettingsError
from worker.streaming.topics.admin import TopicError
from worker.streaming.topics.window import WindowError

TEXT = "The council met in the town hall.\n\nMayor Anna Lind said that the bridge would open in May.\n"


def claimwire(*arguments, given=b"", **environment):
    return subprocess.run(
        [sys.executable, "-m", "worker", *arguments],
        input=given,
        capture_output=True,
        env=os.environ | environment,
        check=False,
        timeout=120,
    )


def _left_running(mark):
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes())
        except OSError:
            continue
    return found


@pytest.mark.parametrize("command", list(COMMANDS))
def test_each_command_explains_itself(command):
    asked = CliRunner().invoke(main, [command, "--help"])
    assert asked.exit_code == 0, asked.output
    assert asked.output.startswith(f"Usage: main {command} ")


def test_the_help_lists_each_command_with_what_it_does():
    help_text = CliRunner().invoke(main, ["--help"]).output
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w+,? .{{10}}", help_text, re.MULTILINE), command


def test_the_help_loads_neither_models_nor_clients_of_kafka():
    code = "import sys; from click.testing import CliRunner; from worker.cli import main; "
    code += "CliRunner().invoke(main, ['--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"aiokafka", "faust", "spacy", "pyarrow", "aiohttp", "rich"} & set(loaded)


@pytest.mark.parametrize(
    ("words", "at", "completed"),
    [
        ("claimwire co", 1, "plain,config"),
        ("claimwire config --ch", 2, "plain,--check"),
        ("claimwire dead l", 2, "plain,ls"),
    ],
)
def test_a_shell_completes_commands_and_options(words, at, completed):
    asked = {"_CLAIMWIRE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    code = "from worker.cli import main; main(prog_name='claimwire')"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True, check=True
    )
    assert completed in done.stdout.splitlines()


def test_the_version_names_what_makes_the_claims(pipeline):
    asked = CliRunner().invoke(main, ["--version"])
    assert asked.exit_code == 0
    assert f"pipeline {pipeline.version}\n" in asked.output
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=TEXT, language="en")])
    for model in outcome.extraction.claims[0].provenance.models.values():
        assert model in asked.output


def test_each_error_with_an_exit_code_is_an_error_of_that_module():
    for name in [*CODES, KAFKA]:
        module, _, error = name.partition(":")
        kind = getattr(import_module(module), error)
        assert issubclass(kind, Exception)
        assert kind.__module__ == module


class _BrokenError(KafkaError):
    pass


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (SettingsError("processes = -1"), 2, "processes = -1"),
        (WindowError("there is no topic x"), 2, "there is no topic x"),
        (TopicError("not allowed"), 1, "not allowed"),
        (KafkaConnectionError("refused"), 1, "no answer from Kafka at k:1"),
        (_BrokenError("full"), 1, "Kafka at k:1: "),
    ],
)
def test_an_error_of_any_command_ends_with_its_code_and_one_line(monkeypatch, error, code, line):
    def fails(settings, limit_s=0):
        raise error

    monkeypatch.setattr("worker.streaming.topics.description.describe_topics", fails)
    asked = CliRunner().invoke(main, ["topics", "--brokers", "k:1"])
    assert (asked.exit_code, asked.output.count("\n")) == (code, 1)
    assert line in asked.output


def test_an_error_that_no_user_can_mend_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr("worker.streaming.topics.description.describe_topics", lambda *_: 1 / 0)
    assert isinstance(CliRunner().invoke(main, ["topics"]).exception, ZeroDivisionError)


def test_extract_reads_a_text_json_lines_and_standard_input(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text(TEXT, encoding="utf-8")
    lines = tmp_path / "b.jsonl"
    good = json.dumps({"uri": "u1", "body": TEXT})
    lines.write_text(f"{good}\nnot json\n{good.replace('u1', 'u2')}\n", encoding="utf-8")
    done = claimwire("extract", str(text), str(lines), "-", "--json", given=TEXT.encode())
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    told = [claim["article"]["uri"] for claim in claims if claim["voice"] == "attributed"]
    assert told == [f"file:{text}", "u1", "u2", "stdin:"]
    assert done.returncode == 1
    assert b"b.jsonl:2" in done.stderr


def test_a_wrong_setting_ends_with_one_line_and_code_2():
    done = claimwire("config", CLAIMWIRE_PROCESSES="many")
    assert done.returncode == 2
    assert b"processes = 'many' (from CLAIMWIRE_PROCESSES)" in done.stderr


def test_topics_says_what_is_missing_and_makes_it(broker, topics_prefix):
    where = {"CLAIMWIRE_BROKERS": broker.bootstrap, "CLAIMWIRE_TOPIC_PREFIX": topics_prefix}
    assert claimwire("topics", **where).returncode == 1
    made = claimwire("topics", "--create", "--partitions", "2", **where)
    assert made.returncode == 0, made.stderr
    assert made.stdout.count(b"just created") == len(list(Topics().specs()))
    assert claimwire("topics", **where).returncode == 0


def test_topics_without_kafka_says_where_it_looked():
    done = claimwire("topics", CLAIMWIRE_BROKERS="127.0.0.1:1")
    assert done.returncode == 1
    assert b"no answer from Kafka at 127.0.0.1:1" in done.stderr


@pytest.fixture
def _heard():
    """Ctrl-C reaches what is started, also where the suite runs in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _demo(mark):
    return subprocess.Popen(
        [sys.executable, "-m", "worker", "demo"],
        cwd=ROOT,
        env=os.environ | {"CLAIMWIRE_TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see what is left running")
@pytest.mark.parametrize("after", [None, 0.5, 5.0], ids=["to the end", "Ctrl-C at the start", "Ctrl-C in the middle"])
@pytest.mark.usefixtures("_heard")
def test_the_demo_leaves_no_process_behind(after):
    mark = f"demo-{os.getpid()}-{after}"
    process = _demo(mark)
    try:
        if after is not None:
            time.sleep(after)
            os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=240)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if after is None:
        assert process.returncode == 0, output
        assert b"claims" in output
    else:
        assert process.returncode in (130, -signal.SIGINT, 0), output
    until = time.monotonic() + 30
    while _left_running(mark.encode()) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _left_running(mark.encode())
