"""The settings: environment variables, or the same names in `callgate.toml`."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Iterable
from datetime import timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.domain.approvers import Approvers
from bot.domain.duration import Duration
from bot.domain.errors import Misconfigured

_NEARLY = 0.9
"""How like a setting a name is that must be meant for it: one letter or two of it are wrong."""

_SECRET = re.compile(r"[!-~]+\Z")


def _is_a_secret(value: SecretStr) -> SecretStr:
    """It goes into headers, where a blank or a line break would forge or break them."""
    if not _SECRET.match(value.get_secret_value()):
        raise ValueError("has a blank, a line break or a character that no token has; copy it again")
    return value


def _approvers(value: object) -> Approvers:
    """Ids with commas between them, or in TOML a list of them."""
    if isinstance(value, Approvers):
        return value
    entries = value.split(",") if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError('write the ids with commas between them, as in "U0123, S0456"')
    return Approvers.parse(entries)


def _encrypted_unless_loopback(url: str) -> str:
    """Tokens travel in these requests, so plain HTTP is for this machine only."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url
    if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
        return url
    raise ValueError("must be an https:// address (http:// only for this machine)")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ending_in_slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"


Url = Annotated[str, AfterValidator(_encrypted_unless_loopback)]
Secret = Annotated[SecretStr, AfterValidator(_is_a_secret)]


class StoreSettings(BaseSettings):
    """What it takes to look into the database; all that the commands beside `run` need."""

    model_config = SettingsConfigDict(
        toml_file="callgate.toml", extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    callgate_database: Path = Path("callgate.db")
    callgate_policy: Path | None = None
    callgate_calling_windows: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `callgate.toml`."""
        return init_settings, env_settings, _TomlFile(settings_cls)


class KeepSettings(StoreSettings):
    """How long what is kept."""

    callgate_keep_undialed: Duration = timedelta(days=90)
    callgate_keep_messages: Duration = timedelta(days=30)


class Settings(KeepSettings):
    """Every setting. A field is its environment variable in lower case."""

    slack_bot_token: Secret
    slack_app_token: Secret | None = None
    slack_signing_secret: Secret | None = None
    slack_api_url: Annotated[Url, AfterValidator(_ending_in_slash)] = "https://slack.com/api/"
    polyai_base_url: Url = "https://api.us-1.platform.polyai.app"
    polyai_auth_token: Secret
    polyai_api: Literal["outbound-calling"] = "outbound-calling"
    # Where nothing is set, the empty text is judged: the sentence says what to set, and what it means.
    callgate_approvers: Annotated[
        Approvers, NoDecode, BeforeValidator(_approvers), Field(default="", validate_default=True)
    ]
    callgate_slack_connect: bool = False
    callgate_approvals_channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{2,}$")] | None = None
    callgate_approvals_required: Annotated[int, Field(ge=1, le=9)] = 1
    callgate_max_pending: Annotated[int, Field(ge=1)] = 50
    callgate_approval_expires: Duration = timedelta(hours=4)
    callgate_remind_after: Duration = timedelta(minutes=30)
    callgate_dial_expires: Duration = timedelta(hours=24)
    callgate_retry_failed_to_place: bool = True
    callgate_http_host: str = "127.0.0.1"
    callgate_http_port: Annotated[int, Field(ge=0, le=65535)] = 3000

    @property
    def socket_mode(self) -> bool:
        """Whether Slack reaches us over Socket Mode; it wins where both are set up."""
        return self.slack_app_token is not None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError("set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP")
        return self

    @model_validator(mode="after")
    def _enough_approvers(self) -> Self:
        named = self.callgate_approvers
        if named.users and not named.groups and len(named.users) < self.callgate_approvals_required:
            raise ValueError(
                "CALLGATE_APPROVERS names fewer people than CALLGATE_APPROVALS_REQUIRED asks for, "
                "so no call could ever be approved"
            )
        return self


class _TomlFile(TomlConfigSettingsSource):
    """Names as in the environment, and a name that is no setting is an error."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        values = {name.lower(): value for name, value in super()._read_file(file_path).items()}
        unknown = sorted(set(values) - set(Settings.model_fields))
        if unknown:
            raise Misconfigured(f"{file_path} sets {', '.join(unknown).upper()}, which is no setting.")
        return values


AnySettings = TypeVar("AnySettings", bound=StoreSettings)


def load_settings(kind: type[AnySettings]) -> AnySettings:
    """Read the settings of that kind.

    Raises:
        Misconfigured: one is missing or wrong; the sentence names it and never shows its value.
    """
    _check_spelling(os.environ)
    try:
        return kind()
    except ValidationError as error:
        sentences = [_sentence(each["loc"], each["msg"]) for each in error.errors()]
        raise Misconfigured(" ".join(sentences)) from None
    except ValueError as error:  # a file that is not TOML
        raise Misconfigured(f"callgate.toml cannot be read: {error}.") from None


def _check_spelling(names: Iterable[str]) -> None:
    """A name in the environment that is nearly a setting's leaves that setting at its default, in silence.

    Names that are like none are others' (Kubernetes sets `CALLGATE_PORT` for a service of our name).
    """
    known = [field.upper() for field in Settings.model_fields]
    for name in sorted(names):
        if name.startswith("CALLGATE_") and name not in known:
            for meant in difflib.get_close_matches(name, known, 1, cutoff=_NEARLY):
                raise Misconfigured(f"{name} is in the environment, which is no setting. Is {meant} meant?")


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not location:
        return message[0].upper() + message[1:] + "."
    name = str(location[0]).upper()
    return f"{name} is not set." if message == "Field required" else f"{name}: {message}."
