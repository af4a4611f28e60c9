"""The evidence as one page, to read and to print. It is for the owner of the data: the number is in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from bot.domain.call_request import CallRequest
from bot.domain.countries import country
from bot.domain.phone_number import PhoneNumber
from bot.domain.policy.decision import Decision
from bot.evidence import check
from bot.evidence.html import Child, document, facts, table, tag
from bot.evidence.links import slack_messages
from bot.evidence.style import STYLE
from storage.case import Case


def page(case: Case) -> str:
    """The whole page; everything typed is shown as it was typed, and nothing is loaded from anywhere."""
    title = f"Call request {case.request.id}"
    return document(title, STYLE, tag("h1", title), _warning(case.request), *_sections(case))


def _warning(request: CallRequest) -> Element:
    if request.forgotten_at is not None:
        return tag("p", f"The details of this request were deleted at {_time(request.forgotten_at)}.")
    return tag("p", "Confidential: the recipient's full number and the whole payload are on this page.")


def _sections(case: Case) -> Iterator[Child]:
    request = case.request
    said = check.decisions(map(vars, case.events))
    decisions = [Decision.model_validate(each["decision"]) for each in said]
    yield from _section("The request as it was submitted", _request(request), _metadata(request))
    yield from _section("Ground", _ground(request, decisions))
    yield from _section("Decisions of people", _people(request))
    for number, (each, decision) in enumerate(zip(said, decisions, strict=True), start=1):
        heading = f"Decision {number} of the dialing policy: {_words(each['at_the'])}"
        yield from _section(heading, _decision(decision), _violations(decision))
    yield from _section("What was sent", *_payload(request))
    yield from _section("Attempts and PolyAI's answers", _attempts(case))
    yield from _section("What happened", _history(case))
    yield from _section("Messages in Slack", _messages(case))
    yield from _section("The record", *_record(case))


def _section(heading: str, *content: Child) -> tuple[Child, ...]:
    return tag("h2", heading), *content


def _request(request: CallRequest) -> Element:
    place = country(request.region)
    return facts(
        (
            ("Status now", _words(request.status.value)),
            ("Asked by", request.requester),
            ("Asked at", _time(request.created_at)),
            ("In channel", request.origin_channel),
            ("Number", _number(request)),
            ("As typed", request.number_as_typed),
            ("Country", place.name if place else request.region),
            ("Kind of number", request.number_type.label),
            ("Time zone stated", request.zone),
            ("Known by", request.zone_known_by),
            ("Not before", _time(request.not_before)),
            ("Purpose", request.purpose.label),
            ("Why", request.why),
            ("Encryption", request.encryption.value),
            ("Also open then", _also_open(request)),
        )
    )


def _also_open(request: CallRequest) -> str | None:
    if request.also_open is None:
        return None
    named = [f"{each.id} by {each.requester} ({_words(each.status)})" for each in request.also_open.oldest]
    more = [f"{request.also_open.more} more"] if request.also_open.more else []
    return "; ".join([*named, *more])


def _number(request: CallRequest) -> str:
    if request.forgotten_at is not None:
        return f"{request.to_number} (the rest was deleted)"
    return PhoneNumber(request.to_number, request.region, request.number_as_typed).international


def _metadata(request: CallRequest) -> Element:
    return table(("Metadata", "Value"), sorted(request.metadata.items()))


def _ground(request: CallRequest, decisions: list[Decision]) -> Element:
    """The consent that was stated; where none was, whether the policy asked for one the last time."""
    kind, asked = request.consent_kind, decisions[-1].consent if decisions else None
    if kind:
        stated = kind.label
    elif asked is None:
        stated = "none stated; whether the policy asked for one is not on record"
    elif asked:
        stated = "none stated, though the policy asks for one"
    else:
        stated = f"not needed for this call ({request.purpose.label.lower()}) by the policy; none stated"
    return facts(
        (
            ("Consent", stated),
            ("What the policy asked", "; ".join(asked or ())),
            ("As it was shown", request.consent_text),
            ("Reference", request.consent_reference),
        )
    )


def _people(request: CallRequest) -> Element:
    given = [(f"Approval {n}", each.by, each.at) for n, each in enumerate(request.approvals, start=1)]
    ended = [(f"Ended: {_words(request.status.value)}", request.ended_by, request.finished_at)]
    people = [*given, *(ended if request.ended_by else [])]
    rows = [(what, by or "", _time(at)) for what, by, at in people]
    needed = tag("p", f"Approvals needed: {request.approvals_needed}")
    reason = facts([("Reason", request.end_reason)])
    return tag("div", needed, table(("What", "Who", "When"), rows), reason)


def _decision(decision: Decision) -> Element:
    earliest, latest = decision.earliest, decision.latest
    return facts(
        (
            ("At", _time(decision.at)),
            ("Rules", decision.policy),
            ("The call", "may be placed now" if decision.allowed else "may not be placed now"),
            ("Time zones", ", ".join(decision.zones)),
            ("Earliest local time", f"{earliest.at.isoformat()} ({earliest.zone})" if earliest else None),
            ("Latest local time", f"{latest.at.isoformat()} ({latest.zone})" if latest else None),
            ("Calling windows", "; ".join(decision.hours)),
            ("Consent", _asked(decision)),
            ("Next allowed", _time(decision.next_allowed)),
        )
    )


def _asked(decision: Decision) -> str | None:
    """The consent rules that applied; None where the decision is older than their record."""
    return None if decision.consent is None else "; ".join(decision.consent) or "not needed by the policy"


def _violations(decision: Decision) -> Element:
    rows = [
        (_words(each.rule.value), each.reason, each.cure, each.source, _time(each.until))
        for each in decision.violations
    ]
    return (
        table(("Rule", "Reason", "Cure", "Source", "Until"), rows) if rows else tag("p", "No rule is broken.")
    )


def _payload(request: CallRequest) -> Iterator[Element]:
    yield facts(
        (
            ("SHA-256", request.payload_sha256),
            ("SHA-256 approved", request.approved_sha256),
            ("call_sid", request.call_sid),
        )
    )
    if request.forgotten_at is None:
        yield tag("pre", request.payload.decode("utf-8", "replace"))


def _attempts(case: Case) -> Element:
    heads = ("Sent (UTC)", "Answered (UTC)", "Conclusion", "HTTP", "Correlation id", "Answer")
    rows = (
        (
            _second(row["started_at"]),
            _second(row["answered_at"]),
            _words(row["conclusion"] or "none"),
            str(row["http_status"] or ""),
            _code(row["correlation_id"]),
            _code(row["answer"] or row["message"]),
        )
        for row in case.attempts
    )
    return table(heads, rows)


def _history(case: Case) -> Element:
    rows = [
        (
            str(each["id"]),
            _second(each["at"]),
            each["actor"],
            _words(each["event"]),
            _words(each["status_after"] or ""),
            _code(json.dumps(each["details"], ensure_ascii=False) if each["details"] else None),
        )
        for each in check.history(map(vars, case.events))
    ]
    return table(("Event", "At (UTC)", "Who", "What", "Status then", "Details"), rows)


def _messages(case: Case) -> Element:
    rows = [
        (each["what"], _second(each["sent_at"]), each["ts"], _link(each["link"]))
        for each in slack_messages(case)
    ]
    return table(("Message", "Last sent (UTC)", "ts", "Link"), rows)


def _link(address: str | None) -> Child:
    return tag("a", address, href=address, rel="noreferrer") if address else ""


def _record(case: Case) -> Iterator[Element]:
    yield table(
        ("Event", "SHA-256 of the event before", "SHA-256"),
        ((str(event.id), _code(event.previous_sha256), _code(event.sha256)) for event in case.events),
    )
    yield tag(
        "p", "README.txt says how these hashes are made, and check.py checks them to the end of the chain."
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _code(value: str | None) -> Child:
    return tag("code", value) if value else ""


def _second(at: str | None) -> str:
    """A stored time, to the second; the exact one is in the files."""
    return (at or "")[:19].replace("T", " ")


def _time(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(sep=" ", timespec="seconds")
