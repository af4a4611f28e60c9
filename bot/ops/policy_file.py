"""Reads the operator's own dialing policy and table of calling windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.domain.errors import Misconfigured
from bot.domain.policy.dialing_policy import DialingPolicy, read_policy
from bot.domain.policy.record_keeping import Keeping
from bot.domain.policy.toml_lines import TomlMistake
from bot.domain.policy.windows import WindowTable, read_table
from bot.ops.settings import KeepSettings, StoreSettings

T = TypeVar("T")


def load_policy(settings: StoreSettings) -> DialingPolicy:
    """The policy that these settings ask for: the shipped one, where they name no file.

    Raises:
        Misconfigured: a file cannot be read or has a mistake in it; the sentence has the line.
    """
    table, path = load_windows(settings), settings.callgate_policy
    return _parsed(path, lambda text: read_policy(text, table)) if path else read_policy("", table)


def load_windows(settings: StoreSettings) -> WindowTable | None:
    """The table of calling windows that these settings name, if they do.

    Raises:
        Misconfigured: as `load_policy` does.
    """
    path = settings.callgate_calling_windows
    return _parsed(path, read_table) if path else None


def keeping(settings: KeepSettings, policy: DialingPolicy) -> Keeping:
    """How long what is kept: the operator's choice, and what the policy says of records."""
    return Keeping(settings.callgate_keep_undialed, settings.callgate_keep_messages, policy.keep_records)


def _parsed(path: Path, parse: Callable[[str], T]) -> T:
    try:
        return parse(path.read_text("utf-8"))
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{path} is not a text file in UTF-8.") from None
    except TomlMistake as mistake:
        raise Misconfigured(f"{path}, line {mistake.line}: {mistake.reason}.") from None
