"""FreeIPMI logs in by every cipher suite and v1.5 authentication type, and is told why when it may not."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import peers
from tests.interop.lab import Bmc, Done, Lab, lab, run

SUITES = (0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17)
# Wrong v1.5 passwords are answered by silence (§18.15.1), so the console is told to be impatient.
IMPATIENT = ("--session-timeout=1500", "--retransmission-timeout=500")
WRONG_KEY = bytes(range(1, 21)).hex()
USERS = """
Section User3
	Username guest
	Password guest-password
	Enable_User Yes
	Lan_Enable_IPMI_Msgs Yes
	Lan_Privilege_Limit User
EndSection
Section User4
	Username twenty
	Password20 twenty-bytes-for-you
	Enable_User Yes
	Lan_Enable_IPMI_Msgs Yes
	Lan_Privilege_Limit Operator
EndSection
Section User5
	Username nothing
	Enable_User Yes
	Lan_Enable_IPMI_Msgs Yes
	Lan_Privilege_Limit Administrator
EndSection
Section Lan_Conf_Auth
	User_Enable_Auth_Type_None Yes
	Operator_Enable_Auth_Type_None Yes
	Admin_Enable_Auth_Type_None Yes
EndSection
"""
# Pings the BMC at port 623, which these two tools cannot be told to leave.
PINGS = """
"$1" -P -m baseboard lab --json --count 1 --bind "$2" --port 623 >"$3/line" & lab=$!
trap 'kill $lab; wait $lab || :' EXIT
until [ -s "$3/line" ]; do kill -0 $lab; sleep 0.1; done
"$4" -c 2 -i 1 -v -r 2.0 "$2"
"$5" -c 2 -i 1 -v "$2"
"""


def identity(
    bmc: Bmc, *options: str, suite: int = 17, privilege: str | None = None, driver: str = "LAN_2_0"
) -> Done:
    name = "bmc-info"
    return bmc.freeipmi(name, "--get-device-id", *options, suite=suite, privilege=privilege, driver=driver)


def somebody(bmc: Bmc, username: str, password: str) -> Bmc:
    """The same BMC, for another user."""
    return replace(bmc, username=username, password=password)


def refused(done: Done) -> str:
    """Why, once it is certain that it was."""
    assert done.code == 1, str(done)
    return done.err.strip().partition(": ")[2]


@pytest.fixture(scope="module")
def changed() -> Iterator[Lab]:
    """A lab with more users on the first and the third server, and type "none" switched on."""
    with lab() as running:
        for bmc in (running[0], running.weak):
            done = bmc.freeipmi(
                "ipmi-config", "--commit", "--filename=/dev/stdin", stdin=USERS, privilege="ADMIN"
            )
            assert done.code == (0 if bmc is running.weak else 1), str(done)
        yield running


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("privilege", ["USER", "OPERATOR", "ADMIN"])
def test_every_suite_of_the_old_board(shared_lab: Lab, suite: int, privilege: str) -> None:
    done = identity(shared_lab.weak, suite=suite, privilege=privilege).ok()
    assert done.values["Product ID"] == "771"


@pytest.mark.parametrize("kind", ["MD2", "MD5", "STRAIGHT_PASSWORD_KEY"])
@pytest.mark.parametrize("privilege", ["USER", "OPERATOR", "ADMIN"])
def test_every_authentication_type_of_the_old_board(shared_lab: Lab, kind: str, privilege: str) -> None:
    done = identity(shared_lab.weak, "-a", kind, driver="LAN", privilege=privilege).ok()
    assert done.values["Product ID"] == "771"


def test_a_wrong_password_of_v15_is_met_with_silence(shared_lab: Lab) -> None:
    stranger = replace(shared_lab.weak, password="wrong")
    done = identity(stranger, "-a", "MD5", *IMPATIENT, driver="LAN")
    assert refused(done) == "password verification timeout"


def test_type_none_once_it_is_switched_on(changed: Lab) -> None:
    nothing = somebody(changed.weak, "nothing", "")
    done = identity(nothing, "-a", "NONE", driver="LAN", privilege="ADMIN").ok()
    assert done.values["Product ID"] == "771"


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("suite", SUITES)
def test_only_the_suites_on_offer(shared_lab: Lab, number: int, suite: int) -> None:
    offered = ((3, 17), (17,), SUITES)[number]
    done = identity(shared_lab[number], suite=suite)
    if suite in offered:
        assert done.ok().values["IPMI Version"] == "2.0"
    else:
        assert refused(done) == "cipher suite id unavailable"


@pytest.mark.parametrize("suite", [3, 17])
def test_two_keys(keyed_lab: Lab, suite: int) -> None:
    rack = keyed_lab[0]
    assert rack.kg is not None
    assert identity(rack, suite=suite).ok().values["Product ID"] == "257"
    for key in (None, WRONG_KEY):
        assert refused(identity(replace(rack, kg=key), suite=suite)) == "k_g invalid"
    assert refused(identity(replace(rack, password="wrong"), suite=suite)) == "password invalid"


@pytest.mark.parametrize("suite", [1, 2, 6, 7, 8, 11, 12, 15, 16])
def test_two_keys_with_the_other_suites(keyed_lab: Lab, suite: int) -> None:
    assert identity(keyed_lab.weak, suite=suite).ok().values["Product ID"] == "771"


@pytest.mark.parametrize(
    ("username", "password", "text"),
    [
        ("admin", "wrong", "password invalid"),
        ("admin", "", "password invalid"),
        ("nobody", "wrong", "password invalid"),
        ("", "wrong", "username invalid"),
    ],
)
def test_who_may_not_log_in_is_told(shared_lab: Lab, username: str, password: str, text: str) -> None:
    """An unknown name is not told from a wrong password; that there is no null user anybody may know."""
    assert refused(identity(somebody(shared_lab[0], username, password))) == text


def test_a_key_that_is_not_wanted_is_told(shared_lab: Lab) -> None:
    assert refused(identity(replace(shared_lab[0], kg=WRONG_KEY))) == "k_g invalid"


def test_a_bmc_without_v15_is_told(shared_lab: Lab) -> None:
    done = identity(shared_lab[0], driver="LAN")
    assert refused(done) == "authentication type unavailable for attempted privilege level"


@pytest.mark.parametrize("number", [0, 2])
def test_who_may_not_do_it_is_told(changed: Lab, number: int) -> None:
    """§13.22 is told in RAKP 4 to those who know the password; only ipmipower has words for it."""
    guest = somebody(changed[number], "guest", "guest-password")
    assert identity(guest, privilege="USER").ok().values["Device ID"] == "32"
    assert refused(identity(guest, privilege="ADMIN")) == "bad rmcpplus status code"
    power = guest.freeipmi("ipmipower", "--stat", privilege="OPERATOR").out
    assert "privilege level cannot be obtained for this user" in power
    off = guest.freeipmi("ipmi-chassis", "--chassis-control=POWER-DOWN", privilege="USER")
    assert (off.code, "privilege level insufficient" in off.err) == (1, True), str(off)


def test_who_may_not_do_it_is_told_in_v15(changed: Lab) -> None:
    guest = somebody(changed.weak, "guest", "guest-password")
    assert identity(guest, "-a", "MD5", driver="LAN", privilege="USER").ok().values["Device ID"] == "32"
    done = identity(guest, "-a", "MD5", driver="LAN", privilege="ADMIN")
    assert refused(done) == "privilege level cannot be obtained for this user"


@pytest.mark.parametrize("number", [0, 2])
def test_a_password_of_twenty_bytes(changed: Lab, number: int) -> None:
    password = "twenty-bytes-for-you"
    user = somebody(changed[number], "twenty", password)
    assert identity(user, privilege="OPERATOR").ok().values["Device ID"] == "32"
    assert refused(identity(replace(user, password=password[:16]))) == "password invalid"


def pinged_at() -> tuple[str, list[str]]:
    """A loopback address of our own, and what lets one use port 623 of it."""
    number = os.getpid()
    address = f"127.{62 + (number >> 16 & 0x3F)}.{number >> 8 & 0xFF}.{1 + number % 254}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 623))
        except PermissionError:
            # in a network of its own whoever runs this is root
            shell = 'ip link set lo up; exec "$@"'
            return address, ["unshare", "--user", "--map-root-user", "--net", "sh", "-ec", shell, "sh"]
    return address, []


def test_pings_are_answered(tmp_path: Path) -> None:
    address, allowed = pinged_at()
    tools = [peers.require("FreeIPMI", tool) for tool in ("ipmiping", "rmcpping")]
    command = [*allowed, "sh", "-euc", PINGS, "sh", sys.executable, address, str(tmp_path), *tools]
    lines = run(command, "", 120, {}).ok().lines
    ipmi = [line for line in lines if line.startswith(f"response received from {address}: rq_seq=")]
    assert len(ipmi) == 2
    assert "ipmi_v2.0=set" in ipmi[0]
    assert "ipmi_v1.5=clear" in ipmi[0]
    assert "non-null=set" in ipmi[0]
    pongs = [line for line in lines if line.startswith(f"pong received from {address}: message_tag=")]
    assert len(pongs) == 2
    assert pongs[0].endswith(", ipmi supported")
