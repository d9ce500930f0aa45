"""Two names of one source are found to be one, two sources are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.relations.making import made_claim
from worker.contract.claim import Source, Voice
from worker.link.relations.speaker import same_speaker, speaker_of


def speaker(name, **about):
    claim = made_claim("It is so", source=name)
    source = Source(span=None, name=name, **{"kind": "organisation"} | about)
    return speaker_of(replace(claim, attribution=[replace(claim.attribution[0], source=source)]))


MINISTER = speaker("Lena Osby", kind="person", role="Transport Minister")

ONE = [
    (MINISTER, speaker("Osby")),
    (MINISTER, speaker("The minister", kind="person", role="minister")),
    (speaker("The transport ministry"), speaker("the ministry")),
    (speaker("The institute for peace"), speaker("the institute")),
    (speaker("Norland Steel Inc"), speaker("Norland Steel")),
    (
        speaker("a spokesman for Norland Steel", kind="person", role="spokesman", affiliation="Norland Steel"),
        speaker("Norland Steel"),
    ),
    (speaker("UN experts", kind="group", anonymous=True), speaker("UN experts", kind="group", anonymous=True)),
]
TWO = [
    (MINISTER, speaker("Jan Osgar", kind="person")),
    (MINISTER, speaker("Osby's lawyer", kind="person", role="lawyer")),
    (speaker("The transport ministry"), speaker("the defence ministry")),
    (speaker("The observatory at Lund"), speaker("the observatory at Tartu")),
    (speaker("Analysts at Hill Bank", kind="group"), speaker("Analysts at Marsh Bank", kind="group")),
    (MINISTER, speaker("The governor", kind="person", role="governor")),
]


@pytest.mark.parametrize(("a", "b"), ONE)
def test_one_source(a, b):
    assert same_speaker(a, b)
    assert same_speaker(b, a)


@pytest.mark.parametrize(("a", "b"), TWO)
def test_two_sources(a, b):
    assert not same_speaker(a, b)
    assert not same_speaker(b, a)


def own_voice(uri, group=None):
    claim = made_claim("It is so", uri=uri)
    return replace(claim, voice=Voice.AUTHOR, attribution=[], article=replace(claim.article, group=group))


def test_the_articles_of_two_publishers_are_two_sources_and_copies_are_one():
    a, b = own_voice("https://a.example"), own_voice("https://b.example")
    assert not same_speaker(speaker_of(a), speaker_of(b))
    a, b = own_voice("https://a.example", "group:1"), own_voice("https://b.example", "group:1")
    assert same_speaker(speaker_of(a), speaker_of(b))
