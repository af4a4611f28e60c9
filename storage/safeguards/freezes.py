"""The freeze in the database. Everything runs in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.events import Event
from bot.domain.freeze import Freeze, check_may_lift, check_not_frozen
from bot.domain.move import Line
from storage.calls import moves
from storage.outbox import outbox_rows
from storage.rows import to_column

NOT_FROZEN = "NOT EXISTS (SELECT 1 FROM freezes WHERE lifted_at IS NULL)"
"""The condition that dialing is not stopped."""


def is_frozen(db: Database) -> bool:
    """Whether dialing is stopped."""
    return db.execute("SELECT 1 FROM freezes WHERE lifted_at IS NULL").fetchone() is not None


def current(db: Database) -> Freeze | None:
    """The freeze that is in force."""
    row = next(db.query("SELECT * FROM freezes WHERE lifted_at IS NULL"), None)
    if row is None:
        return None
    lifts = db.execute("SELECT lifted_by FROM freeze_lifts WHERE freeze_id = ? ORDER BY at", [row["id"]])
    return Freeze(
        id=row["id"],
        frozen_by=row["frozen_by"],
        why=row["why"],
        frozen_at=datetime.fromisoformat(row["frozen_at"]),
        channel=row["channel"],
        lifted_by=tuple(lift[0] for lift in lifts),
    )


def freeze(db: Database, why: str, by: str, at: datetime, tell: str) -> int:
    """Stop all dialing; returns the freeze's number, which ends it.

    Raises:
        Refused: it is stopped already.
    """
    check_not_frozen(current(db))
    row = {"frozen_by": by, "why": why, "frozen_at": to_column(at), "channel": tell}
    number = int(db.table("freezes").insert(row).last_pk or 0)
    moves.record(db, None, Event.FROZEN, by, at, None, None, {"freeze": number})
    outbox_rows.add_to_channel(db, tell, at, Line("frozen", {"by": by, "why": why, "freeze": number}))
    return number


def lift(db: Database, named: int | None, by: str, at: datetime, tell: str) -> Freeze:
    """One more person wants dialing to go on after the named freeze; it does where what is returned is over.

    Raises:
        Refused: this person's word does not count, or counted already, or that freeze is not in force.
    """
    is_over = db.table("freezes").count_where("id = ? AND lifted_at IS NOT NULL", [named]) > 0
    frozen = check_may_lift(current(db), named, by, is_over=is_over)
    db.table("freeze_lifts").insert({"freeze_id": frozen.id, "lifted_by": by, "at": to_column(at)})
    lifted = frozen.lifted(by)
    if lifted.is_over:
        db.table("freezes").update(frozen.id, {"lifted_at": to_column(at)})
    event = Event.UNFROZEN if lifted.is_over else Event.LIFT_ASKED
    moves.record(db, None, event, by, at, None, None, {"freeze": frozen.id})
    _tell(db, lifted, at, tell)
    return lifted


def _tell(db: Database, freeze: Freeze, at: datetime, tell: str) -> None:
    name = "unfrozen" if freeze.is_over else "lift_asked"
    line = Line(
        name, {"by": list(freeze.lifted_by), "still_needed": freeze.still_needed, "freeze": freeze.id}
    )
    for channel in sorted({tell, freeze.channel}):
        outbox_rows.add_to_channel(db, channel, at, line)
