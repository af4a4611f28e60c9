"""The dialing policy: the operator's own files can be read, as `callgate run` reads them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.errors import Misconfigured
from bot.ops.doctor.finding import Finding, ok, skipped, wrong
from bot.ops.policy_file import load_policy, load_windows
from bot.ops.settings import StoreSettings

_ADVICE = "Mend the file. callgate policy shipped prints one that is right."


def check_policy(settings: StoreSettings) -> Iterator[Finding]:
    """The calling windows, then the policy, which cannot be read without them."""
    try:
        load_windows(settings)
    except Misconfigured as error:
        yield wrong("windows", error.sentence, _ADVICE)
        yield skipped("policy", "mend the calling windows first")
        return
    try:
        policy = load_policy(settings)
    except Misconfigured as error:
        yield wrong("policy", error.sentence, _ADVICE)
        return
    rows, version = len(policy.windows.windows), policy.windows.version
    yield ok("windows", f"{rows} rows, version {version}")
    yield ok("policy", policy.name)
