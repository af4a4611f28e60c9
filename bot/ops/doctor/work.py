"""The work at hand: what Slack refused, what waits for a person, what is not dialed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.domain.errors import CallgateError
from bot.domain.freeze import lifts, people_needed
from bot.domain.move import CALLGATE
from bot.ops.doctor.finding import Finding, ok, skipped, wrong
from bot.service.ports import Clock
from storage.calls import dialing_hold, worklist
from storage.database.opening import read_only
from storage.safeguards import freezes

RECENT = timedelta(days=7)
"""An older dead letter is nobody's business any more."""

LONG_DUE = timedelta(minutes=10)


def check_work(path: Path, clock: Clock) -> Iterator[Finding]:
    """Every check of what waits; nothing where there is no database yet."""
    if not path.exists():
        return
    try:
        with read_only(path) as db:
            yield from (_dead_letters(db, clock), _channels(db), _unconfirmed(db))
            yield from (_silent(db), _dialing(db), _approved(db, clock))
    except CallgateError:
        yield skipped("work at hand", "fix the database first")


def _dead_letters(db: Database, clock: Clock) -> Finding:
    dead = worklist.dead_letters(db)
    since = (clock.now() - RECENT).isoformat()
    recent = tuple(
        f"{item.at[:16].replace('T', ' ')} UTC  {item.request}  {item.kind}  {item.error}"
        for item in dead
        if item.at >= since
    )
    if not recent:
        return ok("dead letters", f"none in the last {RECENT.days} days, {len(dead)} in all")
    says = f"{len(recent)} in the last {RECENT.days} days: Slack refused these for good"
    advice = "Fix what the code names, and tell the requesters yourself."
    return wrong("dead letters", says, advice, recent)


def _channels(db: Database) -> Finding:
    closed = tuple(worklist.obstructed(db))
    if not closed:
        return ok("channels", "none keeps messages waiting")
    advice = "Unarchive the channel, /invite the bot, or let it post there; what waits goes out by itself."
    return wrong("channels", "messages wait for these, because Slack does not let us post", advice, closed)


def _silent(db: Database) -> Finding:
    calls = tuple(worklist.silent(db))
    if not calls:
        return ok("silent", "PolyAI tells how every placed call goes")
    advice = "See what PolyAI's status page says, and what callgate_polls_total counts."
    return wrong("silent", f"PolyAI says nothing of {len(calls)} placed calls", advice, calls)


def _unconfirmed(db: Database) -> Finding:
    calls = tuple(worklist.unconfirmed(db))
    if not calls:
        return ok("unconfirmed", "no call waits for a person")
    says = f"{len(calls)} may have rung, and nobody knows"
    advice = "Look in PolyAI whether it was placed, then press Follow, It was placed or Close it on its card."
    return wrong("unconfirmed", says, advice, calls)


def _dialing(db: Database) -> Finding:
    if (freeze := freezes.current(db)) is not None:
        says = f"frozen by {freeze.frozen_by} since {freeze.frozen_at:%Y-%m-%d %H:%M} UTC"
        if freeze.frozen_by == CALLGATE:
            advice = "Look in PolyAI which calls were placed since then, and type: callgate resume --why …"
            return wrong("dialing", f"held: {freeze.why}", advice)
        others = people_needed(freeze.lifts_needed).capitalize()
        return wrong("dialing", says, f"{others} to type {lifts(freeze.id)} in Slack.")
    if not dialing_hold.is_held(db):
        return ok("dialing", "goes on")
    advice = "Check POLYAI_AUTH_TOKEN and the connector at PolyAI; dialing goes on by itself."
    return wrong("dialing", "stopped: PolyAI refused our access", advice)


def _approved(db: Database, clock: Clock) -> Finding:
    waiting, late = worklist.approved(db), tuple(worklist.due_since(db, clock.now() - LONG_DUE))
    if not late:
        return ok("approved", f"{waiting} waiting to be dialed")
    says = f"{len(late)} should have been dialed more than {LONG_DUE.seconds // 60} minutes ago"
    return wrong("approved", says, "See that the bot is running, and what its log says.", late)
