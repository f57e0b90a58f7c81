"""Verbs about other controllers, which ipmitool has not: the mailbox, the ICMB bridge, forwarding."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

_REQUEST: Final = "ADDRESS [at SLAVE[.LUN]] NETFN CMD [BYTES ...]"

BRIDGING: Final[tuple[Verb, ...]] = (
    Verb("message flags", "", "what waits for the host's software", sends=("GetMessageFlags",)),
    Verb(
        "message clear", "messages|event|watchdog ...", "throw away what waits", sends=("ClearMessageFlags",),
        loses="the messages or the event that wait",
    ),
    Verb(
        "message receive", "CHANNEL [on|off]", "whether a channel's messages are taken",
        sends=("EnableMessageChannelReceive",),
    ),
    Verb("message get", "", "take the oldest message", sends=("GetMessage",)),
    Verb("message event", "", "take the event of the event buffer", sends=("ReadEventMessageBuffer",)),
    Verb("message send", "CHANNEL [track] BYTES ...", "send a message, byte by byte", sends=("SendMessage",)),
    Verb("message scan", "", "who is on the IPMB", True, sends=("Broadcast Get Device ID",)),
    Verb(
        "icmb info", "", "the bridge to other chassis: state, address, connectors",
        sends=(
            "GetBridgeState", "GetIcmbAddress", "GetIcmbCapabilities", "GetIcmbConnectorInfo",
            "GetIcmbConnectionId", "GetBridgeProxyAddress", "GetChassisDeviceId",
        ),
    ),
    Verb(
        "icmb disable", "", "switch the bridge off", sends=("SetBridgeState",),
        loses="the way to other chassis, and theirs to this one",
    ),
    Verb("icmb enable", "", "switch it on", sends=("SetBridgeState",)),
    Verb("icmb address", "ADDRESS|auto", "its address on the ICMB", sends=("SetIcmbAddress",)),
    Verb(
        "icmb proxy", "ADDRESS SLAVE [LUN] | off", "an address for a controller behind it",
        sends=("SetBridgeProxyAddress",),
    ),
    Verb("icmb stats get", "", "what it counted", sends=("GetBridgeStatistics",)),
    Verb(
        "icmb stats clear", "", "count from 0", sends=("ClearBridgeStatistics",), loses="the counts"
    ),
    Verb(
        "icmb exchange", "ADDRESS NUMBER NAME", "tell another bridge a connection ID",
        sends=("SendIcmbConnectionId",),
    ),
    Verb("icmb discover", "", "find other chassis", True, sends=("PrepareForDiscovery", "GetAddresses")),
    Verb("icmb discovered", "", "keep silent when others look for it", sends=("SetDiscovered",)),
    Verb("icmb chassis", "SLAVE", "which controller takes chassis commands", sends=("SetChassisDeviceId",)),
    Verb("icmb request", _REQUEST, "ask a controller in another chassis", sends=("BridgeRequest",)),
    Verb("icmb tell", _REQUEST, "the same without an answer; 0xffff is all", sends=("BridgeMessage",)),
    Verb("icmb error", "", "report that what it sent was no command", sends=("ErrorReport",)),
    Verb(
        "icmb events info", "", "where event messages go, and how many came",
        sends=("GetEventCount", "GetEventDestination", "GetEventReceptionState"),
    ),
    Verb("icmb events to", "ADDRESS|off", "where they go", sends=("SetEventDestination",)),
    Verb(
        "icmb events take", "SLAVE [LUN] | off", "who gets those of others", sends=("SetEventReceptionState",)
    ),
    Verb(
        "icmb events send", "online|attention|discovery-start|discovery-end", "send one",
        sends=("SendIcmbEventMessage",),
    ),
    Verb(
        "forward info", "[CHANNEL]", "which commands another controller answers", True,
        sends=("EnableForwardedCommands", "GetForwardedCommands"),
    ),
    Verb("forward add", "NETFN CMD ... [channel N]", "choose commands", sends=("SetForwardedCommands",)),
    Verb(
        "forward remove", "NETFN CMD ... [channel N]", "choose them no more",
        sends=("SetForwardedCommands",),
    ),
    Verb(
        "forward enable", "[SLAVE [LUN]] [channel N]", "hand them to a controller",
        sends=("EnableForwardedCommands",),
    ),
    Verb("forward disable", "[channel N]", "answer them here", sends=("EnableForwardedCommands",)),
    Verb("forward send", "NETFN CMD [BYTES ...]", "hand a request over, to -t", sends=("ForwardedCommand",)),
)  # fmt: skip
