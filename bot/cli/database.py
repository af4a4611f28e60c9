"""`callgate init`, `backup` and `restore`: the database file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.domain.errors import Misconfigured
from bot.ops.clock import SystemClock
from bot.ops.settings import StoreSettings, load_settings
from storage.database.damage import damage
from storage.database.lock import hold_lock
from storage.database.opening import copy_to, create, read_only
from storage.record import audit_events
from storage.record.chain_check import Head, check


def init() -> None:
    """Make the database of a new installation; refused if there is one."""
    path = load_settings(StoreSettings).callgate_database
    create(path)
    typer.echo(f"Made {path.absolute()}, which only you can read. Next: callgate run")


def backup(file: Annotated[Path, typer.Argument(help="The file to write; there must be none yet.")]) -> None:
    """Copy the database, also while the bot runs, and check the copy."""
    with read_only(load_settings(StoreSettings).callgate_database) as db:
        copy_to(db, file)
    try:
        head = _checked(file)
    except Misconfigured:
        file.unlink()
        raise
    typer.echo(f"Copied to {file}, which only you can read: it is sound.\n{_told(head)}")


def restore(file: Annotated[Path, typer.Argument(help="A file that callgate backup wrote.")]) -> None:
    """Put a copy in the place of the database, which is kept; then dialing waits for callgate resume."""
    path = load_settings(StoreSettings).callgate_database
    head, new = _checked(file), path.with_name(f"{path.name}.restoring")
    new.unlink(missing_ok=True)
    with read_only(file, any_release=True) as db:
        copy_to(db, new)  # before anything is moved away: there may be no room
    if path.exists():
        with hold_lock(path):
            kept = f"{path.name}.before-{SystemClock().now():%Y%m%dT%H%M%SZ}"
            for end in ("-wal", "-shm", ""):  # what SQLite keeps beside it is a part of it
                if (file_of := path.with_name(path.name + end)).exists():
                    file_of.rename(path.with_name(kept + end))
            typer.echo(f"What was there is now {path.with_name(kept)}.")
    new.rename(path)
    typer.echo(f"{file} is now {path.absolute()}.\n{_told(head)}")
    typer.echo(
        "If calls may have been placed since it was made, callgate run holds dialing. Look in PolyAI which,"
        " then type: callgate resume --why ..."
    )


def _checked(file: Path) -> Head:
    """Where the record of a copy ends. Raises Misconfigured if anything is wrong with the copy."""
    with read_only(file, any_release=True) as db:
        report, damaged = check(audit_events.events(db)), damage(db)
    if found := [*damaged, *(fault.sentence for fault in report.faults)]:
        raise Misconfigured(f"{file} is not a sound copy: {found[0]} Nothing was put in place.")
    return report.head


def _told(head: Head) -> str:
    return f"count {head.count}\nhead  {head.sha256}"
