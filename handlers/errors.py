"""The last resort: what no listener heard, and what a listener did not catch."""

from __future__ import annotations

import structlog
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from handlers.refusals import unexpected

log = structlog.get_logger()


async def answer_error(error: Exception, response: BoltResponse | None) -> BoltResponse | None:
    """Acknowledge, so that the person sees a sentence instead of Slack's own error.

    `response` is None where the payload was acknowledged already; nothing can be added then.
    """
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("unheard_payload")
        return BoltResponse(status=200, body="")
    try:
        raise error
    except Exception:
        sentence = unexpected()
    return None if response is None else BoltResponse(status=200, body={"text": sentence})
