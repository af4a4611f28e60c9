"""The lines of a request's thread, one a thing that happened, and what the requester is told directly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.call_request import CallRequest
from bot.domain.move import Line
from bot.slack.show.message import SlackMessage, paragraph
from bot.slack.show.order_answers import requests_cancelled
from bot.slack.show.text import Element, channel, date, text, user, usergroup

Data = Mapping[str, Any]

_CALL_STATUS = {
    "queued": "PolyAI has queued the call.",
    "ringing": "PolyAI is calling.",
    "succeeded": "PolyAI reports success: the call connected. It may have reached a voicemail.",
}


def thread_line(line: Line) -> SlackMessage:
    """The line as a message. What people and PolyAI wrote stands in it as they wrote it."""
    return paragraph(*_LINES[line.name](line.data))


def direct_line(line: Line, request: CallRequest) -> SlackMessage:
    """What the requester is told in a direct message."""
    if line.name == "submitted":
        return paragraph(text("Your call request is waiting for approval in "), channel(request.channel))
    return paragraph(
        text(f"Your call request {request.id} could not be shown in "),
        channel(request.channel),
        text(
            f": Slack says {line.data['error']}. Invite me there with /invite, then ask for the call again."
        ),
    )


def _approved(data: Data) -> list[Element]:
    return [text("Approved by "), user(data["by"]), text(".")]


def _approval_given(data: Data) -> list[Element]:
    more = "One more person has" if data["missing"] == 1 else f"{data['missing']} more people have"
    return [text("Approved by "), user(data["by"]), text(f". {more} to approve before it is dialed.")]


def _waits(data: Data) -> list[Element]:
    until = datetime.fromtimestamp(data["until"], UTC)
    return [text("It waits, and is dialed at "), date(until), text(f". {' '.join(data['reasons'])}")]


def _reminder(data: Data) -> list[Element]:
    named = [user(each) for each in data["users"]] + [usergroup(each) for each in data["groups"]]
    asked = [element for each in named for element in (each, text(" "))]
    expires = datetime.fromtimestamp(data["expires"], UTC)
    return [*asked, text("This call is still waiting for approval. It expires at "), date(expires), text(".")]


def _denied(data: Data) -> list[Element]:
    return [text("Denied by "), user(data["by"]), text(": "), text(data["reason"])]


def _cancelled(data: Data) -> list[Element]:
    return [text("Cancelled by "), user(data["by"]), text(". Nothing was placed.")]


def _suppressed(data: Data) -> list[Element]:
    return [
        text("Cancelled, because "),
        user(data["by"]),
        text(" put this number on the suppression list. Nothing was placed."),
    ]


def _asked_to_stop(data: Data) -> list[Element]:
    others = f" {requests_cancelled(data['cancelled'])}" if data["cancelled"] else ""
    return [
        user(data["by"]),
        text(f" says they asked us to stop: this number is on the suppression list now.{others}"),
    ]


def _expired(data: Data) -> list[Element]:
    if data["waited_for"] == "approval":
        return [text("Nobody approved this in time, so it has expired. Ask again with /call.")]
    return [text("The call could not be dialed in time, so the approval has expired. Nothing was placed.")]


def _blocked(data: Data) -> list[Element]:
    return [text(f"Not dialed: {data['reason']} Nothing was placed.")]


def _placed(data: Data) -> list[Element]:
    return [text("Call placed: "), text(data["call_sid"], code=True)]


def _rejected(data: Data) -> list[Element]:
    return [text(f"PolyAI refused the call, and nothing was placed. {data['reason']}")]


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


def _confirmed_placed(data: Data) -> list[Element]:
    return [user(data["by"]), text(" says it was placed: "), text(data["call_sid"], code=True)]


def _closed(data: Data) -> list[Element]:
    return [text("Closed by "), user(data["by"]), text(". Whether a phone rang stays unknown.")]


def _call_status(data: Data) -> list[Element]:
    if data["status"] in _CALL_STATUS:
        return [text(_CALL_STATUS[data["status"]])]
    if data["status"] == "failed":
        return [text("PolyAI reports failure: "), text(data["reason"] or "no reason given")]
    return [text("PolyAI reports: "), text(data["status"], code=True), text(" " + data["reason"])]


def _status_lost(_data: Data) -> list[Element]:
    return [text("PolyAI no longer tells how this call went, for it keeps a status for a short time only.")]


def _never_sent(data: Data) -> list[Element]:
    return [text(f"{data['reason']} So nothing was sent. We keep trying.")]


def _not_accepted(_data: Data) -> list[Element]:
    return [text("PolyAI takes no more calls at this moment. Nothing was placed; we keep trying.")]


def _failed_to_place(data: Data) -> list[Element]:
    return [text(f"PolyAI failed to place the call. We try again. {data['reason']}")]


def _held(data: Data) -> list[Element]:
    return [
        text("PolyAI refused our access, and nothing was placed. Dialing waits until that is fixed: "),
        text(f"somebody has to check the PolyAI token and connector. {data['reason']}"),
    ]


_LINES: dict[str, Callable[[Data], list[Element]]] = {
    "approved": _approved,
    "approval_given": _approval_given,
    "waits": _waits,
    "reminder": _reminder,
    "denied": _denied,
    "cancelled": _cancelled,
    "suppressed": _suppressed,
    "asked_to_stop": _asked_to_stop,
    "expired": _expired,
    "blocked": _blocked,
    "placed": _placed,
    "rejected": _rejected,
    "unconfirmed": _unconfirmed,
    "confirmed_placed": _confirmed_placed,
    "closed": _closed,
    "call_status": _call_status,
    "status_lost": _status_lost,
    "never_sent": _never_sent,
    "not_accepted": _not_accepted,
    "failed_to_place": _failed_to_place,
    "held": _held,
}
