"""Prints the lines of the commands. Articles, keys, headers and names of topics in them cannot act on the terminal."""

from __future__ import annotations

import sys

import click

from worker.visible_text import visible, visible_json

__all__ = ["print_event", "print_json", "print_line"]


def print_line(text: str, *, err: bool = False) -> None:
    """Prints one line to standard output, or to standard error: newlines in it are shown as escapes."""
    click.echo(visible(text), err=err)


def print_json(value: object) -> None:
    """Prints a value as one line of JSON, in which what a terminal would obey or hide is escaped."""
    import orjson

    click.echo(visible_json(orjson.dumps(value)))


def print_event(encoded: bytes) -> None:
    """Prints an event as it is in its topic, in one line. A terminal gets it with escapes, which mean the same."""
    if sys.stdout.isatty():
        click.echo(visible_json(encoded))
    else:
        sys.stdout.buffer.write(encoded.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
        sys.stdout.flush()
