"""What a worker takes that has loaded its models and has nothing to do: memory of each process, and CPU.

python -m bench.footprint [CHECKOUT ...]

Memory from /proc (Linux): resident is all, own is what no other process shares, proportional splits what is shared.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict
from pathlib import Path

from bench.figures import Figure, saved
from bench.kafka_to_kafka import PARTITIONS, WARM_UP, articles, reading, send, until_idle, until_out
from bench.worker_process import cpu_seconds, processes_of, running_worker
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.local.kafka import start_kafka
from worker.streaming.topics.admin import create_missing

_WATCHED_S = 30
_BARS = {"extraction process": "at most 250"}
_FIELDS = {"Rss": "resident", "Pss": "proportional"}


def memory_mb(pid: int) -> dict[str, float]:
    found = {"own": 0.0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]:
        name, kilobytes = line.split(":")[0], int(line.split()[1])
        if name in _FIELDS:
            found[_FIELDS[name]] = kilobytes / 1024
        elif name.startswith("Private"):
            found["own"] += kilobytes / 1024
    return found


def what_it_is(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    parent = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    if "forkserver" not in command:
        return "tracker of Python's" if "resource_tracker" in command else "extraction process"
    forked = "forkserver" in Path(f"/proc/{parent}/cmdline").read_text(encoding="utf-8")
    return "extraction process" if forked else "process that forks them"


async def one_worker(bootstrap: str, checkout: Path, prefix: str) -> None:
    topics = Topics.with_prefix(prefix)
    await create_missing(Brokers(bootstrap), list(topics.specs()), partitions=PARTITIONS, replication=1)
    with running_worker(bootstrap, checkout, prefix) as pid:
        async with reading(bootstrap, topics) as consumer:
            await send(bootstrap, topics.raw, articles(WARM_UP))
            await until_out(consumer, topics, WARM_UP, pid)
        await until_idle(pid)
        before = cpu_seconds(pid)
        await asyncio.sleep(_WATCHED_S)
        after = cpu_seconds(pid)
        print(f"{checkout}")
        own_of, shared_of = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
        for process in processes_of(pid):
            name = "worker" if process == pid else what_it_is(process)
            memory = memory_mb(process)
            print(f"  {name}: " + ", ".join(f"{mb:.0f} MB {what}" for what, mb in memory.items()))
            own_of[name].append(memory["own"])
            shared_of[name].append(memory["proportional"] - memory["own"])
        figures = [Figure(f"{name}: own memory", "MB", tuple(mb), _BARS.get(name, "")) for name, mb in own_of.items()]
        figures += [Figure(f"{name}: its part of what is shared", "MB", tuple(mb)) for name, mb in shared_of.items()]
        own, below = after.own - before.own, after.below - before.below
        idle = 100 * (own + below) / _WATCHED_S
        figures.append(Figure("idle: CPU of all processes", "% of a core", (idle,), "under 1"))
        if checkout == Path.cwd():
            saved("footprint", "python -m bench.footprint", figures)
        print(
            f"  idle: {own / _WATCHED_S:.2%} of a core for the worker, {below / _WATCHED_S:.2%} for all below it, "
            f"over {_WATCHED_S} s",
            flush=True,
        )


async def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("checkouts", nargs="*", type=Path, default=[Path()])
    given = ask.parse_args()
    broker = start_kafka()
    try:
        for number, checkout in enumerate(given.checkouts):
            await one_worker(broker.bootstrap, checkout.resolve(), f"f{number}.")
    finally:
        broker.stop()


if __name__ == "__main__":
    asyncio.run(main())
