"""The services of one BMC together: what restarts and power do to all of them (§20.2, §20.3, §22.22)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.context import Services
from baseboard.codes import ChassisControl, RestartCause
from baseboard.commands.app.device import ColdReset, WarmReset
from baseboard.commands.parameters import sol, system_info
from baseboard.commands.parameters.lan import BadPasswordThreshold
from baseboard.errors import CompletionError
from baseboard.rmcp.console_events import LoginFailed
from baseboard.rmcp.login import Login
from baseboard.rmcp.session import Reason
from baseboard.rmcp.sol_console import ConsoleNotice
from tests.bmc.consoles import LAN, VIEWER, LanBench, make_lan_bmc
from tests.bmc.harness import make_bmc

APP, TRANSPORT = 0x06, 0x0C
COMMAND = RestartCause.CHASSIS_CONTROL
OS_NAME = 4


def claim(bmc: LanBench) -> None:
    """Set what is volatile: claims, channel access, the name of the running system, SOL's bit rate."""
    services: Services = bmc.services
    for netfn, cmd, data in (
        (TRANSPORT, 0x01, "01 00 01"),
        (TRANSPORT, 0x21, "01 00 01"),
        (APP, 0x58, "00 01"),
    ):
        assert bmc.raw(netfn, cmd, bytes.fromhex(data)) == b"\0"
    services.channels.set_access(LAN, stored=False, limit=3)
    services.system_info.set_block(OS_NAME, 0, system_info.split(b"Linux")[0])


def claims(bmc: LanBench) -> list[int]:
    """Set In Progress of LAN, SOL and system info."""
    asked = (TRANSPORT, 0x02, "01 00 00 00"), (TRANSPORT, 0x22, "01 00 00 00"), (APP, 0x59, "00 00 00 00")
    return [bmc.raw(netfn, cmd, bytes.fromhex(data))[2] for netfn, cmd, data in asked]


@pytest.mark.parametrize("action", [ChassisControl.POWER_DOWN, ChassisControl.HARD_RESET])
def test_22_22_a_restart_of_the_system_ends_what_is_volatile(action: ChassisControl) -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    claim(bmc)
    assert claims(bmc) == [1, 1, 1]
    bmc.services.chassis.control(action, COMMAND)
    assert claims(bmc) == [0, 0, 0]
    assert bmc.services.channels.access(LAN).limit == 4
    assert bmc.services.system_info.block(OS_NAME, 0) == bytes(16)


def test_22_22_power_that_comes_ends_nothing() -> None:
    bmc = make_lan_bmc()
    claim(bmc)
    bmc.services.chassis.control(ChassisControl.POWER_UP, COMMAND)
    assert claims(bmc) == [1, 1, 1]
    assert bmc.services.channels.access(LAN).limit == 3


def test_22_22_sessions_keep_to_the_access_that_a_restart_brings_back() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console = bmc.login()
    console.activate_sol()
    bmc.services.channels.set_access(LAN, stored=True, limit=2)
    bmc.power.reset()
    assert (console.session.privilege, console.session.max_privilege) == (2, 2)
    bmc.services.channels.set_access(LAN, stored=True, mode=0)
    bmc.power.turn_off()
    bmc.settle()
    assert not console.alive
    assert console.notices[-1] is ConsoleNotice.DEACTIVATED


def test_22_22_whoever_disables_the_own_channel_hears_that_it_is_done() -> None:
    bmc = make_lan_bmc()
    console, other = bmc.login(), bmc.login()
    assert console.ask(APP, 0x40, bytes.fromhex("0e 80 00")) == b"\0"
    assert (console.alive, other.alive) == (False, False)


def test_22_22_a_channel_without_endpoint_has_no_session_to_end() -> None:
    bmc = make_bmc()
    bmc.services.hold_to_access(LAN)
    assert bmc.services.tables == {}


def settled(bmc: LanBench) -> LanBench:
    """A BMC with something in every part that a reset concerns."""
    bmc.power.turn_on()
    claim(bmc)
    services: Services = bmc.services
    services.channels.reload()
    services.messaging.enables = 0x0F
    services.watchdog.configure(timer_use=4, interrupt=0, action=0, pretimeout_s=0, initial=6000)
    services.watchdog.start()
    services.sol.set_parameter(sol.VolatileBitRate(bit_rate=sol.BitRate.BPS_9600))
    return bmc


def test_20_2_a_cold_reset_ends_sessions_and_brings_the_defaults_back() -> None:
    bmc = settled(make_lan_bmc())
    console, services = bmc.login(), bmc.services
    console.activate_sol()
    services.sol.set_parameter(sol.VolatileBitRate(bit_rate=sol.BitRate.BPS_9600))
    held = services.sel.reservation.take(), services.sdr.reservation.take()
    console.execute(ColdReset())
    assert console.alive
    bmc.advance(1)
    assert not console.alive
    assert console.notices == [ConsoleNotice.DEACTIVATED]
    for reservation, number in zip((services.sel.reservation, services.sdr.reservation), held, strict=True):
        with pytest.raises(CompletionError, match="^C5h"):
            reservation.check(number)
    assert claims(bmc)[:2] == [0, 0]
    assert services.messaging.enables == 0x08
    assert not services.watchdog.running
    assert services.sol.parameters.get(6) == services.sol.parameters.get(5)
    bmc.advance(5)
    assert bmc.login().alive


def test_20_3_a_warm_reset_ends_sessions_and_keeps_the_configuration() -> None:
    bmc = settled(make_lan_bmc())
    console, services = bmc.login(), bmc.services
    console.execute(WarmReset())
    bmc.advance(1)
    assert not console.alive
    assert claims(bmc) == [1, 1, 1]
    assert services.messaging.enables == 0x0F
    assert services.watchdog.running
    assert services.sol.parameters.get(6) == b"\x06"


def test_a_reset_over_the_system_interface_needs_no_lan() -> None:
    bmc = make_bmc()
    bmc.execute(ColdReset())
    bmc.advance(10)
    assert not bmc.services.device.initializing


@pytest.mark.parametrize(("sensors", "number"), [((), 0), ((SensorSpec(0x75, "Audit", 0x2A, 0x6F),), 0x75)])
def test_lan_parameter_26_a_lock_out_is_logged_as_session_audit(
    sensors: tuple[SensorSpec, ...], number: int
) -> None:
    bmc = make_lan_bmc(sensors=sensors)
    bmc.services.lan.set(
        BadPasswordThreshold(threshold=2, reset_interval=0, lockout_interval=0, log_event=True)
    )
    terminal = bmc.attempt(Login(username=VIEWER.name, password=b"wrong", privilege=2), version=15)
    assert isinstance(terminal.events[-1], LoginFailed)
    assert len(bmc.services.sel) == 1
    # Table 42-3, 2Ah offset 03h: user ID in data 2, channel in data 3
    assert bmc.services.sel.read(0)[0][10:] == bytes((0x2A, number, 0x6F, 0xF3, VIEWER.user_id, LAN))


def test_a_session_that_is_ended_by_others_learns_that_its_sol_is_over() -> None:
    bmc = make_lan_bmc()
    bmc.power.turn_on()
    console, bystander = bmc.login(), bmc.login()
    console.activate_sol()
    bmc.services.end_session(bystander.session)
    assert bmc.services.sol.owner is console.session
    bmc.services.end_session(console.session, Reason.CLOSED)
    bmc.settle()
    assert (console.alive, console.notices) == (False, [ConsoleNotice.DEACTIVATED])
    assert bmc.services.sol.owner is None


def test_every_timer_ends_with_the_bmc() -> None:
    bmc = settled(make_lan_bmc(sensors=(SensorSpec(1, "Temp", 1),)))
    bmc.login().activate_sol()
    bmc.serial.say(b"some text")
    bmc.services.chassis.identify.shine()
    bmc.services.device.reset(cold=True)
    bmc.services.sel.clear()
    assert bmc.clock.next_due() is not None
    bmc.endpoint.close()
    bmc.services.stop()
    assert bmc.clock.next_due() is None
