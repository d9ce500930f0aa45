"""The tools for dead letters on a real Kafka: counted, shown, sent back, deleted."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from tests.running import Reader, claimwire, prepare
from worker.contract.headers.retry_ticket import REDRIVEN_FROM, REDRIVES
from worker.contract.reasons import DeadReason
from worker.operate.dead_letters import EVERYTHING, Chosen, DeadLetterError, parse, record_at, summed_up
from worker.operate.redrive import RedriveOptions, plan_redrive, redrive
from worker.streaming.observer import SILENT
from worker.streaming.outcome import Dead
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import Completeness, dead_letter
from worker.streaming.settle.settler import OutcomeTopics, Settler
from worker.streaming.topics.window import Selection, fix_window


def _publisher(broker, topics):
    return Publisher(broker.brokers, idempotent=True, compression="zstd", client_id="test")


async def bury(broker, topics, letters, partition=0):
    """Sends originals to the raw topic and their dead letters after them; the originals as read."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    publisher = _publisher(broker, topics)
    settler = Settler("ingest", publisher, SILENT, OutcomeTopics(dead=topics.dead))
    await producer.start()
    await publisher.start()
    records = []
    try:
        for key, value, headers, reason in letters:
            sent = await producer.send_and_wait(topics.raw, key=key, value=value, headers=headers, partition=partition)
            record = Record(topics.raw, sent.partition, sent.offset, sent.timestamp, key, value, tuple(headers))
            await settler.send_to_dead_letters(record, Dead(reason, f"because of {reason}"))
            records.append(record)
    finally:
        await publisher.stop()
        await producer.stop()
    return records


def _options(broker, topics, prefix, **changed):
    return RedriveOptions(
        brokers=broker.brokers,
        installation=prefix + prefix.strip("."),
        selection=Selection(topic=topics.dead),
        chosen=changed.pop("chosen", Chosen()),
        targets=frozenset({topics.raw, topics.extracted}),
        per_second=1000,
        **changed,
    )


async def _raw(broker, topics, count):
    async with Reader(broker, topics.raw) as reader:
        await reader.until(lambda r: len(r.records[topics.raw]) >= count, 30)
    return reader.records[topics.raw]


@pytest.mark.kafka
async def test_what_died_is_counted_by_reason_and_shown_whole(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    trace = ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    await bury(
        kafka,
        topics,
        [
            (b"a", b'{"uri": "a"', [trace], DeadReason.NOT_JSON),
            (b"b", b"\xff\x00binary", [], DeadReason.BAD_ENCODING),
            (None, b"[]", [], DeadReason.NOT_JSON),
        ],
    )
    listed = claimwire(kafka, topics_prefix, "dead", "ls")
    assert listed.returncode == 0, listed.stderr
    assert b"2  not_json" in listed.stdout
    assert b"3  dead letters" in listed.stdout
    only = claimwire(kafka, topics_prefix, "dead", "ls", "--reason", "bad_encoding", "--key", "b", "--stage", "ingest")
    assert b"1  dead letters" in only.stdout
    assert b"0  dead letters" in claimwire(kafka, topics_prefix, "dead", "ls", "--stage", "lifecycle").stdout
    assert b"0  dead letters" in claimwire(kafka, topics_prefix, "dead", "ls", "--until", "1h").stdout
    window = await fix_window(kafka.brokers, Selection(topic=topics.dead), isolation=EVERYTHING)
    groups = {group.reason: group for group in await summed_up(kafka.brokers, window, Chosen(), lambda _: None)}
    assert {reason: group.count for reason, group in groups.items()} == {"not_json": 2, "bad_encoding": 1}
    place = groups["bad_encoding"].examples[0].place
    assert claimwire(kafka, topics_prefix, "dead", "show", place, "--bytes").stdout == b"\xff\x00binary"
    shown = claimwire(kafka, topics_prefix, "dead", "show", place).stdout.decode()
    assert "because of bad_encoding" in shown
    assert "\\xff\\x00binary" in shown
    with pytest.raises(DeadLetterError, match="is not there"):
        await record_at(kafka.brokers, topics.dead, 0, 10_000)


@pytest.mark.kafka
async def test_a_redrive_sends_back_the_same_bytes_once_and_counts(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    letters = [(b"k%d" % n, b"value %d" % n, [("mine", b"%d" % n)], DeadReason.CHILD_DIED) for n in range(6)]
    originals = await bury(kafka, topics, letters, partition=1)
    dry = claimwire(kafka, topics_prefix, "dead", "redrive", "--dry-run")
    assert b"6  to be sent" in dry.stdout, dry.stderr
    assert len(await _raw(kafka, topics, 6)) == 6
    asked = claimwire(kafka, topics_prefix, "dead", "redrive", given=b"n\n")
    assert asked.returncode == 1
    done = claimwire(kafka, topics_prefix, "dead", "redrive", "--yes", "--rate", "1000")
    assert done.returncode == 0, done.stderr
    assert b"6 sent back" in done.stdout
    back = (await _raw(kafka, topics, 12))[6:]
    by_key = {original.key: original for original in originals}
    assert {(r.key, r.value, r.partition) for r in back} == {(r.key, r.value, 1) for r in originals}
    for record in back:
        original = by_key[record.key]
        headers = dict(record.headers)
        assert headers.pop(REDRIVES) == b"1"
        assert headers.pop(REDRIVEN_FROM).startswith(topics.dead.encode())
        assert headers == dict(original.headers)
    again = claimwire(kafka, topics_prefix, "dead", "redrive", "--yes")
    assert b"0 sent back" in again.stdout


@pytest.mark.kafka
async def test_a_redrive_that_broke_off_goes_on_and_sends_nothing_twice(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    await bury(kafka, topics, [(b"k%d" % n, b"v", [], DeadReason.CHILD_DIED) for n in range(10)])
    options = _options(kafka, topics, topics_prefix)

    class BrokenOffError(Exception):
        pass

    def break_off(sent):
        if sent:
            raise BrokenOffError

    first = await plan_redrive(options)
    assert len(first.send) == 10
    with pytest.raises(BrokenOffError):  # some are sent, and no progress is saved
        await redrive(options, first, break_off)
    await bury(kafka, topics, [(b"later", b"v", [], DeadReason.CHILD_DIED)])
    second = await plan_redrive(options)
    assert second.resumed
    assert second.counts["already"] > 0
    assert second.counts["already"] + len(second.send) == 10  # "later" died after the redrive had set out
    await redrive(options, second, lambda _: None)
    raw = await _raw(kafka, topics, 21)
    assert len({dict(r.headers)[REDRIVEN_FROM] for r in raw if r.headers}) == 10
    assert len(raw) == 21
    third = await plan_redrive(options)
    assert not third.resumed
    assert len(third.send) == 1
    limited = await plan_redrive(
        _options(kafka, topics, topics_prefix, chosen=Chosen(reasons=frozenset({"child_died"})), limit=4)
    )
    assert limited.left
    assert limited.counts["already"] == 4


@pytest.mark.kafka
async def test_a_record_redriven_too_often_or_superseded_stays(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    await bury(
        kafka,
        topics,
        [
            (b"often", b"v", [(REDRIVES, b"3")], DeadReason.CHILD_DIED),
            (b"old", b"version 1", [], DeadReason.CHILD_DIED),
            (b"both", b"version 1", [], DeadReason.CHILD_DIED),
            (b"both", b"version 2", [], DeadReason.CHILD_DIED),
        ],
    )
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(topics.raw, key=b"old", value=b"version 2", partition=0)
    await producer.stop()
    made = await plan_redrive(_options(kafka, topics, topics_prefix))
    assert made.counts == {"too_often": 1, "superseded": 1, "send": 2}
    made = await plan_redrive(_options(kafka, topics, topics_prefix, superseded=True))
    assert made.counts == {"too_often": 1, "send": 3}


@pytest.mark.kafka
async def test_a_value_that_was_left_out_is_fetched_from_where_it_stood(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    publisher = _publisher(kafka, topics)
    await producer.start()
    await publisher.start()
    places = []
    for stood, told in ((b"large", b"large"), (b"another", b"what it was")):
        sent = await producer.send_and_wait(topics.raw, key=b"k", value=stood, partition=0)
        record = Record(topics.raw, 0, sent.offset, 0, b"k", told, ())
        letter = dead_letter(topics.dead, record, Dead(DeadReason.TOO_LARGE, "too large"), Completeness.WITHOUT_VALUE)
        at = await producer.send_and_wait(letter.topic, key=letter.key, value=letter.value, headers=letter.headers)
        places.append(f"{at.partition}:{at.offset}")
    await publisher.stop()
    await producer.stop()
    assert claimwire(kafka, topics_prefix, "dead", "show", places[0], "--bytes").stdout == b"large"
    assert b"SHA-256" in claimwire(kafka, topics_prefix, "dead", "show", places[1], "--bytes").stderr


@pytest.mark.kafka
async def test_a_purge_asks_and_deletes_below_an_offset(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    await bury(kafka, topics, [(b"k%d" % n, b"v", [], DeadReason.EMPTY) for n in range(5)])
    assert claimwire(kafka, topics_prefix, "dead", "purge").returncode == 2
    assert b"Nothing to delete" in claimwire(kafka, topics_prefix, "dead", "purge", "--before", "1h").stdout
    asked = claimwire(kafka, topics_prefix, "dead", "purge", "--all", given=b"n\n")
    assert b"5  dead letters" in asked.stdout
    assert b"5  dead letters" in claimwire(kafka, topics_prefix, "dead", "ls").stdout
    assert claimwire(kafka, topics_prefix, "dead", "purge", "--all", "--yes").returncode == 0
    assert b"0  dead letters" in claimwire(kafka, topics_prefix, "dead", "ls").stdout
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap)
    await consumer.start()
    keys = [TopicPartition(topics.dead, p) for p in (0, 1)]
    assert sum((await consumer.beginning_offsets(keys)).values()) == 5
    await consumer.stop()


@given(
    st.lists(st.tuples(st.sampled_from(["claimwire_offset", "claimwire_topic", "claimwire_reason", "x"]), st.binary()))
)
def test_records_of_others_are_no_letters_and_break_nothing(headers):
    letter = parse(Record("dead", 0, 1, 0, None, b"", tuple(headers)))
    assert letter is None or letter.reason is not None
