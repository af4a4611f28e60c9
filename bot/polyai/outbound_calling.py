"""The Outbound Calling API: `POST /v1/outbound-calling` and `GET …/{call_sid}/status`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import httpx

from bot.domain.answer import Answer, Conclusion, PollResult, StatusAnswer
from bot.domain.errors import TooLate
from bot.domain.metadata import REQUEST_ID_KEY
from bot.domain.visible import shown
from bot.polyai.access import Access, read_access
from bot.polyai.asking import AskingClient, NoReply
from bot.polyai.conclusions import conclude_error, conclude_reply
from bot.polyai.contract import CONTRACT, NO_CALL, PLACE, STATUS, TOKEN_HEADER, in_our_words
from bot.polyai.http import before_bytes, new_client, send
from bot.polyai.reply import Reply

_MAX_STATUS = 40
_MAX_REASON = 300


class OutboundCallingApi:
    """PolyAI's Outbound Calling API. Close it when done."""

    contract = CONTRACT

    def __init__(self, base_url: str, auth_token: str) -> None:
        token = {TOKEN_HEADER: auth_token}
        self._placing = new_client(base_url, {**token, "Content-Type": "application/json"})
        self._asking = AskingClient(base_url, token)

    def payload(self, request_id: str, to_number: str, metadata: Mapping[str, str], encryption: str) -> bytes:
        """The exact bytes that will be sent; what an approval is bound to.

        Our request id goes along in the metadata, so that the voice agent can write it into the
        conversation: no documented field leads from a `call_sid` to its conversation.
        """
        body = {
            "to_number": to_number,
            "metadata": {**metadata, REQUEST_ID_KEY: request_id},
            "encryption": encryption,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    async def place(self, payload: bytes, check: Callable[[], None]) -> Answer:
        """Send them, once, unless `check` raises TooLate in the last moment.

        Never raises for what the network or the service does.
        """
        try:
            asked = before_bytes(check)
            request = self._placing.build_request("POST", PLACE, content=payload, extensions=asked)
            return conclude_reply(await send(self._placing, request))
        except TooLate as late:
            return Answer(Conclusion.NEVER_SENT, late.sentence)
        except httpx.HTTPError as error:
            return conclude_error(error)

    async def status(self, call_sid: str) -> StatusAnswer:
        """Ask for a call's status. Never raises for what the network or the service does."""
        try:
            return _heard(await self._asking.get(STATUS.format(call_sid=call_sid)))
        except NoReply:
            return StatusAnswer(PollResult.NO_ANSWER)

    async def access(self) -> Access:
        """Whether our token is accepted: asks for a call that does not exist, and places nothing."""
        try:
            return read_access(await self._asking.get(STATUS.format(call_sid=NO_CALL)))
        except NoReply:
            return Access.UNREACHABLE

    async def close(self) -> None:
        """Close the connections."""
        await self._placing.aclose()
        await self._asking.close()


def _heard(reply: Reply) -> StatusAnswer:
    if reply.status == 404 and reply.error is not None:
        return StatusAnswer(PollResult.NOT_FOUND)
    content = reply.json_object()
    status = _text(content.get("status"), _MAX_STATUS).lower()
    if reply.status != 200 or not status:
        return StatusAnswer(PollResult.NO_ANSWER, retry_after=reply.retry_after)
    return StatusAnswer(PollResult.STATUS, in_our_words(status), _text(content.get("reason"), _MAX_REASON))


def _text(value: object, most: int) -> str:
    """Foreign text: a string, short, with nothing hidden; empty for anything else."""
    return shown(value)[:most] if isinstance(value, str) else ""
