"""The command `claimwire`: the list of its subcommands.

A subcommand is loaded when it is called or when the help lists it; it imports what it needs when it runs. To add one,
write its file in worker/commands and add its line to `COMMANDS`.
"""

from __future__ import annotations

from importlib import import_module

import click

from worker import __version__
from worker.commands.errors.exit_codes import errors_as_exit_codes
from worker.commands.errors.stop_signals import stops_as_by_ctrl_c

__all__ = ["main"]

COMMANDS = {
    "about": "worker.commands.asked.about:about",
    "audit": "worker.commands.audit:audit",
    "config": "worker.commands.config:config",
    "dead": "worker.commands.dead:dead",
    "demo": "worker.commands.demo:demo",
    "diff": "worker.commands.diff:diff",
    "dump": "worker.commands.dump:dump",
    "eval": "worker.commands.evaluate:evaluate",
    "extract": "worker.commands.extract:extract",
    "groups": "worker.commands.groups:groups",
    "lag": "worker.commands.lag:lag",
    "link": "worker.commands.link:link",
    "load": "worker.commands.load:load",
    "promote": "worker.commands.promote:promote",
    "publish": "worker.commands.publish:publish",
    "replay": "worker.commands.replay:replay",
    "review": "worker.commands.asked.review:review",
    "reviews": "worker.commands.reviews:reviews",
    "run": "worker.commands.run:run",
    "said": "worker.commands.asked.said:said",
    "tail": "worker.commands.tail:tail",
    "top": "worker.commands.top:top",
    "topics": "worker.commands.topics:topics",
    "watch": "worker.commands.asked.watch:watch",
}
"""Name of the subcommand: module and function."""


class Commands(click.Group):
    """Loads a subcommand by its name and turns the errors of all of them into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's method
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's method
        module, _, function = COMMANDS.get(cmd_name, "").partition(":")
        command: click.Command | None = getattr(import_module(module), function) if module else None
        return command

    def invoke(self, ctx: click.Context) -> object:
        with stops_as_by_ctrl_c(), errors_as_exit_codes(ctx):
            return super().invoke(ctx)


_VERSION_HELP = "Print the version, the pipeline that makes the claims, and its models."


def _print_version(context: click.Context, option: click.Parameter, asked: bool) -> None:  # noqa: ARG001 - click's
    """The pipeline as it is in `provenance` of each claim: another one can make other claims of the same article."""
    if not asked or context.resilient_parsing:
        return
    from importlib.metadata import version  # this and the next take seconds, and --help needs neither

    from worker.extraction.pipeline import installed_provenance

    made_by = installed_provenance()
    parser = made_by.models["parser"]
    click.echo(f"claimwire {__version__}")
    click.echo(f"pipeline {made_by.pipeline}")
    click.echo(f"parser {parser} {version(parser)}, spaCy {version('spacy')}")
    click.echo(f"attribution model {made_by.models.get('attribution', 'none: by rules only')}")
    context.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help=_VERSION_HELP)
def main() -> None:
    """Turn raw news articles in Kafka into claim events: who said what, with exact spans.

    \b
    See it work:              claimwire demo
    Try a text of your own:   claimwire extract article.txt
    Beside your own Kafka:    claimwire topics --create, then claimwire run
    Every setting:            claimwire config
    """  # noqa: D301 - the backspace is click's mark: lines stay as they are
