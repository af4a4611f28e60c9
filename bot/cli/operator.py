"""Who types a command, for the record."""

from __future__ import annotations

import os
import pwd


def operator() -> str:
    """The operating system's user, whatever the environment says of them."""
    try:
        return f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"cli:{os.getuid()}"
