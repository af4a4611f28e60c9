"""What `/call help` says, and what is said where the command cannot work."""

from __future__ import annotations

from bot.domain.command_name import command
from bot.slack.show.message import MAX_TEXT, SlackMessage
from bot.slack.show.text import rich_text, sentence, spoken, text

_EXAMPLE = '+16176451984 appointment_date=2026-08-26 variant="Inpatient at St Charles"'


def help_message(first: str = "") -> SlackMessage:
    """What the command does; behind what was wrong with it, if anything was."""
    blocks = [rich_text(*sentence(first))] if first else []
    lines = (
        [text(command(), code=True), text(" opens a form to ask for a voice-agent call.")],
        [text(command(_EXAMPLE), code=True), text(" opens it filled in.")],
        [
            text(command("stop +1 617 645 1984"), code=True),
            text(" when somebody asks not to be called: nobody calls that number any more. "),
            text(command("unstop"), code=True),
            text(" with the number and why takes it back, when another approver agrees."),
        ],
        [
            text(command("freeze"), code=True),
            text(" and why, by any approver, stops all dialing at once; "),
            text(command("unfreeze"), code=True),
            text(" and the freeze's number, by two other approvers, resumes it."),
        ],
        [text(command("help"), code=True), text(" shows this.")],
        [
            text("Somebody else has to press "),
            text("Approve", bold=True),
            text(" on the card before anything is dialed; its thread tells what becomes of the call."),
        ],
    )
    said = [sentence(first)] if first else []
    return SlackMessage(
        "\n".join(spoken(line) for line in [*said, *lines]), [*blocks, *(rich_text(*line) for line in lines)]
    )


def which_number(why: str, commands: list[str]) -> SlackMessage:
    """The command as it may have been meant, once for each number, to be copied."""
    lines = [sentence(why), *([text(command, code=True)] for command in commands)]
    return SlackMessage(
        "\n".join(spoken(line) for line in lines)[:MAX_TEXT], [rich_text(*line) for line in lines]
    )


def not_opened(why: str, typed: str) -> SlackMessage:
    """The form did not open, and why; what was typed is given back."""
    said, again = sentence(why), [text("You typed: "), text(typed, code=True)]
    return SlackMessage(f"{spoken(said)} {spoken(again)}"[:MAX_TEXT], [rich_text(*said), rich_text(*again)])
