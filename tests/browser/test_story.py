"""What somebody does who tries Callgate in the sandbox: by clicking and typing, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.window import COMMAND, Window


def test_a_whole_call(window: Window) -> None:
    """Alice asks and may not approve it herself, Bob approves, and the thread tells how the call went."""
    window.composer.press_sequentially("/ca")
    expect(window.page.get_by_role("option", name="/call")).to_be_visible()
    window.composer.press("Tab")
    expect(window.composer).to_have_value("/call ")
    window.ask()
    expect(window.card).to_contain_text("+1 617 ••• ••84")
    expect(window.card).not_to_contain_text("6451984")

    window.press("Approve")
    refusal = window.channel.get_by_role("listitem").filter(has_text="Only visible to you")
    expect(refusal).to_contain_text("You can't decide this, because you asked for it")
    window.become("Bob")
    expect(refusal).to_be_hidden()

    window.press("Approve")
    window.open_thread()
    window.told("Call placed: OUT-")
    window.decide("Ring")
    window.told("PolyAI is calling.")
    window.decide("Succeed")
    window.told("PolyAI reports success")
    window.headline("Call connected")

    window.behind.get_by_text("The record", exact=True).click()
    for event in ("submitted", "approved", "told", "succeeded"):
        expect(window.behind.locator(".record")).to_contain_text(event)
    expect(window.behind.locator(".record")).to_contain_text("by Bob")

    window.press("They asked us to stop")
    window.modal.get_by_role("button", name="Back").click()
    window.press("They asked us to stop")
    window.modal.get_by_role("button", name="Stop calling").click()
    window.told("@Bob says they asked us to stop: this number is on the suppression list now.")

    window.behind.get_by_text("POST 1").click()
    expect(window.behind).to_contain_text('"to_number": "+16176451984"')
    expect(window.behind).not_to_contain_text(re.compile("sandbox-polyai-token", re.IGNORECASE))


def test_kill_and_restart_in_the_middle_of_a_call(window: Window) -> None:
    """The bot is killed while a phone rings; started again, it tells how the call ended, and sent it once."""
    window.ask()
    window.become("Bob")
    window.press("Approve")
    window.open_thread()
    window.told("Call placed: OUT-")
    window.decide("Ring")
    window.told("PolyAI is calling.")

    window.behind.get_by_role("button", name="Kill the bot").click()
    expect(window.behind).to_contain_text("The bot is not running (killed)")
    window.type(COMMAND)
    expect(window.channel).to_contain_text("/call failed with the error")
    window.decide("Succeed")

    window.behind.get_by_role("button", name="Start the bot").click()
    expect(window.behind).to_contain_text("The bot is running")
    window.told("PolyAI reports success")
    window.headline("Call connected")
    expect(window.behind.get_by_text(re.compile(r"^POST \d"))).to_have_count(1)


def test_a_freeze_that_is_lifted(window: Window) -> None:
    """Bob stops all dialing; form and card say so; Carol and Dave have it go on, and the call is placed."""
    window.become("Bob")
    window.type("/call freeze Wrong agent")
    expect(window.channel).to_contain_text("Dialing is frozen by @Bob")
    window.become("Alice")
    window.type(COMMAND)
    expect(window.modal).to_contain_text("Dialing is frozen")
    window.modal.get_by_role("button", name="Cancel").click()
    window.ask()
    window.become("Bob")
    window.press("Approve")
    window.headline("Call approved: waits, because dialing is frozen")
    for name in ("Carol", "Dave"):
        window.become(name)
        window.type("/call unfreeze 1")
        expect(window.channel.get_by_text("Only visible to you")).to_be_visible()
    window.headline("Call placed")
    window.decide("Lose")
    expect(window.behind).to_contain_text("two hours after the call was placed, card and thread say")


def test_an_answer_that_is_lost(window: Window) -> None:
    """PolyAI places the call and its answer is lost: nobody dials again, and a person has to decide."""
    window.behind.get_by_label("PolyAI", exact=True).select_option("lost_answer")
    window.ask()
    window.become("Bob")
    window.press("Approve")
    window.headline("Unconfirmed: a phone may be ringing")
    expect(window.behind.get_by_text(re.compile(r"^POST \d"))).to_have_count(1)
    window.press("Close it")
    window.modal.get_by_role("button", name="Close it").click()
    window.headline("Unconfirmed call closed")
