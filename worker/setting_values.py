"""Which values a setting can have, and how a value of a file or of the environment becomes one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Rule", "Value", "address", "checked", "host_and_port", "kafka_name", "pairs", "token", "tokens"]

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Which values a setting can have. `expected` raises ValueError with the words for what was expected."""

    min_: float | None = None
    max_: float | None = None
    choices: tuple[str, ...] = ()
    expected: Callable[[str], None] | None = None


_HOST = re.compile(r"[^\s:/@;,'\"\[\]]+|\[[0-9A-Fa-f:.]+(?:%\w+)?\]")


def host_and_port(value: str) -> None:
    for broker in value.split(","):
        host, colon, port = broker.strip().rpartition(":")
        if "://" in broker:
            raise ValueError("host:port, separated by commas, without " + broker.strip().partition("://")[0] + "://")
        if not (colon and re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536 and _HOST.fullmatch(host)):
            in_brackets = ", an IPv6 address in brackets" if ":" in host.strip("[]") and " " not in host else ""
            raise ValueError(f"host:port, separated by commas, each port from 1 to 65535{in_brackets}")


def pairs(value: str) -> None:
    if not all(re.fullmatch(r"\s*[A-Za-z]+=[^=,]+", pair) for pair in value.split(",")):
        raise ValueError("name=value, separated by commas; a name is made of letters")


def token(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9._~-]{16,}", value):
        raise ValueError("at least 16 letters, digits or . _ ~ -, as `openssl rand -hex 24` prints them")


def tokens(value: str) -> None:
    try:
        for each in value.split(","):
            token(each.strip())
    except ValueError as wrong:
        raise ValueError(f"{wrong}, or several of those with commas between them") from None


def kafka_name(value: str) -> None:
    """Part of the name of a topic. 200, since 249 is the most of a whole name."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,200}", value):
        raise ValueError("at most 200 letters, digits or . _ -, as in the names of Kafka's topics")


def address(value: str) -> None:
    if not re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", value):
        raise ValueError("an address that begins with http:// or https://")


_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def checked(value: object, kind: type[Value], rule: Rule) -> Value:
    """The value as the setting's type. Raises ValueError with the words for what was expected."""
    if kind is bool:
        return _boolean(value)
    if kind is int:
        return _number(value, int, "a whole number", rule)
    if kind is float:
        return _number(value, float, "a number", rule)
    return _text(value, rule)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in _BOOLEANS:
        raise ValueError("true or false")
    return _BOOLEANS[value.strip().lower()]


def _number(value: object, kind: type[int | float], words: str, rule: Rule) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(words)  # noqa: TRY004 - the words of SettingsError, as for the others
    try:
        number = kind(str(value))
    except ValueError:
        raise ValueError(words) from None
    if rule.min_ is not None and not rule.min_ <= number < float("inf"):
        raise ValueError(f"{words}, at least {rule.min_:g}")
    if rule.max_ is not None and number > rule.max_:
        raise ValueError(f"{words}, at most {rule.max_:g}")
    return number


def _text(value: object, rule: Rule) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")  # noqa: TRY004 - the words of SettingsError, as for the others
    if rule.choices and value not in rule.choices:
        raise ValueError("one of " + ", ".join(choice or '""' for choice in rule.choices))
    if rule.expected is not None and value:
        rule.expected(value)
    return value
