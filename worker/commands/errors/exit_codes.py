"""Which exit code and which line on standard error each error of a command ends with.

0: done. 1: it failed, or the command found what it was to look for (`audit`, `topics`, `lag --fail-above`). 2: it was
asked for wrongly, and the user can mend that. `replay` ends with 3 when it was stopped before its end.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from worker.commands.errors.kafka_errors import KafkaUse, words_for
from worker.settings import Settings
from worker.visible_text import visible, visible_lines

__all__ = ["RefusedError", "errors_as_exit_codes", "remember_use", "why_ended"]

_MEND = 2
_FAILED = 1

# By name, so that nothing is imported for them: an error can only come from a module that is loaded.
CODES = {
    "worker.brokers:BrokersError": _MEND,
    "worker.setting_sources:SettingsError": _MEND,
    "worker.measure.golden:GoldError": _MEND,
    "worker.replay.plan.plan:PlanError": _MEND,
    "worker.archives.kinds:ArchiveError": _MEND,
    "worker.streaming.topics.window:WindowError": _MEND,
    "worker.local.demo:DemoError": _FAILED,
    "worker.operate.claims_repair:RepairError": _FAILED,
    "worker.operate.dead_letters:DeadLetterError": _FAILED,
    "worker.replay.execution.run:ReplayError": _FAILED,
    "worker.streaming.access.coordinators:NoCoordinatorError": _FAILED,
    "worker.streaming.pool.child:StartError": _FAILED,
    "worker.streaming.publish.delivery:PublishError": _FAILED,
    "worker.streaming.stateful.changelog:MissingTopicError": _FAILED,
    "worker.streaming.stateful.transactions:TransactionTooLongError": _FAILED,
    "worker.streaming.topics.admin:TopicError": _FAILED,
}
_QUOTES_A_LOG = "worker.local.demo:DemoError"
KAFKA = "aiokafka.errors:KafkaError"
_USE = "claimwire.use"


class RefusedError(click.ClickException):
    """An error that the user can mend: one line on standard error, exit code 2."""

    exit_code = _MEND


def remember_use(settings: Settings) -> None:
    """Keeps how the running command uses Kafka, for the message of an error that it may end with."""
    context = click.get_current_context()
    topic = context.params.get("topic")
    path = context.command_path.partition(" ")[2]
    context.meta[_USE] = KafkaUse(path, settings, topic if isinstance(topic, str) else "")


@contextmanager
def errors_as_exit_codes(context: click.Context) -> Iterator[None]:
    """Turns the errors of `CODES` and those of Kafka into one line and an exit code; any other error passes through."""
    try:
        yield
    except Exception as error:
        ending = _ending(error, context.meta.get(_USE))
        if ending is None:
            raise
        raise ending from None


def why_ended(error: Exception, use: KafkaUse) -> str:
    """The sentence that a command ends with on this error; for one that no user can mend, its type and its words."""
    ending = _ending(error, use)
    return ending.message if ending else visible(f"{type(error).__name__}: {error}")


def _ending(error: Exception, use: KafkaUse | None) -> click.ClickException | None:
    for name, code in CODES.items():
        if _is(error, name):
            words = _words(error)
            return RefusedError(words) if code == _MEND else click.ClickException(words)
    if _is(error, KAFKA) or (isinstance(error, TimeoutError) and use is not None):
        return click.ClickException(visible(words_for(error, use)))
    return None


def _words(error: Exception) -> str:
    """The message in one line, since it can quote a key, a file or a topic; but a failed demo quotes a log."""
    return visible_lines(str(error)) if _is(error, _QUOTES_A_LOG) else visible(str(error))


def _is(error: Exception, name: str) -> bool:
    module, _, kind = name.partition(":")
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, getattr(loaded, kind))
