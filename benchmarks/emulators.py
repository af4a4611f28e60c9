"""The emulated Slack and PolyAI in a process of their own, which also makes Slack's payloads for us.

`CALLGATE_HTTP_PORT=… python -m benchmarks.emulators`
"""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import json
import os
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.domain.metadata import REQUEST_ID_KEY
from bot.domain.policy.dialing_policy import shipped_policy
from bot.polyai.contract import CONTRACT
from bot.slack.show.call_form import Prefill, Unfolded, call_form
from bot.slack.show.ids import FormOrigin
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack import payloads
from sandbox.slack.clicking import action, control
from sandbox.slack.form import state_of
from sandbox.slack.model import Message, View
from sandbox.slack.server import EmulatedSlack

Json = dict[str, Any]

# Whatever the hour is and how often it was called, the product is to dial.
_SUPPORT = Path(__file__).parents[1] / "tests/support"
ALWAYS_OPEN, NO_CAPS = _SUPPORT / "always_open.toml", _SUPPORT / "no_caps.toml"

_METADATA = "appointment_date=2026-08-26\nvariant=Inpatient at St Charles"
_MAX_BYTES = 64 * 1024 * 1024


class Emulators:
    """Both emulators, without Slack's rate limits, and the routes by which the benchmark steers them."""

    def __init__(self) -> None:
        self.slack = EmulatedSlack()
        self.slack.limits.enforced = False
        self.slack.trigger_ttl = 3600.0
        # A call ends as soon as it is placed, so that no round is disturbed by polling for earlier ones.
        self.polyai = EmulatedPolyAI(progress=[(0.0, "success", "")])
        self.alice, self.bob = self.slack.add_person("Alice"), self.slack.add_person("Bob")
        self.channel = self.slack.add_channel("calls", [self.alice, self.bob])
        self._numbers = itertools.count()
        self._card: Message | None = None

    async def serve(self, port: int) -> None:
        await self.slack.start()
        await self.polyai.start()
        runner = web.AppRunner(self._application(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=_MAX_BYTES)
        app.router.add_get("/readyz", self._where)
        app.router.add_get("/commands/{count}", self._commands)
        app.router.add_get("/submissions/{count}", self._submissions)
        app.router.add_post("/approvals", self._approvals)
        app.router.add_get("/opened", self._opened)
        app.router.add_get("/posts", self._posts)
        return app

    async def _where(self, _request: web.Request) -> web.Response:
        """The environment of an app that is installed here."""
        return web.json_response(
            {
                "SLACK_BOT_TOKEN": self.slack.bot_token,
                "SLACK_SIGNING_SECRET": self.slack.signing_secret,
                "SLACK_API_URL": self.slack.api_url,
                "POLYAI_BASE_URL": self.polyai.url,
                "POLYAI_AUTH_TOKEN": self.polyai.token,
                "CALLGATE_APPROVERS": self.bob.id,
                "CALLGATE_MAX_PENDING": "1000000000",  # Alice asks for every call.
                "CALLGATE_CALLING_WINDOWS": str(ALWAYS_OPEN),
                "CALLGATE_POLICY": str(NO_CAPS),
            }
        )

    async def _commands(self, request: web.Request) -> web.Response:
        """Alice types `/call`."""
        made = [self._command() for _ in range(int(request.match_info["count"]))]
        return web.json_response(made)

    def _command(self) -> Json:
        text = f"/call {self._number()} appointment_date=2026-08-26"
        return payloads.slash_command(self.slack.workspace, self.alice.user, self.channel, text)

    async def _submissions(self, request: web.Request) -> web.Response:
        """Alice submits the form that the product opened for her, again and again, each a form of its own."""
        opened = await self.slack.until(lambda: self.alice.modals)
        form = _unfolded(opened[-1])
        made = [self._submission(form) for _ in range(int(request.match_info["count"]))]
        return web.json_response(made)

    def _submission(self, form: View) -> Json:
        filled = {
            "to_number": self._number(),
            "purpose": "informational",
            "why": "Reminder of the appointment",
            "metadata": _METADATA,
            "consent_kind": "prior_express",
            "consent_reference": "CRM 4711",
        }
        self.alice.fill(form, filled)
        view_id = self.slack.workspace.ids.make("V")
        view = dataclasses.replace(form, id=view_id, root=view_id)
        return _copied(payloads.view_submission(self.slack.workspace, self.alice.user, view))

    async def _approvals(self, request: web.Request) -> web.Response:
        """Bob presses Approve on a card for each of these buttons' values: the first one posted, altered."""
        if self._card is None:
            await self.slack.until(self._cards)
            self._card = dataclasses.replace(self._cards()[0])
        card = self._card
        return web.json_response([self._approval(card, value) for value in await request.json()])

    def _cards(self) -> list[Message]:
        messages = self.slack.workspace.messages.top_level(self.channel.id)
        return [message for message in messages if "approve" in message.buttons]

    def _approval(self, card: Message, value: str) -> Json:
        workspace = self.slack.workspace
        shown = _value(card)
        blocks = json.loads(json.dumps(card.blocks).replace(shown, value).replace(_id(shown), _id(value)))
        message = dataclasses.replace(card, ts=workspace.stamps.next(), blocks=blocks)
        pressed = action(*control(blocks, "approve"), None, [], workspace.stamps.next())
        return payloads.message_action(workspace, self.bob.user, message, pressed, {})

    async def _opened(self, _request: web.Request) -> web.Response:
        """How many forms the product has opened."""
        calls = self.slack.log
        return web.json_response(sum(call.method == "views.open" and not call.error for call in calls))

    async def _posts(self, _request: web.Request) -> web.Response:
        """When each request's POST arrived at PolyAI."""
        posts = [(post.json["metadata"][REQUEST_ID_KEY], post.at) for post in self.polyai.posts]
        return web.json_response(posts)

    def _number(self) -> str:
        return f"+1617645{next(self._numbers) % 10_000:04}"


def _unfolded(form: View) -> View:
    """The form as the product shows it when the purpose is chosen."""
    spec = call_form(
        FormOrigin.read(form.private_metadata), Prefill(), shipped_policy(), CONTRACT, Unfolded.CONSENT
    )
    return dataclasses.replace(form, spec=spec, state=state_of(spec["blocks"]))


def _copied(payload: Json) -> Json:
    """As it is now: all submissions are of one form, into which the next number is typed."""
    copy: Json = json.loads(json.dumps(payload))
    return copy


def _value(card: Message) -> str:
    return str(control(card.blocks, "approve")[1]["value"])


def _id(value: str) -> str:
    return value.partition(":")[0]


if __name__ == "__main__":
    asyncio.run(Emulators().serve(int(os.environ["CALLGATE_HTTP_PORT"])))
