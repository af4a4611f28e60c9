"""Reads what was typed into a form; every shape that Slack does not send reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class FormValues:
    """The state of a submitted view; a field is an input block with one element of the same name."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values = view.get("state", {}).get("values", {})

    def texts(self) -> dict[str, str]:
        """Each field that the form showed, with what was typed, chosen or picked in it; files are empty."""
        return {field: self.text(field) for field in self._values}

    def text(self, field: str) -> str:
        """What was typed, the value of the option that was chosen, or the date or time that was picked."""
        element = self._element(field)
        option = element.get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else element.get("value")
        value = value or element.get("selected_date") or element.get("selected_time")
        return value if isinstance(value, str) else ""

    def file(self, field: str) -> Mapping[str, Any] | None:
        """The uploaded file, as Slack describes it."""
        files = self._element(field).get("files")
        file = files[0] if isinstance(files, list) and files else None
        return file if isinstance(file, Mapping) else None

    def _element(self, field: str) -> Mapping[str, Any]:
        element: Mapping[str, Any] = self._values.get(field, {}).get(field, {})
        return element
