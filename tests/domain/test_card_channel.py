"""Where a card can go."""

import pytest

from bot.domain.card_channel import Obstacle, check_card_channel
from bot.domain.errors import Refused


@pytest.mark.parametrize("slack_connect", [True, False])
def test_where_nothing_is_in_the_way_a_card_can_go(slack_connect: bool) -> None:
    """Whatever the setting says."""
    check_card_channel("C1", None, slack_connect=slack_connect)


@pytest.mark.parametrize("obstacle", Obstacle)
def test_what_is_in_the_way_is_told_with_the_channel(obstacle: Obstacle) -> None:
    """Archived, without us, or shared with somebody else."""
    with pytest.raises(Refused, match="<#C1>"):
        check_card_channel("C1", obstacle, slack_connect=False)


@pytest.mark.parametrize("obstacle", [Obstacle.ARCHIVED, Obstacle.NOT_IN_IT])
def test_that_a_channel_may_be_shared_allows_nothing_else(obstacle: Obstacle) -> None:
    """Nobody can approve there all the same."""
    check_card_channel("C1", Obstacle.SHARED, slack_connect=True)
    with pytest.raises(Refused):
        check_card_channel("C1", obstacle, slack_connect=True)
