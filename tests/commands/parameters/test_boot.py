"""Boot options bit by bit (Table 28-14)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.codes import BootDevice
from baseboard.commands.parameters.boot import (
    BiosMuxControl,
    BiosVerbosity,
    BootFlags,
    BootFlagValidBitClearing,
    BootHandler,
    BootInfoAcknowledge,
    BootParameter,
    ConsoleRedirection,
)
from baseboard.errors import EncodeError
from baseboard.wire import Unknown

FLAGS = [
    ("valid", True, "8000000000"),
    ("persistent", True, "4000000000"),
    ("efi", True, "2000000000"),
    ("clear_cmos", True, "0080000000"),
    ("lock_keyboard", True, "0040000000"),
    ("device", BootDevice.PXE, "0004000000"),
    ("device", BootDevice.CD_DVD, "0014000000"),
    ("device", BootDevice.BIOS_SETUP, "0018000000"),
    ("device", BootDevice.FLOPPY, "003C000000"),
    ("screen_blank", True, "0002000000"),
    ("lock_out_reset_buttons", True, "0001000000"),
    ("lock_out_power_button", True, "0000800000"),
    ("verbosity", BiosVerbosity.QUIET, "0000200000"),
    ("verbosity", BiosVerbosity.VERBOSE, "0000400000"),
    ("force_progress_event_traps", True, "0000100000"),
    ("user_password_bypass", True, "0000080000"),
    ("lock_out_sleep_button", True, "0000040000"),
    ("console_redirection", ConsoleRedirection.SUPPRESS, "0000010000"),
    ("console_redirection", ConsoleRedirection.REQUEST_ENABLE, "0000020000"),
    ("bios_shared_mode_override", True, "0000000800"),
    ("bios_mux_control", BiosMuxControl.FORCE_TO_BMC, "0000000100"),
    ("bios_mux_control", BiosMuxControl.FORCE_TO_SYSTEM, "0000000200"),
    ("device_instance", 0x1F, "000000001F"),
]


@pytest.mark.parametrize(("field", "value", "text"), FLAGS)
def test_each_boot_flag_alone(field: str, value: Any, text: str) -> None:
    flags = BootFlags(**{field: value})
    assert flags.encode() == bytes.fromhex(text)
    assert BootFlags.decode(bytes.fromhex(text)) == flags


def test_every_boot_flag_is_tried() -> None:
    assert {field for field, _, _ in FLAGS} == set(BootFlags.__match_args__)


@pytest.mark.parametrize(
    ("field", "bit"),
    [
        ("keep_on_pef", 0x10),
        ("keep_on_timeout", 0x08),
        ("keep_on_watchdog", 0x04),
        ("keep_on_reset", 0x02),
        ("keep_on_power_up", 0x01),
    ],
)
def test_each_exception_from_valid_bit_clearing(field: str, bit: int) -> None:
    assert BootFlagValidBitClearing(**{field: True}).encode() == bytes((bit,))
    assert getattr(BootFlagValidBitClearing.decode(bytes((bit,))), field)


def test_what_ironic_writes_is_no_60_second_clearing() -> None:
    assert BootParameter.unpack(b"\x03\x08") == BootFlagValidBitClearing(keep_on_timeout=True)


def test_reserved_bits_of_the_acknowledge_survive() -> None:
    acknowledge = BootInfoAcknowledge.decode(b"\xff\xe1")
    assert acknowledge.pending & BootHandler.BIOS_POST
    assert not acknowledge.pending & BootHandler.SMS
    assert acknowledge.encode() == b"\xff\xe1"


def test_the_numbers_of_the_options() -> None:
    assert [BootParameter.members()[number].__name__ for number in range(8)] == [
        "SetInProgress",
        "ServicePartitionSelector",
        "ServicePartitionScan",
        "BootFlagValidBitClearing",
        "BootInfoAcknowledge",
        "BootFlags",
        "BootInitiatorInfo",
        "BootInitiatorMailbox",
    ]
    assert BootParameter.unpack(b"\x08\x01") == Unknown(selector=8, raw=b"\x01")


def test_an_instance_beyond_five_bits() -> None:
    with pytest.raises(EncodeError):
        BootFlags(device_instance=0x20)
