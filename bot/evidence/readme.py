"""The README of the evidence: what is in the folder, and how to check it."""

from __future__ import annotations

from storage.case import Case

_TEXT = """\
Evidence of the call request {id}

CONFIDENTIAL: this folder has the recipient's full number and everything that was said to the voice agent.

index.html           all of it on one page, to read or to print
request.json         the request as it was submitted, and as it stands
{payload}
decisions.json       each decision of the dialing policy: the rules, the recipient's local times, what spoke
                     against the call and why, each with the event that recorded it
policies.json        the dialing policies themselves that were in force until then
attempts.json        each attempt to place the call: when it was sent, PolyAI's answer and correlation id
history.json         who did what and when, from the form to the outcome
slack.json           the messages in Slack, with links
audit/events.jsonl   this request's audit events as they are stored
audit/chain.jsonl    number and hashes of every event from the first of this request to the last of all
check.py             checks all of it; a short program that anybody can read
SHA256SUMS           the hashes of the files

How to check it, without Callgate

1. sha256sum -c SHA256SUMS
   says whether a file was damaged. It does not protect against somebody who also wrote SHA256SUMS anew.
2. python3 check.py
   holds the files against the audit events, and those against the chain. Each audit event has the SHA-256
   of the JSON array [previous_sha256, id, call_request_id, at, actor, event, status_before, status_after,
   details], in ASCII and without spaces; previous_sha256 is the hash of the event before, of whichever
   request. So no event can be changed, added or taken away without every later hash being another one. The
   events of the submission, the approval and the dial have the SHA-256 of the payload, the first one also
   that of the request as it was submitted (its JSON in request.json, keys sorted, without spaces).
3. python3 check.py --count N --head SHA256
   with the number and the hash of an event, from {first} on, that was kept where nobody who can write the
   database can write (`callgate audit verify` prints them). Only this shows that the chain itself was not
   made up later.

What it cannot show: that a Slack user id belonged to a certain person, what was said in the call, and
anything that happened outside of Callgate. People are named by their Slack user ids, times are UTC.
"""
_PAYLOAD = (
    "payload.json         the exact bytes that an approval is about and that are sent; SHA-256 {sha256}"
)
_DELETED = "(payload.json)       its details and the payload were deleted at {at}; its SHA-256 was {sha256}"


def readme(case: Case) -> str:
    """As text."""
    request, first = case.request, case.events[0].id
    payload = _PAYLOAD if request.forgotten_at is None else _DELETED
    return _TEXT.format(
        id=request.id,
        payload=payload.format(sha256=request.payload_sha256, at=request.forgotten_at),
        first=first,
    )
