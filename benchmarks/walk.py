"""How many of our functions a form passes, from its HTTP request until its card is in Slack and on record.

`python -m benchmarks.walk [--list]`. Counted is every different function of bot, handlers and storage that
is entered meanwhile, in whichever thread, lambdas and comprehensions as part of the function they stand in;
not counted are the emulators, and workers that look for work and find none.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from pathlib import Path
from types import CodeType, FrameType

from bot.ops.logs import set_up_logs
from tests.support.world import FORM, World

REPOSITORY = Path(__file__).resolve().parents[1]
OURS = tuple(str(REPOSITORY / name) + "/" for name in ("bot", "handlers", "storage"))
IDLE = ("workers/dialer.py", "workers/poller.py", "workers/deadlines.py", "workers/retention.py")


class Walk:
    """The functions in the order in which they were first entered."""

    def __init__(self) -> None:
        self.functions: dict[tuple[str, str], None] = {}
        self._seen: set[CodeType] = set()

    def __call__(self, frame: FrameType, event: str, _arg: object) -> None:
        code = frame.f_code
        if event != "call" or code in self._seen:
            return
        self._seen.add(code)
        name = code.co_qualname.partition(".<locals>.<")[0]
        if code.co_filename.startswith(OURS) and not code.co_filename.endswith(IDLE) and "<" not in name[:1]:
            self.functions[code.co_filename.removeprefix(f"{REPOSITORY}/"), name] = None


async def walk() -> Walk:
    with tempfile.TemporaryDirectory() as folder:
        world, found = World(Path(folder)), Walk()
        await world.open()
        threading.setprofile(found)  # the threads of the database begin with the product
        await world.start(slack_app_token=None, slack_signing_secret=world.slack.signing_secret)
        world.slack.deliver_over_http(f"http://127.0.0.1:{world.port}/slack/events")
        await world.ask()
        await world.alice.type("/call", world.channel)
        form = (await world.until(lambda: world.alice.modals))[-1]
        await world.unfold(world.alice, ["consent_kind", "consent_reference"])
        found.functions.clear()
        found._seen.clear()
        sys.setprofile(found)
        await world.alice.submit(form, FORM)
        await world.until(lambda: len(world.cards()) == 2)
        await world.until(lambda: not world.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
        sys.setprofile(None)
        threading.setprofile(None)
        await world.close()
    return found


def main() -> None:
    set_up_logs()
    found = asyncio.run(walk()).functions
    if "--list" in sys.argv:
        for file, name in found:
            print(f"{file}: {name}")
    print(f"{len(found)} functions in {len({file for file, _ in found})} files")


if __name__ == "__main__":
    main()
