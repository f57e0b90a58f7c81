"""OpenIPMI's openipmicmd, solterm and rmcp_ping talk to the lab: logins, answers, a console, a ping.

It has no HMAC-SHA256, and keys of its own for HMAC-MD5, so of the suites it can use 0 to 3, 6 and 11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests import peers
from tests.interop.lab import Bmc, Done, Lab, lab, run
from tests.interop.terminal import terminal

DEVICE_ID = "f 0 6 1"
SESSION_INFO = "f 0 6 3d 0"
VETERAN = "0f 07 00 01 00 20 01 01 12 02 9f 00 00 00 03 03"
RACK = "0f 07 00 01 00 20 01 02 10 02 9f 00 00 00 01 01"
SUITES = [
    ("rakp_none", "none", None),
    ("rakp_hmac_sha1", "none", None),
    ("rakp_hmac_sha1", "hmac_sha1", None),
    ("rakp_hmac_sha1", "hmac_sha1", "aes_cbc_128"),
    ("rakp_hmac_md5", "none", None),
    ("rakp_hmac_md5", "md5", None),
]
KEY = "a key of twenty byte"


def answer(done: Done) -> str:
    return " ".join(done.ok().out.split())


@pytest.mark.parametrize(("authentication", "integrity", "confidentiality"), SUITES)
def test_suites(shared_lab: Lab, authentication: str, integrity: str, confidentiality: str | None) -> None:
    options = ["-A", "rmcp+", "-Ra", authentication, "-Ri", integrity]
    options += ["-Rc", "none" if confidentiality is None else confidentiality]
    assert answer(shared_lab.weak.openipmicmd(DEVICE_ID, *options)) == VETERAN


@pytest.mark.parametrize("kind", ["md5", "md2", "straight"])
def test_authentication_types_of_v15(shared_lab: Lab, kind: str) -> None:
    assert answer(shared_lab.weak.openipmicmd(DEVICE_ID, "-A", kind)) == VETERAN


@pytest.mark.parametrize(("privilege", "level"), [("user", 2), ("operator", 3), ("admin", 4)])
@pytest.mark.parametrize(("number", "version"), [(0, "1"), (2, "0")])
def test_privileges(shared_lab: Lab, privilege: str, level: int, number: int, version: str) -> None:
    """Get Session Info: the user, the privilege, and the version of the session, on channel 1."""
    kind = "rmcp+" if version == "1" else "md5"
    done = shared_lab[number].openipmicmd(SESSION_INFO, "-L", privilege, "-A", kind)
    found = answer(done).split()
    assert found[:5] == ["0f", "07", "00", "3d", "00"]
    assert found[8:11] == ["02", f"{level:02x}", f"{version}1"]


def test_what_is_refused(shared_lab: Lab) -> None:
    off = answer(shared_lab[0].openipmicmd("f 0 0 2 0", "-L", "user"))
    assert off == "0f 01 00 02 d4"
    assert answer(shared_lab[0].openipmicmd("f 0 6 fe")) == "0f 07 00 fe c1"
    assert answer(shared_lab[0].openipmicmd("f 0 4 2d fe")) == "0f 05 00 2d cb"


def test_name_and_privilege_look_the_user_up(shared_lab: Lab) -> None:
    assert answer(shared_lab[0].openipmicmd(DEVICE_ID, "-Rl")) == RACK
    assert "Unable to setup connection" in shared_lab[0].openipmicmd(DEVICE_ID, "-Rl", "-L", "user").err


def test_a_bmc_that_has_suite_17_alone_says_so(shared_lab: Lab) -> None:
    """RMCP+ status 11h: no suite matches what the console proposed."""
    done = shared_lab[1].openipmicmd(DEVICE_ID)
    assert (done.code, done.err.strip()) == (1, "Unable to setup connection: 2000011")


def test_a_wrong_password_opens_nothing(shared_lab: Lab) -> None:
    done = replace(shared_lab[0], password="wrong").openipmicmd(DEVICE_ID)
    assert (done.code, "Unable to setup connection: 16" in done.err) == (1, True), str(done)


@pytest.fixture(scope="module")
def keyed() -> Iterator[Bmc]:
    """A server whose K_G can be typed, which is how OpenIPMI takes it."""
    with lab("--count", "1", "--kg", KEY.encode().hex()) as running:
        yield replace(running[0], kg=None)


def test_two_keys(keyed: Bmc) -> None:
    assert answer(keyed.openipmicmd(DEVICE_ID, "-Rk", KEY)) == RACK
    for wrong in ((), ("-Rk", KEY[:-1])):
        assert "Unable to setup connection: 16" in keyed.openipmicmd(DEVICE_ID, *wrong).err


def test_the_ping_is_answered(shared_lab: Lab) -> None:
    rack = shared_lab[0]
    command = [peers.require("OpenIPMI", "rmcp_ping"), "-p", str(rack.port), "-t", "1", rack.address]
    assert run(command, "", 30, {}).ok().lines == ["localhost IPMI"]


def test_a_person_sits_at_the_console(keyed: Bmc) -> None:
    command = [peers.require("OpenIPMI", "solterm"), "lan", "-U", keyed.username, "-P", keyed.password]
    command += ["-Rk", KEY, "-p", str(keyed.port), keyed.address]
    with terminal(command) as screen:
        screen.wait_for("Connected.  Escape character is ~.")
        for typed, shown in (("", "rack-1 login: "), ("root", "Password: "), ("demo", "# ")):
            screen.type(f"{typed}\r")
            screen.wait_for(shown)
        screen.type("hostname\r")
        screen.wait_for("hostname\r")
        assert "rack-1" in screen.wait_for("# ")
        screen.type("exit\r")
        screen.wait_for("rack-1 login: ")
        screen.type("\r~.")
        screen.wait_for("Connection to remote system closed.")
        assert screen.ended() == 0
