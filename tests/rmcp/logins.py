"""Logins at a scripted BMC, good and bad, and what a console in a session is sent there."""

from __future__ import annotations

from typing import Any, TypeVar

from baseboard.crypto.suites import SUITES
from baseboard.errors import LoginError
from baseboard.rmcp.console import Console, Phase
from baseboard.rmcp.console_events import LoginFailed, SessionOpened
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login
from tests.rmcp.scripted_bmc import BmcV20, ScriptedBmc, source

OPS = Login(username=b"ops", password=b"password")
PACE = Pace(1.0, 1.0, 3)

M = TypeVar("M", bound=Console)


def console(login: Login = OPS, suite: int = 3, **options: Any) -> ConsoleV20:
    return ConsoleV20(login, SUITES[suite], source(), pace=PACE, **options)


def opened(bmc: BmcV20, login: Login = OPS, **options: Any) -> ConsoleV20:
    return logged_in(bmc, console(login, bmc.suite.id, **options))


def failed(bmc: BmcV20, login: Login = OPS, **options: Any) -> LoginError:
    return refused(bmc, console(login, bmc.suite.id, **options))


# Of both versions:


def logged_in(bmc: ScriptedBmc, machine: M) -> M:
    """Let a console log in."""
    machine.open(0.0)
    bmc.serve(machine)
    (event,) = machine.events()
    assert isinstance(event, SessionOpened), event
    return machine


def refused(bmc: ScriptedBmc, machine: Console) -> LoginError:
    """Let a console try until it gives up."""
    machine.open(0.0)
    bmc.serve(machine)
    while (due := machine.deadline()) is not None:
        machine.expire(due)
        bmc.serve(machine, due)
    (event,) = machine.events()
    assert isinstance(event, LoginFailed), event
    assert machine.phase is Phase.CLOSED
    return event.error


def get_device_id(bmc: ScriptedBmc, machine: Console) -> bytes:
    """Send a request and make the BMC's answer, not yet delivered."""
    machine.request(6, 1, b"", 1.0)
    answer = bmc.take(machine.outgoing()[0])
    assert answer is not None
    return answer


def dropped(machine: Console, *datagrams: bytes) -> bool:
    before = machine.dropped
    for datagram in datagrams:
        machine.receive(datagram, 1.0)
    return machine.dropped == before + len(datagrams) and machine.events() == []
