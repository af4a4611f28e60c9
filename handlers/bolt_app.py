"""The Bolt app, with every listener on it."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api.identity import Identity
from handlers.lazy_runner import LazyRunner
from handlers.registry import register
from handlers.services import Services
from handlers.shapes import ShapeCheck


def bolt_app(client: AsyncWebClient, identity: Identity, services: Services) -> tuple[AsyncApp, LazyRunner]:
    """The app, and the runner of its lazy listeners."""
    authorized = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team,
        bot_user_id=identity.bot_user,
        bot_id=identity.bot_id,
        bot_token=client.token,
    )

    async def authorize() -> AuthorizeResult:
        """Known since the start. It also keeps Bolt from the OAuth mode that SLACK_CLIENT_ID switches on."""
        return authorized

    app = AsyncApp(
        name="callgate",
        # Without our session: Bolt copies its client for each lazy listener, and a session cannot be copied.
        client=AsyncWebClient(token=client.token, base_url=client.base_url),
        authorize=authorize,
        # Signatures are checked by the endpoint that receives them, before anything of a request is read.
        request_verification_enabled=False,
        before_authorize=ShapeCheck(),
        raise_error_for_unhandled_request=True,
        # Bolt answers as soon as a listener returns; otherwise it looks every 10 ms for its acknowledgement.
        process_before_response=True,
    )
    runner = LazyRunner(app.logger)
    app.listener_runner.lazy_listener_runner = runner
    register(app, services)
    return app, runner
