"""The page over a channel with a thousand cards in it, and no bot. Prints its address."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from sandbox.page.server import Page
from sandbox.sandbox import Sandbox

CARDS = 1_000


async def main() -> None:
    sandbox = Sandbox({})
    page = Page(sandbox)
    await sandbox.slack.start()
    for number in range(CARDS):
        text = f"Card {number}"
        sandbox.slack.workspace.post(sandbox.channel.id, sandbox.slack.bot_user_id, text, _card(number))
    await page.start()
    sys.stdout.write(f"{page.url}\n")
    sys.stdout.flush()
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    await page.stop()
    await sandbox.stop()


def _card(number: int) -> list[dict[str, Any]]:
    """Like a card of Callgate's: header, fields, rich text, context, buttons."""
    fields = [{"type": "mrkdwn", "text": f"*Field {n}*\n<@U0ALICE00> & {number}"} for n in range(4)]
    words = [
        {"type": "text", "text": "Why: ", "style": {"bold": True}},
        {"type": "text", "text": "a reminder"},
    ]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]}
    buttons = [_button(name) for name in ("approve", "deny", "review", "cancel")]
    return [
        {"type": "header", "text": {"type": "plain_text", "text": f"Card {number}"}},
        {"type": "section", "fields": fields},
        rich,
        rich,
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"`CR-{number}` · asked today"}]},
        {"type": "actions", "block_id": f"b{number}", "elements": buttons},
    ]


def _button(name: str) -> dict[str, Any]:
    return {"type": "button", "action_id": name, "text": {"type": "plain_text", "text": name.title()}}


if __name__ == "__main__":
    asyncio.run(main())
