"""What is forwarded, to whom, and what never is (§35b)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint.firewall import FirewallRule, FirewallSpec
from baseboard.bmc.services.forwarding import LONGEST, Forwarding, Target
from baseboard.commands.transport.forwarding import ForwardedCommand
from baseboard.errors import CompletionError
from tests.bmc.bridges import SATELLITE
from tests.bmc.harness import Bench, make_bmc

APP, CHASSIS, GROUP, OEM = 0x06, 0x00, 0x2C, 0x30
LAN, SYSTEM = 1, 15
ON = Target(enabled=True, slave_address=0x82)


def bench() -> Bench:
    return make_bmc(satellites=(SATELLITE,))


def chosen(bmc: Bench, *commands: int, channel: int = LAN, family: int = APP) -> Forwarding:
    forwarding: Forwarding = bmc.services.forwarding
    for command in commands:
        forwarding.choose(channel, 0, family, command >> 7, 1 << (command & 0x7F))
    return forwarding


def taken(
    bmc: Bench, netfn: int, cmd: int, data: bytes = b"", *, channel: int = LAN, privilege: int | None = 4
) -> list[bytes] | None:
    """The answers to a request that is forwarded; None = it is not."""
    answers: list[bytes] = []
    if not bmc.services.forwarding.take(channel, netfn, 0, cmd, data, privilege, answers.append):
        return None
    bmc.advance(2)
    return answers


def test_at_first_nothing_is_forwarded() -> None:
    bmc = bench()
    assert not bmc.services.forwarding.active
    assert taken(bmc, APP, 0x01) is None


def test_only_what_is_chosen_and_only_where_it_is_enabled() -> None:
    bmc = bench()
    forwarding = chosen(bmc, 0x01)
    assert taken(bmc, APP, 0x01) is None
    forwarding.aim(LAN, ON)
    assert forwarding.active
    (answer,) = taken(bmc, APP, 0x01) or []
    assert answer[:2] == b"\x00\x34"
    assert taken(bmc, APP, 0x04) is None
    assert taken(bmc, APP, 0x01, channel=SYSTEM) is None
    forwarding.aim(LAN, ON._replace(enabled=False))
    assert not forwarding.active


def test_both_halves_of_a_network_function_stand_alone() -> None:
    bmc = bench()
    forwarding = chosen(bmc, 0x01, 0x81, family=OEM)
    assert forwarding.commands(LAN, 0, OEM) == 1 << 0x01 | 1 << 0x81
    forwarding.choose(LAN, 0, OEM, 0, 0)
    assert forwarding.commands(LAN, 0, OEM) == 1 << 0x81
    assert forwarding.commands(LAN, 1, OEM) == 0


def test_what_is_set_survives() -> None:
    bmc = bench()
    chosen(bmc, 0x01).aim(LAN, ON)
    again = bmc.reopen()
    assert again.services.forwarding.active
    assert (taken(again, APP, 0x01) or [b""])[0][:1] == b"\0"


@pytest.mark.parametrize(
    ("netfn", "cmd"),
    [(APP, 0x34), (APP, 0x33), (APP, 0x35), (APP, 0x3A), (APP, 0x3B), (APP, 0x3C), (APP, 0x38), (0x0C, 0x30),
     (0x0C, 0x31), (0x0C, 0x32), (0x0C, 0x33)],
)  # fmt: skip
def test_what_carries_messages_and_sessions_is_never_chosen(netfn: int, cmd: int) -> None:
    with pytest.raises(CompletionError) as caught:
        chosen(bench(), cmd, family=netfn)
    assert caught.value.code == 0xCC


@pytest.mark.parametrize(
    "target",
    [Target(True), Target(True, 0x20), Target(True, 0x83), Target(True, 0x0E), Target(True, 0x82, 1)],
)
def test_a_controller_is_named_that_is_on_the_ipmb(target: Target) -> None:
    with pytest.raises(CompletionError) as caught:
        bench().services.forwarding.aim(LAN, target)
    assert caught.value.code == 0xCC


@pytest.mark.parametrize("channel", [0, 5])
def test_channels_of_controllers_forward_nothing(channel: int) -> None:
    with pytest.raises(CompletionError):
        bench().services.forwarding.channel(channel)


@pytest.mark.parametrize(
    ("netfn", "cmd", "privilege", "code"),
    [
        (CHASSIS, 0x02, 2, 0xD4),  # Chassis Control wants Operator
        (APP, 0x2E, 4, 0xD4),  # Set BMC Global Enables is the host's
        (OEM, 0x10, 2, 0xD4),  # what the BMC does not know wants what bridging wants
        (OEM, 0x10, 3, 0xC1),  # the satellite does not know it either
        (OEM, 0x10, None, 0xC1),
    ],
)
def test_levels(netfn: int, cmd: int, privilege: int | None, code: int) -> None:
    bmc = bench()
    chosen(bmc, cmd, family=netfn).aim(LAN, ON)
    assert taken(bmc, netfn, cmd, privilege=privilege) == [bytes((code,))]


def test_a_defining_body_says_whose_command_it_is() -> None:
    bmc = bench()
    forwarding = chosen(bmc, 0x02, family=0xDD << 8 | GROUP)
    forwarding.aim(LAN, ON)
    assert taken(bmc, GROUP, 0x02, b"\xdc\x01") == [b"\xc1"]
    assert taken(bmc, GROUP, 0x02, b"\x00\x01") is None


def test_the_firewall_of_its_channel_holds() -> None:
    rule = FirewallRule(medium=4, commands=(APP << 8 | 0x04,))
    bmc = make_bmc(satellites=(SATELLITE,), firewall=FirewallSpec(rules=(rule,)))
    chosen(bmc, 0x04).aim(LAN, ON)
    assert taken(bmc, APP, 0x04) == [b"\xd4"]


def test_a_request_that_no_frame_holds_is_refused() -> None:
    bmc = bench()
    chosen(bmc, 0x10, family=OEM).aim(LAN, ON)
    assert taken(bmc, OEM, 0x10, bytes(LONGEST)) == [b"\xc1"]
    assert taken(bmc, OEM, 0x10, bytes(LONGEST + 1)) == [b"\xc8"]


@pytest.mark.parametrize(
    ("answered", "passed"),
    [
        (bytes((ForwardedCommand.TARGET_UNAVAILABLE,)), b"\xd3"),
        (b"\xc1", b"\xc1"),
        (b"\x00", b"\xce"),
        (b"\x00\xd5", b"\xd5"),
        (b"\x00\x00\x55", b"\x00\x55"),
    ],
)
def test_what_comes_back(answered: bytes, passed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bench()
    chosen(bmc, 0x01).aim(LAN, ON)
    monkeypatch.setattr(type(bmc.services.bridging.station), "ask", lambda *rest, **words: rest[5](answered))
    assert taken(bmc, APP, 0x01) == [passed]


def test_a_controller_that_is_not_there_is_no_destination() -> None:
    bmc = bench()
    chosen(bmc, 0x01).aim(LAN, ON._replace(slave_address=0x84))
    assert taken(bmc, APP, 0x01) == [b"\xd3"]
