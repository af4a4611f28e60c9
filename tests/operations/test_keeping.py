"""Keeping and forgetting, seen from Slack and from the command line, while the bot runs."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.ask import Purpose
from bot.ops.evidence.bundle import write_evidence
from sandbox.slack.model import Message
from storage.database.opening import read_only
from storage.record.number_hashes import forgotten
from storage.safeguards import suppressions
from tests.operations.commands import callgate
from tests.support.finished import bytes_of
from tests.support.world import NUMBER, World

LONG_AGO = "2001-01-01T00:00:00.000000+00:00"


async def connected(world: World, **fields: str) -> Message:
    """A whole call, told in full."""
    card = await world.ask(**fields)
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    await all_told(world)
    return card


async def cancelled(world: World, **fields: str) -> Message:
    """A request that nobody was dialed for."""
    card = await world.ask(**fields)
    await world.alice.click(card, "cancel")
    await world.told(card, "Cancelled by")
    await all_told(world)
    return card


async def all_told(world: World) -> None:
    pending = "SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"
    await world.until(lambda: not world.rows(pending))


def age(world: World, where: str = "1") -> None:
    """Have the requests, and what was told of them, ended long ago by every clock."""
    for sql in (
        f"UPDATE call_requests SET finished_at = '{LONG_AGO}' WHERE finished_at IS NOT NULL AND {where}",
        f"UPDATE outbox SET sent_at = '{LONG_AGO}'",
    ):
        world.execute(sql)


def purged(world: World) -> list[dict[str, int]]:
    rows = world.rows("SELECT details FROM audit_events WHERE event = 'purged'")
    return [json.loads(row["details"]) for row in rows]


async def test_the_bot_deletes_once_a_day(world: World) -> None:
    """What is 90 days old goes by itself a day later, and Slack's cards stay as they were."""
    await world.start()
    card = await cancelled(world)
    shown = card.plain
    world.clock.jump(days=90, hours=1)
    await world.until(lambda: purged(world) == [{"requests": 1, "messages": 1}])
    assert world.rows("SELECT to_number, why FROM call_requests") == [{"to_number": "+1", "why": ""}]
    assert card.plain == shown and len(card.edits) == 1
    world.clock.jump(days=2)
    await cancelled(world)
    assert len(purged(world)) == 1


async def test_a_day_that_was_missed_is_made_up_for_at_the_start(world: World) -> None:
    """A bot that was down deletes when it starts; one that was restarted within the day does not."""
    await world.start()
    await cancelled(world)
    age(world)
    await world.restart()
    await cancelled(world)
    assert purged(world) == []
    world.execute("UPDATE installation SET value = '2026-08-20T00:00:00+00:00' WHERE name = 'purged_at'")
    await world.restart()
    await world.until(lambda: [each["requests"] for each in purged(world)] == [1])


async def test_review_says_that_the_details_were_deleted(world: World) -> None:
    """To requester and approver alike; who asked, the purpose and the hash are still there."""
    await world.start()
    card = await connected(world, why="About Paula")
    age(world)
    assert "lost their details: 1." in (await callgate(world, "purge")).printed
    await world.bob.click(card, "open_review")
    await world.until(lambda: world.bob.modals)
    told = world.bob.modals[-1].plain
    assert "were deleted " in told and "Informational" in told and "Paula" not in told
    (row,) = world.rows("SELECT payload_sha256 FROM call_requests")
    assert row["payload_sha256"] in told


async def test_a_click_on_another_copy_of_the_card_takes_the_details_off_it(world: World) -> None:
    """A copy that we did not know comes up to date without what was deleted."""
    await world.start()
    card = await connected(world, why="About Paula")
    age(world)
    await callgate(world, "purge")
    world.execute("UPDATE call_requests SET card_ts = '1.000001'")
    await world.bob.click(card, "open_review")
    await world.until(lambda: "were deleted " in card.plain)
    assert "Paula" not in card.plain and "Call connected" in card.plain


async def test_purging_while_the_bot_runs_clears_the_files(world: World) -> None:
    """Number and reason are in none of the database's files afterwards, and the bot goes on."""
    await world.start()
    await connected(world, why="About Paula")
    await cancelled(world, why="About Paula")
    age(world)
    aged = await callgate(world, "audit", "verify")
    assert NUMBER.encode() in bytes_of(world.database)
    dry = await callgate(world, "purge", "--dry-run")
    assert dry.status == 0 and "would lose their details: 2." in dry.printed
    assert NUMBER.encode() in bytes_of(world.database)
    done = await callgate(world, "purge")
    assert done.status == 0 and "lost their details: 2." in done.printed
    assert NUMBER[1:].encode() not in bytes_of(world.database) and b"Paula" not in bytes_of(world.database)
    # That the requests were made old behind its back is all that the record has to say, before and after.
    assert (await callgate(world, "audit", "verify")).printed == aged.printed
    assert aged.printed.count("\n") == aged.printed.count("Its state is not as its last event left it") == 2
    listed = await callgate(world, "calls")
    assert listed.status == 0 and "succeeded" in listed.printed
    await cancelled(world)


async def test_what_was_purged_is_still_evidence(world: World, tmp_path: Path) -> None:
    """The evidence of a purged request has its people, times and hashes, and its check says what is gone."""
    await world.start()
    await connected(world, why="About Paula")
    world.clock.jump(days=6 * 366)
    await world.until(lambda: [each["requests"] for each in purged(world)] == [1])
    (row,) = world.rows("SELECT id, payload_sha256 FROM call_requests")
    folder = tmp_path / "evidence"
    with read_only(world.database) as db:
        write_evidence(db, row["id"], folder, zipped=False)
    command = [sys.executable, "-I", folder / "check.py"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "only hashes are left" in done.stdout, done.stdout
    assert "Not checked" in done.stdout and "why" in done.stdout
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert row["payload_sha256"].encode() in written and world.bob.user.id.encode() in written
    assert b"Paula" not in written and NUMBER[1:].encode() not in written


async def test_forgetting_a_person(world: World) -> None:
    """What nobody was dialed for goes at once, records stay and are named with the end of their time."""
    await world.start()
    await connected(world)
    await cancelled(world)
    await cancelled(world, to_number="+14155552671")
    done = await callgate(world, "forget", "+1 617 645 1984")
    assert done.status == 0, done.printed
    assert done.printed.startswith("Requests to this number that lost their details: 1.\nCR-")
    assert "is kept until 2031-08-25" in done.printed and NUMBER not in done.printed
    (event,) = world.rows("SELECT * FROM audit_events WHERE event = 'forgotten'")
    assert event["details"] == '{"deleted": 1, "kept": 1, "suppressed": false}'
    assert event["call_request_id"] is None and event["actor"].startswith("cli:")
    left = world.rows("SELECT status, to_number FROM call_requests ORDER BY created_at")
    assert [row["to_number"] for row in left] == [NUMBER, "+1", "+14155552671"]
    age(world)
    again = await callgate(world, "forget", NUMBER)
    assert again.printed == "Requests to this number that lost their details: 1.\n"
    assert NUMBER[1:].encode() not in bytes_of(world.database)


async def test_a_record_is_kept_for_the_reason_that_is_told(world: World) -> None:
    """Debt collection names its rule, and how long that is."""
    await world.start()
    await connected(world)
    world.execute(f"UPDATE call_requests SET purpose = '{Purpose.DEBT_COLLECTION}'")
    done = await callgate(world, "forget", NUMBER)
    assert "is kept until 2029-08-24" in done.printed and "12 CFR 1006.100" in done.printed


async def test_a_suppressed_number_stays_suppressed(world: World) -> None:
    """It is kept as its hash, by which it is still found; who asked to take it off still waits."""
    await world.start()
    world.execute(f"INSERT INTO suppressions VALUES ('{NUMBER}', 'Paula asked', 'U1', '2026', NULL, NULL)")
    world.execute(f"INSERT INTO suppression_removals VALUES ('{NUMBER}', 'Paula again', 'U2', '2026', 1)")
    done = await callgate(world, "forget", NUMBER)
    assert "stays on the suppression list, as its hash" in done.printed
    with read_only(world.database) as db:
        assert suppressions.is_suppressed(db, NUMBER)
    as_hash = forgotten(NUMBER)
    assert [row["number"] for row in world.rows("SELECT number FROM suppressions")] == [as_hash]
    assert [row["number"] for row in world.rows("SELECT number FROM suppression_removals")] == [as_hash]
    assert NUMBER[1:].encode() not in bytes_of(world.database) and b"Paula" not in bytes_of(world.database)


async def test_an_open_request_is_not_forgotten(world: World) -> None:
    """It says which one, what to do, and deletes nothing of the others either."""
    await world.start()
    await cancelled(world)
    await world.ask()
    done = await callgate(world, "forget", NUMBER)
    assert done.status == 1 and "is under way (pending approval). Cancel it" in done.printed
    assert world.rows("SELECT count(*) AS n FROM call_requests WHERE to_number = ?", NUMBER) == [{"n": 2}]
    assert not world.rows("SELECT 1 FROM audit_events WHERE event = 'forgotten'")


@pytest.mark.parametrize("words", [("forget", "617"), ("forget", "not a number"), ("purge",)])
async def test_what_cannot_be_done_is_one_sentence(world: World, words: tuple[str, ...]) -> None:
    """A wrong number and a database that is not there: no stack trace, exit status 1."""
    done = await callgate(world, *words)
    assert done.status == 1 and "Traceback" not in done.printed and len(done.printed) < 300


async def test_who_looked_is_shown(world: World) -> None:
    """Each Review with its time, person and request; of one request alone where that is asked for."""
    await world.start()
    card, other = await world.ask(), await world.ask()
    for person, which in ((world.bob, card), (world.alice, card), (world.carol, other)):
        await person.click(which, "open_review")
        await world.until(lambda person=person: person.modals)
    looks = (await callgate(world, "audit", "reviews")).printed.splitlines()
    people = [world.bob.user.id, world.alice.user.id, world.carol.user.id]
    assert [line.split()[1] for line in looks] == people
    request_id = looks[2].split()[2]
    (only,) = (await callgate(world, "audit", "reviews", "--request", request_id)).printed.splitlines()
    assert only == looks[2]
