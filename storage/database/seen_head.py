"""Where the record of this database once ended, kept beside it: so that an older copy in its place is found.

A copy that is put back does not know what rang since it was made, and would have it dialed again.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlite_utils import Database

from bot.domain.audit_event import GENESIS
from bot.domain.errors import Misconfigured
from storage import installation

_LINE = re.compile(r"\s*(\d+) ([0-9a-f]{64})\s*\Z")
_LAST = "SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1"


class SeenHead:
    """The newest event that was ever seen in this place: its number and hash, in `callgate.db.seen`."""

    def __init__(self, path: Path) -> None:
        """Open the file, and make it where there is none. Raises Misconfigured."""
        self.path = path.with_name(f"{path.name}.seen")
        self.is_new = not self.path.exists()
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Misconfigured(f"{self.path} cannot be used: {error.strerror}.") from None
        found = _LINE.match(os.pread(self._descriptor, 200, 0).decode("ascii", "replace"))
        self._seen = (int(found[1]), found[2]) if found else (0, GENESIS)

    def doubt(self, db: Database) -> str:
        """Why this database may be older than the last that was here; empty where it is not."""
        count, sha256 = self._seen
        if self.is_new and installation.read(db, installation.HEAD_IS_KEPT):
            return f"it was moved or put back without {self.path.name}, which says how far its record went"
        row = db.execute("SELECT sha256 FROM audit_events WHERE id = ?", [count]).fetchone()
        if count and row is None:
            return f"its record ends before event {count}, which was here already"
        if count and row[0] != sha256:
            return f"its event {count} is not the one that was here"
        return ""

    def start(self, db: Database) -> None:
        """From this commit on this database counts as the newest; in the caller's transaction."""
        installation.write(db, installation.HEAD_IS_KEPT, "yes")
        self._seen = 0, GENESIS

    def note(self, db: Database) -> None:
        """After a commit: where the record ends now.

        It is not waited for until this is on the disk: what a power cut takes is noted again by the next.
        """
        last = db.execute(_LAST).fetchone()
        if last is not None and last != self._seen:
            self._seen = last
            os.pwrite(self._descriptor, f"{last[0]:>20} {last[1]}\n".encode(), 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
