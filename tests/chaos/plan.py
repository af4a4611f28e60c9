"""What is done to the bot, drawn from a seed beforehand: the same seed gives the same script."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.chaos.troubles import MACHINE, POLYAI, READS, SLACK, SOCKET

ROUND_SECONDS = 8.0

REQUESTERS = ("Alice", "Erin", "Frank", "Grace", "Heidi")
APPROVERS = ("Bob", "Carol")
CHANNELS = ("calls", "clinic", "billing")
EDITED = ("pending_approval", "approved")
WORK = ("approves",) * 5 + ("double-clicks",) * 3 + ("resolves",) * 2 + ("denies", "cancels", "reviews")


@dataclass(frozen=True)
class Action:
    """One thing that happens: so many seconds into its round, by whom or to what, and which.

    `number` chooses among what is there at that moment, so that the script does not depend on it.
    """

    at: float
    what: str
    who: str
    which: str = ""
    number: int = 0

    def __str__(self) -> str:
        return f"{self.at:4.1f} s  {self.who} {self.what} {self.which} #{self.number}".rstrip()


Round = tuple[Action, ...]


def plan(seed: int, rounds: int) -> list[Round]:
    """The script: every round has people at work, some trouble, and now and then a kill."""
    dice = random.Random(seed)
    return [tuple(sorted(_round(dice), key=lambda action: action.at)) for _ in range(rounds)]


def _round(dice: random.Random) -> list[Action]:
    asked = [_action(dice, "asks", dice.choice(REQUESTERS), dice.choice(CHANNELS)) for _ in range(5)]
    decided = [_decision(dice) for _ in range(14)]
    troubles = [_trouble(dice) for _ in range(dice.randint(1, 5))]
    edits = [_action(dice, "edits a row", "Mallory", dice.choice(EDITED)) for _ in range(dice.randint(0, 2))]
    kills = [_action(dice, "is killed", "The bot") for _ in range(dice.choice((0, 1, 1, 2)))]
    return [*asked, *decided, *troubles, *edits, *kills]


def _decision(dice: random.Random) -> Action:
    """Approvals most of the time; a double click, and one by both approvers, among them."""
    what = dice.choice(WORK)
    if what == "cancels":
        return _action(dice, what, dice.choice(REQUESTERS))
    return _action(dice, what, dice.choice((*APPROVERS, "Everybody" if what == "approves" else "Carol")))


def _trouble(dice: random.Random) -> Action:
    kinds = {
        "PolyAI": POLYAI,
        "Slack": SLACK,
        "Slack's lookups": READS,
        "The socket": SOCKET,
        "The machine": MACHINE,
    }
    where = dice.choice((*kinds, "PolyAI", "Slack", "Slack", "The machine"))
    # What doubles a post is what we most want to see.
    often = [kind for kind in kinds[where] if "chat.postMessage answer" in kind] * 3
    return _action(dice, "gives trouble:", where, dice.choice([*sorted(kinds[where]), *often]))


def _action(dice: random.Random, what: str, who: str, which: str = "") -> Action:
    return Action(round(dice.uniform(0, ROUND_SECONDS), 2), what, who, which, dice.randrange(1000))
