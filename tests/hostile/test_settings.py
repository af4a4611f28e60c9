"""Settings with anything in them: taken, or refused in a sentence that names one and shows no secret."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CALLGATE_APPROVER", "CALLGATE_APPROVERS"),
        ("CALLGATE_APPROVALS_REQIRED", "CALLGATE_APPROVALS_REQUIRED"),
        ("CALLGATE_APROVALS_CHANNEL", "CALLGATE_APPROVALS_CHANNEL"),
    ],
)
def test_a_misspelt_setting_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    """It would be left at its default without a word; names that are like none are somebody else's."""
    for each, fine in (
        FINE | {"CALLGATE_PORT": "tcp://10.0.0.1", "CALLGATE_CRASH_AT": "", name: "2"}
    ).items():
        monkeypatch.setenv(each, fine)
    with pytest.raises(Misconfigured, match=f"^{name} is in the environment.* Is {meant} meant"):
        load_settings(Settings)
    monkeypatch.delenv(name)
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
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toml: str, approvers: Approvers | str
) -> None:
    """A text or a list; anything else is refused in words that an operator knows."""
    monkeypatch.chdir(tmp_path)
    for each, fine in FINE.items():
        monkeypatch.setenv(each, fine)
    monkeypatch.delenv("CALLGATE_APPROVERS")
    Path("callgate.toml").write_text(f"CALLGATE_APPROVERS = {toml}\n")
    if isinstance(approvers, Approvers):
        assert load_settings(Settings).callgate_approvers == approvers
    else:
        with pytest.raises(Misconfigured, match=f"^CALLGATE_APPROVERS: .*{approvers}"):
            load_settings(Settings)
