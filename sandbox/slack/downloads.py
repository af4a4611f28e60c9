"""File downloads: for the bot's token with files:read; everybody else gets Slack's sign-in page."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from sandbox.slack.workspace import Workspace

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"


class Downloads:
    """Serves files, and the sign-in page."""

    def __init__(self, workspace: Workspace, may_read: Callable[[web.Request], bool]) -> None:
        self._workspace, self._may_read = workspace, may_read

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer with the file; without permission not with an error but with a way to the sign-in page."""
        if not self._may_read(request):
            raise web.HTTPFound(f"/?redir={request.path}")
        file = self._workspace.files.get(request.match_info["file"].rpartition("-")[2])
        if file is None or file.name != request.match_info["name"]:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type=file.mimetype)

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Answer 200 with an HTML page, as the real Slack does to a download without a good token."""
        return web.Response(text=SIGN_IN, content_type="text/html")
