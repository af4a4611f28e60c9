"""The freeze: one approver stops all dialing, two others resume it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import NotAllowed, Refused

LIFTS_NEEDED = 2
"""How many approvers, other than the one who froze dialing, it takes to resume it."""


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
        return LIFTS_NEEDED - len(self.lifted_by)


def check_not_frozen(freeze: Freeze | None) -> None:
    """Raises Refused where dialing is frozen already."""
    if freeze is not None:
        raise Refused(f"Dialing is frozen already, by <@{freeze.frozen_by}>. Nothing is being dialed.")


def check_may_lift(freeze: Freeze | None, named: int | None, by: str, *, is_over: bool = False) -> Freeze:
    """The freeze in force, if this person may help to lift it.

    `named` is the freeze that their command names; `is_over` says that it was lifted before.

    Raises:
        Refused: dialing is not frozen, the command names another freeze or none, or they typed it before.
        NotAllowed: they froze it.
    """
    over = f"Freeze {named} is over. " if is_over else ""
    if freeze is None:
        raise Refused(f"{over}Dialing is not frozen.")
    if named != freeze.id:
        raise Refused(
            f"{over}Dialing is frozen by <@{freeze.frozen_by}>: to resume it, type {lifts(freeze.id)}."
        )
    if by == freeze.frozen_by:
        raise NotAllowed(
            f"You froze dialing, so {LIFTS_NEEDED} other approvers have to type {lifts(freeze.id)}."
        )
    if by in freeze.lifted_by:
        raise Refused(
            f"You have typed this already. It still takes {freeze.still_needed} more: neither you nor the"
            " person who froze dialing counts."
        )
    return freeze


def lifts(freeze: int) -> str:
    """What approvers type to lift that freeze."""
    return f"/call unfreeze {freeze}"
