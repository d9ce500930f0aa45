"""The least rights in Kafka (ACLs) that each command needs. docs/security.md shows them, a test grants no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from worker.consumer_groups import groups_of, lifecycle_group, link_group, redrive_group, replay_group
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.access.rights import Operation, Resource, Right

__all__ = ["NEEDS", "rights_of", "table"]

_R, _W, _C, _D = Operation.READ, Operation.WRITE, Operation.CREATE, Operation.DELETE
_CONFIGURE = Operation.ALTER_CONFIGS
_SEE, _SEE_CONFIGS = Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS
_PLAIN = Topics()
_ALL = tuple(spec.name for spec in _PLAIN.specs())
_GIVEN = "TOPIC"
_REPLAYS = "replays"
_SIDE = "claims.replay."
"""What the names of a replay's topics begin with."""
_NAME = Settings().installation


def _topics(operation: Operation, *names: str) -> tuple[Right, ...]:
    return tuple(Right(operation, Resource.TOPIC, name) for name in names)


def _groups(operation: Operation, *names: str) -> tuple[Right, ...]:
    return tuple(Right(operation, Resource.GROUP, name) for name in names)


_LIVE = tuple(group.group for group in groups_of(Settings()))
_FENCE = Right(_W, Resource.TRANSACTIONAL_ID, f"{lifecycle_group(Settings().installation)}-", prefixed=True)
_LINKED = (_PLAIN.groups, _PLAIN.relations, _PLAIN.standing, _PLAIN.alerts)
_AUDITED = (_PLAIN.raw, _PLAIN.extracted, _PLAIN.dead, _PLAIN.dropped, _PLAIN.retry)

_COMPARED = (
    *_topics(_SEE, _PLAIN.raw),
    *_topics(_R, _PLAIN.claims, _PLAIN.extracted, _REPLAYS),
    Right(_R, Resource.TOPIC, _SIDE, prefixed=True),
    Right(_SEE, Resource.GROUP, replay_group(_NAME, ""), prefixed=True),
)

NEEDS: dict[str, tuple[Right, ...]] = {
    "run": (
        *_topics(_R, _PLAIN.raw, _PLAIN.retry, _PLAIN.extracted, _PLAIN.live),
        *_topics(_W, _PLAIN.extracted, _PLAIN.claims, _PLAIN.live, _PLAIN.retry, _PLAIN.dead, _PLAIN.dropped),
        *_groups(_R, *_LIVE),
        _FENCE,
    ),
    "run with audit_sample_s": _topics(_R, _PLAIN.claims, _PLAIN.dead),
    "run with web_articles": _topics(_W, _PLAIN.raw),
    "run with link": (
        *_topics(_R, _PLAIN.extracted, _PLAIN.claims, _PLAIN.watches, _PLAIN.reviews, *_LINKED),
        *_topics(_W, *_LINKED),
        *_groups(_R, link_group(_NAME)),
        Right(_W, Resource.TRANSACTIONAL_ID, link_group(_NAME)),
    ),
    "topics": (*_topics(_SEE, *_ALL), *_topics(_SEE_CONFIGS, *_ALL)),
    "topics --create": _topics(_C, *_ALL),
    "topics --apply": _topics(_CONFIGURE, *_ALL),
    "lag": (*_topics(_R, _PLAIN.raw, _PLAIN.retry, _PLAIN.extracted), *_groups(_SEE, *_LIVE)),
    "tail": _topics(_R, _PLAIN.claims),
    "said": _topics(_R, _PLAIN.claims),
    "about": _topics(_R, _PLAIN.claims),
    "review": _topics(_R, _PLAIN.claims),
    "reviews add": _topics(_W, _PLAIN.reviews),
    "reviews ls": _topics(_R, _PLAIN.reviews),
    "reviews rm": (*_topics(_R, _PLAIN.reviews), *_topics(_W, _PLAIN.reviews)),
    "watch add": _topics(_W, _PLAIN.watches),
    "watch ls": _topics(_R, _PLAIN.watches),
    "watch rm": _topics(_W, _PLAIN.watches),
    "watch alerts": _topics(_R, _PLAIN.alerts),
    "dump": _topics(_R, _GIVEN),
    "load": _topics(_W, _GIVEN),
    "publish": _topics(_W, _PLAIN.raw),
    "audit": (
        *_topics(_R, *_AUDITED, _PLAIN.live, _PLAIN.claims),
        *_topics(_SEE_CONFIGS, _PLAIN.extracted),
        *_groups(_SEE, *_LIVE),
    ),
    "dead ls": _topics(_R, _PLAIN.dead),
    "dead show": _topics(_R, _PLAIN.dead),
    "dead redrive": (
        *_topics(_R, _PLAIN.dead, _PLAIN.raw, _PLAIN.extracted),
        *_topics(_W, _PLAIN.raw, _PLAIN.extracted),
        Right(_R, Resource.GROUP, redrive_group(_NAME, ""), prefixed=True),
    ),
    "dead purge": (*_topics(_R, _PLAIN.dead), *_topics(_D, _PLAIN.dead)),
    "replay": (
        *_topics(_R, _PLAIN.raw, _REPLAYS),
        *_topics(_W, _REPLAYS),
        *_topics(_C, _REPLAYS),
        *_topics(_SEE, _PLAIN.claims),
        *(Right(operation, Resource.TOPIC, _SIDE, prefixed=True) for operation in (_C, _R, _W)),
        Right(_R, Resource.GROUP, replay_group(_NAME, ""), prefixed=True),
    ),
    "diff": _COMPARED,
    "promote": (*_COMPARED, *_topics(_W, _PLAIN.extracted), *_groups(_SEE, lifecycle_group(_NAME))),
}
"""The rights by command, with the default names. A command with an option needs those without it as well."""


def rights_of(command: str, settings: Settings, topic: str = "") -> list[Right]:
    """The rights that `command` needs in this installation; none for a command that `NEEDS` has not.

    `topic`: the whole name of the one that the command was given as its TOPIC.
    """
    return list(_renamed(NEEDS.get(command, ()), settings, topic))


def _renamed(rights: tuple[Right, ...], settings: Settings, topic: str) -> Iterator[Right]:
    plain = Settings()
    for right in rights:
        if right.name == _GIVEN:
            if topic:
                yield replace(right, name=topic)
        elif right.resource is Resource.TOPIC:
            yield replace(right, name=settings.topic_prefix + right.name)
        else:
            yield replace(right, name=settings.installation + right.name.removeprefix(plain.installation))


def table() -> Iterator[str]:
    """The rows of docs/security.md."""
    for command, rights in NEEDS.items():
        for (operation, resource), names in _grouped(rights).items():
            yield f"| `{command}` | {operation.name} | {resource.value} | {', '.join(f'`{name}`' for name in names)} |"


def _grouped(rights: tuple[Right, ...]) -> dict[tuple[Operation, Resource], list[str]]:
    names: dict[tuple[Operation, Resource], list[str]] = {}
    for right in rights:
        shown = f"{right.name}*" if right.prefixed else right.name
        names.setdefault((right.operation, right.resource), []).append(shown)
    return names
