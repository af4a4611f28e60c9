"""A database with finished call requests in it, as they are a while after everything was told."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from bot.domain.call_request import AlsoOpen, CallRequest, OpenRequest, sha256_of
from bot.domain.policy.dialing_policy import shipped_policy
from bot.domain.policy.record_keeping import Keeping
from bot.domain.states import Status
from storage.calls import moves
from storage.database.threads import Database
from tests.support.clock import START
from tests.support.requests import a_request

NUMBER = "+16176451984"
KEEPING = Keeping(timedelta(days=90), timedelta(days=30), shipped_policy().keep_records)
"""How long what is kept where nobody set it otherwise."""


def ended(days_ago: float, *, dialed: bool = True, number: str = NUMBER, **changes: Any) -> CallRequest:
    """A request that ended so many days before `START`; dialed ones connected."""
    at = START - timedelta(days=days_ago)
    payload = json.dumps({"to_number": number, "metadata": {"patient": "Paula Secret"}}).encode()
    values: dict[str, Any] = {
        "to_number": number,
        "number_as_typed": number,
        "why": f"Paula Secret asked for it, call {number}",
        "metadata": {"patient": "Paula Secret"},
        "payload": payload,
        "payload_sha256": sha256_of(payload),
        "zone": "America/New_York",
        "consent_reference": "signed by Paula Secret",
        "also_open": AlsoOpen(oldest=(OpenRequest(id="CR-0", requester="U0EVE", status=Status.PLACED),)),
        "created_at": at,
        "finished_at": at,
        "end_reason": "Paula Secret did not want it",
    }
    if dialed:
        approved = {"approved_by": "U0BOB", "approved_at": at, "approved_sha256": values["payload_sha256"]}
        values |= {"status": Status.SUCCEEDED, "attempts": 1, **approved}
    else:
        values |= {"status": Status.DENIED, "ended_by": "U0BOB"}
    return a_request(**{**values, **changes})


async def put_all(database: Database, *requests: CallRequest) -> None:
    """Store them, with an attempt for those dialed and a line in the thread, all told when they ended."""

    def work(db: sqlite_utils.Database) -> None:
        for request in requests:
            moves.insert(db, request)
            _tell(db.conn, request)

    await database.write(work)


def _tell(connection: sqlite3.Connection, request: CallRequest) -> None:
    at = (request.finished_at or request.created_at).isoformat(timespec="microseconds")
    if request.attempts:
        connection.execute(
            "INSERT INTO dial_attempts (call_request_id, started_at, payload_sha256, answered_at, conclusion,"
            " http_status, message, answer) VALUES (?, ?, ?, ?, 'placed', 200, 'for Paula Secret', ?)",
            [request.id, at, request.payload_sha256, at, f'{{"said_of":"{request.to_number}"}}'],
        )
    connection.execute(
        "INSERT INTO outbox (call_request_id, kind, name, data, created_at, due_at)"
        " VALUES (?, 'thread', 'denied', ?, ?, ?)",
        [request.id, json.dumps({"by": "U0BOB", "reason": f"Paula Secret {request.to_number}"}), at, at],
    )
    connection.execute(
        "UPDATE outbox SET sent_at = ?, message_ts = '1.2' WHERE call_request_id = ?", [at, request.id]
    )


def rows(path: Path, sql: str, *values: Any) -> list[dict[str, Any]]:
    """Ask the database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


def bytes_of(path: Path) -> bytes:
    """Everything that the database's files hold.

    Read by another process: whoever closes such a file lets go of all the locks that SQLite has on it.
    """
    files = sorted(path.parent.glob(path.name + "*"))
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout
