"""`callgate policy`: the rules in force, the files they come from, and what they say of a number."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.domain.ask import Purpose
from bot.domain.duration import written
from bot.domain.phone_number import parse_phone_number
from bot.domain.policy.dialing_policy import Cap, Consent, DialingPolicy, PlaceRules
from bot.domain.policy.hours import Hours, hours
from bot.domain.policy.jurisdictions import jurisdictions_of
from bot.domain.policy.number_type import NumberType
from bot.domain.policy.places import Applying, caps_for, consents_for, name_of
from bot.domain.policy.zones import zones_of
from bot.ops.policy_file import load_policy
from bot.ops.settings import StoreSettings, load_settings

policy = typer.Typer(help="The dialing policy: who may be called, when and how often.", no_args_is_help=True)


@policy.command()
def show() -> None:
    """Show every rule that is in force here."""
    rules = load_policy(load_settings(StoreSettings))
    table = Table("rule", "what it allows", title=rules.name)
    for name, allowed in _rules(rules).items():
        table.add_row(name, allowed)
    Console().print(table)


@policy.command()
def shipped(
    windows: Annotated[bool, typer.Option("--windows", help="The table of calling windows.")] = False,
) -> None:
    """Print the file that Callgate ships, to begin your own with."""
    name = "windows.toml" if windows else "default.toml"
    typer.echo(resources.files("bot.domain.policy").joinpath(name).read_text("utf-8"), nl=False)


@policy.command()
def explain(
    number: Annotated[str, typer.Argument(help="With + and country code.")],
    purpose: Annotated[Purpose, typer.Option(help="What the call is for.")] = Purpose.INFORMATIONAL,
) -> None:
    """Say when a number may be called, on what ground and how often, and by which rules."""
    rules, phone = load_policy(load_settings(StoreSettings)), parse_phone_number(number, None)
    places, zones = jurisdictions_of(phone.e164, phone.region, None), zones_of(phone.e164)
    typer.echo("\n".join(_asked(rules, places, purpose, phone.type)))
    if not zones:
        typer.echo("This number tells no time zone: the requester has to state the recipient's.")
        return
    typer.echo("\n".join(_explained(hours(rules.windows, places, zones, purpose, datetime.now(UTC)))))


def _rules(rules: DialingPolicy) -> dict[str, str]:
    pause = rules.between_calls
    by_kind = rules.consent_by_number_type.items()
    named = {
        "countries": ", ".join(sorted(rules.countries)),
        "number types": ", ".join(sorted(kind.label for kind in rules.number_types)),
        "calling windows": f"{len(rules.windows.windows)} rows, version {rules.windows.version}",
        "between two calls to one number": written(pause) if pause else "no pause",
        **{f"{kind.label} numbers: consent": _kinds(consent) for kind, consent in sorted(by_kind)},
    }
    everywhere = {
        f"{purpose.label}: {name}": said for purpose in Purpose for name, said in _of(rules, purpose)
    }
    by_place = {
        f"{purpose.label} in {name_of(name)}: {what}": said
        for name, place in sorted(rules.places.items())
        for purpose in Purpose
        for what, said in _limits(place, purpose)
        if said
    }
    return named | everywhere | by_place


def _of(rules: DialingPolicy, purpose: Purpose) -> list[tuple[str, str]]:
    quiet = rules.quiet_after_success.get(purpose)
    (calls, caps), (consent, kinds) = _limits(rules, purpose)
    return [
        (calls, caps or "no cap"),
        ("after a call that connected", f"none for {written(quiet)}" if quiet else "no rest"),
        (consent, kinds or ("only by place" if rules.needs_consent(purpose) else "not required")),
        ("details are kept", f"{written(rules.keep_records[purpose])}"),
    ]


def _limits(place: PlaceRules, purpose: Purpose) -> tuple[tuple[str, str], tuple[str, str]]:
    caps, consent = map(_most, place.caps.get(purpose, ())), place.consent.get(purpose)
    return ("calls to one number", ", ".join(caps)), ("consent", _kinds(consent) if consent else "")


def _most(cap: Cap) -> str:
    return f"{cap.most} in {written(cap.within)}"


def _kinds(consent: Consent) -> str:
    return " or ".join(sorted(kind.label for kind in consent.any_of)) or "no kind is enough"


def _asked(rules: DialingPolicy, places: frozenset[str], purpose: Purpose, kind: NumberType) -> list[str]:
    """The consents and caps that apply to the number, each with its source."""
    consents = consents_for(rules, places, purpose, kind)
    asked = [f"Consent: {_kinds(one.rule)}{_why(one)}" for one in consents] or ["Consent: not needed"]
    return [*asked, *(f"At most: {_most(one.rule)}{_why(one)}" for one in caps_for(rules, places, purpose))]


def _why(one: Applying[Consent] | Applying[Cap]) -> str:
    return f" ({one.source})" if one.source else ""


def _explained(here: Hours) -> list[str]:
    there = sorted({f"{here.earliest:%a %H:%M}", f"{here.latest:%a %H:%M}"})
    opening = here.next_opening
    never = "Never." if any(row.is_ban for row in here.rules) else "Not within the next 30 days."
    return [
        f"Time zones: {', '.join(here.zones)}",
        f"There it is {' to '.join(there)}.",
        *(f"Hours: {window.words}" for window in here.rules),
        "It may be called now."
        if here.open
        else f"Not now; next at {opening:%Y-%m-%d %H:%M} UTC."
        if opening
        else never,
    ]
