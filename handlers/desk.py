"""What every handler needs: the use cases, and the way back to the person who did something."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.safeguards import Safeguards
from bot.service import CallService
from bot.slack.files import Files
from bot.slack.messenger import Messenger
from bot.slack.whisperer import Whisperer


@dataclass(frozen=True)
class Desk:
    """The handlers' dependencies."""

    service: CallService
    safeguards: Safeguards
    messenger: Messenger
    whisperer: Whisperer
    files: Files
    clock: Clock
