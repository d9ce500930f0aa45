"""Every setting of the worker: its meaning, its default, and where its value came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

__all__ = ["Settings", "SettingsError", "load_settings"]

ENV = "CLAIMWIRE_"


class SettingsError(Exception):
    """A setting is wrong: says which, its value, where it came from, and what was expected."""


def _setting(default: Any, meaning: str, *, least: float | None = None, most: float | None = None) -> Any:
    return field(default=default, metadata={"meaning": meaning, "least": least, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the worker is told. Environment variables are CLAIMWIRE_ + the name in capitals; they win over the file."""

    brokers: str = _setting("localhost:9092", "Kafka bootstrap servers, host:port, separated by commas")
    app_id: str = _setting("claimwire", "name of the consumer groups: {app_id}-ingest and {app_id}")
    topic_prefix: str = _setting("", "put before every topic's name, for several installations on one Kafka")
    processes: int = _setting(0, "extraction processes; 0: one for each core", least=0)
    batch_records: int = _setting(16, "articles that travel to a process at once", least=1)
    batch_bytes: int = _setting(512 * 1024, "bytes that travel to a process at once", least=1024)
    in_flight_bytes: int = _setting(
        64 * 1024 * 1024, "bytes of articles read and not yet done; intake pauses above it", least=1024
    )
    article_max_bytes: int = _setting(10 * 1024 * 1024, "a larger article goes to the dead letters unread", least=1)
    extraction_timeout_s: float = _setting(
        60.0, "seconds that a batch may take before its process is replaced", least=0.1
    )
    drain_timeout_s: float = _setting(20.0, "seconds to finish what was begun, at a shutdown or a rebalance", least=0)
    session_timeout_s: float = _setting(
        10.0, "seconds without a heartbeat after which Kafka gives the partitions away", least=6
    )
    commit_interval_s: float = _setting(1.0, "seconds between commits of offsets", least=0.05)
    idempotent_producer: bool = _setting(True, "off only for brokers that lack it, as the embedded one of the demo")
    compression: str = _setting("zstd", "of what is published: none, gzip, snappy, lz4 or zstd")
    request_timeout_s: float = _setting(
        10.0, "seconds that a broker may take to answer before the worker asks again or another one", least=1
    )
    group_instance_id: str = _setting(
        "", "name of this worker among those of its group, the same after a restart: then it keeps its partitions"
    )
    on_offset_lost: str = _setting(
        "stop", "when Kafka has removed records not read yet: stop and say so, or go on at the earliest or latest"
    )
    retry_attempts: int = _setting(5, "tries of a record whose failure may pass, the first included", least=1)
    retry_delay_s: float = _setting(
        10.0, "seconds before the second try; each further one waits twice as long", least=0
    )
    retry_delay_most_s: float = _setting(600.0, "seconds that a record waits for its next try at most", least=1)
    child_memory_bytes: int = _setting(
        2 * 1024**3,
        "memory of an extraction process: above it it is replaced after its batch, above twice that at once; 0: no limit",
        least=0,
    )
    text_max_chars: int = _setting(
        200_000, "characters of an article's text; a longer one goes to the dead letters unparsed", least=1000
    )
    breaker_share: float = _setting(
        0.5, "share of dead records above which intake pauses; 1: never (see breaker_least)", least=0
    )
    breaker_least: int = _setting(100, "records in the window before anything is concluded from them", least=1)
    breaker_window_s: float = _setting(300.0, "seconds that the breaker looks back", least=1)
    breaker_pause_s: float = _setting(60.0, "seconds until breaker_least records are tried again", least=1)
    watchdog_s: float = _setting(
        120.0, "seconds without progress, with lag, until the worker counts as not alive; 0: no watchdog", least=0
    )
    watchdog_ends: bool = _setting(False, "the watchdog also ends the process (exit code 70)")
    model: bool = _setting(True, "use the trained attribution model; off: rules only")
    own_voice_least: float = _setting(
        0.1,
        "check-worthiness (0 to 1) from which what the article itself says is a claim; 0: all of it, 1: none",
        least=0,
        most=1,
    )
    replay_share: float = _setting(
        0.5,
        "part of the machine's cores that a replay may use, above 0 up to 1; below 1 it yields to all else",
        least=0.01,
    )
    replay_piece_s: float = _setting(
        60.0,
        "seconds after which a replay into files closes what it has written: so much is done again after a crash",
        least=0.1,
    )
    data_dir: str = _setting(".claimwire", "folder for what Faust keeps on disk")
    web_port: int = _setting(6066, "port of the worker's web server: page, metrics, health; 0: none", least=0)
    web_host: str = _setting(
        "127.0.0.1",
        "address that the web server binds; it has no login, so open it only to those who may read articles",
    )
    log_level: str = _setting("info", "debug, info, warning or error")
    log_format: str = _setting("auto", "json (one object a line), text, or auto: text on a terminal, else json")
    traces_endpoint: str = _setting(
        "",
        "where spans go by OTLP over HTTP, as http://127.0.0.1:4318/v1/traces; empty: none (needs the extra tracing)",
    )
    traces_share: float = _setting(1.0, "share of the batches that are traced, 0 to 1", least=0)


_CHOICES = {
    "compression": ("none", "gzip", "snappy", "lz4", "zstd"),
    "on_offset_lost": ("stop", "earliest", "latest"),
    "log_level": ("debug", "info", "warning", "error"),
    "log_format": ("auto", "json", "text"),
}
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _checked(name: str, value: Any, origin: str, kind: str, least: float | None, most: float | None = None) -> Any:
    def wrong(expected: str) -> SettingsError:
        return SettingsError(f"{name} = {value!r} (from {origin}): expected {expected}")

    if kind == "bool":
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in _BOOLEANS:
            return _BOOLEANS[value.strip().lower()]
        raise wrong("true or false")
    if kind in ("int", "float"):
        what = "a whole number" if kind == "int" else "a number"
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise wrong(what)
        try:
            number = int(str(value)) if kind == "int" else float(value)
        except ValueError:
            raise wrong(what) from None
        if not number < float("inf") or (least is not None and number < least):
            raise wrong(f"{what}, at least {least:g}")
        if most is not None and number > most:
            raise wrong(f"{what}, at most {most:g}")
        return number
    if not isinstance(value, str):
        raise wrong("a text")
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        raise wrong("one of " + ", ".join(choices))
    if name == "brokers":
        for broker in value.split(","):
            host, colon, port = broker.strip().rpartition(":")
            if not (host and colon and port.isdigit()):
                raise wrong("host:port, separated by commas")
    return value


def load_settings(
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> tuple[Settings, dict[str, str]]:
    """The settings, and for each name where its value came from.

    The order, weakest first: defaults, the TOML file, the environment, the command line. Without `file`,
    CLAIMWIRE_CONFIG names it, else ./claimwire.toml is read if it is there.

    Raises:
        SettingsError: a value is wrong, a name is unknown, or the file cannot be read.
    """
    environment = os.environ if environment is None else environment
    named = file or (Path(environment[ENV + "CONFIG"]) if environment.get(ENV + "CONFIG") else None)
    path = named or Path("claimwire.toml")
    known = {f.name: f for f in fields(Settings)}
    given: dict[str, tuple[Any, str]] = {}
    if named or path.exists():
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
            raise SettingsError(f"the settings file {path} cannot be read: {broken}") from broken
        given |= {name: (value, str(path)) for name, value in content.items()}
    for variable, value in environment.items():
        if variable.startswith(ENV) and variable != ENV + "CONFIG" and not variable.startswith(ENV + "TEST_"):
            given[variable.removeprefix(ENV).lower()] = (value, variable)
    given |= {name: (value, "the command line") for name, value in (overrides or {}).items() if value is not None}
    values, origins = {}, dict.fromkeys(known, "default")
    for name, (value, origin) in given.items():
        if name not in known:
            raise SettingsError(f"{name} (from {origin}) is no setting; there are: {', '.join(known)}")
        spec = known[name]
        values[name] = _checked(name, value, origin, str(spec.type), spec.metadata["least"], spec.metadata["most"])
        origins[name] = origin
    return Settings(**values), origins
