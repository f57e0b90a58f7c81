"""§23.2 parameters 10 and 11, §23.3: ARP answers and gratuitous ARPs, switched and suspended."""

from __future__ import annotations

import pytest

from baseboard.commands.app.watchdog import ResetWatchdogTimer, SetWatchdogTimer
from baseboard.commands.parameters import lan as p
from baseboard.commands.transport.lan import (
    GetLanConfigurationParameters,
    SetLanConfigurationParameters,
    SuspendBmcArps,
)
from baseboard.errors import CompletionError
from baseboard.links import ethernet
from baseboard.links.network import Tag
from tests.conformance.bench import LAN, bench
from tests.conformance.lan.wired import WiredBmc, wired
from tests.conformance.marks import exercises

SUSPENDS = exercises(SuspendBmcArps)
SETS = exercises(SetLanConfigurationParameters, GetLanConfigurationParameters)


def suspend(bmc: WiredBmc, *, responses: bool = False, gratuitous: bool = False) -> tuple[bool, bool]:
    """Which ARPs occur after that."""
    said = bmc.ask(
        SuspendBmcArps(channel=LAN, suspend_arp_responses=responses, suspend_gratuitous_arps=gratuitous)
    )
    return said.arp_responses, said.gratuitous_arps


def start_watchdog(bmc: WiredBmc, *, count: int = 100) -> None:
    set_watchdog(bmc, count=count)
    bmc.ask(ResetWatchdogTimer())


def set_watchdog(bmc: WiredBmc, *, count: int = 100, dont_stop: bool = False) -> None:
    bmc.ask(SetWatchdogTimer.decode(bytes((0x04 | dont_stop << 6, 0, 0, 0)) + count.to_bytes(2, "little")))


def told(bmc: WiredBmc, seconds: float) -> int:
    """How many ARPs come in that time, with nobody asking."""
    bmc.frames.clear()
    bmc.advance(seconds)
    return sum(frame.kind == ethernet.ARP for frame in bmc.frames)


@SETS
def test_arp_responses_are_switched() -> None:
    bmc = wired()
    assert bmc.get(10) == b"\x02"
    assert bmc.console().pings()
    bmc.set(p.ArpControl(arp_responses=False, gratuitous_arps=False))
    assert not bmc.console(number=2).pings()
    bmc.set(p.ArpControl(arp_responses=True, gratuitous_arps=False))
    assert bmc.console(number=3).pings()


@SETS
@pytest.mark.parametrize(("interval", "seconds"), [(0, 0.5), (3, 2.0), (9, 5.0)])
def test_gratuitous_arps_come_at_their_interval(interval: int, seconds: float) -> None:
    """Of 500 ms, 0-based (Table 23-4, parameter 11)."""
    bmc = wired()
    assert told(bmc, 60) == 0
    bmc.set(p.GratuitousArpInterval(interval=interval))
    bmc.set(p.ArpControl(arp_responses=True, gratuitous_arps=True))
    assert told(bmc, 10 * seconds) == 10
    assert bmc.get(11) == bytes((interval,))
    assert told(bmc.reopened(), 10 * seconds) == 10


@exercises(SetLanConfigurationParameters)
def test_another_address_or_vlan_is_told_at_once() -> None:
    bmc = wired()
    bmc.set(p.GratuitousArpInterval(interval=255))
    bmc.set(p.ArpControl(arp_responses=True, gratuitous_arps=True))
    bmc.frames.clear()
    bmc.set(p.VlanId(enabled=True, vlan_id=100))
    assert [frame.tag for frame in bmc.frames if frame.kind == ethernet.ARP] == [Tag(100)]


@SUSPENDS
def test_arps_rest_while_the_watchdog_runs_and_come_back_by_themselves() -> None:
    bmc = wired()
    bmc.set(p.ArpControl(arp_responses=True, gratuitous_arps=True))
    start_watchdog(bmc)
    assert suspend(bmc, responses=True, gratuitous=True) == (False, False)
    assert told(bmc, 5) == 0
    assert not bmc.console().carry(b"")
    bmc.advance(6)
    assert told(bmc, 4) == 2
    assert bmc.console(number=2).pings()
    assert suspend(bmc) == (True, True)


@SUSPENDS
def test_responses_and_gratuitous_arps_rest_apart() -> None:
    bmc = wired()
    bmc.set(p.ArpControl(arp_responses=True, gratuitous_arps=True))
    start_watchdog(bmc, count=6000)
    assert suspend(bmc, responses=True) == (False, True)
    assert told(bmc, 4) == 2
    assert not bmc.console().pings()
    assert suspend(bmc, gratuitous=True) == (True, False)
    assert told(bmc, 4) == 0
    assert bmc.console(number=2).pings()
    assert suspend(bmc) == (True, True)


@SUSPENDS
@pytest.mark.parametrize("dont_stop", [False, True])
def test_every_set_watchdog_timer_ends_the_rest(dont_stop: bool) -> None:
    bmc = wired()
    start_watchdog(bmc, count=6000)
    assert suspend(bmc, responses=True) == (False, False)
    set_watchdog(bmc, count=6000, dont_stop=dont_stop)
    assert bmc.console().pings()


@SUSPENDS
def test_nothing_rests_while_the_watchdog_does_not_run() -> None:
    bmc = wired()
    assert suspend(bmc, responses=True, gratuitous=True) == (True, False)
    assert bmc.console().pings()


@SUSPENDS
def test_what_is_off_does_not_occur() -> None:
    bmc = wired()
    bmc.set(p.ArpControl(arp_responses=False, gratuitous_arps=False))
    assert suspend(bmc) == (False, False)


@SUSPENDS
def test_a_rest_does_not_outlive_the_bmc() -> None:
    bmc = wired()
    start_watchdog(bmc, count=6000)
    suspend(bmc, responses=True)
    assert suspend(bmc.reopened()) == (True, False)


@SUSPENDS
def test_where_the_hosts_network_stack_answers_it_goes_on() -> None:
    """On a socket of the host ARPs are not the BMC's to stop: CCh, and never a success that means nothing."""
    bmc = bench()
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.execute(SuspendBmcArps(channel=LAN, suspend_arp_responses=True))
    said = bmc.execute(SuspendBmcArps(channel=LAN, suspend_gratuitous_arps=True))
    assert (said.arp_responses, said.gratuitous_arps) == (True, False)
    with pytest.raises(CompletionError, match="^CCh"):
        bmc.execute(SuspendBmcArps(channel=2))


@SUSPENDS
def test_privilege_only_administrators_suspend() -> None:
    bmc = wired()
    for level in (2, 3):
        with pytest.raises(CompletionError, match="^D4h"):
            bmc.execute(SuspendBmcArps(channel=LAN), LAN, level)
    bmc.execute(SuspendBmcArps(channel=LAN), LAN, 4)
    bmc.execute(SuspendBmcArps(channel=LAN))
