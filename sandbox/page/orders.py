"""What the page can ask for. Anything else in a request is refused."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from sandbox.page.real_tokens import check_no_real_token
from sandbox.page.refusals import Malformed

Id = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=12_000)]
Value = Annotated[str, StringConstraints(max_length=12_000)] | list[Id] | None
Values = dict[Id, Value]


class Order(BaseModel):
    """One thing to do."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ByPerson(Order):
    """Something a person does."""

    person: Id


class Write(ByPerson):
    """Send what stands in the composer: a message, a reply, or a slash command."""

    do: Literal["write"]
    channel: Id
    text: Text
    thread: Id | None = None


class Click(ByPerson):
    """Use a button or another element of a message."""

    do: Literal["click"]
    channel: Id
    ts: Id
    action_id: Id
    value: Value = None


class InView(ByPerson):
    """Something a person does in a modal or a Home tab. `values` is what they typed so far."""

    view: Id
    values: Values = {}


class ClickInView(InView):
    """Use a button or another element of a modal or a Home tab."""

    do: Literal["click_in_view"]
    action_id: Id
    value: Value = None


class Fill(InView):
    """Have typed something."""

    do: Literal["fill"]


class Submit(InView):
    """Press a modal's submit button."""

    do: Literal["submit"]


class Close(InView):
    """Close a modal, or with the x in its corner all that are open."""

    do: Literal["close"]
    whole_stack: bool = False


class Suggest(InView):
    """Type into an external select."""

    do: Literal["suggest"]
    block_id: Id
    query: Annotated[str, StringConstraints(max_length=200)]


class OpenHome(ByPerson):
    """Look at the app's Home tab."""

    do: Literal["open_home"]


class SetCall(Order):
    """Decide how a call that was placed goes on."""

    do: Literal["set_call"]
    call_sid: Id
    to: Literal["ring", "succeed", "fail", "lose"]
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class SetTrouble(Order):
    """Have an emulated service misbehave until told otherwise."""

    do: Literal["set_trouble"]
    where: Literal["polyai", "slack"]
    kind: Id


class DropSocket(Order):
    """Reset the bot's Socket Mode connections."""

    do: Literal["drop_socket"]


class SetBot(Order):
    """Kill the bot, or start it."""

    do: Literal["set_bot"]
    to: Literal["killed", "started"]


AnyOrder = (
    Write | Click | ClickInView | Fill | Submit | Close | Suggest | OpenHome
    | SetCall | SetTrouble | DropSocket | SetBot
)  # fmt: skip
_ANY: TypeAdapter[AnyOrder] = TypeAdapter(Annotated[AnyOrder, Field(discriminator="do")])


def read_order(body: bytes) -> AnyOrder:
    """Read a request's body.

    Raises:
        Malformed: it is none of the orders, or has what looks like a real token in it.
    """
    try:
        text = body.decode()
        values: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("The request's body is not JSON.") from None
    check_no_real_token(text)
    try:
        return _ANY.validate_python(values)
    except ValidationError as error:
        raise Malformed(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the request"
    return f"The request is not understood: {where}: {first['msg']}."
