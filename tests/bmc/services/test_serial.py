"""The serial channel's state: routing, response codes, SOL's part of the line (§14, §25)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.services.serial import Serial
from baseboard.bmc.services.serial_mux import ALWAYS, SHARED
from baseboard.commands.parameters.serial import LineRate, MessagingCommSettings
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench
from tests.serial_line import bench


def shared(access: int = SHARED) -> Bench:
    return bench(serial=SerialSpec(sharing=True, access=access))


def test_a_bmc_without_a_serial_channel_has_none_of_it() -> None:
    assert bench(serial=None).services.serial is None


@pytest.mark.parametrize(("modes", "support"), [(1, 1), (5, 1), (2, 2), (3, 3), (7, 3)])
def test_22_24_with_ppp_there_may_be_several_sessions(modes: int, support: int) -> None:
    serial: Serial = bench(serial=SerialSpec(modes=modes)).services.serial
    assert serial.session_support == support
    assert not serial.packets


def test_25_4_the_last_five_codes_the_newest_first() -> None:
    serial: Serial = bench().services.serial
    assert serial.last_codes() == [b"000"] * 5
    for code in (b"110", b"211", b"115"):
        serial.page_answered(code)
    assert serial.last_codes() == [b"115", b"211", b"110", b"000", b"000"]
    for number in range(200, 206):
        serial.page_answered(str(number).encode())
    assert serial.last_codes() == [b"205", b"204", b"203", b"202", b"201"]
    serial.page_began()
    assert serial.last_codes() == [b"000"] * 5


def test_25_13_the_routing_survives_the_bmc() -> None:
    made = bench()
    made.services.serial.route(1)
    assert made.services.serial.mux.routing == 1
    again = made.reopen()
    assert again.services.serial.mux.routing == 1
    again.services.serial.route(0)
    assert again.reopen().services.serial.mux.routing == 0


def test_25_13_what_cannot_be_routed() -> None:
    made = bench()
    with pytest.raises(CompletionError) as error:
        made.services.serial.route(2)
    assert error.value.code == 0xC9
    made.backend.serial = None
    with pytest.raises(CompletionError) as error:
        made.services.serial.route(1)
    assert error.value.code == 0xD5


def test_15_3_sol_has_the_hosts_first_port_by_way_of_the_mux() -> None:
    made = shared()
    sol, mux = made.services.sol, made.services.serial.mux
    assert sol.ports(1) is mux
    assert sol.ports(2) is None


def test_26_5_sol_can_have_the_speed_of_the_channel() -> None:
    made = shared()
    rate = made.services.sol.parameters.serial_rate
    assert rate() == 19200
    made.services.serial.parameters.set(MessagingCommSettings(bit_rate=LineRate.BPS_57600))
    assert rate() == 57600


def test_14_2_power_and_resets_of_the_system_reach_the_mux() -> None:
    made = shared(ALWAYS)
    mux, power = made.services.serial.mux, made.backend.power
    assert power is not None
    power.turn_on()
    for event in (power.reset, power.turn_off):
        mux.give()
        mux.to_bmc_blocked = True
        event()
        assert (mux.at_bmc, mux.to_bmc_blocked) == (True, False)


def test_25_1_a_restart_ends_set_in_progress() -> None:
    made = bench()
    assert made.backend.power is not None
    assert made.raw(0x0C, 0x10, b"\x02\x00\x01") == b"\0"
    made.backend.power.turn_on()
    made.backend.power.turn_off()
    assert made.services.serial.parameters.get(0) == b"\0"


def test_22_22_access_that_changes_reaches_the_mux() -> None:
    made = shared(ALWAYS)
    assert made.services.serial.mux.at_bmc
    assert made.raw(0x06, 0x40, bytes((2, 0x80 | SHARED, 0))) == b"\0"
    assert not made.services.serial.mux.at_bmc


def test_25_4_sharing_that_is_switched_off_gives_the_line_to_the_bmc() -> None:
    made = shared()
    assert not made.services.serial.mux.at_bmc
    assert made.raw(0x0C, 0x10, b"\x02\x08\x00\x00") == b"\0"
    assert made.services.serial.mux.at_bmc
