"""On what ground: the consent that a purpose needs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.ask import Purpose
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.consent_needed import check_consent, consent_in_words
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.number_type import NumberType
from tests.domain.policy.cases import is_told, rules
from tests.support.requests import a_request


def found(policy: str = "", **changes: Any) -> list[Violation]:
    return list(check_consent(a_request(**changes), rules(policy)))


WRITTEN = {ConsentKind.WRITTEN}
EITHER = {ConsentKind.WRITTEN, ConsentKind.EXPRESS}
SOLICITING = (Purpose.MARKETING, Purpose.OTHER)
BOSTON, TORONTO, BERLIN, LONDON = "+16176451984", "+14162345678", "+493012345678", "+448001111111"


@pytest.mark.parametrize("kind", [None, *ConsentKind])
@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("to", "enough"),
    [
        ({"to_number": BOSTON}, EITHER),
        ({"to_number": "+17872345678", "region": "PR"}, EITHER),
        ({"to_number": TORONTO, "region": "CA"}, EITHER),
        ({"to_number": "+18005551234", "number_type": NumberType.TOLL_FREE}, EITHER),
        ({"to_number": "+16214567890", "zone": "America/Chicago"}, EITHER),
        ({"to_number": LONDON, "region": "GB", "number_type": NumberType.TOLL_FREE}, EITHER),
        ({"to_number": BERLIN, "region": "DE", "zone": "America/Chicago"}, EITHER),
        ({"to_number": BERLIN, "region": "DE"}, {None, *ConsentKind}),
    ],
)
def test_which_calls_need_which_consent(
    to: dict[str, Any], enough: set[ConsentKind | None], purpose: Purpose, kind: ConsentKind | None
) -> None:
    """Soliciting calls need it in writing everywhere; others in the US, in Canada, to a toll-free line."""
    missing = found(**to, purpose=purpose, consent_kind=kind, consent_reference=kind and "CRM 1234")
    assert (missing == []) is (kind in (WRITTEN if purpose in SOLICITING else enough))
    assert all(one.rule is Rule.CONSENT and is_told(one) and one.until is None for one in missing)
    assert all("Written consent" in one.reason for one in missing)
    assert all(purpose.label.lower() in one.reason for one in missing)


def test_a_refusal_says_where_the_consent_is_needed_and_by_which_law() -> None:
    """By country, by state and by kind of number; what several ask alike is told once."""
    none = {"consent_kind": None, "consent_reference": None}
    (us,) = found(**none)
    assert "(informational) to United States needs consent" in us.reason
    assert us.source == "47 CFR 64.1200(a)(1)(iii), FCC 24-17"
    (toll_free,) = found(
        to_number=LONDON, region="GB", zone="Europe/London", number_type=NumberType.TOLL_FREE, **none
    )
    assert "to toll free numbers needs consent" in toll_free.reason
    (both,) = found(number_type=NumberType.TOLL_FREE, **none)
    assert "to United States, toll free numbers needs" in both.reason
    assert both.source.count("; ") == 1
    (anywhere,) = found(purpose=Purpose.OTHER, **none)
    assert "(other) needs consent" in anywhere.reason and "counts as marketing; 47 CFR" in anywhere.source
    ours = '[in."US-MA".consent]\ninformational = ["existing_relationship"]'
    (ma,) = found(ours)
    assert "to US-MA needs consent: " in ma.reason and ma.source == "the policy's consent for informational"
    assert len(found(ours, **none)) == 2


def test_what_several_states_ask_alike_is_told_once_in_their_order() -> None:
    """However and whenever each of them was read; what one asks otherwise stands apart."""
    rule = 'informational = { any_of = ["prior_express_written"], source = "%s", checked_on = 2026-01-0%d }\n'
    asked = [("WY", 1), ("AK", 2), ("NV", 3)]
    policy = "".join(f'[in."US-{state}".consent]\n{rule % (f"law of {state}", day)}' for state, day in asked)
    policy += '[in."US-ME".consent]\ninformational = ["not_needed"]\n'
    three, maine = found(policy, to_number="+18005551234")
    assert "to US-AK, US-NV, US-WY needs" in three.reason and "to US-ME needs" in maine.reason
    assert three.source == "law of AK; law of NV; law of WY"


def test_the_ground_in_words() -> None:
    """Every consent that applies, given or not, with its source; none where no consent is needed."""
    (us,) = consent_in_words(a_request(), rules())
    assert us.startswith("A call for this purpose (informational) to United States needs consent: ")
    assert us.endswith('"Written consent" or "Express consent" (47 CFR 64.1200(a)(1)(iii), FCC 24-17)')
    assert consent_in_words(a_request(to_number=BERLIN, region="DE"), rules()) == ()


@pytest.mark.parametrize("reference", [None, ""])
def test_consent_needs_a_reference(reference: str | None) -> None:
    """A kind without the place where its record is kept is no consent."""
    (missing,) = found(
        purpose=Purpose.MARKETING, consent_kind=ConsentKind.WRITTEN, consent_reference=reference
    )
    assert missing.rule is Rule.CONSENT and missing.until is None and is_told(missing)
    assert "record" in missing.reason and "reference" in missing.cure


def test_an_operator_says_which_kinds_are_enough() -> None:
    """Each kind that the policy names is enough, the others are not, and the refusal names them in order."""
    policy = '[in."US".consent]\ninformational = ["existing_relationship", "prior_express"]'
    assert found(policy, consent_kind=ConsentKind.EXPRESS, consent_reference="x") == []
    assert found(policy, consent_kind=ConsentKind.RELATIONSHIP, consent_reference="x") == []
    for kind in (None, ConsentKind.WRITTEN, ConsentKind.NOT_NEEDED):
        (missing,) = found(policy, consent_kind=kind, consent_reference="x")
        assert missing.reason.endswith('needs consent: "Express consent" or "Existing relationship".')


def test_consent_of_everywhere_and_of_a_place_must_both_be_there() -> None:
    """What is enough for one of them is not enough for the other."""
    policy = '[consent]\ninformational = ["prior_express_written", "existing_relationship"]'
    assert found(policy, consent_kind=ConsentKind.WRITTEN) == []
    assert len(found(policy, consent_kind=ConsentKind.EXPRESS)) == 1
    assert len(found(policy, consent_kind=ConsentKind.RELATIONSHIP)) == 1
    assert len(found(policy, consent_kind=ConsentKind.NOT_NEEDED)) == 2


def test_where_the_state_is_not_known_the_consents_of_all_states_count() -> None:
    """Of a state that it is not in none does."""
    policy = '[in."US-ME".consent]\ninformational = ["prior_express_written"]'
    assert found(policy) == []
    (maine,) = found(policy, to_number="+18005551234")
    assert "to US-ME needs" in maine.reason
    assert found(policy, to_number="+12072345678") != []


def test_no_kind_is_ever_enough_where_none_is_named() -> None:
    """An empty list is no open door."""
    policy = "[consent]\ninformational = []"
    assert all(found(policy, consent_kind=kind, consent_reference="x") for kind in [None, *ConsentKind])
    assert "needs consent: no kind of it is enough." in found(policy)[0].reason
