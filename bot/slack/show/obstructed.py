"""What is said elsewhere while a channel is closed to us: what happened, why it is not there, what helps."""

from __future__ import annotations

from bot.domain.move import Line
from bot.slack.show.message import SlackMessage, say, together
from bot.slack.show.text import Data
from bot.slack.show.thread_lines import thread_line

_ARCHIVED = "{channel} is archived. It goes on there when somebody unarchives it."
_RESTRICTED = (
    "posting in {channel} is restricted. Somebody who manages the channel has to let Callgate post there, in"
    " the channel's settings; /invite does not help."
)
_NOT_IN_IT = "Callgate is not in {channel} any more. Type /invite @Callgate there."
_WHY = {"is_archived": _ARCHIVED, "is_inactive": _ARCHIVED, "posting_to_channel_denied": _RESTRICTED}


def obstruction(code: str, channel: str) -> str:
    """Why Slack takes nothing for that channel, and what helps; the end of a sentence."""
    restricted = code.startswith("restricted_action")
    return _WHY.get(code, _RESTRICTED if restricted else _NOT_IN_IT).format(channel=f"<#{channel}>")


def elsewhere(data: Data) -> SlackMessage:
    """What could not be posted; the whole of it, for the requester or another channel."""
    why = obstruction(data["code"], data["channel"])
    if not data["line"]:
        return say(f"Call request {data['request']} is not shown yet, so nobody can approve it: {why}")
    said = thread_line(Line(data["line"], data["data"]))
    return together([say(f"Call request {data['request']}:"), said, say(f"This is not in its thread: {why}")])
