"""What the tests of the emulators share: a clock to turn, a small workspace, and real clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.server import EmulatedSlack


@dataclass
class Clock:
    """A wall clock that stands still until it is turned."""

    at: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Bolt:
    """A real Bolt app on a real Socket Mode connection, and what it was sent."""

    app: AsyncApp
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        return self.bodies[-1]

    def on(self, listener: Any, **answer: Any) -> None:
        """Acknowledge with this whatever the listener (such as app.action("a")) hears."""

        async def handle(ack: Any, body: dict[str, Any]) -> None:
            self.bodies.append(body)
            await ack(**answer)

        listener(handle)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[EmulatedSlack]:
    emulated = EmulatedSlack(now=clock)
    await emulated.start()
    yield emulated
    await emulated.stop()


@pytest.fixture
def here(slack: EmulatedSlack) -> SimpleNamespace:
    """Alice and Bob in #calls, Carol nowhere."""
    alice, bob, carol = (slack.add_person(name) for name in ("Alice", "Bob", "Carol"))
    calls = slack.add_channel("calls", [alice, bob])
    return SimpleNamespace(alice=alice, bob=bob, carol=carol, calls=calls)


@pytest.fixture
def client(slack: EmulatedSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=5)


@pytest.fixture
async def bolt(slack: EmulatedSlack, client: AsyncWebClient) -> AsyncIterator[Bolt]:
    app = AsyncApp(client=client, raise_error_for_unhandled_request=False)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=1)
    await handler.connect_async()
    await slack.until(lambda: slack.socket.connections)
    yield Bolt(app)
    await handler.close_async()


@pytest.fixture
async def polyai(clock: Clock) -> AsyncIterator[EmulatedPolyAI]:
    emulated = EmulatedPolyAI(now=clock)
    await emulated.start()
    yield emulated
    await emulated.stop()


@pytest.fixture
def error_of() -> Callable[[Awaitable[Any]], Awaitable[str]]:
    """The error code a Web API call is refused with."""

    async def code(call: Awaitable[Any]) -> str:
        with pytest.raises(SlackApiError) as refusal:
            await call
        return str(refusal.value.response["error"])

    return code


@pytest.fixture
def modal() -> Callable[..., dict[str, Any]]:
    """A modal with one text input "number", and whatever else is given."""

    def made(**more: Any) -> dict[str, Any]:
        element = {"type": "plain_text_input", "action_id": "typed"}
        text_input = {"type": "input", "block_id": "number", "label": plain("Number"), "element": element}
        view = {"type": "modal", "callback_id": "form", "title": plain("Call"), "submit": plain("Send")}
        return {**view, "blocks": [text_input], **more}

    return made


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
