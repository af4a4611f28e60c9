"""Checks this folder of evidence. It needs Python 3.10 or later and nothing else:

    python3 -I check.py
    python3 -I check.py --record record.jsonl --count 1204 --head 9f2c...

(-I so that no file that somebody put beside it takes the place of one of Python's own.)

The second way also holds it against the whole record, as `callgate audit export` writes it, and that against
a head of it that was kept elsewhere. It names everything that does not fit, and ends with exit status 1 if
there is anything, else 0.

Only the audit events are taken as they are, where their hashes fit. Everything else has to follow from them.
What an older release did not record yet is named at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import runpy
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

Row = dict[str, Any]

HASHED = (
    "previous_sha256", "id", "call_request_id", "at", "actor", "event", "status_before", "status_after",
    "details",
)  # fmt: skip
"""Of these values, as a JSON array in ASCII without spaces, an event's `sha256` is made."""

SUMS, CHAIN = "SHA256SUMS", "audit/chain.jsonl"
EVENTS, POLICIES = "audit/events.jsonl", "audit/policies.jsonl"
JSON = (
    "request.json", "decisions.json", "policies.json", "attempts.json", "history.json", "slack.json",
)  # fmt: skip
PROGRAMS = ("check.py", "page.py")
FILES = {"README.txt", "index.html", "payload.json", *JSON, EVENTS, POLICIES, CHAIN, *PROGRAMS}

OF_POLICIES = {"policy_changed", "baseline"}
ENDED_BY = {"denied", "cancelled", "expired", "closed"}
FINAL = {*ENDED_BY, "succeeded", "failed", "blocked", "rejected", "status_lost"}
APART = {"card_ts", "decision", "end_reason", "end_reason_sha256", "forgotten_at"}
"""What the events say by themselves of how a request stands; `state_sha256` is made of all the rest."""

STATED = (
    "status", "approved_by", "approved_at", "approved_sha256", "decision", "call_sid", "call_status",
    "placed_at", "ended_by", "finished_at",
)  # fmt: skip
ANSWER = ("conclusion", "http_status", "call_sid", "correlation_id", "message_sha256", "answer_sha256")


def main() -> int:
    """Check the folder in which this file is."""
    parser = argparse.ArgumentParser(description="Check this folder of evidence.")
    parser.add_argument("--record", help="the whole record, as `callgate audit export` writes it")
    parser.add_argument("--count", type=int, default=0, help="the number of the event that was kept")
    parser.add_argument("--head", default="", help="its SHA-256")
    asked = parser.parse_args()
    evidence = Evidence(Path(__file__).resolve().parent)
    found = evidence.found(asked.record, asked.count, asked.head.lower())
    sys.stdout.write("".join(line + "\n" for line in found or evidence.told(asked.record, asked.count)))
    return 1 if found else 0


def decisions(events: Iterable[Row]) -> list[Row]:
    """`decisions.json`: each decision of the dialing policy, with the event that recorded it."""
    return [
        {"event": event["id"], "at": event["at"], "at_the": event["event"], "decision": details["decision"]}
        for event, details in detailed(events)
        if "decision" in details
    ]


def history(events: Iterable[Row]) -> list[Row]:
    """`history.json`: what was done, by whom, and from which status to which."""
    names = ("id", "at", "actor", "event", "status_before", "status_after")
    return [
        {
            **{name: event[name] for name in names},
            "details": {name: value for name, value in details.items() if name != "decision"},
        }
        for event, details in detailed(events)
    ]


def slack_messages(events: Iterable[Row], workspace: str) -> list[Row]:
    """`slack.json`: each message as it was posted, with a link where it is in a channel."""
    found, card = [], ""
    for event, details in detailed(events):
        if event["event"] == "told":
            kind, ts = details["kind"], details["ts"]
            card = ts if kind == "card" else card
            link = link_to(workspace, kind, details["channel"], ts, card)
            found.append({"what": WHAT.get(kind, kind), "sent_at": event["at"], "ts": ts, "link": link})
    return found


WHAT = {"thread": "reply in its thread", "direct": "direct message", "channel": "notice to the channel"}


def link_to(workspace: str, kind: str, channel: str, ts: str, card_ts: str) -> str | None:
    """None for a direct message, whose channel nobody is told."""
    if kind == "direct":
        return None
    link = f"{workspace}archives/{channel}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={card_ts}&cid={channel}" if kind == "thread" else link


def stands(events: list[Row]) -> Row:
    """What the events say of how the request stands: of each name that is here, also where they say nothing.

    A reason is here as its hash.
    """
    now: Row = {**dict.fromkeys(STATED), "attempts": 0, "reminders": 0, "approvals": []}
    now |= dict.fromkeys(("card_ts", "forgotten_at") if is_whole(events) else ())
    now |= dict.fromkeys(("end_reason_sha256",) if said_of(events, "state_sha256") else ())
    for event, details in detailed(events):
        name, at = event["event"], event["at"]
        now |= {
            key: details[key] for key in ("call_status", "decision", "end_reason_sha256") if key in details
        }
        now["status"] = event["status_after"]
        now["attempts"] += name == "dialing"
        now["reminders"] += name == "reminded"
        if name in {"approval_given", "approved"}:
            now["approvals"].append({"by": event["actor"], "at": at})
        if name == "approved":
            about = details["payload_sha256"]
            now |= {"approved_by": event["actor"], "approved_at": at, "approved_sha256": about}
        if name in {"placed", "confirmed_placed"}:
            now |= {"placed_at": at, "call_sid": details["call_sid"]}
        if name in ENDED_BY:
            now["ended_by"] = event["actor"]
        if name in FINAL:
            now["finished_at"] = at
        if name == "told" and details["kind"] == "card":
            now["card_ts"] = details["ts"]
        if name == "details_deleted":
            now["forgotten_at"] = at
    return now


def attempts(events: Iterable[Row]) -> list[Row]:
    """What the events say of each dial attempt, with the hashes of texts in place of the texts."""
    found: list[Row] = []
    for event, details in detailed(events):
        if event["event"] == "dialing":
            begun = {"started_at": event["at"], "payload_sha256": details["payload_sha256"]}
            found.append({**begun, "answered_at": None, **dict.fromkeys(ANSWER)})
        elif "conclusion" in details and found:
            kept = {name: value for name, value in found[-1].items() if name not in ANSWER}
            said = {name: details[name] for name in ANSWER if name in details}
            found[-1] = {**kept, "answered_at": event["at"], **said}
    return found


def detailed(events: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each event with its details."""
    return ((event, json.loads(event["details"])) for event in events)


def is_whole(events: Iterable[Row]) -> bool:
    """Whether the record has all that this release records of a request; older ones recorded less."""
    return any(
        "state_sha256" in details for event, details in detailed(events) if event["event"] == "submitted"
    )


def said_of(events: Iterable[Row], name: str) -> list[Any]:
    """What the events say under that name, one after the other."""
    return [details[name] for _, details in detailed(events) if name in details]


class Evidence:
    """The folder. Everything that does not fit is a sentence; so is what cannot be checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unchecked: list[str] = []

    def found(self, record: str | None = None, count: int = 0, head: str = "") -> list[str]:
        """Everything that does not fit, or keeps this from going on."""
        found: list[str] = []
        try:
            for problem in self.problems(record, count, head):
                found.append(problem)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            found.append(f"Something is missing or cannot be read: {type(error).__name__} {error}")
        return found

    def problems(self, record: str | None, count: int, head: str) -> Iterator[str]:
        """Everything that does not fit."""
        yield from self.sums()
        self.files = {
            name: (self.folder / name).read_bytes()
            for name in FILES - {CHAIN}
            if (self.folder / name).exists()
        }
        self.request = self.read("request.json")
        self.submitted, self.now = self.request["submitted"], self.request["now"]
        self.events, self.policy_events = self.rows(EVENTS), self.rows(POLICIES)
        self.whole, self.said = is_whole(self.events), stands(self.events)
        self.deleted = self.said.get("forgotten_at", self.now.get("forgotten_at")) is not None
        self.page = runpy.run_path(str(self.folder / "page.py"))
        for check in (
            self.record, self.way, self.people, self.state, self.deletion, self.payload, self.submission,
            self.attempts, self.messages, self.policies, self.pages,
        ):  # fmt: skip
            yield from check()
        yield from self.chain(count, head)
        if record is not None:
            yield from self.whole_record(record, count, head)

    def sums(self) -> Iterator[str]:
        """Every file is there and as it was written, and no other is."""
        there = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}
        there -= {"audit", SUMS}
        for name in sorted(there - FILES):
            yield f"{name!r} was added."
        for name in sorted(FILES - there - {"payload.json"}):
            yield f"{name} is missing."
        written = (self.folder / SUMS).read_text(encoding="utf-8")
        sums = sums_of({name: sha256_of_file(self.folder / name) for name in there & FILES})
        changed = [line.split()[1] for line in sums.splitlines(keepends=True) if line not in written]
        for name in changed:
            yield f"{name} is not as it was written."
        if written != sums and not changed:
            yield "SHA256SUMS lists other files than these."

    def record(self) -> Iterator[str]:
        """Each event has the hash that follows from what it says, and belongs here, in order."""
        for name, events in ((EVENTS, self.events), (POLICIES, self.policy_events)):
            before = 0
            for event in events:
                if hash_of(event) != event["sha256"] or set(event) != {*HASHED, "sha256"}:
                    yield f"Event {event['id']} is not as it was recorded."
                if event["id"] <= before:
                    yield f"Event {event['id']} is not in its place in {name}."
                before = event["id"]
            if b"".join(json.dumps(event).encode() + b"\n" for event in events) != self.files[name]:
                yield f"{name} is not written as Callgate writes it."
        for event in self.events:
            if event["call_request_id"] != self.submitted["id"]:
                yield f"Event {event['id']} belongs to another request."
        for event in self.policy_events:
            if event["event"] not in OF_POLICIES:
                yield f"Event {event['id']} is about no policy."
        for name in JSON:
            if as_json(self.read(name)) != self.files[name]:
                yield f"{name} is not written as Callgate writes it."
        derived = {"decisions.json": decisions(self.events), "history.json": history(self.events)}
        for name, expected in derived.items():
            if self.read(name) != expected:
                yield f"{name} does not say what the audit events say."
        if set(self.request) != {"submitted", "now"}:
            yield "request.json has more in it than the request."

    def way(self) -> Iterator[str]:
        """Each event begins where the one before ended."""
        status = None
        for event in self.events:
            if event["status_before"] != status:
                yield f"Event {event['id']} does not follow the one before it."
            status = event["status_after"]
        if self.events[0]["event"] != "submitted":
            yield "The record does not begin with the submission."

    def people(self) -> Iterator[str]:
        """Who asked and who approved are those in the record, not the same, and enough."""
        given = [approval["by"] for approval in self.said["approvals"]]
        if self.events[0]["actor"] != self.submitted["requester"]:
            yield "The record names another requester."
        if self.submitted["requester"] in given:
            yield "The requester approved this."
        if self.said["approved_by"] and len(set(given)) < self.page["approvals_needed"](self.request):
            yield "Fewer people approved this than had to."

    def state(self) -> Iterator[str]:
        """How it stands follows from what the events say, and from the hash that each step left."""
        said, now, left = {**self.said}, {**self.now}, said_of(self.events, "state_sha256")
        if self.deleted:
            said |= {"decision": None, "end_reason_sha256": None}
        now["approvals"] = [{**each, "at": utc(each["at"])} for each in now["approvals"]]
        if "end_reason" in now:
            now["end_reason_sha256"] = sha256_of(now.pop("end_reason"))
        covered = set(now) - APART if left else set()
        for name in sorted(set(said) - covered | {"status", "approvals", "approved_by"}):
            if now.get(name) != said[name]:
                yield f"request.json: the record says otherwise of {name.replace('reason_sha256', 'reason')}."
        if left and left[-1] != sha256_of(canonical({k: v for k, v in self.now.items() if k not in APART})):
            yield "request.json does not say how the last event left the request."
        self.cannot_check('request.json, "now"', set(now) - set(said) - covered)

    def deletion(self) -> Iterator[str]:
        """Details are only missing where the record says so. Older releases recorded just how many."""
        if self.deleted and "forgotten_at" not in self.said:
            before = [event for event in self.policy_events if event["at"] >= self.now["forgotten_at"]]
            if not any(said_of(before, "details_deleted")):
                yield "The record knows of no deletion of these details."

    def payload(self) -> Iterator[str]:
        """What was submitted, approved and sent is the same, and payload.json is it."""
        sha256, submissions = self.submitted["payload_sha256"], said_of(self.events, "submission_sha256")
        if {sha256} != set(said_of(self.events, "payload_sha256")):
            yield "Submitted, approved and sent are not the same payload."
        if len(set(submissions)) > 1:
            yield "Submitted and approved are not the same request."
        content = self.files.get("payload.json")
        if self.deleted or content is None:
            if self.deleted != (content is None):
                yield f"payload.json is {'here, though' if self.deleted else 'missing, and was not'} deleted."
            return
        if hashlib.sha256(content).hexdigest() != sha256:
            yield "payload.json is not the payload in the record."
        for name, value in sent(content).items():
            if name in self.submitted and self.submitted[name] != value:
                yield f"payload.json says otherwise of {name}."

    def submission(self) -> Iterator[str]:
        """It is as it was submitted: by its hash or, without one, as far as events and payload tell."""
        prints = said_of(self.events, "submission_sha256")
        if prints and not self.deleted:
            if sha256_of(canonical(self.submitted)) != prints[0]:
                yield "request.json does not say what was submitted."
            return
        first, details = next(detailed(self.events))
        said = {"id": first["call_request_id"], "requester": first["actor"], "created_at": first["at"]}
        said["payload_sha256"] = details["payload_sha256"]
        for name, value in said.items():
            if self.submitted[name] != value:
                yield f"request.json: the record says otherwise of {name}."
        known = {*said, *(() if self.deleted else sent(self.files["payload.json"]))}
        self.cannot_check('request.json, "submitted"', set(self.submitted) - known)

    def attempts(self) -> Iterator[str]:
        """Each dial attempt began, was answered and ended as the record says."""
        both = zip_longest(self.read("attempts.json"), attempts(self.events))
        for number, (row, said) in enumerate(both, start=1):
            if row is None or said is None:
                yield f"Dial attempt {number} is not both in the record and in attempts.json."
                continue
            shown = {**row}
            for text in ("message", "answer"):
                value = shown.pop(text)
                shown[f"{text}_sha256"] = None if value is None else sha256_of(value)
                if self.deleted:
                    said[f"{text}_sha256"] = None
            silent = set(ANSWER) - set(said)
            for name in sorted((set(shown) | set(said)) - silent):
                if shown.get(name, "missing") != said.get(name, "not there"):
                    yield f"Dial attempt {number}: the record says otherwise of {name}."
            self.cannot_check(f"attempts.json, {number}", silent)

    def messages(self) -> Iterator[str]:
        """What Slack was told, and its links but for the address of the workspace."""
        rows = self.read("slack.json")
        links = [row["link"] for row in rows if row["link"]]
        self.workspace = links[0].partition("archives/")[0] if links else "https://"
        told = slack_messages(self.events, self.workspace)
        if not self.workspace.startswith(("https://", "http://")):
            yield "slack.json has links to something else than Slack."
        if rows != told if self.whole else rows[: len(told)] != told:
            yield "slack.json does not say what the audit events say."
        self.cannot_check("slack.json", {row["ts"] for row in rows[len(told) :]})

    def policies(self) -> Iterator[str]:
        """Each policy is the one that was adopted, and the decisions were made by the one in force."""
        changes = [(event, details) for event, details in detailed(self.policy_events) if "policy" in details]
        at_upgrade: list[str] = next(iter(said_of(self.policy_events, "policies")), [])
        rows, before = self.read("policies.json"), None
        named = [{name: row[name] for name in row if name != "policy"} for row in rows]
        if named != [{"name": d["policy"], "sha256": d["sha256"], "adopted_at": e["at"]} for e, d in changes]:
            yield "policies.json: these are not the policies that the record names."
        prints = [details.get("policy_sha256") for _, details in changes]
        without = prints.count(None)
        prints[:without] = at_upgrade[:without]
        if [sha256_of(canonical(row["policy"])) for row in rows] != prints:
            yield "policies.json: a policy does not say what it said when it was adopted."
        for event, details in changes:
            if details["before"] != before:
                yield f"Event {event['id']}: the policy before it is not here."
            before = details["sha256"]
        for said in decisions(self.events):
            name = said["decision"]["policy"]
            adopted = [d["policy"] for event, d in changes if event["id"] < said["event"]]
            if not adopted and not self.whole:
                self.cannot_check("policies.json", {name})
            elif name not in adopted[-1:]:
                yield f"Event {said['event']} was decided by another policy than the one in force."

    def pages(self) -> Iterator[str]:
        """What is for reading is made of the other files."""
        for name, content in self.page["pages"](self.files).items():
            if self.files[name] != content:
                yield f"{name} does not show what the files say."

    def chain(self, count: int, head: str) -> Iterator[str]:
        """Each link follows the one before, and the events are links of it."""
        first = self.events[0]["id"]
        ours = (*self.policy_events, *self.events)
        missing = {event["id"]: event for event in ours if event["id"] >= first}
        after, kept = (first, self.events[0]["previous_sha256"]), None
        with (self.folder / CHAIN).open(encoding="utf-8") as file:
            for link in map(json.loads, file):
                if (link["id"], link["previous_sha256"]) != after:
                    yield f"Link {link['id']} of the chain does not follow the one before."
                event = missing.pop(link["id"], link)
                if link != {name: event[name] for name in ("id", "previous_sha256", "sha256")}:
                    yield f"Event {link['id']} is another one in the chain."
                kept = link["sha256"] if link["id"] == count else kept
                after = (link["id"] + 1, link["sha256"])
        self.last = after[0] - 1, after[1]
        for number in sorted(missing):
            yield f"Event {number} is not in the chain."
        if count and kept is None:
            yield f"The chain goes from event {first} to {self.last[0]}, without event {count}."
        elif count and kept != head:
            yield f"Event {count} does not have the hash that was kept."

    def whole_record(self, name: str, count: int, head: str) -> Iterator[str]:
        """The events here, no more and no fewer of this request, are in the record, of which each follows."""
        missing = {event["id"]: event["sha256"] for event in (*self.policy_events, *self.events)}
        number, after, kept = 0, "0" * 64, ""
        with Path(name).open(encoding="utf-8") as file:
            for number, event in enumerate(map(json.loads, file), start=1):
                fits = event["sha256"] == hash_of(event)
                if not fits or (event["id"], event["previous_sha256"]) != (number, after):
                    yield f"The record: event {number} is not as it was recorded."
                after = event["sha256"]
                if missing.pop(number, None) != (after if self.is_ours(event) else None):
                    yield f"The record: event {number} is not the same here."
                kept = after if number == count else kept
        for other in sorted(missing):
            yield f"The record does not have event {other}."
        if count and kept != head:
            yield f"The record: event {count} does not have the hash that was kept."

    def is_ours(self, event: Row) -> bool:
        """Whether it belongs here: this request's, and those of policies until its last."""
        if event["event"] in OF_POLICIES:
            return event["event"] == "baseline" or bool(event["id"] < self.events[-1]["id"])
        return bool(event["call_request_id"] == self.submitted["id"])

    def told(self, record: str | None, count: int) -> Iterator[str]:
        """What holds, what could not be checked, and what this cannot know."""
        yield f"{self.submitted['id']} matches the record as it was given to you: {len(self.events)} events."
        if self.deleted:
            yield f"Its details were deleted at {self.now['forgotten_at']}; only hashes are left of them."
        else:
            yield f"Wherever the record names a payload, it is this one: {self.submitted['payload_sha256']}"
        yield f"The chain leads from event {self.events[0]['id']} to {self.last[0]}, {self.last[1]}"
        if not self.whole:
            yield "An older release began this request, and its record has less."
        for name in self.unchecked:
            yield f"Not checked, because the record does not have it: {name}."
        yield "What this cannot know:"
        if record is None:
            yield "- that no event was left out and the record was not written anew: other events' hashes are"
            yield "  taken as given in the chain, and events of policies from before it are not in it at all."
            yield "  Add --record, the file that `callgate audit export` writes."
        if record is None or not count:
            yield "- that the record as a whole was not made up. Add --count and --head, kept elsewhere."
        yield f"- who a Slack id is, what was said, that Slack ({self.workspace}) still shows the messages."
        yield "- that check.py and page.py are Callgate's. Compare their SHA-256 with the release's notes:"
        for name in PROGRAMS:
            yield f"  {hashlib.sha256(self.files[name]).hexdigest()}  {name}"

    def cannot_check(self, where: str, names: set[str]) -> None:
        """Remember what the record has nothing about."""
        if names:
            self.unchecked.append(
                f"{where}: {', '.join(sorted(name.removesuffix('_sha256') for name in names))}"
            )

    def read(self, name: str) -> Any:
        """A file of JSON."""
        return json.loads(self.files[name])

    def rows(self, name: str) -> list[Row]:
        """A file of one JSON object a line."""
        return [json.loads(line) for line in self.files[name].splitlines()]


def sent(payload: bytes) -> Row:
    """What the payload says, but for our own id among the metadata."""
    body = json.loads(payload)
    return {**body, "metadata": {k: v for k, v in body["metadata"].items() if k != "callgate_request_id"}}


def as_json(value: Any) -> bytes:
    """The bytes of a file of JSON."""
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return text.encode(
        "utf-8", "backslashreplace"
    )  # text that somebody damaged must be seen, and stop nothing


def sums_of(sha256_by_name: Row) -> str:
    """The text of SHA256SUMS."""
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(sha256_by_name.items()))


def hash_of(event: Row) -> str:
    """The SHA-256 that an event must have."""
    return sha256_of(json.dumps([event[name] for name in HASHED], separators=(",", ":")))


def canonical(value: Any) -> str:
    """JSON as hashes are made of it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def utc(at: str) -> str:
    """A time as the events have it."""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).isoformat(timespec="microseconds")


def sha256_of(text: str) -> str:
    """Of text, in lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
