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
    if reply.error is None:
        return Access.ANSWERS_STRANGELY
    if reply.status in {401, 403}:
        return Access.REFUSED
    return Access.ACCEPTED if reply.status in {400, 404} else Access.ANSWERS_STRANGELY
