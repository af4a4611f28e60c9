"""That others have asked for a call to the same number: one call may be enough."""

from __future__ import annotations

from bot.domain.call_request import CallRequest
from bot.slack.show.text import Block, Element, rich_text, text, user


def also_open(request: CallRequest) -> list[Block]:
    """A paragraph for the card and for Review; none where no other request to the number was open."""
    if request.also_open is None:
        return []
    heading = text("Also open to this number when this was asked for: ", bold=True)
    named: list[Element] = []
    for other in request.also_open.oldest:
        stands = other.status.value.replace("_", " ")
        named += [text(", ")] if named else []
        named += [text(other.id, code=True), text(" by "), user(other.requester), text(f" ({stands})")]
    more = [text(f" and {request.also_open.more} more")] if request.also_open.more else []
    return [rich_text(heading, *named, *more)]
