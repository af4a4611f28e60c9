"""`callgate policy`: the rules in force, and what they say of a number."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.domain.policy.dialing_policy import read_policy, shipped_policy
from bot.domain.policy.windows import read_table, shipped_table
from tests.operations.commands import callgate_here


def printed(tmp_path: Path, *words: str) -> str:
    """On one line, for the table breaks its lines where it likes."""
    done = callgate_here(tmp_path / "callgate.db", "policy", *words)
    assert done.status == 0
    return " ".join(done.printed.replace("│", " ").split())


def test_every_rule_is_listed(tmp_path: Path) -> None:
    """Everywhere's, those by kind of number, and each of every place."""
    shown = printed(tmp_path, "show")
    assert shipped_policy().name in shown
    for rule in (
        "between two calls to one number 10 minutes",
        "toll free numbers: consent Express consent or Written consent",
        "Informational: calls to one number 3 in 24 hours",
        "Informational: consent only by place",
        "Informational in United States: consent Express consent or Written consent",
        "Other: consent Written consent",
        "Debt collection in US-MA: calls to one number 2 in 7 days",
        "Marketing in France: calls to one number 4 in 30 days",
    ):
        assert rule in shown


def test_the_rules_of_a_file_of_ones_own_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause, no cap and no consent are told as such."""
    file = tmp_path / "policy.toml"
    file.write_text('countries = ["DE"]\nbetween_calls = "none"\n[caps]\nother = []\n[consent]\nother = []\n')
    monkeypatch.setenv("CALLGATE_POLICY", str(file))
    shown = printed(tmp_path, "show")
    for rule in (
        "between two calls to one number no pause",
        "Other: calls to one number no cap",
        "Other: consent no kind is enough",
        "Informational: consent not required",
    ):
        assert rule in shown


@pytest.mark.parametrize(
    ("number", "purpose", "says"),
    [
        (
            "+16176451984",
            "informational",
            "Consent: Express consent or Written consent (47 CFR 64.1200(a)(1)",
        ),
        ("+16176451984", "debt_collection", "At most: 2 in 7 days (209 CMR 18.16(1)(d))"),
        ("+16176451984", "debt_collection", "At most: 7 in 7 days (12 CFR 1006.14(b)(2)"),
        ("+4930901820", "informational", "Consent: not needed"),
        ("+12065551234", "marketing", "US-WA: every day none (RCW 80.36.400(2), HB 1051 (2023)) Never."),
        ("+18005551234", "informational", "Consent: Express consent or Written consent"),
        ("+18005551234", "informational", "This number tells no time zone"),
    ],
)
def test_what_the_rules_say_of_a_number_is_explained(
    tmp_path: Path, number: str, purpose: str, says: str
) -> None:
    """Consent and caps with their sources, and the hours; a ban is told as one."""
    assert says in printed(tmp_path, "explain", number, "--purpose", purpose)


def test_the_shipped_files_are_printed_as_they_are_read(tmp_path: Path) -> None:
    """To begin one's own with: taken back, they say the same."""
    rules = callgate_here(tmp_path / "callgate.db", "policy", "shipped").printed
    assert read_policy(rules).places == shipped_policy().places and tomllib.loads(rules)["in"]
    windows = callgate_here(tmp_path / "callgate.db", "policy", "shipped", "--windows").printed
    assert read_table(windows) == shipped_table()
