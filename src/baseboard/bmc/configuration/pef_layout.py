"""What a file may say about platform event filtering and alerts (§17)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from baseboard.bmc.configuration.layout_types import Byte, Guid, Table

Action: TypeAlias = Literal[
    "alert", "power_down", "reset", "power_cycle", "oem", "diagnostic_interrupt", "group_control"
]
Compare: TypeAlias = Annotated[list[Byte], Meta(min_length=3, max_length=3)]
FourBits: TypeAlias = Annotated[int, Meta(ge=0, le=15)]
FilterNumber: TypeAlias = Annotated[int, Meta(ge=0, le=127)]


class EventFilter(Table):
    """``[[bmc.pef.filter]]``: which events something is done about, and what (Table 17-2)."""

    number: Annotated[int, Meta(ge=1, le=127)] | None = None
    enabled: bool = True
    preconfigured: bool = False
    actions: list[Action] = field(default_factory=list[Action])
    policy: FourBits = 1
    group: Annotated[int, Meta(ge=0, le=7)] = 0
    severity: Literal[
        "unspecified", "monitor", "information", "ok", "non_critical", "critical", "non_recoverable"
    ] = "unspecified"
    generator: Annotated[int, Meta(ge=0, le=0xFFFF)] | None = None
    sensor_type: str | Byte | None = None
    sensor: str | Byte | None = None
    event_type: str | Byte | None = None
    offsets: list[FourBits] | None = None
    data1: Compare | None = None
    data2: Compare | None = None
    data3: Compare | None = None


class AlertPolicy(Table):
    """``[[bmc.pef.policy]]``: a destination of a policy (Table 17-4)."""

    policy: Annotated[int, Meta(ge=1, le=15)]
    destination: FourBits
    enabled: bool = True
    rule: Literal["always", "skip_this", "stop", "other_channel", "other_destination_type"] = "always"
    channel: FourBits | None = None
    string: Annotated[int, Meta(ge=0, le=127)] = 0
    string_set: Annotated[int, Meta(ge=1, le=127)] | None = None


class AlertString(Table):
    """``[[bmc.pef.string]]``: what an alert says besides its event (§17.13)."""

    text: Annotated[str, Meta(max_length=63, pattern=r"^[\x20-\x7e]*$")]
    filter: FilterNumber = 0
    set: FilterNumber = 0


class Destination(Table):
    """``[[bmc.pef.destination]]``: where traps go, destinations 1 to 4 (LAN parameters 18, 19, 25)."""

    address: str
    acknowledged: bool = False
    timeout_s: Annotated[int, Meta(ge=1, le=256)] = 4
    retries: Annotated[int, Meta(ge=0, le=7)] = 0
    vlan: Annotated[int, Meta(ge=1, le=4094)] | None = None


class Pef(Table):
    """``[bmc.pef]``: platform event filtering."""

    enabled: bool = False
    event_messages: bool = False
    actions: list[Action] | None = None
    startup_delay_s: Byte | None = None
    alert_startup_delay_s: Byte | None = None
    filters: Annotated[int, Meta(ge=1, le=127)] | None = None
    policies: Annotated[int, Meta(ge=1, le=127)] | None = None
    strings: Annotated[int, Meta(ge=1, le=127)] | None = None
    guid: Guid | None = None
    community: Annotated[str, Meta(max_length=18, pattern=r"^[\x20-\x7e]*$")] = "public"
    trap_port: Annotated[int, Meta(ge=1, le=0xFFFF)] = 162
    filter: Annotated[list[EventFilter], Meta(max_length=127)] = []
    policy: Annotated[list[AlertPolicy], Meta(max_length=127)] = []
    string: Annotated[list[AlertString], Meta(max_length=127)] = []
    destination: Annotated[list[Destination], Meta(max_length=4)] = []
