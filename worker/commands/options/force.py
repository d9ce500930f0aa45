"""The option --force of commands that write files."""

from __future__ import annotations

import click

__all__ = ["force_option"]

force_option = click.option("--force", is_flag=True, help="Replace a file that is there already.")
