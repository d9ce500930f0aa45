"""What several commands share: the settings option, and the refusal that a user can mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from worker.settings import Settings, SettingsError, load_settings

__all__ = ["RefusedError", "config_option", "settings_of"]


class RefusedError(click.ClickException):
    """What the user can mend: one line on standard error, exit code 2."""

    exit_code = 2


def settings_of(config: Path | None, **overrides: Any) -> tuple[Settings, dict[str, str]]:
    """The settings and where each came from. Raises RefusedError."""
    try:
        return load_settings(file=config, overrides=overrides)
    except SettingsError as wrong:
        raise RefusedError(str(wrong)) from None


config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of settings. Default: $CLAIMWIRE_CONFIG, else claimwire.toml in this folder.",
)
