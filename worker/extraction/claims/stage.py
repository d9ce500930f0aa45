"""The claims stage: one claim for each statement and its meaning."""

from __future__ import annotations

from collections.abc import Sequence

from worker.contract.claim import Act, Article, AttributionLink, Claim, Content, Provenance, Voice
from worker.contract.ids import claim_id
from worker.contract.limits import MIN_OWN_VOICE
from worker.extraction.event_span import event_span
from worker.extraction.meaning.stage import Meaning
from worker.extraction.speakers.stage import Reported, Statement

__all__ = ["make_claims"]


def make_claims(
    article: Article,
    text: str,
    statements: Sequence[Statement],
    meanings: Sequence[Meaning],
    provenance: Provenance,
    own_voice_min: float = MIN_OWN_VOICE,
) -> list[Claim]:
    """The claims of an article, each once, in the order of its statements.

    `meanings`: one for each statement; one without a text makes no claim. Statements in the article's own voice are
    claims from a check-worthiness of `own_voice_min` on.
    """
    links = [
        _link(text, statement.reported, meaning.act) for statement, meaning in zip(statements, meanings, strict=True)
    ]
    claims: dict[str, Claim] = {}
    for statement, meaning, link in zip(statements, meanings, links, strict=True):
        if not meaning.text:
            continue  # it states nothing
        if link is not None and _says_again(link, meaning, statement.holders, links, meanings):
            continue
        if statement.voice is not Voice.ATTRIBUTED and meaning.check_worthiness < own_voice_min:
            continue
        chain = [outer for index in statement.holders if (outer := links[index])] + ([link] if link else [])
        claim = Claim(
            claim_id=claim_id(article.uri, chain[-1].source.name if chain else None, meaning.verbatim),
            article=article,
            voice=statement.voice,
            attribution=chain,
            content=Content(text=meaning.text, spans=[event_span(text, span) for span in statement.content]),
            act=meaning.act,
            plover=meaning.plover,
            polarity=meaning.polarity,
            modality=meaning.modality,
            proposition=meaning.proposition,
            quantities=meaning.quantities,
            times=meaning.times,
            entities=meaning.entities,
            check_worthiness=meaning.check_worthiness,
            confidence=statement.confidence,
            provenance=provenance,
        )
        claims.setdefault(claim.claim_id, claim)
    return list(claims.values())


def _says_again(
    link: AttributionLink,
    meaning: Meaning,
    holders: Sequence[int],
    links: Sequence[AttributionLink | None],
    meanings: Sequence[Meaning],
) -> bool:
    """True for what somebody says that he says, where that is all he says: “I would not rule it out,” she said."""
    around = links[holders[-1]] if holders else None
    if (
        around is None
        or around.source.entity_id != link.source.entity_id
        or meanings[holders[-1]].act is not meaning.act
    ):
        return False
    return _plain(meanings[holders[-1]].text) == _plain(meaning.text)


def _plain(text: str) -> str:
    return text.replace("[", "").replace("]", "").casefold()


def _link(text: str, reported: Reported | None, act: Act) -> AttributionLink | None:
    """The link of a chain of attribution that a source is, None for a statement of the article itself."""
    if reported is None:
        return None
    cue = reported.attribution.cue
    return AttributionLink(
        source=reported.source,
        cue=event_span(text, cue) if cue else None,
        act=act,
        quote_type=reported.attribution.quote_type,
        confidence=reported.confidence,
        addressees=reported.addressees,
        negated=act in (Act.SILENT, Act.DECLINE),
    )
