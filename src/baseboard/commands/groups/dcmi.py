"""DCMI 1.5: capabilities, asset tag, identifier string, sensors, temperatures, configuration.

Bytes are counted as DCMI's tables count them: byte 1 of a request and byte 2 of a response are DCh, the
defining body, which belongs to no message here. Power and thermal limits are in :mod:`.dcmi_limits`.
"""

from __future__ import annotations

from typing import TypeVar

from baseboard.codes import NetFn, Privilege, SensorType
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.commands.parameters.dcmi import DcmiCapability, DcmiParameter
from baseboard.wire import Record, Unknown, at

DCMI = 0xDC
"""The defining body (Table 5-1)."""

PIECE = 16
"""Bytes of an asset tag or an identifier string that one command carries."""

ALL = 0
"""For an entity instance: every one."""


class DcmiResponse(Response):
    """What follows completion code and defining body."""

    _base = 3


R_co = TypeVar("R_co", bound=DcmiResponse, covariant=True)


class DcmiRequest(Request[R_co]):
    """A command of DCMI, from the byte after the defining body."""

    _base = 2


class GetDcmiCapabilitiesInfoResponse(DcmiResponse):
    """A capability parameter (DCMI 1.5, Table 6-2)."""

    major: int = at("3", default=1)
    minor: int = at("4", default=5)
    revision: int = at("5", "of the parameters: 01h for DCMI 1.0 and 1.1, 02h for 1.5", default=2)
    data: bytes = at("6:")


@command(
    NetFn.GROUP_EXTENSION, 0x01, group=DCMI, section="DCMI 6.1.1", session_less=True,
    name="Get DCMI Capabilities Info",
)  # fmt: skip
class GetDcmiCapabilitiesInfo(DcmiRequest[GetDcmiCapabilitiesInfoResponse]):
    """Ask, before any login too, what the platform can do."""

    selector: int = at("2")

    def parameter(self, response: GetDcmiCapabilitiesInfoResponse) -> DcmiCapability | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return DcmiCapability.parse(self.selector, response.data)


class GetAssetTagResponse(DcmiResponse):
    """A piece of the asset tag (DCMI 1.5, 6.4.2)."""

    total: int = at("3", "bytes of the whole tag, 63 at most")
    data: bytes = at("4:", "UTF-8 if the tag begins with EF BB BF, else ASCII and Latin 1", default=b"")


@command(NetFn.GROUP_EXTENSION, 0x06, group=DCMI, section="DCMI 6.4.2", privilege=Privilege.USER)
class GetAssetTag(DcmiRequest[GetAssetTagResponse]):
    """Read a piece of the asset tag; the completion codes below come with data."""

    BINARY = CompletionCode(0x80, "encoding of the FRU's field is binary or unspecified")
    BCD_PLUS = CompletionCode(0x81, "encoding of the FRU's field is BCD plus")
    SIX_BIT = CompletionCode(0x82, "encoding of the FRU's field is 6-bit ASCII")
    OTHER_LANGUAGE = CompletionCode(0x83, "the FRU's field is text, but not in English")

    offset: int = at("2")
    count: int = at("3", "16 at most")


class SetAssetTagResponse(DcmiResponse):
    """The length of the asset tag now."""

    total: int = at("3")


@command(NetFn.GROUP_EXTENSION, 0x08, group=DCMI, section="DCMI 6.4.3", privilege=Privilege.OPERATOR)
class SetAssetTag(DcmiRequest[SetAssetTagResponse]):
    """Write a piece of the asset tag; what is behind it is cut off."""

    offset: int = at("2")
    count: int = at("3")
    data: bytes = at("4:", "as many bytes")


class GetManagementControllerIdentifierStringResponse(DcmiResponse):
    """A piece of the identifier string (DCMI 1.5, 6.4.6.1)."""

    total: int = at("3", "bytes of the whole string, 64 at most")
    data: bytes = at("4:", default=b"")


@command(NetFn.GROUP_EXTENSION, 0x09, group=DCMI, section="DCMI 6.4.6.1", privilege=Privilege.USER)
class GetManagementControllerIdentifierString(DcmiRequest[GetManagementControllerIdentifierStringResponse]):
    """Read a piece of the name that the BMC gives itself."""

    offset: int = at("2")
    count: int = at("3", "16 at most")


class SetManagementControllerIdentifierStringResponse(DcmiResponse):
    """Where the piece that was written ended."""

    last_offset: int = at("3", "offset + count")


@command(NetFn.GROUP_EXTENSION, 0x0A, group=DCMI, section="DCMI 6.4.6.2", privilege=Privilege.ADMINISTRATOR)
class SetManagementControllerIdentifierString(DcmiRequest[SetManagementControllerIdentifierStringResponse]):
    """Write a piece of that name; the one with its 00h is the last, and DHCP begins."""

    offset: int = at("2", "0, 16, 32 or 48")
    count: int = at("3")
    data: bytes = at("4:", "as many bytes")


class RecordId(Record):
    """The ID of a sensor's SDR."""

    record_id: int = at("1:2")


class GetDcmiSensorInfoResponse(DcmiResponse):
    """Which sensors an entity has (DCMI 1.5, 6.5.2)."""

    total: int = at("3", "instances in all")
    count: int = at("4", "in this answer, 8 at most")
    records: tuple[RecordId, ...] = at("5:", default=())


@command(
    NetFn.GROUP_EXTENSION, 0x07, group=DCMI, section="DCMI 6.5.2", privilege=Privilege.OPERATOR,
    name="Get DCMI Sensor Info",
)  # fmt: skip
class GetDcmiSensorInfo(DcmiRequest[GetDcmiSensorInfoResponse]):
    """Ask which sensors an entity has."""

    sensor_type: SensorType = at("2", default=SensorType.TEMPERATURE)
    entity_id: int = at("3", "37h or 40h inlet, 03h or 41h processor, 07h or 42h baseboard")
    instance: int = at("4", "00h = all", default=ALL)
    start: int = at("5", "first instance, where all are asked for", default=0)


class TemperatureReading(Record):
    """A temperature, in degrees Celsius: sign and magnitude, no two's complement."""

    negative: bool = at("1[7]")
    magnitude: int = at("1[6:0]")
    instance: int = at("2")

    @property
    def celsius(self) -> int:
        """Degrees Celsius."""
        return -self.magnitude if self.negative else self.magnitude


class GetTemperatureReadingsResponse(DcmiResponse):
    """The temperatures of an entity (DCMI 1.5, 6.7.3)."""

    total: int = at("3", "instances in all")
    count: int = at("4", "in this answer, 8 at most")
    readings: tuple[TemperatureReading, ...] = at("5:", default=())


@command(NetFn.GROUP_EXTENSION, 0x10, group=DCMI, section="DCMI 6.7.3", privilege=Privilege.USER)
class GetTemperatureReadings(DcmiRequest[GetTemperatureReadingsResponse]):
    """Ask for the temperatures of an entity."""

    sensor_type: SensorType = at("2", default=SensorType.TEMPERATURE)
    entity_id: int = at("3", "37h or 40h inlet, 03h or 41h processor, 07h or 42h baseboard")
    instance: int = at("4", "00h = all", default=ALL)
    start: int = at("5", "first instance, where all are asked for", default=0)


class SetDcmiConfigurationParametersResponse(DcmiResponse):
    """The parameter is set (DCMI 1.5, 6.1.2)."""


@command(
    NetFn.GROUP_EXTENSION, 0x12, group=DCMI, section="DCMI 6.1.2", privilege=Privilege.ADMINISTRATOR,
    name="Set DCMI Configuration Parameters",
)  # fmt: skip
class SetDcmiConfigurationParameters(DcmiRequest[SetDcmiConfigurationParametersResponse]):
    """Write one configuration parameter."""

    selector: int = at("2")
    set_selector: int = at("3", default=0)
    data: bytes = at("4:", "of the parameter")


class GetDcmiConfigurationParametersResponse(DcmiResponse):
    """One configuration parameter (DCMI 1.5, 6.1.3)."""

    major: int = at("3", default=1)
    minor: int = at("4", default=5)
    revision: int = at("5", default=1)
    data: bytes = at("6:")


@command(
    NetFn.GROUP_EXTENSION, 0x13, group=DCMI, section="DCMI 6.1.3", privilege=Privilege.USER,
    name="Get DCMI Configuration Parameters",
)  # fmt: skip
class GetDcmiConfigurationParameters(DcmiRequest[GetDcmiConfigurationParametersResponse]):
    """Read one configuration parameter."""

    selector: int = at("2")
    set_selector: int = at("3", default=0)

    def parameter(self, response: GetDcmiConfigurationParametersResponse) -> DcmiParameter | Unknown:
        """What the data say that answered this request.

        Raises:
            DecodeError: they are not the parameter's.
        """
        return DcmiParameter.parse(self.selector, response.data)
