"""What a person has filled in: the state of inputs, and what Slack's own window refuses to send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.slack.block_kit.reading import all_controls
from sandbox.slack.errors import SlackRefuses

Json = dict[str, Any]
State = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Slot:
    """Where the state keeps an element's value, and where the element keeps its initial value."""

    key: str
    initial: str
    many: bool = False
    options: bool = False


SLOTS = {
    "plain_text_input": Slot("value", "initial_value"),
    "number_input": Slot("value", "initial_value"),
    "file_input": Slot("files", "", many=True),
    "datepicker": Slot("selected_date", "initial_date"),
    "timepicker": Slot("selected_time", "initial_time"),
    "static_select": Slot("selected_option", "initial_option", options=True),
    "external_select": Slot("selected_option", "initial_option", options=True),
    "radio_buttons": Slot("selected_option", "initial_option", options=True),
    "checkboxes": Slot("selected_options", "initial_options", many=True, options=True),
}


def state_of(blocks: list[Json], typed: State | None = None) -> State:
    """`state.values` of the blocks: what was typed where the ids are still the same, else initial values."""
    state: State = {}
    for block, element in all_controls(blocks):
        if element["type"] in SLOTS:
            kept = (typed or {}).get(block["block_id"], {}).get(element["action_id"])
            entry = kept if kept and kept["type"] == element["type"] else _initial(element)
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    return state


def _initial(element: Json) -> Json:
    slot = SLOTS[element["type"]]
    return entry_of(element, element.get(slot.initial, [] if slot.many else None))


def entry_of(element: Json, value: Any) -> Json:
    """One entry of `state.values`."""
    entry = {"type": element["type"], SLOTS[element["type"]].key: value}
    return entry | ({"timezone": element["timezone"]} if "timezone" in element else {})


def value_in(entry: Json) -> Any:
    """The value in one entry of `state.values`."""
    return entry[SLOTS[entry["type"]].key]


def offered_options(element: Json, suggested: list[Json]) -> list[Json]:
    """Every option the person can choose: the element's own, and what the app suggested."""
    groups = element.get("option_groups", [])
    grouped = [option for group in groups for option in group["options"]]
    first = [element["initial_option"]] if "initial_option" in element else []
    return [*element.get("options", []), *grouped, *first, *element.get("initial_options", []), *suggested]


def chosen(element: Json, value: Any, suggested: list[Json]) -> Any:
    """What the state keeps when a person gives this value; SlackRefuses a choice that is not offered."""
    slot = SLOTS[element["type"]]
    if not slot.options or value is None:
        return value
    offered = {option["value"]: option for option in offered_options(element, suggested)}
    missing = [item for item in (value if slot.many else [value]) if item not in offered]
    if missing:
        raise SlackRefuses(f"{element['action_id']} does not offer {missing}, only {list(offered)}")
    return [offered[item] for item in value] if slot.many else offered[value]


def problems(blocks: list[Json], state: State) -> dict[str, str]:
    """What Slack's window says under the inputs instead of sending the form, by block id."""
    found = {}
    for block, element in all_controls(blocks):
        if block["type"] == "input":
            value = value_in(state[block["block_id"]][element["action_id"]])
            sentence = _problem(block, element, value)
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _problem(block: Json, element: Json, value: Any) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    check = _CHECKS.get(element["type"])
    return check(element, value) if check else ""


def _text_problem(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Please enter at most {most} characters." if len(value) > most else ""


def _number_problem(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if (least and number < Decimal(least)) or (most and number > Decimal(most)):
        return f"Please enter a number between {least} and {most}."
    return ""


def _files_problem(element: Json, value: list[Json]) -> str:
    kinds = element.get("filetypes")
    if kinds and any(file["filetype"] not in kinds for file in value):
        return f"Please choose files of type {', '.join(kinds)}."
    if any(file["size"] > 10_000_000 for file in value):
        return "Files can be at most 10 MB."
    return "Too many files." if len(value) > element.get("max_files", 10) else ""


_CHECKS: dict[str, Callable[[Json, Any], str]] = {
    "plain_text_input": _text_problem,
    "number_input": _number_problem,
    "file_input": _files_problem,
}
