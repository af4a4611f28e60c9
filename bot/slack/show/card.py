"""The card of a call request: the approval card first, the status card afterwards."""

from __future__ import annotations

from datetime import datetime

from bot.domain.call_request import CallRequest, ShownRequest
from bot.domain.countries import country
from bot.domain.fingerprint import submission_sha256
from bot.domain.phone_number import mask_e164
from bot.domain.states import Status
from bot.domain.suppression import CALLED
from bot.slack.show import ids
from bot.slack.show.also_open import also_open
from bot.slack.show.forgotten import forgotten_card
from bot.slack.show.message import DIALING_IS_FROZEN, MAX_TEXT, SlackMessage
from bot.slack.show.policy_facts import policy_facts
from bot.slack.show.text import Block, Element, date, escape, plain, rich_text, text, user

HEADLINES = {
    Status.PENDING_APPROVAL: "Call request: waiting for approval",
    Status.APPROVED: "Call approved: waiting to be dialed",
    Status.DIALING: "Call approved: being dialed",
    Status.PLACED: "Call placed",
    Status.SUCCEEDED: "Call connected",
    Status.FAILED: "Call failed",
    Status.DENIED: "Call denied",
    Status.CANCELLED: "Call cancelled",
    Status.EXPIRED: "Call request expired",
    Status.BLOCKED: "Call blocked",
    Status.REJECTED: "Call refused by PolyAI",
    Status.UNCONFIRMED: "Unconfirmed: a phone may be ringing",
    Status.CLOSED: "Unconfirmed call closed",
    Status.STATUS_LOST: "Call placed: its outcome is not known",
}

_FROZEN = "Call approved: waits, because dialing is frozen"
_WAITING = (Status.PENDING_APPROVAL, Status.APPROVED)

_BUTTONS = {
    Status.PENDING_APPROVAL: (ids.APPROVE, ids.DENY, ids.OPEN_REVIEW, ids.CANCEL),
    Status.APPROVED: (ids.OPEN_REVIEW, ids.CANCEL),
    Status.UNCONFIRMED: (ids.IT_WAS_PLACED, ids.CLOSE_IT, ids.OPEN_REVIEW),
    **dict.fromkeys(CALLED, (ids.OPEN_REVIEW, ids.ASKED_TO_STOP)),
}
_LABELS = {
    ids.APPROVE: ("Approve", "primary"),
    ids.DENY: ("Deny", "danger"),
    ids.OPEN_REVIEW: ("Review", None),
    ids.CANCEL: ("Cancel", None),
    ids.IT_WAS_PLACED: ("It was placed", "primary"),
    ids.CLOSE_IT: ("Close it", "danger"),
    ids.ASKED_TO_STOP: ("They asked us to stop", None),
}
_CONFIRMED = {
    ids.CANCEL: {
        "title": plain("Cancel this request?"),
        "text": plain("It ends for good. For the same call somebody has to ask again."),
        "confirm": plain("Cancel the request"),
        "deny": plain("Back"),
        "style": "danger",
    },
    ids.CLOSE_IT: {
        "title": plain("Close this call?"),
        "text": plain("It is not followed any more, and whether a phone rang stays unknown."),
        "confirm": plain("Close it"),
        "deny": plain("Back"),
        "style": "danger",
    },
    ids.ASKED_TO_STOP: {
        "title": plain("Never call this number again?"),
        "text": plain(
            "The number goes on the suppression list, and every request to it that waits is cancelled. "
            "It takes two people to take it off again."
        ),
        "confirm": plain("Stop calling"),
        "deny": plain("Back"),
        "style": "danger",
    },
}
"""What is asked before the button counts."""

_MAX_KEYS = 12
_MAX_LABEL = 75
"""Characters on a button (Block Kit)."""


def card(request: CallRequest) -> SlackMessage:
    """The card as the request stands. The number is masked, of the metadata only the keys are shown."""
    shown = request if isinstance(request, ShownRequest) else ShownRequest(**dict(request))
    frozen = shown.dialing_frozen and request.status in _WAITING
    headline = _FROZEN if frozen and request.status is Status.APPROVED else HEADLINES[request.status]
    if request.forgotten_at is not None:
        return forgotten_card(request, headline, request.forgotten_at)
    blocks = [
        {"type": "header", "text": plain(headline)},
        *([rich_text(text(DIALING_IS_FROZEN, bold=True))] if frozen else []),
        _facts(request),
        rich_text(text("Why: ", bold=True), text(request.why)),
        rich_text(text("Metadata: ", bold=True), *_keys(request)),
        *also_open(request),
        *policy_facts(request),
        *_story(shown),
        _footer(request),
        *_buttons(shown),
    ]
    spoken = (
        f"{headline}. {_missing(request)}"
        f"<@{request.requester}> asked for a call to {_number(request)}: {escape(request.why)}"
    )
    return SlackMessage(spoken[:MAX_TEXT], blocks)


def _facts(request: CallRequest) -> Block:
    facts = (
        f"*Requester*\n<@{request.requester}>",
        f"*Number*\n{_number(request)}",
        f"*Purpose*\n{request.purpose.label}",
        f"*Encryption*\n{request.encryption}",
    )
    fields = [{"type": "mrkdwn", "text": fact, "verbatim": True} for fact in facts]
    return {"type": "section", "fields": fields}


def _number(request: CallRequest) -> str:
    place = country(request.region)
    return f"{mask_e164(request.to_number)} ({escape(place.name if place else request.region)})"


def _keys(request: CallRequest) -> list[Element]:
    keys = list(request.metadata)
    if not keys:
        return [text("none")]
    elements = [element for key in keys[:_MAX_KEYS] for element in (text(key, code=True), text(" "))]
    more = len(keys) - _MAX_KEYS
    return [*elements, text(f"and {more} more")] if more > 0 else elements


def _story(request: ShownRequest) -> list[Block]:
    """One paragraph for the decision, one for what became of the call."""
    story = [_signed("Approved by ", approval.by, approval.at) for approval in request.approvals]
    if missing := _missing(request):
        story.append(rich_text(text(missing.strip(), bold=True)))
    if request.call_sid:
        word = request.call_status or "placed"
        story.append(
            rich_text(text("PolyAI: ", bold=True), text(word + " "), text(request.call_sid, code=True))
        )
    elif request.reported_call_sid:
        sid = text(request.reported_call_sid, code=True)
        story.append(rich_text(text("The answer names: ", bold=True), sid))
    if request.status in _ENDED_BY and request.ended_by and request.finished_at:
        story.append(_signed(_ENDED_BY[request.status], request.ended_by, request.finished_at))
    if request.end_reason:
        story.append(rich_text(text("Reason: ", bold=True), text(request.end_reason)))
    if request.status in CALLED and request.suppressed_by:
        story.append(
            rich_text(user(request.suppressed_by), text(" put this number on the suppression list."))
        )
    return story


def _missing(request: CallRequest) -> str:
    """A sentence on how many more have to approve, where one person is not enough; ends in a blank."""
    needed, given = request.approvals_needed, len(request.approvals)
    if request.status is not Status.PENDING_APPROVAL or needed == 1:
        return ""
    if not given:
        return f"{needed} people have to approve this. "
    more = "one more is" if needed - given == 1 else f"{needed - given} more are"
    return f"Approved by {given} of {needed} people; {more} needed. "


_ENDED_BY = {
    Status.DENIED: "Denied by ",
    Status.CANCELLED: "Cancelled by ",
    Status.CLOSED: "Closed by ",
}


def _signed(words: str, by: str, at: datetime) -> Block:
    return rich_text(text(words, bold=True), user(by), text(" "), date(at))


def _footer(request: CallRequest) -> Block:
    parts = [f"`{request.id}`", f"asked {_when(request.created_at)}"]
    if request.status is Status.PENDING_APPROVAL:
        parts.append(f"expires {_when(request.approval_expires_at)}")
    if request.status is Status.APPROVED and request.dial_expires_at:
        parts.append(f"can be dialed until {_when(request.dial_expires_at)}")
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(parts), "verbatim": True}]}


def _when(at: datetime) -> str:
    moment = date(at)
    return f"<!date^{moment['timestamp']}^{moment['format']}|{moment['fallback']}>"


def _buttons(request: ShownRequest) -> list[Block]:
    actions, labels = _BUTTONS.get(request.status, (ids.OPEN_REVIEW,)), _LABELS
    if request.suppressed_by:
        actions = tuple(action for action in actions if action != ids.ASKED_TO_STOP)
    if request.status is Status.UNCONFIRMED and request.reported_call_sid:
        follow = f"Follow {request.reported_call_sid}"[:_MAX_LABEL]
        actions = (ids.FOLLOW_IT, *actions)
        labels = labels | {ids.FOLLOW_IT: (follow, "primary"), ids.IT_WAS_PLACED: ("Another call_sid", None)}
    handle, buttons = ids.Handle(request.id, submission_sha256(request)).write(), []
    for action in actions:
        label, style = labels[action]
        button: Element = {"type": "button", "action_id": action, "text": plain(label), "value": handle}
        more = {"style": style, "confirm": _CONFIRMED.get(action)}
        buttons.append(button | {name: said for name, said in more.items() if said})
    return [{"type": "actions", "elements": buttons}] if buttons else []
