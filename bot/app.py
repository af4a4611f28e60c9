"""The composition root: builds the product from its settings, starts it, stops it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

import aiohttp
import structlog
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Misconfigured
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.warm_up import warm_up
from bot.domain.states import Status
from bot.lull import Lull
from bot.ops.clock import SystemClock
from bot.ops.http_server import HttpServer, Route
from bot.ops.metrics import Metrics
from bot.ops.metrics_endpoint import PATH as METRICS_PATH
from bot.ops.metrics_endpoint import MetricsEndpoint
from bot.ops.policy_file import keeping, load_policy
from bot.ops.settings import Settings
from bot.polyai.outbound_calling import OutboundCallingApi
from bot.service.calls import CallService, Rules
from bot.service.ports import Clock
from bot.service.safeguards import Safeguards
from bot.slack.api.addresses import SlackAddresses
from bot.slack.api.busy_counter import BusyCounter
from bot.slack.api.directory import SlackDirectory
from bot.slack.api.ephemeral_replies import EphemeralReplies
from bot.slack.api.events_endpoint import PATH, EventsEndpoint
from bot.slack.api.files import Files
from bot.slack.api.identity import Identity, identify_patiently
from bot.slack.api.messenger import Messenger
from bot.slack.api.socket import SocketConnection
from bot.workers.deadlines import Deadlines
from bot.workers.dialer import Dialer
from bot.workers.notifier import Notifier
from bot.workers.poller import Poller
from bot.workers.retention import Retention
from bot.workers.worker import Worker
from handlers.bolt_app import bolt_app
from handlers.services import Services
from storage import installation
from storage.call_store import SqliteCallStore
from storage.database.lock import hold_lock
from storage.database.threads import Database
from storage.outbox.outbox import Outbox
from storage.retention.purges import Purges
from storage.safeguard_store import SqliteSafeguardStore

log = structlog.get_logger()

SLACK_TIMEOUT = aiohttp.ClientTimeout(total=8.0)
# A supervisor usually kills ten seconds after SIGTERM: seconds for each part of stopping, at most.
_HEAR_WITHIN = 3.0
_WORK_WITHIN = 3.0
_TELL_WITHIN = 2.5
_LAST_ACK = 0.05
"""Seconds for the last acknowledgements to leave: a listener is done before its answer is on the wire."""


@dataclass
class Callgate:
    """The product, built. `start`, then `stop`."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self.http_port = 0
        token = self.settings.slack_app_token
        self._app_token = None if token is None else _revealed(token)
        self._metrics = Metrics()
        self._workers: list[Worker] = []
        self._exits = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Check the credentials, take up where the last process ended, and open for business.

        Raises:
            Misconfigured: a credential is refused, or the database or the port is taken.
        """
        try:
            await self._start()
        except BaseException:
            await self._exits.aclose()
            raise

    async def stop(self) -> None:
        """Take nothing new on, finish what is under way or give it up, tell Slack, close: in ten seconds.

        A call whose answer does not come in time is unconfirmed. What Slack cannot be told now is told
        after the next start.
        """
        await _at_most(_HEAR_WITHIN, self._hear_no_more())
        await _at_most(_WORK_WITHIN, self._work_no_more())
        await _at_most(_TELL_WITHIN, self._tell_the_rest())
        await self._exits.aclose()

    async def _start(self) -> None:
        self._policy = load_policy(self.settings)
        warm_up(self._policy)
        self._exits.enter_context(hold_lock(self.settings.callgate_database))
        client = await self._slack_client()
        identity = await identify_patiently(client, self._app_token, self.clock)
        database = Database(self.settings.callgate_database)
        self._exits.callback(database.close)
        await database.write(lambda db: installation.write(db, installation.WORKSPACE_URL, identity.url))
        self._began = identity.at
        self._build(client, identity, database)
        await self._service.store.adopt(self._policy, self.clock.now())
        await self._service.abandon_open_attempts(lease_ended=False)
        if await self._service.store.dialing_is_held():
            self._dialer.hold()
        for tasks in (self._dialer.dials, self._notifier.deliveries):
            self._exits.push_async_callback(tasks.cancel)
        for worker in self._workers:
            worker.start()
            self._exits.push_async_callback(worker.kill)
        await self._open()
        log.info("started", http_port=self.http_port, socket_mode=self.settings.socket_mode)

    def _build(self, client: AsyncWebClient, identity: Identity, database: Database) -> None:
        settings = self.settings
        store = SqliteCallStore(database, self._wake)
        directory, messenger = SlackDirectory(client, identity.team), Messenger(client)
        self._voice = OutboundCallingApi(settings.polyai_base_url, _revealed(settings.polyai_auth_token))
        self._exits.push_async_callback(self._voice.close)
        self._service = CallService(store, directory, self._voice, self.clock, _rules(settings, self._policy))
        self._safeguards = Safeguards(
            SqliteSafeguardStore(database, self._wake),
            self._service.permissions,
            self.clock,
            settings.callgate_approvals_channel,
        )
        self._dialer = Dialer(self._service, store, self.clock)
        self._poller = Poller(self._service, store, self.clock, self._metrics.polled)
        lull = Lull()
        self._notifier = Notifier(
            Outbox(database), messenger, self.clock, self._metrics.slack_posts_unanswered.inc, lull
        )
        reaper = Deadlines(self._service, self.clock)
        purges = Purges(database, settings.callgate_database)
        keeper = Retention(purges, keeping(settings, self._policy), self.clock)
        self._metrics.watch_dialing(lambda: self._dialer.held)
        self._metrics_endpoint = MetricsEndpoint(self._metrics, database, self.clock)
        working = (self._dialer, self._poller, self._notifier, reaper, keeper)
        self._workers = [each.worker for each in working]
        addresses = SlackAddresses(settings.slack_api_url)
        files = Files(self._session, _revealed(settings.slack_bot_token), addresses)
        ephemeral = EphemeralReplies(client, self._session, addresses)
        services = Services(self._service, self._safeguards, messenger, ephemeral, files, self.clock)
        self._bolt, self._in_flight = bolt_app(client, identity, services, lull)

    async def _open(self) -> None:
        routes: list[Route] = []
        self._socket: SocketConnection | None = None
        if self._app_token is not None:
            self._socket = SocketConnection(self._bolt, self._app_token)
            self._metrics.watch_socket(self._socket)
            await self._socket.open()
            self._exits.push_async_callback(self._socket.close)
        elif self.settings.slack_signing_secret is not None:
            secret = _revealed(self.settings.slack_signing_secret)
            routes.append((PATH, EventsEndpoint(self._bolt, secret, self._began).receive))
            # What Slack signs in the very second of our start is refused; so we are not there before it ends.
            left = self._began.timestamp() + 1 - time.time()
            await asyncio.sleep(min(max(left, 0.0), 1.0))
        self._server = HttpServer(self._readiness, routes, [(METRICS_PATH, self._metrics_endpoint.show)])
        self._exits.push_async_callback(self._server.stop)
        self.http_port = await self._listen()

    async def _listen(self) -> int:
        host, port = self.settings.callgate_http_host, self.settings.callgate_http_port
        try:
            return await self._server.start(host, port)
        except OSError as error:
            raise Misconfigured(
                f"Cannot listen on {host}:{port} ({error.strerror}). Set CALLGATE_HTTP_PORT to a free one."
            ) from None

    async def _slack_client(self) -> AsyncWebClient:
        self._session = aiohttp.ClientSession(timeout=SLACK_TIMEOUT)
        self._exits.push_async_callback(self._session.close)
        client = AsyncWebClient(
            token=_revealed(self.settings.slack_bot_token),
            base_url=self.settings.slack_api_url,
            session=self._session,
        )
        # The SDK's own handler would post a message again whose answer was lost; the outbox decides that.
        client.retry_handlers = [BusyCounter(self._metrics.slack_rate_limited.inc)]
        return client

    async def _readiness(self) -> tuple[bool, dict[str, str]]:
        """Ready is who can be reached by Slack; dialing that is stopped must not take that away."""
        reachable = self._socket is None or self._socket.connected
        return reachable, {
            "slack": "connected" if self._socket is None else self._socket.state,
            "dialing": await self._dialing(),
        }

    async def _dialing(self) -> str:
        if await self._safeguards.store.is_frozen():
            return "frozen"
        return "held" if self._dialer.held else "on"

    def _wake(self, status: Status | None) -> None:
        """Slack is to be told of every change; the others look at one status each."""
        self._notifier.worker.wake()
        if status is Status.APPROVED:
            self._dialer.worker.wake()
        if status is Status.PLACED:
            self._poller.look()

    async def _hear_no_more(self) -> None:
        """Listeners first, for they still have to acknowledge; then those that came meanwhile."""
        await self._in_flight.drain()
        await asyncio.sleep(_LAST_ACK)
        if self._socket is not None:
            await self._socket.close()
        await self._server.stop()
        await self._in_flight.drain()

    async def _work_no_more(self) -> None:
        await asyncio.gather(self._dialer.stop(), self._poller.stop())

    async def _tell_the_rest(self) -> None:
        await self._service.abandon_open_attempts(lease_ended=False)
        await self._notifier.flush()


async def _at_most(seconds: float, work: Awaitable[None]) -> None:
    """Await it, or go on without it when its time is up."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        log.warning("stop_cut_short", seconds=seconds)


def _rules(settings: Settings, policy: DialingPolicy) -> Rules:
    return Rules(
        approvers=settings.callgate_approvers,
        policy=policy,
        approvals_required=settings.callgate_approvals_required,
        remind_after=settings.callgate_remind_after,
        approvals_channel=settings.callgate_approvals_channel,
        approval_expires=settings.callgate_approval_expires,
        dial_expires=settings.callgate_dial_expires,
        retry_failed_to_place=settings.callgate_retry_failed_to_place,
        slack_connect=settings.callgate_slack_connect,
        max_pending=settings.callgate_max_pending,
    )


def _revealed(secret: SecretStr) -> str:
    return secret.get_secret_value()
