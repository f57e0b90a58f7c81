"""Blades with BMCs of their own and a chassis manager on one IPMB, and what the firewall of a blade is for.

The software of blade 1 asks through the KCS hardware of a machine of QEMU's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from baseboard.codes import ChassisControl as Control
from baseboard.codes import NetFn, Privilege
from baseboard.commands import ipmi_message
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.firewall import SetCommandEnables
from baseboard.commands.app.messaging import GetMessage, SendMessage
from baseboard.commands.chassis.control import ChassisControl
from baseboard.commands.declaration import Request
from baseboard.commands.sensor.events import SetEventReceiver
from baseboard.commands.transport.forwarding import (
    EnableForwardedCommands,
    ForwardedCommand,
    ForwardingState,
    SetForwardedCommands,
)
from tests.interop.lab import Bmc, run
from tests.interop.modular_server import BLADES, PASSWORD, ModularServer, modular_server, without_firewall
from tests.interop.patience import eventually
from tests.interop.stopped_machine import StoppedMachine, stopped_machine

BLADE_2 = BLADES[1]
REFUSED = b"\xd4"
SMS_LUN = 2
RESET_BY_COMMAND = "System restart cause: chassis power control command"
OPEN = ("firewall", "enable", "channel", "15", "lun", "0", "netfn", "6", "command", "0x34")
SHUT = ("firewall", "disable", *OPEN[2:], "force")


def request(asked: Request[Any]) -> bytes:
    """A request as the system interface carries it."""
    return bytes((asked.command.netfn << 2, asked.command.cmd)) + asked.encode()


def to(address: int, asked: Request[Any]) -> bytes:
    """A request that another controller is to carry out; its response is for the blade's software."""
    message = ipmi_message.wrap_request(
        asked.command.netfn,
        asked.command.cmd,
        asked.encode(),
        0x15,
        rs_addr=address,
        rq_addr=BLADES[0],
        rq_lun=SMS_LUN,
    )
    return request(SendMessage(channel=0, message=message))


RESET = ChassisControl(control=Control.HARD_RESET)
FORWARD = (
    SetForwardedCommands(channel=0xF, netfn=NetFn.CHASSIS, forwarded=bytes((1 << 2,)) + bytes(15)),
    EnableForwardedCommands(channel=0xF, state=ForwardingState.ENABLE, slave_address=BLADE_2),
)


def message_for(software: StoppedMachine) -> bytes:
    """The message that Get Message gives, with the channel before it, as soon as there is one."""
    answer = eventually(lambda: software.ask(request(GetMessage())), lambda seen: seen[0] != 0x80)
    assert answer[0] == 0
    return answer[1:]


def logged(server: ModularServer, sensor: str) -> list[str]:
    return [line for line in server.events().splitlines() if f" {sensor} " in line]


def assert_reset(server: ModularServer) -> None:
    """Blade 2 was reset, and the chassis manager has heard of it."""
    assert server.restart_cause(2) == RESET_BY_COMMAND
    (line,) = eventually(lambda: logged(server, "2:Boot Initiated"), lambda found: len(found) == 1)
    assert "Initiated by hard reset" in line


def assert_untouched(server: ModularServer) -> None:
    assert server.restart_cause(2) != RESET_BY_COMMAND
    assert logged(server, "2:Boot Initiated") == []


@pytest.fixture
def unprotected() -> Iterator[tuple[ModularServer, StoppedMachine]]:
    with modular_server(without_firewall) as server, stopped_machine("kcs", server.slot) as software:
        software.connected()
        yield server, software


@pytest.fixture
def protected() -> Iterator[tuple[ModularServer, StoppedMachine]]:
    with modular_server() as server, stopped_machine("kcs", server.slot) as software:
        software.connected()
        yield server, software


def test_without_the_firewall_one_blade_resets_another(
    unprotected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, software = unprotected
    assert_untouched(server)
    assert software.ask(to(BLADE_2, RESET)) == b"\x00"
    said = message_for(software)
    response = ipmi_message.unwrap(bytes((BLADES[0],)) + said[1:])
    assert (said[0], response.rs_addr, response.rq_addr) == (0, BLADE_2, BLADES[0])
    assert (response.netfn, response.cmd, response.data) == (NetFn.CHASSIS | 1, RESET.command.cmd, b"\x00")
    assert_reset(server)


def test_without_the_firewall_it_can_have_its_own_commands_carried_out_there(
    unprotected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, software = unprotected
    assert [software.ask(request(one))[0] for one in FORWARD] == [0, 0]
    assert software.ask(request(RESET)) == b"\x00"
    assert_reset(server)


def test_with_it_d4h_and_the_other_blade_is_untouched(
    protected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, software = protected
    assert software.ask(to(BLADE_2, RESET)) == REFUSED
    assert software.ask(to(BLADE_2, GetDeviceId())) == REFUSED
    assert [software.ask(request(one)) for one in FORWARD] == [REFUSED, REFUSED]
    raw = MasterWriteRead(slave_address=BLADE_2 >> 1, read_count=0, data=to(BLADE_2, RESET)[4:])
    assert software.ask(request(raw)) == REFUSED
    assert software.ask(request(SetEventReceiver(event_receiver=BLADE_2))) == REFUSED
    # Nor by way of itself: what another BMC hands over is not the software's to hand over.
    inner = to(BLADE_2, RESET)
    handed = ForwardedCommand(
        privilege=Privilege(0), channel=1, netfn=NetFn.APP, lun=0, cmd=inner[1], data=inner[2:]
    )
    assert software.ask(request(handed)) == b"\xd5"
    assert software.ask(request(GetMessage())) == b"\x80"
    assert_untouched(server)


def test_with_it_the_software_neither_opens_the_firewall_nor_gives_itself_a_login(
    protected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, software = protected
    everything = SetCommandEnables(channel=0xF, netfn=NetFn.APP, enabled=b"\xff" * 16)
    assert software.ask(request(everything)) == REFUSED
    parts = bytes((NetFn.APP << 2, 0x62, 0x0F, NetFn.CHASSIS, 0, 2)) + b"\xff" * 4
    assert software.ask(parts) == REFUSED
    for command in (0x43, 0x45, 0x47):  # Set User Access, Name, Password
        assert software.ask(bytes((NetFn.APP << 2, command)) + bytes(18)) == REFUSED
    upgrade = bytes((NetFn.GROUP_EXTENSION << 2, 0x31, 0x00, 0x01, 0x02))
    assert software.ask(upgrade) == REFUSED
    # What is its own it has as ever.
    assert software.ask(request(GetDeviceId()))[0] == 0
    assert software.ask(b"\x28\x20")[0] == 0  # Get SDR Repository Info
    assert software.ask(b"\x18\x24\x04\x00\x00\x00\x64\x00") == b"\x00"  # Set Watchdog Timer
    assert software.ask(request(RESET)) == b"\x00"
    software.connected()
    assert server.restart_cause(1) == RESET_BY_COMMAND
    assert_untouched(server)


def test_with_it_the_manager_resets_every_blade(protected: tuple[ModularServer, StoppedMachine]) -> None:
    server, software = protected
    for address in BLADES:
        at = ("-t", f"{address:#04x}", "-b", "0")
        assert "is on" in server.chassis.ipmitool("power", "status", options=at).ok().out
        assert "Reset" in server.chassis.ipmitool("power", "reset", options=at).ok().out
    software.connected()
    assert [server.restart_cause(blade) for blade in (1, 2, 3)] == [RESET_BY_COMMAND] * 3
    assert_reset(server)


def test_who_logs_in_to_a_blade_bridges_by_his_level(
    protected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, _ = protected
    blade, at = server.blades[0], ("-t", f"{BLADE_2:#04x}", "-b", "0")
    refused = blade.ipmitool("power", "reset", options=at, privilege="USER")
    assert refused.code != 0
    command = [sys.executable, "-P", "-m", "baseboard", "ipmitool", *refused.command[1:]]
    ours = run(command, "", 120, {"IPMITOOL_PASSWORD": PASSWORD, "IPMI_PASSWORD": PASSWORD})
    assert (ours.code, ours.out, ours.err) == (refused.code, refused.out, refused.err)
    assert_untouched(server)
    for level in ("OPERATOR", "ADMINISTRATOR"):
        assert "is on" in blade.ipmitool("power", "status", options=at, privilege=level).ok().out
    blade.ipmitool("power", "reset", options=at, privilege="OPERATOR").ok()
    assert_reset(server)


def test_an_administrator_opens_the_door_and_shuts_it_again(
    protected: tuple[ModularServer, StoppedMachine],
) -> None:
    server, software = protected
    blade = server.blades[0]
    blade.ipmitool(*OPEN).ok()
    assert software.ask(to(BLADE_2, GetDeviceId())) == b"\x00"
    assert message_for(software)[0] == 0
    blade.ipmitool(*SHUT).ok()
    assert software.ask(to(BLADE_2, RESET)) == REFUSED
    assert_untouched(server)


@pytest.fixture(scope="module")
def server() -> Iterator[ModularServer]:
    with modular_server() as running:
        yield running


def seen(bmc: Bmc, *options: str) -> list[str]:
    return [row[0] for row in bmc.ipmitool("sdr", "list", options=options).ok().table()]


@pytest.mark.parametrize("blade", [1, 2, 3])
def test_the_manager_reads_the_sensors_of_a_blade(server: ModularServer, blade: int) -> None:
    through = seen(server.chassis, "-t", f"{BLADES[blade - 1]:#04x}", "-b", "0")
    assert through == seen(server.blades[blade - 1])
    assert "CPU Temp" in through


def test_the_managers_repository_has_the_sensors_of_all(server: ModularServer) -> None:
    rows = {row[0]: row[1:] for row in server.chassis.ipmitool("sdr", "elist", "full").ok().table()}
    assert {"Fan 1", "Fan 4", "PSU 2 Power", "Chassis Inlet"} <= set(rows)
    assert [rows[f"{blade}:CPU Temp"][1] for blade in (2, 3)] == ["ok", "ok"]
    assert rows["2:CPU Temp"][3].endswith("degrees C")
    assert rows["1:CPU Temp"][3] == "No Reading"  # there is no machine in slot 1
    locators = server.chassis.ipmitool("sdr", "elist", "mcloc").ok().table()
    assert [row[0] for row in locators] == ["BMC", "blade-1", "blade-2", "blade-3"]
    bridged = server.chassis.freeipmi(
        "ipmi-sensors", "--bridge-sensors", "--no-header-output", privilege="ADMIN"
    )
    read = {row[1]: row[3] for row in bridged.ok().table()}
    assert 40 < float(read["3:CPU Temp"]) < 80


def test_the_inventories_of_a_blade_through_the_manager(server: ModularServer) -> None:
    through = server.chassis.ipmitool("fru", "print", "0", options=("-t", "0x86", "-b", "0")).ok()
    own = server.blades[2].ipmitool("fru", "print", "0").ok()
    assert through.out == own.out
    assert own.values["Product Asset Tag"] == "blade-3"
    assert server.chassis.ipmitool("fru", "print", "1").ok().values["Product Serial"] == "PS2000021"


def test_the_inventories_of_all_by_the_managers_records(server: ModularServer) -> None:
    theirs = server.chassis.ipmitool("fru", "print").ok()
    command = [sys.executable, "-P", "-m", "baseboard", "ipmitool", *theirs.command[1:]]
    ours = run(command, "", 120, {"IPMITOOL_PASSWORD": PASSWORD, "IPMI_PASSWORD": PASSWORD})
    assert ours.out == theirs.out
    tags = [line.partition(":")[2].strip() for line in theirs.lines if line.startswith("Product Asset Tag")]
    assert tags == ["blade-1", "blade-2", "blade-3"]
    bridged = server.chassis.freeipmi("ipmi-fru", "--bridge-fru", privilege="ADMIN").ok().out
    for name in ("PSU 2 (ID 02h)", "blade-3 (ID 00h)", "2:Mezzanine (ID 01h)"):
        assert f"FRU Inventory Device: {name}" in bridged


def test_the_manager_logs_what_happens_to_blades_with_their_names(server: ModularServer) -> None:
    server.chassis.ipmitool("sel", "clear").ok()
    blade = server.blades[2]
    blade.ipmitool("power", "cycle").ok()
    (line,) = eventually(lambda: logged(server, "3:Boot Initiated"), lambda found: len(found) == 1)
    number = line.split("|")[0].strip()
    entry = server.chassis.ipmitool("sel", "get", f"0x{number}").ok().values
    assert entry["Generator ID"] == "0086"
    assert logged(server, "3:System State") != []
    names = server.chassis.freeipmi("ipmi-sel", "--no-header-output", privilege="ADMIN").ok()
    assert "3:Boot Initiated" in {row[3] for row in names.table()}
    assert "Boot" not in blade.ipmitool("sel", "elist").ok().out
