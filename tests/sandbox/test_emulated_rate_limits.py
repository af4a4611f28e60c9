"""Rate limits: bursts, refills by the clock, and who shares a limit with whom."""

import pytest


async def calls_until_refused(call, most=150):
    """How often the call passes, and what the refusal says to wait."""
    for passed in range(most):
        try:
            await call()
        except Exception as refusal:
            assert refusal.response["error"] == "ratelimited" and refusal.response.status_code == 429
            return passed, refusal.response.headers["Retry-After"]
    return most, None


async def test_posting_is_limited_for_each_channel(slack, here, client, clock):
    """Four posts at once, then one a second; another channel has its own limit."""
    other = slack.add_channel("other", [here.alice])
    posts = await calls_until_refused(lambda: client.chat_postMessage(channel=here.calls.id, text="x"))
    assert posts == (4, "1")
    assert (await client.chat_postMessage(channel=other.id, text="x"))["ok"]
    clock.forward(1)
    posts = await calls_until_refused(lambda: client.chat_postMessage(channel=here.calls.id, text="x"))
    assert posts == (1, "1")
    assert slack.limits.refused["chat.postMessage"] == 2


TIERS = [("usergroups.users.list", 20, "3"), ("conversations.info", 50, "2"), ("users.info", 100, "1")]


@pytest.mark.parametrize(("method", "per_minute", "wait"), TIERS)
async def test_the_tiers(slack, here, client, clock, method, per_minute, wait):
    """A minute's worth passes at once, then Retry-After says when the next one will."""
    group = slack.add_user_group("approvers", [here.bob])
    args = {"user": here.alice.id, "channel": here.calls.id, "usergroup": group}
    assert await calls_until_refused(lambda: client.api_call(method, params=args)) == (per_minute, wait)
    clock.forward(int(wait))
    assert (await client.api_call(method, params=args))["ok"]


async def test_methods_do_not_share_a_limit(slack, here, client):
    """What one method used up is not missing to another."""
    group = slack.add_user_group("approvers", [here.bob])
    await calls_until_refused(lambda: client.usergroups_users_list(usergroup=group))
    assert (await client.users_info(user=here.alice.id))["ok"]


async def test_limits_can_be_switched_off(slack, here, client):
    """Nothing is refused while limits are not enforced."""
    slack.limits.enforced = False
    passed = await calls_until_refused(
        lambda: client.chat_postMessage(channel=here.calls.id, text="x"), most=10
    )
    assert passed == (10, None)
