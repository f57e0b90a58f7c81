"""Verbs about serial channels, which ipmitool has not."""

from __future__ import annotations

from typing import Final

from baseboard.cli.verbs.verb import Verb

_GET, _SET = "GetSerialModemConfiguration", "SetSerialModemConfiguration"

SERIAL: Final[tuple[Verb, ...]] = (
    Verb("serial print", "[channel N]", "every parameter of a serial channel", many=True, sends=(_GET,)),
    Verb("serial get", "PARAMETER [ENTRY] [channel N]", "one parameter", many=True, sends=(_GET,)),
    Verb(
        "serial set", "PARAMETER [ENTRY] FIELD=VALUE ...|TEXT [channel N]", "change one", sends=(_GET, _SET)
    ),
    Verb(
        "serial mux", "[[force|block|allow] system|bmc] [channel N]", "who has a shared line; switch it",
        sends=("SetSerialModemMux",),
    ),
    Verb(
        "serial route", "[ENTRY] [channel N]", "what the connector leads to", sends=("SetSerialRoutingMux",)
    ),
    Verb(
        "serial acknowledge", "", "let the BMC give the line to the system",
        sends=("SerialModemConnectionActive",),
    ),
    Verb(
        "serial callback", "DESTINATION [channel N]", "have the BMC call a destination",
        loses="the session, if it is over the same line", sends=("Callback",),
    ),
    Verb(
        "serial callback user", "ID [off|ipmi|cbcp|OPTION|DESTINATION ...] [channel N]",
        "how a user may be called back", sends=("GetUserCallbackOptions", "SetUserCallbackOptions"),
    ),
    Verb(
        "serial tap", "[channel N]", "what a paging service said last", sends=("GetTapResponseCodes",)
    ),
    Verb(
        "serial proxy", "write HEX | read SIZE | send SIZE ADDRESS PORT [PORT] | receive",
        "UDP packets by way of the BMC's PPP link",
        sends=(
            "SetPppUdpProxyTransmitData", "GetPppUdpProxyTransmitData", "SendPppUdpProxyPacket",
            "GetPppUdpProxyReceiveData",
        ),
    ),
)  # fmt: skip
