"""A command gets the loaded settings, with the options that say where they are read from."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path

import click

from worker.commands.errors.exit_codes import remember_use
from worker.settings import Settings, load_settings
from worker.visible_text import visible

__all__ = ["config_option", "with_settings"]

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of settings. Default: $CLAIMWIRE_CONFIG, else claimwire.toml in this folder.",
)
_brokers_option = click.option("--brokers", help="Kafka bootstrap servers, host:port,host:port.")


class _OneLine(logging.Formatter):
    """A warning in a command, in which text of others cannot act on the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _warn_in_one_line() -> None:
    if logging.lastResort is not None:  # the handler of all loggers as long as a command sets up none
        logging.lastResort.setFormatter(_OneLine())


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --config and --brokers to a command, which gets the loaded settings as its argument `settings`."""

    @config_option
    @_brokers_option
    @functools.wraps(command)
    def loaded(config: Path | None, brokers: str | None, **given: object) -> None:
        settings: Settings
        settings, _ = load_settings(file=config, overrides={"brokers": brokers})
        logging.getLogger("aiokafka").addHandler(logging.NullHandler())  # what it says of an error, the command says
        _warn_in_one_line()
        remember_use(settings)
        command(settings=settings, **given)

    return loaded
