"""Tells the one person who did something what came of it, where they did it."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import CallgateError, InvalidFields
from bot.slack.api.ephemeral_replies import EphemeralReplies, ReplyTo
from bot.slack.show.message import say
from handlers.form_values import FormValues

log = structlog.get_logger()

_MENTION = re.compile(r"<@[UW][A-Z0-9]+>")
_CHANNEL = re.compile(r"<#[CGD][A-Z0-9]+>")


@asynccontextmanager
async def reply_on_refusal(ephemeral: EphemeralReplies, reply_to: ReplyTo) -> AsyncIterator[None]:
    """Whatever goes wrong inside is told to the person who clicked or typed."""
    try:
        yield
    except CallgateError as error:
        await ephemeral.send(reply_to, say(error.sentence))
    except Exception:
        await ephemeral.send(reply_to, say(unexpected()))


@asynccontextmanager
async def errors_in_form(ack: AsyncAck, view: Mapping[str, Any]) -> AsyncIterator[None]:
    """Whatever goes wrong inside is shown in the form, at its field or the first one; the form stays."""
    fields = FormValues(view).shown or [""]
    try:
        yield
    except InvalidFields as error:
        placed = {name if name in fields else fields[0]: said for name, said in error.errors.items()}
        await ack(response_action="errors", errors=placed)
    except CallgateError as error:
        # A form shows its errors as plain text, in which a mention would be an id.
        said = _CHANNEL.sub("a channel", _MENTION.sub("somebody else", error.sentence))
        await ack(response_action="errors", errors={fields[0]: said})
    except Exception:
        await ack(response_action="errors", errors={fields[0]: unexpected()})


def unexpected() -> str:
    """Log the error being handled under an incident id, and say so without a word of it."""
    incident = secrets.token_hex(4)
    log.exception("incident", incident=incident)
    return f"Something went wrong here, and nothing was done. Please tell your operator: incident {incident}."
