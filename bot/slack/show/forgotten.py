"""A request whose details were deleted: what is left to show of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.call_request import CallRequest
from bot.slack.show import ids
from bot.slack.show.message import SlackMessage
from bot.slack.show.modal import View, modal
from bot.slack.show.text import Block, date, plain, rich_text, text, user


def forgotten_card(request: CallRequest, headline: str, at: datetime) -> SlackMessage:
    """What a copy of its card becomes when somebody clicks on it."""
    blocks = [{"type": "header", "text": plain(headline)}, *_left(request, at)]
    return SlackMessage(f"{headline}. The details of {request.id} were deleted.", blocks)


def forgotten_review(request: CallRequest, at: datetime) -> View:
    """The modal behind Review."""
    fingerprint = rich_text(text("SHA-256 of the payload: ", bold=True), text(request.payload_sha256))
    handle = ids.Handle(request.id, request.payload_sha256)
    blocks = [*_left(request, at), fingerprint]
    return modal("Review the call", blocks, callback_id=ids.REVIEW, carries=handle.write())


def _left(request: CallRequest, at: datetime) -> list[Block]:
    return [
        rich_text(
            text("The number, the reason and the metadata of this call were deleted "),
            date(at),
            text(": their time was up, or somebody asked for it."),
        ),
        rich_text(text("Requester: ", bold=True), user(request.requester)),
        rich_text(text("Purpose: ", bold=True), text(request.purpose.label)),
        rich_text(text("Request: ", bold=True), text(request.id)),
    ]
