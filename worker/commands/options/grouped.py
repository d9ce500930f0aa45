"""A command gets the values of several options as one object."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["grouped"]

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


def grouped(name: str, kind: type[DataclassInstance], *options: Decorator) -> Decorator:
    """Adds `options` to a command, which gets their values as one `kind` in its argument `name`.

    `kind` is a dataclass with one field for each option, named as the option's parameter.
    """

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def collected(**given: object) -> None:
            values = {field.name: given.pop(field.name) for field in fields(kind)}
            command(**given, **{name: kind(**values)})

        with_options: Command = collected
        for option in reversed(options):
            with_options = option(with_options)
        return with_options

    return decorate
