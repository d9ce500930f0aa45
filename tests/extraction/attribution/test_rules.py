from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.contract.article import RawArticle
from worker.contract.codec import encode
from worker.extraction.outcome import Dropped, Extracted

_FRAME = "The city council met in the old town hall to talk about the new bridge over the river.\n\n"


def claims(pipeline, body):
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline="A bridge is debated", body=_FRAME + body)])
    assert isinstance(outcome, Extracted)
    text = outcome.extraction.text
    for claim in outcome.extraction.claims:
        for span in claim.content.spans:
            assert text[span.start : span.end] == span.exact
    return [claim for claim in outcome.extraction.claims if claim.voice == "attributed"]


@pytest.mark.parametrize(
    ("body", "source", "cue", "content"),
    [
        (
            "Mayor Anna Lind said the bridge would open in May.",
            "Mayor Anna Lind",
            "said",
            "the bridge would open in May",
        ),
        (
            "According to the contractor, the steel arrived late.",
            "the contractor",
            "According to",
            "the steel arrived late",
        ),
        ("“We are proud of this bridge,” Lind said on Monday.", "Lind", "said", "“We are proud of this bridge,”"),
        ("The minister condemned the delay.", "The minister", "condemned", "the delay"),
    ],
)
def test_who_said_what(pipeline, body, source, cue, content):
    (claim,) = claims(pipeline, body)
    (link,) = claim.attribution
    assert (link.source.span.exact, link.cue.exact) == (source, cue)
    assert [span.exact for span in claim.content.spans] == [content]


def test_a_quote_split_by_its_cue_is_one_content_of_two_spans(pipeline):
    (claim,) = claims(pipeline, "“The bridge is safe,” the engineer said, “and it will stay safe for a century.”")
    assert len(claim.content.spans) == 2
    assert claim.attribution[0].source.span.exact == "the engineer"


def test_what_was_not_said_is_no_assertion(pipeline):
    (claim,) = claims(pipeline, "The governor did not mention the cost of the bridge.")
    assert claim.attribution[0].negated
    assert claim.act == "silent"


def test_the_repeated_title_and_the_page_furniture_are_gone(pipeline):
    body = "A bridge is debated\n\n" + _FRAME + "Lind said the bridge was safe.\n\nAdd a comment"
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline="A bridge is debated", body=body)])
    assert outcome.extraction.text.count("A bridge is debated") == 1
    assert "comment" not in outcome.extraction.text


def test_another_language_is_passed_by(pipeline):
    body = "El presidente dijo que la economía crecerá este año, según los datos publicados por el banco central."
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=body)])
    assert isinstance(outcome, Dropped)
    assert outcome.reason == "language"


def test_the_same_article_gives_the_same_bytes(pipeline, sample):
    article = RawArticle(uri="u", body=sample.read_text(encoding="utf-8"))
    first, second = pipeline.extract([article, article])
    assert encode(first.extraction) == encode(second.extraction)


def test_the_sample_article(pipeline, sample):
    import json
    import subprocess
    import sys

    from worker.extraction.outcome import Extracted

    (outcome,) = pipeline.extract(
        [RawArticle(uri="u", body=sample.read_text(encoding="utf-8"), published_at=datetime(2021, 1, 29, tzinfo=UTC))]
    )
    assert isinstance(outcome, Extracted)
    lines = b"\n".join(encode(claim) for claim in outcome.extraction.claims)
    scorer = sample.parents[1] / "tools" / "score_seed.py"
    score = json.loads(
        subprocess.run([sys.executable, scorer, "--json"], input=lines, capture_output=True, check=True).stdout
    )
    assert score["core"]["found"] >= 17
    assert score["nested"]["found"] >= 4
    assert score["narrator"]["found"] >= 5
    assert score["quantities"]["right"] == 4
    assert score["dates"]["right"] == 6
    assert not score["must_not_broken"]


def test_a_pronoun_is_who_spoke_last_and_not_who_was_talked_about(pipeline):
    body = "Anna Lind said that Robert Stone had left. “There was no other way for any of us,” she said."
    names = [claim.attribution[0].source.name for claim in claims(pipeline, body)]
    assert names == ["Anna Lind", "Anna Lind"]


def test_a_pronoun_keeps_its_gender(pipeline):
    body = (
        "Judge Miriam Falk said the accounts of Robert Stone were careless. “It is a matter for others,” she said.\n\n"
        "He denied every charge."
    )
    assert [claim.attribution[0].source.name for claim in claims(pipeline, body)][-1] == "Robert Stone"


def test_a_quote_over_two_paragraphs_is_one_content(pipeline):
    body = (
        "The mayor spoke in the evening.\n\n“We are ready to talk to everybody.\n\n"
        "“We are ready to listen as well,” Paul Wenger said."
    )
    (claim,) = claims(pipeline, body)
    assert len(claim.content.spans) == 2
    assert claim.attribution[0].source.name == "Paul Wenger"


def test_a_source_inside_a_content_makes_a_chain(pipeline):
    chains = {
        claim.content.text: [link.source.span.exact for link in claim.attribution]
        for claim in claims(
            pipeline, "Johan Ek said local monitors had told him that several polling stations opened late."
        )
    }
    assert chains["Several polling stations opened late"] == ["Johan Ek", "local monitors"]


def test_nobody_named_is_said_so(pipeline):
    (claim,) = claims(pipeline, "It was reported that several bridges had been closed.")
    assert claim.attribution[0].source.span is None


def test_names_in_two_spellings_are_one_person_and_two_people_stay_two(pipeline):
    body = (
        "Richard Mills said the army of Khalifa Hifter had left. "
        "Anna Miles said that Haftar was still there with Mills."
    )
    ids = {}
    for claim in claims(pipeline, body):
        for entity in claim.entities:
            for span in entity.spans:
                ids[span.exact] = entity.entity_id
    assert ids["Khalifa Hifter"] == ids["Haftar"]
    assert ids["Anna Miles"] != ids["Richard Mills"]


def test_the_articles_own_voice(pipeline):
    body = (
        "Norland is the largest exporter of copper. Prices fell after the mine was closed in March. It is nice there."
    )
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline="Copper", body=_FRAME + body)])
    voices = {claim.content.text: claim.voice for claim in outcome.extraction.claims}
    assert voices["Norland is the largest exporter of copper"] == "author"
    assert voices["The mine was closed in March"] == "presupposed"
    assert not any("nice" in content for content in voices)


def test_a_cue_inside_its_content_splits_it(pipeline):
    (claim,) = claims(pipeline, "The new bridge, Garrod argued, would cost the city far too much.")
    assert [span.exact for span in claim.content.spans] == ["The new bridge", "would cost the city far too much"]
