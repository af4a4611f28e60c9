"""The HTTP port: whether `callgate run` could listen on it."""

from __future__ import annotations

import asyncio
import fcntl
from pathlib import Path

from bot.ops.doctor.finding import Finding, ok, wrong
from bot.ops.settings import Settings

_WHAT = "HTTP port"


async def check_port(settings: Settings) -> Finding:
    """Take the port for a moment, without answering on it; where the bot has it, that is as it should be."""
    host, port = settings.callgate_http_host, settings.callgate_http_port
    where = f"{host}:{port or 'any'}"
    try:
        # Bound and not listened on, so that nobody who asks for the bot's health is answered by doctor.
        server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, host, port, start_serving=False
        )
    except (OSError, UnicodeError) as error:
        if _is_running(settings.callgate_database):
            return ok(_WHAT, f"{where} is taken, and the bot is running")
        why = error.strerror if isinstance(error, OSError) else "no name of a machine"
        advice = "Set CALLGATE_HTTP_PORT to a free one, and CALLGATE_HTTP_HOST to an address of this machine."
        return wrong(_WHAT, f"cannot listen on {where} ({why})", advice)
    server.close()
    return ok(_WHAT, f"{where} is free")


def _is_running(database: Path) -> bool:
    """Whether a bot holds the lock of that database; only asked where a port is taken, and only looked at."""
    try:
        with database.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
