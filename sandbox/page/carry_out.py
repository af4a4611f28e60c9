"""Carries out what the page asks for."""

from __future__ import annotations

from typing import Any

from sandbox.page.commands import COMMANDS
from sandbox.page.orders import (
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
from sandbox.page.page_model import PageModel
from sandbox.page.refusals import Malformed, NotNow
from sandbox.page.typed import new_values
from sandbox.polyai.calls import Status
from sandbox.slack.delivery import Ack
from sandbox.slack.errors import SlackRefuses
from sandbox.slack.form import problems
from sandbox.slack.model import View
from sandbox.slack.person import Person

Json = dict[str, Any]

DONE: Json = {"ok": True}

_STATUS: dict[str, Status] = {"ring": "calling", "succeed": "success", "fail": "failure"}


async def carry_out(model: PageModel, order: AnyOrder) -> Json:
    """Do it and return the answer for the page; Malformed or NotNow when it cannot be done."""
    try:
        return await _carry_out(model, order)
    except SlackRefuses as refusal:
        raise NotNow(f"Slack does not allow this: {refusal}.") from None


async def _carry_out(model: PageModel, order: AnyOrder) -> Json:
    match order:
        case Write():
            return await _write(model, order)
        case Click():
            person = model.find_person(order.person)
            message = model.find_message(person, order.channel, order.ts)
            return _told(await person.click(message, order.action_id, value=order.value))
        case InView():
            person = model.find_person(order.person)
            return await _in_view(model, person, model.find_view(person, order.view), order)
        case OpenHome():
            # An app that does not listen for it is no trouble to the person.
            await model.find_person(order.person).open_home()
        case SetCall():
            return _set_call(model, order)
        case SetTrouble():
            model.trouble.set(order.where, order.kind)
        case DropSocket():
            await model.slack.socket.drop()
        case SetBot(to="killed"):
            await model.bot.kill()
        case SetBot():
            model.bot.start()
    return DONE


async def _write(model: PageModel, order: Write) -> Json:
    person, channel = model.find_person(order.person), model.find_channel(order.channel)
    thread = model.find_message(person, channel.id, order.thread) if order.thread else None
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


async def _in_view(model: PageModel, person: Person, view: View, order: InView) -> Json:
    values = new_values(view, order.values, model.files)
    match order:
        case Close():
            await person.close(view, whole_stack=order.whole_stack)
            return DONE
        case Submit():
            return await _submit(model, person, view, values)
    if values:
        person.fill(view, values)
    match order:
        case ClickInView():
            return _told(await person.click(view, order.action_id, value=order.value))
        case Suggest():
            return {**DONE, "options": await person.suggest(view, order.block_id, order.query)}
    return DONE


async def _submit(model: PageModel, person: Person, view: View, values: dict[str, Any]) -> Json:
    if values:
        person.fill(view, values)
    found = problems(view.blocks, view.state)
    if found:
        view.errors = found
        model.workspace.views.changed(view)
        return {"ok": False, "problem": ""}
    await person.submit(view)  # the modal itself shows what went wrong
    return DONE


def _set_call(model: PageModel, order: SetCall) -> Json:
    call = model.polyai.calls.get(order.call_sid)
    if call is None:
        raise Malformed("There is no call with this call_sid.")
    if order.to == "lose":
        model.polyai.lose(order.call_sid)
    else:
        model.polyai.set_status(order.call_sid, _STATUS[order.to], order.reason)
    return DONE


def _told(ack: Ack) -> Json:
    return {"ok": ack.ok, "problem": ack.problem}
