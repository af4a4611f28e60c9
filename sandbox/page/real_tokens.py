"""Recognizes tokens that are not the sandbox's own, so that no real one is ever typed or handed to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.page.refusals import Malformed

# Slack's are recognized by their prefix. PolyAI's have no form of their own: by where they are written.
_REAL = re.compile(
    r"\b(?:xox[a-z]|xapp|xwfp)(?:\.xox[a-z])?-(?!sandbox)[A-Za-z0-9-]{8,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"
    r"|(?i:x-polyai-auth-token|x-api-key|polyai_auth_token)[\"']?\s*[:=]\s*(?!sandbox)\S",
)
_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "POLYAI_AUTH_TOKEN")


def check_no_real_token(text: str) -> None:
    """Raises Malformed when the text has what looks like a real token in it."""
    if _REAL.search(text):
        raise Malformed("That looks like a real token. The sandbox makes its own and must never see one.")


def real_tokens_in(environment: Mapping[str, str]) -> list[str]:
    """The names of the variables that hold what looks like a real token, or has to be one."""
    return [
        name
        for name, value in sorted(environment.items())
        if (name in _SECRETS and value and "sandbox" not in value) or _REAL.search(value)
    ]
