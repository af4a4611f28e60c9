"""Keyed hashes of phone numbers: the record can show that a number was meant, and shows no number.

The key is made once for each database and never leaves it, so that an export of the record gives nobody a
number by trying all. A number that was forgotten stands on the suppression list as its plain hash; of that
the keyed one is made, so both forms have the same.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from sqlite_utils import Database

from bot.domain.call_request import sha256_of
from bot.domain.errors import Misconfigured
from bot.domain.fingerprint import canonical_json
from storage import installation

_FORGOTTEN = "sha256:"


class NumberHashes:
    """The hashes of one database. Misconfigured where its key is lost."""

    def __init__(self, db: Database) -> None:
        key = installation.read(db, installation.NUMBER_KEY)
        if not key:  # hashes without one could be undone by trying every number
            raise Misconfigured("The database has lost its key for phone numbers. Put back a backup of it.")
        self._keyed = hmac.new(bytes.fromhex(key), digestmod="sha256")

    def of(self, number: str) -> str:
        """The keyed hash of a number, in E.164 or forgotten; in lower-case hex."""
        keyed = self._keyed.copy()
        keyed.update((number if number.startswith(_FORGOTTEN) else forgotten(number)).encode())
        return keyed.hexdigest()


def forgotten(number: str) -> str:
    """What stands on the suppression list for a number (E.164) that was forgotten."""
    return _FORGOTTEN + hashlib.sha256(number.encode()).hexdigest()


def digest(hashes: Iterable[str]) -> str:
    """One hash for a set of keyed hashes, in whatever order: SHA-256 of them as canonical JSON, sorted."""
    return sha256_of(canonical_json(sorted(hashes)).encode())


def make_key(db: Database) -> None:
    """Make the key, once."""
    installation.write(db, installation.NUMBER_KEY, secrets.token_hex(32))
