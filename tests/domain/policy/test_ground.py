"""On what ground: the consent that a purpose needs."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.call_request import Purpose
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.ground import check_ground
from tests.domain.policy.cases import is_told, rules
from tests.support.requests import a_request


def found(policy: str = "", **changes: Any) -> list[Violation]:
    return list(check_ground(a_request(**changes), rules(policy)))


@pytest.mark.parametrize("kind", [None, *ConsentKind])
@pytest.mark.parametrize("purpose", Purpose)
def test_only_marketing_needs_consent_and_it_must_be_written(
    purpose: Purpose, kind: ConsentKind | None
) -> None:
    """Without a policy file, marketing calls need written consent; no other kind is enough."""
    missing = found(purpose=purpose, consent_kind=kind, consent_reference=kind and "CRM 1234")
    enough = purpose is not Purpose.MARKETING or kind is ConsentKind.WRITTEN
    assert (missing == []) is enough
    assert all(one.rule is Rule.CONSENT and is_told(one) and one.until is None for one in missing)
    assert all("Written consent" in one.reason and "marketing" in one.reason for one in missing)


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
    policy = '[consent]\ninformational = ["existing_relationship", "prior_express"]'
    assert found(policy, consent_kind=ConsentKind.EXPRESS, consent_reference="x") == []
    assert found(policy, consent_kind=ConsentKind.RELATIONSHIP, consent_reference="x") == []
    for kind in (None, ConsentKind.WRITTEN, ConsentKind.NOT_NEEDED):
        (missing,) = found(policy, consent_kind=kind, consent_reference="x")
        assert missing.reason.endswith('needs consent: "Express consent" or "Existing relationship".')


def test_no_kind_is_ever_enough_where_none_is_named() -> None:
    """An empty list is no open door."""
    policy = "[consent]\ninformational = []"
    assert all(found(policy, consent_kind=kind, consent_reference="x") for kind in [None, *ConsentKind])
