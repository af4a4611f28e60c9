"""A moment as text: the same in the database, in the record and in what is exported of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainSerializer


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds, so that the texts sort as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


Moment = Annotated[datetime, PlainSerializer(iso, when_used="json")]
"""A model's field that becomes such a text in JSON."""
