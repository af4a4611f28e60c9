"""The shapes of what we listen to; a payload of any other is refused before Bolt or a listener reads it.

Only what the listeners rely on is here, and what Bolt itself reads to find the listener. What a listener
reads with care (a button's value, a form's private metadata, an input's state) may be anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

import structlog
from pydantic import BaseModel, Field, ValidationError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

log = structlog.get_logger()

UserId = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$", max_length=40)]
ChannelId = Annotated[str, Field(pattern=r"^[CGD][A-Z0-9]+$", max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=255)]


class UserShape(BaseModel):
    """Who did it."""

    id: UserId


class ChannelShape(BaseModel):
    """Where it was done."""

    id: ChannelId


class SlashCommand(BaseModel):
    """`/call` and what stands behind it."""

    command: Name
    text: str = ""
    user_id: UserId
    channel_id: ChannelId
    trigger_id: Name
    response_url: str = ""


class Action(BaseModel):
    """The button that was pressed."""

    action_id: Name
    block_id: str = ""


class State(BaseModel):
    """What stood in a form's inputs, by block and by element; Slack is known to send none."""

    values: dict[str, dict[str, dict[str, Any] | None] | None] | None = None


class ViewShape(BaseModel):
    """A form, or a Home tab."""

    type: Literal["modal", "home"]
    id: Name
    callback_id: str = ""
    hash: str = ""
    blocks: list[dict[str, Any]] = []
    state: State | None = None


class BlockActions(BaseModel):
    """A click, on a message or in a form."""

    user: UserShape
    actions: Annotated[list[Action], Field(min_length=1)]
    channel: ChannelShape | None = None
    view: ViewShape | None = None
    container: dict[str, Any] = {}
    trigger_id: str = ""
    response_url: str = ""


class ViewSubmission(BaseModel):
    """A form that was submitted."""

    user: UserShape
    view: ViewShape


class BlockSuggestion(BaseModel):
    """What was typed so far into a field that looks up its options."""

    user: UserShape
    action_id: Name
    value: str = ""


BY_TYPE: Mapping[str, type[BaseModel]] = {
    "block_actions": BlockActions,
    "block_suggestion": BlockSuggestion,
    "view_submission": ViewSubmission,
}


class ShapeCheck(AsyncMiddleware):
    """400 for a payload of the wrong shape; what nobody listens to is acknowledged, with nothing.

    A class, because for a function Bolt would read the payload first, to find its arguments.
    """

    async def async_process(  # noqa: D102 - Bolt's
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],  # noqa: A002
    ) -> BoltResponse:
        # Every shape by which Bolt would find a listener.
        shapes: list[type[BaseModel]] = [SlashCommand] if "command" in req.body else []
        shapes += [shape for name, shape in BY_TYPE.items() if req.body.get("type") == name]
        if not shapes:
            log.warning("unheard_payload")
            return BoltResponse(status=200, body="")
        try:
            for shape in shapes:
                shape.model_validate(req.body)
        except ValidationError as error:
            log.warning("odd_payload", shape=error.title, errors=error.error_count())
            return BoltResponse(status=400, body="This payload does not have the shape that Slack gives it.")
        await next()
        return resp
