"""Watches made, listed and ended by the command, and the alerts that it prints."""

from __future__ import annotations

import orjson
from click.testing import CliRunner

from tests.running import claimwire, prepare, send
from worker.cli import main
from worker.contract.alert import Watch
from worker.contract.published.examples import example_alert

WATCH = Watch(source="Anna Berg", relations=["contradicts"])


def test_a_watch_that_asks_for_nothing_is_refused_before_kafka_is_asked():
    refused = CliRunner().invoke(main, ["watch", "add", "all", "--brokers", "127.0.0.1:1"])
    assert refused.exit_code == 2


async def test_watches_are_made_listed_and_ended_and_alerts_are_printed(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, link=True)

    def run(*arguments):
        ended = claimwire(kafka, topics_prefix, "watch", *arguments)
        assert ended.returncode == 0, ended.stderr.decode()
        return ended.stdout.decode()

    run("add", "berg", "--source", "Anna Berg", "--relation", "contradicts")
    run("add", "quay", "--words", "northern quay", "--act", "deny", "--worth", "0.5")
    assert run("ls") == (
        "berg: source Anna Berg; relation contradicts\nquay: words northern quay; act deny; worth 0.5 or more\n"
    )
    run("rm", "quay")
    (only,) = map(orjson.loads, run("ls", "--json").splitlines())
    assert only == {"name": "berg", "watch": orjson.loads(orjson.dumps(WATCH))}
    alert = example_alert()
    await send(kafka, topics.alerts, [(alert.alert_id.encode(), orjson.dumps(alert)), (b"gone", None)])
    assert run("alerts", "berg") == ""
    printed = run("alerts")
    assert "quay  2026-03-02  Anna Lind: The northern quay would be open again in 3 weeks" in printed
    assert "contradicts  " in printed
    assert "because of source The port authority; words northern, quay; relation contradicts" in printed
    assert [orjson.loads(line) for line in run("alerts", "quay", "--json").splitlines()] == [
        orjson.loads(orjson.dumps(alert))
    ]


async def test_without_the_topic_of_watches_the_command_says_so(kafka, topics_prefix):
    await prepare(kafka, topics_prefix)
    ended = claimwire(kafka, topics_prefix, "watch", "add", "berg", "--source", "Berg")
    assert ended.returncode not in (0, 2)
    assert b"claims.watches" in ended.stderr
    assert b"Traceback" not in ended.stderr
