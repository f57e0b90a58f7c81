"""python-ipmi's rmcp interface, which is IPMI v1.5, manages the old board (RMCP+ is in its own module)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests import peers
from tests.interop.lab import LANS, Bmc, described_lab, lab
from tests.interop.patience import eventually

LAN = 1


@pytest.fixture(scope="module", params=["default", "strict"])
def board(request: pytest.FixtureRequest) -> Iterator[Bmc]:
    with lab() if request.param == "default" else described_lab(LANS, strict=True) as running:
        yield running.weak


@contextmanager
def connection(bmc: Bmc, username: str = "", password: str = "") -> Iterator[Any]:
    """A session with the board."""
    peers.require("python-ipmi")
    import pyipmi
    import pyipmi.interfaces

    interface = pyipmi.interfaces.create_interface("rmcp", keep_alive_interval=0)
    made = pyipmi.create_connection(interface)
    made.target = pyipmi.Target(ipmb_address=0x20)
    made.session.set_session_type_rmcp(bmc.address, bmc.port)
    made.session.set_auth_type_user(username or bmc.username, password or bmc.password)
    with closing(interface):
        made.open()
        try:
            yield made
        finally:
            made.close()


def test_the_device_id_and_the_guid(board: Bmc) -> None:
    with connection(board) as ipmi:
        device = ipmi.get_device_id()
        assert (device.device_id, device.revision) == (0x20, 1)
        assert str(device.fw_revision) == "1.12"
        assert str(device.ipmi_version) == "2.0"
        assert {"chassis", "sel", "sdr_repository", "fru_inventory", "sensor"} <= set(
            device.supported_functions
        )
        told = board.ipmitool("mc", "guid", interface="lan").ok().values["System GUID"]
        assert str(ipmi.get_device_guid().device_guid_string).lower() == told.lower()


def test_power(board: Bmc) -> None:
    with connection(board) as ipmi:
        ipmi.chassis_control_power_down()
        eventually(lambda: ipmi.get_chassis_status().power_on, lambda on: not on)
        ipmi.chassis_control_power_up()
        eventually(lambda: ipmi.get_chassis_status().power_on, bool)
        ipmi.chassis_control_power_cycle()
        eventually(lambda: ipmi.get_chassis_status().power_on, bool)
        ipmi.chassis_control_hard_reset()
        assert ipmi.get_chassis_status().power_on
        status = ipmi.get_chassis_status()
        assert [status.overload, status.fault, status.control_fault] == [False, False, False]


def test_the_boot_device(board: Bmc) -> None:
    with connection(board) as ipmi:
        for device, mode, for_good in (("PXE", "legacy", False), ("CD", "efi", True)):
            ipmi.set_boot_options(boot_device(device), mode, for_good)
            assert ipmi.get_boot_device() == boot_device(device)
            assert (ipmi.get_boot_mode(), ipmi.get_boot_persistency()) == (mode, for_good)
        assert (
            board.ipmitool("chassis", "bootparam", "get", "5", interface="lan").ok().out.count("CD/DVD") == 1
        )


def boot_device(name: str) -> Any:
    from pyipmi.chassis import BootDevice

    return BootDevice[name]


def test_sensors_by_their_sdrs_read_as_ipmitool_reads_them(board: Bmc) -> None:
    board.ipmitool("power", "on", interface="lan")
    rows = {row[0]: row for row in board.ipmitool("sensor", "list", interface="lan").ok().table()}
    with connection(board) as ipmi:
        analog = {}
        for sdr in ipmi.sdr_repository_entries():
            if sdr.type == 0x01:
                raw, _ = ipmi.get_sensor_reading(sdr.number)
                analog[sdr.device_id_string] = None if raw is None else sdr.convert_sensor_raw_to_value(raw)
        thresholds = ipmi.get_sensor_thresholds(0x01)
        ipmi.set_sensor_thresholds(0x01, unc=thresholds["unc"] - 4)
        assert ipmi.get_sensor_thresholds(0x01) == {**thresholds, "unc": thresholds["unc"] - 4}
        ipmi.set_sensor_thresholds(0x01, unc=thresholds["unc"])
    assert {"CPU Temp", "+12V", "FAN1"} <= set(analog)
    compared = 0
    for name, value in analog.items():
        printed = rows[name][1]
        # A sensor of a host that has just started may have nothing to show yet.
        if value is not None and re.fullmatch(r"-?[\d.]+", printed):
            compared += 1
            assert value == pytest.approx(float(printed), rel=0.15, abs=3)
    assert compared >= 6


def test_the_event_log(board: Bmc) -> None:
    with connection(board) as ipmi:
        ipmi.clear_sel()
        before = ipmi.get_sel_entries_count()
        ipmi.send_platform_event(0x01, 0x01, 0x01, event_data=[0x57, 0x60, 0x5A])
        entries = ipmi.get_sel_entries()
        assert len(entries) == ipmi.get_sel_entries_count() == before + 1
        newest = entries[-1]
        assert (newest.type, newest.sensor_type, newest.sensor_number) == (2, 0x01, 0x01)
        assert bytes(newest.event_data) == bytes((0x57, 0x60, 0x5A))
        ipmi.delete_sel_entry(newest.record_id, ipmi.get_sel_reservation_id())
        assert ipmi.get_sel_entries_count() == before


def test_the_inventory_is_read_and_written(board: Bmc) -> None:
    with connection(board) as ipmi:
        inventory = ipmi.get_fru_inventory(0)
        assert str(inventory.board_info_area.manufacturer) == "BASEBOARD"
        assert str(inventory.product_info_area.name) == "Baseboard Lab V1"
        size = ipmi.get_fru_inventory_area_info(0)
        end = bytes(ipmi.read_fru_data(size - 4, 4))
        ipmi.write_fru_data(b"TEST", size - 4)
        assert bytes(ipmi.read_fru_data(size - 4, 4)) == b"TEST"
        ipmi.write_fru_data(end, size - 4)


def test_users(board: Bmc) -> None:
    from pyipmi.messaging import UserPrivilegeLevel

    with connection(board) as ipmi:
        ipmi.set_username(6, "sixth")
        ipmi.set_user_password(6, "sixthpass")
        ipmi.set_user_access(6, True, False, False, UserPrivilegeLevel.ADMINISTRATOR, channel=LAN)
        ipmi.enable_user(6)
        assert bytes(ipmi.get_username(6)).rstrip(b"\0") == b"sixth"
        assert ipmi.get_user_access(6, LAN).ipmi_messaging
    with connection(board, "sixth", "sixthpass") as ipmi:
        assert ipmi.get_device_id().device_id == 0x20
    with connection(board) as ipmi:
        ipmi.disable_user(6)
        assert ipmi.get_user_access(6, LAN).enabled_status == 2


def test_the_lan_and_raw_requests(board: Bmc) -> None:
    with connection(board) as ipmi:
        assert ipmi.get_ip_address(LAN) == "127.0.0.1"
        assert ipmi.get_ip_source(LAN) == "static"
        ipmi.set_vlan_id(100, LAN)
        assert ipmi.get_vlan_id(LAN) == 100
        ipmi.set_vlan_id(0, LAN)
        assert bytes(ipmi.send_raw(0, 6, b"\x01"))[0:2] == b"\x00\x20"


def test_the_watchdog(board: Bmc) -> None:
    from pyipmi.bmc import Watchdog

    with connection(board) as ipmi:
        watchdog = Watchdog()
        watchdog.timer_use, watchdog.timeout_action, watchdog.initial_countdown = 4, 0, 600
        watchdog.dont_stop = watchdog.dont_log = False
        watchdog.pre_timeout_interrupt = watchdog.pre_timeout_interval = 0
        watchdog.timer_use_expiration_flags = 0
        ipmi.set_watchdog_timer(watchdog)
        ipmi.reset_watchdog_timer()
        seen = ipmi.get_watchdog_timer()
        assert (seen.is_running, seen.timer_use, seen.initial_countdown) == (True, 4, 600)
        assert 0 < seen.present_countdown <= 600
        ipmi.set_watchdog_timer(watchdog)
        assert not ipmi.get_watchdog_timer().is_running


def test_a_wrong_password_opens_no_session(board: Bmc) -> None:
    with pytest.raises(Exception, match="Max retry"), connection(board, password="wrong"):
        raise AssertionError("a session was opened")
