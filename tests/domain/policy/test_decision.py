"""What a decision of the dialing policy means."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.policy.decision import Decision, Rule, Violation
from tests.domain.policy.cases import NOON

LATER = NOON + timedelta(hours=1)
LISTED = Violation(rule=Rule.SUPPRESSION_LIST, reason="r", cure="c", source="s")
NIGHT = Violation(rule=Rule.CALLING_WINDOW, reason="r", cure="c", source="s", until=LATER)
CAP = Violation(rule=Rule.CAP, reason="r", cure="c", source="s", until=LATER)


def test_the_record_names_the_rules_as_the_code_does() -> None:
    """What is stored stays readable."""
    assert all(rule.value == rule.name.lower() for rule in Rule)


def test_without_violations_a_call_is_allowed() -> None:
    """Only then; a violation that will pass is one now."""
    assert Decision(at=NOON, policy="p", next_allowed=NOON).allowed
    assert not Decision(at=NOON, policy="p", violations=(NIGHT,), next_allowed=LATER).allowed


def test_only_what_waiting_does_not_cure_is_refused() -> None:
    """A call that only has to wait has no refusals; of one that is refused, the incurable are told."""
    assert Decision(at=NOON, policy="p", violations=(NIGHT,), next_allowed=LATER).refusals == ()
    assert Decision(at=NOON, policy="p", next_allowed=NOON).refusals == ()
    assert Decision(at=NOON, policy="p", violations=(NIGHT, LISTED)).refusals == (LISTED,)


def test_what_never_ends_is_refused_though_each_rule_alone_would_pass() -> None:
    """Where no moment suits all rules together, all of them are told."""
    assert Decision(at=NOON, policy="p", violations=(NIGHT, CAP)).refusals == (NIGHT, CAP)
