"""How the page's server says no: one sentence each, and the HTTP status that goes with it."""

from __future__ import annotations


class Refusal(Exception):
    """A request is not carried out. The sentence is for the person at the browser."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Malformed(Refusal):
    """The request cannot be understood, or names something that is not there."""


class NotAllowedHere(Refusal):
    """The request comes from somewhere else than the sandbox's own page."""

    status = 403


class NotNow(Refusal):
    """The request is understood, but it cannot be done as things stand."""

    status = 409
