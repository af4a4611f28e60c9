"""files.info."""

from __future__ import annotations

from sandbox.slack.args import Args
from sandbox.slack.errors import ApiError
from sandbox.slack.method import TIER_4, Answer, App, Method
from sandbox.slack.objects import file_object


def info(app: App, args: Args) -> Answer:
    """Tell what a file is and where to download it."""
    file = app.workspace.files.get(args.text("file") or "")
    if file is None:
        raise ApiError("file_not_found")
    return {"file": file_object(app.workspace, file)}


METHODS = [Method("files.info", info, ("files:read",), TIER_4)]
