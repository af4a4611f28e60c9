"""The channel that a card goes to: whether it can be a place where others decide."""

from __future__ import annotations

from enum import Enum

from bot.domain.errors import Refused


class Obstacle(Enum):
    """What stands in the way of a card in a channel, as a sentence in which `{channel}` is the channel."""

    ARCHIVED = (
        "The card would go to {channel}, which is archived, so nobody could approve the call. Ask in another"
        " channel; where all cards go to that one, tell your operator."
    )
    NOT_IN_IT = (
        "The card would go to {channel}, where Callgate is not, so nobody could approve the call. Type"
        " /invite @Callgate there, then ask again (in a direct message between people that is not possible:"
        " use a channel)."
    )
    SHARED = (
        "The card would go to {channel}, which is shared with another organisation or about to be, so their"
        " people would read it. Ask in a channel of your own; your operator can allow this"
        " (CALLGATE_SLACK_CONNECT)."
    )


def check_card_channel(channel: str, obstacle: Obstacle | None, *, slack_connect: bool) -> None:
    """Whether a card can go there; with `slack_connect` it can where a channel is only shared.

    Raises:
        Refused: something stands in the way.
    """
    if obstacle is not None and not (obstacle is Obstacle.SHARED and slack_connect):
        raise Refused(obstacle.value.format(channel=f"<#{channel}>"))
