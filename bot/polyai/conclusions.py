"""What each answer to the POST lets us conclude. What stands in no table is unknown.

Source: PolyAI's Outbound Calling API contract, triggerOutboundCall, and its table of platform errors.
"""

from __future__ import annotations

import httpx

from bot.domain.answer import Answer, Conclusion
from bot.polyai.contract import CALL_SID
from bot.polyai.reply import Reply

NOT_PLACED = {
    400: Conclusion.REFUSED,
    401: Conclusion.HELD,
    403: Conclusion.HELD,
    404: Conclusion.HELD,
    405: Conclusion.REFUSED,
    410: Conclusion.REFUSED,
    412: Conclusion.REFUSED,
    413: Conclusion.REFUSED,
    415: Conclusion.REFUSED,
    422: Conclusion.REFUSED,
    429: Conclusion.NOT_ACCEPTED,
    500: Conclusion.FAILED_TO_PLACE,
}
"""What these numbers mean in an error of PolyAI's own that names no call; from anybody else, nothing."""

NEVER_SENT: tuple[type[httpx.TransportError], ...] = (
    httpx.ConnectError,  # name not resolved, connection refused, TLS failed
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

_MAX_MESSAGE = 300


def conclude_reply(reply: Reply) -> Answer:
    """What an answer that arrived whole lets us conclude."""
    conclusion, call_sid = _conclusion(reply)
    if conclusion is Conclusion.PLACED:
        message = ""
    elif reply.error is None:
        message = f"The answer was {reply.status}, but not in the form of PolyAI's own answers."
    else:  # foreign text, so short and with nothing hidden
        message = f"PolyAI answered {reply.status}: {reply.error[:_MAX_MESSAGE]}"
    return Answer(
        conclusion,
        message,
        call_sid=call_sid,
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


def _conclusion(reply: Reply) -> tuple[Conclusion, str | None]:
    """And the call that the answer names."""
    call_sid = reply.json_object().get("call_sid")
    if 200 <= reply.status < 300 and isinstance(call_sid, str) and CALL_SID.match(call_sid):
        return Conclusion.PLACED, call_sid
    if named := reply.named_calls:
        return Conclusion.UNKNOWN, next(filter(CALL_SID.match, named), None)
    if reply.error is None:
        return Conclusion.UNKNOWN, None
    return NOT_PLACED.get(reply.status, Conclusion.UNKNOWN), None
