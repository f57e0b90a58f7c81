"""What the simulated host's software asks of the BMC through the system interface."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.codes import Cc, EventReadingType, SensorType
from baseboard.commands.app.device import GetDeviceId, GetDeviceIdResponse
from baseboard.commands.app.system_info import SetSystemInfoParameters
from baseboard.commands.parameters.system_info import OperatingSystemName, split
from baseboard.commands.sensor.events import SystemInterfacePlatformEvent
from baseboard.errors import DecodeError

Reply = Callable[[bytes], None]
"""Gets completion code and response data."""

SendRequest = Callable[[int, int, int, bytes, Reply], None]
"""Network function, LUN, command, data, and who gets the answer."""

OPERATING_SYSTEM = 0x41  # generator ID: system software ID 20h (Table 5-4)
RUN_TIME_CRITICAL_STOP = 1  # offset of sensor type 20h


def refusal(answer: bytes) -> str:
    """Why a request failed."""
    return f"completion code {answer[0]:02x}h" if answer else "no answer"


def ask_device_id(request: SendRequest, show: Callable[[str], None]) -> None:
    """Ask the BMC who it is, and show it in words."""
    command = GetDeviceId.command
    request(command.netfn, 0, command.cmd, GetDeviceId().encode(), lambda answer: show(device_text(answer)))


def device_text(answer: bytes) -> str:
    """A Get Device ID response, completion code first, in words."""
    if not answer or answer[0] != Cc.OK:
        return f"ipmi: Get Device ID: {refusal(answer)}\n"
    try:
        device = GetDeviceIdResponse.decode(answer[1:])
    except DecodeError as error:
        return f"ipmi: Get Device ID: {error}\n"
    version = f"{device.ipmi_version & 0x0F}.{device.ipmi_version >> 4}"
    return (
        f"Device ID      {device.device_id:02x}h, revision {device.device_revision}\n"
        f"Firmware       {device.firmware_major}.{device.firmware_minor}, IPMI {version}\n"
        f"Manufacturer   {device.manufacturer_id}, product {device.product_id}\n"
    )


def raw_text(answer: bytes) -> str:
    """Any response, in hexadecimal."""
    if not answer or answer[0] != Cc.OK:
        return f"ipmi: {refusal(answer)}\n"
    return (answer[1:].hex(" ") or "done, no data") + "\n"


def unheard(answer: bytes) -> None:
    """What the operating system does with answers that change nothing for it."""


def report_stop(request: SendRequest, sensor_number: int) -> None:
    """The operating system's last act: an event that says it stopped."""
    event = SystemInterfacePlatformEvent(
        generator_id=OPERATING_SYSTEM,
        sensor_type=SensorType.OS_STOP,
        sensor_number=sensor_number,
        event_type=EventReadingType.SENSOR_SPECIFIC,
        event_data1=RUN_TIME_CRITICAL_STOP,
    )
    command = SystemInterfacePlatformEvent.command
    request(command.netfn, 0, command.cmd, event.encode(), unheard)


def tell_system(request: SendRequest, name: str) -> None:
    """The operating system says its name when it runs (System Info parameter 4)."""
    command = SetSystemInfoParameters.command
    for number, block in enumerate(split(name.encode("ascii", "replace"))):
        parameter = OperatingSystemName(set_selector=number, block=block)
        data = SetSystemInfoParameters(parameter=parameter).encode()
        request(command.netfn, 0, command.cmd, data, unheard)
