"""What every handler needs: the use cases, and the ways back to the person who did something."""

from __future__ import annotations

from dataclasses import dataclass

from bot.service.calls import CallService
from bot.service.safeguards import Safeguards
from bot.slack.api.ephemeral_replies import EphemeralReplies
from bot.slack.api.files import Files
from bot.slack.api.messenger import Messenger


@dataclass(frozen=True)
class Services:
    """The handlers' dependencies."""

    calls: CallService
    safeguards: Safeguards
    messenger: Messenger
    ephemeral: EphemeralReplies
    files: Files
