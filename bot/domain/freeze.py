"""The freeze: one approver stops all dialing, two others resume it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.approvers import named
from bot.domain.command_name import command
from bot.domain.errors import NotAllowed, Refused
from bot.domain.move import CALLGATE

LIFTS_NEEDED = 2
"""How many approvers besides the one who froze dialing it takes to resume it; fewer if there are fewer."""


@dataclass(frozen=True)
class Freeze:
    """Dialing is stopped. `lifted_by` are those who want to resume it, in order; `channel` was told of it.

    A command to lift it names its `id`: if Slack delivers the command again later, it lifts no other freeze.
    """

    id: int
    frozen_by: str
    why: str
    frozen_at: datetime
    channel: str
    lifted_by: tuple[str, ...] = ()
    lifts_needed: int = LIFTS_NEEDED

    def lifted(self, by: str) -> Freeze:
        """The freeze after one more person wants to resume dialing."""
        return replace(self, lifted_by=(*self.lifted_by, by))

    @property
    def is_over(self) -> bool:
        """Whether enough people want to resume dialing."""
        return self.still_needed <= 0

    @property
    def still_needed(self) -> int:
        """How many more people it takes to resume dialing."""
        return self.lifts_needed - len(self.lifted_by)


def lifts_needed(others: int) -> int:
    """How many have to lift a freeze, if there are that many approvers besides the one who froze dialing."""
    return min(LIFTS_NEEDED, max(1, others))


def check_not_frozen(freeze: Freeze | None) -> None:
    """Raises Refused where dialing is frozen already."""
    if freeze is not None:
        raise Refused(f"Dialing is frozen already, by {named(freeze.frozen_by)}. Nothing is being dialed.")


def check_may_lift(freeze: Freeze | None, which: int | None, by: str, *, is_over: bool = False) -> Freeze:
    """The freeze in force, if this person may help to lift it.

    `which` is the freeze that their command names; `is_over` says that it was lifted before.

    Raises:
        Refused: dialing is not frozen, the command names another freeze or none, or they typed it before.
        NotAllowed: they froze it.
    """
    over = f"Freeze {which} is over. " if is_over else ""
    if freeze is None:
        raise Refused(f"{over}Dialing is not frozen.")
    if freeze.frozen_by == CALLGATE:
        raise Refused(
            f"{over}Dialing is held since the database was put back: {freeze.why}. Your operator has to look"
            " which calls were placed since, and then type callgate resume --why …"
        )
    if which != freeze.id:
        raise Refused(
            f"{over}Dialing is frozen by {named(freeze.frozen_by)}: to resume it, type {lifts(freeze.id)}."
        )
    if by == freeze.frozen_by:
        others = people_needed(freeze.lifts_needed)
        raise NotAllowed(f"You froze dialing, so {others} to type {lifts(freeze.id)}.")
    if by in freeze.lifted_by:
        raise Refused(
            f"You have typed this already. It still takes {freeze.still_needed} more: neither you nor the"
            " person who froze dialing counts."
        )
    return freeze


def few_approvers(number: int) -> str:
    """What it means for a freeze that there are so few; empty where there are enough."""
    if number > LIFTS_NEEDED:
        return ""
    return (
        "whoever freezes dialing, the other one resumes it alone"
        if number == 2
        else ("nobody could resume dialing that this one froze")
    )


def people_needed(needed: int) -> str:
    """Who has to lift a freeze, as the beginning of a sentence's predicate: "another approver has"."""
    return "another approver has" if needed == 1 else f"{needed} other approvers have"


def lifts(freeze: int) -> str:
    """What approvers type to lift that freeze."""
    return command(f"unfreeze {freeze}")
