"""A second provider of voice agents, with words, ids and bounds of its own: what an adapter costs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import httpx
from aiohttp import web

from bot.domain.answer import Answer, Conclusion, PollResult, StatusAnswer
from bot.domain.errors import TooLate
from bot.domain.voice_contract import VoiceContract
from sandbox.loopback import LoopbackServer

STATUSES = {"WAITING": "queued", "DIALLING": "ringing", "DONE": "succeeded", "BROKEN": "failed"}


class SecondProvider:
    """Its service: one call after the other, each status told once, in order."""

    def __init__(self) -> None:
        self.placed: list[dict[str, object]] = []
        self._statuses = list(STATUSES)[:3]
        self._server = LoopbackServer()

    async def open(self) -> str:
        """Start; returns its address."""
        app = web.Application()
        app.add_routes([web.put("/dial", self._dial), web.get("/calls/{id}", self._status)])
        await self._server.start(app, 0)
        return self._server.url

    async def close(self) -> None:
        await self._server.stop()

    async def _dial(self, request: web.Request) -> web.Response:
        self.placed.append(await request.json())
        return web.json_response({"id": f"call/{len(self.placed)}"})

    async def _status(self, _request: web.Request) -> web.Response:
        state = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return web.json_response({"state": state})


class SecondVoice:
    """The adapter; all there is to it."""

    contract = VoiceContract(
        re.compile(r"call/\d+\Z"), "call/7", ("none", "srtp"), 1024, timedelta(minutes=5)
    )

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url)

    def payload(self, request_id: str, to_number: str, metadata: Mapping[str, str], encryption: str) -> bytes:
        facts = {**metadata, "request": request_id}
        return json.dumps({"callee": to_number, "facts": facts, "media": encryption}).encode()

    async def place(self, payload: bytes, check: Callable[[], None]) -> Answer:
        try:
            check()
            reply = await self._client.put("/dial", content=payload)
        except TooLate as late:
            return Answer(Conclusion.NEVER_SENT, late.sentence)
        except httpx.HTTPError:
            return Answer(Conclusion.UNKNOWN, "It did not answer.")
        return Answer(Conclusion.PLACED, call_sid=reply.json()["id"], http_status=reply.status_code)

    async def status(self, call_sid: str) -> StatusAnswer:
        number = call_sid.removeprefix("call/")
        try:
            state = (await self._client.get(f"/calls/{number}")).json()["state"]
        except httpx.HTTPError:
            return StatusAnswer(PollResult.NO_ANSWER)
        return StatusAnswer(PollResult.STATUS, STATUSES[state])

    async def close(self) -> None:
        await self._client.aclose()
