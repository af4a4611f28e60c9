"""Carries out what the page asks for."""

from __future__ import annotations

from typing import Any

from bot.sandbox.page.commands import COMMANDS
from bot.sandbox.page.desk import Desk
from bot.sandbox.page.orders import (
    AnyOrder,
    Click,
    ClickInView,
    Close,
    DropSocket,
    InView,
    OpenHome,
    SetBot,
    SetCall,
    SetTrouble,
    Submit,
    Suggest,
    Write,
)
from bot.sandbox.page.refusals import Malformed, NotNow
from bot.sandbox.page.typed import new_values
from bot.sandbox.polyai.calls import Status
from bot.sandbox.slack.delivery import Ack
from bot.sandbox.slack.errors import SlackRefuses
from bot.sandbox.slack.form import problems
from bot.sandbox.slack.model import View
from bot.sandbox.slack.person import Person

Json = dict[str, Any]

DONE: Json = {"ok": True}

_STATUS: dict[str, Status] = {"ring": "calling", "succeed": "success", "fail": "failure"}


async def carry_out(desk: Desk, order: AnyOrder) -> Json:
    """Do it and return the answer for the page; Malformed or NotNow when it cannot be done."""
    try:
        return await _carry_out(desk, order)
    except SlackRefuses as refusal:
        raise NotNow(f"Slack does not allow this: {refusal}.") from None


async def _carry_out(desk: Desk, order: AnyOrder) -> Json:
    match order:
        case Write():
            return await _write(desk, order)
        case Click():
            person = desk.find_person(order.person)
            message = desk.find_message(person, order.channel, order.ts)
            return _told(await person.click(message, order.action_id, value=order.value))
        case InView():
            person = desk.find_person(order.person)
            return await _in_view(desk, person, desk.find_view(person, order.view), order)
        case OpenHome():
            # An app that does not listen for it is no trouble to the person.
            await desk.find_person(order.person).open_home()
        case SetCall():
            return _set_call(desk, order)
        case SetTrouble():
            desk.trouble.set(order.where, order.kind)
        case DropSocket():
            await desk.slack.socket.drop()
        case SetBot(to="killed"):
            await desk.bot.kill()
        case SetBot():
            desk.bot.start()
    return DONE


async def _write(desk: Desk, order: Write) -> Json:
    person, channel = desk.find_person(order.person), desk.find_channel(order.channel)
    thread = desk.find_message(person, channel.id, order.thread) if order.thread else None
    text = _escaped(order.text)
    if not text.startswith("/"):
        person.say(text, channel, thread)
        return DONE
    name = text.split()[0]
    if name not in (command["name"] for command in COMMANDS):
        raise NotNow(f"{name} is not a command of this workspace.")
    if thread is not None:
        raise NotNow("Slack runs no slash commands in threads. Type it in the channel.")
    await person.type(text, channel)  # Slackbot tells the person when the app does not answer
    return DONE


def _escaped(text: str) -> str:
    # Slack's own window escapes what people type, so that nobody can type a link or a mention by hand.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _in_view(desk: Desk, person: Person, view: View, order: InView) -> Json:
    values = new_values(view, order.values, desk.files)
    match order:
        case Close():
            await person.close(view, whole_stack=order.whole_stack)
            return DONE
        case Submit():
            return await _submit(desk, person, view, values)
    if values:
        person.fill(view, values)
    match order:
        case ClickInView():
            return _told(await person.click(view, order.action_id, value=order.value))
        case Suggest():
            return {**DONE, "options": await person.suggest(view, order.block_id, order.query)}
    return DONE


async def _submit(desk: Desk, person: Person, view: View, values: dict[str, Any]) -> Json:
    if values:
        person.fill(view, values)
    found = problems(view.blocks, view.state)
    if found:
        view.errors = found
        desk.workspace.views.changed(view)
        return {"ok": False, "problem": ""}
    await person.submit(view)  # the modal itself shows what went wrong
    return DONE


def _set_call(desk: Desk, order: SetCall) -> Json:
    call = desk.polyai.calls.get(order.call_sid)
    if call is None:
        raise Malformed("There is no call with this call_sid.")
    if order.to == "lose":
        desk.polyai.lose(order.call_sid)
    else:
        desk.polyai.set_status(order.call_sid, _STATUS[order.to], order.reason)
    return DONE


def _told(ack: Ack) -> Json:
    return {"ok": ack.ok, "problem": ack.problem}
