"""The two files of the evidence that are for reading, made of nothing but the other files.

It needs Python 3.10 or later and nothing else: `check.py` makes both anew and compares every byte. The page
is for the owner of the data: the number is in full. It says what the files say, in their words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, tostring

Row = dict[str, Any]
Child = Element | str


def pages(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """`index.html` and `README.txt`, from the content of each other file but the chain, by its name."""
    request = json.loads(files["request.json"])
    made = {"index.html": _page(files, request), "README.txt": _readme(request)}
    return {name: text.encode("utf-8", "backslashreplace") for name, text in made.items()}


def approvals_needed(request: Row) -> int:
    """How many different people had to approve it; the number may have been raised while it waited."""
    return int(max(request["submitted"]["approvals_required"], request["now"].get("approvals_raised_to", 1)))


def _readme(request: Row) -> str:
    submitted, deleted = request["submitted"], request["now"].get("forgotten_at")
    payload = _DELETED if deleted else _PAYLOAD
    return _README.format(
        id=submitted["id"], payload=payload.format(sha256=submitted["payload_sha256"], at=deleted)
    )


def _page(files: Mapping[str, bytes], request: Row) -> str:
    """The whole page; everything typed is shown as it was typed, and nothing is loaded from anywhere."""
    title = f"Call request {request['submitted']['id']}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name_="robots", content="noindex"),
        tag("title", title),
        tag("style", _STYLE),
    )
    body = tag("body", tag("h1", title), _warning(request["now"]), *_sections(files, request))
    return "<!doctype html>\n" + tostring(tag("html", head, body, lang="en"), "unicode", method="html") + "\n"


def _warning(now: Row) -> Element:
    if "forgotten_at" in now:
        return tag("p", f"The details of this request were deleted at {now['forgotten_at']}.")
    return tag("p", "Confidential: the recipient's full number and the whole payload are on this page.")


def _sections(files: Mapping[str, bytes], request: Row) -> Iterator[Child]:
    submitted, now = request["submitted"], request["now"]
    ground = {name: value for name, value in submitted.items() if name.startswith("consent")}
    apart = {"metadata", "refused_before", *ground}
    asked = {name: value for name, value in submitted.items() if name not in apart}
    metadata = table(("Metadata", "Value"), sorted(submitted["metadata"].items()))
    yield from _section("The request as it was submitted (times are UTC)", facts(asked), metadata)
    if "refused_before" in submitted:
        yield from _section("Asked for before, and refused", _refused(submitted["refused_before"]))
    decisions = json.loads(files["decisions.json"])
    yield from _section("Ground", facts(ground or {"consent": _none_stated(decisions)}))
    yield from _section("Decisions of people", *_people(request))
    shown = {name: value for name, value in now.items() if name not in {"approvals", "decision"}}
    yield from _section("How it stands (times are UTC)", facts(shown))
    for number, said in enumerate(decisions, start=1):
        heading = f"Decision {number} of the dialing policy: {_words(said['at_the'])}"
        yield from _section(heading, *_decision(said["decision"]))
    yield from _section("What was sent", *_sent(files.get("payload.json"), submitted, now))
    yield from _section("Attempts and PolyAI's answers", _attempts(json.loads(files["attempts.json"])))
    yield from _section("What happened", _history(json.loads(files["history.json"])))
    yield from _section("Messages in Slack", _messages(json.loads(files["slack.json"])))
    yield from _section("The record", *_record(files["audit/events.jsonl"]))


def _section(heading: str, *content: Child) -> tuple[Child, ...]:
    return tag("h2", heading), *content


def _refused(refusals: Iterable[Row]) -> Element:
    rows = [(each["by"], each["at"], _words(each["purpose"]), _words(each["rules"])) for each in refusals]
    return table(("By", "At (UTC)", "As", "Rules that refused it"), rows)


def _none_stated(decisions: Sequence[Row]) -> str:
    """Where no consent was stated: whether the policy asked for one, by its last decision."""
    asked = decisions[-1]["decision"].get("consent") if decisions else None
    if asked is None:
        return "none stated; whether the policy asked for one is not on record"
    return "none stated, though the policy asks for one" if asked else "none stated; the policy asks for none"


def _people(request: Row) -> Iterator[Element]:
    now = request["now"]
    yield tag("p", f"Approvals needed: {approvals_needed(request)}")
    rows = [(f"Approval {n}", each["by"], each["at"]) for n, each in enumerate(now["approvals"], start=1)]
    if "ended_by" in now:
        rows.append((f"Ended: {_words(now['status'])}", now["ended_by"], now.get("finished_at", "")))
    yield table(("What", "Who", "When (UTC)"), rows)


def _decision(decision: Row) -> Iterator[Element]:
    broken = decision.get("violations", [])
    said = {"the call": "may not be placed now" if broken else "may be placed now", **decision}
    for name in ("earliest", "latest"):
        if name in said:
            said[name] = f"{said[name]['at']} ({said[name]['zone']})"
    if said.get("consent") == []:
        said["consent"] = "the policy asks for none"
    said.pop("violations", None)
    yield facts(said)
    names = ("rule", "reason", "cure", "source", "until")
    rows = [
        [_words(each.get(name)) if name == "rule" else each.get(name, "") for name in names]
        for each in broken
    ]
    yield table(tuple(map(_label, names)), rows) if rows else tag("p", "No rule is broken.")


def _sent(payload: bytes | None, submitted: Row, now: Row) -> Iterator[Element]:
    approved = {"SHA-256 approved": now.get("approved_sha256"), "call_sid": now.get("call_sid")}
    yield facts({"SHA-256": submitted["payload_sha256"], **approved})
    if payload is not None:
        yield tag("pre", payload.decode("utf-8", "replace"))


def _attempts(attempts: Iterable[Row]) -> Element:
    heads = (
        "Sent (UTC)",
        "Answered (UTC)",
        "Conclusion",
        "HTTP",
        "call_sid",
        "Correlation id",
        "Message",
        "Answer",
    )
    rows = (
        (
            _second(each["started_at"]),
            _second(each["answered_at"]),
            _words(each["conclusion"] or "none"),
            str(each["http_status"] or ""),
            *(_code(each[name]) for name in ("call_sid", "correlation_id", "message", "answer")),
        )
        for each in attempts
    )
    return table(heads, rows)


def _history(history: Iterable[Row]) -> Element:
    rows = (
        (
            str(each["id"]),
            _second(each["at"]),
            each["actor"],
            _words(each["event"]),
            _words(each["status_after"] or ""),
            _code(json.dumps(each["details"], ensure_ascii=False) if each["details"] else None),
        )
        for each in history
    )
    return table(("Event", "At (UTC)", "Who", "What", "Status then", "Details"), rows)


def _messages(messages: Iterable[Row]) -> Element:
    rows = ((each["what"], _second(each["sent_at"]), each["ts"], _link(each["link"])) for each in messages)
    return table(("Message", "Sent (UTC)", "ts", "Link"), rows)


def _link(address: str | None) -> Child:
    return tag("a", address, href=address, rel="noreferrer") if address else ""


def _record(events: bytes) -> Iterator[Element]:
    rows = [
        (str(event["id"]), _code(event["previous_sha256"]), _code(event["sha256"]))
        for event in map(json.loads, events.splitlines())
    ]
    yield table(("Event", "SHA-256 of the event before", "SHA-256"), rows)
    yield tag("p", "README.txt says how these hashes are made, and check.py checks them.")


def _words(name: Any) -> str:
    """A name of the files as a person reads it; several with commas."""
    return ", ".join(map(_words, name)) if isinstance(name, list) else str(name).replace("_", " ")


def _label(name: str) -> str:
    return name if name[:1].isupper() else _words(name).capitalize()


def _code(value: str | None) -> Child:
    return tag("code", value) if value else ""


def _second(at: str | None) -> str:
    """A stored time, to the second; the exact one is in the files."""
    return (at or "")[:19].replace("T", " ")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def facts(values: Row) -> Element:
    """A table of two columns; what is not there is left out."""
    rows = ((_label(name), _text(value)) for name, value in values.items() if value not in (None, "", []))
    return tag("table", *(tag("tr", tag("th", label, scope="row"), tag("td", text)) for label, text in rows))


def table(heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    """A table with a line of heads."""
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("table", head, body)


def tag(name: str, *children: Child, **attributes: str) -> Element:
    """An element; strings among the children are text, never markup. `name_` is the attribute `name`."""
    element = Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if not isinstance(child, str):
            element.append(child)
            last = child
        elif last is None:
            element.text = (element.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return element


_PAYLOAD = (
    "payload.json          the exact bytes that an approval is about and that are sent; SHA-256 {sha256}"
)
_DELETED = "(payload.json)        its details and the payload were deleted at {at}; its SHA-256 was {sha256}"
_README = """\
Evidence of the call request {id}

CONFIDENTIAL: this folder has the recipient's full number and everything that was said to the voice agent.

index.html            all of it on one page, to read or to print
request.json          the request as it was submitted, and how it stands
{payload}
decisions.json        each decision of the dialing policy: the rules, the recipient's local times, what spoke
                      against the call and why, each with the event that recorded it
policies.json         the dialing policies themselves that were in force until then
attempts.json         each attempt to place the call: when it was sent, PolyAI's answer and correlation id
history.json          who did what and when, from the form to the outcome
slack.json            the messages in Slack, with links
audit/events.jsonl    this request's audit events as they are stored
audit/policies.jsonl  the audit events of the policies
audit/chain.jsonl     number and hashes of every event from the first of this request to the last of all
check.py              checks all of it; a short program that anybody can read
page.py               makes index.html and this file out of the others; check.py compares them
SHA256SUMS            the hashes of the files

How to check it, without Callgate

1. sha256sum check.py page.py
   has to print what CHANGELOG.md of Callgate says for the release that wrote this folder: whoever can
   change the evidence can change these two as well.
2. sha256sum -c SHA256SUMS
   says whether a file was damaged. It does not protect against somebody who also wrote SHA256SUMS anew.
3. python3 -I check.py
   derives every file from the audit events and what they carry the hashes of, and compares (-I keeps
   files that somebody put beside it from taking the place of Python's own). Each audit event
   has the SHA-256 of the JSON array [previous_sha256, id, call_request_id, at, actor, event, status_before,
   status_after, details], in ASCII and without spaces; previous_sha256 is the hash of the event before, of
   whichever request. The events carry the SHA-256 of the payload, of the request as it was submitted
   ("submitted" in request.json), of its state after each step ("now", without what the events say
   themselves), of each policy and of each answer; objects as JSON in ASCII, keys sorted, without spaces.
4. python3 -I check.py --record record.jsonl --count N --head SHA256
   holds it against the whole record too, as `callgate audit export` writes it, and that against the number
   and the hash of an event that were kept where nobody who can write the database can write
   (`callgate audit verify` prints them). Only this shows that no event of this request was left out, and
   that nothing was made up later: between its events lie those of others, and their hashes cannot be made
   from what is in this folder.

What it cannot show: that a Slack user id belonged to a certain person, what was said in the call, that Slack
still shows the messages, and anything that happened outside of Callgate. People are named by their Slack
user ids.
"""
_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; border-bottom: 1px solid #999; break-after: avoid; }
h1 + p { border: 2px solid #a00; padding: .5rem .8rem; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #ddd; }
th { font-weight: 600; white-space: nowrap; }
td, pre { overflow-wrap: break-word; unicode-bidi: plaintext; white-space: pre-wrap; }
a, code { overflow-wrap: anywhere; }
code { font-size: .9em; }
pre { background: #f4f4f4; padding: .6rem; }
tr { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } a { color: inherit; } }
"""
