"""What is told, to that person alone, of an order behind `/call` or of a press on They asked us to stop."""

from __future__ import annotations

from bot.domain.approvers import named
from bot.domain.freeze import Freeze, lifts, people_needed
from bot.domain.suppression import Removal, Suppressed, agrees


def stopped(number: str, done: Suppressed) -> str:
    """What came of a suppression; `number` is shown as it stands."""
    listed = "is on the suppression list now" if done.new else "was on the suppression list already"
    said = [f"{number} {listed}: it is not called any more.", requests_cancelled(done.cancelled)]
    if done.under_way:
        calls = "A call to it is" if done.under_way == 1 else f"{done.under_way} calls to it are"
        said.append(f"{calls} under way and cannot be taken back.")
    return " ".join(said)


def requests_cancelled(count: int) -> str:
    """How many requests that waited were cancelled."""
    if not count:
        return "No request to it was waiting."
    return (
        "1 waiting request to it was cancelled."
        if count == 1
        else f"{count} waiting requests to it were cancelled."
    )


def unstopped(number: str) -> str:
    """The number is off the list."""
    return f"{number} is off the suppression list. It can be called again."


def removal_asked(number: str, removal: Removal) -> str:
    """What it still takes to take the number off the list."""
    typed = agrees(number, removal.id)
    return f"Another approver has to type {typed} within 24 hours. Until then it is not called."


def frozen(freeze: Freeze, others: int) -> str:
    """Dialing is stopped; `others` is how many approvers there are besides who froze it."""
    if not others:
        return (
            "Dialing is frozen, and there is no other approver who could resume it. Tell your operator to"
            f" name one in CALLGATE_APPROVERS, who then types {lifts(freeze.id)}."
        )
    needed = people_needed(freeze.lifts_needed)
    return f"Dialing is frozen. It resumes when {needed} typed {lifts(freeze.id)}."


def lifted(freeze: Freeze, other: Freeze | None) -> str:
    """Whether dialing goes on, or what it still takes; `other` is what holds it all the same."""
    if freeze.is_over and other is not None:
        return f"That freeze is over, but dialing is still held: {other.why}. Your operator has to resume it."
    if freeze.is_over:
        return "Dialing goes on."
    others = f"neither you nor {named(freeze.frozen_by)}"
    return f"It still takes {freeze.still_needed} more approver to type {lifts(freeze.id)}, {others}."
