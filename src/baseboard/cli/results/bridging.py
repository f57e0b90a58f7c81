"""What the verbs of ``message``, ``icmb`` and ``forward`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("message flags")
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlags:
    """What waits for the host's software."""

    messages: bool
    event: bool
    watchdog_pretimeout: bool


@shape("message receive")
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReception:
    """Whether a channel's messages are taken."""

    channel: int
    enabled: bool


@shape("message get")
@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the queue.

    Attributes:
        privilege: of its sender; 0 outside of sessions.
        data: hexadecimal digits.
    """

    channel: int
    privilege: int
    data: str


@shape("message event")
@dataclass(frozen=True, slots=True, kw_only=True)
class BufferedEvent:
    """The event of the event buffer: a SEL record, hexadecimal digits."""

    record: str


@shape("message send", "icmb request", "forward send")
@dataclass(frozen=True, slots=True, kw_only=True)
class BridgedAnswer:
    """What came back.

    Attributes:
        completion_code: of whoever was asked.
        data: what follows it, hexadecimal digits.
    """

    completion_code: int
    data: str


@shape("message scan")
@dataclass(frozen=True, slots=True, kw_only=True)
class FoundController:
    """A controller on the IPMB.

    Attributes:
        address: slave address, 8 bits.
        firmware: such as ``1.02``.
    """

    address: int
    device_id: int
    firmware: str
    manufacturer_id: int
    product_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeConnector:
    """A connector of the bridge."""

    number: int
    kind: int
    name: str


@shape("icmb info")
@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """The ICMB bridge.

    Attributes:
        state: ``disabled``, ``enabled``, ``assigning_address`` or ``error``.
        address: on the ICMB; 0 = none.
        version: of the ICMB specification.
        chassis_device: slave address of the controller that takes chassis commands.
        connection: name of the connection that it is at.
        proxy_address: on the ICMB, of the controller that it stands in for; 0 = of none.
        proxy_slave: slave address of that controller.
    """

    state: str
    address: int
    version: str
    chassis_device: int
    connection_number: int
    connection: str
    proxy_address: int
    proxy_slave: int
    proxy_lun: int
    connectors: list[BridgeConnector]


@shape("icmb stats get")
@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The counters of a bridge, by name."""

    counters: dict[str, int]


@shape("icmb exchange")
@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The connection that the other bridge is at."""

    number: int
    name: str


@shape("icmb discover")
@dataclass(frozen=True, slots=True, kw_only=True)
class FoundChassis:
    """Another chassis.

    Attributes:
        address: of its bridge on the ICMB.
        chassis_device: slave address of the controller that takes its chassis commands.
    """

    address: int
    chassis_device: int


@shape("icmb events info")
@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEvents:
    """Event messages between chassis.

    Attributes:
        received: how many came, modulo 256.
        destination: ICMB address that they are sent to; 0 = to none.
        taken: those of others are.
        receiver: slave address of who gets them; null if the controller does not tell.
    """

    received: int
    destination: int
    taken: bool
    receiver: int | None
    receiver_lun: int | None


@shape("forward info")
@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What a channel forwards of a network function.

    Attributes:
        enabled: it does so now.
        slave_address: of the controller that gets it; 0 = none was named.
        commands: those that are chosen.
    """

    channel: int
    enabled: bool
    slave_address: int
    slave_lun: int
    netfn: int
    commands: list[int]


@shape("forward add", "forward remove")
@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The commands of a network function that are chosen now."""

    netfn: int
    commands: list[int]


@shape("forward enable", "forward disable")
@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardTarget:
    """Whether a channel forwards, and to whom."""

    channel: int
    enabled: bool
    slave_address: int
    slave_lun: int
