"""The state table: complete, and with no way back from an end."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.states import TRANSITIONS, Status
from bot.slack.show.card import HEADLINES
from storage.migrations import migrations

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_every_state_stands_in_the_table_and_is_reached() -> None:
    """No state is missing from the table, and every one but the first can be reached."""
    assert set(TRANSITIONS) == set(Status)
    assert set.union(*map(set, TRANSITIONS.values())) == set(Status) - {Status.PENDING_APPROVAL}


def test_no_way_leads_to_the_dial_but_through_the_approval() -> None:
    """Take the approved state away, and nothing that rings can be reached from the start."""
    reached, waiting = set(), [Status.PENDING_APPROVAL]
    while waiting:
        status = waiting.pop()
        if status not in reached and status is not Status.APPROVED:
            reached.add(status)
            waiting += TRANSITIONS[status]
    assert not reached & {Status.DIALING, Status.PLACED, Status.UNCONFIRMED, Status.SUCCEEDED}


def test_what_may_have_rung_never_comes_back_to_the_dial() -> None:
    """From unconfirmed and from placed no way leads to approved or dialing."""
    reached, waiting = set(), [Status.UNCONFIRMED, Status.PLACED]
    while waiting:
        status = waiting.pop()
        if status not in reached:
            reached.add(status)
            waiting += TRANSITIONS[status]
    assert not reached & {Status.APPROVED, Status.DIALING}


def test_the_readme_draws_this_table() -> None:
    """The arrows in the README's diagram are exactly the ways of the table."""
    drawn = set(re.findall(r"^ {4}(\w+) --> (\w+)", README, re.MULTILINE))
    table = {(start.value, end.value) for start, ends in TRANSITIONS.items() for end in ends}
    assert {(start, end) for start, end in drawn if start in set(Status)} == table


def test_every_state_has_a_headline_on_the_card() -> None:
    """The card can show every state, each in its own words."""
    assert set(HEADLINES) == set(Status)
    assert len(set(HEADLINES.values())) == len(Status)


def test_the_schema_knows_exactly_these_states() -> None:
    """The states in the database's own check are those of the table."""
    assert migrations.name == "callgate"
    source = (Path(__file__).parents[2] / "storage/migrations/m0001_call_requests.py").read_text()
    listed = re.search(r"status TEXT NOT NULL CHECK \(status IN \((.*?)\)\)", source, re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"'(\w+)'", listed[1])) == {status.value for status in Status}
