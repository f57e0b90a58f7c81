"""``hpm rollback``, ``rollbackstatus``, ``selftestresult`` and ``upgstatus``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.hpm_link import DEFAULT_S, IN_PROGRESS, UNIT_S, Limits
from baseboard.cli.ipmitool.hpm_target import capabilities
from baseboard.cli.results.hpm import RolledBack, SelfTestOfFirmware, UpgradeStatus
from baseboard.codes import Cc
from baseboard.commands.groups.hpm import (
    GetUpgradeStatus,
    InitiateManualRollback,
    QueryRollbackStatus,
    QuerySelfTestResults,
)

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.hpm_link import Link

PASSED: Final = 0x55


@dataclass(frozen=True, slots=True)
class Tested:
    """How a self test ended."""

    result: int
    details: int

    @property
    def passed(self) -> bool:
        """Whether no error was found."""
        return self.result == PASSED


async def upgrade_status(link: Link) -> bool:
    """``hpm upgstatus``."""
    answer = await link.send(GetUpgradeStatus())
    if answer is None:
        link.say("Error getting upgrade status. Failed to get response.")
        return False
    if answer.code:
        if link.repeatable(answer.code):
            return True
        link.complain("Error getting upgrade status", answer)
        return False
    found = answer.decode(size=2)
    link.say("Upgrade status:")
    link.say(f" Command in progress:          {found.last_command:x}")
    link.say(f" Last command completion code: {found.completion_code:x}")
    link.call.result(UpgradeStatus(command=found.last_command, completion_code=found.completion_code))
    return True


async def self_test(link: Link, limits: Limits | None, seconds: int = DEFAULT_S) -> Tested | None:
    """``hpm selftestresult``; None after a complaint."""
    answer = await link.poll(QuerySelfTestResults(), limits, seconds, on_timeout=False)
    if answer is None:
        link.say("Error getting upgrade status\n")
        return None
    if answer.code:
        link.complain("Error getting self test results", answer)
        return None
    found = answer.decode(size=2)
    if link.call.verbose or limits is None:
        link.say("Self test results:")
        link.say(f"Result1 = {found.result:x}")
        link.say(f"Result2 = {found.details:x}")
    if limits is None:
        link.call.result(SelfTestOfFirmware(result=found.result, details=found.details))
    return Tested(found.result, found.details)


async def rollback_status(link: Link, limits: Limits | None, seconds: int = DEFAULT_S) -> bool:
    """``hpm rollbackstatus``; False after a complaint."""
    answer = await link.poll(QueryRollbackStatus(), limits, seconds, on_timeout=True)
    if answer is None:
        link.say("Error getting upgrade status.")
        return False
    mask = answer.data[0] if answer.data else 0
    if answer.code == QueryRollbackStatus.FAILED:
        link.say(f"Rollback failed on component mask: 0x{mask:02x}")
        return False
    if answer.code:
        link.complain("Error getting rollback status", answer)
        return False
    if mask:
        link.say(f"Rollback occurred on component mask: 0x{mask:02x}")
    else:
        link.say("No Firmware rollback occurred")
    link.call.result(RolledBack(components=mask))
    return True


async def roll_back(link: Link) -> bool:
    """``hpm rollback``."""
    target = await capabilities(link, shown=bool(link.call.verbose))
    if target is None:
        return False
    limits = Limits(target.inaccessibility_timeout * UNIT_S, target.upgrade_timeout * UNIT_S)
    answer = await link.send(InitiateManualRollback(), limits)
    if answer is None:
        link.say("Error sending manual rollback.")
        return False
    if answer.code in (Cc.OK, IN_PROGRESS):
        link.call.out("Waiting firmware rollback...", end="")
        return await rollback_status(link, limits, target.rollback_timeout * UNIT_S)
    link.complain("Error sending manual rollback", answer)
    return False
