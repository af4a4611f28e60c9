"""Deletes what is personal about a request's recipient, and sees to it that it leaves the file."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bot.domain.call_request import CallRequest
from bot.domain.errors import Misconfigured
from bot.domain.events import Event
from bot.domain.forgetting import forgotten
from storage.calls import moves
from storage.database.lock import hold_lock

SMALL = 32 * 2**20
"""Bytes of a database that is rewritten in a moment, for which the bot can wait."""

_ATTEMPTS = "UPDATE dial_attempts SET message = NULL, answer = NULL WHERE call_request_id = ?"
_MESSAGES = "UPDATE outbox SET data = '{}' WHERE call_request_id = ? AND data <> '{}'"


def forget_request(db: Database, request: CallRequest, actor: str, at: datetime) -> None:
    """Delete the details of a finished request, and record it, in the caller's transaction.

    What stays: who asked and who decided, when and for what purpose, the status, and the hashes.
    """
    moves.update(db, request, forgotten(request, at))
    db.execute(_ATTEMPTS, [request.id])
    db.execute(_MESSAGES, [request.id])
    moves.note(db, request.id, Event.DETAILS_DELETED, actor, at)


def clear_traces(db: Database, path: Path) -> bool:
    """Rewrite the file, without what was deleted; outside of any transaction.

    Where that would hold up a running bot for too long, only the write-ahead log is cleared. Deleted
    bytes are overwritten anyhow, but a page that was split may have kept a copy. Returns whether the
    file was rewritten.
    """
    rewritten = (path.stat().st_size <= SMALL or _nobody_works_on(path)) and _vacuum(db)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return rewritten


def _vacuum(db: Database) -> bool:
    try:
        db.conn.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


def _nobody_works_on(path: Path) -> bool:
    try:
        with hold_lock(path):
            return True
    except Misconfigured:
        return False
