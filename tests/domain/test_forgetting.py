"""What is left of a request when its recipient is forgotten."""

from __future__ import annotations

from bot.domain.forgetting import forgotten, personal_fields
from tests.support.clock import START
from tests.support.requests import a_request

EMPTIED = {
    "number_as_typed": "",
    "why": "",
    "consent_reference": None,
    "zone": None,
    "zone_known_by": None,
    "not_before": None,
    "metadata": {},
    "refused_before": None,
    "also_open": None,
    "payload": b"",
    "decision": None,
    "end_reason": None,
}


def test_everything_personal_becomes_empty_and_the_calling_code_stays() -> None:
    """A new personal field has to be added here; what is not personal does not change."""
    assert forgotten(a_request(), START) == {**EMPTIED, "to_number": "+1", "forgotten_at": START}
    assert set(personal_fields()) == {*EMPTIED, "to_number"}
