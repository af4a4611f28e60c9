"""Links to the messages in Slack that a request has."""

from __future__ import annotations

from typing import Any

from storage.case import Case, Row

ANYWHERE = "https://slack.com/"
"""Leads to the workspace that the reader is signed in to; where ours is not known."""


def slack_messages(case: Case) -> list[dict[str, Any]]:
    """Each message once: what it is, when it was last sent, its `ts`, and a link where it is in a channel."""
    found = {(_kind(letter), letter["message_ts"]): letter for letter in case.letters if letter["message_ts"]}
    return [
        {"what": kind, "sent_at": letter["sent_at"], "ts": ts, "link": _link(case, letter)}
        for (kind, ts), letter in found.items()
    ]


def _kind(letter: Row) -> str:
    kinds = {"thread": "reply in its thread", "direct": "direct message", "channel": "notice to the channel"}
    return kinds.get(letter["kind"], "card")


def _link(case: Case, letter: Row) -> str | None:
    """None for a direct message, whose channel we are not told."""
    if letter["kind"] == "direct":
        return None
    channel = letter["channel"] or case.request.channel
    base = case.workspace_url if (case.workspace_url or "").startswith(("https://", "http://")) else ANYWHERE
    link = f"{base}archives/{channel}/p{letter['message_ts'].replace('.', '')}"
    if letter["kind"] != "thread":
        return link
    return f"{link}?thread_ts={case.request.card_ts}&cid={channel}"
