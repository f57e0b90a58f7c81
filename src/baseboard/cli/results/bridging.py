"""What the verbs of ``message``, ``icmb`` and ``forward`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("message flags")
class MessageFlags(Value, kw_only=True):
    """What waits for the host's software."""

    messages: bool
    event: bool
    watchdog_pretimeout: bool


@shape("message receive")
class ChannelReception(Value, kw_only=True):
    """Whether a channel's messages are taken."""

    channel: int
    enabled: bool


@shape("message get")
class Message(Value, kw_only=True):
    """A message of the queue.

    Attributes:
        privilege: of its sender; 0 outside of sessions.
        data: hexadecimal digits.
    """

    channel: int
    privilege: int
    data: str


@shape("message event")
class BufferedEvent(Value, kw_only=True):
    """The event of the event buffer: a SEL record, hexadecimal digits."""

    record: str


@shape("message send", "icmb request", "forward send")
class BridgedAnswer(Value, kw_only=True):
    """What came back.

    Attributes:
        completion_code: of whoever was asked.
        data: what follows it, hexadecimal digits.
    """

    completion_code: int
    data: str


@shape("message scan")
class FoundController(Value, kw_only=True):
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


class BridgeConnector(Value, kw_only=True):
    """A connector of the bridge."""

    number: int
    kind: int
    name: str


@shape("icmb info")
class Bridge(Value, kw_only=True):
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
class Counted(Value, kw_only=True):
    """The counters of a bridge, by name."""

    counters: dict[str, int]


@shape("icmb exchange")
class Connection(Value, kw_only=True):
    """The connection that the other bridge is at."""

    number: int
    name: str


@shape("icmb discover")
class FoundChassis(Value, kw_only=True):
    """Another chassis.

    Attributes:
        address: of its bridge on the ICMB.
        chassis_device: slave address of the controller that takes its chassis commands.
    """

    address: int
    chassis_device: int


@shape("icmb events info")
class BridgeEvents(Value, kw_only=True):
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
class Forwarded(Value, kw_only=True):
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
class Chosen(Value, kw_only=True):
    """The commands of a network function that are chosen now."""

    netfn: int
    commands: list[int]


@shape("forward enable", "forward disable")
class ForwardTarget(Value, kw_only=True):
    """Whether a channel forwards, and to whom."""

    channel: int
    enabled: bool
    slave_address: int
    slave_lun: int
