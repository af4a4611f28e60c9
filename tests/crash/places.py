"""Every effect that the code has, read from the code: each has a place before it and one after it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from bot.domain.events import Event
from handlers.registry import register

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("bot", "handlers", "storage")

NAMED_BY_THEIR_EVENTS = {
    *(f"SqliteCallStore.{name}" for name in ("add", "adopt", "note", "refuse", "change")),
    *(f"SqliteSafeguardStore.{name}" for name in ("suppress", "suppress_called")),
    *(f"SqliteSafeguardStore.{name}" for name in ("ask_removal", "agree_to_removal", "freeze", "lift")),
}
"""Writes that always come with an audit event, after which their commit is named as well."""


BY_COMMANDS = {Event.FORGOTTEN, Event.BASELINE}
"""Events that only a command or an upgrade writes, in one transaction, and nothing else."""


def every_effect() -> set[str]:
    """What `crash_points` can be asked to die before or after."""
    return {effect for path in _sources() for effect in _around(path)} | commits()


def commits() -> set[str]:
    """A commit has the name of each audit event in it, and of the method that wrote."""
    names = {event.value for event in set(Event) - BY_COMMANDS} | (writing_methods() - NAMED_BY_THEIR_EVENTS)
    return {f"commit of {name}" for name in names}


def writing_methods() -> set[str]:
    """The methods in storage that hand something to the writer."""
    return {
        f"{kind.name}.{method.name}"
        for path in (ROOT / "storage").rglob("*.py")
        for kind in _all(path, ast.ClassDef)
        for method in kind.body
        if isinstance(method, ast.AsyncFunctionDef) and _writes(method)
    }


def slack_methods() -> set[str]:
    """The Web API methods that are called with our client."""
    calls = [call for path in (ROOT / "bot/slack").rglob("*.py") for call in _all(path, ast.Call)]
    return {
        call.func.attr for call in calls if isinstance(call.func, ast.Attribute) and _is_client(call.func)
    }


def http_methods() -> set[str]:
    """The HTTP methods of the requests to PolyAI."""
    calls = [call for path in (ROOT / "bot/polyai").glob("*.py") for call in _all(path, ast.Call)]
    built = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "build_request"]
    return {cast(str, cast(ast.Constant, call.args[0]).value) for call in built}


def acks() -> set[str]:
    """The acknowledgement of each listener that is registered."""
    listeners = _Listeners()
    register(cast(Any, listeners), cast(Any, None))
    return {f"ack of {listener.__qualname__}" for listener in listeners.listeners}


MANY = {
    "bot/slack/api/errors.py": slack_methods,
    "bot/polyai/http.py": http_methods,
    "handlers/registry.py": acks,
}
"""Where one place in the code stands for many: what these are called is known only while it runs."""


class _Listeners:
    """Hears of every listener, as Bolt would."""

    def __init__(self) -> None:
        self.listeners: list[Callable[..., Any]] = []

    def _registering(self, _constraint: object) -> Callable[..., None]:
        def register(listener: Callable[..., Any] | None = None, **lazily: Any) -> None:
            self.listeners.append(listener or lazily["lazy"][0])

        return register

    command = options = view = action = shortcut = event = function = _registering

    def error(self, _handler: object) -> None:
        """The handler of errors acknowledges nothing."""


def _sources() -> Iterator[Path]:
    for folder in PRODUCT:
        yield from (path for path in (ROOT / folder).rglob("*.py"))


def _around(path: Path) -> set[str]:
    calls = [call for call in _all(path, ast.Call) if ast.unparse(call.func) == "crash_points.around"]
    if any(not isinstance(call.args[0], ast.Constant) for call in calls):
        return MANY[str(path.relative_to(ROOT))]()
    return {cast(str, cast(ast.Constant, call.args[0]).value) for call in calls}


def _writes(method: ast.AsyncFunctionDef) -> bool:
    called = {ast.unparse(node.func) for node in ast.walk(method) if isinstance(node, ast.Call)}
    return method.name != "_write" and bool(
        called & {"self._database.write", "self._database.write_surely", "self._write"}
    )


def _is_client(func: ast.Attribute) -> bool:
    return ast.unparse(func.value) in {"self._client", "client"} and not func.attr.startswith("_")


def _all(path: Path, kind: type[Any]) -> list[Any]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kind)]
