"""What the dialing policy looks at and says: ground, place and time of a call, and who approved it."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    for column in (
        "number_type TEXT NOT NULL DEFAULT 'unknown'",
        "zone TEXT",
        "zone_known_by TEXT",
        "not_before TEXT",
        "consent_kind TEXT",
        "consent_reference TEXT",
        "consent_text TEXT",
        "approvals TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(approvals))",
        "approvals_required INTEGER NOT NULL DEFAULT 1 CHECK (approvals_required >= 1)",
        "decision TEXT CHECK (decision IS NULL OR json_valid(decision))",
        "remind_at TEXT",
        "reminders INTEGER NOT NULL DEFAULT 0",
    ):
        db.execute(f"ALTER TABLE call_requests ADD COLUMN {column}")
    # One approval was enough so far, so who approved is known.
    db.execute(
        "UPDATE call_requests SET approvals = json_array(json_object('by', approved_by, 'at', approved_at))"
        " WHERE approved_by IS NOT NULL"
    )
    db.execute("CREATE INDEX call_requests_of_number ON call_requests (to_number)")
    db.execute(
        "CREATE INDEX call_requests_remindable ON call_requests (remind_at)"
        " WHERE status = 'pending_approval' AND remind_at IS NOT NULL"
    )
