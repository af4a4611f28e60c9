"""`callgate evidence`: everything about one call request, to be checked without this software."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.domain.call_request import REQUEST_ID
from bot.domain.errors import Misconfigured
from bot.ops.evidence.bundle import write_evidence
from bot.ops.settings import StoreSettings, load_settings
from storage.database.opening import read_only


def evidence(
    request: Annotated[str, typer.Argument(metavar="ID", help="The request's id, CR-…")],
    zipped: Annotated[bool, typer.Option("--zip", help="One zip file instead of a folder.")] = False,
    output: Annotated[Path | None, typer.Option(help="Where to; must not be there yet.")] = None,
) -> None:
    """Write everything about one request into a folder that can be checked without Callgate."""
    if not REQUEST_ID.match(request):
        raise Misconfigured(f"{request!r} is no request's id: it is CR- and 16 characters, as on the card.")
    target = output or Path(f"evidence-{request}{'.zip' if zipped else ''}")
    with read_only(load_settings(StoreSettings).callgate_database) as db:
        write_evidence(db, request, target, zipped=zipped)
    typer.echo(f"{target} has everything about {request}, with the recipient's full number: keep it safe.")
    typer.echo("README.txt in it says how it is checked, without Callgate.")
