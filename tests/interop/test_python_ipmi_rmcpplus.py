"""python-ipmi's RMCP+ interface manages servers by every suite that it has right.

It makes K1 and K2 of SHA-256 suites from constants of 32 bytes, not 20, so of those only suite 15 works,
which uses neither key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests import peers
from tests.interop.lab import Bmc, Lab, lab
from tests.interop.lineup import analog

KEY = bytes(range(0xA0, 0xB4))
SERVER_CHANNEL = 1


def library() -> Any:
    """The library, if it is there."""
    peers.require("python-ipmi")
    import pyipmi.chassis
    import pyipmi.errors
    import pyipmi.interfaces

    return pyipmi


@contextmanager
def connection(bmc: Bmc, suite: int = 3, password: str = "", key: bytes | None = None) -> Iterator[Any]:
    """A session of python-ipmi."""
    pyipmi = library()
    interface = pyipmi.interfaces.create_interface(
        "rmcpplus", keep_alive_interval=0, cipher_suite=suite, kg=key
    )
    made = pyipmi.create_connection(interface)
    made.target = pyipmi.Target(ipmb_address=0x20)
    made.session.set_session_type_rmcp(bmc.address, bmc.port)
    made.session.set_auth_type_user(bmc.username, password or bmc.password)
    with closing(interface):
        made.open()
        try:
            yield made
        finally:
            made.session.close()


@pytest.fixture(scope="module")
def rack() -> Iterator[Bmc]:
    with lab("--count", "1") as running:
        yield running[0]


@pytest.mark.parametrize("suite", [1, 2, 3, 15])
def test_suites(shared_lab: Lab, suite: int) -> None:
    with connection(shared_lab.weak, suite) as ipmi:
        device = ipmi.get_device_id()
        assert (device.product_id, str(device.fw_revision)) == (0x0303, "1.12")


def test_two_keys(keyed_lab: Lab) -> None:
    refused = library().errors.AuthenticationError
    with connection(keyed_lab[0], key=KEY) as ipmi:
        assert ipmi.get_device_id().product_id == 0x0101
    for key in (None, KEY[::-1]):
        with pytest.raises(refused), connection(keyed_lab[0], key=key):
            pass


def test_a_wrong_password(rack: Bmc) -> None:
    with pytest.raises(library().errors.AuthenticationError), connection(rack, password="wrong"):
        pass


def test_sensors_and_records(rack: Bmc) -> None:
    with connection(rack) as ipmi:
        records = ipmi.get_repository_sdr_list()
        assert len(records) == ipmi.get_sdr_repository_info().record_count
        full = {record.device_id_string: record for record in records if record.type == 1}
        values = {
            name: record.convert_sensor_raw_to_value(ipmi.get_sensor_reading(record.number)[0])
            for name, record in full.items()
        }
        assert len(values) == analog(0)
        assert 40 < values["CPU1 Temp"] < 65
        assert values["3.3V"] == pytest.approx(3.3, abs=0.15)
        assert 4800 < values["Fan 6"] < 6000
        fan = full["Fan 6"]
        thresholds = ipmi.get_sensor_thresholds(fan.number)
        assert [fan.convert_sensor_raw_to_value(thresholds[name]) for name in ("lnc", "lcr", "lnr")] == [
            1500,
            1200,
            900,
        ]


def test_events_are_added_read_and_cleared(rack: Bmc) -> None:
    with connection(rack) as ipmi:
        ipmi.clear_sel()
        before = ipmi.get_sel_entries_count()
        ipmi.send_platform_event(0x01, 0x03, 0x01, event_data=[0x59, 0xB8, 0xB4])
        assert ipmi.get_sel_entries_count() == before + 1
        latest = ipmi.get_sel_entries()[-1]
        assert (latest.sensor_type, latest.sensor_number) == (0x01, 0x03)
        assert list(latest.event_data) == [0x59, 0xB8, 0xB4]
        ipmi.clear_sel()
        (cleared,) = ipmi.get_sel_entries()
        offset = next(iter(cleared.event_data)) & 0x0F
        assert (cleared.sensor_type, offset) == (0x10, 2)


def test_inventory_users_and_lan(rack: Bmc) -> None:
    with connection(rack) as ipmi:
        inventory = ipmi.get_fru_inventory(1)
        assert str(inventory.board_info_area.product_name) == "Power supply 750 W"
        assert str(inventory.product_info_area.serial_number) == "PS75000001"
        assert ipmi.get_lan_channel() == SERVER_CHANNEL
        assert (ipmi.get_ip_address(), ipmi.get_ip_source()) == ("127.0.0.1", "static")
        ipmi.set_vlan_id(77)
        assert ipmi.get_vlan_id() == 77
        assert bytes(ipmi.get_username(2)).rstrip(b"\0") == b"admin"
        access = ipmi.get_user_access(2, SERVER_CHANNEL)
        assert (access.privilege_level.value, access.ipmi_messaging) == ("administrator", True)


def test_power_and_boot_device(rack: Bmc) -> None:
    pxe = library().chassis.BootDevice.PXE
    with connection(rack) as ipmi:
        ipmi.set_boot_options(pxe, "efi", True)
        assert (ipmi.get_boot_device(), ipmi.get_boot_mode()) == (pxe, "efi")
        assert ipmi.get_boot_persistency()
        ipmi.chassis_control_power_down()
        assert not ipmi.get_chassis_status().power_on
        ipmi.chassis_control_power_up()
        assert ipmi.get_chassis_status().power_on
