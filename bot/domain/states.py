"""The life of a call request: its states, and the only ways from one to the next."""

from enum import StrEnum


class Status(StrEnum):
    """Where a call request stands."""

    PENDING_APPROVAL = "pending_approval"
    APPROVED = "approved"
    DIALING = "dialing"
    PLACED = "placed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    REJECTED = "rejected"
    UNCONFIRMED = "unconfirmed"
    CLOSED = "closed"
    STATUS_LOST = "status_lost"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.PENDING_APPROVAL: frozenset({Status.APPROVED, Status.DENIED, Status.EXPIRED, Status.CANCELLED}),
    Status.APPROVED: frozenset({Status.DIALING, Status.CANCELLED, Status.EXPIRED, Status.BLOCKED}),
    Status.DIALING: frozenset({Status.PLACED, Status.APPROVED, Status.REJECTED, Status.UNCONFIRMED}),
    Status.PLACED: frozenset({Status.SUCCEEDED, Status.FAILED, Status.STATUS_LOST}),
    Status.UNCONFIRMED: frozenset({Status.PLACED, Status.CLOSED}),
    Status.SUCCEEDED: frozenset(),
    Status.FAILED: frozenset(),
    Status.DENIED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.BLOCKED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.CLOSED: frozenset(),
    Status.STATUS_LOST: frozenset(),
}
