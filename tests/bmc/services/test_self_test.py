"""The controller's test of itself."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.commands.app.device import SelfTestFailure as Failure
from baseboard.commands.app.device import SelfTestResult
from baseboard.records.fru import BoardArea, build_fru
from tests.bmc.harness import make_bmc

GOOD = build_fru(internal=b"\x01" + bytes(7), board=BoardArea(manufacturer="M", product_name="P"), size=128)


def corrupt(at: int, value: int) -> bytes:
    return GOOD[:at] + bytes((value,)) + GOOD[at + 1 :]


@pytest.mark.parametrize(
    ("image", "failures"),
    [
        (GOOD, Failure(0)),
        (corrupt(8, 0x02), Failure.INTERNAL_USE_AREA_CORRUPT),
        (corrupt(0, 0x07), Failure.BMC_FRU_INACCESSIBLE),
        (corrupt(24, GOOD[24] ^ 1), Failure.BMC_FRU_INACCESSIBLE),
        (bytes(4), Failure.BMC_FRU_INACCESSIBLE),
    ],
    ids=["good", "internal use", "header", "board", "short"],
)
def test_the_inventory_of_the_controller(image: bytes, failures: Failure) -> None:
    test = make_bmc(frus=(FruSpec(0, "Board", image),)).services.self_test
    assert test.failures & failures == failures
    assert bool(test.failures) == bool(failures)
    assert test.result == (SelfTestResult.CORRUPTED if failures else SelfTestResult.PASSED)


def test_other_inventories_are_not_its_business() -> None:
    assert not make_bmc(frus=(FruSpec(1, "Riser", b"\xff" * 64),)).services.self_test.failures


def test_a_record_whose_length_is_wrong_is_found() -> None:
    bmc = make_bmc()
    bmc.services.sdr._rows[1] = b"\x01\x00\x51\xc0\x09\x00"  # as a damaged store may have left it
    bmc.services.self_test.look()
    assert bmc.services.self_test.failures == Failure.SDR_REPOSITORY_INACCESSIBLE
