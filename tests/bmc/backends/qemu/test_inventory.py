"""The machine's SMBIOS is made of the BMC's FRUs, as they are when it starts."""

from __future__ import annotations

from baseboard.bmc.backends.qemu.inventory import described, report_stop, structures
from baseboard.bmc.makeups import makeup
from baseboard.bmc.store import MemoryStore
from baseboard.codes import SensorType
from baseboard.commands.sensor.events import SystemInterfacePlatformEvent
from baseboard.records.fru import Fru, read_fru
from baseboard.records.smbios import Smbios, SystemInformation, find, read_structures
from baseboard.testing.clock import VirtualClock
from tests.bmc.fake_board import FakeBoard
from tests.bmc.harness import Bench

BLUEPRINT = makeup(0, "rack", bytes(range(16)))


def tables(inventories: tuple[Fru, ...]) -> Smbios:
    return Smbios(tuple(one for _, raw in structures(BLUEPRINT, inventories) for one in read_structures(raw)))


def test_inventories_are_read_whole_by_the_hosts_own_commands() -> None:
    bench = Bench(BLUEPRINT, MemoryStore(), VirtualClock())
    numbers = [fru.device_id for fru in BLUEPRINT.frus]
    found = list(described(bench.controller, numbers))
    assert [one.image for one in found] == [fru.image for fru in BLUEPRINT.frus]
    assert list(described(bench.controller, [250])) == []


def test_words_pieces_and_what_is_refused() -> None:
    board = FakeBoard()
    board.answers[0x0A, 0x10] = bytes.fromhex("00 4600 01")
    board.answers[0x0A, 0x11] = bytes((0, 16)) + bytes(32)
    assert len(list(described(board, [3]))) == 1
    reads = [data.hex(" ") for _, _, cmd, data in board.requests if cmd == 0x11]
    assert reads == ["03 00 00 10", "03 10 00 10", "03 20 00 03"]
    board.answers[0x0A, 0x11] = b"\x00\x00"
    assert list(described(board, [3])) == [], "no end can be seen"
    board.answers[0x0A, 0x11] = b"\xd4"
    assert list(described(board, [3])) == []
    board.answers[0x0A, 0x10] = bytes.fromhex("00 0000 00")
    assert list(described(board, [3])) == []
    board.late = True
    assert list(described(board, [3])) == [], "the machine does not wait for an answer"


def test_structures_say_what_the_fru_says_and_leave_qemu_its_own() -> None:
    fru = read_fru(BLUEPRINT.frus[0].image)
    assert fru.product is not None
    made = tables((fru,))
    assert {one.type for one in made.structures} == {1, 2, 3}
    ((structure, body),) = find(made.structures, SystemInformation)
    assert structure.text("serial_number") == fru.product.serial_number
    assert body.guid is not None
    assert body.guid.bytes == BLUEPRINT.identity.guid


def test_without_a_fru_the_machine_has_the_bmcs_name() -> None:
    ((structure, _),) = find(tables(()).structures, SystemInformation)
    assert structure.text("product_name") == "rack"


def test_a_panic_is_an_event_of_the_operating_systems() -> None:
    board = FakeBoard()
    report_stop(board, 0x61)
    ((netfn, _, cmd, data),) = board.requests
    kind = SystemInterfacePlatformEvent
    assert (netfn, cmd) == (kind.command.netfn, kind.command.cmd)
    event = kind.decode(data)
    assert (event.sensor_type, event.sensor_number, event.event_data1) == (SensorType.OS_STOP, 0x61, 1)
