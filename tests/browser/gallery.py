"""The page with an app that shows every element, and says in #calls what it was sent. Prints its address."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from sandbox.loopback import LoopbackServer
from sandbox.page.server import Page
from sandbox.sandbox import Sandbox

Json = dict[str, Any]


class Gallery:
    """Answers what Slack delivers over HTTP."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def serve(self, request: web.Request) -> web.Response:
        payload = json.loads(parse_qs(await request.text())["payload"][0])
        match payload["type"]:
            case "block_suggestion":
                return web.json_response({"options": options("Kenya", "Chile")})
            case "view_submission":
                self._say(payload["view"]["state"]["values"])
            case "block_actions":
                self._say(payload["actions"][0])
        return web.Response()

    def _say(self, what: Json) -> None:
        slack = self._sandbox.slack
        slack.workspace.post(self._sandbox.channel.id, slack.bot_user_id, json.dumps(what))


async def main() -> None:
    sandbox = Sandbox({})
    page, app, server = Page(sandbox), web.Application(), LoopbackServer()
    app.router.add_post("/", Gallery(sandbox).serve)
    await sandbox.slack.start()
    await server.start(app, 0)
    sandbox.slack.deliver_over_http(f"{server.url}/")
    blocks = [{"block_id": f"block{number}", **block} for number, block in enumerate(message_blocks())]
    sandbox.slack.workspace.post(sandbox.channel.id, sandbox.slack.bot_user_id, "Gallery", blocks)
    await page.start()
    sys.stdout.write(f"{page.url}\n")
    sys.stdout.flush()
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, told.set)
    # The modal opens when somebody has said something.
    sandbox.slack.subscribe(lambda change: _open_modal(sandbox, change.kind, change.data))
    await told.wait()
    await page.stop()
    await server.stop()
    await sandbox.stop()


def _open_modal(sandbox: Sandbox, kind: str, data: Json) -> None:
    if kind == "message_posted" and data["text"] == "open":
        sandbox.slack.workspace.views.open(data["user"], modal())


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def message_blocks() -> list[Json]:
    confirm = {"title": plain("Really?"), "text": plain("It cannot be undone."), "confirm": plain("Do it")}
    confirm |= {"deny": plain("Leave it"), "style": "danger"}
    words = [
        {
            "type": "text",
            "text": "all",
            "style": {"bold": True, "italic": True, "code": True, "strike": True},
        },
        {"type": "link", "url": "javascript:alert(1)", "text": "never a link"},
        {"type": "link", "url": "https://example.com/", "text": "a link"},
        {"type": "user", "user_id": "U0BOB0000"},
        {"type": "channel", "channel_id": "C0CALLS00"},
        {"type": "date", "timestamp": 1_700_000_000, "format": "{date_num}", "fallback": "then"},
        {"type": "broadcast", "range": "here"},
    ]
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "an item"}]}
    rich = [
        {"type": "rich_text_section", "elements": words},
        {"type": "rich_text_list", "style": "ordered", "elements": [item]},
    ]
    mrkdwn = "*bold* _italic_ ~gone~ `<@U0BOB0000>` <@U0BOB0000> <#C0CALLS00> <!here> 2*3*4 &lt;b&gt; "
    mrkdwn += "<!date^1700000000^{date_num}|then> <javascript:alert(1)|never> <https://example.com/|there>"
    mrkdwn += "\n&gt; quoted"
    return [
        {"type": "header", "text": plain("Everything")},
        {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn}},
        {"type": "divider"},
        {"type": "rich_text", "elements": rich},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a picture"},
        {"type": "hologram", "block_id": "h", "depth": 3},
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                {
                    "type": "button",
                    "action_id": "danger",
                    "text": plain("Delete"),
                    "style": "danger",
                    "confirm": confirm,
                },
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("Pick one"),
                    "options": options("Red", "Blue"),
                },
            ],
        },
    ]


def modal() -> Json:
    pizzas = options("Margherita", "Funghi", "Marinara")
    grouped = [{"label": plain("Warm"), "options": options("Tea", "Cocoa")}]
    elements = {
        "text": {"type": "plain_text_input", "initial_value": "there already"},
        "lines": {"type": "plain_text_input", "multiline": True},
        "number": {"type": "number_input", "is_decimal_allowed": False},
        "one": {"type": "static_select", "option_groups": grouped},
        "country": {"type": "external_select", "min_query_length": 1},
        "checks": {"type": "checkboxes", "options": pizzas},
        "radio": {"type": "radio_buttons", "options": pizzas},
        "day": {"type": "datepicker"},
        "time": {"type": "timepicker"},
        "file": {"type": "file_input", "filetypes": ["json"]},
    }
    blocks = [
        {
            "type": "input",
            "block_id": name,
            "label": plain(f"The {name}"),
            "hint": plain(f"About the {name}"),
            "element": {**element, "action_id": name},
        }
        for name, element in elements.items()
    ]
    return {"type": "modal", "title": plain("Gallery"), "submit": plain("Send"), "blocks": blocks}


if __name__ == "__main__":
    asyncio.run(main())
