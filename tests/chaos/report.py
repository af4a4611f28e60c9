"""The table at the end of a run, and whether it is what was promised."""

from __future__ import annotations

import os
import platform
import signal
from dataclasses import dataclass

from rich.table import Table

from tests.chaos.run import Outcome


@dataclass(frozen=True)
class Count:
    """One line of the table."""

    what: str
    count: int
    must_be_0: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether it must be 0 and is not."""
        return self.must_be_0 and self.count != 0

    @property
    def verdict(self) -> str:
        """What there is to say of it."""
        if not self.must_be_0:
            return ""
        return "must be 0" if self.count else "as promised"


def counts(outcome: Outcome) -> list[Count]:
    """What happened, and after it what must not have happened."""
    return [*_happened(outcome), *_must_be_0(outcome)]


def broken(outcome: Outcome) -> list[str]:
    """A sentence for each thing that must not be."""
    zeros = [f"{count.what}: {count.count}" for count in counts(outcome) if count.is_broken]
    return [*zeros, *outcome.reckoning.broken]


def table(outcome: Outcome, seed: int, rounds: int) -> Table:
    """The counts, with the seed and the machine above them."""
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    shown = Table(
        "what", "count", "", title=f"Seed {seed}, {rounds} rounds, {outcome.seconds:.0f} s, {machine}"
    )
    shown.columns[1].justify = "right"
    for count in counts(outcome):
        shown.add_row(
            count.what, str(count.count), count.verdict, style="bold red" if count.is_broken else ""
        )
    shown.caption = f"settled {outcome.settled_in:.0f} s after the last fault"
    return shown


def _happened(outcome: Outcome) -> list[Count]:
    stage = outcome.stage

    def events(name: str) -> int:
        sql = "SELECT count(*) AS many FROM audit_events WHERE event = ?"
        return int(stage.rows(sql, name)[0]["many"])

    return [
        Count("kills", stage.deaths.count(-signal.SIGKILL)),
        *(Count(f"lives reached over {way}", number) for way, number in sorted(stage.lives.items())),
        Count("faults switched on", stage.faults.total()),
        Count("rows edited in the database", len(stage.edited)),
        Count("calls asked for", events("submitted")),
        Count("calls approved", events("approved")),
        Count("POSTs to PolyAI", len(stage.polyai.posts)),
        Count("calls placed, as PolyAI saw it", len(stage.polyai.calls)),
        Count("calls unconfirmed, for a person to decide", events("unconfirmed")),
        Count("second copies of a card", len(outcome.reckoning.copies)),
        Count("messages that Slack refused for good", _dead(outcome)),
    ]


def _must_be_0(outcome: Outcome) -> list[Count]:
    found = outcome.reckoning
    died = [code for code in outcome.stage.deaths if code != -signal.SIGKILL]
    lines = [
        ("deaths of the bot's own", len(died)),
        ("approved calls lost", len(found.lost)),
        ("forms taken and forgotten", len(found.forgotten)),
        ("calls doubled", len(found.doubled)),
        ("payloads other than approved", len(found.payloads)),
        ("cards that disagree with the database", len(found.cards)),
        ("copies of a card that a click does not mend", outcome.unmended),
        ("thread lines untold or out of order", len(found.threads)),
        ("audit gaps", len(found.audit)),
        ("audit events out of their chain", len(found.chain)),
        ("edited rows dialed or not found, rows not as recorded", len(found.edited)),
    ]
    return [Count(what, count, must_be_0=True) for what, count in lines]


def _dead(outcome: Outcome) -> int:
    rows = outcome.stage.rows("SELECT count(*) AS dead FROM outbox WHERE dead_at IS NOT NULL")
    return int(rows[0]["dead"])
