"""Between the LAN parameters and the network: before there is one, on a plain socket, and ARPs (§23.3)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.services.lan_network import LanNetwork, Plain
from baseboard.bmc.services.watchdog import Watchdog
from baseboard.commands.parameters import lan as p
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.links.network import Abilities, NetworkReport, NetworkSettings, Via
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.test_lan import Port, wired

ON, OFF = True, False


def test_before_there_is_a_network_nothing_leaves_and_nothing_is_known() -> None:
    network = make_bmc().services.lan.network
    assert isinstance(network, LanNetwork)
    network.send(b"lost", ("192.0.2.1", 162))
    assert network.report() == NetworkReport()
    assert (network.counters(), network.speaks_ipv6) == (None, False)
    assert network.arps() == (ON, OFF)


def test_a_plain_socket_sends_and_has_no_abilities() -> None:
    sent: list[tuple[bytes, object]] = []
    plain = Plain(lambda data, address: sent.append((data, address)))
    plain.apply(NetworkSettings(mac=bytes(6), arp_responses=False))
    plain.send(b"trap", ("192.0.2.1", 162), Via(backup_gateway=True))
    assert sent == [(b"trap", ("192.0.2.1", 162))]
    assert (plain.abilities.arp, plain.abilities.addresses) == (False, False)
    plain.close()


def bench() -> tuple[Bench, Port, LanNetwork, Watchdog]:
    """A BMC on a network of its own, whose gratuitous ARPs are on."""
    bmc, port = make_bmc(), Port()
    network: LanNetwork = bmc.services.lan.network
    network.attach(port)
    bmc.services.lan.set(p.ArpControl(arp_responses=True, gratuitous_arps=True))
    bmc.advance(0)
    watchdog: Watchdog = bmc.services.watchdog
    watchdog.configure(timer_use=4, interrupt=0, action=0, pretimeout_s=0, initial=100)
    return bmc, port, network, watchdog


def told(port: Port) -> tuple[bool, bool]:
    return port.applied[-1].arp_responses, port.applied[-1].gratuitous_arps


@pytest.mark.parametrize("which", [(ON, ON), (ON, OFF), (OFF, ON)])
def test_arps_rest_while_the_watchdog_runs_and_come_back_when_it_ends(which: tuple[bool, bool]) -> None:
    bmc, port, network, watchdog = bench()
    watchdog.start()
    network.suspend(responses=which[0], gratuitous=which[1])
    assert network.arps() == told(port) == (not which[0], not which[1])
    watchdog.start()
    assert network.arps() == (not which[0], not which[1])
    bmc.advance(10)
    assert not watchdog.running
    assert network.arps() == told(port) == (ON, ON)
    watchdog.configure(timer_use=4, interrupt=0, action=0, pretimeout_s=0, initial=100)
    watchdog.start()
    assert network.arps() == (ON, ON)


def test_nothing_rests_before_the_watchdog_runs_and_setting_it_ends_the_rest() -> None:
    _, port, network, watchdog = bench()
    network.suspend(responses=True, gratuitous=True)
    assert network.arps() == told(port) == (ON, ON)
    watchdog.start()
    assert network.arps() == told(port) == (OFF, OFF)
    watchdog.configure(timer_use=4, interrupt=0, action=0, pretimeout_s=0, initial=100, dont_stop=True)
    assert watchdog.running
    assert network.arps() == told(port) == (ON, ON)


def test_what_is_off_stays_off() -> None:
    lan, _, clock = wired()
    lan.set(p.ArpControl(arp_responses=False, gratuitous_arps=False))
    clock.advance(0)
    lan.network.watchdog_changed(True)
    lan.network.suspend(responses=True, gratuitous=False)
    assert lan.network.arps() == (OFF, OFF)


def test_arps_rest_at_once_and_what_else_is_pending_goes_on_waiting() -> None:
    bmc, port, network, watchdog = bench()
    watchdog.start()
    lan = bmc.services.lan
    lan.set(p.SetInProgress(state=SetInProgressState(1)))
    lan.set(p.VlanId(enabled=True, vlan_id=100))
    network.suspend(responses=True, gratuitous=True)
    assert told(port) == (OFF, OFF)
    assert port.applied[-1].tag is None


def test_an_earlier_moment_takes_the_place_of_a_later_one_and_not_the_other_way() -> None:
    lan, port, clock = wired()
    lan.set(p.SetInProgress(state=SetInProgressState(1)))
    lan.set(p.VlanPriority(priority=3))
    lan.set(p.SetInProgress(state=SetInProgressState(2)))
    lan.set(p.SetInProgress(state=SetInProgressState(0)))
    lan.network.committed()
    clock.advance(0)
    assert len(port.applied) == 2
    clock.advance(9)
    assert len(port.applied) == 2


class Share(Port):
    """A network that does by itself what the parameters say as shipped."""

    abilities = Abilities(usual=True)


def test_what_is_so_anyhow_is_not_told() -> None:
    port = Share()
    make_bmc().services.lan.network.attach(port)
    assert port.applied == []


@pytest.mark.parametrize("shipped", [LanSpec(ipv6="::1/128"), LanSpec(ipv6_enables=2)])
def test_what_is_not_usual_as_shipped_is_told(shipped: LanSpec) -> None:
    port = Share()
    make_bmc(lan=shipped).services.lan.network.attach(port)
    assert len(port.applied) == 1


def test_what_was_changed_is_told() -> None:
    bmc, port = make_bmc(), Share()
    bmc.services.lan.set(p.Ipv4HeaderParameters(time_to_live=7))
    bmc.services.lan.network.attach(port)
    assert port.applied[-1].ttl == 7
