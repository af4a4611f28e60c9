"""What Slack's limits allow at best, and how near to that it came."""

from __future__ import annotations

from rich.table import Table

from tests.crowd.run import Outcome

AT_MOST = 1.1
"""Times what the limits allow at best."""

POSTS_PER_SECOND = 1.0
"""chat.postMessage: one a second in a channel, as Slack documents it."""

EDITS_PER_SECOND = 50 / 60
"""chat.update: tier 3, 50 a minute."""


def best(calls: int) -> tuple[float, float]:
    """Seconds in which so many lines can be posted in one channel, and so many cards be edited."""
    return calls / POSTS_PER_SECOND, calls / EDITS_PER_SECOND


def broken(outcome: Outcome) -> list[str]:
    """A sentence for each thing that is not as promised."""
    threads, cards = best(outcome.calls)
    found = outcome.reckoning.broken
    for where, seen, at_best in (("thread", outcome.in_thread, threads), ("card", outcome.on_card, cards)):
        if len(seen) != outcome.calls:
            found.append(f"{len(seen)} of {outcome.calls} ends were seen on the {where}")
        elif seen[-1] > AT_MOST * at_best:
            found.append(f"the last {where} told the end after {seen[-1]:.0f} s; at best it is {at_best:.0f}")
    if outcome.refused * 100 > outcome.posts + outcome.edits:
        found.append(f"{outcome.refused} answers 429")
    return found


def table(outcome: Outcome, speed: float) -> Table:
    """The figures."""
    shown = Table("what", "median", "last", "at best", "last / at best", title=_title(outcome, speed))
    for column in shown.columns[1:]:
        column.justify = "right"
    threads, cards = best(outcome.calls)
    for what, seen, at_best in (
        ("final status in the thread", outcome.in_thread, threads),
        ("final status on the card", outcome.on_card, cards),
    ):
        median, last = seen[len(seen) // 2], seen[-1]
        shown.add_row(what, f"{median:.0f} s", f"{last:.0f} s", f"{at_best:.0f} s", f"{last / at_best:.2f}")
    shown.caption = f"{outcome.posts} posts, {outcome.edits} edits, {outcome.refused} answers 429"
    return shown


def _title(outcome: Outcome, speed: float) -> str:
    return f"{outcome.calls} calls in one channel end at once; a clock {speed:g} times as fast"
