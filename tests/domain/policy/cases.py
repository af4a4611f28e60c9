"""What the tests of the dialing policy start from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.decision import Violation
from bot.domain.policy.dialing_policy import DialingPolicy, read_policy
from bot.domain.policy.windows import read_table

NOON = datetime(2026, 8, 24, 16, tzinfo=UTC)
"""A Monday in Boston, where the numbers of these tests are: 12:00 in summer time."""

WRITTEN = {"consent_kind": ConsentKind.WRITTEN, "consent_reference": "CRM 1234"}
"""The consent that marketing calls need."""

_ALWAYS = read_table((Path(__file__).parents[2] / "support" / "always_open.toml").read_text())

_ENDING = """
version = "2026-01-01"
[[window]]
jurisdiction = "*"
purposes = ["informational"]
mon_fri = ["09:00-21:00"]
sat = []
sun = []
holidays = []
effective_from = 2026-01-01
effective_until = 2026-08-31
source = "these tests"
"""


def rules(text: str = "") -> DialingPolicy:
    """The shipped rules with these changes, at any hour."""
    return read_policy(text, _ALWAYS)


def rules_until_september(text: str = "") -> DialingPolicy:
    """The shipped rules with these changes, and hours on working days until the end of August 2026."""
    return read_policy(text, read_table(_ENDING))


def is_told(violation: Violation) -> bool:
    """Whether everything that a person needs is said: what is wrong, what to do, and who says so."""
    return all(text.strip() == text != "" for text in (violation.reason, violation.cure, violation.source))
