"""Who people are: users.info, user groups, conversations and their members."""


async def test_a_member_is_described_in_full(slack, client):
    """users.info tells name, standing and time zone with its offset."""
    ana = slack.add_person("Ana Lima", tz="America/New_York")
    user = (await client.users_info(user=ana.id))["user"]
    assert (user["real_name"], user["name"], user["tz"]) == ("Ana Lima", "ana.lima", "America/New_York")
    assert user["tz_offset"] in (-5 * 3600, -4 * 3600)
    assert not (user["deleted"] or user["is_bot"] or user["is_restricted"] or "is_stranger" in user)
    assert user["profile"]["display_name"] == "Ana Lima"


async def test_guests_bots_and_strangers_can_be_told_apart(slack, client):
    """Each kind of user has its own flags."""
    people = {
        "guest": slack.add_person("Guest", guest=True),
        "single": slack.add_person("Single", guest="single_channel"),
        "bot": slack.add_person("Robot", bot=True),
        "stranger": slack.add_person("Stranger", team_id="T0ELSEWHERE"),
    }
    seen = {kind: (await client.users_info(user=person.id))["user"] for kind, person in people.items()}
    assert seen["guest"]["is_restricted"] and not seen["guest"]["is_ultra_restricted"]
    assert seen["single"]["is_restricted"] and seen["single"]["is_ultra_restricted"]
    assert seen["bot"]["is_bot"]
    assert seen["stranger"]["is_stranger"] and seen["stranger"]["team_id"] == "T0ELSEWHERE"


async def test_a_stranger_in_a_shared_channel_is_none(slack, here, client):
    """Somebody from another workspace who shares a channel with the bot is not flagged as a stranger."""
    partner = slack.add_person("Partner", team_id="T0ELSEWHERE")
    shared = slack.add_channel("shared", [here.alice, partner])
    assert (await client.users_info(user=partner.id))["user"]["is_stranger"] is False
    assert (await client.conversations_info(channel=shared.id))["channel"]["is_ext_shared"]


async def test_a_channel_that_is_about_to_be_shared_says_so(slack, here, client):
    """Another organisation was invited, or is in it with nobody yet."""
    channel = slack.add_channel("shared", [here.alice])
    for shared, flags in (("", (False, False)), ("pending", (False, True)), ("external", (True, False))):
        channel.shared = shared
        told = (await client.conversations_info(channel=channel.id))["channel"]
        assert (told["is_ext_shared"], told["is_pending_ext_shared"]) == flags


async def test_deactivated_people_are_told_less_about(slack, client):
    """A deactivated user has no standing and no time zone."""
    gone = slack.add_person("Gone", deactivated=True)
    user = (await client.users_info(user=gone.id))["user"]
    assert user["deleted"] and "tz" not in user and "is_restricted" not in user


async def test_addresses_need_their_own_scope(slack, here, client):
    """The e-mail address comes only with users:read.email."""
    assert "email" not in (await client.users_info(user=here.alice.id))["user"]["profile"]
    slack.grant({"users:read", "users:read.email"})
    assert (await client.users_info(user=here.alice.id))["user"]["profile"]["email"]


async def test_an_unknown_user_is_not_found(client, error_of):
    """users.info refuses an id that is nobody's."""
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_a_user_group_lists_its_active_members(slack, here, client, error_of):
    """Deactivated members are left out, and an unknown group is no_such_subteam."""
    gone = slack.add_person("Gone", deactivated=True)
    group = slack.add_user_group("approvers", [here.bob, here.carol, gone])
    users = (await client.usergroups_users_list(usergroup=group))["users"]
    assert users == [here.bob.id, here.carol.id]
    assert await error_of(client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"


async def test_a_channel_tells_whether_the_bot_is_in_it(slack, here, client):
    """conversations.info tells membership, privacy and archiving."""
    outside = slack.add_channel("outside", [here.alice], bot_is_member=False, archived=True)
    inside = (await client.conversations_info(channel=here.calls.id))["channel"]
    other = (await client.conversations_info(channel=outside.id))["channel"]
    assert (inside["is_member"], inside["is_private"], inside["is_archived"]) == (True, False, False)
    assert (other["is_member"], other["is_archived"]) == (False, True)


async def test_private_channels_of_others_do_not_exist_for_the_bot(slack, here, client, error_of):
    """A private channel without the bot, and a direct message of others, are channel_not_found."""
    private = slack.add_channel("private", [here.alice], private=True, bot_is_member=False)
    direct = slack.add_direct_message(here.alice, here.bob)
    for channel in (private, direct):
        assert await error_of(client.conversations_info(channel=channel.id)) == "channel_not_found"
        assert await error_of(client.conversations_members(channel=channel.id)) == "channel_not_found"


async def test_members_come_in_pages(slack, client, error_of):
    """A cursor leads through all members, the bot included."""
    people = [slack.add_person(f"P{number}") for number in range(5)]
    crowd, found, cursor = slack.add_channel("crowd", people), [], None
    while cursor != "":
        answer = await client.conversations_members(channel=crowd.id, limit=2, cursor=cursor)
        found += answer["members"]
        cursor = answer["response_metadata"]["next_cursor"]
    assert found == [person.id for person in people] + [slack.bot_user_id]
    assert await error_of(client.conversations_members(channel=crowd.id, cursor="?")) == "invalid_cursor"
