"""When: not before the time asked for, and only inside the recipient's hours."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.ask import Purpose
from bot.domain.policy.decision import Rule, Violation
from bot.domain.policy.dialing_policy import read_policy, shipped_policy
from bot.domain.policy.when import check_when, hours_for, zones_for
from bot.domain.policy.windows import read_table
from tests.domain.policy.cases import NOON, is_told, rules_until_september
from tests.support.requests import a_request

TICK = timedelta(microseconds=1)
NIGHT = NOON.replace(hour=2)  # 22:00 of the Sunday before
TOLL_FREE = "+18005551234"


def found(at: datetime, **changes: Any) -> list[Violation]:
    request = a_request(**changes)
    return list(check_when(request, hours_for(request, shipped_policy(), at), at))


def test_the_zone_is_the_stated_one_or_every_one_of_the_number() -> None:
    """What a person states counts; else wherever the area code can lie; a toll-free number has none."""
    both = {"America/Chicago", "America/New_York"}
    assert zones_for(a_request(to_number="+18502345678")) == both
    assert zones_for(a_request(to_number="+18502345678", zone="America/Denver")) == {"America/Denver"}
    assert zones_for(a_request(to_number=TOLL_FREE)) == frozenset()


def test_a_call_by_day_is_allowed() -> None:
    """Nothing speaks against noon."""
    assert found(NOON) == []


def test_a_call_waits_for_the_time_asked_for() -> None:
    """At that very moment it may go, a microsecond before it waits."""
    (early,) = found(NOON - TICK, not_before=NOON)
    assert (early.rule, early.until) == (Rule.NOT_BEFORE, NOON) and is_told(early)
    assert found(NOON, not_before=NOON) == [] and found(NOON + TICK, not_before=NOON) == []


def test_a_number_without_a_zone_needs_a_stated_one() -> None:
    """A toll-free number is not called until somebody says where it rings; waiting does not help."""
    (nowhere,) = found(NOON, to_number=TOLL_FREE)
    assert (nowhere.rule, nowhere.until) == (Rule.TIME_ZONE, None) and is_told(nowhere)
    assert hours_for(a_request(to_number=TOLL_FREE), shipped_policy(), NOON) is None
    assert found(NOON, to_number=TOLL_FREE, zone="America/New_York") == []


def test_the_night_is_told_by_the_recipients_clock() -> None:
    """The refusal has the local time, the sources of the hours, and the next morning."""
    (night,) = found(NIGHT, purpose=Purpose.MARKETING)
    assert night.rule is Rule.CALLING_WINDOW and is_told(night)
    assert night.until == datetime(2026, 8, 24, 12, tzinfo=UTC)  # 8:00 on Monday
    assert "It is Sun 22:00 where" in night.reason
    sources = night.source.split("; ")
    assert len(sources) == 4 and all(source == source.strip() for source in sources)
    assert sources[0].startswith("47 CFR") and sources[2].startswith("https://www.dropcowboy")


def test_where_such_calls_are_banned_it_is_said_with_the_law() -> None:
    """Nothing waits for hours that never come, by day or by night; where none is banned nothing is said."""
    for at in (NOON, NIGHT):
        (ban,) = found(at, to_number="+12062345678", purpose=Purpose.MARKETING)
        assert (ban.rule, ban.until) == (Rule.BANNED, None) and is_told(ban)
        assert ban.reason == "Nobody may ever be called for this purpose (marketing) in US-WA."
        assert ban.source == "RCW 80.36.400(2), HB 1051 (2023)" and "waits" not in ban.cure
    (unknown,) = found(NOON, to_number=TOLL_FREE, zone="America/New_York", purpose=Purpose.OTHER)
    assert "in United States where the state or province is not known." in unknown.reason
    assert found(NOON, to_number="+12062345678") == []


def test_bans_of_two_places_are_both_told() -> None:
    """902 is of two provinces."""
    ban = (
        '[[window]]\njurisdiction = "%s"\npurposes = ["informational"]\nmon_fri = []\nsat = []\nsun = []\n'
        'holidays = []\neffective_from = 2026-01-01\nsource = "law of %s"\n'
    )
    table = read_table('version = "2026-01-01"\n' + ban % ("CA-PE", "PE") + ban % ("CA-NS", "NS"))
    policy, request = read_policy("", table), a_request(to_number="+19022345678", region="CA")
    (both,) = check_when(request, hours_for(request, policy, NOON), NOON)
    assert both.reason.endswith(" in CA-NS, CA-PE.") and both.source == "law of NS; law of PE"


def test_a_ban_that_ends_is_waited_for() -> None:
    """A row without hours that ends within the horizon is a closed window."""
    text = (Path(__file__).parents[2] / "support" / "always_open.toml").read_text()
    ban = re.sub(r"\[.*24.*\]", "[]", text[text.index("[[") :]).replace('"*"', '"US"')
    until = f"{ban}effective_until = 2026-08-24\n"
    opens = text[text.index("[[") :].replace('"*"', '"US"').replace("2026-01-01", "2026-08-25")
    policy = read_policy("", read_table(f'version = "2026-01-01"\n{until}{opens}'))
    request = a_request()
    (closed,) = check_when(request, hours_for(request, policy, NOON), NOON)
    assert (closed.rule, closed.until) == (Rule.CALLING_WINDOW, datetime(2026, 8, 25, 4, tzinfo=UTC))
    assert closed.cure == "The call waits for these hours."


def test_hours_that_never_come_are_not_waited_for() -> None:
    """Where no moment of the next thirty days suits, or no row is there at all, the refusal says so."""
    late, request = NOON + timedelta(days=10), a_request()
    (ended,) = check_when(request, hours_for(request, rules_until_september(), late), late)
    assert (ended.rule, ended.until) == (Rule.CALLING_WINDOW, None) and is_told(ended)
    assert "none within 30 days" in ended.cure and "waits" not in ended.cure


def test_of_several_zones_both_ends_are_told() -> None:
    """Florida's panhandle waits for the morning of its later half; one source is told once."""
    (night,) = found(NIGHT, to_number="+18502345678")
    assert "It is between Sun 21:00 and Sun 22:00 where" in night.reason
    assert night.until == datetime(2026, 8, 24, 13, tzinfo=UTC)
    assert night.source == "Callgate's own courtesy, from no law"


def test_a_source_of_several_rows_is_told_once() -> None:
    """On New Year's Eve in two countries the rows for anywhere and for a state may share their source."""
    (night,) = found(NIGHT, to_number="+18502345678", zone="America/Toronto", purpose=Purpose.DEBT_COLLECTION)
    assert len(set(night.source.split("; "))) == len(night.source.split("; "))


def test_what_speaks_against_the_moment_is_told_at_once() -> None:
    """A time asked for and the night stand side by side, and so does a zone that is missing."""
    later = NOON + timedelta(days=1)
    assert [one.rule for one in found(NIGHT, not_before=later)] == [Rule.NOT_BEFORE, Rule.CALLING_WINDOW]
    nowhere = found(NIGHT, not_before=later, to_number=TOLL_FREE)
    assert [one.rule for one in nowhere] == [Rule.NOT_BEFORE, Rule.TIME_ZONE]
