"""The programs in examples/, as their users start them."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.examples.postgresql import postgresql_missing, running_postgresql
from tests.paths import ROOT
from tests.running import Reader, prepare, send

EXAMPLES = ROOT / "examples"
JARS = ROOT / "deploy" / "kafka" / "jars"

pytestmark = pytest.mark.slow


def claim(number, **other):
    """The claim of the schemas' example, under another id. Its text has what a table could trip over."""
    made = json.loads((ROOT / "schemas" / "examples" / "claim.v1.json").read_text(encoding="utf-8")) | other
    made["claim_id"] = f"claim-{number}"
    made["content"] = made["content"] | {"text": f'The "quay", no. {number}, \\u0000 \0 \\. stays shut\u2028'}
    span = {"start": 0, "end": 5, "exact": "today"}
    made["times"] = [{"span": span, "timex": "2026-11-29", "start": "2026-11-29", "end": "2026-11-30"}]
    return made


def record(made):
    return made["claim_id"].encode(), json.dumps(made).encode()


def records():
    """Of five claims two stand in the end: one is retracted, one superseded, and one deleted."""
    rows = [record(claim(number)) for number in range(5)]
    rows.append(record(claim(1, status="retracted", revision=2)))
    rows.append(record(claim(2, status="superseded", revision=2)))
    rows.append((b"claim-3", None))
    return rows


def program(name, *arguments, limit_s=120):
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
async def claims(broker, topics_prefix):
    """The topic with the claims."""
    topics = await prepare(broker, topics_prefix, partitions=1)
    await send(broker, topics.claims, records())
    return topics.claims


async def test_articles_are_sent(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix)
    articles = [{"uri": f"https://news.example/{number}", "body": "It rained."} for number in range(3)]
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, articles)) + "\n", encoding="utf-8")
    said = program("send_articles.py", file, "--brokers", broker.bootstrap, "--topic", topics.raw)
    assert said == "3 articles sent\n"
    async with Reader(broker, topics.raw) as reader:
        await reader.to_the_end(topics.raw)
    assert {r.key.decode(): json.loads(r.value) for r in reader.records[topics.raw]} == {a["uri"]: a for a in articles}


async def test_claims_are_read(broker, claims):
    said = program("read_claims.py", "--brokers", broker.bootstrap, "--topic", claims, "--count", len(records()))
    lines = [line for line in said.split("\n") if line.startswith(("+ claim-", "- claim-"))]
    assert [line.split()[:2] for line in lines[:5]] == [["+", f"claim-{number}"] for number in range(5)]
    assert lines[5:] == ["- claim-1 retracted", "- claim-2 superseded", "- claim-3 deleted"]


@pytest.mark.kafka
@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java")
async def test_claims_are_read_in_java(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await send(kafka, topics.claims, records())
    done = subprocess.run(
        ["java", "-cp", f"{JARS}/*", EXAMPLES / "ReadClaims.java", kafka.bootstrap, topics.claims, str(len(records()))],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.startswith("claim-")]
    assert [row[0] for row in rows] == [key.decode() for key, _ in records()]
    assert json.loads(rows[0][2]) == claim(0)
    assert rows[-1][2] == "null"


@pytest.mark.skipif(postgresql_missing() is not None, reason=str(postgresql_missing()))
async def test_claims_come_into_postgresql_once(broker, claims):
    with running_postgresql() as address:

        def ask(query):
            command = ["psql", "--no-psqlrc", "-At", address, "-c", query]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

        def keep(group):
            options = ("--brokers", broker.bootstrap, "--topic", claims, "--group", group, "--database", address)
            program("claims_to_postgresql.py", *options, "--count", len(records()))

        keep(f"{claims}-first")
        assert ask("SELECT claim_id FROM claims ORDER BY 1") == ["claim-0", "claim-4"]
        assert ask("SELECT DISTINCT claim ->> 'act' = act FROM claims") == ["t"]
        times = ask("SELECT count(*) FROM claim_times")
        assert times == ["2"]
        keep(f"{claims}-again")  # everything once more, as after a crash before the commit
        assert ask("SELECT claim_id FROM claims ORDER BY 1") == ["claim-0", "claim-4"]
        assert ask("SELECT count(*) FROM claim_times") == times


@pytest.mark.skipif(postgresql_missing() is not None, reason=str(postgresql_missing()))
def test_the_view_over_the_table_of_kafka_connect_has_the_claims_that_stand():
    """The table as the sink fills it: the last value of each key, empty where it was deleted."""
    rows = io.StringIO()
    table = csv.writer(rows, lineterminator="\n")
    for key, value in dict(records()).items():
        table.writerow([key.decode(), value.decode() if value else None])
    fill = (
        "CREATE TABLE claims_as_text (claim_id text PRIMARY KEY, claim text);\n"
        f"\\copy claims_as_text FROM STDIN WITH (FORMAT csv)\n{rows.getvalue()}\\.\n"
    )
    with running_postgresql() as address:

        def ask(script):
            command = ["psql", "--no-psqlrc", "-At", "-v", "ON_ERROR_STOP=1", address]
            return subprocess.run(command, input=script, capture_output=True, encoding="utf-8", check=True).stdout

        ask(fill + (EXAMPLES / "standing_claims.sql").read_text(encoding="utf-8"))
        assert ask("SELECT claim_id FROM standing_claims ORDER BY 1").split() == ["claim-0", "claim-4"]
        assert ask("SELECT content FROM standing_claims WHERE claim_id = 'claim-0'").rstrip("\n") == (
            'The "quay", no. 0, \\u0000  \\. stays shut\u2028'
        )
