"""The Web API: checks token, scope and rate, runs the method, and logs every call."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.changes import Changes
from sandbox.faults import Faults
from sandbox.slack.args import Args, read_args
from sandbox.slack.errors import ApiError
from sandbox.slack.method import App, Method
from sandbox.slack.methods import auth, chat, conversations, users, views
from sandbox.slack.rate_limits import RateLimits

METHODS: dict[str, Method] = {
    method.name: method for family in (auth, chat, conversations, users, views) for method in family.METHODS
}

# Not needed by any method alone, so it has to be granted by name.
PUBLIC = "chat:write.public"
BESIDES = {"commands", "files:read"}
"""Scopes that no method needs: the command's, and the one of downloads."""

ALL_SCOPES = frozenset({*BESIDES, *(scope for method in METHODS.values() for scope in method.scopes)})


@dataclass(frozen=True)
class Tokens:
    """The tokens of the installed app. They say "sandbox", so that none is mistaken for a real one."""

    bot: str
    app: str

    @staticmethod
    def made_up() -> Tokens:
        """Make new ones."""
        return Tokens(f"xoxb-sandbox-{secrets.token_hex(12)}", f"xapp-sandbox-{secrets.token_hex(12)}")


@dataclass(eq=False)
class LoggedCall:
    """A Web API call: what came, what was answered (None: nothing that could be read) and when."""

    at: float
    method: str
    args: dict[str, Any]
    answer: dict[str, Any] | None = None
    fault: str = ""

    @property
    def error(self) -> str:
        """The error code of the answer, or an empty string."""
        return str((self.answer or {}).get("error", ""))


class WebApi:
    """Serves POST and GET /api/{method}."""

    def __init__(
        self, app: App, tokens: Tokens, limits: RateLimits, faults: Faults, changes: Changes
    ) -> None:
        self._app, self._tokens, self._limits, self._faults = app, tokens, limits, faults
        self._changes = changes
        self.log: list[LoggedCall] = []

    def grant(self, scopes: frozenset[str]) -> None:
        """Have the app hold exactly these scopes from now on."""
        self._app = App(self._app.workspace, scopes)

    @property
    def now(self) -> Callable[[], float]:
        """The clock."""
        return self._app.workspace.now

    def may_read(self, request: web.Request) -> bool:
        """Whether the request has the bot's token, and that may read files."""
        return _token(request, Args({})) == self._tokens.bot and "files:read" in self._app.scopes

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        entry = LoggedCall(self.now(), name, {})
        self.log.append(entry)
        fault = self._faults.take(name)
        if fault is None:
            return await self._honest(request, entry)
        entry.fault = fault.name
        entry.args = await _args_to_log(request)
        answer = await fault.act(request, lambda: self._honest(request, entry))
        entry.answer = _read_answer(request, answer)
        self._changes.tell("api_call", method=name, args=entry.args, answer=entry.answer, fault=fault.name)
        return answer

    async def _honest(self, request: web.Request, entry: LoggedCall) -> web.StreamResponse:
        try:
            args = await read_args(request)
            entry.args = _without_token(args)
            answer = self._call(entry.method, _token(request, args), args)
        except ApiError as refusal:
            answer = refusal.answer
        entry.answer = answer
        self._changes.tell("api_call", method=entry.method, args=entry.args, answer=answer)
        return self._response(answer)

    def _call(self, name: str, token: str | None, args: Args) -> dict[str, Any]:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        self._check_token(method, token)
        seconds = self._limits.retry_after(method, args)
        if seconds:
            raise ApiError("ratelimited", retry_after=seconds)
        self._check_scopes(method)
        return {"ok": True, **method.run(self._app, args)}

    def _check_token(self, method: Method, token: str | None) -> None:
        if method.caller == "anyone":
            return
        if token is None:
            raise ApiError("not_authed")
        if token not in (self._tokens.bot, self._tokens.app):
            raise ApiError("invalid_auth")
        if token != getattr(self._tokens, method.caller):
            raise ApiError("not_allowed_token_type")

    def _check_scopes(self, method: Method) -> None:
        if method.scopes and not self._app.scopes.intersection(method.scopes):
            self._app.require_scope(method.scopes[0])

    def _response(self, answer: dict[str, Any]) -> web.Response:
        headers = {"X-Slack-Req-Id": secrets.token_hex(16)}
        if answer.get("error") == "ratelimited":
            headers["Retry-After"] = str(answer.pop("retry_after"))
            return web.json_response(answer, status=429, headers=headers)
        headers["X-OAuth-Scopes"] = ",".join(sorted(self._app.scopes))
        return web.json_response(answer, headers=headers)


def _without_token(args: Args) -> dict[str, Any]:
    return {name: value for name, value in args.values.items() if name != "token"}


async def _args_to_log(request: web.Request) -> dict[str, Any]:
    with contextlib.suppress(ApiError):
        return _without_token(await read_args(request))
    return {}


def _read_answer(request: web.Request, answer: web.StreamResponse) -> dict[str, Any] | None:
    """What the client can read of an answer: nothing when the connection is gone or it is not JSON."""
    gone = request.transport is None or request.transport.is_closing()
    if gone or not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        return None
    try:
        return dict(json.loads(answer.body))
    except ValueError:
        return None


def _token(request: web.Request, args: Args) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token else args.text("token")
