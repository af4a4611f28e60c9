"""Which listener hears what: the whole list, and nothing else."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.lull import Lull
from bot.slack.show import ids
from handlers.call_form import CallFormHandlers
from handlers.command import Command
from handlers.decisions import DecisionHandlers
from handlers.errors import answer_error
from handlers.growing_form import GrowingForm
from handlers.in_flight import InFlight
from handlers.orders import Orders
from handlers.resolution import ResolutionHandlers
from handlers.services import Services


def register(app: AsyncApp, services: Services, lull: Lull) -> InFlight:
    """Register every listener; returns the count of those at work."""
    in_flight = InFlight(lull)
    heard = in_flight.tracked
    command, growing_form = Command(services), GrowingForm(services)
    form = CallFormHandlers(services, growing_form)
    decisions, resolution = DecisionHandlers(services), ResolutionHandlers(services)

    # Bolt asks one after the other, at some microseconds each: first what has most to do before it is
    # acknowledged, then what happens most.
    app.view(ids.CALL_FORM)(heard(form.submitted))
    app.command(ids.COMMAND)(heard(command.typed))
    app.action(ids.APPROVE)(heard(decisions.approve))
    app.options(ids.COUNTRY)(heard(form.suggest_countries))
    app.options(ids.ZONE)(heard(form.suggest_zones))
    app.action(ids.PURPOSE)(heard(growing_form.purpose_chosen))
    app.action(ids.CONSENT_KIND)(heard(growing_form.consent_chosen))
    app.action(ids.MORE_OPTIONS)(heard(growing_form.more_options))

    app.action(ids.CANCEL)(heard(decisions.cancel))
    app.action(ids.OPEN_REVIEW)(heard(decisions.open_review))
    app.action(ids.DENY)(heard(decisions.deny))
    app.view(ids.DENY_FORM)(heard(decisions.denied))

    app.action(ids.FOLLOW_IT)(heard(resolution.follow_it))
    app.action(ids.IT_WAS_PLACED)(heard(resolution.it_was_placed))
    app.view(ids.CONFIRM_FORM)(heard(resolution.confirmed))
    app.action(ids.CLOSE_IT)(heard(resolution.close_it))

    app.action(ids.ASKED_TO_STOP)(heard(Orders(services).asked_to_stop))

    app.error(answer_error)
    return in_flight
