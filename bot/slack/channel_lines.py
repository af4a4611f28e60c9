"""What a whole channel is told, outside any request's thread."""

from __future__ import annotations

from bot.domain.move import Line
from bot.slack.message import Message, paragraph
from bot.slack.text import text


def channel_line(line: Line) -> Message:
    """The line as a message."""
    if line.name == "dialing_goes_on":
        return paragraph(text("Dialing goes on. ", bold=True), text("PolyAI accepts our access again."))
    return paragraph(
        text("Dialing has stopped: PolyAI refuses our access. ", bold=True),
        text("Nothing was placed. Approved calls wait. An operator has to check the PolyAI token and"),
        text(" connector ("),
        text("callgate doctor", code=True),
        text(f"); dialing goes on by itself as soon as the access works. {line.data['reason']}"),
    )
