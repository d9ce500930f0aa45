"""The articles of a fault's stream: short ones in many versions, deletions, slow ones, broken ones."""

from __future__ import annotations

import itertools
import os
import random

import orjson

from tests.paths import POISON

RECORDS = int(os.environ.get("CLAIMWIRE_TEST_FAULT_RECORDS", "5000"))
SPAN_S = 60.0 if RECORDS >= 2000 else 30.0
"""Over so many seconds a stream is sent: longer than most faults last."""
KEYS = 200
SPANISH = 0.01
DELETED = 0.02
_POISON = sorted(POISON.glob("*.bin"))
_NAMES = ("Anna Lind", "Tom Becker", "Maria Rossi", "Sven Olsen", "Laura Weiss")


def article(key, version):
    """A version of the article `key`: one claim that no other version has, one that stays for three versions, and one
    that comes again in every second version.
    """
    mayor, treasurer, warden = (_NAMES[(key + place) % len(_NAMES)] for place in range(3))
    body = (
        f"The council of district {key} met on Monday.\n\n"
        f"Mayor {mayor} said that bridge number {key} would open in {version} weeks.\n\n"
        f"{treasurer} said that road number {key} would cost {version // 3 + 2} million euros.\n\n"
        f"{warden} said that the harbour was {('closed', 'open')[version % 2]}."
    )
    return orjson.dumps(
        {"uri": f"https://news.example/{key}", "body": body, "version": str(version), "published_at": "2026-11-20"}
    )


def spanish_article(key, version):
    """Good, and not for us: it is dropped, and must leave its note."""
    body = (
        f"El ayuntamiento del distrito {key} se reunió el lunes por la mañana.\n\n"
        f"La alcaldesa Anna Lind dijo que el puente se abriría dentro de {version} semanas."
    )
    return orjson.dumps({"uri": f"https://news.example/{key}", "body": body, "version": str(version)})


def slow_article(key, version, paragraphs=150):
    """An article that takes seconds: all records behind it in its partition wait."""
    body = "\n\n".join(
        f"Mayor Anna Lind said that bridge number {n} would open in May, and that the council had met in the hall."
        for n in range(paragraphs)
    )
    return orjson.dumps({"uri": f"https://news.example/{key}", "body": body, "version": str(version)})


def records(count=RECORDS, *, poison=0.0, keys=KEYS, seed=1):
    """Key and value of each record: every key has its versions in rising order, now and then a deletion between two of
    them (value None); a share of them is poison.
    """
    chance = random.Random(seed)  # noqa: S311 - the same stream each time
    versions = dict.fromkeys(range(keys), 0)
    broken = itertools.cycle(_POISON)
    for number in range(count):
        if chance.random() < poison:
            yield b"poison-%d" % number, next(broken).read_bytes()
            continue
        key = chance.randrange(keys)
        if versions[key] and chance.random() < DELETED:
            yield uri(key), None
            continue
        versions[key] += 1
        made = spanish_article if chance.random() < SPANISH else article
        yield uri(key), made(key, versions[key])


def uri(key):
    return f"https://news.example/{key}".encode()
