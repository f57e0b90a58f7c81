"""ipmitool's words for a BMC that cannot be reached; the runs side by side hold them against ipmitool."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.failures import unreached
from baseboard.client.settings import Settings
from baseboard.errors import (
    BaseboardError,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    RoleRefused,
    SuiteRefused,
    TransportError,
    Unreachable,
)

LANPLUS = Settings(interface="lanplus", host="h", cipher_suite=4)
LAN = Settings(interface="lan", host="h", auth_type=2)
V20 = "Error: Unable to establish IPMI v2 / RMCP+ session"
V15 = ["Error: Unable to establish LAN session", "Error: Unable to establish IPMI v1.5 / RMCP session"]


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (Unreachable("Open Session", None, "no answer"), []),
        (Unreachable("address", None, "h: no"), ["Address lookup for h failed", "Could not open socket!"]),
        (LoginRefused("RAKP 2", 0x0D, "x"), []),
        (LoginRefused("RAKP 2", None, "x"), []),
        (LoginRefused("RAKP 4", None, "x"), []),
        (
            SuiteRefused("Open Session", 0x11, "x"),
            ["Error in open session response message : no matching cipher suite\n"],
        ),
        (
            SuiteRefused("Open Session", 0x04, "x"),
            ["Error in open session response message : invalid authentication algorithm\n"],
        ),
        (RoleRefused("Open Session", 0x09), ["Error in open session response message : invalid role\n"]),
        (
            NoSessionSlot("Open Session", 0x01),
            ["Error in open session response message : insufficient resources for session\n"],
        ),
        (LoginError("Open Session", 0x77), ["Error in open session response message : Unknown (0x77)\n"]),
        (SuiteRefused("before the login", None, "none"), ["Unsupported cipher suite ID : 4\n"]),
        (
            RoleRefused("Set Session Privilege Level", 0x81, "x"),
            ["Set Session Privilege Level to ADMINISTRATOR failed: Unknown (0x81)"],
        ),
        (
            RoleRefused("Set Session Privilege Level", None, "x"),
            ["Set Session Privilege Level to ADMINISTRATOR failed"],
        ),
        (TransportError("gone"), []),
    ],
)
def test_over_lanplus(error: BaseboardError, lines: list[str]) -> None:
    assert unreached(error, LANPLUS) == [*lines, V20]


def test_a_suite_that_ipmitool_does_not_know_is_told_if_the_bmc_refuses_it() -> None:
    settings = Settings(interface="lanplus", host="h", cipher_suite=18)
    assert unreached(SuiteRefused("Open Session", 0x11), settings) == [
        "Unsupported cipher suite ID : 18\n",
        V20,
    ]
    assert unreached(LoginRefused("RAKP 2", 0x0D), settings) == [V20]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (LoginRefused("RAKP 2", 0x0D), "RAKP 2 message indicates an error : unauthorized name"),
        (LoginRefused("RAKP 4", 0x0F), "RAKP 4 message indicates an error : invalid integrity check value"),
        (LoginRefused("RAKP 2", None), "> RAKP 2 HMAC is invalid"),
        (LoginRefused("RAKP 4", None), "> RAKP 4 message has invalid integrity check value"),
        (Unreachable("RAKP 2", None), "> Error: no response from RAKP 1 message"),
        (Unreachable("RAKP 4", None), "> Error: no response from RAKP 3 message"),
    ],
)
def test_with_v_the_step_is_told(error: LoginError, line: str) -> None:
    assert unreached(error, LANPLUS, verbose=1) == [line, V20]


def test_with_v_other_steps_have_no_words_of_ipmitools() -> None:
    assert unreached(Unreachable("Open Session"), LANPLUS, verbose=1) == [V20]
    assert unreached(LoginError("RAKP 2", None), LANPLUS, verbose=1) == [V20]


def test_without_a_host_there_is_nobody_to_ask() -> None:
    error = Unreachable("address", None, "x")
    assert unreached(error, Settings(interface="lanplus")) == ["No hostname specified!"]
    assert unreached(error, Settings(interface="lan")) == ["No hostname specified!"]


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (Unreachable("Get Channel Authentication Capabilities", None, "no answer"), []),
        (LoginRefused("Activate Session", None), ["Activate Session command failed"]),
        (
            NoSessionSlot("Activate Session", 0x81),
            ["Activate Session error:\tNo session slot available"],
        ),
        (LoginError("Activate Session", 0xD4), ["Activate Session error:\tInsufficient privilege level"]),
        (LoginRefused("Get Session Challenge", 0x81), ["Invalid user name"]),
        (LoginRefused("Get Session Challenge", 0x82), ["NULL user name not enabled"]),
        (LoginError("Get Session Challenge", 0xD4), [
            "Get Session Challenge command failed: Insufficient privilege level"
        ]),
        (LoginError("Get Session Challenge", 0xCC), [
            "Get Session Challenge command failed: Invalid data field in request"
        ]),
        (Unreachable("Get Session Challenge"), ["Get Session Challenge command failed"]),
        (SuiteRefused("Get Channel Authentication Capabilities"), ["Authentication type MD5 not supported"]),
        (
            RoleRefused("Set Session Privilege Level", 0x80),
            ["Set Session Privilege Level to ADMINISTRATOR failed: Unknown (0x80)"],
        ),
        (TransportError("gone"), []),
    ],
)  # fmt: skip
def test_over_lan(error: BaseboardError, lines: list[str]) -> None:
    assert unreached(error, LAN) == [*lines, *V15]


def test_over_lan_an_address_that_is_not_found_is_all() -> None:
    assert unreached(Unreachable("address", None, "x"), LAN) == [
        "Address lookup for h failed",
        "Could not open socket!",
    ]


def test_without_a_type_of_authentication_none_is_missed() -> None:
    error = SuiteRefused("Get Channel Authentication Capabilities", None, "none")
    assert (
        unreached(error, Settings(interface="lan", host="h"))[0] == "Authentication type NONE not supported"
    )


def caused(error: BaseboardError, cause: OSError) -> BaseboardError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("device", "number"), [("", 0), ("/dev/ipmi3", 3), ("/dev/ipmi/12", 12)]
)  # fmt: skip
def test_a_device_that_does_not_open_is_named_thrice(device: str, number: int) -> None:
    settings = Settings(interface="open", device=device)
    expected = (
        f"Could not open device at /dev/ipmi{number} or /dev/ipmi/{number} or /dev/ipmidev/{number}:"
        " Permission denied"
    )
    assert unreached(caused(TransportError("no"), OSError(13, "Permission denied")), settings) == [expected]
    assert unreached(TransportError("anything: Permission denied"), settings) == [expected]


def test_a_serial_line_that_does_not_open_is_named() -> None:
    settings = Settings(interface="serial-basic", device="/dev/ttyS9")
    error = caused(TransportError("no"), OSError(2, "No such file or directory"))
    assert unreached(error, settings) == ["Could not open device at /dev/ttyS9: No such file or directory"]
    assert unreached(TransportError("nobody answers"), settings) == ["nobody answers"]
