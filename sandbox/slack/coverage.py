"""The coverage matrix: what of Slack is emulated, how, and where it differs or had to choose.

Tests compare every table here with the code, both ways.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing of Slack's: how it is emulated, and what is limited, refused or left out."""

    what: str
    how: str
    limits: str = ""


WEB_API = [
    Row("auth.test", "tells the bot who it is"),
    Row("apps.connections.open", "hands out a single-use ticket", "app token; tier 3 (sources disagree)"),
    Row(
        "chat.postMessage",
        "posts to a channel by id or name, or to a person's direct messages",
        "1/s and channel with a burst of 4; text cut at 40,000; no attachments, no mark-up rendering; a "
        "thread_ts that is no parent is refused with thread_not_found or cannot_reply_to_message",
    ),
    Row("chat.postEphemeral", "shown to one member until the end", "tier 4; user_not_in_channel"),
    Row("chat.update", "own messages; text without blocks removes the blocks", "tier 3; text up to 4,000"),
    Row("chat.delete", "own messages; a parent with replies leaves a tombstone", "tier 3"),
    Row("chat.getPermalink", "a link under the emulator's own address"),
    Row(
        "views.open",
        "one-shot trigger id; replaces a modal that is open",
        "tier 4; 250 kB; an invalid view uses the trigger id up",
    ),
    Row("views.push", "on top of the open modals", "tier 4; three views"),
    Row(
        "views.update", "by view_id or external_id, hash checked, typed text kept", "tier 4; open views only"
    ),
    Row("views.publish", "one Home tab for each person, hash checked", "tier 4"),
    Row("users.info", "the full object; less of deactivated people, is_stranger of others", "tier 4"),
    Row("usergroups.users.list", "members, without deactivated ones", "tier 2"),
    Row("conversations.info", "channels, private channels, direct messages", "tier 3; scope by kind"),
    Row("conversations.members", "pages, the bot included", "tier 4"),
]

ROUTES = [
    Row("/api/{method}", "GET with a query, POST with a form or JSON", "unknown_method is logged too"),
    Row(
        "/link",
        "Socket Mode: hello, envelopes, acknowledgements with payload, disconnect, ping and pong",
        "single-use tickets of 30 s (a bad one is answered 403); 10 connections, each payload to one; "
        "an acknowledgement counts through any connection; nothing is sent twice, events included",
    ),
    Row(
        "/{kind}/{team}/{secret}",
        "response URLs: ephemeral unless in_channel, replace_original and delete_original when asked for",
        "five uses in 30 minutes, then 404; bad content is 400 and counts as a use",
    ),
    Row("/files-pri/{file}/{name}", "a file", "the bot's token and files:read, else the sign-in page"),
    Row(
        "/files-pri/{file}/download/{name}", "a file", "the bot's token and files:read, else the sign-in page"
    ),
    Row("/", "the HTML sign-in page that a download without permission ends at, with status 200"),
]

PAYLOADS = [
    Row("slash_command", "from people of this workspace in channels they are in", "3 s; not in threads"),
    Row("message_action", "block_actions from messages, threads and ephemerals", "3 s"),
    Row("view_action", "block_actions from modals and the Home tab", "3 s"),
    Row(
        "view_submission",
        "with what was typed; errors, update, push, clear, or closing",
        "3 s; Slack's checks",
    ),
    Row("view_closed", "with notify_on_close only", "sent for the view that was closed, not those below"),
    Row("block_suggestion", "options for an external select", "3 s; 100 options; min_query_length 3"),
    Row("shortcut", "global, and on a message", "3 s"),
    Row("event", "app_home_opened", "no other event is sent by itself; no retries"),
]

HTTP_DELIVERY = Row(
    "HTTP delivery",
    "signed POSTs with X-Slack-Signature and X-Slack-Request-Timestamp, forms and JSON as Slack sends them",
    "3 s; another status than 200 is a failure; redirects are followed; nothing is sent twice",
)

BLOCKS = [
    Row("section", "text, fields, accessory", "3,000; 10 fields of 2,000"),
    Row("header", "plain text", "150"),
    Row("divider", "a line"),
    Row("context", "texts and images", "10 elements"),
    Row("actions", "buttons and other elements", "25 elements; action ids unique"),
    Row("input", "every element to fill in", "label and hint 2,000; file_input in modals only"),
    Row("image", "by address or Slack file", "2,000 for alt text and title"),
    Row("rich_text", "sections and lists, with text, links, mentions, broadcasts and dates"),
]

ELEMENTS = [
    Row("button", "text, value, url, style, confirm", "75; value 2,000; url 3,000"),
    Row("checkboxes", "options with mark-up", "1 to 10 options"),
    Row("radio_buttons", "options with mark-up", "1 to 10 options"),
    Row("static_select", "options or groups", "100; option text 75, value 150, description 75"),
    Row("external_select", "options from the app", "100"),
    Row("datepicker", "YYYY-MM-DD"),
    Row("timepicker", "HH:MM, timezone"),
    Row("plain_text_input", "one line or many", "min_length and max_length up to 3,000"),
    Row("number_input", "a number as text", "min_value and max_value are strings"),
    Row("file_input", "uploaded files", "1 to 10 files of 10 MB; filetypes"),
]
