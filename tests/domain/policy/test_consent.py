"""The kinds of consent, and what a requester states by choosing one."""

from __future__ import annotations

from bot.domain.policy.consent import NO_CONSENT, ConsentKind


def test_every_kind_has_its_own_words() -> None:
    """Each kind has a label and a sentence that no other has; the sentence is stored as evidence."""
    labels, texts = {kind.label for kind in ConsentKind}, {kind.text for kind in ConsentKind}
    assert len(labels) == len(texts) == len(ConsentKind) == 4
    assert all(text.endswith(".") for text in texts)
    assert "in writing" in ConsentKind.WRITTEN.text and ConsentKind.WRITTEN.label == "Written consent"
    assert "agreed to be called" in ConsentKind.EXPRESS.text
    assert "our customer" in ConsentKind.RELATIONSHIP.text
    assert "no consent" in ConsentKind.NOT_NEEDED.text
    assert NO_CONSENT not in set(ConsentKind)


def test_each_text_fits_whole_into_an_option_of_slacks() -> None:
    """75 characters of a label and of a description: nothing is cut where it is shown."""
    assert all(max(len(kind.label), len(kind.text)) <= 75 for kind in ConsentKind)
