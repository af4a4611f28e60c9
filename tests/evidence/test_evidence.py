"""`callgate evidence`: everything about a call in one folder, which anybody can check."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.evidence.bundle import write_evidence
from bot.evidence.page import page as evidence_page
from bot.sandbox.polyai import faults
from storage.case import load
from storage.read_only import read_only
from tests.operations.commands import callgate
from tests.support.world import NUMBER, World

HOSTILE = '<script src="https://evil.example/x.js"></script> & "quoted"'


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A call that PolyAI refused once and then placed, and another request after it."""
    world = World(tmp_path_factory.mktemp("world"))
    asyncio.run(live(world))
    return world


async def live(world: World) -> None:
    await world.open()
    world.polyai.faults.add("place", faults.answer(429, headers={"Retry-After": "1"}))
    await world.start()
    card = await world.ask(why=HOSTILE, metadata=f"patient={HOSTILE}")
    await world.bob.click(card, "open_review")
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    await world.shows(card, "Call connected")
    await world.ask()
    await world.close()


def first_request(world: World) -> dict[str, Any]:
    return world.rows("SELECT * FROM call_requests ORDER BY created_at LIMIT 1")[0]


@pytest.fixture
def folder(lived: World, tmp_path: Path) -> Path:
    return written(lived, tmp_path / "evidence")


def written(world: World, output: Path, *, zipped: bool = False) -> Path:
    with read_only(world.database) as db:
        write_evidence(db, first_request(world)["id"], output, zipped=zipped)
    return output


def checked(folder: Path, *kept: str) -> tuple[int, str]:
    """What the shipped check says, in an interpreter that knows nothing of us."""
    command = [sys.executable, "-I", str(folder / "check.py"), *kept]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    return done.returncode, done.stdout + done.stderr


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text())


def seal(folder: Path) -> None:
    """Write the sums anew, as somebody who tampers would."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))


def test_everything_about_a_call_is_there_and_holds(lived: World, folder: Path) -> None:
    """Payload, decisions, attempts, history, links and chain are those of the database, and check."""
    row = first_request(lived)
    assert (folder / "payload.json").read_bytes() == lived.polyai.posts[-1].body
    assert read(folder, "request.json")["submitted"]["to_number"] == NUMBER
    assert read(folder, "request.json")["now"]["call_sid"] == row["call_sid"]
    said = [each["event"] for each in read(folder, "history.json")]
    assert said[0] == "submitted" and {"reviewed", "told", "succeeded"} <= set(said)
    assert {"submitted", "approved", "dialing"} <= {each["at_the"] for each in read(folder, "decisions.json")}
    assert read(folder, "decisions.json")[0]["decision"]["earliest"]["zone"]
    assert [each["http_status"] for each in read(folder, "attempts.json")] == [429, 200]
    assert row["call_sid"] in read(folder, "attempts.json")[1]["answer"]
    assert read(folder, "attempts.json")[1]["correlation_id"]
    assert read(folder, "policies.json")[0]["name"] == read(folder, "decisions.json")[0]["decision"]["policy"]
    status, told = checked(folder)
    assert status == 0 and row["payload_sha256"] in told and row["id"] in told


def test_the_sums_are_checked_by_the_usual_tool(folder: Path) -> None:
    """`sha256sum -c` finds every file in order."""
    done = subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    assert done.returncode == 0


def test_every_message_has_its_link(lived: World, folder: Path) -> None:
    """The card and each reply in its thread can be opened in the workspace."""
    messages = read(folder, "slack.json")
    base = f"{lived.slack.workspace.base_url}/archives/{lived.channel.id}/p"
    assert all(message["link"].startswith(base) for message in messages)
    card = next(message for message in messages if message["what"] == "card")
    assert card["ts"] == first_request(lived)["card_ts"]
    replies = [message for message in messages if message["what"] == "reply in its thread"]
    there = lived.slack.workspace.messages.replies(lived.channel.id, card["ts"])
    assert {reply["ts"] for reply in replies} == {message.ts for message in there}
    assert all(f"?thread_ts={card['ts']}&cid={lived.channel.id}" in reply["link"] for reply in replies)


def test_only_the_owner_can_read_it(folder: Path) -> None:
    """Folders are 0700, files 0600: the number in full is in them."""
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_the_same_database_gives_the_same_bytes(lived: World, folder: Path, tmp_path: Path) -> None:
    """Twice the folder, twice the zip, and the zip holds the folder."""
    again = written(lived, tmp_path / "again")
    names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert all((folder / name).read_bytes() == (again / name).read_bytes() for name in names)
    zips = [written(lived, tmp_path / f"{name}.zip", zipped=True) for name in "ab"]
    assert zips[0].read_bytes() == zips[1].read_bytes() and zips[0].stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(zips[0]) as archive:
        archive.extractall(tmp_path / "unpacked")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert unpacked.name == f"evidence-{first_request(lived)['id']}"
    assert checked(unpacked)[0] == 0
    assert {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()} == names


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        before = (folder / name).read_text()
        assert old in before
        (folder / name).write_text(before.replace(old, new, 1))

    return tamper


def drop_line(name: str, number: int) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines(keepends=True)
        del lines[number]
        (folder / name).write_text("".join(lines))

    return tamper


def rehash(folder: Path) -> None:
    """Another approver, with a hash that fits the event: the chain still has the one it had."""
    events = [json.loads(line) for line in (folder / "audit/events.jsonl").read_text().splitlines()]
    event = next(event for event in events if event["event"] == "approved")
    event["actor"] = "U0EVE"
    names = ("previous_sha256", "id", "call_request_id", "at", "actor", "event", "status_before")
    values = [event[name] for name in (*names, "status_after", "details")]
    event["sha256"] = hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()
    (folder / "audit/events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))


REQUEST, EVENTS, CHAIN = "request.json", "audit/events.jsonl", "audit/chain.jsonl"
TAMPERINGS = {
    "the number": (change("payload.json", NUMBER, "+16176451985"), "is not the payload"),
    "the reason": (change(REQUEST, "script src", "script"), "not say what was submitted"),
    "the purpose": (change(REQUEST, '"informational"', '"marketing"'), "not say what was submitted"),
    "the requester": (change(REQUEST, '"requester": "U', '"requester": "W'), "not say what was submitted"),
    "the approver": (change(REQUEST, '"approved_by": "U', '"approved_by": "W'), "another last approver"),
    "an approval": (change(REQUEST, '"by": "U', '"by": "W'), "other approvers"),
    "the status": (change(REQUEST, '"status": "succeeded"', '"status": "failed"'), "another status"),
    "the hash": (
        change(REQUEST, '"payload_sha256": "', '"payload_sha256": "f'),
        "not say what was submitted",
    ),
    "an event": (change(EVENTS, '"actor": "U', '"actor": "W'), "not as it was recorded"),
    "an event and its hash": (rehash, "is another one in the chain"),
    "an event less": (drop_line(EVENTS, 1), "does not say what the audit events say"),
    "the first event less": (drop_line(EVENTS, 0), "does not begin with the first event"),
    "a link": (change(CHAIN, '"sha256": "', '"sha256": "f'), "is another one in the chain"),
    "a link less": (drop_line(CHAIN, 2), "does not follow"),
    "the first link less": (drop_line(CHAIN, 0), "does not begin with the first event"),
    "a decision": (change("decisions.json", '"zone": "', '"zone": "X'), "decisions.json does not say"),
    "the history": (change("history.json", '"actor": "U', '"actor": "W'), "history.json does not say"),
    "an answer": (change("attempts.json", "OUT-", "OUT-9"), "says otherwise of"),
    "an attempt": (change("attempts.json", '"http_status": 429', '"http_status": 500'), "of http_status"),
    "a time": (change("attempts.json", '"started_at": "20', '"started_at": "19'), "of started_at"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_each_tampering_is_found(folder: Path, name: str) -> None:
    """Also where whoever did it wrote the sums anew."""
    tamper, says = TAMPERINGS[name]
    tamper(folder)
    seal(folder)
    status, told = checked(folder)
    assert status == 1 and says in told, told


def test_files_that_were_added_or_removed_are_found(folder: Path) -> None:
    """A changed file, a file more and a file less are named."""
    (folder / "index.html").write_text("made up")
    assert checked(folder) == (1, "index.html is not as it was written.\n")
    seal(folder)
    (folder / "consent.pdf").write_text("made up")
    assert checked(folder) == (1, "consent.pdf was added.\n")
    (folder / "consent.pdf").unlink()
    (folder / "slack.json").unlink()
    assert checked(folder) == (1, "slack.json is missing.\n")
    (folder / "attempts.json").unlink()
    status, told = checked(folder)
    assert status == 1 and "cannot be read" in told and "Traceback" not in told


def test_a_head_that_was_kept_is_compared(lived: World, folder: Path) -> None:
    """It shows what a chain alone cannot: that all of it was written anew."""
    (last,) = lived.rows("SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1")
    kept = ("--count", str(last["id"]), "--head")
    assert checked(folder, *kept, last["sha256"].upper())[0] == 0
    assert (
        checked(folder, *kept, "0" * 64)[1] == f"Event {last['id']} does not have the hash that was kept.\n"
    )
    status, told = checked(folder, "--count", "9999", "--head", last["sha256"])
    assert status == 1 and "without event 9999" in told


class _Page(HTMLParser):
    """The tags, the addresses and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]

    def handle_data(self, data: str) -> None:
        self.words += data + "\n"


def test_the_page_shows_it_all_and_loads_nothing(lived: World, folder: Path) -> None:
    """What was typed is text on it, the only addresses are links to Slack, and there is no script."""
    page = _Page()
    page.feed((folder / "index.html").read_text())
    assert HOSTILE in page.words and "+1 617-645-1984" in page.words
    assert not page.tags & {"script", "img", "link", "iframe", "form", "object"}
    assert all(address.startswith(lived.slack.workspace.base_url) for address in page.addresses)
    for shown in (lived.bob.user.id, first_request(lived)["payload_sha256"], "America/New_York", "succeeded"):
        assert shown in page.words


def page_with(world: World, consent: Any, **changes: Any) -> str:
    """The page of the first request, as if the policy had recorded this about consent each time."""
    with read_only(world.database) as db:
        case = load(db, first_request(world)["id"])
    details = [json.loads(event.details or "{}") for event in case.events]
    for each in details:
        if "decision" in each:
            each["decision"]["consent"] = consent
    pairs = zip(case.events, details, strict=True)
    events = tuple(replace(event, details=json.dumps(each)) for event, each in pairs)
    page = _Page()
    page.feed(evidence_page(replace(case, events=events, request=case.request.model_copy(update=changes))))
    return page.words


def test_the_ground_says_which_consent_was_asked_for(folder: Path) -> None:
    """What was stated, with the rule and its law; the rule stands at each decision of the policy as well."""
    page = _Page()
    page.feed((folder / "index.html").read_text())
    assert "Express consent" in page.words and "They gave us this number and agreed" in page.words
    rule = 'to United States needs consent: "Written consent" or "Express consent" (47 CFR 64.1200(a)(1)(iii)'
    assert page.words.count(rule) == page.words.count("Decision ") + 1 > 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "not needed for this call (informational) by the policy; none stated"),
        (["A call needs it (a law)"], "none stated, though the policy asks for one"),
        (None, "none stated; whether the policy asked for one is not on record"),
    ],
)
def test_without_a_stated_consent_the_page_says_what_is_true(
    lived: World, asked: list[str] | None, words: str
) -> None:
    """That none was needed, that one is missing, or that the record is older and does not tell."""
    unstated = {"consent_kind": None, "consent_reference": None, "consent_text": None}
    page = page_with(lived, asked, **unstated)
    assert words in page and page.count("none stated") == 1
    assert ("not needed by the policy" in page) is (asked == [])
    assert ("A call needs it (a law)" in page) is bool(asked)
    assert "none stated" not in page_with(lived, asked)


def test_no_other_request_is_in_it(lived: World, folder: Path) -> None:
    """Of other people's requests there is nothing but the hashes of their events."""
    (other,) = lived.rows("SELECT id FROM call_requests ORDER BY created_at DESC LIMIT 1")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert all(other["id"].encode() not in file.read_bytes() for file in files)
    assert len((folder / "audit/chain.jsonl").read_text().splitlines()) > len(read(folder, "history.json"))


async def test_the_command_writes_it_and_overwrites_nothing(lived: World, tmp_path: Path) -> None:
    """A second time it refuses, in one sentence; a zip goes where it is told to."""
    request_id = first_request(lived)["id"]
    target = lived.database.parent / f"evidence-{request_id}"
    done = await callgate(lived, "evidence", request_id)
    assert done.status == 0 and target.name in done.printed and NUMBER not in done.printed
    assert checked(target)[0] == 0
    again = await callgate(lived, "evidence", request_id)
    assert again.status == 1 and "is there already" in again.printed and checked(target)[0] == 0
    shutil.rmtree(target)
    output = tmp_path / "one.zip"
    done = await callgate(lived, "evidence", request_id, "--zip", "--output", str(output))
    assert done.status == 0 and zipfile.is_zipfile(output)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("CR-0000000000000000",), "There is no call request"),
        (("nonsense",), "is no request's id"),
        (("{id}", "--output", "/nowhere/at/all"), "cannot be written"),
    ],
)
async def test_what_cannot_be_written_is_one_sentence(
    lived: World, words: tuple[str, ...], says: str
) -> None:
    """No stack trace, and nothing half written is left."""
    given = [word.format(id=first_request(lived)["id"]) for word in words]
    done = await callgate(lived, "evidence", *given)
    assert done.status == 1 and says in done.printed and "Traceback" not in done.printed
    assert not list(lived.database.parent.glob("evidence-*"))


def test_the_readme_of_the_evidence_names_its_files(folder: Path) -> None:
    """README.txt says what each file is."""
    named = set(
        re.findall(r"^([\w./]+\.\w+|SHA256SUMS)\s", (folder / "README.txt").read_text(), re.MULTILINE)
    )
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert named == there - {"README.txt"}
