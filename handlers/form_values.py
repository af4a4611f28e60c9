"""Reads what was typed into a form; every shape that Slack does not send reads as empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import Refused


class FormValues:
    """What stands in the fields of a view: input blocks with one element of the same name.

    Which fields the form shows is read from its blocks. Its state may be an old one after an update, or none
    (slackapi/bolt-js issues 625, 1073 and 1258, slackapi/bolt-python 572).
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values = (view.get("state") or {}).get("values") or {}
        self.shown = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]

    def texts(self) -> dict[str, str]:
        """Each field that the form shows, with what was typed, chosen or picked in it; files are empty.

        Raises:
            Refused: Slack sent an old state, without one of the fields.
        """
        if any(not self._element(field) for field in self.shown):
            raise Refused("Slack sent an old copy of this form, so nothing was done. Press the button again.")
        return {field: self.text(field) for field in self.shown}

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
        element: Mapping[str, Any] = (self._values.get(field) or {}).get(field) or {}
        return element
