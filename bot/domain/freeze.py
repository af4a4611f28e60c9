"""The freeze: one approver stops all dialing, two others resume it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import NotAllowed, Refused

LIFTS_NEEDED = 2
"""How many approvers, other than who froze, have to want dialing to go on."""


@dataclass(frozen=True)
class Freeze:
    """Dialing is stopped. `lifted_by` are those who want it to go on, in order; `channel` was told of it.

    Whoever lifts it names its `id`: an order to end one freeze, come again later, ends no other.
    """

    id: int
    frozen_by: str
    why: str
    frozen_at: datetime
    channel: str
    lifted_by: tuple[str, ...] = ()

    def lifted(self, by: str) -> Freeze:
        """The freeze with one more person wanting dialing to go on."""
        return replace(self, lifted_by=(*self.lifted_by, by))

    @property
    def is_over(self) -> bool:
        """Whether enough people want dialing to go on."""
        return self.still_needed <= 0

    @property
    def still_needed(self) -> int:
        """How many more people it takes."""
        return LIFTS_NEEDED - len(self.lifted_by)


def check_not_frozen(freeze: Freeze | None) -> None:
    """Raises Refused where dialing is frozen already."""
    if freeze is not None:
        raise Refused(f"Dialing is frozen already, by <@{freeze.frozen_by}>. Nothing is being dialed.")


def check_may_lift(freeze: Freeze | None, named: int | None, by: str, *, is_over: bool = False) -> Freeze:
    """The freeze that is in force, if this person may say that dialing should go on after it.

    `named` is the freeze that their order names; `is_over` says that it was lifted before.

    Raises:
        Refused: dialing is not frozen, the order names another freeze or none, or they said so already.
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
            f"You said so already. It still takes {freeze.still_needed} more: not you or who froze."
        )
    return freeze


def lifts(freeze: int) -> str:
    """What approvers type to have dialing go on after that freeze."""
    return f"/call unfreeze {freeze}"
