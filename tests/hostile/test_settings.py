"""Settings with anything in them: taken, or refused in a sentence that names one and shows no secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.approvers import Approvers
from bot.domain.errors import Misconfigured
from bot.ops.settings import Settings, load_settings
from tests.hostile.effort import effort

FINE = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox",
    "SLACK_APP_TOKEN": "xapp-sandbox",
    "POLYAI_AUTH_TOKEN": "token",
    "CALLGATE_APPROVERS": "channel",
}
NAMES = st.sampled_from([name.upper() for name in Settings.model_fields if name != "callgate_database"])
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
ODD = st.sampled_from(
    [
        "https://[",
        "http://127.0.0.1:x/",
        "9" * 30 + "d",
        "٤h",
        "999999999d",
        "a\nb",
        "токен",
        "C1\n",
        "-1",
        " ",
    ]
)


@effort(200)
@given(name=NAMES, value=TEXT | ODD)
@example(name="SLACK_SIGNING_SECRET", value=" ")
def test_any_setting_is_taken_or_refused_in_a_sentence(name: str, value: str) -> None:
    """Nothing but Misconfigured is raised; of a token or secret not a word is shown."""
    with pytest.MonkeyPatch.context() as environment:
        for each, fine in (FINE | {name: value}).items():
            environment.setenv(each, fine)
        try:
            load_settings(Settings)
        except Misconfigured as error:
            assert error.sentence.startswith((name, "Set SLACK_APP_TOKEN"))
            secret = name.endswith(("TOKEN", "SECRET")) and len(value) > 3
            assert not secret or value not in error.sentence


@pytest.mark.parametrize("value", [None, "", " ", ",", " , "])
def test_nobody_named_as_approver_is_refused(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    """Not set or blank: never everybody, and the sentence says what to set."""
    for each, fine in (FINE | {"CALLGATE_APPROVERS": value}).items():
        monkeypatch.delenv(each, raising=False)
        if fine is not None:
            monkeypatch.setenv(each, fine)
    with pytest.raises(Misconfigured, match=r'^CALLGATE_APPROVERS: nobody is named\. Set it to .*"channel"'):
        load_settings(Settings)


@pytest.fixture
def fine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment with all that is required, and where `callgate.toml` would be."""
    monkeypatch.chdir(tmp_path)
    for name, value in FINE.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "callgate.toml"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CALLGATE_APPROVER", "CALLGATE_APPROVERS"),
        ("CALLGATE_APPROVALS_REQIRED", "CALLGATE_APPROVALS_REQUIRED"),
        ("CALLGATE_APROVALS_CHANNEL", "CALLGATE_APPROVALS_CHANNEL"),
        ("CALLGATE_PORT", "CALLGATE_HTTP_PORT"),
        ("callgate_aprovers", "CALLGATE_APPROVERS"),
        ("CALLGATE_CONSENT_LIST", ""),
    ],
)
def test_a_name_of_ours_that_is_no_setting_is_refused(
    fine: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    """It would be left at its default without a word, wherever it stands."""
    advice = f" Is {meant} meant" if meant else " Take it out"
    fine.write_text(f"{name} = 2\n")
    with pytest.raises(Misconfigured, match=f"^callgate.toml sets {name}, which is no setting.{advice}"):
        load_settings(Settings)
    fine.unlink()
    monkeypatch.setenv(name, "2")
    with pytest.raises(Misconfigured, match=f"^The environment sets {name}, which is no setting.{advice}"):
        load_settings(Settings)


def test_what_kubernetes_sets_for_a_service_of_our_name_is_let_pass(
    fine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every pod, whether anybody wants it or not; and so is what our own tests set."""
    for service in ("CALLGATE", "CALLGATE_METRICS"):
        for name, value in {
            "SERVICE_HOST": "10.0.0.1",
            "SERVICE_PORT": "3000",
            "SERVICE_PORT_HTTP": "3000",
            "PORT": "tcp://10.0.0.1:3000",
            "PORT_3000_TCP": "tcp://10.0.0.1:3000",
            "PORT_3000_TCP_PROTO": "tcp",
            "PORT_3000_TCP_PORT": "3000",
            "PORT_3000_TCP_ADDR": "10.0.0.1",
        }.items():
            monkeypatch.setenv(f"{service}_{name}", value)
    monkeypatch.setenv("CALLGATE_CRASH_AT", "")
    assert load_settings(Settings).callgate_http_port == 3000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: Is a directory"),
        (b"CALLGATE_HTTP_HOST = '\xe9'", "is not a text file in UTF-8"),
        (b"CALLGATE_APPROVERS = U0BOB", "is not written as TOML is: Invalid value (at line 1, column 22)"),
    ],
    ids=["folder", "Latin-1", "no TOML"],
)
def test_a_file_that_cannot_be_read_is_one_sentence(fine: Path, content: bytes | None, says: str) -> None:
    """It says what is wrong with the file, and is no stack trace; a folder is not passed over."""
    if content is None:
        fine.mkdir()
    else:
        fine.write_bytes(content)
    with pytest.raises(Misconfigured, match=re.escape(f"callgate.toml {says}")):
        load_settings(Settings)


def test_a_file_that_nobody_may_read_is_one_sentence(fine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The superuser may read everything, so the answer of the system is put in its mouth."""

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(Misconfigured, match=r"^callgate.toml cannot be read: Permission denied\. .*user"):
        load_settings(Settings)


def test_a_byte_order_mark_simply_works(fine: Path) -> None:
    """Some editors write one before everything."""
    fine.write_bytes(b"\xef\xbb\xbfCALLGATE_HTTP_PORT = 3001\r\n")
    assert load_settings(Settings).callgate_http_port == 3001


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("CALLGATE_HTTP_PORT = 'web'", "CALLGATE_HTTP_PORT: write a whole number, such as 3."),
        ("CALLGATE_HTTP_PORT = 3.5", "CALLGATE_HTTP_PORT: write a whole number, such as 3."),
        ("CALLGATE_HTTP_PORT = 70000", "CALLGATE_HTTP_PORT: it has to be 65535 or less."),
        ("CALLGATE_APPROVALS_REQUIRED = 0", "CALLGATE_APPROVALS_REQUIRED: it has to be 1 or more."),
        ("CALLGATE_SLACK_CONNECT = 'perhaps'", "CALLGATE_SLACK_CONNECT: write true or false."),
        ("CALLGATE_HTTP_HOST = 5", "CALLGATE_HTTP_HOST: write a text, in quotes."),
        ("CALLGATE_DATABASE = 5", "CALLGATE_DATABASE: write the path of a file, in quotes."),
        ("POLYAI_API = 'other'", "POLYAI_API: there is only 'outbound-calling'."),
        ("CALLGATE_APPROVAL_EXPIRES = 4", "CALLGATE_APPROVAL_EXPIRES: write a number and s, m, h or d"),
        ("CALLGATE_APPROVALS_CHANNEL = '#calls'", "CALLGATE_APPROVALS_CHANNEL: write the channel's id (C…)"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_plain_words(fine: Path, toml: str, says: str) -> None:
    """No operator has to know what an integer or a pattern is."""
    fine.write_text(toml)
    with pytest.raises(Misconfigured, match=f"^{re.escape(says)}"):
        load_settings(Settings)


@pytest.mark.parametrize("name", ["POLYAI_BASE_URL", "SLACK_API_URL"])
@pytest.mark.parametrize(
    "url",
    [
        *("https://swordfish:pw@api.polyai.app", "https://@swordfish.app", "https://swordfish.app?"),
        *(
            "https://swordfish.app/#x",
            "https://swordfish.app:web",
            "https://[swordfish",
            "https://sword fish",
        ),
        *("https://sword\u2100fish", "https:///swordfish", "http://swordfish.app"),
    ],
)
def test_an_address_is_only_an_address(
    fine: Path, monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    """A password or a query in it would be passed on or printed; nothing of it is shown."""
    monkeypatch.setenv(name, url)
    with pytest.raises(Misconfigured, match=f"^{name}: ") as refused:
        load_settings(Settings)
    assert "fish" not in refused.value.sentence and "netloc" not in refused.value.sentence


def test_the_address_of_polyai_has_no_path(fine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callgate adds it, so that a copied one would be there twice; a slash at the end changes nothing."""
    monkeypatch.setenv("POLYAI_BASE_URL", "https://api.polyai.app/swordfish/v1")
    with pytest.raises(Misconfigured, match=r"^POLYAI_BASE_URL: leave out what is behind") as no:
        load_settings(Settings)
    assert "swordfish" not in no.value.sentence
    monkeypatch.setenv("POLYAI_BASE_URL", "https://api.polyai.app/")
    load_settings(Settings)


@pytest.mark.parametrize(
    ("toml", "approvers"),
    [
        ('"U0BOB, S0NURSES"', Approvers(frozenset({"U0BOB"}), frozenset({"S0NURSES"}))),
        ('["U0BOB", "S0NURSES"]', Approvers(frozenset({"U0BOB"}), frozenset({"S0NURSES"}))),
        ('"channel"', Approvers.of_channel()),
        ('["channel"]', Approvers.of_channel()),
        ("[]", "nobody is named"),
        ('[""]', "nobody is named"),
        ('["channel", "U0BOB"]', "write it alone"),
        ("5", "with commas between them"),
        ("[5]", "with commas between them"),
        ("{ channel = true }", "with commas between them"),
    ],
)
def test_approvers_in_a_file(
    fine: Path, monkeypatch: pytest.MonkeyPatch, toml: str, approvers: Approvers | str
) -> None:
    """A text or a list; anything else is refused in words that an operator knows."""
    monkeypatch.delenv("CALLGATE_APPROVERS")
    fine.write_text(f"CALLGATE_APPROVERS = {toml}\n")
    if isinstance(approvers, Approvers):
        assert load_settings(Settings).callgate_approvers == approvers
    else:
        with pytest.raises(Misconfigured, match=f"^CALLGATE_APPROVERS: .*{approvers}"):
            load_settings(Settings)
