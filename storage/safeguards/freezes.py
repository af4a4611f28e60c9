"""The freeze in the database. Everything runs in the caller's transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from bot.domain.errors import Refused
from bot.domain.events import Event
from bot.domain.freeze import LIFTS_NEEDED, Freeze, check_may_lift, check_not_frozen, lifts_needed
from bot.domain.move import CALLGATE, Line
from storage import installation
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
        lifts_needed=row["lifts_needed"],
    )


def freeze(db: Database, why: str, by: str, at: datetime, tell: str, needed: int = LIFTS_NEEDED) -> int:
    """Stop all dialing until `needed` others have lifted it; returns the freeze's number, which they name.

    `tell` is the channel that is told, if any.

    Raises:
        Refused: it is stopped already.
    """
    frozen = current(db)
    if frozen is not None and frozen.frozen_by == CALLGATE:
        _lift(db, frozen, by, at, tell=())  # the hold comes back when this freeze ends
        frozen = None
    check_not_frozen(frozen)
    row = {"frozen_by": by, "why": why, "frozen_at": to_column(at), "channel": tell, "lifts_needed": needed}
    number = int(db.table("freezes").insert(row).last_pk or 0)
    details = {"freeze": number, "lifts_needed": needed}
    moves.record(db, None, Event.FROZEN, by, at, None, None, details)
    if tell:
        said = {"by": by, "why": why, "freeze": number, "needed": needed}
        outbox_rows.add_to_channel(db, tell, at, Line("frozen", said))
    outbox_rows.add_waiting_cards(db, at)
    return number


def lift(
    db: Database, which: int | None, by: str, at: datetime, tell: str, others: int = LIFTS_NEEDED
) -> Freeze:
    """One more person wants to resume dialing after that freeze; it resumes if what is returned is over.

    `others` is how many approvers there are now besides the one who froze dialing: no more are needed.

    Raises:
        Refused: this person's word does not count, or counted already, or that freeze is not in force.
    """
    is_over = db.table("freezes").count_where("id = ? AND lifted_at IS NOT NULL", [which]) > 0
    frozen = check_may_lift(current(db), which, by, is_over=is_over)
    frozen = replace(frozen, lifts_needed=min(frozen.lifts_needed, lifts_needed(others)))
    lifted = _lift(db, frozen, by, at, tell=(tell, frozen.channel))
    if lifted.is_over and (why := installation.read(db, installation.RESTORED)):
        freeze(db, why, CALLGATE, at, tell, 1)
    return lifted


def hold(db: Database, why: str, at: datetime, tell: str) -> None:
    """The database may be an older copy: nothing is dialed until an operator resumes it."""
    installation.write(db, installation.RESTORED, why)
    if current(db) is None:
        freeze(db, why, CALLGATE, at, tell, 1)


def resume(db: Database, why: str, by: str, at: datetime) -> None:
    """An operator has looked what rang since the copy was made, and says so.

    Raises:
        Refused: dialing is not held for that reason.
    """
    if installation.read(db, installation.RESTORED) is None:
        raise Refused("Dialing is not held: no database was put back here. Nothing was changed.")
    installation.remove(db, installation.RESTORED)
    frozen = current(db)
    if frozen is not None and frozen.frozen_by == CALLGATE:
        _lift(db, frozen, by, at, tell=(frozen.channel,), why=why)


def _lift(
    db: Database, frozen: Freeze, by: str, at: datetime, *, tell: tuple[str, ...], **details: str
) -> Freeze:
    db.table("freeze_lifts").insert({"freeze_id": frozen.id, "lifted_by": by, "at": to_column(at)})
    lifted = frozen.lifted(by)
    if lifted.is_over:
        db.table("freezes").update(frozen.id, {"lifted_at": to_column(at)})
        outbox_rows.add_waiting_cards(db, at)
    event = Event.UNFROZEN if lifted.is_over else Event.LIFT_ASKED
    moves.record(db, None, event, by, at, None, None, {"freeze": frozen.id, **details})
    line = Line(
        "unfrozen" if lifted.is_over else "lift_asked",
        {"by": list(lifted.lifted_by), "still_needed": lifted.still_needed, "freeze": lifted.id},
    )
    for channel in sorted(set(tell) - {""}):
        outbox_rows.add_to_channel(db, channel, at, line)
    return lifted
