"""What a whole channel is told, outside any request's thread."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.command_name import command
from bot.domain.freeze import LIFTS_NEEDED, lifts, people_needed
from bot.domain.move import CALLGATE, Line
from bot.domain.suppression import agrees
from bot.slack.show.message import SlackMessage, paragraph
from bot.slack.show.text import Data, Element, filled, text, user


def channel_line(line: Line) -> SlackMessage:
    """The line as a message. What people wrote stands in it as they wrote it."""
    made = _LINES[line.name]
    return paragraph(*(filled(made, line.data) if isinstance(made, str) else made(line.data)))


def _dialing_stopped(data: Data) -> list[Element]:
    return [
        text("Dialing has stopped: PolyAI refuses our access. ", bold=True),
        text("Nothing was placed. Approved calls wait. An operator has to check the PolyAI token and"),
        text(" connector ("),
        text("callgate doctor", code=True),
        text(f"); dialing goes on by itself as soon as the access works. {data['reason']}"),
    ]


def _frozen(data: Data) -> list[Element]:
    if data["by"] == CALLGATE:
        return [
            text("Dialing is held: the database was put back, and ", bold=True),
            text(f"{data['why']}. Calls may have been placed that it does not know. It resumes when your"),
            text(" operator has looked and typed "),
            text("callgate resume --why …", code=True),
            text("."),
        ]
    return [
        text("Dialing is frozen by ", bold=True),
        user(data["by"]),
        text(": "),
        text(data["why"]),
        text("\nApproved calls wait; a call that was just being sent to PolyAI cannot be taken back. "),
        text(f"It resumes when {people_needed(data.get('needed', LIFTS_NEEDED))} typed "),
        _lifts(data),
        text("."),
    ]


def _lift_asked(data: Data) -> list[Element]:
    return [
        user(data["by"][-1]),
        text(f" wants dialing to go on. It stays frozen until {data['still_needed']} more has typed "),
        _lifts(data),
        text(": an approver, and not who froze it."),
    ]


def _lifts(data: Data) -> Element:
    """What to type. A line from before it named its freeze says less; the answer to that tells the rest."""
    return text(lifts(data["freeze"]) if "freeze" in data else command("unfreeze"), code=True)


def _unfrozen(data: Data) -> list[Element]:
    people = [element for by in data["by"] for element in (text(" and "), user(by))]
    return [
        text("Dialing goes on", bold=True),
        text(": "),
        *people[1:],
        text(f" {'has' if len(data['by']) == 1 else 'have'} ended the freeze."),
    ]


def _removal_asked(data: Data) -> list[Element]:
    return [
        user(data["by"]),
        text(f" wants {data['number']} taken off the suppression list: "),
        text(data["why"]),
        text("\nAnother approver has to type "),
        # Lines from before removals had ids have none; the answer to the command tells it.
        text(
            agrees("<number>", data["removal"]) if "removal" in data else command("unstop <number>"),
            code=True,
        ),
        text(", with the whole number, within 24 hours. Until then it is not called."),
    ]


_LINES: dict[str, str | Callable[[Data], list[Element]]] = {
    "dialing_stopped": _dialing_stopped,
    "dialing_goes_on": "Dialing goes on. PolyAI accepts our access again.",
    "frozen": _frozen,
    "lift_asked": _lift_asked,
    "unfrozen": _unfrozen,
    "removal_asked": _removal_asked,
    "unsuppressed": (
        "{number} is off the suppression list and can be called again: {asked_by:user} asked for it ({why}),"
        " {by:user} agreed."
    ),
}
