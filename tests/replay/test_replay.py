"""Replays on a real Kafka, as processes: the same bytes as live, through kills, shared, promoted, from archives."""

from __future__ import annotations

import re
from dataclasses import replace

import orjson
import pytest

from tests.replay.processes import Commands, article, compacted, count, everything, offsets_of, stream, until
from tests.running import RunningWorker, prepare, send
from worker.consumer_groups import replay_group
from worker.contract.claim import Polarity
from worker.contract.codec import decode_extraction, encode
from worker.contract.ids import claim_id

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.long]
LIMIT_S = 300


async def _live(kafka, prefix, folder, rows, **settings):
    """The topics after a live worker has processed `rows`, and the worker, still running."""
    topics = await prepare(kafka, prefix, partitions=4)
    await send(kafka, topics.raw, rows)
    worker = RunningWorker(kafka, prefix, folder, model="false", **settings)
    worker.start()
    try:
        await _settled(kafka, prefix, topics)
    except BaseException:
        worker.stop()
        raise
    return topics, worker


async def _settled(kafka, prefix, topics):
    """Everything read, by both groups of the worker."""

    seen = []

    async def read():
        for group, topic in (
            (f"{prefix}{prefix.strip('.')}-ingest", topics.raw),
            (f"{prefix}{prefix.strip('.')}-lifecycle", topics.extracted),
        ):
            read, width = sum((await offsets_of(kafka, group, topic)).values()), await count(kafka, topic)
            seen[:] = [f"{topic}: {read} of {width}"]
            if read < width:
                return False
        return True

    await until(read, LIMIT_S, seen)


def _counts(told):
    read = int(re.search(r"read +([\d,]+) records", told)[1].replace(",", ""))
    extracted, claims = (
        int(n.replace(",", "")) for n in re.search(r"extracted +([\d,]+), with ([\d,]+)", told).groups()
    )
    dropped, dead = (int(n.replace(",", "")) for n in re.search(r"by +([\d,]+) dropped, ([\d,]+) dead", told).groups())
    return {"read": read, "ok": extracted, "claims": claims, "dropped": dropped, "dead": dead}


async def _is_same(kafka, live, side):
    """By id the same bytes, none missing, none too many; the extractions by uri as well."""
    ours, theirs = await compacted(kafka, side), await compacted(kafka, live.claims)
    assert ours.keys() == theirs.keys()
    assert ours == theirs
    extracted, live_extracted = await compacted(kafka, f"{side}.extracted"), await compacted(kafka, live.extracted)
    assert extracted == live_extracted


async def test_a_replay_gives_the_bytes_of_the_live_output_and_leaves_its_offsets_alone(kafka, topics_prefix, tmp_path):
    rows = stream(60)
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    assert worker.stop() == 0
    groups = [f"{topics_prefix}{topics_prefix.strip('.')}-{stage}" for stage in ("ingest", "lifecycle")]
    before = [await offsets_of(kafka, group, topics.raw, topics.extracted) for group in groups]
    raw, live = await count(kafka, topics.raw), await count(kafka, topics.claims)
    commands = Commands(kafka, topics_prefix, tmp_path)
    planned = commands.run("replay", "--name", "same", "--plan")
    assert f"{len(rows)} records" in planned
    assert "claims.replay.same (to be created)" in planned
    told = commands.run("replay", "--name", "same", "--share", "1")
    assert _counts(told) == {
        "read": len(rows),
        "ok": len(rows) - 3,
        "claims": _counts(told)["claims"],
        "dropped": 1,
        "dead": 2,
    }
    assert "unaccounted  0" in told
    await _is_same(kafka, topics, f"{topics_prefix}claims.replay.same")
    assert [await offsets_of(kafka, group, topics.raw, topics.extracted) for group in groups] == before
    assert (await count(kafka, topics.raw), await count(kafka, topics.claims)) == (raw, live)
    # what came of versions, a cancellation and a deletion was part of it
    statuses = {orjson.loads(v)["status"] for v in (await compacted(kafka, topics.claims)).values()}
    assert statuses == {"asserted", "superseded", "retracted"}
    diff = commands.run("diff", "same", "--max-changed", "0")
    assert "within" in diff
    # done is done: nothing is read again
    assert _counts(commands.run("replay", "--resume", "same")) == _counts(told)
    assert "same" in commands.run("replay", "--list")
    commands.run("replay", "--delete", "same")
    assert await count(kafka, f"{topics_prefix}claims.replay.same") == 0


async def test_killed_five_times_and_resumed_nothing_is_missing_and_nothing_twice(kafka, topics_prefix, tmp_path):
    rows = stream(260)
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    assert worker.stop() == 0
    side = f"{topics_prefix}claims.replay.killed"
    commands = Commands(kafka, topics_prefix, tmp_path, batch_records=4)
    live = await count(kafka, topics.claims)
    kills = 0
    arguments = ["--name", "killed"]
    for part in range(1, 6):
        replay = commands.start("replay", *arguments, "--share", "1", "--rate", "12")
        try:

            async def far_enough(part=part, replay=replay):
                assert replay.running, replay.told[-3000:]
                return await count(kafka, side) >= part * live // 8

            await until(far_enough, LIMIT_S)
            replay.kill()
            kills += 1
        finally:
            replay.stop()
        arguments = ["--resume", "killed"]
    assert kills == 5
    told = commands.run("replay", "--resume", "killed", "--share", "1", limit_s=LIMIT_S)
    counts = _counts(told)
    assert (counts["read"], counts["dropped"], counts["dead"]) == (len(rows), 1, 2)
    await _is_same(kafka, topics, side)


async def test_two_processes_share_a_replay_and_one_reports(kafka, topics_prefix, tmp_path):
    rows = stream(160)
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    assert worker.stop() == 0
    commands = Commands(kafka, topics_prefix, tmp_path, batch_records=4)
    arguments = ["replay", "--name", "shared", "--processes", "1", "--rate", "8"]
    both = [commands.start(*arguments), commands.start(*arguments)]
    try:
        assert [await each.ended(LIMIT_S) for each in both] == [0, 0], [each.told[-2000:] for each in both]
    finally:
        for each in both:
            each.stop()
    told = [each.told for each in both]
    reports = [text for text in told if "unaccounted" in text]
    assert len(reports) == 1
    assert _counts(reports[0])["read"] == len(rows)
    assert all(re.search(r"Partitions of this process: \d, \d\n", text) for text in told), told
    await _is_same(kafka, topics, f"{topics_prefix}claims.replay.shared")


async def test_a_process_that_dies_leaves_its_share_to_the_other(kafka, topics_prefix, tmp_path):
    rows = stream(120)
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    assert worker.stop() == 0
    commands = Commands(kafka, topics_prefix, tmp_path, batch_records=4)
    arguments = ["replay", "--name", "left", "--processes", "1", "--rate", "5"]
    first, second = commands.start(*arguments), commands.start(*arguments)
    try:

        async def shared():
            assert first.running, first.told[-3000:]
            assert second.running, second.told[-3000:]
            return all(re.search(r"Partitions of this process: \d, \d\n", each.told) for each in (first, second))

        await until(shared, LIMIT_S)
        group = replay_group(topics_prefix + topics_prefix.strip("."), "left")

        async def both_have_committed():
            return len(await offsets_of(kafka, group, topics.raw)) == 4

        await until(both_have_committed, LIMIT_S)
        first.kill()
        assert await second.ended(LIMIT_S) == 0, second.told[-3000:]
    finally:
        first.stop()
        second.stop()
    assert _counts(second.told)["read"] == len(rows)
    await _is_same(kafka, topics, f"{topics_prefix}claims.replay.left")


async def test_an_orderly_stop_a_pause_and_a_window_that_does_not_move(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    rows = stream(60)
    await send(kafka, topics.raw, rows)
    side = f"{topics_prefix}claims.replay.slow"
    commands = Commands(kafka, topics_prefix, tmp_path, batch_records=2)
    replay = commands.start("replay", "--name", "slow", "--rate", "4")
    try:

        async def begun():
            return await count(kafka, side) > 10

        await until(begun, LIMIT_S)
        await send(kafka, topics.raw, [(b"late", orjson.dumps(article(999)))])
        commands.run("replay", "--pause", "slow")

        def shown_as_paused():
            """The number of records in each line of progress that says it is paused."""
            return re.findall(r"slow: .*?([\d,]+) records.*paused", replay.told)

        async def settled():
            return len(shown_as_paused()) >= 2

        await until(settled, LIMIT_S)
        lines, at_pause = len(shown_as_paused()), await count(kafka, side)

        async def shown_again():
            return len(shown_as_paused()) >= lines + 2

        await until(shown_again, LIMIT_S)
        assert await count(kafka, side) == at_pause
        assert len(set(shown_as_paused()[lines - 1 :])) == 1
        commands.run("replay", "--go-on", "slow")

        async def goes_on():
            return await count(kafka, side) > at_pause

        await until(goes_on, LIMIT_S)
        replay.terminate()
        assert await replay.ended(60) == 3, replay.told[-3000:]
        assert "--resume slow" in replay.told
    finally:
        replay.stop()
    commands.run("diff", "slow", code=2)
    told = commands.run("replay", "--resume", "slow", "--share", "1")
    assert _counts(told)["read"] == len(rows)
    # in an orderly stop everything done is kept: nothing is made twice
    extracted = [r for r in await everything(kafka, f"{side}.extracted") if r.value]
    assert len(extracted) == _counts(told)["ok"] - 1
    assert "another one" in commands.run("replay", "--name", "slow", "--publisher", "Alpha", code=2)


async def test_differences_are_found_shown_and_promoted_with_retractions(kafka, topics_prefix, tmp_path):
    rows = [(a["uri"].encode(), orjson.dumps(a)) for a in map(article, range(12))]
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    try:
        # three articles were extracted otherwise when they went live: one claim more, one less, one turned round
        live = await compacted(kafka, topics.extracted)
        doctored, invented = [], []
        for uri in sorted(live)[:3]:
            extraction = decode_extraction(live[uri])
            kept = [replace(extraction.claims[0], polarity=Polarity.NEGATIVE), *extraction.claims[2:]]
            words = "nobody ever said this at all"
            content = replace(
                kept[0].content, text=words, spans=[replace(kept[0].content.spans[0], start=900, end=928)]
            )
            false = replace(kept[0], claim_id=claim_id(uri.decode(), "Nobody", words), content=content)
            invented.append(false.claim_id.encode())
            claims = [*kept, false]
            doctored.append((uri, encode(replace(extraction, claims=claims, claims_count=len(claims)))))
        await send(kafka, topics.extracted, doctored)
        await _settled(kafka, topics_prefix, topics)
        commands = Commands(kafka, topics_prefix, tmp_path)
        commands.run("replay", "--name", "better")
        page, data = tmp_path / "diff.html", tmp_path / "diff.json"
        told = commands.run("diff", "better", "--html", page, "--json", data, "--max-changed", "5%", code=1)
        assert "more than the 5 % allowed" in told
        found = orjson.loads(data.read_bytes())
        assert found["claims"]["changed"] == found["by_field"]["polarity"] == 3
        assert (found["claims"]["gone"], found["claims"]["new"]) == (3, 3)
        assert found["articles"]["compared"] == 12
        assert "nobody ever said this at all" in page.read_text(encoding="utf-8")
        assert "more than" not in commands.run("diff", "better", "--max-changed", "9")
        # who is asked and says no has changed nothing
        at = await count(kafka, topics.extracted)
        commands.run("promote", "better", given="n\n", code=1)
        assert await count(kafka, topics.extracted) == at
        assert "Published 3 extractions" in commands.run("promote", "better", "--yes")
        claims = await compacted(kafka, topics.claims)
        assert {orjson.loads(claims[one])["status"] for one in invented} == {"retracted"}
        assert "100.00 %" in commands.run("diff", "better", "--max-changed", "0")
        # once more is once less than nothing
        assert "Nothing to promote" in commands.run("promote", "better", "--yes")
        assert worker.stop() == 0
    finally:
        worker.stop()


async def test_in_place_asks_first_and_changes_nothing_when_nothing_has_changed(kafka, topics_prefix, tmp_path):
    rows = [(a["uri"].encode(), orjson.dumps(a)) for a in map(article, range(10))]
    topics, worker = await _live(kafka, topics_prefix, tmp_path, rows)
    try:
        before = await compacted(kafka, topics.claims)
        at = await count(kafka, topics.extracted)
        commands = Commands(kafka, topics_prefix, tmp_path)
        commands.run("replay", "--name", "over", "--in-place", given="n\n", code=1)
        assert await count(kafka, topics.extracted) == at
        told = commands.run("replay", "--name", "over", "--in-place", "--yes")
        assert _counts(told)["ok"] == 10
        assert await count(kafka, topics.extracted) == at + 10
        await _settled(kafka, topics_prefix, topics)
        assert await compacted(kafka, topics.claims) == before
        assert worker.stop() == 0
    finally:
        worker.stop()


async def test_an_archive_replays_like_its_topic_and_loads_back_to_the_byte(kafka, topics_prefix, tmp_path):
    topics, worker = await _live(kafka, topics_prefix, tmp_path, stream(30))
    assert worker.stop() == 0
    commands = Commands(kafka, topics_prefix, tmp_path)
    for name in ("raw.jsonl.zst", "raw.parquet"):
        assert "37 records" not in commands.run("dump", topics.raw, tmp_path / name)
    target = await prepare(kafka, topics_prefix + "copy.", partitions=4)
    commands.run("load", tmp_path / "raw.parquet", target.raw)
    original, copy = await everything(kafka, topics.raw), await everything(kafka, target.raw)
    assert [replace(r, topic="", offset=0) for r in copy] == [replace(r, topic="", offset=0) for r in original]
    told = commands.run("replay", "--name", "archived", "--from-archive", tmp_path / "raw.jsonl.zst")
    assert _counts(told)["read"] == len(original)
    await _is_same(kafka, topics, f"{topics_prefix}claims.replay.archived")
    # into files, and compared with what is live
    commands.run("replay", "--name", "filed", "--from-archive", tmp_path / "raw.parquet", "--files", tmp_path / "out")
    assert "100.00 %" in commands.run("diff", "filed", "--files", tmp_path / "out", "--max-changed", "0")
    assert "100.00 %" in commands.run("diff", "archived", "--against", "filed", "--files", tmp_path / "out")


async def test_a_replay_into_files_that_was_killed_has_each_record_once(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    rows = stream(80)
    await send(kafka, topics.raw, rows)
    commands = Commands(kafka, topics_prefix, tmp_path, batch_records=4, replay_piece_s=2)
    out = tmp_path / "out"
    arguments = ["--name", "filed", "--files", out, "--format", "jsonl"]
    for kill in range(3):
        replay = commands.start("replay", *arguments, "--rate", "8")
        try:

            async def closed(kill=kill, replay=replay):
                assert replay.running, replay.told[-3000:]
                return len(list(out.glob("filed/extracted-*.jsonl"))) > 2 * kill + 1

            await until(closed, LIMIT_S)
            replay.kill()
        finally:
            replay.stop()
        arguments = ["--resume", "filed"]
    told = commands.run("replay", "--resume", "filed", "--share", "1", limit_s=LIMIT_S)
    assert _counts(told)["read"] == len(rows)
    kinds = {}
    for kind in ("extracted", "passed"):
        lines = [line for path in sorted(out.glob(f"filed/{kind}-*.jsonl")) for line in path.read_bytes().splitlines()]
        kinds[kind] = list(map(orjson.loads, lines))
    places = [
        (e["provenance"]["partition"], e["provenance"]["offset"]) for e in kinds["extracted"] if "provenance" in e
    ]
    assert len(places) == len(set(places)) == _counts(told)["ok"] - 1  # a deletion is no extraction
    assert len(kinds["passed"]) == 3
    assert len(kinds["extracted"]) + len(kinds["passed"]) == len(rows)
