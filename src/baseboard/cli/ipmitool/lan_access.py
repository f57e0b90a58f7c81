"""``ipmitool lan set``: what is no LAN parameter: the null user, and a channel's access and alerting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseboard.cli.ipmitool.channel_facts import channel_access, set_channel_access
from baseboard.cli.ipmitool.questions import ask, refused
from baseboard.cli.ipmitool.word_values import raw
from baseboard.cli.results.lan import LanChange
from baseboard.codes import Privilege
from baseboard.commands.app.channels import AccessMode, Change, GetChannelAccessResponse
from baseboard.commands.app.users import PasswordOperation, SetUserAccess, SetUserPassword

if TYPE_CHECKING:
    from baseboard.cli.call import Call

PASSWORD_SIZE = 16


async def user(call: Call, channel: int) -> int:
    """Let the null user in, as an administrator."""
    answer = await ask(
        call,
        SetUserAccess(
            change_bits=False,
            channel=channel,
            user_id=1,
            privilege_limit=Privilege.ADMINISTRATOR,
            session_limit=0,
        ),
    )
    if refused(call, answer):
        call.err(f"Set User Access for channel {channel} failed")
        return 1
    call.out(f"Set User Access for channel {channel} was successful.", end="")
    call.result(LanChange(channel=channel, parameter="user"))
    return 0


async def password(call: Call, channel: int, word: str | None) -> int:
    """Set the null user's password; None clears it."""
    data = b"" if word is None else raw(word)[:PASSWORD_SIZE]
    answer = await ask(
        call,
        SetUserPassword(
            user_id=1,
            operation=PasswordOperation.SET_PASSWORD,
            password=data.ljust(PASSWORD_SIZE, b"\0"),
        ),
    )
    if refused(call, answer):
        call.err("Unable to Set LAN Password for user 1")
        return 1
    call.out(f"Password {'cleared' if word is None else 'set'} for user 1")
    call.result(LanChange(channel=channel, parameter="password"))
    return 0


async def messaging(call: Call, channel: int, *, on: bool) -> int:
    """Open or close a channel for messages, with administrators' privilege, now and from now on."""
    mode = AccessMode.ALWAYS_AVAILABLE if on else AccessMode.DISABLED
    for which, kind in ((Change.NON_VOLATILE, "non-volatile"), (Change.VOLATILE, "volatile")):
        now = await channel_access(call, channel, which)
        if now is None:
            call.err(f"Unable to Get Channel Access({kind}) for channel {channel}")
            return 1
        wanted = GetChannelAccessResponse(
            alerting_disabled=now.alerting_disabled,
            per_message_auth_disabled=now.per_message_auth_disabled,
            user_auth_disabled=now.user_auth_disabled,
            access_mode=mode,
            privilege_limit=Privilege.ADMINISTRATOR,
        )
        if not await _put(call, channel, wanted, which, which, kind):
            return 1
    call.out(f"Set Channel Access for channel {channel} was successful.")
    call.result(LanChange(channel=channel, parameter="access", value="on" if on else "off"))
    return 0


async def alerting(call: Call, channel: int, *, on: bool) -> int:
    """Let PEF send alerts through a channel, or not."""
    call.out(f"{'Enabling' if on else 'Disabling'} PEF alerts for LAN channel {channel}")
    now = await channel_access(call, channel, Change.NON_VOLATILE)
    if now is None:
        call.err(f"Unable to Get Channel Access(non-volatile) for channel {channel}")
        return 1
    wanted = GetChannelAccessResponse(
        alerting_disabled=not on,
        per_message_auth_disabled=now.per_message_auth_disabled,
        user_auth_disabled=now.user_auth_disabled,
        access_mode=now.access_mode,
        privilege_limit=now.privilege_limit,
    )
    for which, kind in ((Change.NON_VOLATILE, "non-volatile"), (Change.VOLATILE, "volatile")):
        if not await _put(call, channel, wanted, which, Change.DONT_CHANGE, kind):
            return 1
    call.out(f"PEF alerts for channel {channel} {'enabled' if on else 'disabled'}.")
    call.result(LanChange(channel=channel, parameter="alert", value="on" if on else "off"))
    return 0


async def _put(
    call: Call, channel: int, wanted: GetChannelAccessResponse, access: Change, limit: Change, kind: str
) -> bool:
    answer = await set_channel_access(call, channel, wanted, access, limit)
    if refused(call, answer):
        call.err(f"Unable to Set Channel Access({kind}) for channel {channel}")
        return False
    return True
