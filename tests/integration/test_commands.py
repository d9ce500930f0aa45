"""The commands as their users type them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from worker.contract.topics import Topics

ROOT = Path(__file__).parents[2]
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


@pytest.mark.parametrize("command", [[], ["run"], ["demo"], ["extract"], ["topics"], ["config"]])
def test_each_command_explains_itself(command):
    done = claimwire(*command, "--help")
    assert done.returncode == 0
    assert b"Usage" in done.stdout


def test_extract_reads_a_text_json_lines_and_standard_input(tmp_path):
    text = tmp_path / "a.txt"
    text.write_text(TEXT, encoding="utf-8")
    lines = tmp_path / "b.jsonl"
    good = json.dumps({"uri": "u1", "body": TEXT})
    lines.write_text(f"{good}\nnot json\n{good.replace('u1', 'u2')}\n", encoding="utf-8")
    done = claimwire("extract", str(text), str(lines), "-", "--json", given=TEXT.encode())
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    told = [claim["article"]["uri"] for claim in claims if claim["voice"] == "attributed"]
    assert told == ["file:a.txt", "u1", "u2", "stdin:"]
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
def test_the_demo_leaves_no_process_behind(after):
    mark = f"demo-{os.getpid()}-{after}"
    process = _demo(mark)
    try:
        if after is not None:
            time.sleep(after)
            os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=70)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if after is None:
        assert process.returncode == 0, output
        assert b"claims" in output
    else:
        assert process.returncode in (130, -signal.SIGINT, 0), output
    until = time.monotonic() + 3
    while _left_running(mark.encode()) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _left_running(mark.encode())
