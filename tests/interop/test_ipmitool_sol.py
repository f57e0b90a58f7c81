"""ipmitool's SOL: its settings, a person at the host's console, a second one who takes over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import peers
from tests.interop.lab import Bmc, Lab, lab
from tests.interop.terminal import Terminal, terminal

OPERATIONAL = "[SOL Session operational.  Use ~? for help]"


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab() as running:
        yield running


@contextmanager
def console(bmc: Bmc, suite: int = 17) -> Iterator[Terminal]:
    """A person at a terminal who has activated SOL."""
    command = [
        peers.require("ipmitool"),
        "-I",
        "lanplus",
        "-C",
        str(suite),
        "-H",
        bmc.address,
        "-p",
        str(bmc.port),
    ]
    command += ["-U", bmc.username, "-E", *(["-y", bmc.kg] if bmc.kg else []), "sol", "activate"]
    with terminal(command, {"IPMITOOL_PASSWORD": bmc.password}) as screen:
        screen.wait_for(OPERATIONAL)
        yield screen


def log_in(screen: Terminal) -> None:
    screen.type("\r")
    if screen.wait_for("login: ", "# ").endswith("login: "):
        screen.type("root\r")
        screen.wait_for("assword: ")
        screen.type("demo\r")
        screen.wait_for("# ")


def leave(screen: Terminal) -> None:
    screen.type("\r~.")
    screen.wait_for("[terminated ipmitool]")
    assert screen.ended() == 0


@pytest.mark.parametrize(("number", "suite"), [(0, 17), (0, 3), (2, 8)])
def test_a_person_logs_into_the_host_and_reads_its_answer(servers: Lab, number: int, suite: int) -> None:
    bmc = servers[number]
    with console(bmc, suite) as screen:
        log_in(screen)
        screen.type("hostname\r")
        screen.wait_for(f"\n{bmc.name}")
        screen.type("echo one two\x7f\x7f\x7fthree\r")
        screen.wait_for("one three")
        leave(screen)


def test_ipmitool_asks_for_an_encryption_that_a_suite_without_any_cannot_give(servers: Lab) -> None:
    for suite, said in ((2, "cannot activate SOL payload with encryption"), (1, "Invalid data field")):
        refused = servers[2].ipmitool("sol", "activate", suite=suite)
        assert refused.code == 1
        assert said in refused.out + refused.err


def test_with_k_g_as_well(keyed_lab: Lab) -> None:
    with console(keyed_lab[0]) as screen:
        log_in(screen)
        leave(screen)


def test_a_reset_shows_the_firmware_on_the_console_that_stays_attached(servers: Lab) -> None:
    bmc = servers[1]
    with console(bmc) as screen:
        log_in(screen)
        bmc.ipmitool("power", "reset").ok()
        screen.wait_for("firmware")
        screen.wait_for("login: ")
        bmc.ipmitool("power", "off").ok()
        bmc.ipmitool("power", "on").ok()
        screen.wait_for("login: ")
        leave(screen)


def test_only_one_console_has_it_and_another_may_take_it(servers: Lab) -> None:
    bmc = servers[0]
    status = ("raw", "0x06", "0x4a", "0x01")
    assert bmc.ipmitool(*status).ok().out.split() == ["01", "00", "00"]
    with console(bmc) as first:
        log_in(first)
        assert bmc.ipmitool(*status).ok().out.split() == ["01", "01", "00"]
        refused = bmc.ipmitool("sol", "activate")
        assert "SOL payload already active on another session" in refused.out + refused.err
        assert refused.code == 1
        assert bmc.ipmitool("sol", "deactivate").ok().out == ""
        # ipmitool looks at no "deactivated" status; it notices when it next sends something.
        first.type("x")
        first.wait_for("SOL session closed by BMC")
        with console(bmc) as second:
            log_in(second)
            second.type("whoami\r")
            second.wait_for("\nroot")
            leave(second)
    assert bmc.ipmitool(*status).ok().out.split() == ["01", "00", "00"]


def test_what_is_not_active_cannot_be_deactivated(servers: Lab) -> None:
    done = servers[0].ipmitool("sol", "deactivate")
    assert "SOL payload already de-activated" in done.out + done.err


def test_the_settings_read_back(own_lab: Lab) -> None:
    bmc = own_lab[0]
    for name, value in (
        ("character-accumulate-level", "10"),
        ("character-send-threshold", "50"),
        ("retry-count", "3"),
        ("retry-interval", "20"),
        ("volatile-bit-rate", "57.6"),
        ("non-volatile-bit-rate", "38.4"),
        ("privilege-level", "operator"),
        ("force-encryption", "false"),
        ("force-authentication", "false"),
        ("enabled", "true"),
    ):
        bmc.ipmitool("sol", "set", name, value, "1").ok()
    told = bmc.ipmitool("sol", "info", "1").ok().values
    assert told["Enabled"] == "true"
    assert (told["Force Encryption"], told["Force Authentication"]) == ("false", "false")
    assert told["Privilege Level"] == "OPERATOR"
    assert told["Character Accumulate Level (ms)"] == "50"
    assert told["Character Send Threshold"] == "50"
    assert (told["Retry Count"], told["Retry Interval (ms)"]) == ("3", "200")
    assert told["Volatile Bit Rate (kbps)"] == "57.6"
    assert told["Non-Volatile Bit Rate (kbps)"] == "38.4"
    assert told["Payload Port"] == str(bmc.port)


def test_a_sol_that_is_switched_off_is_refused_and_ends_a_running_one(own_lab: Lab) -> None:
    bmc = own_lab[0]
    with console(bmc) as screen:
        bmc.ipmitool("sol", "set", "enabled", "false", "1").ok()
        screen.type("x")
        screen.wait_for("SOL session closed by BMC")
    refused = bmc.ipmitool("sol", "activate")
    assert refused.code == 1
    assert "disabled" in (refused.out + refused.err).lower()


def test_a_user_may_be_kept_from_it(own_lab: Lab) -> None:
    bmc = own_lab[0]
    assert bmc.ipmitool("sol", "payload", "status", "1", "2").ok().out == "User 2 on channel 1 is enabled\n"
    bmc.ipmitool("sol", "payload", "disable", "1", "2").ok()
    assert bmc.ipmitool("sol", "payload", "status", "1", "2").ok().out == "User 2 on channel 1 is disabled\n"
    refused = bmc.ipmitool("sol", "activate")
    assert refused.code == 1
    assert "disabled" in (refused.out + refused.err).lower()
    bmc.ipmitool("sol", "payload", "enable", "1", "2").ok()
    with console(bmc) as screen:
        leave(screen)
