"""Firmware firewall and command discovery (§21): what there is comes from the registered handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from baseboard.bmc.context import SYSTEM_INTERFACE, Context
from baseboard.bmc.dispatch import Entry, absent, handlers
from baseboard.bmc.services.channels import Channel
from baseboard.bmc.services.command_keys import BODY_SIZES, family_of, key_of, luns
from baseboard.bmc.services.firewall import PARTS
from baseboard.codes import Cc, GroupExtension, NetFn
from baseboard.commands.app.firewall import (
    COMMANDS,
    SUB_FUNCTIONS,
    CommandRange,
    GetCommandEnables,
    GetCommandEnablesResponse,
    GetCommandSubFunctionEnables,
    GetCommandSubFunctionEnablesResponse,
    GetCommandSubFunctionSupport,
    GetCommandSubFunctionSupportResponse,
    GetCommandSupport,
    GetCommandSupportResponse,
    GetConfigurableCommands,
    GetConfigurableCommandsResponse,
    GetConfigurableCommandSubFunctions,
    GetConfigurableCommandSubFunctionsResponse,
    GetNetfnSupport,
    GetNetfnSupportResponse,
    GetOemNetfnIanaSupport,
    GetOemNetfnIanaSupportResponse,
    LunSupport,
    SetCommandEnables,
    SetCommandEnablesResponse,
    SetCommandSubFunctionEnables,
    SetCommandSubFunctionEnablesResponse,
    mask,
)
from baseboard.errors import CompletionError

_LUNS: Final = range(4)
_PAIRS: Final = 32
_FIRST_OEM: Final = 0x30
_IANA_SIZE: Final = 3
_EVERY_PART: Final = (1 << SUB_FUNCTIONS) - 1
_IPMI_2_0: Final = (0x00, 0x02, 0x11)  # IPMI without errata, 2.0, revision 1.1
_BODIES: Final[dict[int, tuple[int, int, int]]] = {int(GroupExtension.DCMI): (0x00, 0x51, 0x10)}  # 1.5, 1.0


@dataclass(frozen=True, slots=True)
class _Place:
    """What a request is about: a channel, a LUN, a network function, and whose that is."""

    channel: Channel
    lun: int
    netfn: int
    group: int | None

    @property
    def family(self) -> int:
        """The number under which the firewall keeps it."""
        return family_of(self.netfn, self.group)


class _Asking(Protocol):
    """What all requests of this chapter begin with."""

    @property
    def channel(self) -> int: ...
    @property
    def netfn(self) -> NetFn: ...
    @property
    def lun(self) -> int: ...


def _place(ctx: Context, request: _Asking, body: bytes) -> _Place:
    """Where a request points.

    Raises:
        CompletionError: CCh, there is no such channel; C7h, the body is missing or too long.
    """
    channel = ctx.channels.get(ctx.channel(request.channel))
    netfn = int(request.netfn) & ~1
    if len(body) != BODY_SIZES.get(netfn, 0):
        raise CompletionError(Cc.INVALID_LENGTH)
    return _Place(channel, request.lun, netfn, int.from_bytes(body, "little") if body else None)


def _first(commands: CommandRange) -> int:
    """The first command of a half.

    Raises:
        CompletionError: CCh, there are two halves.
    """
    if commands not in (CommandRange.FROM_00H, CommandRange.FROM_80H):
        raise CompletionError(Cc.INVALID_DATA)
    return COMMANDS * commands


# ---- what there is


def _reaches(entry: Entry, channel: Channel) -> bool:
    """Whether a command may come over a channel at all (Table G-1)."""
    if entry.system_interface_only:
        return channel.number == SYSTEM_INTERFACE
    return channel.session_support == 0 or not entry.local_only


def _on(ctx: Context, channel: Channel, lun: int) -> Iterator[Entry]:
    """The commands that a channel has at a LUN."""
    without = absent(ctx.services)
    for key, entry in handlers.table.items():
        known = entry.command
        if key not in without and lun in luns(known.netfn) and _reaches(entry, channel):
            removed = ctx.firewall.removed(channel.number, lun, family_of(known.netfn, known.group))
            if not removed >> known.cmd & 1:
                yield entry


def _at(ctx: Context, place: _Place) -> list[Entry]:
    """The commands of a network function."""
    return [
        entry
        for entry in _on(ctx, place.channel, place.lun)
        if (entry.command.netfn, entry.command.group) == (place.netfn, place.group)
    ]


def _numbers(entries: list[Entry]) -> set[int]:
    return {entry.command.cmd for entry in entries}


def _switchable(ctx: Context, place: _Place) -> set[int]:
    """The commands of a network function that can be switched."""
    return {
        entry.command.cmd
        for entry in _at(ctx, place)
        if ctx.firewall.configurable(place.channel, place.lun, entry.command)
    }


def _enabled(ctx: Context, place: _Place) -> set[int]:
    """The commands of a network function that are on."""
    off = ctx.firewall.off(place.channel.number, place.lun, place.family)
    return {number for number in _numbers(_at(ctx, place)) if not off >> number & 1}


@handlers.handles(GetNetfnSupport)
async def get_netfn_support(ctx: Context, request: GetNetfnSupport) -> GetNetfnSupportResponse:
    """§21.2: at a LUN that has commands some can be switched, so none is said to be free of restrictions."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    pairs = [{entry.command.netfn >> 1 for entry in _on(ctx, channel, lun)} for lun in _LUNS]
    kinds = [LunSupport.EXTENDED if some else LunSupport.NONE for some in pairs]
    masks = [mask(some, _PAIRS) for some in pairs]
    return GetNetfnSupportResponse(
        lun_0=kinds[0], lun_1=kinds[1], lun_2=kinds[2], lun_3=kinds[3],
        lun_0_pairs=masks[0], lun_1_pairs=masks[1], lun_2_pairs=masks[2], lun_3_pairs=masks[3],
    )  # fmt: skip


@handlers.handles(GetCommandSupport)
async def get_command_support(ctx: Context, request: GetCommandSupport) -> GetCommandSupportResponse:
    """§21.3: what is switched off is there all the same; a 0 says so."""
    place, first = _place(ctx, request, request.body), _first(request.commands)
    there = _numbers(_at(ctx, place))
    return GetCommandSupportResponse(unavailable=mask(there, COMMANDS, first=first, inverted=True))


@handlers.handles(GetConfigurableCommands)
async def get_configurable_commands(
    ctx: Context, request: GetConfigurableCommands
) -> GetConfigurableCommandsResponse:
    """§21.5: all but those without which nobody could log in or see what is off."""
    place, first = _place(ctx, request, request.body), _first(request.commands)
    return GetConfigurableCommandsResponse(configurable=mask(_switchable(ctx, place), COMMANDS, first=first))


@handlers.handles(GetOemNetfnIanaSupport)
async def get_oem_netfn_iana_support(
    ctx: Context, request: GetOemNetfnIanaSupport
) -> GetOemNetfnIanaSupportResponse:
    """§21.11: the bodies of NetFn 2Ch, the makers of 2Eh; what is from 30h on is the controller's maker's."""
    channel = ctx.channels.get(ctx.channel(request.channel))
    netfn = int(request.netfn) & ~1
    if netfn not in BODY_SIZES and netfn < _FIRST_OEM:
        raise CompletionError(Cc.INVALID_DATA)
    owners: dict[int, set[int]] = {}
    for lun in _LUNS:
        for entry in _on(ctx, channel, lun):
            if entry.command.netfn == netfn:
                maker = ctx.services.home.blueprint.identity.manufacturer_id
                owner = maker if entry.command.group is None else entry.command.group
                owners.setdefault(owner, set()).add(lun)
    listed = sorted(owners)
    if request.list_index >= len(listed):
        raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
    owner = listed[request.list_index]
    kinds = [LunSupport.EXTENDED if lun in owners[owner] else LunSupport.NONE for lun in _LUNS]
    return GetOemNetfnIanaSupportResponse(
        last=request.list_index == len(listed) - 1,
        lun_0=kinds[0], lun_1=kinds[1], lun_2=kinds[2], lun_3=kinds[3],
        body=owner.to_bytes(BODY_SIZES.get(netfn, _IANA_SIZE), "little"),
    )  # fmt: skip


# ---- what is on


@handlers.handles(GetCommandEnables)
async def get_command_enables(ctx: Context, request: GetCommandEnables) -> GetCommandEnablesResponse:
    """§21.8: there is a 1 for what is there and on."""
    place, first = _place(ctx, request, request.body), _first(request.commands)
    return GetCommandEnablesResponse(enabled=mask(_enabled(ctx, place), COMMANDS, first=first))


@handlers.handles(SetCommandEnables)
async def set_command_enables(ctx: Context, request: SetCommandEnables) -> SetCommandEnablesResponse:
    """§21.7: of what cannot be switched a 1 is refused if it is not on, and a 0 changes nothing."""
    # Some consoles send a byte more than the table has, whatever the network function.
    netfn = int(request.netfn) & ~1
    place = _place(ctx, request, request.body if netfn in BODY_SIZES else b"")
    first = _first(request.commands)
    half = ((1 << COMMANDS) - 1) << first
    wanted = int.from_bytes(request.enabled, "little") << first
    switchable = sum(1 << number for number in _switchable(ctx, place))
    enabled = sum(1 << number for number in _enabled(ctx, place))
    if wanted & ~(switchable | enabled):
        raise CompletionError(SetCommandEnables.NOT_CONFIGURABLE)
    before = ctx.firewall.off(place.channel.number, place.lun, place.family)
    after = before & ~(switchable & half) | switchable & half & ~wanted
    if after != before:
        ctx.firewall.switch_off(place.channel.number, place.lun, place.family, after)
    return SetCommandEnablesResponse()


# ---- parts of commands


def _parts(ctx: Context, place: _Place, cmd: int) -> int | None:
    """The numbered parts of a command, a bit each; 0 where it has none, None if there is no such command."""
    if cmd not in _numbers(_at(ctx, place)):
        return None
    parts = PARTS.get(key_of(place.netfn, cmd, place.group))
    return 0 if parts is None else parts.mask


def _four(value: int) -> bytes:
    return value.to_bytes(SUB_FUNCTIONS // 8, "little")


@handlers.handles(GetCommandSubFunctionSupport)
async def get_command_sub_function_support(
    ctx: Context, request: GetCommandSubFunctionSupport
) -> GetCommandSubFunctionSupportResponse:
    """§21.4: of a command without numbered parts everything is available."""
    place = _place(ctx, request, request.body)
    parts = _parts(ctx, place, request.command_number)
    specification, version, revision = (
        _IPMI_2_0 if place.group is None else _BODIES.get(place.group, (0x00, 0x00, 0x00))
    )
    unavailable = _EVERY_PART if parts is None else ~parts & _EVERY_PART if parts else 0
    return GetCommandSubFunctionSupportResponse(
        specification=specification, version=version, revision=revision, unavailable=_four(unavailable)
    )


@handlers.handles(GetConfigurableCommandSubFunctions)
async def get_configurable_command_sub_functions(
    ctx: Context, request: GetConfigurableCommandSubFunctions
) -> GetConfigurableCommandSubFunctionsResponse:
    """§21.6: all parts that have numbers."""
    place = _place(ctx, request, request.body)
    return GetConfigurableCommandSubFunctionsResponse(
        configurable=_four(_parts(ctx, place, request.command_number) or 0)
    )


@handlers.handles(GetCommandSubFunctionEnables)
async def get_command_sub_function_enables(
    ctx: Context, request: GetCommandSubFunctionEnables
) -> GetCommandSubFunctionEnablesResponse:
    """§21.10: of a command without numbered parts everything is on."""
    place = _place(ctx, request, request.body)
    return GetCommandSubFunctionEnablesResponse(
        enabled=_four(_parts_enabled(ctx, place, request.command_number))
    )


def _parts_enabled(ctx: Context, place: _Place, cmd: int) -> int:
    parts = _parts(ctx, place, cmd)
    if not parts:
        return 0 if parts is None else _EVERY_PART
    off = ctx.firewall.parts_off(place.channel.number, place.lun, key_of(place.netfn, cmd, place.group))
    return parts & ~off


@handlers.handles(SetCommandSubFunctionEnables)
async def set_command_sub_function_enables(
    ctx: Context, request: SetCommandSubFunctionEnables
) -> SetCommandSubFunctionEnablesResponse:
    """§21.9: the same rule as for commands; parts from 32 on there are none."""
    if len(request.enabled) not in (4, 8):
        raise CompletionError(Cc.INVALID_LENGTH)
    place, cmd = _place(ctx, request, request.body), request.command_number
    parts = _parts(ctx, place, cmd)
    wanted = int.from_bytes(request.enabled, "little")
    # Where nothing can be switched, all of what is on may be said to be on, that from 32 on too.
    may = parts if parts else 0 if parts is None else (1 << 2 * SUB_FUNCTIONS) - 1
    if wanted & ~may:
        raise CompletionError(SetCommandSubFunctionEnables.NOT_CONFIGURABLE)
    if parts:
        key = key_of(place.netfn, cmd, place.group)
        ctx.firewall.switch_parts_off(place.channel.number, place.lun, key, parts & ~wanted)
    return SetCommandSubFunctionEnablesResponse()
