"""Which addresses are Slack's own: a payload names some, and what it names may be anybody's."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Whole prefixes, so that no two readers of URLs can disagree on where they lead.
_RESPONSES = ("https://hooks.slack.com/", "https://hooks.slack-gov.com/")
_FILES = re.compile(r"https://([a-z0-9-]+\.)+slack(-gov)?\.com/")


class SlackAddresses:
    """Slack's hosts, and the one where the Web API is, which an operator may have set to another."""

    def __init__(self, api_url: str) -> None:
        parts = urlsplit(api_url)
        self._api = f"{parts.scheme}://{parts.netloc}/"

    def takes_responses(self, url: str) -> bool:
        """Whether this can be a `response_url`."""
        return url.startswith((*_RESPONSES, self._api))

    def keeps_files(self, url: str) -> bool:
        """Whether an uploaded file may be fetched here; our token goes along."""
        return url.startswith(self._api) or _FILES.match(url) is not None
