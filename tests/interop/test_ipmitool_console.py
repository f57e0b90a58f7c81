"""A person at ipmitool's SOL console, and what happens under it: escapes, power, resets, settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import peers
from tests.interop.lab import Bmc, Lab
from tests.interop.patience import eventually
from tests.interop.terminal import Terminal, terminal

UP = "[SOL Session operational.  Use "
QUICK = ("-N", "1", "-R", "1")
ANSWERS = (
    ("pwd", "/root\r\n"),
    ("hostname", "rack-1\r\n"),
    ("echo one two; whoami", "one two\r\nroot\r\n"),
    ("nosuch", "sh: nosuch: not found"),
)


@contextmanager
def console(bmc: Bmc, *options: str) -> Iterator[Terminal]:
    """``sol activate`` at a terminal, once ipmitool says that it is up."""
    command = [peers.require("ipmitool"), "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port), "-C", "17"]
    command += ["-U", bmc.username, "-E", *([] if bmc.kg is None else ["-y", bmc.kg])]
    with terminal([*command, *options, "sol", "activate"], {"IPMITOOL_PASSWORD": bmc.password}) as shown:
        shown.wait_for(UP)
        yield shown


def log_in(sol: Terminal) -> None:
    sol.type("\r")
    sol.wait_for("login: ")
    sol.type("root\r")
    sol.wait_for("Password: ")
    sol.type("demo\r")
    sol.wait_for(":~# ")


def run(sol: Terminal, line: str) -> str:
    """Type a line; returns what came between it and the next prompt."""
    sol.type(f"{line}\r")
    sol.wait_for(f"{line}\r\n")
    return sol.wait_for("# ")


def leave(sol: Terminal) -> None:
    sol.type("\r~.")
    assert sol.ended() == 0
    assert sol.shown.rstrip().endswith("~. [terminated ipmitool]")


def settings(bmc: Bmc, interface: str = "lanplus") -> dict[str, str]:
    return bmc.ipmitool("sol", "info", "1", interface=interface).ok().values


def instances(bmc: Bmc) -> list[str]:
    """Get Payload Activation Status of SOL: capacity and active instances."""
    return bmc.ipmitool("raw", "0x06", "0x4a", "0x01").ok().out.split()


# Settings


@pytest.mark.parametrize("interface", ["lanplus", "lan"])
def test_settings_as_shipped(shared_lab: Lab, interface: str) -> None:
    bmc = shared_lab.weak
    done = bmc.ipmitool("sol", "info", "1", interface=interface).ok()
    assert done.values == {
        "Set in progress": "set-complete",
        "Enabled": "true",
        "Force Encryption": "true",
        "Force Authentication": "true",
        "Privilege Level": "USER",
        "Character Accumulate Level (ms)": "10",
        "Character Send Threshold": "1",
        "Retry Count": "7",
        "Retry Interval (ms)": "500",
        "Volatile Bit Rate (kbps)": "115.2",
        "Non-Volatile Bit Rate (kbps)": "115.2",
        "Payload Channel": "1 (0x01)",
        "Payload Port": str(bmc.port),
    }
    assert bmc.ipmitool("sol", "info", interface=interface).ok().out == done.out
    commas = (
        bmc.ipmitool("sol", "info", "1", interface=interface, options=("-c",)).ok().out.strip().split(",")
    )
    assert commas[:5] == ["set-complete", "true", "true", "true", "USER"]
    assert commas[-1] == str(bmc.port)


@pytest.mark.parametrize(("number", "interface"), [(0, "lanplus"), (2, "lan")])
def test_a_change_of_one_setting_leaves_the_others(own_lab: Lab, number: int, interface: str) -> None:
    bmc = own_lab[number]
    changes = (
        ("enabled", "false", "Enabled", "false"),
        ("force-encryption", "false", "Force Encryption", "false"),
        ("force-authentication", "false", "Force Authentication", "false"),
        ("privilege-level", "operator", "Privilege Level", "OPERATOR"),
        ("character-accumulate-level", "20", "Character Accumulate Level (ms)", "100"),
        ("character-send-threshold", "40", "Character Send Threshold", "40"),
        ("retry-count", "5", "Retry Count", "5"),
        ("retry-interval", "25", "Retry Interval (ms)", "250"),
        ("volatile-bit-rate", "57.6", "Volatile Bit Rate (kbps)", "57.6"),
        ("non-volatile-bit-rate", "19.2", "Non-Volatile Bit Rate (kbps)", "19.2"),
    )
    wanted = settings(bmc)
    for name, value, label, shown in changes:
        bmc.ipmitool("sol", "set", name, value, "1", interface=interface).ok()
        wanted[label] = shown
        assert settings(bmc, interface) == wanted
    done = bmc.ipmitool("sol", "set", "character-accumulate-level", "0", "1", interface=interface)
    assert done.code == 1
    assert settings(bmc, interface) == wanted


# The console


def test_somebody_logs_in_and_gets_answers(own_lab: Lab) -> None:
    bmc = own_lab[0]
    with console(bmc) as sol:
        log_in(sol)
        assert "Welcome to rack-1" in sol.shown
        for line, answer in ANSWERS:
            assert answer in run(sol, line), line
        assert "CPU1 Temp" in run(sol, "sensors")
        # more than a packet's worth both ways
        digits = "0123456789" * 12
        assert f"{digits}\r\n" in run(sol, f"echo {digits}")
        # the host's software asks the BMC through the system interface
        assert "Firmware       2.10, IPMI 2.0" in run(sol, "ipmi")
        assert "55 00\r\n" in run(sol, "ipmi raw 6 4")
        leave(sol)
    assert instances(bmc) == ["01", "00", "00"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_server_has_a_console_behind_k_g(keyed_lab: Lab, number: int) -> None:
    bmc = keyed_lab[number]
    with console(bmc) as sol:
        sol.type("\r")
        sol.wait_for(f"{bmc.name} login: ")
        leave(sol)


def test_escapes(own_lab: Lab) -> None:
    with console(own_lab[0]) as sol:
        log_in(sol)
        sol.type("~?")
        sol.wait_for("~B  - send break")
        sol.wait_for("immediately after newline.)")
        # a break is acknowledged; the operating system makes nothing of it
        sol.type("\r~B")
        sol.wait_for("~B [send break]")
        # a tilde is sent by typing it twice
        sol.type("\r~~tilde\r")
        sol.wait_for("sh: ~tilde: not found")
        leave(sol)


def test_another_escape_character(own_lab: Lab) -> None:
    with console(own_lab[0], "-e", "%") as sol:
        log_in(sol)
        assert "/root" in run(sol, "pwd")
        sol.type("\r%.")
        assert sol.ended() == 0


def test_the_shell_outlives_a_change_of_consoles(own_lab: Lab) -> None:
    bmc = own_lab[0]
    with console(bmc, *QUICK) as first:
        log_in(first)
        bmc.ipmitool("sol", "deactivate").ok()
        with console(bmc) as second:
            first.type("echo from the first\r")
            assert first.ended() == 1
            assert first.shown.endswith("SOL session closed by BMC\r\n")
            assert "from the second\r\n" in run(second, "echo from the second")
            assert "from the first" not in second.shown
            leave(second)


def test_power_is_cycled_under_the_console_and_the_boot_options_are_seen(own_lab: Lab) -> None:
    bmc = own_lab[0]
    with console(bmc) as sol:
        log_in(sol)
        bmc.ipmitool("chassis", "bootdev", "bios", "options=efiboot").ok()
        bmc.ipmitool("power", "cycle").ok()
        sol.wait_for("Baseboard Lab R2   firmware 2.07   UEFI boot")
        sol.wait_for("Management controller ..")
        sol.wait_for("IPMI 2.0, firmware 2.10")
        sol.wait_for("Boot option: firmware setup, this time only")
        leave(sol)


def test_a_reset_of_the_controller_ends_the_console(own_lab: Lab) -> None:
    bmc = own_lab[0]
    with console(bmc, *QUICK) as sol:
        sol.type("\r")
        sol.wait_for("login: ")
        bmc.ipmitool("mc", "reset", "warm").ok()
        eventually(
            lambda: bmc.ipmitool("raw", "6", "0x4a", "1", options=QUICK).out.split(),
            lambda seen: seen == ["01", "00", "00"],
        )
        sol.type("root\r")
        assert sol.ended() == 1
        assert "SOL session closed by BMC" in sol.shown


def test_activated_and_deactivated_many_times(own_lab: Lab) -> None:
    done = own_lab[0].ipmitool("sol", "looptest", "20", "1").ok()
    counters = [line for line in done.lines if line.startswith("remain loop test counter")]
    assert counters == [f"remain loop test counter: {left}" for left in range(20, 0, -1)]
    assert done.out.count(UP) == 20
    assert instances(own_lab[0]) == ["01", "00", "00"]


def test_there_is_no_console_over_v15(shared_lab: Lab) -> None:
    bmc = shared_lab.weak
    done = bmc.ipmitool("sol", "activate", interface="lan")
    assert done.code == 1
    assert "This command is only available over the lanplus interface" in done.err
    # the BMC says so too
    done = bmc.ipmitool("raw", "0x06", "0x48", "0x01", "0x01", "0", "0", "0", "0", interface="lan")
    assert done.code == 1
    assert "rsp=0xd5" in done.err
