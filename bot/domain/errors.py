"""Every error of ours, divided by what the caller must do about it.

CallgateError
├── Refused            tell the person why; nothing changed
│   ├── InvalidFields  ... at the fields of the form they filled in
│   ├── NotAllowed     ... because of who they are
│   └── TooLate        ... because somebody, or the clock, was first
├── TryAgainLater      nothing was sent and nothing changed; the same thing may work later
└── Misconfigured      the process cannot do its work until an operator fixes a setting
"""

from __future__ import annotations


class CallgateError(Exception):
    """An error whose text is one plain sentence for a person: what is wrong and what to do."""

    @property
    def sentence(self) -> str:
        """The sentence to show."""
        return str(self)


class Refused(CallgateError):
    """The request cannot be granted as it is.

    `rules` names the rules that refused it; a submission that any rule refuses is recorded.
    """

    def __init__(self, sentence: str, rules: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.rules = rules


class InvalidFields(Refused):
    """One or more fields of a form were filled in wrongly: `errors` maps field name to sentence."""

    def __init__(self, errors: dict[str, str], rules: tuple[str, ...] = ()) -> None:
        super().__init__(" ".join(errors.values()), rules)
        self.errors = errors


class NotAllowed(Refused):
    """This person may not do this."""


class TooLate(Refused):
    """The request is no longer in a state in which this can be done."""


class TryAgainLater(CallgateError):
    """Something we depend on did not answer; nothing was sent, nothing changed."""


class Misconfigured(CallgateError):
    """A setting or a credential is wrong; the process ends with the sentence."""
