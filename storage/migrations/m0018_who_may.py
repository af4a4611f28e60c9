"""What one person has waiting is counted by an index, and when a card of theirs was last posted; removals
from the suppression list have ids.
"""

from __future__ import annotations

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Apply it."""
    db.execute(
        "CREATE INDEX call_requests_waiting_of ON call_requests (requester) WHERE status = 'pending_approval'"
    )
    db.execute(
        "CREATE INDEX call_requests_posted ON call_requests (requester, card_ts) WHERE card_ts IS NOT NULL"
    )
    db.execute("ALTER TABLE suppression_removals ADD COLUMN id INTEGER NOT NULL DEFAULT 0")
