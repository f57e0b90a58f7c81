"""``bmc.dcmi``: power and its limit, temperatures by place, asset tag and name (DCMI 1.5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from baseboard.client.together import unless
from baseboard.codes import Cc
from baseboard.commands.groups.dcmi import (
    DCMI,
    PIECE,
    DcmiResponse,
    GetAssetTag,
    GetAssetTagResponse,
    GetDcmiCapabilitiesInfo,
    GetDcmiConfigurationParameters,
    GetDcmiSensorInfo,
    GetManagementControllerIdentifierString,
    GetManagementControllerIdentifierStringResponse,
    GetTemperatureReadings,
    SetAssetTag,
    SetDcmiConfigurationParameters,
    SetManagementControllerIdentifierString,
)
from baseboard.commands.groups.dcmi_limits import (
    ActivateDeactivatePowerLimit,
    ExceptionAction,
    GetPowerLimit,
    GetPowerLimitResponse,
    GetPowerReading,
    GetPowerReadingResponse,
    GetThermalLimit,
    GetThermalLimitResponse,
    SetPowerLimit,
    SetThermalLimit,
    StatisticsMode,
)
from baseboard.commands.parameters.dcmi import (
    ActivateDhcp,
    DcmiCapability,
    DcmiParameter,
    PowerStatistics,
    RollingPeriod,
)
from baseboard.errors import EncodeError, NoEffect, RemoteProtocolError, completion_error
from baseboard.wire import Unknown

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.declaration import Request

T = TypeVar("T", bound=DcmiResponse)

PLACES: Final = {"inlet": 0x40, "cpu": 0x41, "baseboard": 0x42}
"""Where DCMI has temperatures, by the entity IDs that every version of it knows."""

MARK: Final = b"\xef\xbb\xbf"
"""In front of a tag in UTF-8."""

LONGEST_TAG: Final = 63
LONGEST_NAME: Final = 63
_SELECTORS: Final = range(1, 6)
_AT_A_TIME: Final = 8
_INSTANCES: Final = 0x80
_TAG_CODES: Final = (
    GetAssetTag.BINARY, GetAssetTag.BCD_PLUS, GetAssetTag.SIX_BIT, GetAssetTag.OTHER_LANGUAGE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PowerLimit:
    """The power limit.

    Attributes:
        active: it is kept.
        action: what happens when it cannot be.
        watts: the limit.
        correction_ms: milliseconds that it takes until then.
        period_s: seconds that the statistics of power readings reach back.
    """

    active: bool
    action: ExceptionAction
    watts: int
    correction_ms: int
    period_s: int


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature.

    Attributes:
        place: ``inlet``, ``cpu`` or ``baseboard``.
        instance: which one there.
        celsius: degrees.
    """

    place: str
    instance: int
    celsius: int


class Dcmi:
    """Data Center Manageability of a controller.

    >>> reading = await bmc.dcmi.power()                                  # doctest: +SKIP
    >>> print(reading.current, "W now,", reading.average, "W on average") # doctest: +SKIP
    >>> await bmc.dcmi.set_power_limit(350, activate=True)                # doctest: +SKIP
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def capabilities(self) -> list[DcmiCapability | Unknown]:
        """Ask for the capability parameters that the controller has."""
        found: list[DcmiCapability | Unknown] = []
        for selector in _SELECTORS:
            request = GetDcmiCapabilitiesInfo(selector=selector)
            answer = await unless(
                self._bmc.execute(request), Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE, Cc.INVALID_DATA, 0x80
            )
            if answer is not None:
                found.append(request.parameter(answer))
        return found

    # ---- power

    async def power(self, period: RollingPeriod | None = None) -> GetPowerReadingResponse:
        """Ask for the power.

        Args:
            period: of the rolling average, one of `periods`; None: the period that the power limit names.
        """
        if period is None:
            return await self._bmc.execute(GetPowerReading())
        number = period.encode()[0]
        return await self._bmc.execute(GetPowerReading(mode=StatisticsMode.ENHANCED, period=number))

    async def periods(self) -> tuple[RollingPeriod, ...]:
        """Ask for the periods of the rolling averages; none where there are no such statistics."""
        for parameter in await self.capabilities():
            if isinstance(parameter, PowerStatistics):
                return parameter.periods
        return ()

    async def power_limit(self) -> PowerLimit:
        """Ask for the power limit, active or not."""
        code, said = await self._qualified(
            GetPowerLimit(), GetPowerLimitResponse, (GetPowerLimit.NOT_ACTIVE,)
        )
        return PowerLimit(code == 0, said.action, said.limit, said.correction_time, said.period)

    async def set_power_limit(
        self,
        watts: int | None = None,
        *,
        action: ExceptionAction | None = None,
        correction_ms: int | None = None,
        period_s: int | None = None,
        activate: bool | None = None,
    ) -> PowerLimit:
        """Change the power limit; what is left out stays as it is.

        Args:
            activate: have it kept, or not any more.

        Returns: the limit as the controller gives it back.

        Raises:
            NoEffect: it gives back something else.
        """
        now = await self.power_limit()
        wanted = SetPowerLimit(
            action=now.action if action is None else action,
            limit=now.watts if watts is None else watts,
            correction_time=now.correction_ms if correction_ms is None else correction_ms,
            period=now.period_s if period_s is None else period_s,
        )
        await self._bmc.execute(wanted)
        if activate is not None and activate != now.active:
            await self._bmc.execute(ActivateDeactivatePowerLimit(activate=activate))
        back = await self.power_limit()
        active = now.active if activate is None else activate
        expected = PowerLimit(active, wanted.action, wanted.limit, wanted.correction_time, wanted.period)
        if back != expected:
            raise NoEffect(f"the power limit was set to {expected} and is {back}")
        return back

    # ---- temperatures

    async def sensors(self, place: str) -> list[int]:
        """Ask for the record IDs of the temperature sensors of a place."""
        found: dict[int, None] = {}
        # An answer has eight at most, of instances from the start on, which may have gaps between them.
        for start in range(1, _INSTANCES, _AT_A_TIME):
            answer = await self._bmc.execute(GetDcmiSensorInfo(entity_id=PLACES[place], start=start))
            found.update(dict.fromkeys(one.record_id for one in answer.records))
            if not answer.records or len(found) >= answer.total:
                break
        return list(found)

    async def temperatures(self) -> list[Temperature]:
        """Ask for all temperatures: of inlet, processors and baseboard."""
        found: list[Temperature] = []
        for place, entity in PLACES.items():
            start, count = 1, 0
            while True:
                answer = await self._bmc.execute(GetTemperatureReadings(entity_id=entity, start=start))
                readings = [Temperature(place, one.instance, one.celsius) for one in answer.readings]
                found += readings
                count += len(readings)
                if not readings or count >= answer.total or readings[-1].instance < start:
                    break
                start = readings[-1].instance + 1
        return found

    async def thermal_limit(self, place: str = "inlet", instance: int = 1) -> GetThermalLimitResponse:
        """Ask what happens when it is too hot there."""
        return await self._bmc.execute(GetThermalLimit(entity_id=PLACES[place], instance=instance))

    async def set_thermal_limit(
        self,
        celsius: int,
        place: str = "inlet",
        instance: int = 1,
        *,
        seconds: int = 60,
        power_off: bool = False,
        log: bool = True,
    ) -> None:
        """Say what happens when a temperature is above this for so many seconds.

        Args:
            power_off: the system's power goes, which is logged too.
            log: it is only logged; without both nothing happens.
        """
        await self._bmc.execute(
            SetThermalLimit(
                entity_id=PLACES[place],
                instance=instance,
                power_off=power_off,
                log_only=log and not power_off,
                limit=celsius,
                exception_time=seconds,
            )
        )

    # ---- texts

    async def asset_tag(self) -> str:
        """Read the asset tag; bytes that are no text are shown as Latin 1."""
        data, total = b"", 0
        while True:
            request = GetAssetTag(offset=len(data), count=min(PIECE, LONGEST_TAG - len(data)))
            _, said = await self._qualified(request, GetAssetTagResponse, _TAG_CODES)
            data, total = data + said.data, said.total
            if not said.data or len(data) >= min(total, LONGEST_TAG):
                break
        data = data[:total].rstrip(b"\0")
        if data.startswith(MARK):
            return data[len(MARK) :].decode("utf-8", "replace")
        return data.decode("latin-1")

    async def set_asset_tag(self, text: str) -> None:
        """Write the asset tag: in Latin 1 if that has all its characters, else in marked UTF-8.

        Raises:
            EncodeError: it is longer than 63 bytes.
            NoEffect: the controller keeps something else.
        """
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            data = MARK + text.encode()
        if len(data) > LONGEST_TAG:
            raise EncodeError(f"asset tag: {len(data)} bytes, at most {LONGEST_TAG} fit")
        for offset in range(0, max(len(data), 1), PIECE):
            piece = data[offset : offset + PIECE]
            await self._bmc.execute(SetAssetTag(offset=offset, count=len(piece), data=piece))
        back = await self.asset_tag()
        if back != text:
            raise NoEffect(f"the asset tag was set to {text!r} and is {back!r}")

    async def name(self) -> str:
        """Read the controller's name: the Management Controller Identifier String."""
        return await self._pieces(
            lambda at, count: self._bmc.execute(
                GetManagementControllerIdentifierString(offset=at, count=count)
            )
        )

    async def set_name(self, text: str) -> None:
        """Write the controller's name, by which it also asks for an address if it has it from DHCP.

        Raises:
            EncodeError: it is longer than 63 bytes, or has a NUL.
        """
        data = text.encode("latin-1", "replace")
        if len(data) > LONGEST_NAME or b"\0" in data:
            raise EncodeError(
                f"identifier string: {len(data)} bytes, at most {LONGEST_NAME} fit, none of them 0"
            )
        data += b"\0"
        for offset in range(0, len(data), PIECE):
            piece = data[offset : offset + PIECE]
            request = SetManagementControllerIdentifierString(offset=offset, count=len(piece), data=piece)
            await self._bmc.execute(request)

    # ---- configuration

    async def parameter(self, selector: int) -> DcmiParameter | Unknown:
        """Read a configuration parameter."""
        request = GetDcmiConfigurationParameters(selector=selector)
        return request.parameter(await self._bmc.execute(request))

    async def set_parameter(self, parameter: DcmiParameter) -> None:
        """Write a configuration parameter.

        Raises:
            NoEffect: the controller gives back something else.
        """
        data = parameter.encode()
        await self._bmc.execute(SetDcmiConfigurationParameters(selector=parameter.selector, data=data))
        if not parameter.write_only:
            back = await self.parameter(parameter.selector)
            if back != parameter:
                raise NoEffect(f"wrote {parameter}, read back {back}")

    async def activate_dhcp(self) -> None:
        """Have the controller begin DHCP anew; it may get another address."""
        await self.set_parameter(ActivateDhcp(activate=True))

    # ---- inside

    async def _pieces(
        self, read: Callable[[int, int], Awaitable[GetManagementControllerIdentifierStringResponse]]
    ) -> str:
        data = b""
        while True:
            said = await read(len(data), min(PIECE, LONGEST_NAME + 1 - len(data)))
            data += said.data
            if not said.data or len(data) >= min(said.total, LONGEST_NAME + 1):
                return data[: said.total].split(b"\0", 1)[0].decode("latin-1")

    async def _qualified(self, request: Request[T], kind: type[T], codes: tuple[int, ...]) -> tuple[int, T]:
        """Ask for what may come with another code than 00h.

        Raises:
            CompletionError: with one that means a refusal, or without data.
            RemoteProtocolError: the answer is not DCMI's.
        """
        command = request.command
        body = bytes((DCMI,)) + request.encode()
        data = await self._bmc.exchange(command.netfn, command.cmd, body)
        refused = data[0] and (data[0] not in codes or len(data) == 1)
        if refused:
            text = next((str(known.text) for known in command.codes if known == data[0]), "")
            raise completion_error(data[0], text)
        if data[1:2] != bytes((DCMI,)):
            raise RemoteProtocolError(f"{command.name}: the answer is not DCMI's")
        return data[0], kind.decode(data[2:])
