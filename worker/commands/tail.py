"""claimwire tail: claims as they come."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import click

from worker.commands.options import config_option, settings_of
from worker.contract.claim import Act, Claim, Voice
from worker.settings import ENV, Settings

__all__ = ["tail"]


@click.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--act", "acts", multiple=True, type=click.Choice(list(Act)), help="Only this act; may be given often.")
@click.option("--voice", "voices", multiple=True, type=click.Choice(list(Voice)), help="Only this voice.")
@click.option("--source", help="Only whose source's name or words contain this.")
@click.option("--publisher", help="Only of articles whose publisher or uri contains this.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Only at least this sure.")
@click.option("--from-beginning", is_flag=True, help="Begin at the oldest claim, not at the next one.")
@click.option("--count", type=click.IntRange(1), help="End after so many claims.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: the claim events as they are.")
def tail(
    config: Path | None,
    brokers: str | None,
    acts: tuple[str, ...],
    voices: tuple[str, ...],
    source: str | None,
    publisher: str | None,
    min_confidence: float,
    from_beginning: bool,
    count: int | None,
    as_json: bool,
) -> None:
    """Claims as they come into the topic `claims`, until Ctrl-C. Belongs to no consumer group: it moves nothing."""
    settings, _ = settings_of(config, brokers=brokers)
    from aiokafka.errors import KafkaError

    def wanted(claim: Claim) -> bool:
        return (
            (not acts or claim.act in acts)
            and (not voices or claim.voice in voices)
            and claim.confidence >= min_confidence
            and (source is None or any(_holds(source, words) for words in _sources(claim)))
            and (
                publisher is None or _holds(publisher, claim.article.publisher) or _holds(publisher, claim.article.uri)
            )
        )

    try:
        asyncio.run(_follow(settings, wanted, from_beginning=from_beginning, count=count, as_json=as_json))
    except KeyboardInterrupt:
        return
    except KafkaError as unreachable:
        raise click.ClickException(
            f"no answer from Kafka at {settings.brokers} ({unreachable!r}); set --brokers or {ENV}BROKERS"
        ) from None


def _holds(part: str, words: str | None) -> bool:
    return words is not None and part.casefold() in words.casefold()


def _sources(claim: Claim) -> list[str | None]:
    sources = [link.source for link in claim.attribution]
    return [source.name for source in sources] + [source.span.exact for source in sources if source.span]


async def _follow(
    settings: Settings, wanted: Callable[[Claim], bool], *, from_beginning: bool, count: int | None, as_json: bool
) -> None:
    import msgspec
    from aiokafka import AIOKafkaConsumer, TopicPartition

    from worker.contract.topics import Topics
    from worker.readable import readable

    topic = Topics.with_prefix(settings.topic_prefix).claims
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.brokers, enable_auto_commit=False, fetch_max_wait_ms=200)
    await consumer.start()
    try:
        known = await consumer._client.fetch_all_metadata()  # noqa: SLF001 - consumers know only what they read
        partitions = [TopicPartition(topic, number) for number in sorted(known.partitions_for_topic(topic) or ())]
        if not partitions:
            raise click.ClickException(f"there is no topic {topic} at {settings.brokers}; see claimwire topics")
        consumer.assign(partitions)
        await (consumer.seek_to_beginning() if from_beginning else consumer.seek_to_end())
        for partition in partitions:
            await consumer.position(partition)  # only now it is known from where: what comes next is not missed
        if not as_json:
            click.echo(f"Waiting for claims in {topic}, {len(partitions)} partitions", err=True)
        decoder, shown, colour = msgspec.json.Decoder(Claim), 0, sys.stdout.isatty()
        while True:
            for rows in (await consumer.getmany(timeout_ms=500)).values():
                for row in rows:
                    if row.value is None:
                        continue  # a tombstone: the claim is gone
                    try:
                        claim = decoder.decode(row.value)
                    except msgspec.DecodeError as broken:
                        click.echo(
                            f"{row.topic}[{row.partition}]@{row.offset} is no claim, passed by: {broken}", err=True
                        )
                        continue
                    if not wanted(claim):
                        continue
                    if as_json:
                        sys.stdout.buffer.write(row.value + b"\n")
                        sys.stdout.flush()
                    else:
                        click.echo(_line(claim, readable(claim, colour=colour)))
                    shown += 1
                    if count is not None and shown >= count:
                        return
    finally:
        await consumer.stop()


def _line(claim: Claim, words: str) -> str:
    about = claim.article
    state = "" if claim.status == "asserted" else f", {claim.status}"
    return f"{words}\n    {about.publisher or about.uri}, {claim.confidence:.0%} sure{state}\n"
