"""LAN commands (§23), byte for byte as consoles see them."""

from __future__ import annotations

import pytest

from tests.bmc.consoles import make_lan_bmc
from tests.bmc.handlers.checks import ADMINISTRATOR, LAN, OPERATOR, USER, check, check_level
from tests.bmc.harness import Bench, make_bmc

TRANSPORT = 0x0C
SET, GET, STATISTICS = 0x01, 0x02, 0x04


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(TRANSPORT, cmd, bytes.fromhex(data), origin=bmc.origin(LAN))


def test_g_1_levels_and_lengths() -> None:
    check(make_bmc(), TRANSPORT, GET, OPERATOR, (4,))
    check(make_bmc(), TRANSPORT, STATISTICS, USER, (2,))
    check_level(make_bmc(), TRANSPORT, SET, ADMINISTRATOR)


# selector, data: one that is not the default, of each kind
CHANGES = [
    ("02", "04 04 04 04 00"),
    ("03", "c0 00 02 05"),
    ("04", "02"),
    ("06", "ff ff ff 00"),
    ("07", "20 40 00"),
    ("0b", "04"),
    ("0c", "c0 00 02 01"),
    ("0d", "02 00 00 00 00 fe"),
    ("0e", "c0 00 02 02"),
    ("0f", "02 00 00 00 00 fd"),
    ("10", "70 72 69 76 61 74 65" + " 00" * 11),
    ("14", "05 80"),
    ("15", "07"),
    ("1a", "01 05 06 00 1e 00"),
]


@pytest.mark.parametrize(("selector", "data"), CHANGES)
def test_23_1_what_is_written_reads_back_and_survives(selector: str, data: str) -> None:
    bmc = make_lan_bmc()
    assert ask(bmc, GET, f"01 {selector} 00 00") != b"\0\x11" + bytes.fromhex(data)
    assert ask(bmc, SET, f"01 {selector} {data}") == b"\0"
    for reached in (bmc, bmc.reopen()):
        for channel in ("01", "0e"):
            answer = ask(reached, GET, f"{channel} {selector} 00 00")
            assert answer == b"\0\x11" + bytes.fromhex(data)


@pytest.mark.parametrize(("selector", "data"), CHANGES)
def test_23_1_every_other_length_is_refused(selector: str, data: str) -> None:
    bmc = make_lan_bmc()
    right = bytes.fromhex(data)
    head = bytes.fromhex(f"01 {selector}")
    for size in {*range(24)} - {len(right)}:
        wrong = (right + bytes(24))[:size]
        assert bmc.raw(TRANSPORT, SET, head + wrong, origin=bmc.origin(LAN)) == b"\xc7"


def test_23_1_a_request_without_a_parameter_is_too_short() -> None:
    for data in ("", "01"):
        assert ask(make_bmc(), SET, data) == b"\xc7"


def test_23_2_the_revision_alone_can_be_asked_for() -> None:
    bmc = make_bmc()
    for selector in ("00", "03", "12", "18"):
        assert ask(bmc, GET, f"81 {selector} ff 00") == b"\0\x11"


@pytest.mark.parametrize("selector", ["1b", "31", "52", "bf", "c0", "ff"])
def test_23_1_other_parameters_are_not_supported(selector: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"01 {selector} 00") == b"\x80"
    assert ask(bmc, GET, f"01 {selector} 00 00") == b"\x80"
    assert ask(bmc, GET, f"81 {selector} 00 00") == b"\x80"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("01 01 17", 0x82),  # authentication type support
        ("01 05 02 00 00 00 00 07", 0x82),  # MAC address
        ("01 11 04", 0x82),
        ("01 16 10", 0x82),
        ("01 17 00" + " 03" * 16, 0x82),
        ("01 02 20 20 20 20 20", 0xCC),  # OEM authentication is not supported
        ("01 14 00 80", 0xCC),  # VLAN 0
        ("01 14 ff 8f", 0xCC),  # VLAN 4095
        ("01 12 05 00 03 00", 0xC9),  # there are destinations 0 to 4
        ("01 00 02", 0xD5),  # nobody is setting anything
        ("01 00 03", 0xCC),
    ],
)
def test_23_1_what_cannot_be_written(data: str, code: int) -> None:
    bmc = make_lan_bmc()
    assert ask(bmc, SET, data) == bytes((code,))


def test_23_2_there_are_no_other_destinations_to_read() -> None:
    assert ask(make_bmc(), GET, "01 12 04 00") == bytes.fromhex("00 11 04 00 03 00")
    assert ask(make_bmc(), GET, "01 12 05 00") == b"\xc9"


def test_23_1_a_claim_is_made_once_and_stops_nobody() -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, "01 00 01") == b"\0"
    assert ask(bmc, SET, "01 00 01") == b"\x81"
    assert ask(bmc, SET, "01 06 ff ff 00 00") == b"\0"
    assert ask(bmc, GET, "01 00 00 00") == bytes.fromhex("00 11 01")
    assert ask(bmc, SET, "01 00 00") == b"\0"
    assert ask(bmc, SET, "01 00 01") == b"\0"


@pytest.mark.parametrize("channel", ["00", "02", "0d", "0f"])
def test_23_1_only_the_lan_has_lan_parameters(channel: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET, f"{channel} 06 ff ff ff 00") == b"\xcc"
    assert ask(bmc, GET, f"{channel} 06 00 00") == b"\xcc"
    assert ask(bmc, STATISTICS, f"{channel} 00") == b"\xcc"
    assert bmc.raw(TRANSPORT, GET, bytes.fromhex("0e 06 00 00")) == b"\xcc"


def test_23_4_datagrams_are_counted_until_they_are_cleared() -> None:
    bmc = make_lan_bmc()
    console = bmc.login()
    counted = bmc.services.lan.statistics
    bmc.endpoint.receive(b"nonsense", ("192.0.2.9", 1))
    received, valid, sent = counted.received, counted.valid, counted.sent
    assert received == valid + 1

    def words(received: int, valid: int, sent: int) -> bytes:
        # IP: received, header errors, address errors, fragments, sent; UDP; RMCP; proxy: received, dropped
        numbers = (received, 0, 0, 0, sent, received, valid, 0, 0)
        return b"\0" + b"".join(number.to_bytes(2, "little") for number in numbers)

    # The question itself counts, its answer not yet.
    assert console.ask(TRANSPORT, STATISTICS, b"\x0e\x00") == words(received + 1, valid + 1, sent)
    assert console.ask(TRANSPORT, STATISTICS, b"\x0e\x01") == words(received + 2, valid + 2, sent + 1)
    assert console.ask(TRANSPORT, STATISTICS, b"\x0e\x00") == words(1, 1, 1)


def test_23_4_counters_stop_at_ffffh() -> None:
    bmc = make_bmc()
    bmc.services.lan.statistics.received = 0x12345
    assert ask(bmc, STATISTICS, "01 00")[1:3] == b"\xff\xff"


def test_a_strict_bmc_refuses_reserved_bits() -> None:
    for data in ("11 06 ff ff ff 00", "01 15 ff"):
        assert ask(make_bmc(), SET, data) == b"\0"
        assert ask(make_bmc(strict=True), SET, data) == b"\xcc"
    assert ask(make_bmc(strict=True), SET, "01 15 07") == b"\0"
