"""Checks this folder of evidence. It needs Python 3.10 or later and nothing else:

    python3 check.py
    python3 check.py --count 1204 --head 9f2c...     with a head of the record that was kept elsewhere

It names everything that does not fit, and ends with exit status 1 if there is anything, else 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

Row = dict[str, Any]

HASHED = (
    "previous_sha256", "id", "call_request_id", "at", "actor", "event", "status_before", "status_after",
    "details",
)  # fmt: skip
"""Of these values, as a JSON array in ASCII without spaces, an event's `sha256` is made."""


def main() -> int:
    """Check the folder in which this file is."""
    parser = argparse.ArgumentParser(description="Check this folder of evidence.")
    parser.add_argument("--count", type=int, default=0, help="the number of the event that was kept")
    parser.add_argument("--head", default="", help="its SHA-256")
    kept = parser.parse_args()
    try:
        evidence = Evidence(Path(__file__).resolve().parent)
        problems = [*evidence.problems(), *evidence.problems_with_head(kept.count, kept.head.lower())]
        told = problems or evidence.told()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration) as error:
        problems = told = [f"A file is missing or cannot be read: {error!r}"]
    sys.stdout.write("".join(line + "\n" for line in told))
    return 1 if problems else 0


def decisions(events: Iterable[Row]) -> list[Row]:
    """Each decision of the dialing policy, with the event that recorded it."""
    return [
        {"event": event["id"], "at": event["at"], "at_the": event["event"], "decision": details["decision"]}
        for event, details in detailed(events)
        if "decision" in details
    ]


def history(events: Iterable[Row]) -> list[Row]:
    """What was done, by whom, and from which status to which."""
    names = ("id", "at", "actor", "event", "status_before", "status_after")
    return [
        {
            **{name: event[name] for name in names},
            "details": {name: value for name, value in details.items() if name != "decision"},
        }
        for event, details in detailed(events)
    ]


def detailed(events: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each event with its details."""
    return ((event, json.loads(event["details"])) for event in events)


class Evidence:
    """The folder. Everything that does not fit is a sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.request = self.read("request.json")
        self.now: Row = self.request["now"]
        self.events = list(self.lines("audit/events.jsonl"))
        self.first, self.head = self.ends()

    def problems(self) -> Iterator[str]:
        """Everything that does not fit."""
        for check in (self.files, self.record, self.chain, self.people, self.payload, self.attempts):
            yield from check()
        if self.read("decisions.json") != decisions(self.events):
            yield "decisions.json does not say what the audit events say."
        if self.read("history.json") != history(self.events):
            yield "history.json does not say what the audit events say."

    def files(self) -> Iterator[str]:
        """Every file is there and as it was written, and no other is."""
        listed: Row = {}
        for line in self.text("SHA256SUMS").splitlines():
            sha256, _, name = line.partition("  ")
            listed[name] = sha256
        there = {
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        }
        for name in sorted(there - set(listed) - {"SHA256SUMS"}):
            yield f"{name} was added."
        for name, sha256 in sorted(listed.items()):
            if name not in there:
                yield f"{name} is missing."
            elif sha256_of_file(self.folder / name) != sha256:
                yield f"{name} is not as it was written."

    def record(self) -> Iterator[str]:
        """Each event has the hash that follows from what it says, and is one of this request's."""
        for event in self.events:
            values = json.dumps([event[name] for name in HASHED], separators=(",", ":"))
            if sha256_of(values) != event["sha256"]:
                yield f"Event {event['id']} is not as it was recorded."
            if event["call_request_id"] != self.now["id"]:
                yield f"Event {event['id']} belongs to another request."

    def chain(self) -> Iterator[str]:
        """Each link follows the one before, and the events are links of it."""
        missing = {event["id"]: event["sha256"] for event in self.events}
        after = (self.first["id"], self.first["previous_sha256"])
        for link in self.lines("audit/chain.jsonl"):
            if (link["id"], link["previous_sha256"]) != after:
                yield f"Link {link['id']} of the chain does not follow the one before."
            if missing.pop(link["id"], link["sha256"]) != link["sha256"]:
                yield f"Event {link['id']} is another one in the chain."
            after = (link["id"] + 1, link["sha256"])
        for number in sorted(missing):
            yield f"Event {number} is not in the chain."
        if self.first["id"] != self.events[0]["id"]:
            yield "The chain does not begin with the first event of this request."
        if self.first["id"] == 1 and self.first["previous_sha256"] != "0" * 64:
            yield "The first event of all follows nothing."

    def problems_with_head(self, count: int, head: str) -> Iterator[str]:
        """The event that was kept elsewhere is here, and as it was."""
        if not count and not head:
            return
        kept = next((link for link in self.lines("audit/chain.jsonl") if link["id"] == count), None)
        if kept is None:
            yield f"The chain goes from event {self.first['id']} to {self.head['id']}, without event {count}."
        elif kept["sha256"] != head:
            yield f"Event {count} does not have the hash that was kept."

    def people(self) -> Iterator[str]:
        """Who asked and who approved are those in the record, and not the same; the status is its last."""
        given = self.actors("approval_given", "approved")
        if self.actors("submitted") != [self.now["requester"]]:
            yield "The record names another requester."
        if [approval["by"] for approval in self.now["approvals"]] != given:
            yield "The record names other approvers."
        if [self.now["approved_by"] or ""] != (self.actors("approved") or [""]):
            yield "The record names another last approver."
        if self.now["requester"] in given:
            yield "The requester approved this."
        if self.events[-1]["status_after"] != self.now["status"]:
            yield "The record ends with another status."

    def payload(self) -> Iterator[str]:
        """What was submitted, approved and sent is the same, and the request is as it was submitted."""
        sha256, submission = self.now["payload_sha256"], None
        for event, details in detailed(self.events):
            submission = details.get("submission_sha256", submission)
            if details.get("payload_sha256", sha256) != sha256:
                yield f"Event {event['id']} is about another payload."
        if self.now["forgotten_at"]:
            return  # what was deleted cannot be checked
        if sha256_of_file(self.folder / "payload.json") != sha256:
            yield "payload.json is not the payload in the record."
        submitted = json.dumps(self.request["submitted"], sort_keys=True, separators=(",", ":"))
        if submission not in (None, sha256_of(submitted)):
            yield "request.json does not say what was submitted."

    def attempts(self) -> Iterator[str]:
        """Each dial attempt began, was answered and ended as the record says."""
        written = self.read("attempts.json")
        for number, (attempt, said) in enumerate(zip_longest(written, self.recorded_attempts()), start=1):
            if attempt is None or said is None:
                yield f"Dial attempt {number} is not both in the record and in attempts.json."
                continue
            answer = attempt["answer"]
            shown = {**attempt, "answer_sha256": None if answer is None else sha256_of(answer)}
            for name in sorted(set(said) & set(shown)):
                if shown[name] != said[name]:
                    yield f"Dial attempt {number}: the record says otherwise of {name}."

    def recorded_attempts(self) -> list[Row]:
        """What the audit events say of each dial attempt."""
        found: list[Row] = []
        for event, details in detailed(self.events):
            if event["event"] == "dialing":
                begun = {"started_at": event["at"], "payload_sha256": details["payload_sha256"]}
                found.append({**begun, "answered_at": None, "conclusion": None})
            elif "conclusion" in details and found:
                found[-1] |= {**details, "answered_at": event["at"]}
        if self.now["forgotten_at"]:
            found = [{**said, "answer_sha256": None} for said in found]
        return found

    def actors(self, *names: str) -> list[str]:
        """Who did that, in order."""
        return [event["actor"] for event in self.events if event["event"] in names]

    def told(self) -> list[str]:
        """What holds, and what to compare with a head that was kept elsewhere."""
        payload = f"Wherever the record names a payload, it is this one: {self.now['payload_sha256']}"
        if self.now["forgotten_at"]:
            payload = f"Its details were deleted at {self.now['forgotten_at']}; only hashes are left of them."
        return [
            f"Everything here is as it was recorded: {len(self.events)} events of {self.now['id']}.",
            payload,
            f"The chain leads from event {self.first['id']} to {self.head['id']}, {self.head['sha256']}",
            "To compare it with a head that was kept elsewhere: check.py --count N --head SHA256",
        ]

    def ends(self) -> tuple[Row, Row]:
        """The first and the last link of the chain."""
        links = self.lines("audit/chain.jsonl")
        first = next(links)
        return first, (deque(links, maxlen=1) or [first])[0]

    def read(self, name: str) -> Any:
        """A file of JSON."""
        return json.loads(self.text(name))

    def lines(self, name: str) -> Iterator[Row]:
        """A file of one JSON object a line."""
        with (self.folder / name).open(encoding="utf-8") as file:
            yield from map(json.loads, file)

    def text(self, name: str) -> str:
        """A file of text."""
        return (self.folder / name).read_text(encoding="utf-8")


def sha256_of(text: str) -> str:
    """In lower-case hex."""
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
