"""The id of a call request."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.call_request import REQUEST_ID, new_request_id
from tests.support.clock import START


def test_ids_of_one_moment_differ() -> None:
    """Thousands asked for in the same millisecond have an id each, of the form that buttons carry."""
    ids = {new_request_id(START) for _ in range(5_000)}
    assert len(ids) == 5_000 and all(REQUEST_ID.match(each) for each in ids)


@given(st.integers(1, 10**12))
def test_a_later_id_stands_later(milliseconds: int) -> None:
    """By the alphabet ids are in the order of their times, which keeps new rows together in each index."""
    later = START + timedelta(milliseconds=milliseconds)
    assert new_request_id(START) < new_request_id(later)
