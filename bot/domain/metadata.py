"""Call metadata: the key-value pairs that reach PolyAI's voice agent as SIP headers.

Keys become header names and values header values, so what could forge a header, hide text from an
approver or stop the call from being routed is refused here.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.domain.errors import InvalidFields
from bot.domain.visible import hidden_mark, is_hidden

METADATA_FILE_FIELD = "Metadata as a JSON file"
"""The form's label of the field for it, under More options."""

MAX_METADATA_FILE = 256 * 1024
"""Bytes of an uploaded file we are willing to read: over ten times what can be sent, for indentation."""

MAX_KEY_LENGTH = 64
"""Characters of a key. Our own bound: PolyAI names none, and SIP stacks cut long header names."""

REQUEST_ID_KEY = "callgate_request_id"
"""The entry that is added to every payload, so that a conversation can be traced to its request."""

REQUEST_ID_LENGTH = 19
"""Characters of its value, a call request's id."""

RESERVED_PREFIXES = ("callgate_", "x-callgate")
"""Beginnings, in lower case, of the keys that only Callgate itself may set."""

# RFC 3261 section 25.1, `token`: every character of it is an RFC 7230 token character as well.
_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")

# RFC 3261 section 20.
_SIP_HEADERS = """
    accept accept-encoding accept-language alert-info allow authentication-info authorization call-id
    call-info contact content-disposition content-encoding content-language content-length content-type
    cseq date error-info expires from in-reply-to max-forwards mime-version min-expires organization
    priority proxy-authenticate proxy-authorization proxy-require record-route reply-to require retry-after
    route server subject supported timestamp to unsupported user-agent via warning www-authenticate
"""

# Headers of later RFCs that say who is calling, where a call goes, who pays, or when it ends: those of
# them that IANA registers, and Remote-Party-ID, which it never did.
_SIP_ROUTING_HEADERS = """
    accept-contact additional-identity attestation-info cellular-network-info diversion geolocation
    geolocation-error geolocation-routing history-info identity identity-info join max-breadth min-se
    origination-id p-access-network-info p-asserted-identity p-asserted-service p-associated-uri
    p-called-party-id p-charge-info p-charging-function-addresses p-charging-vector p-dcs-billing-info
    p-dcs-laes p-dcs-osps p-dcs-redirect p-dcs-trace-party-id p-media-authorization p-preferred-identity
    p-preferred-service p-private-network-indication p-profile-key p-refused-uri-list p-served-user
    p-user-database p-visited-network-id path permission-missing priority-verstat priv-answer-mode privacy
    refer-sub refer-to referred-by reject-contact relayed-charge remote-party-id replaces
    request-disposition resource-priority restoration-info security-client security-server security-verify
    service-interact-info service-route session-expires session-id target-dialog trigger-consent
    user-to-user
"""

# The one-letter forms of RFC 3261 section 7.3.3 and of the later RFCs, as IANA registers them.
_SIP_COMPACT_HEADERS = "a b c d e f i j k l m n o r s t u v x y"

_RESERVED = frozenset(f"{_SIP_HEADERS} {_SIP_ROUTING_HEADERS} {_SIP_COMPACT_HEADERS}".split())


# A value of the metadata field that begins with one, or ends with one that nothing before it opens.
_CURLY_QUOTES = re.compile(r"[“”„«»‘’‚‹›].*|[^“”„«»]*[“”«»]", re.DOTALL)


class _Object(list[tuple[str, Any]]):
    """A JSON object as it was written, so that a key that is there twice can be seen."""


def parse_metadata_lines(text: str) -> dict[str, str]:
    """Read one `key=value` per line, without judging keys and values (`check_metadata` does).

    Blank lines are skipped, spaces and tabs around key and value are trimmed, and a value may
    contain "=" or be empty. Nothing is quoted here, so quotes that are meant to be none of the value are
    refused.

    Raises:
        InvalidFields: at "metadata", with the number of the first line that is wrong.
    """
    if text.lstrip().startswith(("{", "[")):
        where = f'press More options and upload it as a file at "{METADATA_FILE_FIELD}"'
        raise InvalidFields({"metadata": f"This looks like JSON. Write one key=value a line; or {where}."})
    # Not splitlines(): it also splits at characters that must be refused inside a value.
    lines = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    entries = ((f"Line {n}", *_read_line(n, line)) for n, line in lines if line.strip(" \t"))
    return _gather(entries, "metadata")


def parse_metadata_json(data: bytes) -> dict[str, str]:
    """Read an uploaded file: UTF-8 JSON, one object whose values are all strings.

    A byte order mark is tolerated. Keys and values are not judged (`check_metadata` does).

    Raises:
        InvalidFields: at "metadata_file": not such a file, over `MAX_METADATA_FILE` bytes, or a
            key that is there twice, in whatever case.
    """
    if len(data) > MAX_METADATA_FILE:
        raise _bad_file(f"The file is larger than {MAX_METADATA_FILE // 1024} KB: shorten it.")
    document = _load(data)
    if not isinstance(document, _Object):
        raise _bad_file(f'The file holds {_kind(document)} and no object: write {{"key": "value"}}.')
    return _gather((("The file", key, _read_text(key, value)) for key, value in document), "metadata_file")


def merge_metadata(lines: Mapping[str, str], file: Mapping[str, str]) -> dict[str, str]:
    """The typed metadata followed by the uploaded.

    Raises:
        InvalidFields: at "metadata", naming a key that is in both, in whatever case.
    """
    in_file = {key.lower() for key in file}
    for key in lines:
        if key.lower() in in_file:
            sentence = f'"{excerpt(key)}" is both typed here and in the file: keep one of them.'
            raise InvalidFields({"metadata": sentence})
    return {**lines, **file}


def check_metadata(metadata: Mapping[str, str], field: str, limit: int) -> None:
    """Check that the metadata can be sent as it is, with our own request id added to it.

    In base64 it has to be less than `limit` bytes.

    Raises:
        InvalidFields: at `field`, with the first problem found.
    """
    problem = next(_problems(metadata, limit), None)
    if problem:
        raise InvalidFields({field: problem})


def metadata_base64_size(metadata: Mapping[str, str]) -> int:
    """Bytes of the metadata's base64 form.

    PolyAI limits that form without naming the JSON under it. This measures the largest of the usual
    ones, the default of Python's `json.dumps` (non-ASCII escaped, a space after commas and colons), so
    what is under the limit here is under it in every usual form.
    """
    return len(base64.b64encode(json.dumps(dict(metadata)).encode("ascii")))


def is_metadata_key(text: str) -> bool:
    """Whether the text has the form of a key: a SIP header token (RFC 3261 section 25.1)."""
    return _TOKEN.fullmatch(text) is not None


def hidden_in_key(key: str) -> str:
    """What is to be said of a key in which something cannot be seen; empty where everything can."""
    mark = hidden_mark(key)
    return f"The invisible character {mark} is before it or in it: type it again." if mark else ""


def excerpt(text: str) -> str:
    """At most 30 characters of what somebody typed, fit for a sentence: nothing invisible, no markup."""
    shown = "".join(c for c in text[:30] if c.isprintable() and not is_hidden(c) and c not in '<>&"`')
    return f"{shown}…" if len(text) > 30 else shown


def _gather(entries: Iterable[tuple[str, str, str]], field: str) -> dict[str, str]:
    """Entries are where a pair stands, its key and its value; a key may come only once."""
    metadata: dict[str, str] = {}
    taken: set[str] = set()
    for where, key, value in entries:
        if key.lower() in taken:
            raise InvalidFields({field: f'{where} has the key "{excerpt(key)}" again: keep one of them.'})
        taken.add(key.lower())
        metadata[key] = value
    return metadata


def _read_line(number: int, line: str) -> tuple[str, str]:
    key, equals, value = (part.strip(" \t") for part in line.partition("="))
    if not equals or not key:
        sentence = f'Line {number} ("{excerpt(line)}") is not of the form key=value: write one pair per line.'
        raise InvalidFields({"metadata": sentence})
    if value.startswith('"') and '"' not in value[1:]:
        sentence = f"Line {number}: the quote before the value is not closed. Close it, or leave it out."
        raise InvalidFields({"metadata": sentence})
    if _CURLY_QUOTES.fullmatch(value):
        sentence = f"Line {number}: leave out the quotes around the value, which is all that is behind the =."
        raise InvalidFields({"metadata": sentence})
    return key, value


def _read_text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad_file(f'"{excerpt(key)}" is {_kind(value)}: every value must be a text in quotes.')
    return value


def _bad_file(sentence: str) -> InvalidFields:
    return InvalidFields({"metadata_file": sentence})


def _load(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_Object)
    except UnicodeDecodeError:
        raise _bad_file("The file is not UTF-8 text: save it as UTF-8 and upload it again.") from None
    except json.JSONDecodeError as error:
        raise _bad_file(f"The file is not JSON; see its line {error.lineno} and upload it again.") from None
    except (RecursionError, ValueError):  # nested too deep; a number of thousands of digits
        raise _bad_file('The file cannot be read: write one plain object, {"key": "value"}.') from None


def _kind(value: Any) -> str:
    match value:
        case bool():  # before int: in Python, True is one
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case None:
            return "null"
        case _Object():
            return "an object"
        case _:
            return "a list"


def _problems(metadata: Mapping[str, str], limit: int) -> Iterator[str]:
    """Every problem, found only as far as the caller asks."""
    seen: set[str] = set()
    for key, value in metadata.items():
        yield from _problems_of_key(key)
        if key.lower() in seen:
            yield f'The key "{excerpt(key)}" is there twice: keep one of them.'
        seen.add(key.lower())
        yield from _problems_of_value(key, value)
    yield from _problems_of_size(metadata, limit)


def _problems_of_key(key: str) -> Iterator[str]:
    if not 1 <= len(key) <= MAX_KEY_LENGTH:
        yield f'The key "{excerpt(key)}" must be 1 to {MAX_KEY_LENGTH} characters long: choose another.'
    if not is_metadata_key(key):
        cure = hidden_in_key(key) or "Use only letters, digits, - and _."
        yield f'The key "{excerpt(key)}" cannot be the name of a SIP header. {cure}'
    if key.lower() in _RESERVED:
        yield f'The key "{excerpt(key)}" is a SIP header with a meaning of its own: choose another.'
    if key.lower().startswith(RESERVED_PREFIXES):
        yield f'The key "{excerpt(key)}" is kept for Callgate itself: choose another.'


def _problems_of_value(key: str, value: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f'The value of "{excerpt(key)}" is {_kind(value)}: every value must be a text.'
    elif is_hidden(value):
        yield f'The value of "{excerpt(key)}" holds a line break or an invisible character: type it again.'


def _problems_of_size(metadata: Mapping[str, str], limit: int) -> Iterator[str]:
    sent = {**metadata, REQUEST_ID_KEY: "0" * REQUEST_ID_LENGTH}
    over = metadata_base64_size(sent) - (limit - 1)
    if over > 0:
        characters = math.ceil(over * 3 / 4)  # base64 makes four bytes of three
        yield (
            f"The metadata is about {characters:,} characters over the limit of {limit // 1024} KB in "
            "base64: shorten values or leave some out."
        )
