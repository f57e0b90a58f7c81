"""How ``hpm`` speaks with a controller: as ipmitool does, over one that starts anew in the middle."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from baseboard.cli.ipmitool.questions import Answer, ask
from baseboard.codes import Cc
from baseboard.commands.groups.hpm import (
    AbortFirmwareUpgrade,
    ActivateFirmware,
    GetTargetUpgradeCapabilities,
    GetUpgradeStatus,
    InitiateManualRollback,
    QueryRollbackStatus,
    QuerySelfTestResults,
    UploadFirmwareBlock,
)
from baseboard.errors import LoginError, NoResponse, SessionClosed, TransportError

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request, Response

R = TypeVar("R", bound="Response")

IN_PROGRESS: Final = 0x80
DEFAULT_S: Final = 60
UNIT_S: Final = 5

_GONE: Final = (None, Cc.UNSPECIFIED, Cc.TIMEOUT, Cc.DESTINATION_UNAVAILABLE)
_REPEATED: Final = frozenset({0x80, 0x82, 0x83})
_REPEATS: Final = 3
_RESIZES: Final = 6
_BEGINNING: Final = (ActivateFirmware.command.cmd, InitiateManualRollback.command.cmd)
_AFTERWARDS: Final = (
    GetUpgradeStatus.command.cmd,
    QueryRollbackStatus.command.cmd,
    QuerySelfTestResults.command.cmd,
)
_PAUSE_S: Final = 0.1
_POLL_S: Final = 1.0
# One that starts anew has lost the session: no answer to so many packets, and a new one is tried.
_PACKETS_WHILE_AWAY: Final = 2


class Limits(NamedTuple):
    """How long to go on, seconds: with one that is gone, and with one that is busy."""

    inaccessible: int = DEFAULT_S
    upgrade: int = DEFAULT_S


class Link:
    """Questions about an upgrade.

    Attributes:
        call: the command.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self._repeats = 0
        self._resizes = 0
        self._size_known = False
        self._may_start_anew = False

    def say(self, text: str = "") -> None:
        """Print a notice."""
        self.call.err(text)

    def complain(self, what: str, answer: Answer[Any] | None) -> None:
        """Say what failed, and with which code."""
        self.say(what)
        if answer is not None:
            self.say(f"compcode=0x{answer.code:x}: {answer.text()}")

    def repeatable(self, code: int) -> bool:
        """Whether ipmitool takes a code for a fault of a driver that it knew, a few times in a row."""
        if code not in _REPEATED or self._repeats >= _REPEATS:
            return False
        self._repeats += 1
        return True

    async def send(self, request: Request[R], limits: Limits | None = None) -> Answer[R] | None:
        """Send a request until there is an answer to go on with; None when nobody answers."""
        within = limits or Limits()
        clock = asyncio.get_running_loop().time
        begin = clock()
        while True:
            answer = await self._once(request, within)
            code = None if answer is None else answer.code
            if code in _GONE:
                if clock() - begin >= within.inaccessible:
                    return answer
            elif code == Cc.NODE_BUSY:
                if clock() - begin >= within.upgrade:
                    return answer
            else:
                if code == Cc.OK:
                    self._repeats = 0
                if isinstance(request, UploadFirmwareBlock):
                    self._size_known = True
                return answer
            await asyncio.sleep(_PAUSE_S)

    async def _once(self, request: Request[R], limits: Limits) -> Answer[R] | None:
        """Ask; over a LAN no answer has a meaning of its own."""
        settings, cmd = self.call.options.settings, request.command.cmd
        away = self._may_start_anew and cmd in _AFTERWARDS and settings.interface.startswith("lan")
        if cmd in _BEGINNING:
            self._may_start_anew = True
        timeout = settings.timeout * _PACKETS_WHILE_AWAY if away else None
        try:
            answer = await ask(self.call, request, timeout=timeout)
        except (SessionClosed, TransportError, LoginError):
            answer = None
        if answer is not None or not settings.interface.startswith("lan"):
            return answer
        response: type[R] = request.command.response  # type: ignore[assignment]  # the registry pairs them
        if cmd == UploadFirmwareBlock.command.cmd and self._resizes < _RESIZES and not self._size_known:
            self._resizes += 1
            return Answer(Cc.INVALID_LENGTH, b"", response)
        if cmd in _BEGINNING:
            return Answer(IN_PROGRESS, b"", response)
        if cmd in _AFTERWARDS:
            await self._log_in_again(limits.inaccessible)
            return Answer(Cc.TIMEOUT, b"", response)
        return None

    async def _log_in_again(self, seconds: int) -> None:
        from baseboard.client.reconnect import insist

        try:
            await insist(await self.call.bmc(), seconds)
        except (LoginError, NoResponse, TransportError):
            return  # the next question says so

    async def wait(self, limits: Limits | None) -> bool:
        """Wait for the end of a command that takes long; often what does is done in a moment.

        Args:
            limits: those of the upgrade; None: there is none, and the controller is asked.

        Returns: whether it ended well.
        """
        seconds = await self._seconds(limits)
        clock = asyncio.get_running_loop().time
        begin = clock()
        pause = _PAUSE_S
        code = await self.status(limits)
        while code in (IN_PROGRESS, Cc.NOT_SUPPORTED_IN_STATE) and clock() - begin < seconds:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _POLL_S)
            code = await self.status(limits)
        if code and self.call.verbose:
            self.say(f"Error waiting for command, compcode = {code:x}")
        return code == 0

    async def _seconds(self, limits: Limits | None) -> int:
        if limits is not None:
            if self.call.verbose:
                self.call.out(f"Use File Upgrade Capabilities: {limits.upgrade} seconds")
            return limits.upgrade
        answer = await self.send(GetTargetUpgradeCapabilities())
        if answer is None or answer.code:
            return DEFAULT_S
        seconds = answer.decode(size=8).upgrade_timeout * UNIT_S
        if self.call.verbose:
            self.call.out(f"Use Command Upgrade Capabilities Timeout: {seconds} seconds")
        return seconds

    async def status(self, limits: Limits | None) -> int | None:
        """The completion code of the last command that takes long; None after a complaint."""
        answer = await self.send(GetUpgradeStatus(), limits)
        if answer is None:
            self.say("Error getting upgrade status. Failed to get response.")
            return None
        if answer.code == Cc.OK:
            return answer.decode(size=3).completion_code
        if self.repeatable(answer.code):
            return IN_PROGRESS
        self.complain("Error getting upgrade status", answer)
        return None

    async def poll(
        self, request: Request[R], limits: Limits | None, seconds: int, *, on_timeout: bool
    ) -> Answer[R] | None:
        """Ask again and again while the answer is that it goes on.

        Args:
            seconds: how long.
            on_timeout: C3h means that too.
        """
        clock = asyncio.get_running_loop().time
        begin = clock()
        while True:
            await asyncio.sleep(_PAUSE_S)
            answer = await self.send(request, limits)
            if answer is None:
                return None
            goes_on = self.repeatable(answer.code) or answer.code == IN_PROGRESS
            if not (goes_on or (on_timeout and answer.code == Cc.TIMEOUT)) or clock() - begin >= seconds:
                return answer

    async def abort(self) -> bool:
        """Give up an upgrade."""
        answer = await self.send(AbortFirmwareUpgrade())
        if answer is None:
            self.say("Error - aborting upgrade.")
        elif answer.code:
            self.complain("Error aborting upgrade", answer)
        return answer is not None and not answer.code

    async def activate(self, override: int | None, limits: Limits | None) -> bool:
        """Go over to what was uploaded."""
        answer = await self.send(ActivateFirmware(override=override), limits)
        if answer is None:
            self.say("Error activating firmware.")
            return False
        if answer.code == IN_PROGRESS:
            self.call.out("Waiting firmware activation...", end="")
            done = await self.wait(limits)
            self.say("OK" if done else "Failed")
            return done
        if answer.code:
            self.complain("Error activating firmware", answer)
        return not answer.code
