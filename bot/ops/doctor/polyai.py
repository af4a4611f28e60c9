"""PolyAI: reachable, and our token accepted. Nothing is placed."""

from __future__ import annotations

from bot.ops.doctor.finding import Finding, ok, wrong
from bot.ops.settings import Settings
from bot.polyai.access import Access
from bot.polyai.outbound_calling import OutboundCallingApi

_ADVICE = {
    Access.REFUSED: "Set POLYAI_AUTH_TOKEN to the token of the Outbound Calling API of this project.",
    Access.UNREACHABLE: "Check POLYAI_BASE_URL and the way to it.",
    Access.ANSWERS_STRANGELY: "Check POLYAI_BASE_URL: it should be the address that PolyAI gave you.",
}
_SAYS = {
    Access.ACCEPTED: "accepts the token (whether its connector may call shows at the first call)",
    Access.REFUSED: "refuses the token",
    Access.UNREACHABLE: "cannot be reached",
    Access.ANSWERS_STRANGELY: "does not answer as PolyAI does",
}


async def check_polyai(settings: Settings) -> Finding:
    """Ask for the status of a call that does not exist."""
    voice = OutboundCallingApi(settings.polyai_base_url, settings.polyai_auth_token.get_secret_value())
    try:
        access = await voice.access()
    finally:
        await voice.close()
    says = f"{settings.polyai_base_url} {_SAYS[access]}"
    return ok("PolyAI", says) if access is Access.ACCEPTED else wrong("PolyAI", says, _ADVICE[access])
