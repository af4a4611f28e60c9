"""What each answer to the POST lets us conclude. What stands in neither table is unknown.

Source: PolyAI's Outbound Calling API contract, triggerOutboundCall, and its table of platform errors.
"""

from __future__ import annotations

import httpx

from bot.domain.answer import Answer, Conclusion
from bot.domain.call_request import CALL_SID
from bot.domain.visible import shown
from bot.polyai.reply import Reply

BY_STATUS = {
    400: Conclusion.REFUSED,
    401: Conclusion.HELD,
    403: Conclusion.HELD,
    404: Conclusion.HELD,
    429: Conclusion.NOT_ACCEPTED,
    500: Conclusion.FAILED_TO_PLACE,
}

NEVER_SENT: tuple[type[httpx.TransportError], ...] = (
    httpx.ConnectError,  # name not resolved, connection refused, TLS failed
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

_MOST_MESSAGE = 300


def conclude_reply(reply: Reply) -> Answer:
    """What an answer that arrived whole lets us conclude."""
    call_sid = reply.json_object().get("call_sid")
    if 200 <= reply.status < 300 and isinstance(call_sid, str) and CALL_SID.match(call_sid):
        return Answer(
            Conclusion.PLACED,
            call_sid=call_sid,
            http_status=reply.status,
            correlation_id=reply.correlation_id,
            body=reply.excerpt,
        )
    return Answer(
        BY_STATUS.get(reply.status, Conclusion.UNKNOWN),
        _message(reply),
        http_status=reply.status,
        correlation_id=reply.correlation_id,
        retry_after=reply.retry_after,
        body=reply.excerpt,
    )


def conclude_error(error: httpx.HTTPError) -> Answer:
    """What the lack of an answer lets us conclude."""
    if isinstance(error, NEVER_SENT):
        return Answer(Conclusion.NEVER_SENT, "PolyAI could not be reached.")
    if isinstance(error, httpx.TimeoutException):
        return Answer(Conclusion.UNKNOWN, "PolyAI did not answer in time.")
    return Answer(Conclusion.UNKNOWN, "The connection to PolyAI broke before its answer arrived.")


def _message(reply: Reply) -> str:
    """PolyAI's own words where it has any; foreign text, so short and with nothing hidden."""
    error = reply.json_object().get("error")
    words = shown(error)[:_MOST_MESSAGE] if isinstance(error, str) else ""
    answered = f"PolyAI answered {reply.status}"
    return f"{answered}: {words}" if words else f"{answered} with nothing that can be read."
