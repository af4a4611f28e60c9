"""Everything that the record can say, of a call request or of the whole."""

from enum import StrEnum


class Event(StrEnum):
    """What was done; one audit event each time."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    REMINDED = "reminded"
    APPROVAL_GIVEN = "approval_given"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    POSTPONED = "postponed"
    BLOCKED = "blocked"
    DIALING = "dialing"
    NOT_PLACED = "not_placed"
    PLACED = "placed"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED_PLACED = "confirmed_placed"
    CLOSED = "closed"
    CALL_STATUS = "call_status"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STATUS_LOST = "status_lost"
    POLICY_CHANGED = "policy_changed"
