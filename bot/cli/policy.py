"""`callgate policy`: the rules in force, the files they come from, and what they say of a number."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.domain.call_request import Purpose
from bot.domain.duration import written
from bot.domain.phone_number import parse_phone_number
from bot.domain.policy.dialing_policy import DialingPolicy
from bot.domain.policy.hours import Hours, hours
from bot.domain.policy.jurisdictions import jurisdictions_of
from bot.domain.policy.zones import zones_of
from bot.policy_file import load_policy
from bot.settings import StoreSettings, load_settings

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
    """Say when a number may be called, and by which rows of the table."""
    rules, phone = load_policy(load_settings(StoreSettings)), parse_phone_number(number, None)
    zones = zones_of(phone.e164)
    if not zones:
        typer.echo("This number tells no time zone: the requester has to state the recipient's.")
        return
    places = jurisdictions_of(phone.e164, phone.region, None)
    typer.echo("\n".join(_explained(hours(rules.windows, places, zones, purpose, datetime.now(UTC)))))


def _rules(rules: DialingPolicy) -> dict[str, str]:
    named = {
        "countries": ", ".join(sorted(rules.countries)),
        "number types": ", ".join(sorted(kind.label for kind in rules.number_types)),
        "calling windows": f"{len(rules.windows.windows)} rows, version {rules.windows.version}",
    }
    return named | {
        f"{purpose.label}: {name}": said for purpose in Purpose for name, said in _of(rules, purpose)
    }


def _of(rules: DialingPolicy, purpose: Purpose) -> list[tuple[str, str]]:
    caps = [f"{cap.most} in {written(cap.within)}" for cap in rules.caps.get(purpose, ())]
    quiet = rules.quiet_after_success.get(purpose)
    consent = sorted(kind.label for kind in rules.consent.get(purpose, ()))
    return [
        ("calls to one number", ", ".join(caps) or "no cap"),
        ("after a call that connected", f"none for {written(quiet)}" if quiet else "no rest"),
        ("consent", " or ".join(consent) or "not required"),
        ("details are kept", f"{written(rules.keep_records[purpose])}"),
    ]


def _explained(here: Hours) -> list[str]:
    there = sorted({f"{here.earliest:%a %H:%M}", f"{here.latest:%a %H:%M}"})
    opening = here.next_opening
    return [
        f"Time zones: {', '.join(here.zones)}",
        f"There it is {' to '.join(there)}.",
        *(f"Hours: {window.words}" for window in here.rules),
        "It may be called now."
        if here.open
        else f"Not now; next at {opening:%Y-%m-%d %H:%M} UTC."
        if opening
        else "Not within the next 30 days.",
    ]
