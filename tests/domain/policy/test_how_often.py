"""How often: caps over rolling windows, and the quiet period, to the second."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.how_often import check_how_often
from bot.domain.policy.records import Records
from tests.domain.policy.cases import NOON, is_told, rules
from tests.support.requests import a_request

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)
SHIPPED = [
    (Purpose.INFORMATIONAL, 3, DAY),
    (Purpose.MARKETING, 3, DAY),
    (Purpose.DEBT_COLLECTION, 7, WEEK),
    (Purpose.OTHER, 3, DAY),
]
NEW_YORK = "+12122345678"


def found(
    purpose: Purpose,
    ago: Iterable[timedelta] = (),
    at: datetime = NOON,
    success: timedelta | None = None,
    policy: str = "",
    **changes: Any,
) -> list[Violation]:
    """What is too often at `at`, after attempts so long before noon, and a success so long before it."""
    last = None if success is None else NOON - success
    records = Records(attempts=tuple(NOON - time for time in ago), last_success=last)
    request = a_request(**{"purpose": purpose, "to_number": NEW_YORK, **changes})
    return list(check_how_often(request, records, rules(policy), at))


@pytest.mark.parametrize(("purpose", "most", "within"), SHIPPED)
def test_the_cap_is_reached_with_its_last_attempt(purpose: Purpose, most: int, within: timedelta) -> None:
    """One fewer than the cap leaves room for one call; as many as the cap leave none."""
    ago = [HOUR * (number + 1) for number in range(most)]
    assert found(purpose, ago[:-1]) == []
    (full,) = found(purpose, ago)
    assert (full.rule, full.until) == (Rule.CAP, NOON - ago[-1] + within) and is_told(full)
    assert str(most) in full.reason and purpose.label.lower() in full.reason + full.source


@pytest.mark.parametrize(("purpose", "most", "within"), SHIPPED)
def test_an_attempt_counts_until_the_very_end_of_the_window(
    purpose: Purpose, most: int, within: timedelta
) -> None:
    """At the moment that is told there is room, a microsecond before there is not."""
    ago = [within - TICK, *[HOUR] * (most - 1)]
    (full,) = found(purpose, ago)
    assert full.until == NOON + TICK
    assert found(purpose, ago, at=full.until - TICK)
    assert found(purpose, ago, at=full.until) == []
    assert found(purpose, [within, *[HOUR] * (most - 1)]) == []


@pytest.mark.parametrize(("purpose", "most", "within"), SHIPPED)
def test_after_more_than_the_cap_so_many_must_leave_that_there_is_room(
    purpose: Purpose, most: int, within: timedelta
) -> None:
    """The order of the records is no matter: of the last ones, the oldest must be out of the window."""
    ago = [HOUR * (number + 1) for number in range(most + 2)]
    for order in (ago, ago[::-1], [*ago[3:], *ago[:3]]):
        (full,) = found(purpose, order)
        assert full.until == NOON - ago[most - 1] + within
        assert found(purpose, order, at=full.until) == []


CAPS_BY_PLACE = [
    ({"to_number": "+16172345678"}, "US-MA", Purpose.DEBT_COLLECTION, 2, WEEK),
    ({"to_number": "+14162345678", "region": "CA"}, "CA-ON", Purpose.DEBT_COLLECTION, 3, WEEK),
    ({"to_number": "+12072345678"}, "US-ME", Purpose.MARKETING, 1, 8 * HOUR),
    ({"to_number": "+12072345678"}, "US-ME", Purpose.OTHER, 1, 8 * HOUR),
    ({"to_number": "+33123456789", "region": "FR"}, "France", Purpose.MARKETING, 4, 30 * DAY),
    ({"to_number": "+18005551234"}, "US-ME", Purpose.MARKETING, 1, 8 * HOUR),
    ({"to_number": "+18005551234"}, "US-MA", Purpose.DEBT_COLLECTION, 2, WEEK),
]


@pytest.mark.parametrize(("to", "place", "purpose", "most", "within"), CAPS_BY_PLACE)
def test_a_place_has_caps_on_top(
    to: dict[str, Any], place: str, purpose: Purpose, most: int, within: timedelta
) -> None:
    """Where the state is not known, those of every state; the refusal says which, and by which law."""
    ago = [within - HOUR * (number + 1) for number in range(most)]
    told = [one for one in found(purpose, ago, **to) if f"a number in {place} may be called" in one.reason]
    (full,) = told
    assert is_told(full) and "policy" not in full.source
    assert full.until == NOON - ago[0] + within
    assert not any(place in one.reason for one in found(purpose, ago[1:], **to))
    assert not any(place in one.reason for one in found(purpose, ago))


@pytest.mark.parametrize("to", ["+13052345678", "+13012345678", "+14052345678", "+15032345678"])
def test_the_states_of_three_calls_a_day_keep_it_where_it_is_lifted_elsewhere(to: str) -> None:
    """Florida, Maryland, Oklahoma and Oregon; what they and everywhere ask alike is told once."""
    lifted = "[caps]\nmarketing = []\nother = []"
    for purpose in (Purpose.MARKETING, Purpose.OTHER):
        (full,) = found(purpose, [HOUR] * 3, policy=lifted, to_number=to)
        assert "a number in US-" in full.reason
        assert found(purpose, [HOUR] * 3, policy=lifted) == []
        (once,) = found(purpose, [HOUR] * 3, to_number=to)
        assert "a number may be called" in once.reason and once.source.count("; ") == 1


def called(ago: timedelta | None, policy: str = "", at: datetime = NOON) -> list[Violation]:
    last = None if ago is None else NOON - ago
    return list(check_how_often(a_request(), Records(last_attempt=last), rules(policy), at))


def test_ten_minutes_lie_between_two_calls_of_a_number() -> None:
    """To the microsecond, whatever they are for; a clock that was set back makes none of it vanish."""
    (just,) = called(timedelta(0))
    assert (just.rule, just.until) == (Rule.BETWEEN_CALLS, NOON + 10 * MINUTE) and is_told(just)
    assert "less than 10 minutes ago" in just.reason and "another purpose" in just.reason
    assert called(10 * MINUTE - TICK)[0].until == NOON + TICK
    assert called(10 * MINUTE) == called(None) == []
    assert called(-HOUR)[0].until == NOON + HOUR + 10 * MINUTE


def test_a_pause_of_ones_own_between_calls() -> None:
    """An operator chooses another, or none."""
    assert "less than 60 minutes ago" in called(59 * MINUTE, 'between_calls = "60m"')[0].reason
    assert called(timedelta(0), 'between_calls = "none"') == []


def test_an_attempt_of_this_very_moment_and_one_of_a_clock_ahead_count() -> None:
    """A clock that was set back does not make attempts vanish."""
    assert found(Purpose.MARKETING, [timedelta(0)] * 3)
    assert found(Purpose.MARKETING, [-HOUR] * 3)


def test_each_of_several_caps_is_told() -> None:
    """One attempt in an hour and two in a day: each says until when."""
    policy = '[caps]\nother = [{ most = 1, within = "1h" }, { most = 2, within = "24h" }]'
    assert found(Purpose.OTHER, [HOUR], policy=policy) == []
    one = found(Purpose.OTHER, [HOUR / 2], policy=policy)
    assert [full.until for full in one] == [NOON + HOUR / 2]
    both = found(Purpose.OTHER, [HOUR / 2, 3 * HOUR], policy=policy)
    assert [full.source for full in both] == ["the policy's cap for other"] * 2
    assert [full.until for full in both] == [NOON + HOUR / 2, NOON + 21 * HOUR]
    assert "once within 60 minutes" in both[0].reason and "2 times within 24 hours" in both[1].reason


def test_after_a_call_that_connected_debtors_are_left_in_peace_to_the_second() -> None:
    """Seven days after the last success a call may go, a microsecond earlier not; and only for debt."""
    (quiet,) = found(Purpose.DEBT_COLLECTION, success=WEEK - TICK)
    assert (quiet.rule, quiet.until) == (Rule.QUIET_PERIOD, NOON + TICK) and is_told(quiet)
    assert "7 days" in quiet.reason and "debt collection" in quiet.source
    assert found(Purpose.DEBT_COLLECTION, success=WEEK) == []
    assert found(Purpose.DEBT_COLLECTION, success=None) == []
    assert found(Purpose.DEBT_COLLECTION, success=timedelta(0))[0].until == NOON + WEEK
    assert found(Purpose.MARKETING, success=HOUR) == []


def test_a_quiet_period_of_ones_own() -> None:
    """An operator can give any purpose its own quiet period."""
    policy = '[quiet_after_success]\ninformational = "90m"'
    assert found(Purpose.INFORMATIONAL, success=1.5 * HOUR, policy=policy) == []
    (quiet,) = found(Purpose.INFORMATIONAL, success=HOUR, policy=policy)
    assert quiet.until == NOON + HOUR / 2 and "90 minutes" in quiet.reason


ages = st.lists(st.integers(-600, 20_000).map(lambda minutes: timedelta(minutes=minutes)), max_size=12)


@given(st.sampled_from(SHIPPED), ages)
def test_never_more_than_the_cap_in_any_window(
    shipped: tuple[Purpose, int, timedelta], ago: list[timedelta]
) -> None:
    """A call is held back exactly if the window that ends with it is full, and until there is room."""
    purpose, most, within = shipped

    def counted(at: datetime) -> int:
        return sum(NOON - time > at - within for time in ago)

    full = found(purpose, ago)
    assert bool(full) == (counted(NOON) >= most)
    for violation in full:
        assert violation.until is not None and violation.until > NOON
        assert counted(violation.until) == counted(violation.until - TICK) - ago.count(
            NOON + within - violation.until
        )
        assert counted(violation.until) < most <= counted(violation.until - TICK)
