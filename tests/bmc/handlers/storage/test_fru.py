"""FRU commands (§34), byte for byte."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import FruSpec
from baseboard.codes import Privilege
from baseboard.commands.storage.fru import GetFruInventoryAreaInfo, ReadFruData, WriteFruData
from baseboard.errors import CompletionError
from tests.bmc.harness import Bench, make_bmc

IMAGE = bytes(n % 251 for n in range(1000))
LAN = 1


@pytest.fixture
def bmc() -> Bench:
    return make_bmc(frus=(FruSpec(0, "Board", IMAGE), FruSpec(5, "Sealed", bytes(8), writable=False)))


def storage(bmc: Bench, cmd: int, data: str, privilege: Privilege = Privilege.ADMINISTRATOR) -> bytes:
    return bmc.raw(0x0A, cmd, bytes.fromhex(data), origin=bmc.origin(LAN, int(privilege)))


def test_34_1_size_in_bytes(bmc: Bench) -> None:
    assert storage(bmc, 0x10, "00") == bytes.fromhex("00 e8 03 00")
    assert storage(bmc, 0x10, "01") == b"\xcb"
    assert storage(bmc, 0x10, "ff") == b"\xcb"
    assert storage(bmc, 0x10, "") == b"\xc7"


def test_34_2_a_piece_comes_with_its_count(bmc: Bench) -> None:
    assert storage(bmc, 0x11, "00 00 00 08") == b"\x00\x08" + IMAGE[:8]
    assert storage(bmc, 0x11, "00 fe 00 04") == b"\x00\x04" + IMAGE[254:258]


def test_34_2_at_the_end_less_comes_back(bmc: Bench) -> None:
    assert storage(bmc, 0x11, "00 e6 03 10") == b"\x00\x02" + IMAGE[998:]
    assert storage(bmc, 0x11, "00 e8 03 10") == b"\xc9"
    assert storage(bmc, 0x11, "09 00 00 10") == b"\xcb"


def test_34_2_counts_begin_at_1(bmc: Bench) -> None:
    assert storage(bmc, 0x11, "00 00 00 00") == b"\xcc"


def test_34_2_more_than_a_response_holds_is_refused(bmc: Bench) -> None:
    with pytest.raises(CompletionError) as caught:
        bmc.execute(ReadFruData(offset=0, count=255), LAN)
    assert caught.value.code == 0xCA
    assert bmc.execute(ReadFruData(offset=0, count=230), LAN).data == IMAGE[:230]
    # what is left at the end fits, whatever was asked for
    assert bmc.execute(ReadFruData(offset=990, count=255), LAN).count_returned == 10


@pytest.mark.parametrize("step", [16, 100, 238])
def test_34_2_pieces_make_the_whole(bmc: Bench, step: int) -> None:
    """As FreeIPMI (16 bytes at a time) and ipmitool (as many as fit) read it."""
    size = bmc.execute(GetFruInventoryAreaInfo(), LAN).area_size
    gathered = bytearray()
    while len(gathered) < size:
        gathered += bmc.execute(ReadFruData(offset=len(gathered), count=step), LAN).data
    assert gathered == IMAGE


def test_34_3_a_write_tells_its_count_and_survives(bmc: Bench) -> None:
    assert storage(bmc, 0x12, "00 ff 00 aa bb cc") == b"\x00\x03"
    wanted = b"\x00\x05" + IMAGE[254:255] + b"\xaa\xbb\xcc" + IMAGE[258:259]
    assert storage(bmc, 0x11, "00 fe 00 05") == wanted
    assert storage(bmc.reopen(), 0x11, "00 fe 00 05") == wanted


def test_34_3_what_cannot_be_written_is_refused(bmc: Bench) -> None:
    assert storage(bmc, 0x12, "00 e7 03 01 02") == b"\xc9"
    assert storage(bmc, 0x12, "05 00 00 01") == b"\x80"
    assert storage(bmc, 0x12, "09 00 00 01") == b"\xcb"
    assert storage(bmc, 0x12, "00 00 00") == b"\xc7"
    assert storage(bmc, 0x11, "00 e7 03 01") == b"\x00\x01" + IMAGE[999:]


def test_34_3_writing_needs_an_operator(bmc: Bench) -> None:
    assert storage(bmc, 0x12, "00 00 00 01", Privilege.USER) == b"\xd4"
    assert storage(bmc, 0x12, "00 00 00 01", Privilege.OPERATOR) == b"\x00\x01"
    assert bmc.execute(WriteFruData(offset=1, data=b"\x02")).count_written == 1
