"""The rules that an operator can change, and every mistake in the file that changes them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask import Purpose
from bot.domain.duration import written
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.dialing_policy import Consent, PlaceRules, Sourced, read_policy, shipped_policy
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.toml_lines import TomlMistake
from bot.domain.policy.windows import shipped_table
from tests.domain.policy.cases import rules

DAY = timedelta(days=1)


def mistake(text: str) -> TomlMistake:
    with pytest.raises(TomlMistake) as caught:
        read_policy(text)
    return caught.value


def caps_of(place: PlaceRules) -> dict[Purpose, list[tuple[int, timedelta]]]:
    return {purpose: [(cap.most, cap.within) for cap in caps] for purpose, caps in place.caps.items()}


def consent_of(place: PlaceRules) -> dict[Purpose, set[ConsentKind]]:
    return {purpose: set(consent.any_of) for purpose, consent in place.consent.items()}


WRITTEN, EITHER = {ConsentKind.WRITTEN}, {ConsentKind.WRITTEN, ConsentKind.EXPRESS}
CAPS = {
    Purpose.INFORMATIONAL: [(3, DAY)],
    Purpose.MARKETING: [(3, DAY)],
    Purpose.DEBT_COLLECTION: [(7, 7 * DAY)],
    Purpose.OTHER: [(3, DAY)],
}
SOLICITING = (Purpose.MARKETING, Purpose.OTHER)


def test_the_shipped_rules() -> None:
    """With no policy file, these rules hold, and no others."""
    policy = shipped_policy()
    territories = {"PR", "GU", "VI", "AS", "MP"}
    assert policy.countries == {"US", "CA", "GB", "FR", "ES", "DE", "AU", "IN"} | territories
    assert policy.number_types == {
        NumberType.FIXED_LINE,
        NumberType.MOBILE,
        NumberType.FIXED_LINE_OR_MOBILE,
        NumberType.VOIP,
        NumberType.TOLL_FREE,
        NumberType.UAN,
    }
    assert consent_of(policy) == dict.fromkeys(SOLICITING, WRITTEN)
    assert {kind: set(one.any_of) for kind, one in policy.consent_by_number_type.items()} == {
        NumberType.TOLL_FREE: EITHER
    }
    assert caps_of(policy) == CAPS
    assert policy.between_calls == timedelta(minutes=10)
    assert policy.quiet_after_success == {Purpose.DEBT_COLLECTION: 7 * DAY}
    kept = dict.fromkeys(Purpose, 1827 * DAY) | {Purpose.DEBT_COLLECTION: 1096 * DAY}
    assert policy.keep_records == kept
    assert policy.windows == shipped_table()


def test_the_shipped_rules_by_place() -> None:
    """What is asked on top in a country or a state, and nowhere else."""
    consents = {name: consent_of(place) for name, place in shipped_policy().places.items() if place.consent}
    express = dict.fromkeys(SOLICITING, EITHER)
    assert consents == {
        "US": {**dict.fromkeys(Purpose, EITHER), **dict.fromkeys(SOLICITING, WRITTEN)},
        "CA": dict.fromkeys(Purpose, EITHER),
        **dict.fromkeys(("FR", "GB", "ES", "DE"), express),
    }
    three = {purpose: [(3, DAY)] for purpose in SOLICITING}
    assert {name: caps_of(place) for name, place in shipped_policy().places.items() if place.caps} == {
        "US": {Purpose.DEBT_COLLECTION: [(7, 7 * DAY)]},
        **dict.fromkeys(("US-FL", "US-MD", "US-OK", "US-OR"), three),
        "US-MA": {Purpose.DEBT_COLLECTION: [(2, 7 * DAY)]},
        "US-ME": {purpose: [(1, timedelta(hours=8))] for purpose in SOLICITING},
        "CA-ON": {Purpose.DEBT_COLLECTION: [(3, 7 * DAY)]},
        "FR": {purpose: [(4, 30 * DAY)] for purpose in SOLICITING},
    }


def test_a_purpose_that_is_not_known_counts_as_marketing_in_everything() -> None:
    """Consent, caps and hours, everywhere and by place."""
    policy = shipped_policy()
    for place in (policy, *policy.places.values()):
        assert consent_of(place).get(Purpose.OTHER) == consent_of(place).get(Purpose.MARKETING)
        assert caps_of(place).get(Purpose.OTHER) == caps_of(place).get(Purpose.MARKETING)


def test_every_shipped_rule_says_who_says_so() -> None:
    """With how that was read, and when; in a file of one's own it may be left out."""
    policy = shipped_policy()
    places = (policy, *policy.places.values())
    rules = [*policy.consent_by_number_type.values()]
    rules += [consent for place in places for consent in place.consent.values()]
    rules += [cap for place in places for caps in place.caps.values() for cap in caps]
    assert all(rule.source and rule.verified and rule.checked_on == date(2026, 11, 27) for rule in rules)
    (cap,) = read_policy('[caps]\nother = [{ most = 1, within = "1d" }]').caps[Purpose.OTHER]
    assert (cap.source, cap.verified, cap.checked_on) == ("", None, None)


def test_for_which_calls_the_form_has_to_ask_for_consent() -> None:
    """Everywhere, or in those of the countries that may be called where the policy wants it."""
    policy, german = shipped_policy(), read_policy('countries = ["DE"]')
    assert [policy.needs_consent(purpose) for purpose in Purpose] == [["CA", "US"], [], ["CA", "US"], []]
    assert [german.needs_consent(purpose) for purpose in Purpose] == [None, [], None, []]
    assert read_policy('countries = ["PR"]').needs_consent(Purpose.INFORMATIONAL) == ["US"]
    ours = 'countries = ["DE", "CA"]\n[in."CA-QC".consent]\ninformational = ["not_needed"]'
    assert read_policy(ours).needs_consent(Purpose.INFORMATIONAL) == ["CA"]


def test_the_documentation_has_the_rules_that_are_shipped() -> None:
    """Each consent and each cap, everywhere and by place, with its source; none is missing."""
    text = (Path(__file__).parents[3] / "docs" / "policy.md").read_text()
    table = text[text.index("| where | purposes or numbers |") :].partition("\n\n")[0]
    assert table.splitlines()[2:] == [f"| {row} |" for row in documented_rules()]


def documented_rules() -> list[str]:
    """The rows of the table of consent and caps, in the order of the file."""
    policy = shipped_policy()
    rules: dict[tuple[str, str, Sourced], list[str]] = {}
    for where, place in {"everywhere": policy, **policy.places}.items():
        for purpose, consent in place.consent.items():
            rules.setdefault((where, needed(consent), consent), []).append(purpose.label)
        for kind, consent in policy.consent_by_number_type.items() if where == "everywhere" else ():
            rules.setdefault((where, needed(consent), consent), []).append(f"{kind.label} numbers")
        for purpose, caps in place.caps.items():
            for cap in caps:
                said = f"at most {cap.most} in {written(cap.within)}"
                rules.setdefault((where, said, cap), []).append(purpose.label)
    return [
        " | ".join([f"`{where}`", ", ".join(whom), said, rule.source, f"{rule.verified}, {rule.checked_on}"])
        for (where, said, rule), whom in rules.items()
    ]


def needed(consent: Consent) -> str:
    return " or ".join(kind.label for kind in ConsentKind if kind in consent.any_of)


def test_an_empty_file_and_one_of_comments_change_nothing() -> None:
    """Neither does a table that names no purpose."""
    nothing = '[consent]\n[caps]\n[quiet_after_success]\n[in."US".caps]\n[in."US-MA"]\n'
    for text in ("", "# nothing\n", nothing):
        assert read_policy(text) == shipped_policy()


def test_a_file_changes_only_what_it_names() -> None:
    """A table changes the purposes that it names, a list is as it is written."""
    policy = read_policy(
        'version = "ours"\ncountries = ["JM"]\nnumber_types = ["mobile"]\n'
        '[consent]\nother = ["not_needed"]\n[caps]\nmarketing = [{ most = 1, within = "90d" }]\n'
        '[quiet_after_success]\ninformational = "1h"\n[keep_records]\nother = "30d"\n'
    )
    assert (policy.version, policy.countries, policy.number_types) == ("ours", {"JM"}, {NumberType.MOBILE})
    assert consent_of(policy) == {Purpose.MARKETING: WRITTEN, Purpose.OTHER: {ConsentKind.NOT_NEEDED}}
    assert policy.consent[Purpose.OTHER].source == ""
    assert caps_of(policy) == {**CAPS, Purpose.MARKETING: [(1, 90 * DAY)]}
    assert policy.places == shipped_policy().places and policy.between_calls == timedelta(minutes=10)
    assert policy.quiet_after_success == {
        Purpose.DEBT_COLLECTION: 7 * DAY,
        Purpose.INFORMATIONAL: timedelta(hours=1),
    }
    assert policy.keep_records == {**shipped_policy().keep_records, Purpose.OTHER: 30 * DAY}


def test_a_file_changes_only_the_places_that_it_names() -> None:
    """And of these only the purposes; a rule of one's own does not keep the source of the shipped one."""
    policy, shipped = (
        read_policy(
            '[in."US-MA".caps]\ndebt_collection = [{ most = 1, within = "1d" }]\n'
            '[in."US".consent]\ninformational = { any_of = ["not_needed"] }\n'
            '[in."JP".consent]\nother = ["prior_express"]\n'
        ),
        shipped_policy(),
    )
    assert caps_of(policy.places["US-MA"]) == {Purpose.DEBT_COLLECTION: [(1, DAY)]}
    assert policy.places["US-MA"].caps[Purpose.DEBT_COLLECTION][0].source == ""
    assert policy.places["US"].consent[Purpose.INFORMATIONAL].source == ""
    united = {**consent_of(shipped.places["US"]), Purpose.INFORMATIONAL: {ConsentKind.NOT_NEEDED}}
    assert consent_of(policy.places["US"]) == united and policy.places["US"].caps == shipped.places["US"].caps
    assert consent_of(policy.places["JP"]) == {Purpose.OTHER: {ConsentKind.EXPRESS}}
    others = policy.places.keys() - {"US", "US-MA", "JP"}
    assert all(policy.places[name] == shipped.places[name] for name in others) and len(others) > 5
    assert policy.consent == shipped.consent and policy.caps == shipped.caps


def test_a_rule_may_name_its_source() -> None:
    """In a list short for `any_of`, and as a table with how it was read."""
    (short, whole) = (
        read_policy(f"[consent]\nother = {text}").consent[Purpose.OTHER]
        for text in (
            '["prior_express"]',
            '{ any_of = ["prior_express"], source = "us", verified = "own", checked_on = 2026-01-02 }',
        )
    )
    assert short.any_of == whole.any_of == {ConsentKind.EXPRESS}
    assert (whole.source, whole.verified, whole.checked_on) == ("us", "own", date(2026, 1, 2))


def test_nothing_need_lie_between_two_calls() -> None:
    """A pause of one's own, or none, as it is written."""
    assert read_policy('between_calls = "1h"').between_calls == timedelta(hours=1)
    assert read_policy('between_calls = "90d"').between_calls == 90 * DAY
    assert not read_policy('between_calls = "none"').between_calls


def test_an_empty_list_takes_a_cap_away() -> None:
    """An operator can do without a cap, but must say so."""
    policy = read_policy("[caps]\nmarketing = []")
    assert caps_of(policy) == {**CAPS, Purpose.MARKETING: []}


def test_a_table_of_ones_own_takes_the_place_of_the_shipped_one() -> None:
    """The windows of the policy are those that it was given."""
    policy = rules()
    assert policy.windows.version == "2026-01-01" and policy.windows != shipped_table()


def test_the_name_tells_any_change() -> None:
    """Both versions and a fingerprint: a changed rule or table has another name, the same rules the same."""
    shipped, name = shipped_policy(), shipped_policy().name
    assert name == f"rules {shipped.version}, windows {shipped.windows.version}, {shipped.sha256[:12]}"
    assert len(shipped.sha256) == 64 and read_policy("# a comment").name == name
    assert read_policy(f'version = "{shipped.version}"').sha256 == shipped.sha256
    changed = [
        rules(),
        read_policy('version = "2"'),
        read_policy("[caps]\nmarketing = []"),
        read_policy('[consent]\nmarketing = ["prior_express"]'),
        read_policy('[keep_records]\nother = "1d"'),
        read_policy('between_calls = "11m"'),
        read_policy('[in."US-MA".caps]\ndebt_collection = []'),
        read_policy('[in."JP".consent]\nother = ["prior_express"]'),
    ]
    assert len({policy.sha256 for policy in (shipped, *changed)}) == len(changed) + 1


def test_the_name_does_not_tell_the_order_in_which_rules_are_written() -> None:
    """The same rules are the same policy."""
    one, other = 'debt_collection = ["not_needed"]\n', 'informational = ["prior_express"]\n'
    assert read_policy(f"[consent]\n{one}{other}").name == read_policy(f"[consent]\n{other}{one}").name


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("countries =", 1, "this is not TOML"),
        ('version = "1"\n\nversion = "2"\n', 3, "this is not TOML"),
        ("[caps\n", 1, "this is not TOML"),
        ('# ours\n\ncountrys = ["US"]', 3, "countrys: there is no such setting"),
        ('windows = "x"', 1, "windows: there is no such setting"),
        ('sha256 = "x"', 1, "sha256: there is no such setting"),
        ("[holidays]\nx = 1", 1, "holidays: there is no such setting"),
        ('version = ""', 1, "version: String should have at least 1"),
        (f'version = "{"x" * 41}"', 1, "version: String should have at most 40"),
        ('version-x = "1"\n', 1, "version-x: there is no such setting"),
        ('# version\nversion = 1\n[consent]\nmarketing = ["prior_express"]', 2, "version: "),
        ('countries = "US"', 1, "countries: this is a list"),
        ('version = "1"\ncountries = ["US", "UK"]', 2, "countries: 'UK' is not a country"),
        ('countries = ["us"]', 1, "'us' is not a country"),
        ('countries = [\n  "US",\n  "EU",\n]', 1, "'EU' is not a country"),
        ("countries = [1]", 1, "countries: Input should be a valid string"),
        ('number_types = ["mobile", "fax"]', 1, "number_types: Input should be 'fixed_line'"),
        ("consent = 3", 1, "consent: this is a table"),
        ('consent = ["marketing"]', 1, "consent: this is a table"),
        (
            '[consent]\nmarketting = ["prior_express"]',
            2,
            "consent.marketting: Input should be 'info",
        ),
        (
            '[consent]\nmarketing = ["written"]',
            2,
            "consent.marketing: Input should be 'prior_",
        ),
        ('[consent]\nmarketing = "prior_express"', 2, "consent.marketing: this is a list"),
        # The place is where it was said, however it was written, and not what only looks like it.
        ('consent = { marketing = ["x"] }\n[caps]\nmarketing = []', 1, "consent.marketing"),
        ('[caps]\nmarketing = []\n\n[consent]\nmarketing = ["x"]', 5, "consent.marketing"),
        ('consent.marketing = ["x"]', 1, "consent.marketing"),
        ('["consent"]\n"marketing" = ["x"]', 2, "consent.marketing"),
        ('version = """\nconsent"""\n[consent]\nmarketing = ["x"]', 4, "consent.marketing"),
        ("[caps]\nother = []\n[caps.debt_collection]\nmost = 3", 3, "caps.debt_collection: this is a list"),
        ("[[caps]]\nmost = 1", 1, "caps: this is a table"),
        ('[caps]\nmarketing = { most = 1, within = "1d" }', 2, "caps.marketing: this is a list"),
        ("[caps]\nmarketing = [3]", 2, "caps.marketing: "),
        ("[caps]\nmarketing = [{ most = 3 }]", 2, "caps.marketing.within: this is missing"),
        ('[caps]\nmarketing = [{ within = "1d" }]', 2, "caps.marketing.most: this is missing"),
        (
            '[caps]\nmarketing = [{ most = 0, within = "1d" }]',
            2,
            "caps.marketing.most: Input should be",
        ),
        ('[caps]\nmarketing = [{ most = -1, within = "1d" }]', 2, "caps.marketing.most: "),
        ('[caps]\nmarketing = [{ most = 1.0, within = "1d" }]', 2, "caps.marketing.most: "),
        ('[caps]\nmarketing = [{ most = true, within = "1d" }]', 2, "caps.marketing.most: "),
        ('[caps]\nmarketing = [{ most = "3", within = "1d" }]', 2, "caps.marketing.most: "),
        ('[caps]\nmarketing = [{ most = 3, within = "91d" }]', 2, "caps.marketing.within: at most 90 days"),
        ('[caps]\nmarketing = [{ most = 3, within = "0d" }]', 2, "caps.marketing.within: must be more than"),
        ("[caps]\nmarketing = [{ most = 3, within = 24 }]", 2, "caps.marketing.within: write a number and"),
        ('[caps]\nother = [{ most = 3, within = "1d", per = "x" }]', 2, "caps.other.per: there is no such"),
        (
            '[quiet_after_success]\nmarketing = "0s"',
            2,
            "quiet_after_success.marketing: must be more",
        ),
        ("[quiet_after_success]\nmarketing = 7", 2, "quiet_after_success.marketing: write a number and"),
        ("[quiet_after_success]\nfax = 7", 2, "quiet_after_success.fax: "),
        ('between_calls = "0m"', 1, "between_calls: must be more than zero"),
        ("between_calls = 10", 1, "between_calls: write a number and"),
        ('between_calls = "91d"', 1, "between_calls: at most 90 days"),
        ('[consent]\nother = { any_of = "prior_express" }', 2, "consent.other: this is a list"),
        ('[consent]\nother = { source = "x" }', 2, "consent.other: this is missing"),
        ('[consent]\nother = { any_of = [], by = "x" }', 2, "consent.other.by: there is no such setting"),
        ('[consent_by_number_type]\nfax = ["prior_express"]', 2, "consent_by_number_type.fax: Input"),
        ('[in."US-ZZ".caps]\nother = []', 1, "in.US-ZZ: there cannot be rules of its own for 'US-ZZ'"),
        ('[in."PR".caps]\nother = []', 1, "in.PR: there cannot be rules of its own for 'PR'"),
        ('[in."*".caps]\nother = []', 1, "in.*: what applies everywhere belongs under [consent]"),
        ('[in."US"]\ncapss = 1', 2, "in.US.capss: there is no such setting"),
        ('[in."US".caps]\n\nfax = []', 3, "in.US.caps.fax: Input should be"),
        ('[in."US".caps]\nother = [{ most = 0, within = "1d" }]', 2, "in.US.caps.other.most: "),
        ('[in."US".consent]\nother = ["written"]', 2, "in.US.consent.other: Input should be"),
        ("[in]\nUS = 3", 2, "in.US: this is a table"),
        ("places = 3", 1, "places: there is no such setting"),
        ('[keep_records]\nmarketing = "5y"', 2, "keep_records.marketing: write a number and"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, says: str) -> None:
    """Whatever is wrong in a policy file, none of it is used: its line and the reason are told."""
    error = mistake(text)
    assert (error.line, says in error.reason) == (line, True), error
    assert str(error) == f"line {line}: {error.reason}" and "pydantic" not in error.reason


@pytest.mark.parametrize(
    "setting",
    [
        "countries",
        "number_types",
        "consent",
        "consent_by_number_type",
        "caps",
        "in",
        "between_calls",
        "quiet_after_success",
        "keep_records",
    ],
)
@given(value=st.one_of(st.integers(), st.booleans(), st.just('""'), st.just('"no"'), st.just("1979-05-27")))
def test_no_value_of_another_kind_is_taken_for_a_rule(setting: str, value: object) -> None:
    """A setting of the wrong kind is a mistake, never a policy without that rule."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    error = mistake(f"# ours\n{setting} = {text}")
    assert error.line == 2 and error.reason.startswith(f"{setting}: ")


@given(st.sampled_from(list(Purpose)), st.integers(1, 1000), st.integers(1, 90))
def test_a_cap_is_what_was_written(purpose: Purpose, most: int, days: int) -> None:
    """Every other rule stays as it was shipped."""
    policy = read_policy(f'[caps]\n{purpose.value} = [{{ most = {most}, within = "{days}d" }}]')
    assert caps_of(policy) == {**CAPS, purpose: [(most, days * DAY)]}
    assert policy.model_dump(exclude={"caps", "sha256"}) == shipped_policy().model_dump(
        exclude={"caps", "sha256"}
    )
