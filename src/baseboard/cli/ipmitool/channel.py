"""``ipmitool channel``: authcap, getaccess, setaccess, info, getciphers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.channel_facts import (
    LAN,
    MEDIA,
    MODES,
    OTHER_LAN,
    PROTOCOLS,
    SESSIONS,
    channel_access,
    channel_info,
)
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.questions import ask, known, refused
from baseboard.cli.ipmitool.text import PRIVILEGES
from baseboard.cli.ipmitool.user import ACCESS_SIZE, access, name
from baseboard.cli.ipmitool.word_values import CURRENT_CHANNEL, channel_number, privilege_limit, user_id
from baseboard.cli.results.channel import Access, AccessChange, Authentication, ChannelInfo, ChannelSettings
from baseboard.codes import Privilege
from baseboard.commands.app.channels import Change, GetChannelAuthenticationCapabilities
from baseboard.commands.app.users import GetUserAccessResponse, SetUserAccess
from baseboard.commands.authentication import AuthTypes

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.app.channels import (
        GetChannelAccessResponse,
        GetChannelAuthenticationCapabilitiesResponse,
    )

CAPABILITIES_SIZE: Final = 8

USAGE: Final = """\
Channel Commands: authcap   <channel number> <max privilege>
                  getaccess <channel number> [user id]
                  setaccess <channel number> <user id> [callin=on|off] [ipmi=on|off] [link=on|off] [privilege=level]
                  info      [channel number]
                  getciphers <ipmi | sol> [channel]

Possible privilege levels are:
   1   Callback level
   2   User level
   3   Operator level
   4   Administrator level
   5   OEM Proprietary level
  15   No access"""  # noqa: E501 - one line of ipmitool's

AUTH_TYPES: Final = {
    AuthTypes.NONE: "NONE",
    AuthTypes.MD2: "MD2",
    AuthTypes.MD5: "MD5",
    AuthTypes.PASSWORD: "PASSWORD",
    AuthTypes.OEM: "OEM",
}
STATUSES: Final = ("unknown", "enabled", "disabled", "reserved")


async def run(call: Call, words: list[str]) -> int:
    """Run ``channel`` and its words."""
    await call.bmc()
    if not words:
        call.err("Not enough parameters given.")
        return _usage(call)
    match words[0]:
        case "help":
            _usage(call)
            return 0
        case "authcap":
            return await _authcap(call, words)
        case "getaccess":
            return await _getaccess(call, words)
        case "setaccess":
            return await _setaccess(call, words[1:])
        case "info":
            return await _info(call, words)
        case "getciphers":
            return await _getciphers(call, words)
        case _:
            call.err(f"Invalid CHANNEL command: {words[0]}\n")
            return _usage(call)


def _usage(call: Call) -> int:
    call.err(USAGE)
    return 1


# ---- authcap


async def _authcap(call: Call, words: list[str]) -> int:
    if len(words) != 3:
        return _usage(call)
    channel = channel_number(call, words[1])
    level = None if channel is None else privilege_limit(call, words[2])
    if channel is None or level is None:
        return 1
    for extended in (True, False):
        # A controller of IPMI v1.5 may refuse the request for v2.0 data.
        answer = await ask(
            call,
            GetChannelAuthenticationCapabilities(
                extended=extended, channel=channel, privilege=Privilege(level)
            ),
        )
        if answer is not None and not answer.code:
            _show_capabilities(call, answer.decode(size=CAPABILITIES_SIZE))
            return 0
    if answer is None:
        call.err("Unable to Get Channel Authentication Capabilities")
    else:
        call.err(f"Get Channel Authentication Capabilities failed: {answer.text()}")
    return 1


def _show_capabilities(call: Call, said: GetChannelAuthenticationCapabilitiesResponse) -> None:
    types = [text for bit, text in AUTH_TYPES.items() if said.auth_types & bit]
    oem = AuthTypes.OEM in said.auth_types
    found = Authentication(
        channel=said.channel,
        auth_types=types,
        kg_set=said.kg_set if said.has_extended else None,
        per_message_authentication=not said.per_message_auth_disabled,
        user_level_authentication=not said.user_auth_disabled,
        non_null_users=said.non_null_users,
        null_users=said.null_users,
        anonymous_login=said.anonymous_login,
        v15=said.supports_v15 if said.has_extended else None,
        v20=said.supports_v20 if said.has_extended else None,
        oem_id=said.oem_id if oem else None,
        oem_auxiliary=said.oem_auxiliary if oem else None,
    )
    call.result(found)
    lines: list[tuple[str, object]] = [
        ("Channel number", found.channel),
        ("IPMI v1.5  auth types", "".join(f"{text} " for text in types)),
    ]
    if said.has_extended:
        lines.append(("KG status", "non-zero" if said.kg_set else "default (all zeroes)"))
    lines += [
        ("Per message authentication", abled(found.per_message_authentication)),
        ("User level authentication", abled(found.user_level_authentication)),
        ("Non-null user names exist", yes(found.non_null_users)),
        ("Null user names exist", yes(found.null_users)),
        ("Anonymous login enabled", yes(found.anonymous_login)),
    ]
    if said.has_extended:
        lines.append(("Channel supports IPMI v1.5", yes(said.supports_v15)))
        lines.append(("Channel supports IPMI v2.0", yes(said.supports_v20)))
    if oem:
        lines.append(("IANA Number for OEM", said.oem_id))
        lines.append(("OEM Auxiliary Data", f"0x{said.oem_auxiliary:x}"))
    for key, value in lines:
        call.out(f"{key:<27}: {value}")


def abled(enabled: bool) -> str:
    """``enabled`` or ``disabled``."""
    return "enabled" if enabled else "disabled"


def yes(true: bool) -> str:
    """``yes`` or ``no``."""
    return "yes" if true else "no"


# ---- getaccess and setaccess


async def _getaccess(call: Call, words: list[str]) -> int:
    if not 2 <= len(words) <= 3:
        call.err("Not enough parameters given.")
        return _usage(call)
    channel = channel_number(call, words[1])
    if channel is None:
        return 1
    only = user_id(call, words[2]) if len(words) == 3 else 0
    if only is None:
        return 1
    number = first = only or 1
    last = number
    while number <= last:
        answer = await access(call, channel, number)
        if refused(call, answer, ACCESS_SIZE):
            call.err(f"Unable to Get User Access (channel {channel} id {number})")
            return 1
        assert answer is not None
        said = answer.decode()
        user_name = await name(call, number)
        if user_name is None:
            call.err(f"Unable to Get User Name (id {number})")
            return 1
        if number == first:
            call.out(f"Maximum User IDs     : {said.max_users}")
            call.out(f"Enabled User IDs     : {said.enabled_users}")
            last = number if only else said.max_users
        _show_access(call, channel, number, shown(user_name), said)
        number += 1
    return 0


def _show_access(call: Call, channel: int, number: int, user_name: str, said: GetUserAccessResponse) -> None:
    found = Access(
        channel=channel,
        maximum_ids=said.max_users,
        enabled_ids=said.enabled_users,
        user_id=number,
        name=user_name,
        fixed_name=number <= said.fixed_names,
        callback_only=said.callback_only,
        link_authentication=said.link_authentication,
        messaging=said.messaging,
        privilege=known(said.privilege_limit, PRIVILEGES),
        status=STATUSES[said.enable_status],
    )
    call.result(found)
    call.out()
    for key, value in {
        "User ID": number,
        "User Name": user_name,
        "Fixed Name": "Yes" if found.fixed_name else "No",
        "Access Available": "callback" if found.callback_only else "call-in / callback",
        "Link Authentication": abled(found.link_authentication),
        "IPMI Messaging": abled(found.messaging),
        "Privilege Level": found.privilege,
        "Enable Status": found.status,
    }.items():
        call.out(f"{key:<21}: {value}")


async def _setaccess(call: Call, words: list[str]) -> int:
    if words[:1] == ["help"]:
        _usage(call)
        return 0
    if len(words) < 3:
        call.err("Not enough parameters given.")
        return _usage(call)
    channel = channel_number(call, words[0])
    number = None if channel is None else user_id(call, words[1])
    if channel is None or number is None:
        return 1
    answer = await access(call, channel, number)
    if refused(call, answer, ACCESS_SIZE):
        call.err(f"Unable to Get User Access (channel {channel} id {number})")
        return 1
    assert answer is not None
    said = answer.decode()
    wanted: dict[str, int] = {
        "callin=": said.callback_only,
        "link=": said.link_authentication,
        "ipmi=": said.messaging,
        "privilege=": said.privilege_limit,
    }
    for word in words[2:]:
        if not _changed(call, wanted, word):
            return 1
    result = await ask(
        call,
        SetUserAccess(
            channel=channel,
            user_id=number,
            callback_only=bool(wanted["callin="]),
            link_authentication=bool(wanted["link="]),
            messaging=bool(wanted["ipmi="]),
            privilege_limit=Privilege(wanted["privilege="] & 0xF),
            session_limit=0,
        ),
    )
    if refused(call, result):
        call.err(f"Unable to Set User Access (channel {channel} id {number})")
        return 1
    call.out(f"Set User Access (channel {channel} id {number}) successful.")
    call.result(AccessChange(channel=channel, user_id=number))
    return 0


def _changed(call: Call, wanted: dict[str, int], word: str) -> bool:
    """Take one ``key=value``; False and a line on standard error if it is none."""
    from baseboard.cli.ipmitool.text import byte, str2val

    key = next((key for key in wanted if word.startswith(key)), None)
    if key is None:
        call.err(f"Invalid option: {word}\n")
        return False
    value = word.removeprefix(key)
    if key != "privilege=":
        on = value not in {"off", "disable", "no"}
        # "callin" says what the bit does not: that sessions may come in without a callback.
        wanted[key] = not on if key == "callin=" else on
        return True
    level = str2val(value, PRIVILEGES)
    if level == 0xFF:
        given = byte(value)
        if given is None:
            call.err(f"Numeric [1-15] value expected, but '{value}' given.")
            return False
        level = given
    wanted[key] = level
    return True


# ---- info


async def _info(call: Call, words: list[str]) -> int:
    if len(words) > 2:
        return _usage(call)
    channel = channel_number(call, words[1]) if len(words) == 2 else CURRENT_CHANNEL
    if channel is None:
        return 1
    said = await channel_info(call, channel)
    if said is None:
        call.err("Unable to Get Channel Info")
        return 1
    medium, protocol = known(said.medium, MEDIA), known(said.protocol, PROTOCOLS)
    support = SESSIONS[said.session_support]
    call.out(f"Channel 0x{said.channel:x} info:")
    call.out(f"  Channel Medium Type   : {medium}")
    call.out(f"  Channel Protocol Type : {protocol}")
    call.out(f"  Session Support       : {support}")
    call.out(f"  Active Session Count  : {said.active_sessions}")
    call.out(f"  Protocol Vendor ID    : {said.vendor_id}")
    both: list[ChannelSettings | None] = [None, None]
    if int(said.medium) in {LAN, OTHER_LAN}:
        for place, (which, title, kind) in enumerate(
            (
                (Change.VOLATILE, "Volatile(active) Settings", "volatile"),
                (Change.NON_VOLATILE, "Non-Volatile Settings", "non-volatile"),
            )
        ):
            settings = await channel_access(call, said.channel, which)
            if settings is None:
                call.err(f"Unable to Get Channel Access ({kind})")
                return 1
            both[place] = _show_settings(call, title, settings)
    call.result(
        ChannelInfo(
            channel=said.channel,
            medium=medium,
            protocol=protocol,
            session_support=support,
            active_sessions=said.active_sessions,
            vendor_id=said.vendor_id,
            volatile=both[0],
            non_volatile=both[1],
        )
    )
    return 0


def _show_settings(call: Call, title: str, said: GetChannelAccessResponse) -> ChannelSettings:
    settings = ChannelSettings(
        alerting=not said.alerting_disabled,
        per_message_authentication=not said.per_message_auth_disabled,
        user_level_authentication=not said.user_auth_disabled,
        access_mode=MODES.get(said.access_mode, "unknown"),
    )
    call.out(f"  {title}")
    call.out(f"    Alerting            : {abled(settings.alerting)}")
    call.out(f"    Per-message Auth    : {abled(settings.per_message_authentication)}")
    call.out(f"    User Level Auth     : {abled(settings.user_level_authentication)}")
    call.out(f"    Access Mode         : {settings.access_mode}")
    return settings


# ---- getciphers


async def _getciphers(call: Call, words: list[str]) -> int:
    if not 2 <= len(words) <= 3 or words[1] not in {"ipmi", "sol"}:
        return _usage(call)
    channel = channel_number(call, words[2]) if len(words) == 3 else CURRENT_CHANNEL
    if channel is None:
        return 1
    from baseboard.cli.ipmitool.channel_ciphers import show

    return await show(call, channel, sol=words[1] == "sol")
