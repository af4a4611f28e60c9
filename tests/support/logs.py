"""Everything that is logged while a test runs, and whether something stands in it that must not."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.ops.logs import set_up_logs
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.server import EmulatedSlack

_TYPED = "SELECT to_number, number_as_typed, why, metadata, payload FROM call_requests"


class Logs:
    """The product's own log, as its formatter writes it."""

    def __init__(self) -> None:
        self._stream = io.StringIO()

    def open(self, level: int = logging.INFO) -> None:
        set_up_logs(level)
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._stream)

    def close(self) -> None:
        logging.basicConfig(level=logging.WARNING, handlers=[logging.NullHandler()], force=True)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def incidents(self) -> list[dict[str, Any]]:
        """What the product took for a defect of its own."""
        return [json.loads(line) for line in self.text.splitlines() if '"incident"' in line]


def leaks(text: str, slack: EmulatedSlack, polyai: EmulatedPolyAI, database: Path) -> list[str]:
    """Which tokens, payloads, numbers or one-time addresses stand in what was logged."""
    words = {slack.bot_token, slack.app_token, slack.signing_secret, polyai.token}
    words |= set(_one_time(slack)) | set(_typed(database))
    numbers = {re.sub(r"\D", "", post.json["to_number"]) for post in polyai.posts}
    return [
        *sorted(word for word in words if word in text or json.dumps(word)[1:-1] in text),
        *sorted(number for number in numbers if _has_number(text, number[1:])),
    ]


def _one_time(slack: EmulatedSlack) -> Iterator[str]:
    for sent in slack.deliveries:
        for name in ("trigger_id", "response_url"):
            word = sent.payload.get(name)
            if isinstance(word, str) and len(word) > 8:
                yield word


def _typed(database: Path) -> Iterator[str]:
    """Whatever people typed that is long enough not to stand in a log by chance."""
    for number, as_typed, why, metadata, payload in _requests(database):
        values = json.loads(metadata).values()
        yield from (word for word in (number, as_typed, why, payload, *values) if len(word) > 5)


def _requests(database: Path) -> list[tuple[str, ...]]:
    if not database.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=10)) as connection:
            return connection.execute(_TYPED).fetchall()
    except sqlite3.DatabaseError:  # no tables yet, or a test broke it
        return []


def _has_number(text: str, digits: str) -> bool:
    """Whether the number stands there, however it is written."""
    return re.search(r"[\s().\-/]{0,2}".join(digits), text) is not None
