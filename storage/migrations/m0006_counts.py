"""How many calls stand where, and what dial attempts came to: kept by triggers, never counted anew."""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        """
        CREATE TABLE counts (
            what TEXT NOT NULL CHECK (what IN ('calls', 'dial_attempts')),
            name TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (what, name)
        ) WITHOUT ROWID
        """
    )
    db.execute("INSERT INTO counts SELECT 'calls', status, count(*) FROM call_requests GROUP BY status")
    db.execute(
        "INSERT INTO counts SELECT 'dial_attempts', conclusion, count(*) FROM dial_attempts"
        " WHERE conclusion IS NOT NULL GROUP BY conclusion"
    )
    one_more = "INSERT INTO counts VALUES ('{}', NEW.{}, 1) ON CONFLICT DO UPDATE SET count = count + 1;"
    one_call_more = one_more.format("calls", "status")
    one_call_less = "UPDATE counts SET count = count - 1 WHERE what = 'calls' AND name = OLD.status;"
    one_attempt_more = one_more.format("dial_attempts", "conclusion")
    for name, event, effect in (
        ("call_requests_counted", "INSERT ON call_requests", one_call_more),
        ("call_requests_uncounted", "DELETE ON call_requests", one_call_less),
        ("call_requests_recounted", "UPDATE OF status ON call_requests", one_call_less + one_call_more),
        (
            "dial_attempts_counted",
            "UPDATE OF conclusion ON dial_attempts WHEN NEW.conclusion IS NOT OLD.conclusion",
            one_attempt_more,
        ),
    ):
        db.execute(f"CREATE TRIGGER {name} AFTER {event} BEGIN {effect} END")
