"""A second provider costs an adapter and its settings: nothing else knows what PolyAI's contract says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import app
from bot.domain.voice_contract import VoiceContract
from tests.support.second_provider import SecondProvider, SecondVoice
from tests.support.world import World

REPOSITORY = Path(__file__).parents[2]
WORDS = re.compile(r"OUT-|S?RTP|\"(success|failure|calling)\"|26 KB|26 \* 1024|X-PolyAi|POLYAI_")
OUTSIDE = ("bot/domain", "bot/service", "bot/slack", "bot/workers", "handlers", "storage")
BEFORE = {"storage/migrations/m0001_call_requests.py", "storage/migrations/m0017_reported_call_sid.py",
          "storage/migrations/m0020_any_provider.py"}  # fmt: skip
"""What the schema said of PolyAI's ids, until it was taken away."""


async def test_a_call_goes_from_the_form_to_its_end_through_another_provider(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ids, its encryption and its statuses, in our words: on the card, in the thread and on record."""
    provider = SecondProvider()
    url = await provider.open()
    monkeypatch.setitem(app.VOICES, "outbound-calling", lambda _settings: SecondVoice(url))
    await world.start()
    card = await world.ask(metadata="appointment_date=2026-08-26")
    assert "none" in card.plain
    await world.bob.click(card, "approve")
    await world.shows(card, "Call connected")
    await world.told(card, "reports success")
    assert any("call/1" in line for line in world.thread(card))
    (sent,) = provider.placed
    assert sent["callee"] == "+16176451984" and sent["media"] == "none"
    assert world.rows("SELECT call_sid, call_status FROM call_requests") == [
        {"call_sid": "call/1", "call_status": "succeeded"}
    ]
    await world.stop()
    await provider.close()


def test_the_words_of_polyais_contract_stand_in_its_adapter_alone() -> None:
    """Its ids, encryption, bounds and status words are in bot/polyai, and in no other part of the product."""
    found = [
        f"{path.relative_to(REPOSITORY)}: {line.strip()}"
        for folder in OUTSIDE
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if str(path.relative_to(REPOSITORY)) not in BEFORE
        for line in path.read_text().splitlines()
        if WORDS.search(line)
    ]
    assert found == []


def test_the_contract_says_what_is_asked_of_it() -> None:
    """Every field of it is there for PolyAI, and the default encryption is the first."""
    contract = app.OutboundCallingApi.contract
    assert isinstance(contract, VoiceContract) and contract.encryptions[0] == "TLS/SRTP"
    assert contract.call_sid.match("OUT-1") and not contract.call_sid.match("call/1")
