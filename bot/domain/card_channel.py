"""The channel that a card goes to, and what may prevent people from deciding there."""

from __future__ import annotations

from enum import Enum

from bot.domain.errors import Refused


class Obstacle(Enum):
    """What prevents a card in a channel, as a sentence in which `{channel}` is the channel."""

    ARCHIVED = (
        "The card would go to {channel}, which is archived, so nobody could approve the call. Ask in another"
        " channel; if all cards go to that one, tell your operator."
    )
    NOT_IN_IT = (
        "The card would go to {channel}, but Callgate is not a member there, so nobody could approve the"
        " call. Type /invite @Callgate there, then ask again."
    )
    DIRECT = (
        "In a direct message nobody else could approve the call. Ask in a channel that Callgate is in"
        " ({channel} is not one)."
    )
    SHARED = (
        "The card would go to {channel}, which is shared with another organisation or about to be, so their"
        " people would read it. Ask in a channel of your own; your operator can allow this"
        " (CALLGATE_SLACK_CONNECT)."
    )


def check_card_channel(channel: str, obstacle: Obstacle | None, *, slack_connect: bool) -> None:
    """Whether a card can go there; `slack_connect` allows channels that are shared.

    Raises:
        Refused: something prevents it.
    """
    if obstacle is not None and not (obstacle is Obstacle.SHARED and slack_connect):
        raise Refused(obstacle.value.format(channel=f"<#{channel}>"))
