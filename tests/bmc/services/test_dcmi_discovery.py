"""DHCP discovery as a service; what it asks, and when, is tried in tests/conformance/dcmi."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.dcmi_discovery import Discovery
from baseboard.commands.parameters.dcmi import (
    ActivateDhcp,
    ContactTimeout,
    DiscoveryConfiguration,
    InitialTimeout,
    RetryInterval,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown
from tests.bmc.services.homes import make_home


def made() -> tuple[Discovery, list[bytes]]:
    home = make_home()
    discovery = Discovery(home, lambda: True, lambda: b"name")
    messages: list[bytes] = []
    discovery.on_message.append(messages.append)
    return discovery, messages


def test_a_message_is_one_of_dhcp() -> None:
    discovery, _ = made()
    message = discovery.message()
    assert message[:4] == bytes((1, 1, 6, 0)), "a request over Ethernet"
    assert message[236:240] == bytes.fromhex("63825363")
    assert message[240:243] == bytes((53, 1, 1))
    assert message[-1] == 0xFF
    assert b"\x0c\x04name" in message
    assert discovery.message()[4:8] != message[4:8], "each has a number of its own"


def test_without_a_retry_interval_there_is_one_round() -> None:
    discovery, messages = made()
    discovery.set(RetryInterval(seconds=0))
    discovery.set(ContactTimeout(seconds=10))
    discovery.set(InitialTimeout(seconds=3))
    discovery.set(ActivateDhcp(activate=True))
    home = discovery._home
    home.clock.advance(1000)  # type: ignore[attr-defined]  # a virtual clock
    assert len(messages) == 3


def test_a_first_timeout_of_zero_asks_once_a_round() -> None:
    discovery, messages = made()
    discovery.set(InitialTimeout(seconds=0))
    discovery.set(ContactTimeout(seconds=5))
    discovery.set(RetryInterval(seconds=5))
    discovery.restart()
    discovery._home.clock.advance(9)  # type: ignore[attr-defined]  # a virtual clock
    assert len(messages) == 1
    discovery._home.clock.advance(2)  # type: ignore[attr-defined]  # a virtual clock
    assert len(messages) == 2


def test_a_restart_begins_anew() -> None:
    discovery, messages = made()
    discovery.restart()
    discovery.restart()
    discovery._home.clock.advance(0)  # type: ignore[attr-defined]  # a virtual clock
    assert (len(messages), discovery.restarts) == (1, 2)
    discovery.stop()


def test_what_is_told_is_as_configured() -> None:
    discovery, _ = made()
    discovery.set(DiscoveryConfiguration(random_back_off=False, vendor_class=False, identifier=False))
    assert discovery.options() == {}


def test_parameters_that_there_are_not() -> None:
    discovery, _ = made()
    for call in (lambda: discovery.get(9), lambda: discovery.set(Unknown(selector=9, raw=b"\0"))):
        with pytest.raises(CompletionError) as caught:
            call()
        assert caught.value.code == 0x80
