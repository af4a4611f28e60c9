"""The life of a call request: its states, and every way from one to another."""

from enum import StrEnum


class Status(StrEnum):
    """The states of a call request."""

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
    # Back to approved only if surely nothing was sent; in any doubt it is unconfirmed, and a person decides.
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
