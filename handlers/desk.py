"""What every handler needs: the use cases, and the way back to the person who did something."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.safeguards import Safeguards
from bot.service import CallService
from bot.slack.directory import SlackDirectory
from bot.slack.files import Files
from bot.slack.messenger import Messenger
from bot.slack.whisperer import Whisperer


@dataclass(frozen=True)
class Desk:
    """The handlers' dependencies. `bot_user` is our own user id."""

    service: CallService
    safeguards: Safeguards
    directory: SlackDirectory
    messenger: Messenger
    whisperer: Whisperer
    files: Files
    clock: Clock
    bot_user: str
