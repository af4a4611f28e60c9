"""The product as a child process, and its database, which says whether what was acked really happened."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.child import Child, Env

_HAPPENS_WITHIN = 60.0


class Product(Child):
    """The running product."""

    def __init__(self, session: aiohttp.ClientSession, folder: Path, database: Path, env: Env) -> None:
        super().__init__(session, folder, "bot", "run", env={**env, "CALLGATE_DATABASE": str(database)})
        self.database = database

    def requests(self) -> int:
        """How many call requests there are."""
        return int(self._value("SELECT count(*) FROM call_requests"))

    def approved(self) -> int:
        """How many of them somebody approved."""
        return int(self._value("SELECT count(*) FROM call_requests WHERE approved_by IS NOT NULL"))

    def concluded(self) -> int:
        """How many calls PolyAI has answered for."""
        return int(self._value("SELECT count(*) FROM dial_attempts WHERE conclusion IS NOT NULL"))

    def pending(self) -> list[str]:
        """The value of every Approve button that can still be pressed, the oldest request's first."""
        sql = (
            "SELECT r.id || ':' || json_extract(e.details, '$.submission_sha256')"
            " FROM call_requests r JOIN audit_events e ON e.call_request_id = r.id AND e.event = 'submitted'"
            " WHERE r.status = 'pending_approval' ORDER BY r.created_at"
        )
        return [str(value) for (value,) in self._rows(sql)]

    def _value(self, sql: str) -> Any:
        return self._rows(sql)[0][0]

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


async def happens(
    what: str, count: Callable[[], Awaitable[int]], expected: int, *, pause: float = 0.1
) -> None:
    """Wait until the count is as expected; RuntimeError where it never is: an ack was worth nothing."""
    deadline = time.monotonic() + _HAPPENS_WITHIN
    while (found := await count()) != expected:
        if time.monotonic() > deadline or found > expected:
            raise RuntimeError(f"{what}: {expected} were to happen, {found} did")
        await asyncio.sleep(pause)
