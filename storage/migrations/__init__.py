"""The schema, one migration after the other. An applied migration is never changed."""

from __future__ import annotations

from sqlite_utils import Migrations

from storage.migrations import (
    m0001_call_requests,
    m0002_dial_attempts,
    m0003_audit_events,
    m0004_outbox,
    m0005_audit_chain,
    m0006_counts,
    m0007_letters_to_channels,
    m0008_policy,
    m0009_beyond_requests,
    m0010_suppressions,
    m0011_freezes,
    m0012_policies,
    m0013_unconfirmed,
    m0014_freeze_holds,
    m0015_installation,
    m0018_who_may,
)

migrations = Migrations("callgate")

for step in (
    m0001_call_requests,
    m0002_dial_attempts,
    m0003_audit_events,
    m0004_outbox,
    m0005_audit_chain,
    m0006_counts,
    m0007_letters_to_channels,
    m0008_policy,
    m0009_beyond_requests,
    m0010_suppressions,
    m0011_freezes,
    m0012_policies,
    m0013_unconfirmed,
    m0014_freeze_holds,
    m0015_installation,
    m0018_who_may,
):
    migrations(name=step.__name__.rpartition(".")[2])(step.apply)
