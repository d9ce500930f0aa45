"""Writes docs/settings.md from the declarations: `python -m worker.settings_reference [--check]`."""

from __future__ import annotations

import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from worker.generated_page import written_or_checked
from worker.setting_sources import ENV, FILE
from worker.setting_values import Rule
from worker.settings import SECTIONS, Settings, sections

__all__ = ["described", "main", "page"]

_HEAD = """# Settings

For those who run a worker: every setting of it. Generated from `worker/settings.py` by `make settings`; do not edit.

A setting comes from, the strongest first: the command line (`--brokers`), an environment variable (`CLAIMWIRE_` and the
name in capitals), the settings file, its default. The settings file is TOML: the one that `--config` or
`CLAIMWIRE_CONFIG` names, else `./claimwire.toml`. There a setting is in its section, or at the top:

    [kafka]
    brokers = "kafka-1:9092,kafka-2:9092"

    [web]
    web_host = "0.0.0.0"
    web_token_file = "/run/secrets/claimwire-web"

A secret can be in a file of its own: `NAME_file`, or the variable with `_FILE` at its end, names the file. Its value is
shown by no command and in no log. What Kubernetes puts into the environment for a Service called claimwire
(`CLAIMWIRE_SERVICE_HOST`, `CLAIMWIRE_PORT` and so on) is no setting and does no harm; any other variable that begins
with `CLAIMWIRE_` and is no setting is an error, so that a misspelt one is not passed over.

`claimwire config --check` says all that is wrong and ends with exit code 2; `claimwire config` shows each value and
where it came from, `--json` the same for programs.
"""
_KINDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def page() -> str:
    of = sections()
    parts = [_HEAD]
    for section in SECTIONS:
        parts.append(f"## [{section}]\n")
        parts += [_entry(spec) for spec in fields(Settings) if of[spec.name] == section]
    return "\n".join(parts).rstrip() + "\n"


def _entry(spec: Field[Any]) -> str:
    meaning = str(spec.metadata["meaning"])
    default = "not set" if spec.default == "" else f"`{_toml(spec.default)}`"
    secret = f" A secret: also `{spec.name}{FILE}`." if spec.metadata["secret"] else ""
    return (
        f"### `{spec.name}`\n\n{meaning[0].upper()}{meaning[1:]}.\n\n"
        f"{described(spec)}; default: {default}; `{ENV}{spec.name.upper()}`.{secret}\n"
    )


def described(spec: Field[Any]) -> str:
    """The setting's type and the values that it can have, in words."""
    rule: Rule = spec.metadata["rule"]
    words = _KINDS[spec.metadata["type"]].capitalize()
    if rule.choices:
        return "One of " + ", ".join(f"`{choice}`" if choice else "nothing" for choice in rule.choices)
    if rule.min_ is not None and rule.max_ is not None:
        return f"{words} from {_plain(rule.min_)} to {_plain(rule.max_)}"
    return f"{words}, at least {_plain(rule.min_)}" if rule.min_ is not None else words


def _plain(number: float) -> str:
    return f"{number:,.10g}"


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main(arguments: list[str]) -> int:
    """0, or 1 when --check finds the page out of date."""
    path = Path("docs/settings.md")
    return written_or_checked(path, page(), source="worker/settings.py", target="settings", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
