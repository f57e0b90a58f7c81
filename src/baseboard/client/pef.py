"""`bmc.pef`: which events the controller acts upon, and how (§17, §30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.events import SYSTEM_SOFTWARE
from baseboard.client.parameters import ABSENT, Parameters, Reading
from baseboard.client.together import together
from baseboard.commands.parameters.pef import (
    AlertPolicyTable,
    AlertStringKeys,
    AlertStrings,
    EventFilter,
    EventFilterTable,
    EventFilterTableData1,
    NumberOfAlertPolicyEntries,
    NumberOfAlertStrings,
    NumberOfEventFilters,
    PefActionGlobalControl,
    PefActions,
    PefAlertStartupDelay,
    PefControl,
    PefParameter,
    PefStartupDelay,
    SetInProgress,
    SystemGuid,
)
from baseboard.commands.sensor.pef import (
    AlertImmediate,
    AlertOperation,
    AlertStatus,
    ArmPefPostponeTimer,
    GetLastProcessedEventId,
    GetLastProcessedEventIdResponse,
    GetPefCapabilities,
    GetPefCapabilitiesResponse,
    GetPefConfigurationParameters,
    PetAcknowledge,
    SetLastProcessedEventId,
    SetPefConfigurationParameters,
)
from baseboard.errors import CompletionError

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.parameters.pef import AlertPolicy
    from baseboard.records.events import EventMessage
    from baseboard.wire import Unknown

TIMER_OFF: Final = 0x00
TIMER_TEMPORARY: Final = 0xFE
TIMER_ASK: Final = 0xFF
LONGEST: Final = 0xFD
"""Seconds that the postpone timer can count."""

BLOCK: Final = 16
_MOST_BLOCKS: Final = 16
_SINGLE: Final = (0, 1, 2, 3, 4, 5, 8, 10, 11, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class PefStatus:
    """Whether event filtering runs, and what it may do.

    Attributes:
        capabilities: what it can do at all.
        control: what is switched on; None if the controller does not tell, and so are the next.
        actions: which actions are switched on.
        last: up to which record events were processed.
        postponed: seconds for which software has asked to be first.
        missing: what could not be asked, with the reason.
    """

    capabilities: GetPefCapabilitiesResponse
    control: PefControl | None
    actions: PefActions | None
    last: GetLastProcessedEventIdResponse | None
    postponed: int | None
    missing: dict[str, Exception]


class EventFiltering(Parameters[PefParameter]):
    """Event filters, alert policies, and what has been done about events."""

    def __init__(self, bmc: Bmc) -> None:
        super().__init__(
            bmc, PefParameter, self._fetched, self._stored, lambda state: SetInProgress(state=state)
        )

    # ---- reading

    async def status(self) -> PefStatus:
        """Ask whether event filtering runs; only its capabilities are indispensable."""
        capabilities = await self._bmc.execute(GetPefCapabilities())
        missing: dict[str, Exception] = {}
        last = postponed = None
        reading = await self.read([(PefControl.selector, 0), (PefActionGlobalControl.selector, 0)])
        control, actions = reading.get(PefControl), reading.get(PefActionGlobalControl)
        for key, error in reading.missing.items():
            missing["control" if key[0] == PefControl.selector else "actions"] = error
        try:
            last = await self.last_event()
        except CompletionError as error:
            missing["last"] = error
        try:
            postponed = await self.timer()
        except CompletionError as error:
            missing["postponed"] = error
        return PefStatus(
            capabilities=capabilities,
            control=control,
            actions=None if actions is None else actions.actions,
            last=last,
            postponed=postponed,
            missing=missing,
        )

    async def read_all(self) -> Reading[PefParameter]:
        """Read every parameter that the controller has, tables and all; alert strings apart."""
        reading = await self.read((number, 0) for number in _SINGLE)
        tables = (
            (EventFilterTable.selector, reading.get(NumberOfEventFilters)),
            (AlertPolicyTable.selector, reading.get(NumberOfAlertPolicyEntries)),
        )
        wanted = [
            (selector, entry)
            for selector, number in tables
            if number is not None
            for entry in range(1, number.count + 1)
        ]
        return await self.read(wanted, reading)

    async def filters(self) -> list[EventFilterTable]:
        """Read the event filters."""
        count = (await self._bmc.execute(GetPefCapabilities())).event_filter_entries
        return await together(self._bmc, self.filter, range(1, count + 1))

    async def filter(self, number: int) -> EventFilterTable:
        """Read one event filter, from 1 on."""
        return await self.get(EventFilterTable, number)

    async def policies(self) -> list[AlertPolicyTable]:
        """Read the alert policy entries; none if the controller does not alert."""
        number = await self.find(NumberOfAlertPolicyEntries)

        async def ask(entry: int) -> AlertPolicyTable:
            return await self.get(AlertPolicyTable, entry)

        return [] if number is None else await together(self._bmc, ask, range(1, number.count + 1))

    async def strings(self) -> list[bytes]:
        """Read the alert strings, from the volatile one (0) on."""
        number = await self.find(NumberOfAlertStrings)
        return [] if number is None else [await self._string(n) for n in range(number.count + 1)]

    async def _string(self, selector: int) -> bytes:
        text = b""
        for block in range(1, _MOST_BLOCKS + 1):
            try:
                piece = (await self.get(AlertStrings, selector, block)).data
            except CompletionError as error:
                if error.code not in ABSENT or not text:
                    raise
                break
            text += piece[:BLOCK]
            if len(piece) < BLOCK or b"\0" in piece:
                break
        return text.split(b"\0", 1)[0]

    async def guid(self) -> SystemGuid:
        """Ask for the GUID that traps carry."""
        return await self.get(SystemGuid)

    async def delays(self) -> tuple[PefStartupDelay | None, PefAlertStartupDelay | None]:
        """Ask how long actions, and alerts, wait after power-up; both are optional."""
        return await self.find(PefStartupDelay), await self.find(PefAlertStartupDelay)

    # ---- changing

    async def enable(self, *, enabled: bool = True) -> None:
        """Switch event filtering on or off."""
        control = await self.get(PefControl)
        await self.set([control.replace(enabled=enabled)])

    async def set_actions(self, actions: PefActions) -> None:
        """Say which actions are on at all."""
        await self.set([PefActionGlobalControl(actions=actions)])

    async def set_filter(self, number: int, entry: EventFilter) -> None:
        """Write an event filter."""
        await self.set([EventFilterTable(filter_number=number, entry=entry)])

    async def enable_filter(self, number: int, *, enabled: bool = True) -> None:
        """Switch an event filter on or off, and leave the rest of it alone."""
        now = await self.get(EventFilterTableData1, number)
        await self.set([now.replace(enabled=enabled)])

    async def set_policy(self, number: int, entry: AlertPolicy) -> None:
        """Write an alert policy entry."""
        await self.set([AlertPolicyTable(entry_number=number, entry=entry)])

    # ---- what has been done about events

    async def last_event(self) -> GetLastProcessedEventIdResponse:
        """Ask up to which record events were processed."""
        return await self._bmc.execute(GetLastProcessedEventId())

    async def set_last_event(self, record_id: int, *, by_bmc: bool = False) -> None:
        """Say up to which record events were processed."""
        await self._bmc.execute(SetLastProcessedEventId(by_bmc=by_bmc, record_id=record_id))

    async def timer(self) -> int:
        """Ask for how many seconds software has asked to be first; 254 = event filtering is off for now."""
        return (await self._bmc.execute(ArmPefPostponeTimer(timeout=TIMER_ASK))).countdown

    async def arm_timer(self, seconds: int) -> int:
        """Let software look at events before event filtering does; 0 = do not.

        Returns: what the timer shows now.

        Raises:
            ValueError: it cannot count so far.
        """
        if not 0 <= seconds <= LONGEST:
            raise ValueError(f"the postpone timer counts 0 to {LONGEST} seconds, not {seconds}")
        return (await self._bmc.execute(ArmPefPostponeTimer(timeout=seconds))).countdown

    async def suspend(self) -> int:
        """Switch event filtering off until the next reset or power-down."""
        return (await self._bmc.execute(ArmPefPostponeTimer(timeout=TIMER_TEMPORARY))).countdown

    # ---- alerts

    async def alert(
        self,
        channel: int,
        destination: int = 0,
        *,
        string: int | None = None,
        event: EventMessage | None = None,
        generator_id: int = SYSTEM_SOFTWARE,
    ) -> None:
        """Send an alert now; `alert_status` tells how far it is.

        Args:
            channel: that it goes out on.
            destination: 0 = the volatile one.
            string: alert string that it carries; 0 = the volatile one.
            event: that it tells of; None = of none.
            generator_id: who saw that event.
        """
        request = AlertImmediate(
            channel=channel,
            destination_selector=destination,
            send_string=string is not None,
            string_selector=string or 0,
        )
        if event is not None:
            first, second, third = event.event_data.encode()
            request = request.replace(
                generator_id=generator_id,
                evm_rev=int(event.evm_rev),
                sensor_type=event.sensor_type,
                sensor_number=event.sensor_number,
                deassertion=bool(event.direction),
                event_type=event.event_type,
                event_data1=first,
                event_data2=second,
                event_data3=third,
            )
        await self._bmc.execute(request)

    async def alert_status(self, channel: int, destination: int = 0) -> AlertStatus | None:
        """Ask how far an immediate alert is."""
        request = AlertImmediate(
            channel=channel, destination_selector=destination, operation=AlertOperation.GET_STATUS
        )
        return (await self._bmc.execute(request)).status

    async def clear_alert_status(self, channel: int, destination: int = 0) -> None:
        """Have it forget how the last immediate alert ended."""
        request = AlertImmediate(
            channel=channel, destination_selector=destination, operation=AlertOperation.CLEAR_STATUS
        )
        await self._bmc.execute(request)

    async def acknowledge(self, trap: PetAcknowledge) -> None:
        """Acknowledge a trap within the session; `Pet.acknowledge` makes a datagram that needs none."""
        await self._bmc.execute(trap)

    async def string_keys(self, number: int) -> AlertStringKeys:
        """Ask which event filter an alert string belongs to."""
        return await self.get(AlertStringKeys, number)

    async def set_string(
        self, number: int, text: bytes, *, filter_number: int | None = None, string_set: int | None = None
    ) -> None:
        """Write an alert string, and the keys by which policies find it for a filter.

        Args:
            number: 0 is the volatile one, for immediate alerts.
            text: 8-bit ASCII without a NUL.
            filter_number: None leaves the keys as they are.
            string_set: the same.

        Raises:
            CompletionError: the controller's strings are shorter, among others.
        """
        whole = text + b"\0"
        pieces: list[PefParameter | Unknown] = [
            AlertStrings(
                string_selector=number,
                block=start // BLOCK + 1,
                data=whole[start : start + BLOCK].ljust(BLOCK, b"\0"),
            )
            for start in range(0, len(whole), BLOCK)
        ]
        if filter_number is not None or string_set is not None:
            now = await self.string_keys(number)
            pieces.append(
                now.replace(
                    filter_number=now.filter_number if filter_number is None else filter_number,
                    string_set=now.string_set if string_set is None else string_set,
                )
            )
        await self.set(pieces, verify=False)

    async def _fetched(self, selector: int, set_selector: int, block_selector: int) -> bytes:
        request = GetPefConfigurationParameters(
            selector=selector, set_selector=set_selector, block_selector=block_selector
        )
        return (await self._bmc.execute(request)).data

    async def _stored(self, parameter: PefParameter | Unknown) -> None:
        await self._bmc.execute(SetPefConfigurationParameters(parameter=parameter))
