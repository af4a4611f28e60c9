"""The rules that an operator can change, and every mistake in the file that changes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.call_request import Purpose
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.dialing_policy import DialingPolicy, read_policy, shipped_policy
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.toml_lines import TomlMistake
from bot.domain.policy.windows import shipped_table
from tests.domain.policy.cases import rules

DAY = timedelta(days=1)


def mistake(text: str) -> TomlMistake:
    with pytest.raises(TomlMistake) as caught:
        read_policy(text)
    return caught.value


def caps_of(policy: DialingPolicy) -> dict[Purpose, list[tuple[int, timedelta]]]:
    return {purpose: [(cap.most, cap.within) for cap in caps] for purpose, caps in policy.caps.items()}


def test_the_shipped_rules() -> None:
    """With no policy file, these rules hold, and no others."""
    policy = shipped_policy()
    assert policy.countries == {"US", "CA", "GB", "FR", "ES", "DE", "AU", "IN"}
    assert policy.number_types == {
        NumberType.FIXED_LINE,
        NumberType.MOBILE,
        NumberType.FIXED_LINE_OR_MOBILE,
        NumberType.VOIP,
        NumberType.TOLL_FREE,
        NumberType.UAN,
    }
    assert policy.consent == {Purpose.MARKETING: {ConsentKind.WRITTEN}}
    assert caps_of(policy) == {Purpose.DEBT_COLLECTION: [(7, 7 * DAY)], Purpose.MARKETING: [(3, DAY)]}
    assert policy.quiet_after_success == {Purpose.DEBT_COLLECTION: 7 * DAY}
    kept = dict.fromkeys(Purpose, 1827 * DAY) | {Purpose.DEBT_COLLECTION: 1096 * DAY}
    assert policy.keep_records == kept
    assert policy.windows == shipped_table()


def test_an_empty_file_and_one_of_comments_change_nothing() -> None:
    """Neither does a table that names no purpose."""
    for text in ("", "# nothing\n", "[consent]\n[caps]\n[quiet_after_success]\n"):
        assert read_policy(text) == shipped_policy()


def test_a_file_changes_only_what_it_names() -> None:
    """A table changes the purposes that it names, a list is as it is written."""
    policy = read_policy(
        'version = "ours"\ncountries = ["JM"]\nnumber_types = ["mobile"]\n'
        '[consent]\nother = ["not_needed"]\n[caps]\nmarketing = [{ most = 1, within = "90d" }]\n'
        '[quiet_after_success]\ninformational = "1h"\n[keep_records]\nother = "30d"\n'
    )
    assert (policy.version, policy.countries, policy.number_types) == ("ours", {"JM"}, {NumberType.MOBILE})
    assert policy.consent == {
        Purpose.MARKETING: {ConsentKind.WRITTEN},
        Purpose.OTHER: {ConsentKind.NOT_NEEDED},
    }
    assert caps_of(policy) == {Purpose.DEBT_COLLECTION: [(7, 7 * DAY)], Purpose.MARKETING: [(1, 90 * DAY)]}
    assert policy.quiet_after_success == {
        Purpose.DEBT_COLLECTION: 7 * DAY,
        Purpose.INFORMATIONAL: timedelta(hours=1),
    }
    assert policy.keep_records == {**shipped_policy().keep_records, Purpose.OTHER: 30 * DAY}


def test_an_empty_list_takes_a_cap_away() -> None:
    """An operator can do without a cap, but must say so."""
    policy = read_policy("[caps]\nmarketing = []")
    assert caps_of(policy) == {Purpose.DEBT_COLLECTION: [(7, 7 * DAY)], Purpose.MARKETING: []}


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
    ]
    assert len({policy.sha256 for policy in (shipped, *changed)}) == len(changed) + 1


def test_the_name_does_not_tell_the_order_in_which_rules_are_written() -> None:
    """The same rules are the same policy."""
    one, other = 'other = ["not_needed"]\n', 'informational = ["prior_express"]\n'
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
        ('version = "1"\ncountries = ["US", "UK"]', 2, "countries: 'UK' is no country"),
        ('countries = ["us"]', 1, "'us' is no country"),
        ('countries = [\n  "US",\n  "EU",\n]', 1, "'EU' is no country"),
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
        ('[keep_records]\nmarketing = "5y"', 2, "keep_records.marketing: write a number and"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, says: str) -> None:
    """Whatever is wrong in a policy file, none of it is used: its line and the reason are told."""
    error = mistake(text)
    assert (error.line, says in error.reason) == (line, True), error
    assert str(error) == f"line {line}: {error.reason}" and "pydantic" not in error.reason


@pytest.mark.parametrize(
    "setting", ["countries", "number_types", "consent", "caps", "quiet_after_success", "keep_records"]
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
    assert caps_of(policy) == {**caps_of(shipped_policy()), purpose: [(most, days * DAY)]}
    assert policy.model_dump(exclude={"caps", "sha256"}) == shipped_policy().model_dump(
        exclude={"caps", "sha256"}
    )
