"""Settings with anything in them: taken, or refused in a sentence that names one and shows no secret."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import Misconfigured
from bot.settings import Settings, load_settings
from tests.hostile.effort import effort

FINE = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox", "POLYAI_AUTH_TOKEN": "token"}
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
