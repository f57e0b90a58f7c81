"""Who is where: known for a while, asked for a few times, and never more than fits."""

from __future__ import annotations

from ipaddress import IPv4Address

from baseboard.links.ethernet_neighbors import MOST, MOST_ASKED, MOST_WAITING, Neighbors, Place
from baseboard.links.network import Tag

MAC, OTHER = bytes(range(6)), bytes(range(6, 12))
HOST = IPv4Address("10.0.0.1")
HERE = Place(HOST, None)
THERE = Place(HOST, Tag(100, 5))


def make() -> Neighbors[IPv4Address]:
    return Neighbors(hold_s=60, interval_s=1, tries=3)


def test_an_answer_holds_for_a_while_and_per_vlan() -> None:
    neighbors = make()
    assert neighbors.find(HERE, 0.0) is None
    assert neighbors.learn(HOST, None, MAC, 0.0) == (None, [])
    assert neighbors.find(HERE, 59.9) == MAC
    assert neighbors.find(THERE, 0.0) is None
    assert neighbors.find(HERE, 60.0) is None
    assert (neighbors.known(HOST, None), neighbors.known(HOST, 100)) == (MAC, b"")
    neighbors.learn(HOST, None, OTHER, 61.0)
    assert neighbors.find(HERE, 62.0) == OTHER


def test_packets_wait_for_one_question_and_go_where_it_was_asked() -> None:
    neighbors = make()
    assert neighbors.wait(THERE, b"first", 0.0)
    assert not neighbors.wait(THERE, b"second", 0.1)
    assert neighbors.is_asked(HOST, 100)
    assert not neighbors.is_asked(HOST, None)
    assert neighbors.learn(HOST, 100, MAC, 0.2) == (THERE, [b"first", b"second"])
    assert not neighbors.is_asked(HOST, 100)


def test_who_does_not_answer_is_asked_three_times_in_all() -> None:
    neighbors = make()
    assert neighbors.deadline() is None
    neighbors.wait(HERE, b"lost", 0.0)
    assert neighbors.deadline() == 1.0
    assert neighbors.expire(0.9) == ([], [])
    assert neighbors.expire(1.0) == ([HERE], [])
    assert neighbors.expire(2.0) == ([HERE], [])
    assert neighbors.expire(3.0) == ([], [(HERE, [b"lost"])])
    assert neighbors.deadline() is None


def test_nothing_grows_without_end() -> None:
    neighbors = make()
    for number in range(MOST + 1):
        neighbors.learn(IPv4Address(number), None, MAC, 0.0)
    assert neighbors.known(IPv4Address(0), None) == b""
    assert neighbors.known(IPv4Address(1), None) == MAC
    for number in range(MOST_ASKED + 1):
        neighbors.wait(Place(IPv4Address(number), None), b"x", 0.0)
    assert not neighbors.is_asked(IPv4Address(0), None)
    assert neighbors.is_asked(IPv4Address(1), None)
    for number in range(MOST_WAITING + 2):
        neighbors.wait(HERE, bytes((number,)), 0.0)
    _, packets = neighbors.learn(HOST, None, MAC, 0.0)
    assert packets == [bytes((number,)) for number in range(2, MOST_WAITING + 2)]


def test_all_of_it_can_be_forgotten() -> None:
    neighbors = make()
    neighbors.learn(HOST, None, MAC, 0.0)
    neighbors.wait(THERE, b"x", 0.0)
    neighbors.clear()
    assert neighbors.find(HERE, 0.0) is None
    assert neighbors.deadline() is None
