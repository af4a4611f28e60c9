"""The composition root: builds the product from its settings, opens it, and closes it in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version

import aiohttp
import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import command_name
from bot.domain.errors import Misconfigured
from bot.domain.freeze import few_approvers
from bot.domain.move import CALLGATE
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.warm_up import warm_up
from bot.domain.states import Status
from bot.ops.clock import SystemClock
from bot.ops.http_server import HttpServer, Route
from bot.ops.metrics import Metrics
from bot.ops.metrics_endpoint import PATH as METRICS_PATH
from bot.ops.metrics_endpoint import MetricsEndpoint
from bot.ops.policy_file import keeping, load_policy
from bot.ops.private_files import open_to_others
from bot.ops.settings import Settings
from bot.polyai.outbound_calling import OutboundCallingApi
from bot.service.calls import CallService, Rules
from bot.service.ports import Clock, VoiceApi
from bot.service.safeguards import Safeguards
from bot.slack.api.addresses import SlackAddresses
from bot.slack.api.directory import SlackDirectory
from bot.slack.api.ephemeral_replies import EphemeralReplies
from bot.slack.api.events_endpoint import PATH, EventsEndpoint
from bot.slack.api.files import Files
from bot.slack.api.identity import Identity, identify_patiently
from bot.slack.api.messenger import Messenger
from bot.slack.api.response_watch import ResponseWatch
from bot.slack.api.signature import Doubt
from bot.slack.api.socket import SocketConnection
from bot.workers.database_watch import DatabaseWatch
from bot.workers.deadlines import Deadlines
from bot.workers.dialer import Dialer
from bot.workers.notifier import Notifier
from bot.workers.poller import Poller
from bot.workers.retention import Retention
from bot.workers.worker import Worker
from handlers.bolt_app import bolt_app
from handlers.lazy_runner import LazyRunner
from handlers.services import Services
from storage import installation
from storage.calls.store import SqliteCallStore
from storage.database.lock import hold_lock
from storage.database.threads import Database
from storage.outbox.outbox import Outbox
from storage.retention.purge import Purges
from storage.safeguards import freezes
from storage.safeguards.store import SqliteSafeguardStore

log = structlog.get_logger()

VOICES: dict[str, Callable[[Settings], VoiceApi]] = {
    "outbound-calling": lambda settings: OutboundCallingApi(
        settings.polyai_base_url, settings.polyai_auth_token.get_secret_value()
    )
}
"""The APIs through which calls are placed, by the setting POLYAI_API."""

SLACK_TIMEOUT = aiohttp.ClientTimeout(total=8.0)
# A supervisor usually kills ten seconds after SIGTERM: seconds for each part of stopping, at most.
_LISTENERS_WITHIN = 3.0
_WORK_WITHIN = 3.0
_TELL_WITHIN = 2.5
_LAST_ACK = 0.05
"""Seconds for the last acknowledgements to leave: a listener is done before its answer is on the wire."""


@dataclass(frozen=True)
class Running:
    """The product at work. `listeners` are those that go on after their acknowledgement."""

    http_port: int
    calls: CallService
    listeners: LazyRunner


@dataclass(frozen=True)
class _Parts:
    """What is built of the settings, the database and the clients, and not started yet."""

    database: Database
    directory: SlackDirectory
    calls: CallService
    safeguards: Safeguards
    dialer: Dialer
    poller: Poller
    notifier: Notifier
    others: tuple[Worker, ...]
    """Workers that need nothing of Slack."""


@dataclass
class _WayIn:
    """How Slack reaches us, once it has answered: by HTTP, or over the connection of Socket Mode."""

    endpoint: EventsEndpoint | None = None
    socket: SocketConnection | None = None

    async def receive(self, request: web.Request) -> web.Response:
        """What Slack posts."""
        if self.endpoint is None:
            raise web.HTTPServiceUnavailable(text="Callgate is starting: it has not reached Slack yet.")
        return await self.endpoint.receive(request)

    @property
    def state(self) -> tuple[bool, str]:
        """Whether Slack reaches us, and how that stands in a few words."""
        if self.socket is not None:
            return self.socket.connected, self.socket.state
        if self.endpoint is not None:
            return True, self.endpoint.state
        return False, "has not answered yet"


@asynccontextmanager
async def callgate(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Running]:
    """The product, at work inside: it takes up where the last process ended.

    Health, metrics, calls in progress and deadlines are up before Slack has answered. Nothing is dialed then.
    On leaving it takes nothing new on, finishes what is under way or gives it up, tells Slack, and closes:
    in ten seconds. A call whose answer does not come in time is unconfirmed. What Slack cannot be told now
    is told after the next start.

    Raises:
        Misconfigured: a credential is refused, or the database or the port is taken.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as exits:
        command_name.use(settings.callgate_command)
        exits.callback(command_name.use, command_name.DEFAULT)
        policy = load_policy(settings)
        warm_up(policy)
        exits.enter_context(hold_lock(settings.callgate_database))
        for file in open_to_others(settings.callgate_database):
            log.warning("others_can_read", file=file, what_to_do=f"chmod go= {file}")
        metrics, way_in = Metrics(), _WayIn()
        metrics.watch_requests(Doubt)
        session = await exits.enter_async_context(aiohttp.ClientSession(timeout=SLACK_TIMEOUT))
        client = _slack_client(settings, session, metrics, clock)
        database = await _open_database(settings, clock, exits)
        voice = VOICES[settings.polyai_api](settings)
        exits.push_async_callback(voice.close)
        parts = _build(settings, policy, clock, metrics, database, voice, client)
        await _take_up(parts, policy, clock)
        for tasks in (parts.dialer.dials, parts.notifier.deliveries):
            exits.push_async_callback(tasks.cancel)
        _start(exits, *parts.others)
        server = await _serve(
            settings, parts, way_in, MetricsEndpoint(metrics, database, clock), clock, exits
        )
        identity = await identify_patiently(client, _revealed(settings.slack_app_token), clock)
        parts.directory.home_team = identity.team
        await database.write(lambda db: installation.write(db, installation.WORKSPACE_URL, identity.url))
        listeners = await _listen(settings, parts, way_in, client, session, metrics, identity, exits)
        _start(exits, parts.notifier.worker, parts.dialer.worker)
        _say_started(settings, policy, identity, server)
        yield Running(server.port, parts.calls, listeners)
        parts.dialer.worker.halt()
        await _at_most(_LISTENERS_WITHIN, _stop_listening(listeners, way_in.socket, server))
        await _at_most(_WORK_WITHIN, asyncio.gather(parts.dialer.stop(), parts.poller.stop()))
        await _at_most(_TELL_WITHIN, _tell_the_rest(parts))


async def _take_up(parts: _Parts, policy: DialingPolicy, clock: Clock) -> None:
    """Where the last process ended."""
    await parts.calls.store.adopt(policy, clock.now())
    await parts.calls.abandon_open_attempts(lease_ended=False)
    if await parts.calls.store.dialing_is_held():
        parts.dialer.hold()


def _say_started(settings: Settings, policy: DialingPolicy, identity: Identity, server: HttpServer) -> None:
    named = settings.callgate_approvers
    if not (named.groups or named.channel) and (few := few_approvers(len(named.users))):
        log.warning("few_approvers", what_it_means=few)
    log.info(
        "started",
        version=version("callgate"),
        http_port=server.port,
        socket_mode=settings.socket_mode,
        database=str(settings.callgate_database.absolute()),
        workspace=identity.url,
        policy=policy.name,
        approvers=settings.callgate_approvers.names,
    )


async def _open_database(settings: Settings, clock: Clock, exits: AsyncExitStack) -> Database:
    database = Database(settings.callgate_database)
    exits.callback(database.close)
    if older := database.older:
        what = 'Look in PolyAI which calls were placed since, then type callgate resume --why "…"'
        log.error("database_older", reason=older, what_to_do=what)
        at, tell = clock.now(), settings.callgate_approvals_channel or ""
        await database.take_older(lambda db: freezes.hold(db, older, at, tell))
    return database


def _build(
    settings: Settings,
    policy: DialingPolicy,
    clock: Clock,
    metrics: Metrics,
    database: Database,
    voice: VoiceApi,
    client: AsyncWebClient,
) -> _Parts:
    def wake(status: Status | None) -> None:
        """Slack is to be told of every change; the others look at one status each."""
        notifier.worker.wake()
        if status is Status.APPROVED:
            dialer.worker.wake()
        if status is Status.PLACED:
            poller.look()

    store, directory = SqliteCallStore(database, wake), SlackDirectory(client)
    calls = CallService(store, directory, voice, clock, _rules(settings, policy))
    safeguard_store = SqliteSafeguardStore(database, wake)
    safeguards = Safeguards(safeguard_store, calls.permissions, clock, settings.callgate_approvals_channel)
    dialer = Dialer(calls, store, clock)
    poller = Poller(calls, store, clock, metrics.polled)
    told_too = settings.callgate_approvals_channel
    unanswered = metrics.slack_posts_unanswered.inc
    notifier = Notifier(Outbox(database), Messenger(client), clock, unanswered, told_too)
    retention = Retention(Purges(database, settings.callgate_database), keeping(settings, policy), clock)
    metrics.watch_dialing(lambda: dialer.held)
    working = (poller, Deadlines(calls, clock), retention, DatabaseWatch(database, clock))
    others = tuple(each.worker for each in working)
    return _Parts(database, directory, calls, safeguards, dialer, poller, notifier, others)


def _start(exits: AsyncExitStack, *workers: Worker) -> None:
    for worker in workers:
        worker.start()
        exits.push_async_callback(worker.kill)


async def _serve(
    settings: Settings,
    parts: _Parts,
    way_in: _WayIn,
    metrics: MetricsEndpoint,
    clock: Clock,
    exits: AsyncExitStack,
) -> HttpServer:
    async def readiness() -> tuple[bool, dict[str, str]]:
        """Ready is who Slack can reach and who can write; dialing that is stopped must not take that away."""
        frozen = await parts.safeguards.store.current_freeze()
        dialing = "held" if parts.dialer.held else "on"
        if frozen is not None:
            put_back = "held: the database was put back, see callgate doctor"
            dialing = put_back if frozen.frozen_by == CALLGATE else "frozen"
        reached, slack = way_in.state
        trouble, doubt = await parts.database.trouble(), clock.doubt()
        stored = f"cannot be written: {trouble}" if trouble else "writable"
        waits = "the database cannot be written" if trouble else doubt
        said = {"slack": slack, "database": stored, "dialing": f"waits: {waits}" if waits else dialing}
        return reached and not trouble, said

    routes: list[Route] = [] if settings.socket_mode else [(PATH, way_in.receive)]
    server = HttpServer(readiness, routes, [(METRICS_PATH, metrics.show)])
    exits.push_async_callback(server.stop)
    host, port = settings.callgate_http_host, settings.callgate_http_port
    try:
        await server.start(host, port)
    except UnicodeError:
        raise Misconfigured(f"CALLGATE_HTTP_HOST: {host} is no address and no name of a machine.") from None
    except OSError as error:
        raise Misconfigured(
            f"Cannot listen on {host}:{port} ({error.strerror}). Set CALLGATE_HTTP_PORT to a free one, and"
            " CALLGATE_HTTP_HOST to an address of this machine."
        ) from None
    return server


async def _listen(
    settings: Settings,
    parts: _Parts,
    way_in: _WayIn,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    metrics: Metrics,
    identity: Identity,
    exits: AsyncExitStack,
) -> LazyRunner:
    """Hear what Slack sends from now on."""
    addresses = SlackAddresses(settings.slack_api_url)
    messenger = Messenger(client)
    replies = EphemeralReplies(messenger, session, addresses)
    files = Files(session, settings.slack_bot_token.get_secret_value(), addresses)
    services = Services(parts.calls, parts.safeguards, messenger, replies, files)
    bolt, listeners = bolt_app(client, identity, services)
    if app_token := _revealed(settings.slack_app_token):
        way_in.socket = SocketConnection(bolt, client, app_token)
        metrics.watch_socket(way_in.socket)
        await way_in.socket.open()
        exits.push_async_callback(way_in.socket.close)
    elif secret := _revealed(settings.slack_signing_secret):
        # What Slack signs in the very second of our start is refused; so we are not there before it ends.
        await asyncio.sleep(min(max(identity.at.timestamp() + 1 - time.time(), 0.0), 1.0))
        way_in.endpoint = EventsEndpoint(bolt, secret, identity.at, metrics.refused)
    return listeners


async def _stop_listening(listeners: LazyRunner, socket: SocketConnection | None, server: HttpServer) -> None:
    """Listeners first, for they still have to acknowledge; then those that came meanwhile."""
    await listeners.drain()
    await asyncio.sleep(_LAST_ACK)
    if socket is not None:
        await socket.close()
    await server.stop()
    await listeners.drain()


async def _tell_the_rest(parts: _Parts) -> None:
    await parts.calls.abandon_open_attempts(lease_ended=False)
    await parts.notifier.flush()


async def _at_most(seconds: float, work: Awaitable[object]) -> None:
    """Await it, or go on without it when its time is up."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except TimeoutError:
        log.warning("stop_cut_short", seconds=seconds)


def _slack_client(
    settings: Settings, session: aiohttp.ClientSession, metrics: Metrics, clock: Clock
) -> AsyncWebClient:
    token = _revealed(settings.slack_bot_token)
    client = AsyncWebClient(token=token, base_url=settings.slack_api_url, session=session)
    # The SDK's own handler would post a message again whose answer was lost; the outbox decides that.
    client.retry_handlers = [ResponseWatch(metrics.slack_rate_limited.inc, clock.heard)]
    return client


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


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
