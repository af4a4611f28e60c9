"""The settings: environment variables, or the same names in `callgate.toml`."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.domain.approvers import Approvers
from bot.domain.command_name import DEFAULT
from bot.domain.duration import Duration
from bot.domain.errors import Misconfigured

_FILE = Path("callgate.toml")

_NEARLY = 0.8
"""How like a setting a name is that is taken to be meant for it."""

_SECRET = re.compile(r"[!-~]+\Z")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,}\Z")

# What Kubernetes sets in every pod for each service whose name is callgate or begins with callgate-.
_OF_KUBERNETES = re.compile(
    r"""CALLGATE_(?:\w+_)?(?:
        SERVICE_HOST= | SERVICE_PORT(?:_\w+)?= | PORT_[0-9]+_(?:TCP|UDP|SCTP)_(?:PROTO|PORT|ADDR)=
        | PORT(?:_[0-9]+_(?:TCP|UDP|SCTP))?=(?:tcp|udp|sctp)://
    )""",
    re.VERBOSE,
)
_FOR_TESTS = "CALLGATE_CRASH_AT"

# Pydantic speaks to programmers.
_PLAIN = {
    **dict.fromkeys(
        ("int_parsing", "int_parsing_size", "int_type", "int_from_float"), "write a whole number, such as 3"
    ),
    **dict.fromkeys(("bool_parsing", "bool_type"), "write true or false"),
    **dict.fromkeys(("string_type", "string_unicode"), "write a text, in quotes"),
    "path_type": "write the path of a file, in quotes",
    "literal_error": "there is only {expected}",
    "greater_than_equal": "it has to be {ge} or more",
    "less_than_equal": "it has to be {le} or less",
}
_UNEXPECTED = "this cannot be used; see the table of settings in the README"


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


def _channel_id(value: str) -> str:
    """A name can be given to another channel, so it is no address for cards."""
    if not _CHANNEL_ID.match(value):
        raise ValueError(
            "write the channel's id (C…), not its name. In Slack, click the name at the top of the channel:"
            " the id is at the end of About"
        )
    return value


def _encrypted_unless_loopback(url: str) -> str:
    """Tokens travel in these requests, so plain HTTP is for this machine only."""
    parts = _split(url)
    if not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))):
        raise ValueError("must be an https:// address (http:// only for this machine)")
    if any(mark in url for mark in "@?#"):
        raise ValueError("leave out what is before an @, and from a ? or # on: it is only an address")
    return url


def _split(url: str) -> SplitResult:
    """The parts of the address. What is wrong with it is told without showing it."""
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0 and url.isprintable() and " " not in url:
            return parts
    except ValueError:
        pass
    raise ValueError("is no address: write it like https://name.example, with a port only if it needs one")


def _without_path(url: str) -> str:
    """The paths are added to it."""
    if urlsplit(url).path.strip("/"):
        raise ValueError("leave out what is behind the host's name: Callgate adds the path itself")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ending_in_slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"


Url = Annotated[str, AfterValidator(_encrypted_unless_loopback)]
Secret = Annotated[SecretStr, AfterValidator(_is_a_secret)]


def _command(name: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", name):
        raise ValueError("write it as in Slack, in small letters, as in /call or /voice-call")
    return name


class StoreSettings(BaseSettings):
    """What it takes to look into the database; all that the commands beside `run` need."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, env_ignore_empty=True)

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
        return init_settings, env_settings, InitSettingsSource(settings_cls, _from_file())


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
    polyai_base_url: Annotated[Url, AfterValidator(_without_path)] = "https://api.us-1.platform.polyai.app"
    polyai_auth_token: Secret
    polyai_api: Literal["outbound-calling"] = "outbound-calling"
    # Where nothing is set, the empty text is judged: the sentence says what to set, and what it means.
    callgate_approvers: Annotated[
        Approvers, NoDecode, BeforeValidator(_approvers), Field(default="", validate_default=True)
    ]
    callgate_slack_connect: bool = False
    callgate_approvals_channel: Annotated[str, AfterValidator(_channel_id)] | None = None
    callgate_approvals_required: Annotated[int, Field(ge=1, le=9)] = 1
    callgate_command: Annotated[str, AfterValidator(_command)] = DEFAULT
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


AnySettings = TypeVar("AnySettings", bound=StoreSettings)


def load_settings(kind: type[AnySettings]) -> AnySettings:
    """Read the settings of that kind.

    Raises:
        Misconfigured: one is missing or wrong; the sentence names it and never shows its value.
    """
    _check_environment(os.environ)
    try:
        return kind()
    except ValidationError as error:
        raise Misconfigured(" ".join(map(_sentence, error.errors()))) from None


def _from_file() -> dict[str, Any]:
    """What stands in the file, by the names of the fields; nothing where there is no file."""
    try:
        found = tomllib.loads(_FILE.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Misconfigured(
            f"{_FILE} cannot be read: {error.strerror}. It has to be a file that the bot's user may read."
        ) from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{_FILE} is not a text file in UTF-8. Save it again as UTF-8.") from None
    except ValueError as error:
        raise Misconfigured(f"{_FILE} is not written as TOML is: {error}.") from None
    _check_names(found, f"{_FILE} sets")
    return {name.lower(): value for name, value in found.items()}


def _check_environment(environment: Mapping[str, str]) -> None:
    """All names that begin as ours do have to be settings, but for those that others set."""
    ours = (name for name in environment if name.upper().startswith("CALLGATE_") and name != _FOR_TESTS)
    named = (name for name in ours if not _OF_KUBERNETES.match(f"{name}={environment[name]}"))
    _check_names(named, "The environment sets")


def _check_names(names: Iterable[str], where: str) -> None:
    """What is misspelt would leave a setting at its default, in silence."""
    known = [field.upper() for field in Settings.model_fields]
    for name in sorted(name for name in names if name.upper() not in known):
        meant = difflib.get_close_matches(name.upper(), known, 1, cutoff=_NEARLY)
        advice = f"Is {meant[0]} meant?" if meant else "Take it out; the README has a table of all settings."
        raise Misconfigured(f"{where} {name}, which is no setting. {advice}")


def _sentence(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return message[0].upper() + message[1:] + "."
    name = str(error["loc"][0]).upper()
    if error["type"] == "missing":
        return f"{name} is not set."
    if error["type"] != "value_error":
        message = _PLAIN.get(error["type"], _UNEXPECTED).format(**error.get("ctx", {}))
    return f"{name}: {message}."
