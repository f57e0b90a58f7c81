"""Device commands: optional bytes and codes of the device's own (§20)."""

from __future__ import annotations

from baseboard.commands.app.device import (
    AcpiSystemState,
    GetSelfTestResultsResponse,
    ManufacturingTestOn,
    SelfTestFailure,
    SelfTestResult,
    SetAcpiPowerState,
)
from tests.commands.lengths import takes


def test_a_device_may_have_self_test_results_of_its_own() -> None:
    own = GetSelfTestResultsResponse.decode(b"\x42\x17")
    assert own.result == 0x42
    assert not own.result.known
    assert own.encode() == b"\x42\x17"


def test_self_test_bits_are_those_of_the_table() -> None:
    assert GetSelfTestResultsResponse(
        result=SelfTestResult.CORRUPTED,
        failures=SelfTestFailure.SEL_INACCESSIBLE | SelfTestFailure.OPERATIONAL_FIRMWARE_CORRUPT,
    ).encode() == bytes((0x57, 0x81))


def test_acpi_states_are_left_unless_set() -> None:
    assert SetAcpiPowerState().encode() == b"\x7f\x7f"
    assert (
        SetAcpiPowerState(set_system_state=True, system_state=AcpiSystemState.S5_G2).encode() == b"\x85\x7f"
    )
    takes(SetAcpiPowerState, 2)


def test_the_manufacturing_test_takes_anything() -> None:
    takes(ManufacturingTestOn, *range(25))
