"""Every block and element at its limits: accepted at the limit, refused one beyond it."""

import copy

import pytest

from sandbox.slack.block_kit.reading import text_of
from sandbox.slack.block_kit.surfaces import checked_message_blocks, checked_options, checked_view
from sandbox.slack.errors import ApiError

from .conftest import plain


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def option(text="o", value="v", **more):
    return {"text": plain(text), "value": value, **more}


def section(**more):
    return {"type": "section", "text": mrkdwn("x"), **more}


def action(element):
    return {"type": "actions", "elements": [element]}


def field(element):
    return {"type": "input", "label": plain("L"), "element": element}


def button(**more):
    return {"type": "button", "text": plain("b"), **more}


def rich(*elements, **more):
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*elements]}], **more}


def kind(type_, **more):
    return {"type": type_, **more}


def confirm(**more):
    return button(confirm={"title": plain("T"), "text": mrkdwn("sure?"), **more})


OPTIONS = [option(), option(value="w")]
EVERY_STYLE = {"bold": True, "italic": True, "strike": True, "underline": True, "code": True}
NUMBER = {"type": "number_input", "is_decimal_allowed": True}

GOOD = [
    section(),
    section(text=mrkdwn("x" * 3000)),
    kind("section", fields=[plain("x" * 2000)] * 5 + [mrkdwn("x")] * 5),
    section(accessory=button()),
    section(accessory={"type": "image", "image_url": "https://a.example/i.png", "alt_text": "i"}),
    section(expand=True),
    kind("header", text=plain("x" * 150)),
    kind("divider", block_id="x" * 255),
    kind("context", elements=[mrkdwn("x")] * 10),
    kind("context", elements=[{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "i"}]),
    kind("actions", elements=[button()] * 25),
    kind("image", image_url="https://a.example/i.png", alt_text="x" * 2000, title=plain("x" * 2000)),
    action(button(text=plain("x" * 75), value="x" * 2000, style="danger", action_id="x" * 255)),
    action(button(url="https://a.example/" + "x" * 2982, accessibility_label="x" * 75)),
    action(confirm(title=plain("x" * 100), text=mrkdwn("x" * 300), confirm=plain("x" * 30), style="primary")),
    action(kind("checkboxes", options=[{"text": mrkdwn("*o*"), "value": "v"}] * 10)),
    action(kind("radio_buttons", options=OPTIONS, initial_option=option())),
    action(kind("static_select", options=[option("x" * 75, "x" * 150, description=plain("x" * 75))])),
    action(kind("static_select", options=[option()] * 100)),
    action(kind("static_select", option_groups=[{"label": plain("g"), "options": OPTIONS}])),
    action(kind("static_select", options=OPTIONS, placeholder=plain("x" * 150))),
    action(kind("external_select", min_query_length=0, initial_option=option())),
    action(kind("datepicker", initial_date="2027-01-31")),
    action(kind("timepicker", initial_time="23:59", timezone="Europe/Paris")),
    field(kind("plain_text_input", multiline=True, min_length=0, max_length=3000, initial_value="x" * 3000)),
    field(kind("plain_text_input", placeholder=plain("https://"), focus_on_load=True)),
    field({**NUMBER, "min_value": "-1", "max_value": "2.5", "initial_value": "0"}),
    {**field(kind("plain_text_input")), "hint": plain("x" * 2000), "optional": True, "dispatch_action": True},
    rich({"type": "text", "text": "x" * 5000, "style": EVERY_STYLE}),
    rich({"type": "link", "url": "https://a.example", "text": "a"}),
    rich({"type": "user", "user_id": "U1"}, {"type": "usergroup", "usergroup_id": "S1"}),
    rich({"type": "channel", "channel_id": "C1"}, {"type": "broadcast", "range": "here"}),
    rich({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"}),
    kind(
        "rich_text",
        elements=[{"type": "rich_text_list", "style": "bullet", "indent": 8, "elements": rich()["elements"]}],
    ),
]

BAD = [
    (section(text=mrkdwn("x" * 3001)), "must be less than 3001 characters", "/blocks/0/text/text"),
    (section(text=mrkdwn("")), "must be more than 0 characters", "/blocks/0/text/text"),
    (kind("section"), "missing required field: text", "/blocks/0"),
    (section(fields=[plain("x")] * 11), "no more than 10 items", "/blocks/0/fields"),
    (section(fields=[plain("x" * 2001)]), "must be less than 2001 characters", "/blocks/0/fields/0"),
    (section(fields=[]), "no less than 1 items", "/blocks/0/fields"),
    (section(colour="red"), "invalid additional property: colour", "/blocks/0"),
    (section(accessory=None), "must not be null", "/blocks/0"),
    (
        section(accessory=kind("plain_text_input")),
        "unsupported type: plain_text_input",
        "/blocks/0/accessory",
    ),
    (section(text="x"), "", "/blocks/0/text"),
    (section(text={"type": "html", "text": "x"}), "unsupported type: html", "/blocks/0/text"),
    (section(block_id="x" * 256), "must be less than 256 characters", "/blocks/0/block_id"),
    (kind("header", text=plain("x" * 151)), "must be less than 151 characters", "/blocks/0/text"),
    (kind("header", text=mrkdwn("x")), "plain_text", "/blocks/0/text/type"),
    (kind("header"), "missing required field: text", "/blocks/0"),
    (kind("marquee"), "unsupported type: marquee", "/blocks/0"),
    (section(accessory=kind("overflow")), "unsupported type: overflow", "/blocks/0/accessory"),
    (action(kind("users_select")), "unsupported type: users_select", "/blocks/0/elements/0"),
    (field(kind("email_text_input")), "unsupported type: email_text_input", "/blocks/0/element"),
    (kind("rich_text", elements=[kind("rich_text_quote")]), "type: rich_text_quote", "/blocks/0/elements/0"),
    ({"text": plain("x")}, "", "/blocks/0"),
    (kind("divider", text=plain("x")), "invalid additional property", "/blocks/0/text"),
    (kind("context", elements=[plain("x")] * 11), "no more than 10 items", "/blocks/0/elements"),
    (kind("context", elements=[]), "no less than 1 items", "/blocks/0/elements"),
    (kind("actions", elements=[button()] * 26), "no more than 25 items", "/blocks/0/elements"),
    (kind("actions", elements=[]), "no less than 1 items", "/blocks/0/elements"),
    (
        kind("actions", elements=[button(action_id="a")] * 2),
        "action_id a already exists",
        "/blocks/0/elements",
    ),
    (kind("image", image_url="https://a.example/i.png"), "missing required field: alt_text", "/blocks/0"),
    (kind("image", alt_text="i"), "either image_url or slack_file", "/blocks/0"),
    (kind("image", image_url="javascript:x", alt_text="i"), "", "/blocks/0/image_url"),
    (action(button(text=plain("x" * 76))), "must be less than 76 characters", "/blocks/0/elements/0/text"),
    (action(button(value="x" * 2001)), "must be less than 2001 characters", "/blocks/0/elements/0/value"),
    (action(button(url="https://" + "x" * 2993)), "must be less than 3001", "/blocks/0/elements/0/url"),
    (action(button(style="default")), "", "/blocks/0/elements/0/style"),
    (action(button(action_id="x" * 256)), "must be less than 256", "/blocks/0/elements/0/action_id"),
    (action(button(text=mrkdwn("b"))), "plain_text", "/blocks/0/elements/0/text/type"),
    (action(button(value=7)), "string", "/blocks/0/elements/0/value"),
    (action(confirm(title=plain("x" * 101))), "less than 101", "/blocks/0/elements/0/confirm/title"),
    (action(confirm(text=plain("x" * 301))), "less than 301", "/blocks/0/elements/0/confirm/text"),
    (action(confirm(deny=plain("x" * 31))), "less than 31", "/blocks/0/elements/0/confirm/deny"),
    (action(kind("checkboxes", options=[option()] * 11)), "no more than 10", "/blocks/0/elements/0/options"),
    (
        action(kind("radio_buttons", options=[option()] * 11)),
        "no more than 10",
        "/blocks/0/elements/0/options",
    ),
    (
        action(kind("static_select", options=[option()] * 101)),
        "no more than 100",
        "/blocks/0/elements/0/options",
    ),
    (action(kind("static_select", options=[])), "no less than 1", "/blocks/0/elements/0/options"),
    (action(kind("static_select")), "either options or option_groups", "/blocks/0/elements/0"),
    (
        action(kind("static_select", options=[option("x" * 76)])),
        "less than 76",
        "/blocks/0/elements/0/options/0/text",
    ),
    (
        action(kind("static_select", options=[option(value="x" * 151)])),
        "less than 151",
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        action(kind("static_select", options=[option(description=plain("x" * 76))])),
        "less than 76",
        "/blocks/0/elements/0/options/0/description",
    ),
    (
        action(kind("static_select", options=[{"text": mrkdwn("o"), "value": "v"}])),
        "plain_text",
        "/blocks/0/elements/0/options/0/text/type",
    ),
    (
        action(kind("static_select", options=OPTIONS, initial_option=option("z"))),
        "among",
        "/blocks/0/elements/0",
    ),
    (
        action(kind("external_select", placeholder=plain("x" * 151))),
        "less than 151",
        "/blocks/0/elements/0/placeholder",
    ),
    (action(kind("datepicker", initial_date="2027-1-31")), "", "/blocks/0/elements/0/initial_date"),
    (action(kind("timepicker", initial_time="24:00")), "", "/blocks/0/elements/0/initial_time"),
    (action(kind("external_select", min_query_length=-1)), "", "/blocks/0/elements/0/min_query_length"),
    (action(kind("plain_text_input")), "unsupported type: plain_text_input", "/blocks/0/elements/0"),
    (field(button()), "unsupported type: button", "/blocks/0/element"),
    (field(kind("plain_text_input", max_length=3001)), "", "/blocks/0/element/max_length"),
    (field(kind("plain_text_input", min_length=5, max_length=4)), "max_length", "/blocks/0/element"),
    (field(kind("number_input")), "missing required field: is_decimal_allowed", "/blocks/0/element"),
    (field({**NUMBER, "min_value": 1}), "string", "/blocks/0/element/min_value"),
    (field({**NUMBER, "min_value": "2", "max_value": "1"}), "min_value", "/blocks/0/element"),
    (field(kind("file_input")), "unsupported type: file_input", "/blocks/0/element"),
    (
        {**field(kind("plain_text_input")), "label": plain("x" * 2001)},
        "must be less than 2001",
        "/blocks/0/label",
    ),
    ({**field(kind("plain_text_input")), "label": mrkdwn("x")}, "plain_text", "/blocks/0/label/type"),
    (rich({"type": "text", "text": ""}), "must be more than 0", "/blocks/0/elements/0/elements/0/text"),
    (rich({"type": "mrkdwn", "text": "x"}), "unsupported type: mrkdwn", "/blocks/0/elements/0/elements/0"),
    (
        rich({"type": "text", "text": "x", "style": {"big": True}}),
        "big",
        "/blocks/0/elements/0/elements/0/style",
    ),
    (rich({"type": "user"}), "missing required field: user_id", "/blocks/0/elements/0/elements/0"),
    (
        kind("rich_text", elements=[{"type": "rich_text_list", "elements": []}]),
        "style",
        "/blocks/0/elements/0",
    ),
]


def names(rows):
    return [
        f"{number}-{(row[0] if isinstance(row, tuple) else row).get('type')}"
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize("block", GOOD, ids=names(GOOD))
def test_a_good_block_is_kept_as_it_is(block):
    """Slack keeps what it was given and only adds ids and flags."""
    before = copy.deepcopy(block)
    [kept] = checked_message_blocks([block])
    assert block == before and kept["block_id"] and kept["type"] == block["type"]


@pytest.mark.parametrize(("block", "sentence", "pointer"), BAD, ids=names(BAD))
def test_a_bad_block_is_refused_with_a_pointer(block, sentence, pointer):
    """invalid_blocks names what is wrong and where."""
    with pytest.raises(ApiError, match="invalid_blocks") as refusal:
        checked_message_blocks([block])
    message = refusal.value.extra["response_metadata"]["messages"][0]
    assert message.startswith("[ERROR] ") and sentence in message and f"[json-pointer:{pointer}" in message


def test_the_limits_of_a_whole_message():
    """50 blocks fit and 51 do not; block ids are unique; and all blocks together have a limit."""
    assert len(checked_message_blocks([{"type": "divider"}] * 50)) == 50
    with pytest.raises(ApiError, match="invalid_blocks"):
        checked_message_blocks([{"type": "divider"}] * 51)
    with pytest.raises(ApiError, match="invalid_blocks"):
        checked_message_blocks([{"type": "divider", "block_id": "same"}] * 2)
    assert checked_message_blocks([section(text=plain("x" * 3000))] * 4)
    with pytest.raises(ApiError, match="msg_blocks_too_long"):
        checked_message_blocks([section(text=plain("x" * 3000))] * 4 + [section(text=plain("x" * 1200))])
    with pytest.raises(ApiError, match="invalid_blocks_format"):
        checked_message_blocks({"type": "divider"})


def test_a_modal_takes_files_and_one_focus():
    """file_input is for modals, up to ten files, and only one element may have the focus."""
    view = {"type": "modal", "title": plain("T"), "submit": plain("S")}
    files = field(kind("file_input", filetypes=["csv"], max_files=10))
    assert checked_view({**view, "blocks": [files]}, "modal")
    focused = field(kind("plain_text_input", focus_on_load=True))
    for blocks in ([field(kind("file_input", max_files=11))], [focused, focused], [section(colour="red")]):
        with pytest.raises(ApiError, match="invalid_arguments") as refusal:
            checked_view({**view, "blocks": blocks}, "modal")
        assert "json-pointer:/view/blocks" in refusal.value.extra["response_metadata"]["messages"][0]


def test_suggestions_have_a_limit():
    """A hundred options can be suggested, in one list or in groups."""
    assert len(checked_options({"options": [option()] * 100})) == 100
    assert len(checked_options({"option_groups": [{"label": plain("g"), "options": OPTIONS}]})) == 2
    with pytest.raises(ApiError):
        checked_options({"options": [option()] * 101})


def test_the_text_of_blocks_is_what_people_read():
    """Texts of all blocks are flattened, rich text included, a line for each piece."""
    blocks = [
        kind("header", text=plain("Head")),
        section(fields=[mrkdwn("left"), mrkdwn("right")], accessory=button()),
        kind("context", elements=[mrkdwn("small")]),
        rich({"type": "text", "text": "by "}, {"type": "user", "user_id": "U1"}),
        action(kind("checkboxes", options=[option("tick")])),
    ]
    assert text_of(checked_message_blocks(blocks)).split("\n") == [
        *("Head", "x", "left", "right", "b", "small", "by <@U1>", "tick")
    ]
