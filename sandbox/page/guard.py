"""Lets in only the sandbox's own page: no other origin, no other name for this machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.page.refusals import NotAllowedHere, Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    # Trusted Types make the browser itself refuse to turn text into HTML.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what does not come from the page itself, and answer refusals as one sentence in JSON."""
    try:
        _check_host(request)
        _check_origin(request)
        return await handler(request)
    except Refusal as refusal:
        return web.json_response({"error": refusal.sentence}, status=refusal.status)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Forbid the browser everything the page does not need."""
    response.headers.update(_HEADERS)


def _check_host(request: web.Request) -> None:
    # A foreign name that resolves to 127.0.0.1 (DNS rebinding) would make any site "the same origin".
    if request.host not in _own_hosts(request):
        raise NotAllowedHere("The sandbox answers only at its own address, 127.0.0.1 or localhost.")


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{host}" for host in _own_hosts(request)}:
        raise NotAllowedHere("The sandbox takes requests only from its own page.")


def _own_hosts(request: web.Request) -> set[str]:
    transport = request.transport
    port = transport.get_extra_info("sockname")[1] if transport is not None else None
    return {f"{host}:{port}" for host in _HOSTS} | (set(_HOSTS) if port == 80 else set())
