"""FreeIPMI's ipmiconsole sits at the host's serial console, takes it over and loses it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from tests import peers
from tests.interop.lab import Bmc, Lab, lab, run
from tests.interop.terminal import Terminal, terminal

# ipmiconsole takes a port from 32768 on for no part of a host's name.
PORTS = range(20_000, 32_000)


def low_port(count: int) -> int:
    """The first of some free ports; which, depends on the process, so that two do not race for them."""
    for start in range(PORTS.start + os.getpid() % 1000 * 10, PORTS.stop - count):
        with ExitStack() as held:
            try:
                for port in range(start, start + count):
                    trial = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return start
    raise AssertionError("no free ports")


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab("--port", str(low_port(3))) as running:
        yield running


def ipmiconsole(bmc: Bmc, *options: str, suite: int = 17) -> list[str]:
    command = [peers.require("FreeIPMI", "ipmiconsole"), "-h", f"{bmc.address}:{bmc.port}"]
    key = [] if bmc.kg is None else ["-k", f"0x{bmc.kg}"]
    return [*command, "-u", bmc.username, "-p", bmc.password, "-I", str(suite), *key, *options]


@contextmanager
def console(bmc: Bmc, *options: str, suite: int = 17) -> Iterator[Terminal]:
    """A console that is connected."""
    with terminal(ipmiconsole(bmc, *options, suite=suite)) as screen:
        screen.wait_for("[SOL established]")
        yield screen


def logged_in(screen: Terminal, host: str) -> None:
    screen.type("\r")
    screen.wait_for(f"{host} login: ")
    screen.type("root\r")
    screen.wait_for("Password: ")
    screen.type("demo\r")
    screen.wait_for("# ")


def leave(screen: Terminal, escape: str = "&") -> None:
    screen.type(f"{escape}.")
    screen.wait_for("[closing the connection]")
    assert screen.ended() == 0


def test_a_shell_answers(servers: Lab) -> None:
    with console(servers[0]) as screen:
        logged_in(screen, "rack-1")
        screen.type("hostname\r")
        screen.wait_for("hostname\r\n")
        assert screen.wait_for("# ").startswith("rack-1\r\n")
        screen.type("exit\r")
        screen.wait_for("rack-1 login: ")
        leave(screen)


@pytest.mark.parametrize(
    ("number", "suite"), [(0, 3), (1, 17), (2, 0), (2, 1), (2, 8), (2, 11), (2, 12), (2, 15)]
)
def test_the_console_of_every_server_and_suite(servers: Lab, number: int, suite: int) -> None:
    """Suites without encryption or authentication are used where SOL is told not to demand them."""
    bmc = servers[number]
    if number == 2:
        relaxed = ("Force_SOL_Payload_Authentication=No", "Force_SOL_Payload_Encryption=No")
        pairs = [f"--key-pair=SOL_Conf:{pair}" for pair in relaxed]
        bmc.freeipmi("ipmi-config", "--commit", *pairs, privilege="ADMIN").ok()
    with console(bmc, suite=suite) as screen:
        screen.type("\r")
        screen.wait_for(f"{bmc.name} login: ")
        leave(screen)


def test_a_console_behind_two_keys() -> None:
    key = bytes(range(0xA0, 0xB4)).hex()
    with lab("--port", str(low_port(1)), "--count", "1", "--kg", key) as (rack,), console(rack) as screen:
        screen.type("\r")
        screen.wait_for("rack-1 login: ")
        leave(screen)


def test_the_escape_character_leads_to_help_break_and_itself(servers: Lab) -> None:
    with console(servers[1], "--escape-char=%") as screen:
        screen.type("%?")
        screen.wait_for("%. - exit")
        screen.type("%B")
        screen.wait_for("[generate break]")
        screen.wait_for("sysrq: break")
        screen.type("\r\r")
        screen.wait_for("blade-2 login: ")
        screen.type("%%&\x7f\r")
        assert "%&" in screen.wait_for("Password: ")
        leave(screen, "%")


def test_a_second_console_takes_over(servers: Lab) -> None:
    """By default ipmiconsole steals the payload; who had it is told."""
    with console(servers[0]) as first:
        first.type("\r")
        first.wait_for("rack-1 login: ")
        with console(servers[0]) as second:
            first.wait_for("[SOL session stolen]")
            assert first.ended() == 0
            second.type("\r")
            second.wait_for("rack-1 login: ")
            leave(second)


def test_a_polite_console_does_not_take_over(servers: Lab) -> None:
    with console(servers[0]) as first, terminal(ipmiconsole(servers[0], "--dont-steal")) as second:
        second.wait_for("[error received]: SOL in use")
        second.ended()
        first.type("\r")
        first.wait_for("rack-1 login: ")
        leave(first)


def test_a_console_is_deactivated_from_outside(servers: Lab) -> None:
    with console(servers[0]) as screen:
        screen.type("\r")
        screen.wait_for("rack-1 login: ")
        run(ipmiconsole(servers[0], "--deactivate"), "", 60, {}).ok()
        screen.wait_for("[SOL session stolen]")
    run(ipmiconsole(servers[0], "--deactivate"), "", 60, {}).ok()
    with console(servers[0]) as screen:
        leave(screen)


def test_a_console_shows_a_boot_without_a_key_pressed(servers: Lab) -> None:
    with console(servers[2], suite=3) as screen:
        servers[2].freeipmi("ipmi-chassis", "--chassis-control=HARD-RESET", privilege="OPERATOR").ok()
        screen.wait_for("Baseboard Lab V1")
        leave(screen)


def test_who_may_not_see_the_console_is_told(servers: Lab) -> None:
    command = ipmiconsole(replace(servers[0], password="wrong"))
    with terminal(command) as screen:
        screen.wait_for("[error received]: password invalid")
