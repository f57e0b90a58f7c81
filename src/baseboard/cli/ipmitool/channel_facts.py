"""What channels are made of, as ipmitool asks for it and calls it; ``lan`` and ``pef`` need it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import Answer, ask, refused
from baseboard.codes import Cc
from baseboard.commands.app.channels import (
    Change,
    GetChannelAccess,
    GetChannelAccessResponse,
    GetChannelInfo,
    GetChannelInfoResponse,
    SetChannelAccess,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.app.channels import SetChannelAccessResponse

LAN, OTHER_LAN = 4, 6
"""Channel media that the LAN verbs take."""

INFO_SIZE, ACCESS_SIZE = 9, 2

MEDIA: Final = {
    0: "reserved",
    1: "IPMB (I2C)",
    2: "ICMB v1.0",
    3: "ICMB v0.9",
    4: "802.3 LAN",
    5: "Serial/Modem",
    6: "Other LAN",
    7: "PCI SMBus",
    8: "SMBus v1.0/v1.1",
    9: "SMBus v2.0",
    10: "USB 1.x",
    11: "USB 2.x",
    12: "System Interface",
}
PROTOCOLS: Final = {
    0x00: "reserved",
    0x01: "IPMB-1.0",
    0x02: "ICMB-1.0",
    0x03: "reserved",
    0x04: "IPMI-SMBus",
    0x05: "KCS",
    0x06: "SMIC",
    0x07: "BT-10",
    0x08: "BT-15",
    0x09: "TMode",
    0x1C: "OEM 1",
    0x1D: "OEM 2",
    0x1E: "OEM 3",
    0x1F: "OEM 4",
}
SESSIONS: Final = ("session-less", "single-session", "multi-session", "session-based")
MODES: Final = {0: "disabled", 1: "pre-boot only", 2: "always available", 3: "shared"}


async def channel_info(call: Call, channel: int) -> GetChannelInfoResponse | None:
    """What a channel is; None and a line on standard error when it does not say."""
    answer = await ask(call, GetChannelInfo(channel=channel & 0xF))
    if refused(call, answer, INFO_SIZE):
        return None
    assert answer is not None
    return answer.decode()


async def channel_access(call: Call, channel: int, which: Change) -> GetChannelAccessResponse | None:
    """A channel's settings; None and a line on standard error when it does not say."""
    answer = await ask(call, GetChannelAccess(channel=channel & 0xF, which=which))
    if refused(call, answer, ACCESS_SIZE):
        return None
    assert answer is not None
    return answer.decode()


async def set_channel_access(
    call: Call, channel: int, said: GetChannelAccessResponse, access: Change, limit: Change
) -> Answer[SetChannelAccessResponse] | None:
    """Write a channel's settings, those stored or those in force."""
    return await ask(
        call,
        SetChannelAccess(
            channel=channel & 0xF,
            change_access=access,
            alerting_disabled=said.alerting_disabled,
            per_message_auth_disabled=said.per_message_auth_disabled,
            user_auth_disabled=said.user_auth_disabled,
            access_mode=said.access_mode,
            change_limit=limit,
            privilege_limit=said.privilege_limit,
        ),
    )


async def is_lan(call: Call, channel: int) -> bool:
    """Whether a channel is a LAN; complaints other than that there is none go to standard error."""
    if not 1 <= channel <= 0xE:
        return False
    answer = await ask(call, GetChannelInfo(channel=channel))
    if answer is None:
        call.err("IPMI response is NULL.")
    elif answer.code:
        if answer.code != Cc.INVALID_DATA:
            call.err(f"Get Channel Info command failed: {answer.text()}")
    elif len(answer.data) != INFO_SIZE:
        call.err("Unexpected data length received.")
    else:
        return int(answer.decode().medium) in {LAN, OTHER_LAN}
    return False


async def first_lan(call: Call) -> int:
    """The first channel that is a LAN; 0 = there is none."""
    for channel in range(1, 0xE):
        if await is_lan(call, channel):
            return channel
    return 0
