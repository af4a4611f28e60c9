"""The dialing policies that were in force, one after the other."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from bot.domain.call_request import sha256_of
from bot.domain.events import Event
from bot.domain.fingerprint import canonical_json
from bot.domain.move import CALLGATE
from bot.domain.policy.dialing_policy import DialingPolicy
from storage.calls import moves
from storage.rows import to_column

_LAST = "SELECT sha256 FROM policies ORDER BY id DESC LIMIT 1"


def adopt(db: Database, policy: DialingPolicy, at: datetime) -> None:
    """Store the policy and record the change, unless it is the one that holds already."""
    last = db.execute(_LAST).fetchone()
    if last and last[0] == policy.sha256:
        return
    text = canonical_json(policy.model_dump(mode="json"))
    db.table("policies").insert(
        {"sha256": policy.sha256, "name": policy.name, "adopted_at": to_column(at), "policy": text}
    )
    details = {
        "policy": policy.name,
        "sha256": policy.sha256,
        "policy_sha256": sha256_of(text.encode()),
        "before": last[0] if last else None,
    }
    moves.record(db, None, Event.POLICY_CHANGED, CALLGATE, at, None, None, details)
