r"""The mux of a shared serial line: connector, host's console, SOL and BMC (§14.2, §14.3, §25.3).

::

    connector --- mux --- host's serial port          the line belongs to the system
                \
                BMC                                   the line belongs to the BMC
    SOL --------- mux --- host's serial port          whatever the connector leads to

A line that is not shared always leads to the BMC. SOL takes the host's port from the connector as long as
it is active; the connector then leads to the BMC.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from baseboard.bmc.ports import LineNotice, Outputs, SerialPort, SerialSignals
from baseboard.commands.transport.serial import MuxSetting

if TYPE_CHECKING:
    from baseboard.bmc.services.serial_parameters import SerialParameters

DISABLED, PRE_BOOT, ALWAYS, SHARED = range(4)
"""Access modes of a channel (Table 6-4)."""

BY_BMC, PAST_BMC = range(2)
"""Entries of parameter 51: the connector leads to the mux, or straight to the system."""


class Cause(enum.Enum):
    """Why the BMC wants the line, or gives it away (Table 14-2)."""

    PATTERN = "a console's escape sequence or message"
    RING = "a call that the BMC answers"
    DCD_LOSS = "the console is gone"
    ALERT = "an alert"


class SerialMux:
    """A :class:`~baseboard.bmc.ports.SerialPort` for SOL, and the connector's way to the host.

    Args:
        host: the host's serial port; None = the system has none.
        parameters: those of the channel.
        access: tells the access mode of the channel.

    Attributes:
        at_bmc: the line belongs to the BMC.
        to_system_blocked: Set Serial/Modem Mux may not request it for the system.
        to_bmc_blocked: nor for the BMC.
        alerting: an alert has the line.
        messaging: a session is open on it.
        routing: entry of parameter 51 that holds.
        hand_over: called in place of a switch to the system that a console acknowledges first.
        on_switch: each is called when the line changed hands.
    """

    __slots__ = (
        "_access", "_early", "_host", "_parameters", "_plug", "_sol", "alerting", "at_bmc",
        "hand_over", "messaging", "on_switch", "routing", "to_bmc_blocked", "to_system_blocked",
    )  # fmt: skip

    def __init__(
        self, host: SerialPort | None, parameters: SerialParameters, access: Callable[[], int]
    ) -> None:
        self._host, self._parameters, self._access = host, parameters, access
        self._sol: Callable[[bytes], None] | None = None
        self._plug: Callable[[bytes], None] | None = None
        self._early = True  # nobody has forced the line to the system since its last restart
        self.alerting = self.messaging = False
        self.to_system_blocked = self.to_bmc_blocked = False
        self.routing = BY_BMC
        self.hand_over: Callable[[], bool] = _at_once
        self.on_switch: list[Callable[[bool], None]] = []
        self.at_bmc = self._rests_at_bmc()

    # ---- what the connector is joined to

    @property
    def sharing(self) -> bool:
        """Whether the connector may lead to the host."""
        return self._parameters.mux.sharing and self._host is not None

    @property
    def to_host(self) -> bool:
        """Whether what comes over the connector goes to the host now."""
        return self.routing == PAST_BMC or not (self.at_bmc or self._sol is not None)

    @property
    def watching(self) -> bool:
        """Whether the BMC looks at what goes by to the host (Table 14-2)."""
        return self.routing == BY_BMC and self.to_host and self.sharing and self._access() != DISABLED

    def plug(self, write: Callable[[bytes], None] | None) -> None:
        """Say where the connector takes what the host prints; None = nobody is there."""
        self._plug = write
        self._join()

    def typed(self, data: bytes) -> None:
        """Give the host what came over the connector; a host that is off takes nothing."""
        if self._host is not None and self.to_host:
            self._host.write(data)

    def route(self, entry: int) -> None:
        """Join the connector by another entry of parameter 51."""
        if entry != self.routing:
            self.routing = entry
            self._told()

    # ---- who has the line

    def request(self, setting: MuxSetting) -> bool:
        """Carry out Set Serial/Modem Mux.

        Returns: whether it was accepted.
        """
        match setting:
            case MuxSetting.REQUEST_TO_SYSTEM:
                pre_boot = self._access() == PRE_BOOT and self._early
                wanted = self.sharing and not (self.to_system_blocked or self.alerting or pre_boot)
                return wanted and self._to_system(acknowledged=True)
            case MuxSetting.REQUEST_TO_BMC:
                wanted = self.sharing and not (self.to_bmc_blocked or self._is_too_late() or self._sol)
                return wanted and self._switch(at_bmc=True)
            case MuxSetting.FORCE_TO_SYSTEM:
                self._early = self._early and not self.sharing
                return self.sharing and self._switch(at_bmc=False)
            case MuxSetting.FORCE_TO_BMC:
                return self.sharing and self._switch(at_bmc=True)
            case MuxSetting.BLOCK_TO_SYSTEM | MuxSetting.ALLOW_TO_SYSTEM:
                self.to_system_blocked = setting == MuxSetting.BLOCK_TO_SYSTEM
            case MuxSetting.BLOCK_TO_BMC | MuxSetting.ALLOW_TO_BMC:
                self.to_bmc_blocked = setting == MuxSetting.BLOCK_TO_BMC
            case _:
                return False
        return True

    def take(self, cause: Cause) -> bool:
        """The BMC wants the line.

        Returns: whether it has it now.
        """
        if self.at_bmc or not self.sharing:
            return self.at_bmc
        access = self._access()
        if cause is Cause.ALERT:
            allowed = True
        elif access == DISABLED or self._is_too_late():
            allowed = False
        elif cause is Cause.DCD_LOSS:
            allowed = access == ALWAYS or self._parameters.mux.to_bmc_on_dcd_loss
        else:
            allowed = cause is Cause.PATTERN or access in (PRE_BOOT, ALWAYS, SHARED)
        return allowed and self._switch(at_bmc=True)

    def give(self, *, acknowledged: bool = False) -> bool:
        """The BMC does without the line: a shared one goes to the system.

        Args:
            acknowledged: its console is told first, and asked for an acknowledgement if that is wanted.

        Returns: whether the system gets it.
        """
        return self.sharing and self._to_system(acknowledged=acknowledged)

    def rest(self) -> None:
        """A call, an alert or a session is over: who has the line when nobody wants it (Table 14-2)."""
        if self.sharing and not self.messaging and not self.alerting:
            self._switch(at_bmc=self._rests_at_bmc())

    def started(self, *, on: bool) -> None:
        """The BMC is up; the system, if it is on, has long been."""
        self._early = not on
        self._switch(at_bmc=self._rests_at_bmc())

    def restarted(self, *, by_command: bool) -> None:
        """The system was reset, or its power went.

        Args:
            by_command: by Chassis Control, which leaves blocks alone.
        """
        if not by_command:
            self.to_system_blocked = self.to_bmc_blocked = False
        self._early = True
        if self.sharing and self._access() in (PRE_BOOT, ALWAYS):
            self._switch(at_bmc=True)

    def settings_changed(self) -> None:
        """Sharing or the access mode were changed."""
        self._switch(at_bmc=self._rests_at_bmc() or self.messaging or self.alerting)
        self._join()

    # ---- the SerialPort that SOL sees

    def attach(self, receive: Callable[[bytes], None] | None) -> None:
        """See `SerialPort`; SOL has the host's port until it lets go."""
        self._sol = receive
        self._told()

    def write(self, data: bytes) -> int:
        """See `SerialPort`."""
        return 0 if self._host is None or self.routing == PAST_BMC else self._host.write(data)

    def send_break(self) -> None:
        """See `SerialPort`."""
        if self._host is not None:
            self._host.send_break()

    def carrier(self) -> bool:
        """See `SerialPort`; past the BMC the port is out of SOL's reach."""
        return self._host is not None and self.routing == BY_BMC and self._host.carrier()

    # ---- inside

    def _is_too_late(self) -> bool:
        """A channel for pre-boot use that was forced away stays away until the next restart."""
        return self._access() == PRE_BOOT and not self._early

    def _rests_at_bmc(self) -> bool:
        access = self._access()
        if not self.sharing:
            return access != DISABLED
        return access == ALWAYS or (access == PRE_BOOT and self._early)

    def _to_system(self, *, acknowledged: bool) -> bool:
        if acknowledged and self.at_bmc and not self.hand_over():
            return True  # it follows as soon as the console has acknowledged it
        return self._switch(at_bmc=False)

    def _switch(self, *, at_bmc: bool) -> bool:
        if self.at_bmc != at_bmc:
            self.at_bmc = at_bmc
            self._told()
        return True

    def _told(self) -> None:
        self._join()
        for listener in self.on_switch:
            listener(self.at_bmc)

    def _join(self) -> None:
        """Listen to the host only if somebody is there to hear it."""
        if self._host is None:
            return
        reached = self._plug is not None and self.to_host and (self.sharing or self.routing == PAST_BMC)
        wanted = self._printed if self._sol is not None or reached else None
        self._host.attach(wanted)

    def _printed(self, data: bytes) -> None:
        if self._sol is not None and self.routing == BY_BMC:
            self._sol(data)
        elif self._plug is not None and self.to_host:
            self._plug(data)


class SignalledMux(SerialMux):
    """A mux before a port that has more than characters: a :class:`~baseboard.bmc.ports.SerialSignals`."""

    __slots__ = ()

    @property
    def _signals(self) -> SerialSignals:
        return cast(SerialSignals, self._host)

    def set_rate(self, bits_per_second: int) -> None:
        """See `SerialSignals`."""
        self._signals.set_rate(bits_per_second)

    def set_lines(self, *, cts: bool, carrier: bool) -> None:
        """See `SerialSignals`."""
        self._signals.set_lines(cts=cts, carrier=carrier)

    def ring(self) -> None:
        """See `SerialSignals`."""
        self._signals.ring()

    def drop_written(self) -> None:
        """See `SerialSignals`."""
        self._signals.drop_written()

    def outputs(self) -> Outputs:
        """See `SerialSignals`."""
        return self._signals.outputs()

    def watch(self, noticed: Callable[[LineNotice], None] | None) -> None:
        """See `SerialSignals`."""
        self._signals.watch(noticed)

    def power_changed(self, on: bool) -> None:
        """See `SerialSignals`."""
        self._signals.power_changed(on)


def make_mux(host: SerialPort | None, parameters: SerialParameters, access: Callable[[], int]) -> SerialMux:
    """The mux before a host's serial port."""
    kind = SignalledMux if isinstance(host, SerialSignals) else SerialMux
    return kind(host, parameters, access)


def _at_once() -> bool:
    """Without a console there is nobody to wait for."""
    return True
