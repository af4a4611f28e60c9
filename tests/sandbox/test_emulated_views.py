"""Modals and the Home tab: trigger ids, hashes, the stack, and the limits of a view."""

import asyncio

import pytest

from .conftest import plain


@pytest.fixture
async def trigger(slack, here, bolt):
    """Make a fresh trigger id of Alice's."""
    bolt.on(bolt.app.command("/call"))

    async def made() -> str:
        await here.alice.type("/call", here.calls)
        return bolt.body["trigger_id"]

    return made


async def test_a_trigger_opens_a_modal_for_its_person(here, client, trigger, modal):
    """The modal is on the screen of whoever did something, with its private metadata."""
    answer = await client.views_open(trigger_id=await trigger(), view=modal(private_metadata="m"))
    [view] = here.alice.modals
    assert (view.id, view.title, view.private_metadata) == (answer["view"]["id"], "Call", "m")
    assert answer["view"]["state"]["values"]["number"]["typed"]["value"] is None
    assert here.bob.modals == []


async def test_a_trigger_works_once(client, trigger, modal, error_of):
    """The second use of a trigger id is exchanged_trigger_id."""
    used = await trigger()
    await client.views_open(trigger_id=used, view=modal())
    assert await error_of(client.views_open(trigger_id=used, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_grows_old(slack, client, trigger, modal, error_of):
    """A trigger id older than its time to live is expired_trigger_id, in real time."""
    assert slack.trigger_ttl == 3
    slack.trigger_ttl = 0.05
    old = await trigger()
    await asyncio.sleep(0.1)
    assert await error_of(client.views_open(trigger_id=old, view=modal())) == "expired_trigger_id"


async def test_a_made_up_trigger_is_invalid(client, modal, error_of):
    """A trigger id nobody issued is invalid_trigger_id."""
    assert await error_of(client.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"


async def test_an_update_checks_the_hash_and_keeps_what_was_typed(here, client, trigger, modal, error_of):
    """A stale hash is hash_conflict; the right one updates and the typed number stays."""
    opened = (await client.views_open(trigger_id=await trigger(), view=modal()))["view"]
    [view] = here.alice.modals
    here.alice.fill(view, {"number": "+1617"})
    changed = modal(title=plain("Changed"))
    updated = await client.views_update(view_id=opened["id"], hash=opened["hash"], view=changed)
    assert updated["view"]["hash"] != opened["hash"]
    assert (view.title, view.state["number"]["typed"]["value"]) == ("Changed", "+1617")
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    assert await error_of(stale) == "hash_conflict"


async def test_a_closed_view_cannot_be_updated(here, client, trigger, modal, error_of):
    """views.update of a view that is gone is not_found."""
    opened = (await client.views_open(trigger_id=await trigger(), view=modal()))["view"]
    await here.alice.close()
    assert await error_of(client.views_update(view_id=opened["id"], view=modal())) == "not_found"


async def test_an_external_id_finds_a_view_and_is_unique(client, trigger, modal, error_of):
    """A view can be updated by its external id, which no other open view may have."""
    await client.views_open(trigger_id=await trigger(), view=modal(external_id="one"))
    assert (await client.views_update(external_id="one", view=modal(external_id="one")))["ok"]
    again = client.views_push(trigger_id=await trigger(), view=modal(external_id="one"))
    assert await error_of(again) == "duplicate_external_id"


async def test_three_modals_fit_on_the_stack(here, client, trigger, modal, error_of):
    """One open and two pushes are possible; the third push is push_limit_reached."""
    nothing_open = client.views_push(trigger_id=await trigger(), view=modal())
    assert await error_of(nothing_open) == "not_found"
    await client.views_open(trigger_id=await trigger(), view=modal())
    for _ in range(2):
        await client.views_push(trigger_id=await trigger(), view=modal())
    assert len(here.alice.modals) == 3
    assert here.alice.modals[2].root == here.alice.modals[0].id
    too_many = client.views_push(trigger_id=await trigger(), view=modal())
    assert await error_of(too_many) == "push_limit_reached"


LIMITS = [
    ({"title": plain("x" * 24)}, {"title": plain("x" * 25)}, "/view/title"),
    ({"submit": plain("x" * 24)}, {"submit": plain("x" * 25)}, "/view/submit"),
    ({"private_metadata": "x" * 3000}, {"private_metadata": "x" * 3001}, "/view/private_metadata"),
    ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}, "/view/callback_id"),
    ({"blocks": [{"type": "divider"}] * 100}, {"blocks": [{"type": "divider"}] * 101}, "/view/blocks"),
]


@pytest.mark.parametrize(("good", "bad", "pointer"), LIMITS, ids=[limit[2] for limit in LIMITS])
async def test_the_limits_of_a_view(client, trigger, modal, good, bad, pointer):
    """At the limit a view opens; one beyond it is invalid_arguments with a pointer."""
    assert (await client.views_open(trigger_id=await trigger(), view=modal(**good)))["ok"]
    with pytest.raises(Exception, match="invalid_arguments") as refusal:
        await client.views_open(trigger_id=await trigger(), view=modal(**bad))
    assert f"[json-pointer:{pointer}]" in refusal.value.response["response_metadata"]["messages"][0]


async def test_a_form_needs_a_submit_button(client, trigger, modal):
    """A modal with an input and no submit is refused."""
    view = modal()
    del view["submit"]
    with pytest.raises(Exception, match="missing required field: submit"):
        await client.views_open(trigger_id=await trigger(), view=view)


async def test_a_view_of_more_than_250_kb_is_too_large(client, trigger, modal, error_of):
    """The whole view has a limit of its own."""
    text = {"type": "section", "text": plain("x" * 3000)}
    large = client.views_open(trigger_id=await trigger(), view=modal(blocks=[text] * 90))
    assert await error_of(large) == "view_too_large"


async def test_the_home_tab_is_published_with_a_hash(here, client, error_of):
    """Each person has one Home tab; a stale hash is hash_conflict."""
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await client.views_publish(user_id=here.alice.id, view=home)
    second = await client.views_publish(user_id=here.alice.id, view=home, hash=first["view"]["hash"])
    assert here.alice.home.id == first["view"]["id"] == second["view"]["id"]
    stale = client.views_publish(user_id=here.alice.id, view=home, hash=first["view"]["hash"])
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_publish(user_id="U0", view=home)) == "user_not_found"
