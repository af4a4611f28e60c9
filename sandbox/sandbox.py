"""The sandbox: both emulators, a small workspace, and the real bot as a child process."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sandbox.bot_process import BotProcess, free_port, handed_on
from sandbox.polyai.calls import Step
from sandbox.polyai.server import EmulatedPolyAI
from sandbox.slack.server import EmulatedSlack

_SETTINGS = "CALLGATE_"
_FILES = ("CALLGATE_POLICY", "CALLGATE_CALLING_WINDOWS")

PROGRESS: list[Step] = [(0.0, "queued", ""), (3.0, "calling", ""), (8.0, "success", "")]
"""How the emulated PolyAI's calls go: seconds after the placement, status, reason."""

ROLES = ("requester", "approver", "approver", "approver", "guest")
"""What Alice, Bob, Carol, Dave and Gina are, in this order."""


class Sandbox:
    """A workspace in which the bot can be tried. `start`, then `stop`."""

    def __init__(self, environment: Mapping[str, str], progress: Sequence[Step] = PROGRESS) -> None:
        self.slack = EmulatedSlack()
        self.slack.workspace.users[self.slack.bot_user_id].name = "Callgate"
        self.polyai = EmulatedPolyAI(progress=progress)
        self.alice = self.slack.add_person("Alice")
        self.bob = self.slack.add_person("Bob")
        self.carol = self.slack.add_person("Carol")
        self.dave = self.slack.add_person("Dave")
        self.gina = self.slack.add_person("Gina", guest=True)
        everyone = [self.alice, self.bob, self.carol, self.dave, self.gina]
        self.roles = dict(zip([person.id for person in everyone], ROLES, strict=True))
        self.channel = self.slack.add_channel("calls", everyone)
        # Here the bot was never invited: what it says then can be tried too.
        self.slack.add_channel("random", everyone, bot_is_member=False)
        self.folder = Path(tempfile.mkdtemp(prefix="callgate-sandbox-"))
        named = environment.get("CALLGATE_DATABASE")
        self.database = Path(named).resolve() if named else self.folder / "callgate.db"
        self._http_port = free_port()
        self._environment = handed_on(environment)
        settings = {name: value for name, value in environment.items() if name.startswith(_SETTINGS)}
        self._environment |= settings
        files = {name: settings[name] for name in _FILES if settings.get(name)}
        self._environment |= {name: str(Path(file).resolve()) for name, file in files.items()}
        self.bot: BotProcess | None = None

    async def start(self) -> None:
        """Start the emulators and the bot; returns when the bot is ready. RuntimeError if it never is."""
        await self.slack.start()
        await self.polyai.start()
        environment = self.bot_environment()
        if not self.database.exists():
            made = BotProcess(environment, self.folder / "bot.log", ("-m", "bot", "init"))
            made.start()
            await made.ended()
        self.bot = BotProcess(environment, self.folder / "bot.log")
        await self.start_bot()

    async def start_bot(self) -> None:
        """Start the bot, for the first time or again; returns when it is ready."""
        if self.bot is None:
            raise RuntimeError("start the sandbox first")
        self.bot.start()
        await self.bot.ready(f"http://127.0.0.1:{self._http_port}")

    async def stop(self) -> None:
        """Stop everything. The database and the bot's log stay where they are."""
        if self.bot is not None and self.bot.running:
            await self.bot.terminate()
        await self.slack.stop()
        await self.polyai.stop()

    async def record(self) -> bytes:
        """Every event that the bot has recorded, as JSON lines; RuntimeError if there is none to read."""
        command = [sys.executable, "-m", "bot", "audit", "export"]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, env=self.bot_environment(), cwd=self.folder, stdout=pipe, stderr=pipe
        )
        written, said = await process.communicate()
        if process.returncode:
            raise RuntimeError(said.decode(errors="replace").strip())
        return written

    def bot_environment(self) -> dict[str, str]:
        """What the bot is given: the settings of ours that are not the sandbox's own, and those that are."""
        return {
            **self._environment,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "POLYAI_BASE_URL": self.polyai.url,
            "POLYAI_AUTH_TOKEN": self.polyai.token,
            "CALLGATE_DATABASE": str(self.database),
            "CALLGATE_APPROVERS": ",".join(each.id for each in (self.bob, self.carol, self.dave)),
            "CALLGATE_HTTP_HOST": "127.0.0.1",
            "CALLGATE_HTTP_PORT": str(self._http_port),
        }
