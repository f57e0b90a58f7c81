"""Failures beside ipmitool's: the words that scripts look for on standard error, and the exit codes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard import sync
from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.codes import AuthType
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT
from tests.golden.side_by_side import side_by_side
from tests.interop.lab import Bmc

# A password that v1.5 can be told too.
USER = replace(ADMIN, size=16)
QUICK = ("-N", "1", "-R", "1")
V20 = "Error: Unable to establish IPMI v2 / RMCP+ session\n"
V15 = "Error: Unable to establish LAN session\nError: Unable to establish IPMI v1.5 / RMCP session\n"


@pytest.fixture(scope="module")
def silent() -> Iterator[Bmc]:
    """A host that takes every packet and answers none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        yield Bmc("127.0.0.1", listening.getsockname()[1], "a", "b", None, "silent", Path("/nowhere"))


@pytest.fixture
def veteran(golden_lab: list[Bmc]) -> Bmc:
    """The one with IPMI v1.5 and weak suites."""
    return golden_lab[2]


@pytest.mark.parametrize(("interface", "err"), [("lanplus", V20), ("lan", V15)])
def test_a_host_is_silent(interface: str, err: str, silent: Bmc) -> None:
    done = side_by_side(silent, *QUICK, "power", "status", interface=interface)
    assert (done.code, done.out, done.err) == (1, "", err)


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_a_name_has_no_address(interface: str, rack: Bmc) -> None:
    words = ["-I", interface, "-H", "no-such-host.invalid", "-U", "a", "-P", "b", "mc", "info"]
    side_by_side(rack, *words, login=False)


@pytest.mark.parametrize("user", ["admin", "nobody", ""])
@pytest.mark.parametrize("suite", [3, 17])
def test_user_or_password_is_wrong(user: str, suite: int, rack: Bmc) -> None:
    done = side_by_side(rack, "-U", user, "-P", "wrong", "power", "status", suite=suite)
    assert (done.code, done.out, done.err) == (1, "", V20)


@pytest.mark.parametrize("suite", [0, 1, 2, 4, 8, 18, 99])
def test_a_suite_is_refused_or_unknown(suite: int, rack: Bmc) -> None:
    done = side_by_side(rack, "power", "status", suite=suite)
    assert done.code == 1
    assert done.err.endswith(V20)


def test_the_words_for_suites(rack: Bmc) -> None:
    refused = side_by_side(rack, "power", "status", suite=1).err
    assert refused.startswith("Error in open session response message : no matching cipher suite\n")
    assert side_by_side(rack, "power", "status", suite=99).err.startswith(
        "Unsupported cipher suite ID : 99\n"
    )


def test_a_key_of_the_bmc_that_is_not_its_own(rack: Bmc) -> None:
    side_by_side(rack, "-k", "not the key", "power", "status")


@pytest.mark.parametrize("level", ["OEM", "foo"])
@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_a_level_is_refused(level: str, interface: str, veteran: Bmc) -> None:
    side_by_side(veteran, "-L", level, "power", "status", interface=interface)


def test_a_level_is_too_low_for_a_command(rack: Bmc) -> None:
    done = side_by_side(rack, "-L", "USER", "power", "on")
    assert done.err == "Set Chassis Power Control to Up/On failed: Insufficient privilege level\n"
    side_by_side(rack, "-L", "USER", "raw", "0", "2", "1")


@pytest.mark.parametrize("auth_type", ["MD5", "MD2", "NONE", "PASSWORD", "OEM", "foo"])
def test_a_type_of_authentication_of_v15_is_not_offered(auth_type: str, rack: Bmc, veteran: Bmc) -> None:
    side_by_side(rack, "-A", auth_type, "power", "status", interface="lan")
    side_by_side(veteran, "-A", auth_type, "power", "status", interface="lan")


def test_v15_is_not_offered(rack: Bmc) -> None:
    done = side_by_side(rack, "power", "status", interface="lan")
    assert done.err == f"Authentication type NONE not supported\n{V15}"


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_every_session_slot_is_taken(interface: str, tmp_path: Path) -> None:
    lan = replace(BLUEPRINT.lan, session_slots=1, auth_types=1 << AuthType.MD5)
    with ScriptedBmc(replace(BLUEPRINT, lan=lan, users=(USER,)), SimulatedServer) as running:
        name, password = ADMIN.name.decode(), ADMIN.password.decode()
        bmc = Bmc(running.host, running.port, name, password, None, "full", tmp_path)
        with sync.connect(running.host, port=running.port, username=name, password=password):
            done = side_by_side(bmc, "power", "status", interface=interface)
    assert done.code == 1
    if interface == "lanplus":
        assert done.err == (
            f"Error in open session response message : insufficient resources for session\n\n{V20}"
        )


@pytest.mark.parametrize("auth_type", ["MD5", "PASSWORD"])
@pytest.mark.parametrize("challenge", [b"\xc1", b"\xcc", None])
def test_a_type_is_not_offered_whatever_a_challenge_would_say(
    auth_type: str, challenge: bytes | None, tmp_path: Path
) -> None:
    lan = replace(BLUEPRINT.lan, auth_types=1 << AuthType.MD5)
    with ScriptedBmc(
        replace(BLUEPRINT, lan=lan, users=(USER,)), SimulatedServer, Script({(0x06, 0x39): challenge})
    ) as running:
        bmc = Bmc(
            running.host, running.port, ADMIN.name.decode(), ADMIN.password.decode(), None, "odd", tmp_path
        )
        done = side_by_side(bmc, *QUICK, "-A", auth_type, "power", "status", interface="lan")
    assert done.err.startswith("Authentication type PASSWORD not supported\n") == (auth_type == "PASSWORD")


@pytest.mark.parametrize("user", ["admin", "nobody"])
def test_user_or_password_of_v15_is_wrong(user: str, veteran: Bmc) -> None:
    done = side_by_side(veteran, *QUICK, "-U", user, "-P", "wrong", "mc", "info", interface="lan")
    assert done.err.startswith("Activate Session ")
    assert done.err.endswith(V15)


@pytest.mark.parametrize("words", ["-I open mc info", "-d 3 mc info", "mc info", "foo"])
def test_there_is_no_device(words: str, rack: Bmc) -> None:
    done = side_by_side(rack, *words.split(), login=False)
    assert done.err.startswith("Could not open device at /dev/ipmi")


@pytest.mark.parametrize("interface", ["serial-basic", "serial-terminal"])
def test_there_is_no_serial_line(interface: str, rack: Bmc) -> None:
    side_by_side(rack, "-I", interface, "-D", "/nowhere/at/all", "mc", "info", login=False)


@pytest.mark.parametrize("interface", ["imb", "usb", "free", "dummy"])
def test_an_interface_leads_nowhere(interface: str, rack: Bmc) -> None:
    side_by_side(rack, "-I", interface, "mc", "info", login=False)


@pytest.mark.parametrize(
    "words", ["foo", "", "power foo", "mc foo", "raw 6 0x7f", "chassis bootparam get 99"]
)
def test_a_command_is_unknown_or_refused(words: str, rack: Bmc) -> None:
    side_by_side(rack, *words.split())


def test_nobody_answers_behind_the_bmc(sim: Bmc) -> None:
    side_by_side(sim, *QUICK, "-t", "0x82", "mc", "info")
    side_by_side(sim, "-T", "0x82", "mc", "info")
