"""`callgate doctor`: each thing that can be wrong is found, and said with what to do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.errors import Misconfigured
from bot.ops.clock import SystemClock
from bot.ops.doctor import database as database_checks
from bot.ops.doctor.examine import examine
from bot.ops.doctor.finding import Finding, Mark
from bot.ops.policy_file import load_policy
from bot.ops.settings import StoreSettings, load_settings
from bot.slack.api.scopes import SCOPES
from sandbox import faults as network
from sandbox.polyai import faults
from sandbox.slack import faults as slack_faults
from tests.operations.commands import REPOSITORY, callgate
from tests.support.world import NUMBER, World

ALL = [
    *("settings", "Slack token", "Slack scopes", "clock", "approvals", "approvers", "app token", "PolyAI"),
    *("HTTP port", "windows", "policy"),
    *("database", "writable", "private", "disk", "dead letters", "channels", "unconfirmed"),
    *("silent", "dialing", "approved"),
]


class ShiftedClock(SystemClock):
    """A machine's clock that is wrong."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self._by


@pytest.fixture
async def ill(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose settings are in the environment, with the bot running."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", world.slack.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", world.slack.app_token)
    monkeypatch.setenv("SLACK_API_URL", world.slack.api_url)
    monkeypatch.setenv("POLYAI_BASE_URL", world.polyai.url)
    monkeypatch.setenv("POLYAI_AUTH_TOKEN", world.polyai.token)
    monkeypatch.setenv("CALLGATE_APPROVERS", f"{world.bob.id}, {world.carol.id}")
    monkeypatch.setenv("CALLGATE_DATABASE", str(world.database))
    monkeypatch.setenv("CALLGATE_HTTP_PORT", "0")
    await world.start()
    yield world


async def found(clock: Any = None) -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine(clock or SystemClock())}


async def wrong(clock: Any = None) -> list[str]:
    return [what for what, finding in (await found(clock)).items() if finding.mark is Mark.WRONG]


async def test_beside_a_running_bot_all_is_well(world: World) -> None:
    """One line a check, exit status 0, nothing posted or placed, and no secret or number printed."""
    await world.start()
    card = await world.ask()
    await world.bob.click(card, "approve")
    await world.told(card, "PolyAI reports success")
    posts, messages = len(world.polyai.posts), len(world.thread(card))
    done = await callgate(world, "doctor")
    assert done.status == 0, done.printed
    assert re.findall(r"^ok       (.{14})", done.printed, re.MULTILINE) == [f"{what:<14}" for what in ALL]
    assert len(done.printed.splitlines()) == len(ALL)
    assert (len(world.polyai.posts), len(world.thread(card))) == (posts, messages)
    for secret in (world.slack.bot_token, world.slack.app_token, world.polyai.token, NUMBER[1:]):
        assert secret not in done.printed


async def test_before_the_first_run_all_is_well(world: World) -> None:
    """Only the database is not there yet: doctor says what makes it, and makes none itself."""
    done = await callgate(world, "doctor")
    assert done.status == 1 and "Make it with callgate init" in done.printed
    assert done.printed.count("wrong ") == 1
    assert not world.database.exists()


async def test_what_others_can_read_is_named(ill: World) -> None:
    """The database, and whatever lies beside it, is for its owner only."""
    assert (await found(ill.clock))["private"].mark is Mark.OK
    copy = ill.database.with_name("callgate.db.before-m0001")
    copy.touch(mode=0o644)
    ill.database.chmod(0o640)
    finding = (await found(ill.clock))["private"]
    assert finding.mark is Mark.WRONG and {str(copy), str(ill.database)} <= set(finding.items)
    await ill.restart()
    assert "others_can_read" in ill.logs.text


async def test_wrong_settings_are_told_and_the_rest_is_still_checked(world: World) -> None:
    """A missing setting is named; what needs no settings is looked at all the same."""
    done = await callgate(world, "doctor", SLACK_BOT_TOKEN=None, POLYAI_AUTH_TOKEN=None)
    assert done.status == 1
    assert "SLACK_BOT_TOKEN is not set. POLYAI_AUTH_TOKEN is not set." in done.printed
    assert "skipped  Slack, PolyAI" in done.printed
    assert "ok       policy" in done.printed and "ok       disk" in done.printed


def test_the_scopes_are_those_of_the_manifest() -> None:
    """What doctor expects is what manifest.yml asks for."""
    manifest = yaml.safe_load((REPOSITORY / "manifest.yml").read_text())
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


async def test_a_missing_scope_is_named(ill: World) -> None:
    """The app was installed before the manifest changed."""
    ill.slack.grant(SCOPES - {"usergroups:read"})
    finding = (await found())["Slack scopes"]
    assert finding.mark is Mark.WRONG and finding.says == "usergroups:read missing"
    assert "Reinstall" in finding.advice


@pytest.mark.parametrize(
    ("setting", "value", "what"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-sandbox-other", "Slack token"),
        ("SLACK_APP_TOKEN", "xapp-sandbox-other", "app token"),
        ("SLACK_API_URL", "http://127.0.0.1:1/api/", "Slack token"),
        ("POLYAI_AUTH_TOKEN", "other", "PolyAI"),
        ("POLYAI_BASE_URL", "http://127.0.0.1:1", "PolyAI"),
        ("CALLGATE_APPROVALS_CHANNEL", "C0NOTTHERE", "approvals"),
    ],
)
async def test_a_setting_that_a_service_refuses_is_found(
    ill: World, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, what: str
) -> None:
    """Each is told under the thing that does not work, and says which setting to look at."""
    monkeypatch.setenv(setting, value)
    finding = (await found())[what]
    assert finding.mark is Mark.WRONG
    assert setting in finding.says + finding.advice


async def test_a_channel_without_the_bot_is_found(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards could not be posted there; where the bot is, all is well."""
    monkeypatch.setenv("CALLGATE_APPROVALS_CHANNEL", ill.channel.id)
    assert await wrong() == []
    ill.channel.members.remove(ill.slack.bot_user_id)
    finding = (await found())["approvals"]
    assert finding.mark is Mark.WRONG and "/invite" in finding.advice


@pytest.mark.parametrize(
    ("setting", "content", "what", "says"),
    [
        ("CALLGATE_POLICY", "countries = 5", "policy", "line 1"),
        ("CALLGATE_POLICY", None, "policy", "cannot be read: No such file"),
        ("CALLGATE_CALLING_WINDOWS", "no TOML", "windows", "line 1"),
    ],
)
async def test_a_policy_with_which_the_bot_would_not_start_is_found(
    ill: World, monkeypatch: pytest.MonkeyPatch, setting: str, content: str | None, what: str, says: str
) -> None:
    """In the words with which `callgate run` refuses it."""
    file = ill.database.with_name("own.toml")
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv(setting, str(file))
    finding = (await found())[what]
    assert finding.mark is Mark.WRONG and f"{file}" in finding.says and says in finding.says
    with pytest.raises(Misconfigured) as refused:
        load_policy(load_settings(StoreSettings))
    assert refused.value.sentence == finding.says


async def test_a_port_on_which_the_bot_could_not_listen_is_found(
    ill: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is taken, an address of another machine, no name at all; but not the one that the bot has."""
    monkeypatch.setenv("CALLGATE_HTTP_PORT", str(ill.port))
    assert (await found())["HTTP port"].mark is Mark.OK
    monkeypatch.setenv("CALLGATE_DATABASE", str(ill.database.with_name("other.db")))
    finding = (await found())["HTTP port"]
    assert finding.mark is Mark.WRONG and f"127.0.0.1:{ill.port} (" in finding.says
    monkeypatch.setenv("CALLGATE_HTTP_PORT", "0")
    for host in ("192.0.2.1", "no.such.host.invalid", "x" * 70):
        monkeypatch.setenv("CALLGATE_HTTP_HOST", host)
        finding = (await found())["HTTP port"]
        assert finding.mark is Mark.WRONG and "CALLGATE_HTTP_HOST" in finding.advice
    assert not ill.database.with_name("other.db.lock").exists()


async def approvers(
    monkeypatch: pytest.MonkeyPatch, named: str, *, required: int = 1, channel: str = ""
) -> Finding:
    """What doctor says of these approvers."""
    monkeypatch.setenv("CALLGATE_APPROVERS", named)
    monkeypatch.setenv("CALLGATE_APPROVALS_REQUIRED", str(required))
    monkeypatch.setenv("CALLGATE_APPROVALS_CHANNEL", channel)
    return (await found())["approvers"]


async def test_each_named_approver_is_looked_up(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is no full member is named with the reason; they are a warning as long as enough others can act."""
    guest = ill.slack.add_person("Gina", guest=True)
    robot = ill.slack.add_person("Robo", bot=True)
    stranger = ill.slack.add_person("Steve", team_id="T0OTHER")
    gone = ill.slack.add_person("Gone", deactivated=True)
    unfit = [guest.id, robot.id, stranger.id, gone.id, "U0NOBODY", "S0NOBODY"]
    named = ",".join([*unfit, ill.bob.id, ill.carol.id, ill.slack.add_user_group("empty", [])])
    finding = await approvers(monkeypatch, named)
    assert finding.mark is Mark.WARNING and finding.says.startswith("2 people can approve; whoever freezes")
    said = "\n".join(finding.items)
    for words in (
        *(f"{guest.id} is a guest", f"{robot.id} is a bot", f"{stranger.id} is of another workspace"),
        *(f"{gone.id} is deactivated", "U0NOBODY is nobody whom Slack knows", "S0NOBODY is no user group"),
        "is a user group with nobody in it",
    ):
        assert words in said
    finding = await approvers(monkeypatch, ",".join(unfit))
    assert finding.mark is Mark.WRONG and len(finding.items) == 6
    assert finding.says == "no people can approve, and each call needs 1"


async def test_people_and_groups_are_counted_once(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a group only those who can act count, and nobody twice."""
    guest = ill.slack.add_person("Gina", guest=True)
    group = ill.slack.add_user_group("nurses", [ill.bob, ill.carol, guest])
    named = f"{ill.bob.id},{group}"
    assert (await approvers(monkeypatch, named)).says.startswith("2 people can approve")
    assert (await approvers(monkeypatch, named, required=3)).mark is Mark.WRONG
    assert (await approvers(monkeypatch, f"{named},{ill.alice.id}", required=2)).mark is Mark.OK


@pytest.mark.parametrize("required", [1, 2])
async def test_just_enough_approvers_are_too_few_for_their_own_calls(
    ill: World, monkeypatch: pytest.MonkeyPatch, required: int
) -> None:
    """Nobody approves their own: with as many as are needed, what one of them asks for has one too few."""
    named = ",".join([ill.bob.id, ill.carol.id][:required])
    finding = await approvers(monkeypatch, named, required=required)
    assert finding.mark is Mark.WARNING and "a call that one of them asks for has one too few" in finding.says


async def test_of_a_large_group_not_everybody_is_looked_up(
    ill: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack limits how often it is asked; it is said how many were left out."""
    people = [ill.slack.add_person(f"Nurse {number}") for number in range(70)]
    finding = await approvers(monkeypatch, ill.slack.add_user_group("nurses", people))
    assert finding.says == "50 people can approve, and 20 more were not looked at"
    assert sum(call.method == "users.info" for call in ill.slack.log) <= 50


async def test_everybody_in_the_channel_is_a_warning(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever joins it can approve; with one channel for all cards its full members are counted."""
    finding = await approvers(monkeypatch, "channel")
    assert finding.mark is Mark.WARNING and "channel of the command" in finding.says
    assert "whoever joins it" in finding.says and "CALLGATE_APPROVERS" in finding.advice
    finding = await approvers(monkeypatch, "channel", channel=ill.channel.id)
    assert finding.mark is Mark.WARNING and "3 people can approve" in finding.says
    assert "whoever joins it" in finding.says
    assert (await approvers(monkeypatch, "channel", channel=ill.channel.id, required=4)).mark is Mark.WRONG
    done = await callgate(ill, "doctor", CALLGATE_APPROVERS="channel")
    assert done.status == 0 and "warning  approvers" in done.printed


async def test_approvers_that_slack_does_not_tell_of_are_not_said_to_be_wrong_names(
    ill: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack did not answer: that is what is said."""
    ill.slack.faults.add("users.info", slack_faults.http_error(503))
    finding = await approvers(monkeypatch, ill.bob.id)
    assert finding.mark is Mark.WRONG and "did not" in finding.says and not finding.items


@pytest.mark.parametrize("shared", ["external", "pending"])
async def test_a_shared_channel_for_the_cards_is_found(
    ill: World, monkeypatch: pytest.MonkeyPatch, shared: Any
) -> None:
    """Unless a setting allows it; and an archived one is told apart."""
    monkeypatch.setenv("CALLGATE_APPROVALS_CHANNEL", ill.channel.id)
    ill.channel.shared = shared
    finding = (await found())["approvals"]
    assert finding.mark is Mark.WRONG and "shared with another organisation" in finding.says
    assert "CALLGATE_SLACK_CONNECT" in finding.advice
    monkeypatch.setenv("CALLGATE_SLACK_CONNECT", "true")
    assert (await found())["approvals"].mark is Mark.OK
    ill.channel.archived = True
    assert "is archived" in (await found())["approvals"].says


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (faults.answer(403), "refuses the token"),
        (faults.answer(503), "does not answer as PolyAI does"),
        (faults.answer(404), ""),
        (network.answer(404, "<html>not here</html>"), "does not answer as PolyAI does"),
        (faults.gateway(401), "does not answer as PolyAI does"),
        (
            faults.gateway(404, faults.STRANGERS_BODIES["JSON with an error"]),
            "does not answer as PolyAI does",
        ),
        (network.drop(), "cannot be reached"),
        (faults.redirect("http://127.0.0.1:1/elsewhere"), "does not answer as PolyAI does"),
    ],
    ids=["403", "503", "404", "404 HTML", "401 HTML", "404 JSON", "drop", "redirect"],
)
async def test_each_answer_of_polyai_is_told_apart(ill: World, fault: network.Fault, says: str) -> None:
    """Accepted, refused, unreachable, or something else that answers there. Nothing is placed."""
    ill.polyai.faults.add("status", fault, times=None)
    finding = (await found())["PolyAI"]
    assert finding.mark is (Mark.WRONG if says else Mark.OK) and says in finding.says
    assert not ill.polyai.posts


async def test_a_web_server_that_is_not_polyai_is_told(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any web server answers 404; PolyAI's answers can be told from that."""
    monkeypatch.setenv("POLYAI_BASE_URL", ill.slack.api_url.removesuffix("/api/"))
    assert "does not answer as PolyAI does" in (await found())["PolyAI"].says


@pytest.mark.parametrize(("minutes", "is_wrong"), [(0, False), (-3, True), (3, True)])
async def test_a_clock_that_is_off_is_found(ill: World, minutes: float, is_wrong: bool) -> None:
    """Slack's own time is the measure; its window is five minutes."""
    finding = (await found(ShiftedClock(timedelta(minutes=minutes))))["clock"]
    assert (finding.mark is Mark.WRONG) == is_wrong
    assert not is_wrong or ("ahead of" if minutes > 0 else "behind") in finding.says


async def test_slack_that_does_not_answer_is_told(ill: World) -> None:
    """Neither our fault nor the settings': wait, or look at the way to Slack."""
    ill.slack.faults.add("auth.test", slack_faults.http_error(503))
    findings = await found()
    assert findings["Slack token"].mark is Mark.WRONG and findings["Slack"].mark is Mark.SKIPPED
    assert findings["PolyAI"].mark is Mark.OK


async def test_dead_letters_are_listed_while_they_are_news(ill: World) -> None:
    """Each with its request, kind and error; after a week they are only counted."""
    card = await ill.ask()
    ill.slack.faults.add("chat.postMessage", slack_faults.error("msg_too_long"))
    await ill.alice.click(card, "cancel")
    await ill.until(lambda: ill.rows("SELECT 1 FROM outbox WHERE dead_at IS NOT NULL"))
    (row,) = ill.rows("SELECT id FROM call_requests")
    finding = (await found(ill.clock))["dead letters"]
    assert finding.mark is Mark.WRONG and len(finding.items) == 1
    assert finding.items[0].endswith(f"{row['id']}  thread  msg_too_long")
    ill.clock.jump(days=8)
    finding = (await found(ill.clock))["dead letters"]
    assert finding.mark is Mark.OK and "1 in all" in finding.says


async def test_a_channel_that_is_closed_is_named(ill: World) -> None:
    """As long as messages wait for it: with Slack's code, and how many there are."""
    card = await ill.ask()
    ill.channel.archived = True
    await ill.alice.click(card, "cancel")
    await ill.until(
        lambda: ill.rows("SELECT 1 FROM outbox WHERE error LIKE 'obstructed%' AND kind = 'thread'")
    )
    finding = (await found(ill.clock))["channels"]
    assert finding.mark is Mark.WRONG and f"{ill.channel.id}  is_archived  1" in finding.items
    ill.channel.archived = False
    await ill.told(card, "Cancelled by")
    await ill.until(lambda: not ill.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL"))
    assert (await found(ill.clock))["channels"].mark is Mark.OK


async def test_a_call_of_which_polyai_says_nothing_is_named(ill: World) -> None:
    """PolyAI answers with errors for hours: doctor, the thread and the card say so, until it tells."""
    ill.polyai.set_progress(None)
    card = await ill.ask()
    await ill.bob.click(card, "approve")
    await ill.told(card, "queued")
    ill.polyai.faults.add("status", faults.answer(500), times=None)
    ill.clock.jump(minutes=61)
    await ill.told(card, "has not said for an hour")
    await ill.shows(card, "PolyAI: silent")
    (row,) = ill.rows("SELECT id FROM call_requests")
    assert (await found(ill.clock))["silent"].items == (row["id"],)
    ill.clock.jump(hours=5)
    await asyncio.sleep(0.5)
    assert sum("has not said" in line for line in ill.thread(card)) == 1
    ill.polyai.faults.clear()
    ill.polyai.set_status(next(iter(ill.polyai.calls)), "success")
    await ill.told(card, "reports success")
    assert (await found(ill.clock))["silent"].mark is Mark.OK


async def test_calls_that_wait_for_a_person_are_listed(ill: World) -> None:
    """An unconfirmed call is wrong until somebody resolves it."""
    ill.polyai.faults.add("place", faults.answer(503))
    card = await ill.ask()
    await ill.bob.click(card, "approve")
    await ill.told(card, "A phone may be ringing")
    (row,) = ill.rows("SELECT id FROM call_requests")
    assert (await found(ill.clock))["unconfirmed"].items == (row["id"],)
    await ill.until(lambda: "close_it" in card.buttons)
    await ill.carol.click(card, "close_it")
    await ill.shows(card, "Unconfirmed call closed")
    assert (await found(ill.clock))["unconfirmed"].mark is Mark.OK


async def test_dialing_that_stopped_is_told(ill: World) -> None:
    """While PolyAI refuses the token, doctor says so and how many calls wait."""
    ill.polyai.refuse_token = True
    card = await ill.ask()
    await ill.bob.click(card, "approve")
    await ill.told(card, "refused our access")
    await ill.stop()  # while it runs it tries the call again and again, which is then not waiting
    findings = await found(ill.clock)
    assert findings["dialing"].mark is Mark.WRONG and "POLYAI_AUTH_TOKEN" in findings["dialing"].advice
    assert findings["approved"].mark is Mark.OK and "1 waiting" in findings["approved"].says
    assert findings["PolyAI"].mark is Mark.WRONG


async def test_calls_that_nobody_dials_are_listed(ill: World) -> None:
    """An approved call long after its time means that the bot does not run."""
    ill.polyai.refuse_token = True
    card = await ill.ask()
    await ill.bob.click(card, "approve")
    await ill.told(card, "refused our access")
    await ill.stop()
    ill.clock.jump(minutes=20)
    finding = (await found(ill.clock))["approved"]
    assert finding.mark is Mark.WRONG and len(finding.items) == 1


async def test_a_damaged_database_is_found(ill: World) -> None:
    """A page that was overwritten is damage, whatever SQLite makes of it."""
    await ill.ask()
    await ill.stop()
    content = bytearray(ill.database.read_bytes())
    content[4096:8192] = b"\x55" * 4096
    ill.database.write_bytes(content)
    findings = await found()
    assert findings["database"].mark is Mark.WRONG and "backup" in findings["database"].advice


async def test_a_row_that_refers_to_nothing_is_found(ill: World) -> None:
    """A request that was removed behind the record's back."""
    await ill.ask()
    await ill.stop()
    ill.execute("DROP TRIGGER call_requests_no_delete")
    ill.execute("DELETE FROM call_requests")
    assert "refers to nothing" in (await found())["database"].items[0]


async def test_a_missing_trigger_is_found(ill: World) -> None:
    """What forbids a second attempt, or an end of a freeze by one person, may have been dropped."""
    await ill.stop()
    ill.execute("DROP TRIGGER dial_attempts_not_frozen")
    finding = (await found())["database"]
    assert finding.mark is Mark.WRONG and finding.items == ("trigger dial_attempts_not_frozen",)
    assert "callgate run puts them back" in finding.advice


async def test_a_row_that_was_edited_is_found(ill: World) -> None:
    """It is said which, and where all of it is listed."""
    await ill.ask()
    ill.execute("UPDATE call_requests SET why = 'Something else'")
    finding = (await found())["database"]
    assert finding.mark is Mark.WRONG and "not what the record says" in finding.says
    assert finding.items[0].endswith(": It is not as it was submitted.")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM _sqlite_migrations WHERE name = 'm0007_letters_to_channels'", "older than this"),
        ("UPDATE _sqlite_migrations SET name = 'm9999_tomorrow' WHERE id = 1", "newer Callgate"),
    ],
)
async def test_a_database_of_another_version_is_found(ill: World, sql: str, says: str) -> None:
    """Older: the bot was not started since the update. Newer: an old version was installed again."""
    await ill.stop()
    ill.execute(sql)
    findings = await found()
    assert findings["database"].mark is Mark.WRONG and says in findings["database"].says
    assert findings["work at hand"].mark is Mark.SKIPPED


async def test_a_full_disk_is_found(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room is told before SQLite finds out."""
    monkeypatch.setattr(database_checks, "LEAST_FREE", 2**62)
    assert await wrong() == ["disk"]


async def test_a_file_that_cannot_be_written_is_found(ill: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The superuser may write everything, so the answer of the system is put in its mouth."""
    monkeypatch.setattr(database_checks.os, "access", lambda path, mode: False)
    finding = (await found())["writable"]
    assert finding.mark is Mark.WRONG and str(ill.database) in finding.says


async def test_looking_does_not_hold_up_the_bot(ill: World) -> None:
    """Doctor reads while the bot writes, and both go on."""
    looks = asyncio.gather(*(found() for _ in range(3)))
    cards = [await ill.ask() for _ in range(2)]
    assert all("Slack token" in findings for findings in await looks)
    assert len(cards) == 2


def test_a_long_list_is_cut() -> None:
    """A thousand dead letters are twenty lines and a number."""
    finding = Finding("dead letters", Mark.WRONG, "1000", "do it", tuple(str(i) for i in range(1000)))
    assert len(finding.lines()) == 23 and "and 980 more" in finding.lines()[-2]


async def test_frozen_dialing_is_told_with_who_froze_it(ill: World) -> None:
    """Until two others have lifted it; why it was frozen is not printed."""
    await ill.carol.type("/call freeze Wrong number +16176451984", ill.channel)
    await ill.hears(ill.carol, "Dialing is frozen")
    finding = (await found())["dialing"]
    assert finding.mark is Mark.WRONG and finding.says.startswith(
        f"frozen by {ill.carol.id} since 2026-08-24"
    )
    assert "/call unfreeze 1 " in finding.advice and "617" not in "".join(finding.lines())
