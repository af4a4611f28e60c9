"""Whether PolyAI accepts our token, from its answer to a question that changes nothing."""

from __future__ import annotations

from enum import StrEnum

from bot.polyai.reply import Reply


class Access(StrEnum):
    """How PolyAI stands to us."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    ANSWERS_STRANGELY = "answers strangely"
    """Something is there that does not answer as PolyAI does."""


def read_access(reply: Reply) -> Access:
    """Who asks for a call that does not exist is told so only with a good token."""
    if reply.status in {401, 403}:
        return Access.REFUSED
    # Any web server answers 404; the contract's answers carry an id, and errors a body.
    is_polyai = reply.correlation_id is not None or "error" in reply.json_object()
    return Access.ACCEPTED if is_polyai and reply.status in {200, 400, 404} else Access.ANSWERS_STRANGELY
