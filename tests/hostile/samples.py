"""One payload of each kind that we hear, and of some that we do not, about a request that is pending.

Their shapes are those of real ones: the emulator's, and for an organisation-wide installation, where `team`
is null and a slash command says "true", Slack's own published samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.call_request import CallRequest
from bot.domain.fingerprint import submission_sha256
from bot.slack.show import ids
from sandbox.slack import payloads
from sandbox.slack.clicking import forged
from sandbox.slack.delivery import Kind
from tests.support.world import FORM, World

Json = dict[str, Any]
Sample = Callable[[World, CallRequest], Json]


def command(world: World, _request: CallRequest) -> Json:
    return payloads.slash_command(world.slack.workspace, world.alice.user, world.channel, "/call help")


def click(action: str) -> Sample:
    def made(world: World, request: CallRequest) -> Json:
        value = ids.Handle(request.id, submission_sha256(request)).write()
        (card, *_) = world.cards()
        sent = forged(action, value, "buttons", "1787583600.000100")
        return payloads.message_action(world.slack.workspace, world.bob.user, card, sent, {})

    return made


def click_in_form(action: str) -> Sample:
    def made(world: World, request: CallRequest) -> Json:
        submission = call_form(world, request)
        clicked = forged(action, "marketing", action, "1787583600.000100")
        container = {"type": "view", "view_id": submission["view"]["id"]}
        return {**submission, "type": "block_actions", "container": container, "actions": [clicked]}

    return made


def call_form(world: World, request: CallRequest) -> Json:
    typed = {**FORM, "metadata": "some_key=1", "encryption": "TLS/SRTP"}
    state = {name: {name: _entry(name, value)} for name, value in typed.items()}
    state["metadata_file"] = {"metadata_file": {"type": "file_input", "files": []}}
    carried = ids.FormOrigin(world.channel.id).write()
    return _submission(world, world.alice.id, "V0FRESH" + request.id[3:], ids.CALL_FORM, carried, state)


def deny_form(world: World, request: CallRequest) -> Json:
    return _about(world, request, ids.DENY_FORM, ids.REASON, "No, not today")


def confirm_form(world: World, request: CallRequest) -> Json:
    return _about(world, request, ids.CONFIRM_FORM, ids.CALL_SID, "OUT-123")


def suggestion(world: World, _request: CallRequest) -> Json:
    who = {"user": {"id": world.alice.id}, "team": {"id": world.slack.team_id}}
    typed = {"action_id": ids.COUNTRY, "block_id": ids.COUNTRY, "value": "ger"}
    return {"type": "block_suggestion", **who, "container": {"type": "view"}, **typed}


def of_an_organisation(sample: Sample) -> Sample:
    """As where the app is installed for a whole Enterprise organisation."""

    def made(world: World, request: CallRequest) -> Json:
        payload = sample(world, request)
        if "command" in payload:
            return {**payload, "is_enterprise_install": "true", "enterprise_id": "E111"}
        enterprise = {"id": "E111", "name": "Sandbox Org"}
        return {**payload, "team": None, "enterprise": enterprise, "is_enterprise_install": True}

    return made


HEARD: dict[str, Sample] = {
    "command": command,
    **{action: click(action) for action in (ids.APPROVE, ids.DENY, ids.CANCEL, ids.OPEN_REVIEW)},
    **{action: click(action) for action in (ids.FOLLOW_IT, ids.IT_WAS_PLACED, ids.CLOSE_IT)},
    **{action: click_in_form(action) for action in (ids.PURPOSE, ids.CONSENT_KIND, ids.MORE_OPTIONS)},
    ids.CALL_FORM: call_form,
    ids.DENY_FORM: deny_form,
    ids.CONFIRM_FORM: confirm_form,
    "suggestion": suggestion,
}


def kind_of(name: str) -> Kind:
    return "slash_commands" if name == "command" else "interactive"


def _about(world: World, request: CallRequest, form: str, field: str, typed: str) -> Json:
    handle = ids.Handle(request.id, submission_sha256(request))
    state = {field: {field: _entry(field, typed)}}
    return _submission(world, world.bob.id, "V0" + request.id[3:], form, handle.write(), state)


def _submission(world: World, user: str, view: str, form: str, carried: str, state: Json) -> Json:
    team = world.slack.team_id
    return {
        "type": "view_submission",
        "user": {"id": user, "username": "somebody", "team_id": team},
        "team": {"id": team, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": world.slack.workspace.app_id,
        "token": "sandbox-verification",
        "trigger_id": "1.2.3",
        "view": {
            "id": view,
            "team_id": team,
            "app_installed_team_id": team,
            "type": "modal",
            "callback_id": form,
            "private_metadata": carried,
            "state": {"values": state},
            "hash": "1.x",
        },
        "response_urls": [],
    }


def _entry(name: str, value: str) -> Json:
    if name in {ids.PURPOSE, ids.ENCRYPTION, ids.CONSENT_KIND}:
        option = {"text": {"type": "plain_text", "text": value}, "value": value}
        return {"type": "static_select", "selected_option": option}
    return {"type": "plain_text_input", "value": value}
