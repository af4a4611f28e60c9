"""Whom: who asked us to stop, which countries, which kinds of numbers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import shipped_policy
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.records import Records
from bot.domain.policy.whom import check_whom
from tests.domain.policy.cases import is_told, rules
from tests.support.requests import a_request


def found(records: Records | None = None, policy: str = "", **changes: Any) -> list[Violation]:
    return list(check_whom(a_request(**changes), records or Records(), rules(policy)))


def test_an_ordinary_number_may_be_called() -> None:
    """Nothing speaks against a number of an allowed country and kind."""
    assert found() == []


def test_who_asked_us_to_stop_is_not_called() -> None:
    """The suppression list holds for good, and says how somebody gets off it."""
    (listed,) = found(Records(suppressed=True))
    assert (listed.rule, listed.until) == (Rule.SUPPRESSION_LIST, None) and is_told(listed)
    assert "asked not to be called" in listed.reason and "two approvers" in listed.cure
    assert "47 CFR 64.1200" in listed.source


@pytest.mark.parametrize("region", sorted(shipped_policy().countries))
def test_the_countries_of_the_policy_are_called(region: str) -> None:
    """Each of them, and only it, if the policy names no other."""
    assert found(region=region) == []
    assert found(region=region, policy=f'countries = ["{region}"]') == []


@pytest.mark.parametrize(
    ("region", "named"),
    [("JM", "Jamaica"), ("DO", "Dominican Republic"), ("BS", "Bahamas"), ("IT", "Italy")],
)
def test_other_countries_are_not_called(region: str, named: str) -> None:
    """A country is told by the number's own region, so +1 alone opens no island; it is named."""
    (far,) = found(region=region, to_number="+18765551234")
    assert (far.rule, far.until) == (Rule.COUNTRY, None) and is_told(far)
    assert named in far.reason and region in far.cure
    assert found(region=region, policy=f'countries = ["{region}"]') == []


@pytest.mark.parametrize("region", ["PR", "GU", "VI", "AS", "MP"])
def test_the_territories_of_the_us_are_called(region: str) -> None:
    """They have codes of their own, and the law of the US."""
    assert found(region=region) == []
    assert found(region=region, policy='countries = ["US"]')[0].rule is Rule.COUNTRY


def test_a_region_that_nobody_knows_is_not_called() -> None:
    """A region without a name is refused under its code, and an empty list allows nobody."""
    assert "ZZ" in found(region="ZZ")[0].reason
    assert found(policy="countries = []")[0].rule is Rule.COUNTRY


@pytest.mark.parametrize("kind", NumberType)
def test_only_usual_kinds_of_numbers_are_called(kind: NumberType) -> None:
    """What costs the person called, belongs to nobody, or cannot be told is refused."""
    usual = {"fixed_line", "mobile", "fixed_line_or_mobile", "voip", "toll_free", "uan"}
    refused = found(number_type=kind)
    assert (refused == []) is (kind.value in usual)
    assert all(one.rule is Rule.NUMBER_TYPE and kind.label in one.reason for one in refused)
    assert all(is_told(one) and one.until is None for one in refused)
    assert found(number_type=kind, policy=f'number_types = ["{kind.value}"]') == []


def test_everything_is_told_at_once() -> None:
    """Somebody who mends one thing learns of the next at the same time."""
    all_of_it = found(Records(suppressed=True), region="IT", number_type=NumberType.PAGER)
    assert [one.rule for one in all_of_it] == [Rule.SUPPRESSION_LIST, Rule.COUNTRY, Rule.NUMBER_TYPE]
