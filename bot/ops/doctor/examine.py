"""The whole examination, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from bot.domain.errors import Misconfigured
from bot.ops.doctor.database import check_database
from bot.ops.doctor.finding import Finding, ok, skipped, wrong
from bot.ops.doctor.policy import check_policy
from bot.ops.doctor.polyai import check_polyai
from bot.ops.doctor.port import check_port
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
        yield skipped("Slack, PolyAI, HTTP port", "fix the settings first")
    else:
        yield ok("settings", "Socket Mode" if settings.socket_mode else "HTTP mode")
        async for finding in check_slack(settings, clock):
            yield finding
        yield await check_polyai(settings)
        yield await check_port(settings)
    for finding in _files(clock):
        yield finding


def _files(clock: Clock) -> Iterator[Finding]:
    """What only takes the settings that say where a file is."""
    try:
        settings = load_settings(StoreSettings)
    except Misconfigured:  # told among the settings
        yield skipped("policy, database", "fix the settings first")
        return
    yield from check_policy(settings)
    yield from check_database(settings.callgate_database)
    yield from check_work(settings.callgate_database, clock)
