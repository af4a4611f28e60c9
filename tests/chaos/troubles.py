"""What the emulators are told to do wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sandbox import faults as network
from sandbox.faults import Fault
from sandbox.polyai import faults as polyai
from sandbox.slack import faults as slack
from sandbox.slack.socket_mode import SocketMode

POLYAI: dict[str, tuple[str, Fault]] = {
    "POST 400": ("place", polyai.answer(400)),
    "POST 401": ("place", polyai.answer(401)),
    "POST 429": ("place", polyai.answer(429, headers={"Retry-After": "1"})),
    "POST 500": ("place", polyai.answer(500)),
    "POST 503": ("place", polyai.answer(503)),
    "POST hangs": ("place", network.hang(4)),
    "POST dropped": ("place", network.drop()),
    "POST, answer lost": ("place", network.lose_answer()),
    "POST, answer lost midway": ("place", polyai.lose_answer_midway()),
    "POST, answer late": ("place", network.late_answer(2)),
    "POST, garbage": ("place", network.garbage()),
    "POST, truncated": ("place", polyai.truncated()),
    "POST, a gateway's 500": ("place", polyai.gateway(500)),
    "POST, a gateway's 404": ("place", polyai.gateway(404, polyai.STRANGERS_BODIES["JSON with an error"])),
    "POST, a gateway's 429": ("place", polyai.gateway(429, "")),
    "POST, an error that names the call": ("place", polyai.names_the_call(500)),
    "GET 401": ("status", polyai.answer(401)),
    "GET 404": ("status", polyai.answer(404)),
    "GET, a gateway's 404": ("status", polyai.gateway(404)),
    "GET 429": ("status", polyai.answer(429, headers={"Retry-After": "2"})),
    "GET 500": ("status", polyai.answer(500)),
    "GET hangs": ("status", network.hang(3)),
    "GET dropped": ("status", network.drop()),
    "GET, garbage": ("status", network.garbage()),
}

_SLACK: dict[str, Fault] = {
    "429": slack.rate_limited(2),
    "500": slack.http_error(500),
    "503": slack.http_error(503),
    "internal_error": slack.error("internal_error"),
    "dropped": network.drop(),
    "answer lost": network.lose_answer(),
    "answer late": network.late_answer(1),
    "garbage": network.garbage(),
    "hangs": network.hang(3),
}


def _each(*methods: str) -> dict[str, tuple[str, Fault]]:
    return {f"{method} {name}": (method, fault) for method in methods for name, fault in _SLACK.items()}


SLACK = _each("chat.postMessage", "chat.update", "views.open", "response_url")
READS = _each("users.info", "usergroups.users.list", "conversations.info", "apps.connections.open")


async def _go_silent(socket: SocketMode) -> None:
    socket.go_silent()


async def _refuse_handshakes(socket: SocketMode) -> None:
    socket.refuse_handshakes(3)
    await socket.drop()


SOCKET: dict[str, Callable[[SocketMode], Awaitable[None]]] = {
    "dropped": lambda socket: socket.drop(),
    "disconnect: warning": lambda socket: socket.disconnect("warning"),
    "disconnect: refresh_requested": lambda socket: socket.disconnect("refresh_requested"),
    "disconnect: too_many_websockets": lambda socket: socket.disconnect("too_many_websockets"),
    "falls silent": _go_silent,
    "refuses handshakes": _refuse_handshakes,
}

MACHINE = {
    "full disk": 3.0,
    "locked file": 6.0,
    "clock ahead of Slack's": 4.0,
    "clock behind Slack's": 4.0,
    "old forms": 3.0,
    "a deleted card": 0.0,
}
"""What goes wrong around the bot, and for how many seconds."""

MAX_TIMES = 4
"""A fault shows itself so many times in a row at most."""
