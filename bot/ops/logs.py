"""Logs: one JSON object a line on standard error, with nothing in it that should not leave the house."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor

_TOKEN = re.compile(r"\b(xox[a-z]|xapp|xwfp)-[\w-]+|\bBearer\s+\S+|\bticket=[\w-]+", re.IGNORECASE)
_NUMBER = re.compile(r"\+\d[\d\s().-]{5,}\d")
# These write whole payloads at their lower levels. Bolt warns at each start that we authorize ourselves.
_LEVELS = {
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    # It looks at its own level only, and would put every payload into a line that nobody reads.
    "slack_sdk.web.async_base_client": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
}


def redact(text: str) -> str:
    """The text without tokens and without phone numbers."""
    return _NUMBER.sub("[number]", _TOKEN.sub("[token]", text))


def set_up_logs(level: int = logging.INFO) -> None:
    """Send our own log lines and every library's through one redacting JSON formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared))
    handler.addFilter(_says_no_payload)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, least in _LEVELS.items():
        logging.getLogger(name).setLevel(least)


def _says_no_payload(record: logging.LogRecord) -> bool:
    """Bolt gives its loggers a level of its own, so what they write is looked at here once more."""
    return record.levelno >= _LEVELS.get(record.name.partition(".")[0], logging.NOTSET)


def _formatter(shared: list[Processor]) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redacted,
            structlog.processors.JSONRenderer(),
        ],
    )


def _redacted(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}
