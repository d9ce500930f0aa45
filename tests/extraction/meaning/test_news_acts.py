"""Announcements of ordinary news are no threats, and neutral deeds no accusations."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("The brewer sold its two pubs last year, analyst Bo Ek said.", "assert"),
        ("The storm broke 40 windows, police said.", "assert"),
        ("Ice covered the whole harbour by noon, the weather office said.", "assert"),
        ("Shops sell more tea than coffee, the trade body said.", "assert"),
        ("The sprinter broke the record on Sunday, her coach said.", "assert"),
        ("The company abandoned the project in May, its director said.", "assert"),
        ("The striker wasted three chances, the coach said.", "assert"),
        ("Fog hid the summit for two days, the guide said.", "assert"),
        ("The chain said it would close 12 shops.", "assert"),
        ("“We will suspend ferry services on Sunday,” the operator said.", "assert"),
        ("The keeper said he would resign in May.", "assert"),
        ("The airline said it would cancel 40 flights because of the snow.", "assert"),
        ("The festival said it would cut ticket prices.", "assert"),
        ("The firm will withdraw the heater from sale, it said.", "assert"),
        ("“The company lied to its workers,” union leader Greta Moll said.", "accuse"),
        ("The referee ignored the rules, the coach said.", "accuse"),
        ("The council wasted two million euros of public money, the auditor said.", "accuse"),
        ("The bank broke the law, the regulator said.", "accuse"),
        ("The club hid the losses from its members, the auditor said.", "accuse"),
        ("“They are hiding it from you,” the candidate said.", "accuse"),
        ("The boats ignored the closure, the ministry said.", "accuse"),
        ("“They betrayed us,” the captain said.", "accuse"),
        ("“We will close the port unless the crews return,” the owner said.", "threaten"),
        ("“If the price is not paid, we will sue the club,” the lawyer said.", "threaten"),
        ("“We will strike if the talks fail,” the union said.", "threaten"),
        ("“We will punish the traitors,” the general said.", "threaten"),
        ("The Kremlin said it would retaliate against the sanctions.", "threaten"),
        ("The minister threatened to close the port.", "threaten"),
        ("“We will open a new ward in spring,” the hospital said.", "promise"),
    ],
)
def test_act(pipeline, sentence, act):
    assert [claim.act for claim in claims(pipeline, sentence)] == [act]
