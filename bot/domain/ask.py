"""What somebody asks for: each field said once, with its label, who may see it, and whether it is personal.

From the marks here follow what the submission's hash covers (bot/domain/fingerprint.py), what "the same form
again" means, what Review and the evidence show, and what is deleted when a request is forgotten.
A new field is a field here, a column (a migration), and where it is typed (bot/slack/show/call_form.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from bot.domain.moment import Moment
from bot.domain.policy.consent import ConsentKind
from bot.domain.policy.number_type import NumberType


class Purpose(StrEnum):
    """Why the recipient is called; the rules of calling attach to it."""

    INFORMATIONAL = "informational"
    MARKETING = "marketing"
    DEBT_COLLECTION = "debt_collection"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The purpose as a person reads it."""
        return self.value.replace("_", " ").capitalize()


class Audience(Enum):
    """Who may see a field's value."""

    CHANNEL = "everybody in the channel"
    REVIEW = "the requester and the approvers, behind Review"


PERSONAL = "personal"
"""Marks a field of a request that says something about the recipient: it is deleted when it is forgotten."""


@dataclass(frozen=True)
class FieldMark:
    """What has to be known of a field that somebody asks for.

    Without a label it is not shown by itself. With `line` it is one line of text, typed into the form's field
    of the same name.
    """

    label: str
    seen_by: Audience
    personal: bool
    line: bool = False


class Ask(BaseModel):
    """Everything that somebody asks for. `to_number` is in E.164, or the calling code where it was forgotten.

    `zone` is the recipient's time zone as the requester stated it, None where the number tells;
    `not_before` the moment before which they do not want the call.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    to_number: Annotated[str, FieldMark("Number", Audience.REVIEW, personal=True)]
    number_as_typed: Annotated[str, FieldMark("As typed", Audience.REVIEW, personal=True)]
    region: Annotated[str, FieldMark("", Audience.CHANNEL, personal=False)]
    number_type: Annotated[NumberType, FieldMark("", Audience.CHANNEL, personal=False)] = NumberType.UNKNOWN
    purpose: Annotated[Purpose, FieldMark("Purpose", Audience.CHANNEL, personal=False)]
    why: Annotated[str, FieldMark("Why", Audience.CHANNEL, personal=True, line=True)]
    encryption: Annotated[str, FieldMark("Encryption", Audience.CHANNEL, personal=False)]
    consent_kind: Annotated[ConsentKind | None, FieldMark("", Audience.CHANNEL, personal=False)] = None
    consent_text: Annotated[str | None, FieldMark("Consent", Audience.CHANNEL, personal=False)] = None
    consent_reference: Annotated[
        str | None, FieldMark("Record of the consent", Audience.REVIEW, personal=True, line=True)
    ] = None
    zone: Annotated[str | None, FieldMark("Time zone", Audience.CHANNEL, personal=True)] = None
    zone_known_by: Annotated[
        str | None, FieldMark("How it is known", Audience.REVIEW, personal=True, line=True)
    ] = None
    not_before: Annotated[Moment | None, FieldMark("Not before", Audience.CHANNEL, personal=True)] = None
    metadata: Annotated[dict[str, str], FieldMark("Metadata", Audience.REVIEW, personal=True)]


def marks() -> Iterator[tuple[str, FieldMark]]:
    """Each field of an ask with its mark, in the order in which they are shown."""
    for name, field in Ask.model_fields.items():
        yield name, next(each for each in field.metadata if isinstance(each, FieldMark))


def asked(ask: Ask) -> dict[str, Any]:
    """What was asked for, by field: the same for two forms that ask for the same."""
    return {name: getattr(ask, name) for name in Ask.model_fields}
