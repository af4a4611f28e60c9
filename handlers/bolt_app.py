"""The Bolt app: what of Bolt is switched on, and every listener on it."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.lull import Lull
from bot.slack.api.identity import Identity
from handlers.in_flight import InFlight
from handlers.registry import register
from handlers.services import Services
from handlers.shapes import ShapeCheck


def bolt_app(
    client: AsyncWebClient, identity: Identity, services: Services, lull: Lull
) -> tuple[AsyncApp, InFlight]:
    """The app with its listeners, and the count of those at work."""
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
        client=client,
        authorize=authorize,
        # Signatures are checked by the endpoint that receives them, before anything of a request is read.
        request_verification_enabled=False,
        # What these are for, no event and no custom step among them, the shape check lets nothing through.
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        before_authorize=ShapeCheck(),
        raise_error_for_unhandled_request=True,
        process_before_response=True,  # see handlers/in_flight.py
    )
    return app, register(app, services, lull)
