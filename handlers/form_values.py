"""Reads what was typed into a form; every shape that Slack does not send reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class FormValues:
    """The state of a submitted view; a field is an input block with one element of the same name."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values = view["state"]["values"]

    def has(self, field: str) -> bool:
        """Whether the form showed this field, filled in or not."""
        return field in self._values

    def typed(self, field: str) -> str:
        """The text in a text input."""
        value = self._element(field).get("value")
        return value if isinstance(value, str) else ""

    def chosen(self, field: str) -> str:
        """The value of the option chosen in a select."""
        option = self._element(field).get("selected_option")
        value = option.get("value") if isinstance(option, Mapping) else None
        return value if isinstance(value, str) else ""

    def picked(self, field: str) -> str:
        """The date (`2026-08-26`) or time (`09:30`) in a picker."""
        element = self._element(field)
        value = element.get("selected_date") or element.get("selected_time")
        return value if isinstance(value, str) else ""

    def file(self, field: str) -> Mapping[str, Any] | None:
        """The uploaded file, as Slack describes it."""
        files = self._element(field).get("files")
        file = files[0] if isinstance(files, list) and files else None
        return file if isinstance(file, Mapping) else None

    def _element(self, field: str) -> Mapping[str, Any]:
        element: Mapping[str, Any] = self._values.get(field, {}).get(field, {})
        return element
