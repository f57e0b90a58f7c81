"""What the host's software sends through the system interface."""

from __future__ import annotations

from baseboard.bmc.backends.memory.inband import (
    Reply,
    ask_device_id,
    device_text,
    raw_text,
    report_stop,
    tell_system,
)
from baseboard.commands.app.system_info import SetSystemInfoParameters
from baseboard.commands.parameters.system_info import OperatingSystemName, join
from baseboard.commands.sensor.events import SystemInterfacePlatformEvent


class Bmc:
    """Answers everything alike."""

    def __init__(self, answer: bytes = b"\0") -> None:
        self.answer = answer
        self.sent: list[tuple[int, int, int, bytes]] = []

    def request(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Reply) -> None:
        self.sent.append((netfn, lun, cmd, data))
        reply(self.answer)


def test_get_device_id_in_words() -> None:
    bmc = Bmc(bytes.fromhex("00 0c 89 00 00 02 3d 98 3a 00 be 14 04 00 02 00"))
    shown: list[str] = []
    ask_device_id(bmc.request, shown.append)
    assert bmc.sent == [(0x06, 0, 0x01, b"")]
    assert "Device ID      0ch, revision 9" in shown[0]
    assert "IPMI 2.0" in shown[0]
    assert "Manufacturer   15000, product 5310" in shown[0]


def test_answers_that_are_none() -> None:
    assert device_text(b"") == "ipmi: Get Device ID: no answer\n"
    assert device_text(b"\xc1") == "ipmi: Get Device ID: completion code c1h\n"
    assert device_text(b"\x00\x01").startswith("ipmi: Get Device ID: GetDeviceIdResponse")
    assert raw_text(b"") == "ipmi: no answer\n"
    assert raw_text(b"\xc1\x02") == "ipmi: completion code c1h\n"


def test_a_stop_is_an_event_of_the_operating_system() -> None:
    bmc = Bmc()
    report_stop(bmc.request, 0x56)
    ((netfn, lun, cmd, data),) = bmc.sent
    event = SystemInterfacePlatformEvent.decode(data)
    assert (netfn, lun, cmd) == (0x04, 0, 0x02)
    assert (event.generator_id, event.sensor_type, event.sensor_number) == (0x41, 0x20, 0x56)
    assert (event.event_type, event.event_data1, event.deassertion) == (0x6F, 0x01, False)


def test_a_name_goes_in_blocks() -> None:
    bmc = Bmc()
    tell_system(bmc.request, "A system with quite a long name 1.0")
    blocks: list[bytes] = []
    for netfn, lun, cmd, data in bmc.sent:
        assert (netfn, lun, cmd) == (0x06, 0, 0x58)
        parameter = SetSystemInfoParameters.decode(data).parameter
        assert isinstance(parameter, OperatingSystemName)
        assert parameter.set_selector == len(blocks)
        blocks.append(parameter.block)
    assert join(blocks)[1] == b"A system with quite a long name 1.0"
