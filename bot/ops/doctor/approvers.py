"""The approvers: each person and group that is named, and whether enough of them can act."""

from __future__ import annotations

from bot.domain.approvers import unfit
from bot.domain.errors import CallgateError, NotAllowed, TryAgainLater
from bot.domain.freeze import few_approvers
from bot.ops.doctor.finding import Finding, Mark, ok, refused, warning, wrong
from bot.ops.settings import Settings
from bot.slack.api.directory import SlackDirectory
from bot.slack.api.errors import SlackRefused

MAX_ASKED = 50
"""People of groups and channels whom Slack is asked about; more only while too few of them can act."""

_WHAT = "approvers"
_EVERYBODY = "Name people or a user group in CALLGATE_APPROVERS, if not everybody may approve who joins."


async def check_approvers(directory: SlackDirectory, settings: Settings) -> Finding:
    """Whether enough people can approve, besides whoever asks for the call."""
    named, channel = settings.callgate_approvers, settings.callgate_approvals_channel
    if named.channel and channel is None:
        says = "every full member of the channel of the command can approve, whoever joins it"
        return warning(_WHAT, says, _EVERYBODY)
    people = _People(directory, settings.callgate_approvals_required)
    try:
        for user in sorted(named.users):
            if fault := await people.add(user):
                people.faults.append(f"{user} is {fault}")
        for group in sorted(named.groups):
            await people.add_group(group)
        if named.channel and channel is not None:
            async for user in directory.in_channel(channel):
                await people.add_one_of_many(user)
    except CallgateError as error:
        return refused(_WHAT, error)
    found = people.finding()
    if named.channel and found.mark is Mark.OK:
        says = f"every full member of {channel} can approve, whoever joins it: {found.says}"
        return warning(_WHAT, says, _EVERYBODY)
    return found


class _People:
    """Who of them can act, and what is wrong with those who were named and cannot."""

    def __init__(self, directory: SlackDirectory, needed: int) -> None:
        self._directory, self._needed = directory, needed
        self._asked: set[str] = set()
        self._able: set[str] = set()
        self._left_out = 0
        self.faults: list[str] = []

    async def add(self, user: str) -> str:
        """Ask Slack about this person; returns what is in the way of their approving."""
        self._asked.add(user)
        try:
            why = unfit(await self._directory.member(user), self._directory.home_team)
        except NotAllowed:
            return "nobody whom Slack knows"
        if why is not None:
            return why.name.lower().replace("_", " ")
        self._able.add(user)
        return ""

    async def add_one_of_many(self, user: str) -> None:
        """The same, as long as it can tell more than is known."""
        if user in self._asked:
            return
        if len(self._asked) < MAX_ASKED or len(self._able) <= self._needed:
            await self.add(user)
        else:
            self._left_out += 1

    async def add_group(self, group: str) -> None:
        """The same for everybody in the user group."""
        try:
            users = await self._directory.in_group(group)
        except TryAgainLater as error:
            if not isinstance(error.__cause__, SlackRefused):
                raise
            self.faults.append(f"{group} is no user group that Slack shows us ({error.__cause__.code})")
            return
        if not users:
            self.faults.append(f"{group} is a user group with nobody in it")
        for user in users:
            await self.add_one_of_many(user)

    def finding(self) -> Finding:
        """Whether they are enough."""
        able, faults = len(self._able), tuple(self.faults)
        says = f"{able or 'no'} {'person' if able == 1 else 'people'} can approve"
        if self._left_out:
            says += f", and {self._left_out} more were not looked at"
        if able and (few := few_approvers(able)):
            says += f"; {few}"
        if able < self._needed:
            advice = "Name more in CALLGATE_APPROVERS, or lower CALLGATE_APPROVALS_REQUIRED."
            return wrong(_WHAT, f"{says}, and each call needs {self._needed}", advice, faults)
        if able == self._needed:
            says += ", just as many as each call needs: a call that one of them asks for has one too few"
            return warning(_WHAT, says, "Name one more, unless they never ask for calls themselves.", faults)
        if faults:
            return warning(_WHAT, says, "Take these out of CALLGATE_APPROVERS, or fix them in Slack.", faults)
        return ok(_WHAT, says)
