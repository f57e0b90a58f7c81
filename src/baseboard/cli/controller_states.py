"""Verbs of ``mc``, ``channel`` and ``user`` that ipmitool has not: GUID, ACPI, interface, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.failures import DONE
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.controller import (
    AcpiStates,
    AuthCode,
    ChannelAccessSettings,
    ChannelKey,
    DeviceGuid,
    ManufacturingMode,
    SystemInterface,
)
from baseboard.cli.typed_numbers import data, number

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.wire import OpenEnum

_HERE: Final = 0xE
_KG_SIZE: Final = 20
_DATA_SIZE: Final = 16
_MODES: Final = {"disabled": 0, "pre-boot": 1, "always": 2, "shared": 3}
_ALGORITHMS: Final = {
    "none": (0, 0), "md2": (0, 1), "md5": (0, 2), "password": (0, 4),
    "hmac-sha1-96": (1, 1), "hmac-md5-128": (1, 2), "md5-128": (1, 3), "hmac-sha256-128": (1, 4),
}  # fmt: skip


async def device_guid(call: Call, words: list[str]) -> int:
    """``mc deviceguid``: the controller's own (§20.8)."""
    _none(words, "mc deviceguid")
    guid = await (await call.bmc()).controller.device_guid()
    call.result(DeviceGuid(guid=str(guid)))
    call.out(f"Device GUID : {guid}")
    return DONE


async def acpi(call: Call, words: list[str]) -> int:
    """``mc acpi``: the states that software told (§20.7)."""
    _none(words, "mc acpi")
    return await _acpi_told(call)


async def set_acpi(call: Call, words: list[str]) -> int:
    """``mc acpi set SYSTEM|- [DEVICE]``: tell states (§20.6)."""
    from baseboard.commands.app.device import AcpiDeviceState, AcpiSystemState

    if not 1 <= len(words) <= 2:
        raise UsageError("mc acpi set takes a system state or -, and a device state")
    system = None if words[0] == "-" else _state(AcpiSystemState, words[0], {"s0": "s0_g0", "s5": "s5_g2"})
    device = None if len(words) == 1 else _state(AcpiDeviceState, words[1], {})
    await (await call.bmc()).controller.tell_acpi_state(
        None if system is None else AcpiSystemState(system),
        None if device is None else AcpiDeviceState(device),
    )
    return await _acpi_told(call)


async def _acpi_told(call: Call) -> int:
    found = await (await call.bmc()).controller.acpi_state()
    told = AcpiStates(system=_word(found.system_state), device=_word(found.device_state))
    call.result(told)
    call.out(f"ACPI system state : {told.system}")
    call.out(f"ACPI device state : {told.device}")
    return DONE


async def interface(call: Call, words: list[str]) -> int:
    """``mc interface``: the host's system interface, whichever it has (§22.9, §22.10)."""
    from baseboard.commands.app.messaging import InterfaceType

    _none(words, "mc interface")
    controller = (await call.bmc()).controller
    found = 0
    for kind in (InterfaceType.KCS, InterfaceType.SMIC, InterfaceType.SSIF):
        said = await controller.system_interface(kind)
        if said is None:
            continue
        found += 1
        ssif = kind == InterfaceType.SSIF
        _interface_told(
            call,
            SystemInterface(
                kind=_word(kind), input_bytes=said.input_size,
                output_bytes=said.output_size if ssif else None,
                pec=said.pec if ssif else None, parts=_word(said.transactions) if ssif else None,
                outstanding=None, response_seconds=None, retries=None,
            ),
        )  # fmt: skip
    bt = await controller.bt_interface()
    if bt is not None:
        found += 1
        _interface_told(
            call,
            SystemInterface(
                kind="bt", input_bytes=bt.input_buffer_size, output_bytes=bt.output_buffer_size, pec=None,
                parts=None, outstanding=bt.outstanding_requests, response_seconds=bt.response_time,
                retries=bt.retries,
            ),
        )  # fmt: skip
    if not found:
        call.out("The controller tells of no system interface")
    return DONE


def _interface_told(call: Call, one: SystemInterface) -> None:
    call.result(one)
    call.out(f"System interface : {one.kind.upper()}")
    call.out(f"  Input          : {one.input_bytes} bytes")
    if one.output_bytes is not None:
        call.out(f"  Output         : {one.output_bytes} bytes")
    if one.parts is not None:
        call.out(f"  Transactions   : {one.parts.replace('_', ' ')}, {'with' if one.pec else 'no'} PEC")
    if one.outstanding is not None:
        call.out(f"  Outstanding    : {one.outstanding} requests")
        call.out(f"  Response       : within {one.response_seconds} s, {one.retries} retries")


async def manufacturing(call: Call, words: list[str]) -> int:
    """``mc manufacturing [BYTES ...]``: manufacturing test mode on (§20.5)."""
    parameters = data(words)
    await (await call.bmc()).controller.manufacturing_test(parameters)
    call.result(ManufacturingMode(on=True))
    call.out("The manufacturing test mode is on; a cold reset ends it")
    return DONE


async def channel_access(call: Call, words: list[str]) -> int:
    """``channel access [CHANNEL] [mode=...] [limit=...] [stored|present]`` (§22.22, §22.23)."""
    from baseboard.codes import Privilege
    from baseboard.commands.app.channels import AccessMode, Change

    channel, changes, copies = _HERE, dict[str, Any](), {"stored", "present"}
    for word in words:
        name, _, value = word.partition("=")
        if word in copies:
            copies = {word}
        elif name == "mode" and value in _MODES:
            changes["access_mode"] = AccessMode(_MODES[value])
        elif name == "limit" and value.upper() in Privilege.__members__:
            changes["privilege_limit"] = Privilege[value.upper()]
        else:
            channel = number(word, "a channel, mode=, limit=, stored or present", 0xF)
    channels = (await call.bmc()).channels
    if changes:
        await channels.set_access(channel, stored="stored" in copies, in_force="present" in copies, **changes)
    for which, copy in (("present", Change.VOLATILE), ("stored", Change.NON_VOLATILE)):
        found = await channels.access(channel, copy) if which in copies else None
        if found is None:
            continue
        mode = next((word for word, mode in _MODES.items() if mode == found.access_mode), "reserved")
        told = ChannelAccessSettings(
            which=which,
            mode=mode,
            limit=_word(found.privilege_limit),
            alerting=not found.alerting_disabled,
            per_message_authentication=not found.per_message_auth_disabled,
            user_level_authentication=not found.user_auth_disabled,
        )
        call.result(told)
        call.out(f"{which:<8}: {mode}, up to {told.limit}")
    return DONE


async def set_kg(call: Call, words: list[str]) -> int:
    """``channel setkg hex|plain KEY [CHANNEL]``: the key for two-key logins (§22.25)."""
    if len(words) not in (2, 3) or words[0] not in ("hex", "plain"):
        raise UsageError("channel setkg takes hex or plain, the key, and a channel")
    channel = number(words[2], "a channel", 0xF) if len(words) > 2 else _HERE
    try:
        key = bytes.fromhex(words[1].removeprefix("0x")) if words[0] == "hex" else words[1].encode("latin-1")
    except ValueError:
        raise UsageError(
            "channel setkg: the key is no hexadecimal, or has characters beyond Latin 1"
        ) from None
    if len(key) > _KG_SIZE:
        raise UsageError(f"channel setkg: the key has {len(key)} bytes, at most {_KG_SIZE} fit")
    lock = await (await call.bmc()).channels.set_kg(key, channel)
    call.result(ChannelKey(channel=channel, lock=_word(lock)))
    call.out(f"The key is set, and {_word(lock).replace('_', ' ')}")
    return DONE


async def lock_kg(call: Call, words: list[str]) -> int:
    """``channel lockkg [CHANNEL]``: nobody reads or sets the key any more (§22.25)."""
    if len(words) > 1:
        raise UsageError("channel lockkg takes a channel")
    channel = number(words[0], "a channel", 0xF) if words else _HERE
    lock = await (await call.bmc()).channels.lock_kg(channel)
    call.result(ChannelKey(channel=channel, lock=_word(lock)))
    call.out(f"The key is {_word(lock).replace('_', ' ')}")
    return DONE


async def auth_code(call: Call, words: list[str]) -> int:
    """``user authcode ID ALGORITHM HEX``: what the controller makes of 16 bytes (§22.21)."""
    from baseboard.commands.app.sessions import AuthCodeFamily, GetAuthCode

    if len(words) != 3 or words[1] not in _ALGORITHMS:
        raise UsageError(
            f"user authcode takes a user ID, one of {', '.join(_ALGORITHMS)}, and 16 bytes in hex"
        )
    user_id = number(words[0], "a user ID", 63, 1)
    try:
        given = bytes.fromhex(words[2].removeprefix("0x"))
    except ValueError:
        given = b""
    if len(given) != _DATA_SIZE:
        raise UsageError(f"user authcode: {_DATA_SIZE} bytes in hexadecimal are wanted")
    family, algorithm = _ALGORITHMS[words[1]]
    request = GetAuthCode(family=AuthCodeFamily(family), algorithm=algorithm, user_id=user_id, data=given)
    answer = await (await call.bmc()).execute(request)
    call.result(AuthCode(auth_code=answer.auth_code.hex()))
    call.out(f"AuthCode : {answer.auth_code.hex()}")
    return DONE


def _none(words: list[str], verb: str) -> None:
    if words:
        raise UsageError(f"{verb} takes nothing behind it")


def _word(value: OpenEnum) -> str:
    """The name of a value, in small letters; its number where it has none."""
    return value.name.lower() if value.known else f"{int(value):#x}"


def _state(kind: type[OpenEnum], word: str, short: dict[str, str]) -> int:
    name = short.get(word.lower(), word.lower())
    for one in kind:
        if one.name.lower() == name:
            return int(one)
    names = ", ".join(one.name.lower() for one in kind)
    raise UsageError(f"{word!r} is none of {names}")
