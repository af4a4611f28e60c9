"""`callgate evidence`: everything about a call in one folder, which anybody can check."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.domain.call_request import CallRequest
from bot.domain.fingerprint import SUBMITTED
from bot.ops.evidence.bundle import write_evidence
from bot.ops.evidence.check import APART, FILES, PROGRAMS, canonical, decisions, hash_of, history
from bot.ops.evidence.page import pages
from sandbox.polyai import faults
from storage.database.opening import read_only
from storage.record.audit_events import events
from storage.record.export import write_jsonl
from tests.evidence.folder import checked, problems, read, remake, seal, write
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
    assert status == 0 and row["payload_sha256"] in told
    assert told.startswith(f"{row['id']} matches the record as it was given to you")
    assert "Not checked" not in told
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() in told for name in PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_programs_need_nothing_but_python(folder: Path, name: str) -> None:
    """They are written for Python 3.10 and import nothing but its standard library."""
    tree = ast.parse((folder / name).read_text(), feature_version=(3, 10))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names


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
POLICIES = "audit/policies.jsonl"
PAGE, SLACK = "index.html does not show", "slack.json does not say what the audit events say"
TAMPERINGS = {
    "the number": (change("payload.json", NUMBER, "+16176451985"), "is not the payload"),
    "the reason": (change(REQUEST, "script src", "script"), "not say what was submitted"),
    "the purpose": (change(REQUEST, '"informational"', '"marketing"'), "not say what was submitted"),
    "the requester": (change(REQUEST, '"requester": "U', '"requester": "W'), "not say what was submitted"),
    "the approver": (change(REQUEST, '"approved_by": "U', '"approved_by": "W'), "otherwise of approved_by"),
    "an approval": (change(REQUEST, '"by": "U', '"by": "W'), "otherwise of approvals"),
    "the status": (change(REQUEST, '"status": "succeeded"', '"status": "failed"'), "otherwise of status"),
    "the hash": (
        change(REQUEST, '"payload_sha256": "', '"payload_sha256": "f'),
        "not say what was submitted",
    ),
    "an event": (change(EVENTS, '"actor": "U', '"actor": "W'), "not as it was recorded"),
    "an event and its hash": (rehash, "is another one in the chain"),
    "an event less": (drop_line(EVENTS, 1), "does not say what the audit events say"),
    "the first event less": (drop_line(EVENTS, 0), "does not begin with the submission"),
    "a link": (change(CHAIN, '"sha256": "', '"sha256": "f'), "is another one in the chain"),
    "a link less": (drop_line(CHAIN, 2), "does not follow"),
    "the first link less": (drop_line(CHAIN, 0), "Event 2 is not in the chain"),
    "a decision": (change("decisions.json", '"zone": "', '"zone": "X'), "decisions.json does not say"),
    "the history": (change("history.json", '"actor": "U', '"actor": "W'), "history.json does not say"),
    "an answer": (change("attempts.json", "OUT-", "OUT-9"), "says otherwise of"),
    "an attempt": (change("attempts.json", '"http_status": 429', '"http_status": 500'), "of http_status"),
    "a time": (change("attempts.json", '"started_at": "20', '"started_at": "19'), "of started_at"),
    "the approver on the page": (change("index.html", "Approval 1</td><td>U", "Approval 1</td><td>W"), PAGE),
    "the readme": (change("README.txt", "CONFIDENTIAL", "PUBLIC"), "README.txt does not show"),
    "the hours": (change("policies.json", "1260", "1380"), "does not say what it said"),
    "a policy's name": (change("policies.json", '"name": "rules', '"name": "ours'), "not the policies that"),
    "a policy's event": (change(POLICIES, '"actor": "callgate', '"actor": "U'), "not as it was recorded"),
    "a policy less": (drop_line(POLICIES, 0), "not the policies that the record names"),
    "a message's time": (change("slack.json", '"sent_at": "20', '"sent_at": "19'), SLACK),
    "a message's link": (change("slack.json", "/p1", "/p2"), SLACK),
    "a message": (change("slack.json", '"what": "card"', '"what": "notice"'), SLACK),
    "no messages": (lambda folder: write(folder, "slack.json", []), SLACK),
    "a message more": (
        lambda folder: write(folder, "slack.json", read(folder, "slack.json") * 2),
        SLACK,
    ),
    "another site": (
        lambda folder: (folder / "slack.json").write_text(
            (folder / "slack.json").read_text().replace("http:", "javascript:")
        ),
        "links to something else than Slack",
    ),
    "a note in the request": (
        lambda folder: write(folder, REQUEST, {**read(folder, REQUEST), "note": "consent on paper"}),
        "more in it than the request",
    ),
    "a name twice": (change(REQUEST, '"now": {', '"now": {},\n  "now": {'), "not written as Callgate"),
    "a note in an event": (change(EVENTS, '"id": ', '"note": "", "id": '), "not as it was recorded"),
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
    """A changed file, a file more and a file less are named, whoever wrote the sums anew or not."""
    (folder / "index.html").write_text("made up")
    status, told = checked(folder)
    assert status == 1 and told.startswith("index.html is not as it was written.\n")
    (folder / "consent.pdf").write_text("made up")
    seal(folder)
    status, told = checked(folder)
    assert status == 1 and told.startswith("'consent.pdf' was added.\n")
    (folder / "attempts.json").unlink()
    status, told = checked(folder)
    assert status == 1 and "attempts.json is missing." in told and "Traceback" not in told


@pytest.mark.parametrize("name", [*sorted(FILES), "SHA256SUMS"])
def test_each_file_is_needed_as_it_is(folder: Path, name: str) -> None:
    """Removed or emptied, with sums that fit: it is named."""
    if name not in {"check.py", "page.py"}:  # these two are compared with the release's notes
        (folder / name).write_bytes(b"")
        if name != "SHA256SUMS":
            seal(folder)
        assert checked(folder)[0] == 1
    (folder / name).unlink()
    if name not in {"SHA256SUMS", "check.py"}:
        seal(folder)
    found = "" if name == "check.py" else checked(folder)[1]
    assert name in (found or " ".join(problems(folder)))


def test_a_folder_that_was_added_is_found(folder: Path) -> None:
    """Also an empty one, and what Python leaves behind; the check itself leaves nothing."""
    assert checked(folder)[0] == 0
    (folder / "__pycache__").mkdir()
    assert problems(folder) == ["'__pycache__' was added."]


OTHER_TIME = "2001-01-01T00:00:00.000000+00:00"


def another(name: str, value: Any) -> Any:
    """Something else of the same kind, also where there was nothing."""
    match value:
        case None if name == "approvals_raised_to":
            return 1
        case None if name == "refused_before":
            return [{"by": "U0EVE", "at": OTHER_TIME, "purpose": "marketing", "rules": ["consent"]}]
        case None:
            return OTHER_TIME
        case int():
            return value + 1
        case list():
            return value[1:]
        case dict():
            return {key: value[key] for key in list(value)[1:]}
    return OTHER_TIME if value.startswith("20") else f"{value}x"


STATE = sorted(set(CallRequest.model_fields) - SUBMITTED - {"payload"})


@pytest.mark.parametrize(
    ("part", "name"), [("submitted", n) for n in sorted(SUBMITTED)] + [("now", n) for n in STATE]
)
def test_every_field_of_the_request_follows_from_the_record(folder: Path, part: str, name: str) -> None:
    """Another value, one where there was none, or none: it is found, though all else was made to fit."""
    request = read(folder, REQUEST)
    before = request[part].pop(name, None)
    write(folder, REQUEST, request)
    seal(folder)
    assert before is None or problems(folder)
    request[part][name] = another(name, before)
    write(folder, REQUEST, request)
    remake(folder)
    found = problems(folder)
    assert any(each.startswith(("request.json", "The record names another")) for each in found), found


def test_every_column_of_an_attempt_follows_from_the_record(folder: Path) -> None:
    """Another value or none, in each of the attempts, and a column more."""
    rows = read(folder, "attempts.json")
    assert len(rows) == 2
    for number, row in enumerate(rows):
        for name in (*row, "note"):
            changed = {**row, name: another(name, row.get(name))}
            write(folder, "attempts.json", [*rows[:number], changed, *rows[number + 1 :]])
            remake(folder)
            assert any(each.startswith(f"Dial attempt {number + 1}:") for each in problems(folder)), name


def test_details_are_not_deleted_because_the_request_says_so(folder: Path) -> None:
    """A payload rewritten or removed under a made-up `forgotten_at` is found."""
    request = read(folder, REQUEST)
    request["now"]["forgotten_at"] = OTHER_TIME
    write(folder, REQUEST, request)
    payload = (folder / "payload.json").read_text()
    (folder / "payload.json").write_text(payload.replace(NUMBER, "+16176451985"))
    remake(folder)
    status, told = checked(folder)
    assert status == 1 and "otherwise of forgotten_at" in told and "payload.json is not the payload" in told
    (folder / "payload.json").unlink()
    remake(folder)
    status, told = checked(folder)
    assert status == 1 and "payload.json is missing, and was not deleted." in told


def test_what_is_sent_is_what_was_asked_for(folder: Path) -> None:
    """The number in the payload is held against the number of the request, not only its hash."""
    request = read(folder, REQUEST)
    request["submitted"]["to_number"] = "+16176451985"
    write(folder, REQUEST, request)
    remake(folder)
    assert "payload.json says otherwise of to_number." in problems(folder)


def test_the_workspace_is_named_as_what_cannot_be_known(folder: Path) -> None:
    """All links to another workspace fit as well; the check says whose word that is."""
    text = re.sub(r"http://127.0.0.1:\d+/", "https://evil.slack.com/", (folder / "slack.json").read_text())
    (folder / "slack.json").write_text(text)
    remake(folder)
    status, told = checked(folder)
    assert status == 0 and "that Slack (https://evil.slack.com/) still shows the messages" in told


def test_a_head_that_was_kept_is_compared(lived: World, folder: Path) -> None:
    """Another one is named, and so is one that is not in the chain."""
    (last,) = lived.rows("SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1")
    kept = ("--count", str(last["id"]), "--head")
    assert checked(folder, *kept, last["sha256"].upper())[0] == 0
    other = checked(folder, *kept, "0" * 64)
    assert other == (1, f"Event {last['id']} does not have the hash that was kept.\n")
    status, told = checked(folder, "--count", "9999", "--head", last["sha256"])
    assert status == 1 and "without event 9999" in told


def exported(world: World, path: Path) -> str:
    """The whole record, as `callgate audit export` writes it."""
    with read_only(world.database) as db, path.open("w") as file:
        write_jsonl(events(db), file)
    return str(path)


def forge(folder: Path) -> None:
    """Another approver, made to fit: each event's hash, each link to it, each file that follows."""
    found = [json.loads(line) for line in (folder / EVENTS).read_text().splitlines()]
    eve = next(event["actor"] for event in found if event["event"] == "approved")
    links = [json.loads(line) for line in (folder / CHAIN).read_text().splitlines()]
    ours = {event["id"]: event for event in found}
    previous = links[0]["previous_sha256"]
    for link in links:
        link["previous_sha256"] = previous
        if event := ours.get(link["id"]):
            event["previous_sha256"] = previous
            event["actor"] = event["actor"].replace(eve, "U0EVE")
            state = state_of(folder, eve) if "state_sha256" in event["details"] else {}
            event["details"] = json.dumps({**json.loads(event["details"]), **state}, ensure_ascii=False)
            event["sha256"] = link["sha256"] = hash_of(event)
        previous = link["sha256"]
    (folder / EVENTS).write_text("".join(json.dumps(event) + "\n" for event in found))
    (folder / CHAIN).write_text("".join(json.dumps(link) + "\n" for link in links))
    (folder / REQUEST).write_text((folder / REQUEST).read_text().replace(eve, "U0EVE"))
    write(folder, "decisions.json", decisions(found))
    write(folder, "history.json", history(found))
    remake(folder)


def state_of(folder: Path, approver: str) -> dict[str, str]:
    now = {name: value for name, value in read(folder, REQUEST)["now"].items() if name not in APART}
    text = canonical(now).replace(approver, "U0EVE")
    return {"state_sha256": hashlib.sha256(text.encode()).hexdigest()}


def test_the_whole_record_shows_what_the_folder_alone_cannot(
    lived: World, folder: Path, tmp_path: Path
) -> None:
    """Events made up and linked to other people's fit by themselves, and even end at a head that was kept."""
    record = exported(lived, tmp_path / "record.jsonl")
    (last,) = lived.rows("SELECT id, sha256 FROM audit_events ORDER BY id DESC LIMIT 1")
    kept = ("--count", str(last["id"]), "--head", last["sha256"])
    status, told = checked(folder, "--record", record, *kept)
    assert status == 0 and "written anew" not in told and "made up" not in told
    assert "written anew" in checked(folder, *kept)[1]
    forge(folder)
    status, told = checked(folder, *kept)
    assert status == 0 and "written anew" in told, told
    status, told = checked(folder, "--record", record, *kept)
    assert status == 1 and re.search(r"The record: event \d+ is not the same here", told)


def test_the_newest_events_cannot_be_left_out(lived: World, folder: Path, tmp_path: Path) -> None:
    """A look that is missing from every file is in the record."""
    record = exported(lived, tmp_path / "record.jsonl")
    found = [json.loads(line) for line in (folder / EVENTS).read_text().splitlines()]
    left = [event for event in found if event["event"] != "reviewed"]
    (folder / EVENTS).write_text("".join(json.dumps(event) + "\n" for event in left))
    write(folder, "history.json", history(left))
    remake(folder)
    assert checked(folder)[0] == 0
    status, told = checked(folder, "--record", record)
    assert status == 1 and len(left) < len(found) and "is not the same here" in told


def test_a_record_that_was_changed_is_named(lived: World, folder: Path, tmp_path: Path) -> None:
    """An event changed, the newest cut off, and another head than the one that was kept."""
    record = Path(exported(lived, tmp_path / "record.jsonl"))
    text = record.read_text()
    record.write_text(text.replace('"actor": "callgate"', '"actor": "U0EVE"', 1))
    assert "The record: event 1 is not as it was recorded." in checked(folder, "--record", str(record))[1]
    record.write_text("".join(text.splitlines(keepends=True)[:5]))
    assert "The record does not have event 6." in checked(folder, "--record", str(record))[1]
    record.write_text(text)
    status, told = checked(folder, "--record", str(record), "--count", "1", "--head", "0" * 64)
    assert status == 1 and "The record: event 1 does not have the hash that was kept." in told


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
    assert HOSTILE in page.words and NUMBER in page.words and "Approvals needed: 1" in page.words
    assert not page.tags & {"script", "img", "link", "iframe", "form", "object"}
    assert all(address.startswith(lived.slack.workspace.base_url) for address in page.addresses)
    for shown in (lived.bob.user.id, first_request(lived)["payload_sha256"], "America/New_York", "succeeded"):
        assert shown in page.words


def page_with(folder: Path, consent: list[str] | None, *, stated: bool) -> str:
    """The page, as if the policy had recorded this about consent each time, with or without one stated."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    request, decided = json.loads(files["request.json"]), json.loads(files["decisions.json"])
    if not stated:
        kept = {name: value for name, value in request["submitted"].items() if "consent" not in name}
        request["submitted"] = kept
    for each in decided:
        each["decision"].pop("consent", None)
        each["decision"] |= {} if consent is None else {"consent": consent}
    changed = {"request.json": json.dumps(request).encode(), "decisions.json": json.dumps(decided).encode()}
    page = _Page()
    page.feed(pages({**files, **changed})["index.html"].decode())
    return page.words


def test_the_ground_says_which_consent_was_asked_for(folder: Path) -> None:
    """What was stated; the rule, with its law, stands at each decision of the policy."""
    page = _Page()
    page.feed((folder / "index.html").read_text())
    assert "prior_express" in page.words and "They gave us this number and agreed" in page.words
    rule = 'to United States needs consent: "Written consent" or "Express consent" (47 CFR 64.1200(a)(1)(iii)'
    assert page.words.count(rule) >= page.words.count("Decision ") > 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "none stated; the policy asks for none"),
        (["A call needs it (a law)"], "none stated, though the policy asks for one"),
        (None, "none stated; whether the policy asked for one is not on record"),
    ],
)
def test_without_a_stated_consent_the_page_says_what_is_true(
    folder: Path, asked: list[str] | None, words: str
) -> None:
    """That none was needed, that one is missing, or that the record is older and does not tell."""
    page = page_with(folder, asked, stated=False)
    assert words in page and page.count("none stated") == 1
    assert ("A call needs it (a law)" in page) is bool(asked)
    assert "none stated" not in page_with(folder, asked, stated=True)


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
