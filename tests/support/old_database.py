"""Databases as older releases left them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlite_utils

from storage.migrations import migrations


def old_database(path: Path, before: str) -> sqlite_utils.Database:
    """A database that lacks that migration and all after it."""
    db = sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(db, stop_before=before)
    return db


def put(db: sqlite_utils.Database, table: str, row: Mapping[str, Any]) -> None:
    """Insert what the table has a column for."""
    known = db[table].columns_dict
    db[table].insert({column: value for column, value in row.items() if column in known})
