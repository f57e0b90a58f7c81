"""Serial/modem parameters: what is kept, what is refused (§25.1, §25.2)."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.services.serial_parameters import SerialParameters
from baseboard.commands.parameters.serial import ConnectionMode, SerialParameter
from baseboard.commands.parameters.serial_dialing import TapPassword
from baseboard.errors import CompletionError
from tests.serial_line import bench


def parameters(**makeup: Any) -> SerialParameters:
    found: SerialParameters = bench(**makeup).services.serial.parameters
    return found


def put(kept: SerialParameters, selector: int, data: str) -> None:
    parameter = SerialParameter.parse(selector, bytes.fromhex(data), True)
    assert isinstance(parameter, SerialParameter)
    kept.set(parameter)


def refused(kept: SerialParameters, selector: int, data: str) -> int:
    with pytest.raises(CompletionError) as error:
        put(kept, selector, data)
    return int(error.value.code)


@pytest.mark.parametrize(
    ("selector", "data"),
    [
        (2, "0400100400"), (3, "81"), (4, "0f"), (5, "0301ffff01"), (6, "00"), (7, "6009"), (8, "7f0f"),
        (9, "3f0f"), (14, "05"), (15, "61" * 18), (17, "0380040221"), (18, "1e"), (19, "015a07"),
        (23, "02c0000201"), (25, "0112"), (28, "0201503131000000002211330000"), (30, "050711"), (31, "0102"),
        (32, "0304"), (33, "01"), (34, "62" * 16), (35, "0000000000000001"), (36, "00000002"),
        (38, "0101"), (39, "01c0000202"), (43, "0102"), (44, "0105"), (45, "c0000201c0000202"),
        (48, "c0000203"), (54, "010503000600"),
    ],
)  # fmt: skip
def test_25_1_what_is_set_is_read_and_survives_the_bmc(selector: int, data: str) -> None:
    made = bench()
    put(made.services.serial.parameters, selector, data)
    set_selector = bytes.fromhex(data)[0] if selector in (17, 19, 23, 25, 28, 38, 39, 43, 44) else 0
    assert made.services.serial.parameters.get(selector, set_selector).hex() == data
    again = made.reopen().services.serial.parameters
    assert again.get(selector, set_selector).hex() == data


@pytest.mark.parametrize(
    ("selector", "data", "read"),
    [
        (10, "024154", "0241540000000000000000000000000000"),
        (11, "2d", "2d00000000"),
        (13, "415444543d", "415444543d000000"),
        (21, "030235", "030235000000000000000000000000000000"),
        (27, "0231", "0231000000000000000000000000000000"),
        (40, "0161", "0161000000000000000000000000000000"),
        (49, "0239", "0239000000000000000000000000000000"),
    ],
)
def test_25_4_strings_are_padded_and_put_together_of_their_blocks(
    selector: int, data: str, read: str
) -> None:
    kept = parameters()
    put(kept, selector, data)
    first, second = (*bytes.fromhex(data), 0)[:2]
    if selector == 21:
        assert kept.get(selector, first, second).hex() == read
    elif selector in (10, 49):
        assert kept.get(selector, 0, first).hex() == kept.get(selector, first, 0).hex() == read
    else:
        assert kept.get(selector, first if selector in (27, 40) else 0).hex() == read


def test_25_4_a_string_of_several_blocks_ends_with_its_first_nul() -> None:
    kept = parameters()
    put(kept, 21, "0101" + b"1234567890123456".hex())
    put(kept, 21, "0102" + b"789".hex())
    assert kept.text(21, 1) == b"1234567890123456789"
    assert kept.text(10) == b"ATE1Q0V1X4&D0S0=0"
    assert kept.text(11) == b"+++"


@pytest.mark.parametrize(
    ("selector", "data", "code"),
    [
        (1, "17", 0x82), (16, "01", 0x82), (20, "01", 0x82), (22, "01", 0x82), (24, "01", 0x82),
        (37, "01", 0x82), (46, "0000", 0x82), (47, "0000", 0x82), (50, "00", 0x82), (51, "000000", 0x82),
        (52, "00" * 17, 0x82), (53, "00" * 17, 0x82),
        (2, "2000000000", 0xCC), (5, "000009ffff", 0xCC), (7, "c007", 0xCC),
        (7, "000b", 0xC9), (10, "00", 0xC9), (10, "0441", 0xC9), (11, "41" * 6, 0xC7), (12, "41" * 9, 0xC7),
        (10, "01" + "41" * 17, 0xC7), (17, "0105000000", 0xCC), (17, "0100000090", 0xCC),
        (17, "0101000005", 0xCC), (17, "0900000000", 0xC9), (19, "010300", 0xC9), (19, "010307", 0xCC),
        (25, "0190", 0xCC), (25, "0105", 0xCC), (28, "0103504731ffffffff1134133333", 0xCC),
        (29, "c011", 0xCC), (29, "0461", 0xCC), (29, "0013", 0xCC), (29, "0061", 0xCC), (30, "000030", 0x00),
        (30, "003000", 0xCC), (30, "000018", 0xCC), (30, "030000", 0xCC), (33, "06", 0xCC),
        (38, "0109", 0xCC), (43, "0106", 0xCC), (43, "0500", 0xC9), (49, "0341", 0xC9),
    ],
)  # fmt: skip
def test_25_1_what_is_refused(selector: int, data: str, code: int) -> None:
    if code:
        assert refused(parameters(), selector, data) == code
    else:
        put(parameters(), selector, data)


@pytest.mark.parametrize(
    ("selector", "set_selector", "block", "code"),
    [
        (55, 0, 0, 0x80), (191, 0, 0, 0x80), (192, 0, 0, 0x80), (26, 1, 0, 0x83), (42, 1, 0, 0x83),
        (17, 9, 0, 0xC9), (21, 1, 0, 0xC9), (21, 1, 4, 0xC9), (10, 0, 0, 0xC9), (51, 2, 0, 0xC9),
    ],
)  # fmt: skip
def test_25_2_what_cannot_be_read(selector: int, set_selector: int, block: int, code: int) -> None:
    with pytest.raises(CompletionError) as error:
        parameters().get(selector, set_selector, block)
    assert error.value.code == code


def test_25_2_a_set_selector_counts_only_where_there_are_sets() -> None:
    assert parameters().get(3, 7, 7) == parameters().get(3)


def test_passwords_are_kept_and_used_but_not_read() -> None:
    made = bench()
    put(made.services.serial.parameters, 26, "01" + b"secret".hex())
    again = made.reopen().services.serial.parameters
    assert again.read(TapPassword, 1).password == b"secret"


def test_set_0_of_what_alert_immediate_uses_is_forgotten() -> None:
    made = bench()
    put(made.services.serial.parameters, 17, "0001000000")
    assert made.services.serial.parameters.get(17, 0).hex() == "0001000000"
    assert made.reopen().services.serial.parameters.get(17, 0).hex() == "0000040000"


def test_25_1_set_in_progress_is_a_notice() -> None:
    kept = parameters()
    put(kept, 0, "01")
    assert kept.get(0) == b"\x01"
    put(kept, 4, "03")
    assert refused(kept, 0, "01") == 0x81
    assert refused(kept, 0, "02") == 0xCC
    kept.settle()
    assert kept.get(0) == b"\0"


def test_29_the_volatile_and_the_stored_copy_are_set_apart() -> None:
    made = bench()
    kept = made.services.serial.parameters
    put(kept, 29, "0031")
    assert (kept.get(29).hex(), kept.stored_terminal.encode().hex()) == ("0031", "2611")
    put(kept, 29, "4042")
    assert (kept.get(29).hex(), kept.stored_terminal.encode().hex()) == ("0031", "0042")
    put(kept, 29, "8000")
    assert kept.get(29).hex() == "0042"
    put(kept, 29, "6651")
    assert kept.get(29).hex() == "0042"
    assert made.reopen().services.serial.parameters.get(29).hex() == "2651"


def test_who_wants_to_know_is_told_of_changes() -> None:
    kept, told = parameters(), list[int]()
    kept.on_change.append(told.append)
    put(kept, 4, "03")
    put(kept, 29, "0031")
    refused(kept, 7, "000b")
    assert told == [4, 29]


def test_3_modes_can_be_switched_on_as_far_as_there_are_any() -> None:
    kept = parameters()
    assert kept.wanted_modes == 5
    put(kept, 3, "02")
    assert kept.wanted_modes == 2
    kept.modes = 5
    assert kept.wanted_modes == 0
    assert refused(kept, 3, "02") == 0xCC


@pytest.mark.parametrize("protocol", range(3, 7))
def test_33_43_ms_chap_is_none_of_the_proofs(protocol: int) -> None:
    assert refused(parameters(), 33, f"0{protocol}") == 0xCC
    assert refused(parameters(), 43, f"010{protocol}") == 0xCC


def test_38_44_account_0_is_forgotten_with_the_bmc() -> None:
    made = bench()
    for data in ("000a000001", "010a000002"):
        put(made.services.serial.parameters, 39, data)
    again = made.reopen().services.serial.parameters
    assert [again.get(39, account).hex() for account in (0, 1)] == ["0000000000", "010a000002"]


def test_8_a_line_cannot_be_shared_with_a_system_that_has_none() -> None:
    made = bench()
    made.backend.serial = None
    assert refused(made.services.serial.parameters, 8, "0008") == 0xCC
    put(made.services.serial.parameters, 8, "0000")


def test_check_known_tells_parameters_that_there_are_from_those_that_there_are_not() -> None:
    parameters().check_known(42)
    with pytest.raises(CompletionError):
        parameters().check_known(55)


def test_levels_that_there_are_not_have_no_authentication_types() -> None:
    assert [parameters().auth_types(level) for level in (0, 1, 5, 6)] == [0, 0x17, 0x17, 0]


def test_a_destination_by_its_number() -> None:
    assert parameters().destination(3).destination == 3
    with pytest.raises(CompletionError):
        parameters().destination(9)


def test_direct_or_modem() -> None:
    kept = parameters()
    assert kept.direct
    kept.set(ConnectionMode(direct=False, basic=True))
    assert not kept.direct
