"""`callgate audit`: the record of a call is whole, can be exported, and whoever tampers is found."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys

from bot.domain.audit_event import AuditEvent
from storage.record.chain_check import check
from tests.operations.commands import REPOSITORY, callgate
from tests.support.world import NUMBER, World


async def one_call(world: World) -> int:
    """A whole call, and Slack told of all of it; returns how many events it left."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    pending = "SELECT 1 FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL"
    await world.until(lambda: not world.rows(pending))
    return len(world.rows("SELECT * FROM audit_events"))


async def test_the_record_of_a_whole_call_is_whole(world: World) -> None:
    """From the form to the outcome the chain holds, while the bot runs; head and count are printed."""
    count = await one_call(world)
    done = await callgate(world, "audit", "verify")
    assert done.status == 0 and f"count {count}" in done.printed
    head = re.search(r"head  ([0-9a-f]{64})", done.printed)
    assert head
    kept = ("--head", head[1], "--count", str(count))
    assert (await callgate(world, "audit", "verify", *kept)).status == 0
    await world.ask()
    grown = await callgate(world, "audit", "verify", *kept)
    assert grown.status == 0 and int(re.findall(r"count (\d+)", grown.printed)[0]) > count


async def test_a_changed_event_is_named(world: World) -> None:
    """Exit status 1 and the event's number; no advice to keep a head that means nothing."""
    await one_call(world)
    await world.stop()
    world.execute("DROP TRIGGER audit_events_no_update")
    world.execute("UPDATE audit_events SET actor = 'U0MALLORY' WHERE id = 2")
    done = await callgate(world, "audit", "verify")
    changed, disagrees = done.printed.splitlines()
    assert (done.status, changed) == (1, "Event 2 is not as it was recorded.")
    assert disagrees.endswith("The record names another requester.")


async def test_a_cut_off_tail_is_found_with_the_kept_head(world: World) -> None:
    """The chain alone does not show it, and says so; the kept head does."""
    count = await one_call(world)
    await world.stop()
    (last,) = world.rows(f"SELECT sha256 FROM audit_events WHERE id = {count}")
    world.execute("DROP TRIGGER audit_events_no_delete")
    world.execute(f"DELETE FROM audit_events WHERE id = {count}")
    alone = await callgate(world, "audit", "verify")
    assert alone.status == 0 and "its newest events were cut off" in alone.printed
    done = await callgate(world, "audit", "verify", "--head", last["sha256"], "--count", str(count))
    assert (done.status, done.printed) == (1, f"Event {count} is missing.\n")


async def test_a_command_that_only_looks_changes_nothing(world: World) -> None:
    """A database of an older release is refused by `calls` too, and stays of that release."""
    await one_call(world)
    await world.stop()
    world.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0016_record'")
    before = world.database.read_bytes()
    done = await callgate(world, "calls")
    assert done.status == 1 and "older than this Callgate" in done.printed
    assert world.database.read_bytes() == before


async def test_a_head_without_its_count_is_refused(world: World) -> None:
    """Half of what was kept proves nothing."""
    await one_call(world)
    done = await callgate(world, "audit", "verify", "--count", "3")
    assert done.status == 1 and "give both --head and --count" in done.printed


async def test_the_chain_can_be_checked_from_either_export_alone(world: World) -> None:
    """JSON lines and CSV have every event with its hashes, and no phone number."""
    count = await one_call(world)
    lines = await callgate(world, "audit", "export")
    events = [AuditEvent(**json.loads(line)) for line in lines.printed.splitlines()]
    assert len(events) == count and check(events).faults == ()
    table = await callgate(world, "audit", "export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.printed)))
    again = [
        AuditEvent(**{**{name: value or None for name, value in row.items()}, "id": int(row["id"])})
        for row in rows
    ]
    assert again == events
    for exported in (lines.printed, table.printed):
        assert NUMBER[1:] not in exported and "appointment" not in exported


async def test_an_export_to_a_file_is_its_owners(world: World) -> None:
    """The file is readable by its owner only, and has what standard output would have had."""
    await one_call(world)
    file = world.database.with_name("record.csv")
    done = await callgate(world, "audit", "export", "--format", "csv", "--output", str(file))
    assert (done.status, done.printed) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text() == (await callgate(world, "audit", "export", "--format", "csv")).printed


async def test_a_file_that_cannot_be_written_is_one_sentence(world: World) -> None:
    """No stack trace for a wrong path."""
    await one_call(world)
    done = await callgate(world, "audit", "export", "--output", str(world.database / "no"))
    assert done.status == 1 and "cannot be written" in done.printed and "Traceback" not in done.printed


async def test_what_somebody_damaged_is_exported_all_the_same(world: World) -> None:
    """Bytes that are no text do not stop the export of the rest."""
    count = await one_call(world)
    await world.stop()
    world.execute("DROP TRIGGER audit_events_no_update")
    world.execute("UPDATE audit_events SET actor = CAST(x'ff' AS TEXT) WHERE id = 2")
    for form in ("jsonl", "csv"):
        file = world.database.with_name("record")
        done = await callgate(world, "audit", "export", "--format", form, "--output", str(file))
        assert done.status == 0
        assert len(file.read_bytes().splitlines()) == count + (form == "csv")


async def test_no_cell_of_the_csv_is_a_formula(world: World) -> None:
    """Not even where somebody who can write the database put one into the record."""
    await one_call(world)
    await world.stop()
    world.execute("DROP TRIGGER audit_events_no_update")
    world.execute("UPDATE audit_events SET actor = '=HYPERLINK(1)' WHERE id = 2")
    table = await callgate(world, "audit", "export", "--format", "csv")
    assert ",'=HYPERLINK(1)," in table.printed
    lines = await callgate(world, "audit", "export")
    assert '"=HYPERLINK(1)"' in lines.printed


async def test_the_documented_program_checks_an_export_without_our_code(world: World) -> None:
    """The program in docs/audit.md agrees with ours on a whole record and finds a changed event."""
    count = await one_call(world)
    (program,) = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "audit.md").read_text(), re.DOTALL)
    exported = (await callgate(world, "audit", "export")).printed
    (last,) = world.rows(f"SELECT sha256 FROM audit_events WHERE id = {count}")
    assert ran(program, exported) == (0, f"{count} {last['sha256']}\n")
    assert ran(program, exported.replace("U0BOB", "U0EVE", 1))[0] == 1


def ran(program: str, given: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout
