"""The commands."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from worker import __version__
from worker.commands.audit import audit
from worker.commands.dead import dead
from worker.commands.diff import diff, promote
from worker.commands.dump import dump, load
from worker.commands.lag import lag
from worker.commands.options import RefusedError, config_option, settings_of
from worker.commands.replay import replay
from worker.commands.tail import tail
from worker.commands.top import top
from worker.settings import ENV, Settings, SettingsError

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="claimwire")
def main() -> None:
    """Turn raw news articles in Kafka into claim events: who said what, with exact spans.

    \b
    See it work:              claimwire demo
    Try a text of your own:   claimwire extract article.txt
    Beside your own Kafka:    claimwire topics --create, then claimwire run
    Every setting:            claimwire config
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are


@main.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
def run(config: Path | None, brokers: str | None) -> None:
    """Run the worker until it is told to stop (SIGTERM or Ctrl-C).

    Reads articles.raw, writes articles.extracted, claims and articles.dead. At a stop it finishes what it has begun
    within `drain_timeout_s`; what is not finished is read again at the next start. Exit code 0 after a stop, 1 when
    it could not go on (Kafka refuses its outputs, a process does not start): then nothing was committed over the gap.
    """
    settings, _ = settings_of(config, brokers=brokers)
    import faust

    from worker.app import build_app
    from worker.observe.logs import configure_logs

    configure_logs(settings.log_level, settings.log_format)
    try:
        app = build_app(settings)
    except SettingsError as wrong:
        raise RefusedError(str(wrong)) from None
    worker = faust.Worker(app, app.claimwire.observation.service, override_logging=False, blocking_timeout=None)
    worker.spinner = None  # it draws on standard output
    worker.execute_from_commandline()


@main.command()
@click.option(
    "--broker",
    type=click.Choice(["embedded", "kafka"]),
    default="embedded",
    show_default=True,
    help="embedded: a small broker that comes with the installation; kafka: a real one, needs Java and `make kafka`.",
)
@click.option(
    "--seeds", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of articles to send."
)
def demo(broker: str, seeds: Path | None) -> None:
    """Articles in, claims out, on a broker of its own; ends by itself and leaves nothing running."""
    try:
        from worker.demo import DemoError, run_demo

        try:
            asyncio.run(run_demo(broker, seeds))
        except DemoError as failed:
            raise click.ClickException(str(failed)) from None
    except KeyboardInterrupt:
        click.echo("\nStopped; the broker and the worker are gone.", err=True)
        sys.exit(130)


@main.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Publication date for an article that names none (UTC).",
)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: a claim event a line, as in the topic `claims`.")
@click.option("--model/--rules-only", default=True, help="Use the trained attribution model where it is installed.")
def extract(files: tuple[str, ...], published: datetime | None, as_json: bool, model: bool) -> None:
    """Claims of the articles in FILES, without Kafka. `-` is standard input.

    A file is a text, HTML, one article as JSON (native, ninjs 3, schema.org, news-please, trafilatura), or JSON Lines
    with an article a line. Claims go to standard output, complaints to standard error. Exit code 1 when a file or
    article could not be read; the others are extracted all the same.
    """
    from worker.article_files import read_articles
    from worker.contract.codec import encode
    from worker.extraction.outcome import Dropped, Extracted, Failed, Postponed
    from worker.extraction.pipeline import Pipeline
    from worker.readable import readable

    pipeline = Pipeline.load(model=model)
    colour = sys.stdout.isatty()
    failed = False
    for name in files:
        for item in read_articles(name, published.replace(tzinfo=UTC) if published else None):
            if isinstance(item, str):
                click.echo(item, err=True)
                failed = True
                continue
            (outcome,) = pipeline.extract([item])
            match outcome:
                case Extracted(extraction):
                    if not as_json:
                        title = extraction.article.headline or item.uri
                        click.echo(f"\n{title}  ({extraction.claims_count} claims)\n")
                    for claim in extraction.claims:
                        if as_json:
                            sys.stdout.buffer.write(encode(claim) + b"\n")
                        else:
                            click.echo(readable(claim, colour=colour))
                case Dropped(reason, detail):
                    click.echo(f"{item.uri}: passed by: {reason} ({detail})", err=True)
                case Failed(reason, error) | Postponed(reason, error):
                    click.echo(f"{item.uri}: {reason}: {error}", err=True)
                    failed = True
    sys.stdout.flush()
    sys.exit(1 if failed else 0)


@main.command("eval")
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.option("--errors", is_flag=True, help="Also the kinds of error, the most frequent first, with examples.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option("--nested", is_flag=True, help="Count attributions inside a content too; most gold files mark none.")
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was found, JSON Lines, to this file.",
)
@click.option("--model/--rules-only", default=True, help="Use the trained attribution model where it is installed.")
def evaluate_command(
    gold: Path, errors: bool, as_json: bool, nested: bool, predictions: Path | None, model: bool
) -> None:
    """Measure the extraction against GOLD, articles that were marked by hand.

    GOLD is JSON Lines (.gz too), an article a line: {"text", "publisher", "annotations": [{"attributions": [{"source":
    [[start, end]], "cue": [[start, end]], "content": [[start, end]]}]}]}, offsets in characters of `text`. A found
    content fits a gold one from an intersection over union of 0.5; an attribution fits when its source does so too.
    A GOLD that is a folder holds hand-judged claims, a JSON file an article (tests/golden/README.md): then each
    attribute of the claims is measured - voice, source, act, polarity, certainty, times and so on.
    """
    from worker.evaluation import GoldError, evaluate
    from worker.extraction.pipeline import Pipeline
    from worker.measure import golden
    from worker.measure.report import evaluate_folder

    pipeline = Pipeline.load(model=model)
    click.echo(f"pipeline {pipeline.version}", err=True)
    try:
        if gold.is_dir():
            for line in evaluate_folder(gold, pipeline, errors=errors, as_json=as_json):
                click.echo(line)
            return
        for line in evaluate(gold, pipeline, errors=errors, predictions=predictions, as_json=as_json, nested=nested):
            click.echo(line)
    except (GoldError, golden.GoldError) as broken:
        raise RefusedError(str(broken)) from None


@main.command()
@config_option
@click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")
@click.option("--create", is_flag=True, help="Create what is missing.")
@click.option("--partitions", default=8, show_default=True, help="Partitions of a topic that is created.")
@click.option(
    "--replication", default=-1, show_default=True, help="Copies of a topic that is created; -1: the cluster's default."
)
def topics(config: Path | None, brokers: str | None, create: bool, partitions: int, replication: int) -> None:
    """Which topics the worker needs, which are there, and (--create) make what is missing.

    Exit code 1 while something is missing.
    """
    settings, _ = settings_of(config, brokers=brokers)
    from aiokafka.errors import KafkaError

    from worker.contract.topics import Topics
    from worker.streaming.topic_admin import TopicError, create_missing, existing_topics

    specs = list(Topics.with_prefix(settings.topic_prefix).specs())

    async def look() -> tuple[list[str], dict[str, int]]:
        made = (
            await create_missing(settings.brokers, specs, partitions=partitions, replication=replication)
            if create
            else []
        )
        return made, await existing_topics(settings.brokers)

    try:
        made, there = asyncio.run(look())
    except TopicError as refused:
        raise click.ClickException(str(refused)) from None
    except KafkaError as unreachable:
        raise click.ClickException(
            f"no answer from Kafka at {settings.brokers} ({unreachable}); set --brokers or {ENV}BROKERS"
        ) from None
    missing = [spec.name for spec in specs if spec.name not in there]
    for spec in specs:
        state = (
            "missing"
            if spec.name in missing
            else f"{there[spec.name]} partitions" + (", just created" if spec.name in made else "")
        )
        click.echo(f"{spec.name:24} {state:28} {spec.purpose}")
        click.echo(f"{'':24} {', '.join(f'{k}={v}' for k, v in spec.config.items())}")
    if missing:
        click.echo("\nCreate what is missing with: claimwire topics --create", err=True)
    sys.exit(1 if missing else 0)


@main.command()
@config_option
def config(config: Path | None) -> None:
    """Every setting: its value, where it came from, and what it means.

    A setting is changed by an environment variable (CLAIMWIRE_BROKERS=...) or in a TOML file (brokers = "...").
    """
    settings, origins = settings_of(config)
    for spec in dataclasses.fields(Settings):
        value = getattr(settings, spec.name)
        click.echo(
            f"{spec.name} = {value!r}   (from {origins[spec.name]})\n    {spec.metadata['meaning']}   [{ENV}{spec.name.upper()}]"
        )


main.add_command(diff)
main.add_command(dump)
main.add_command(load)
main.add_command(promote)
main.add_command(replay)
main.add_command(audit)
main.add_command(dead)
main.add_command(lag)
main.add_command(tail)
main.add_command(top)
