"""The lines of a request's thread, one a thing that happened, and what the requester is told directly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.domain.call_request import CallRequest
from bot.domain.call_status import SILENT
from bot.domain.command_name import command
from bot.domain.move import Line
from bot.slack.show.message import SlackMessage, paragraph
from bot.slack.show.order_answers import requests_cancelled
from bot.slack.show.text import Data, Element, channel, date, filled, text, user, usergroup

_CALL_STATUS = {
    "queued": "PolyAI has queued the call.",
    "ringing": "PolyAI is calling.",
    "succeeded": "PolyAI reports success: the call connected. It may have reached a voicemail.",
    SILENT: (
        "PolyAI has not said for an hour how this call goes. We keep asking. Look there, or tell your"
        " operator."
    ),
}


def thread_line(line: Line) -> SlackMessage:
    """The line as a message. What people and PolyAI wrote stands in it as they wrote it."""
    made = _LINES[line.name]
    return paragraph(*(filled(made, line.data) if isinstance(made, str) else made(line.data)))


def direct_line(line: Line, request: CallRequest) -> SlackMessage:
    """What the requester is told in a direct message."""
    if line.name == "submitted":
        return paragraph(text("Your call request is waiting for approval in "), channel(request.channel))
    return paragraph(
        text(f"Your call request {request.id} could not be shown in "),
        channel(request.channel),
        text(
            f": Slack refuses its card ({line.data['error']}), so nobody can approve it. Tell your operator."
        ),
    )


def _approval_given(data: Data) -> list[Element]:
    more = "One more person has" if data["missing"] == 1 else f"{data['missing']} more people have"
    return [text("Approved by "), user(data["by"]), text(f". {more} to approve before it is dialed.")]


def _waits(data: Data) -> list[Element]:
    # A line from before it told the recipient's clock has none.
    return filled("It waits, and is dialed {until:date}{there}. {reasons}", {"there": "", **data})


def _reminder(data: Data) -> list[Element]:
    named = [user(each) for each in data["users"]] + [usergroup(each) for each in data["groups"]]
    asked = [element for each in named for element in (each, text(" "))]
    expires = datetime.fromtimestamp(data["expires"], UTC)
    return [*asked, text("This call is still waiting for approval. It expires "), date(expires), text(".")]


def _asked_to_stop(data: Data) -> list[Element]:
    others = f" {requests_cancelled(data['cancelled'])}" if data["cancelled"] else ""
    return [
        user(data["by"]),
        text(f" says they asked us to stop: this number is on the suppression list now.{others}"),
    ]


def _expired(data: Data) -> list[Element]:
    if data["waited_for"] == "approval":
        return [text(f"Nobody approved this in time, so it has expired. Ask again with {command()}.")]
    return [text("The call could not be dialed in time, so the approval has expired. Nothing was placed.")]


def _unconfirmed(data: Data) -> list[Element]:
    call_sid = data.get("call_sid")
    named = [text(" The answer names "), text(call_sid, code=True), text(".")] if call_sid else []
    return [
        text("A phone may be ringing, and we cannot know. ", bold=True),
        text(data["reason"]),
        *named,
        text(" The call will not be sent again by itself. Look in PolyAI whether it was placed, then press "),
        text("Follow" if call_sid else "It was placed", bold=True),
        text(" or "),
        text("Close it", bold=True),
        text(" on the card."),
    ]


def _call_status(data: Data) -> list[Element]:
    if data["status"] in _CALL_STATUS:
        return [text(_CALL_STATUS[data["status"]])]
    if data["status"] == "failed":
        return [text("PolyAI reports failure: "), text(data["reason"] or "no reason given")]
    return [text("PolyAI reports: "), text(data["status"], code=True), text(" " + data["reason"])]


_LINES: dict[str, str | Callable[[Data], list[Element]]] = {
    "approved": "Approved by {by:user}.",
    "approval_given": _approval_given,
    "waits": _waits,
    "reminder": _reminder,
    "denied": "Denied by {by:user}: {reason}",
    "cancelled": "Cancelled by {by:user}. Nothing was placed.",
    "suppressed": "Cancelled, because {by:user} put this number on the suppression list. Nothing was placed.",
    "asked_to_stop": _asked_to_stop,
    "expired": _expired,
    "blocked": "Not dialed: {reason} Nothing was placed.",
    "placed": "Call placed: {call_sid:code}",
    "rejected": "PolyAI refused the call, and nothing was placed. {reason}",
    "unconfirmed": _unconfirmed,
    "confirmed_placed": "{by:user} says it was placed: {call_sid:code}",
    "closed": "Closed by {by:user}. Whether a phone rang stays unknown.",
    "call_status": _call_status,
    "status_lost": "PolyAI no longer tells how this call went, for it keeps a status for a short time only.",
    "never_sent": "{reason} So nothing was sent. We keep trying.",
    "not_accepted": "PolyAI takes no more calls at this moment. Nothing was placed; we keep trying.",
    "failed_to_place": "PolyAI failed to place the call. We try again. {reason}",
    "held": (
        "PolyAI refused our access, and nothing was placed. Dialing waits until that is fixed: somebody has"
        " to check the PolyAI token and connector. {reason}"
    ),
}
"""Each line, as a sentence to fill in (bot/slack/show/text.py) or as what makes it."""
