"""Shows what the app says in answer to a person: in an acknowledgement or through a response URL."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.slack.args import read_args
from sandbox.slack.block_kit.surfaces import checked_message_blocks
from sandbox.slack.errors import ApiError
from sandbox.slack.model import Block, Message
from sandbox.slack.response_urls import ResponseUrl
from sandbox.slack.workspace import Workspace

DEAD = ("invalid_url", "expired_url", "used_url")


def content_of(body: dict[str, Any]) -> tuple[str, list[Block]]:
    """The text and the checked blocks of an answer; ApiError `no_text` when it has neither."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        raise ApiError("no_text")
    return text, checked_message_blocks(blocks) if blocks else []


def show(
    workspace: Workspace, channel: str, user: str, body: dict[str, Any], thread_ts: str | None = None
) -> Message:
    """Show an answer to the person alone, or to the channel when `response_type` is in_channel."""
    text, blocks = content_of(body)
    hidden = None if body.get("response_type") == "in_channel" else user
    return workspace.post(
        channel, workspace.bot_user_id, text, blocks, thread_ts=thread_ts, ephemeral_to=hidden
    )


class ResponseUrlRoute:
    """Serves POST to a response URL."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer "ok", 404 when the URL is dead, 400 when the content is bad."""
        try:
            url = self._workspace.response_urls.use(request.match_info["secret"])
            self._answer(url, (await read_args(request)).values)
        except ApiError as refusal:
            status = 404 if refusal.code in DEAD else 400
            return web.json_response(refusal.answer, status=status)
        return web.Response(text="ok")

    def _answer(self, url: ResponseUrl, body: dict[str, Any]) -> None:
        # Only an explicit replace_original or delete_original touches the message that was acted on.
        if body.get("delete_original"):
            self._workspace.messages.delete(self._original(url))
        elif body.get("replace_original"):
            self._workspace.messages.edit(self._original(url), *content_of(body))
        else:
            thread_ts = body.get("thread_ts") or url.thread_ts
            show(self._workspace, url.channel, url.user, body, thread_ts)

    def _original(self, url: ResponseUrl) -> Message:
        messages, ts = self._workspace.messages, url.message_ts or ""
        hidden = messages.find_ephemeral(url.channel, url.user, ts) if url.ephemeral else None
        message = hidden or messages.find(url.channel, ts)
        if message is None:
            raise ApiError("message_not_found")
        return message
