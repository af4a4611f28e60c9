"""The kinds of consent, each in the words that the requester chooses."""

from __future__ import annotations

from enum import StrEnum

NO_CONSENT = "none_known"
"""What the form sends where the requester knows of no consent; it is not stored."""


class ConsentKind(StrEnum):
    """Kinds of consent, in the terms of 47 CFR 64.1200.

    A voice agent speaks with an artificial voice in the sense of that rule (FCC 24-17).
    """

    WRITTEN = "prior_express_written"
    EXPRESS = "prior_express"
    RELATIONSHIP = "existing_relationship"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        """The kind in a few words."""
        return _LABELS[self]

    @property
    def text(self) -> str:
        """What the requester states by choosing it, and what is stored: 75 characters or fewer, for Slack."""
        return _TEXTS[self]


_LABELS = {
    ConsentKind.WRITTEN: "Written consent",
    ConsentKind.EXPRESS: "Express consent",
    ConsentKind.RELATIONSHIP: "Existing relationship",
    ConsentKind.NOT_NEEDED: "No consent needed",
}
_TEXTS = {
    ConsentKind.WRITTEN: "They agreed in writing to be called by an artificial voice about this.",
    ConsentKind.EXPRESS: "They gave us this number and agreed to be called about this.",
    ConsentKind.RELATIONSHIP: "They are our customer and have not asked us to stop.",
    ConsentKind.NOT_NEEDED: "The law asks for no consent to this call.",
}
