"""The whole examination, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.domain.errors import Misconfigured
from bot.ops.doctor.database import check_database
from bot.ops.doctor.finding import Finding, ok, skipped, wrong
from bot.ops.doctor.polyai import check_polyai
from bot.ops.doctor.slack import check_slack
from bot.ops.doctor.work import check_work
from bot.ops.settings import Settings, StoreSettings, load_settings
from bot.service.ports import Clock


async def examine(clock: Clock) -> AsyncIterator[Finding]:
    """Every check, each as soon as it is made."""
    try:
        settings = load_settings(Settings)
    except Misconfigured as error:
        yield wrong("settings", error.sentence, "See the table of settings in the README.")
        yield skipped("Slack, PolyAI", "fix the settings first")
    else:
        yield ok("settings", "Socket Mode" if settings.socket_mode else "HTTP mode")
        async for finding in check_slack(settings, clock):
            yield finding
        yield await check_polyai(settings)
    for finding in _database(clock):
        yield finding


def _database(clock: Clock) -> list[Finding]:
    try:
        path = load_settings(StoreSettings).callgate_database
    except Misconfigured:  # told among the settings
        return [skipped("database", "fix the settings first")]
    return [*check_database(path), *check_work(path, clock)]
