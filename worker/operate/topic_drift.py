"""Where a topic is not as the worker needs it, and whether that can be mended without losing records. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worker.contract.topics import TopicSpec
from worker.streaming.topics.description import TopicState

__all__ = ["SHOWN", "Drift", "drifts", "readable_value"]

SHOWN = ("cleanup.policy", "retention.ms", "min.insync.replicas", "max.message.bytes")
"""The values that are shown of each topic."""
_AT_LEAST = {"retention.ms", "retention.bytes", "max.message.bytes"}
"""More than is wanted does no harm."""
_UNLIMITED = "-1"
_BY_DEFAULT = {"cleanup.policy": "delete", "retention.bytes": "-1"}
"""What is wanted where the specification says nothing: compaction would take records that were not read yet, and a
bound in bytes takes them before their time.
"""
_UNITS = ((86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"))


@dataclass(frozen=True, slots=True)
class Drift:
    """`wanted` is None where no value of the configuration mends it; `why` then says what is the matter.

    `mendable`: setting it loses nothing, so --apply does it.
    """

    key: str
    actual: str
    wanted: str | None
    mendable: bool
    why: str


def drifts(spec: TopicSpec, state: TopicState) -> Iterator[Drift]:
    """What differs from the specification, and what cannot work."""
    compacted = state.config.get("cleanup.policy") == "compact"
    for key, wanted in {**_BY_DEFAULT, **spec.config}.items():
        if compacted and key == "retention.bytes":
            continue  # Kafka shows it, and does not use it
        actual = state.config.get(key)
        if actual is not None and not _will_do(key, actual, wanted):
            yield Drift(key, actual, wanted, _mendable(key, wanted), _why(key, actual, wanted))
    least = int(state.config.get("min.insync.replicas", "1"))
    if least > state.copies:
        yield Drift(
            "min.insync.replicas",
            str(least),
            None,
            mendable=False,
            why=(
                f"min.insync.replicas is {least} and the topic has {_copies(state.copies)}: it takes no record, unless "
                "Kafka caps it, as 4.3 does"
            ),
        )
    elif state.copies >= 3 and least < 2:
        why = f"min.insync.replicas is {least} of {state.copies} copies: one broker that fails can lose what it took"
        yield Drift("min.insync.replicas", str(least), "2", mendable=False, why=why)


def _will_do(key: str, actual: str, wanted: str) -> bool:
    if key not in _AT_LEAST:
        return set(actual.split(",")) == set(wanted.split(","))
    return actual == _UNLIMITED or (wanted != _UNLIMITED and int(actual) >= int(wanted))


def _mendable(key: str, wanted: str) -> bool:
    """More room and more time lose nothing, and compaction keeps the last record of each key; deletion does not."""
    return key in _AT_LEAST or (key == "cleanup.policy" and wanted == "compact")


def _why(key: str, actual: str, wanted: str) -> str:
    if key == "retention.bytes":
        return f"retention.bytes is {actual}, wanted {wanted}: a partition that grows larger loses its oldest records"
    least = "at least " if key in _AT_LEAST else ""
    return f"{key} is {readable_value(key, actual)}, wanted {least}{readable_value(key, wanted)}"


def _copies(count: int) -> str:
    return "1 copy" if count == 1 else f"{count} copies"


def readable_value(key: str, value: str) -> str:
    """A number of milliseconds with the time that it is."""
    if not key.endswith(".ms") or not value.isdigit():
        return value
    number, unit = next(((int(value) / size, unit) for size, unit in _UNITS if int(value) >= size), (0, "ms"))
    return f"{value} ({number:g} {unit})"
