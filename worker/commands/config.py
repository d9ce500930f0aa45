"""claimwire config: every setting."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import click

from worker.commands.options.with_settings import config_option
from worker.commands.printed.printing import print_line
from worker.setting_sources import SettingsError
from worker.setting_values import Rule
from worker.settings import ENV, Settings, load_settings, sections
from worker.visible_text import visible

__all__ = ["config"]


@click.command()
@config_option
@click.option("--check", is_flag=True, help="Print only what is wrong, a line for each. Exit code 0 when nothing is.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object: each setting by its name.")
@click.pass_context
def config(context: click.Context, config: Path | None, check: bool, as_json: bool) -> None:
    """Print every setting: its value, where the value came from, and what the setting means.

    A setting is changed by an environment variable (CLAIMWIRE_BROKERS=...) or in a TOML file (brokers = "..."). Secrets
    are not shown. Exit code 2 when a setting is wrong.
    """
    try:
        settings, origins = load_settings(file=config)
    except SettingsError as wrong:
        if not check:
            raise
        for problem in wrong.problems:
            print_line(problem, err=True)
        context.exit(2)
    if check:
        given = sum(origin != "default" for origin in origins.values())
        click.echo(f"The settings are right: {given} of {len(origins)} are given, the others are at their defaults.")
    elif as_json:
        click.echo(json.dumps(_by_name(settings, origins), indent=2))
    else:
        _print(settings, origins)


def _print(settings: Settings, origins: dict[str, str]) -> None:
    section = ""
    for spec in dataclasses.fields(Settings):
        if sections()[spec.name] != section:
            section = sections()[spec.name]
            click.echo(f"\n[{section}]")
        value = getattr(settings, spec.name)
        shown = "(set, not shown)" if spec.metadata["secret"] and value else repr(value)
        click.echo(visible(f"{spec.name} = {shown}   (from {origins[spec.name]})"))
        click.echo(f"    {spec.metadata['meaning']}   [{ENV}{spec.name.upper()}]")


def _by_name(settings: Settings, origins: dict[str, str]) -> dict[str, dict[str, object]]:
    """`value` is null for a secret, and `set` says whether it has one."""
    answer: dict[str, dict[str, object]] = {}
    for spec in dataclasses.fields(Settings):
        value, secret, rule = getattr(settings, spec.name), spec.metadata["secret"], spec.metadata["rule"]
        assert isinstance(rule, Rule)  # noqa: S101 - for the type checker: metadata has no types
        answer[spec.name] = {
            "value": None if secret else value,
            "set": origins[spec.name] != "default",
            "from": origins[spec.name],
            "default": spec.default,
            "section": sections()[spec.name],
            "environment": ENV + spec.name.upper(),
            "meaning": spec.metadata["meaning"],
            "secret": secret,
            "minimum": rule.min_,
            "maximum": rule.max_,
            "choices": list(rule.choices),
        }
    return answer
