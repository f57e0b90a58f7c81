"""The place of a described BMC on the IPMB."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.bridging import IpmbSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

SEVERAL = '[[bmc]]\nname = "blade-{n}"\ncount = 3\nlan.port = 0\n[bmc.ipmb]\n'
TWO = '[[bmc]]\nname = "a"\nlan.port = 0\n{}\n[[bmc]]\nname = "b"\nlan.port = 0\n{}\n'


def test_without_a_word_it_is_20h_on_a_bus_of_its_own(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE)
    assert made.ipmb == IpmbSpec()
    assert made.ipmb.receiver == 0x20


def test_blades_have_addresses_one_after_the_other(tmp_path: Path) -> None:
    made = loaded(tmp_path, f'{SEVERAL}bus = "chassis"\naddress = 0x82\nevent_receiver = 0x20\n').bmcs
    assert [one.blueprint.ipmb.address for one in made] == [0x82, 0x84, 0x86]
    assert {(one.blueprint.ipmb.bus, one.blueprint.ipmb.receiver) for one in made} == {("chassis", 0x20)}
    alone = loaded(tmp_path, f"{SEVERAL}address = 0x82\n").bmcs
    assert [one.blueprint.ipmb.address for one in alone] == [0x82] * 3
    assert [one.blueprint.ipmb.receiver for one in alone] == [0x82] * 3


@pytest.mark.parametrize(
    ("said", "bus"),
    [
        ('bus = "tcp:127.0.0.1:7000"', "tcp:127.0.0.1:7000"),
        ('bus = "tcp:[::1]:7000"\nlisten = true', "tcp:[::1]:7000"),
        ('bus = "tcp:192.0.2.1:7000"\nexposed = true', "tcp:192.0.2.1:7000"),
        ('bus = "/dev/ipmb-3"\ni2c = true', "/dev/ipmb-3"),
        ('bus = "unix:/run/ipmb"', "unix:/run/ipmb"),
    ],
)
def test_buses(tmp_path: Path, said: str, bus: str) -> None:
    assert blueprint(tmp_path, f"{ONE}[bmc.ipmb]\n{said}\n").ipmb.bus == bus


def test_a_path_is_one_beside_the_file(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}[bmc.ipmb]\nbus = "unix:ipmb"\nlisten = true\n').ipmb
    assert (made.bus, made.listen) == (f"unix:{tmp_path / 'ipmb'}", True)


@pytest.mark.parametrize(
    ("said", "key", "text"),
    [
        (f'bus = "unix:" {HERE}', "bus", "is no place"),
        (f'bus = "udp:1" {HERE}', "bus", "allowed is a name"),
        (f'bus = "/tmp/x" {HERE}', "bus", "allowed is a name"),
        (f'bus = "tcp:here:1" {HERE}', "bus", "no IP address"),
        (f'bus = "tcp:127.0.0.1:x" {HERE}', "bus", "is no place"),
        (f'bus = "tcp:127.0.0.1:0" {HERE}', "bus", "found port 0"),
        (f'bus = "tcp:192.0.2.1:7000" {HERE}', "bus", "exposed = true"),
        (f'bus = "chassis"\nlisten = true {HERE}', "listen", "unix:"),
        (f'bus = "unix:x"\nexposed = true {HERE}', "exposed", "tcp:"),
        (f"i2c = true {HERE}", "i2c", "/dev/"),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, said: str, key: str, text: str) -> None:
    assert_mistake(tmp_path, f"{ONE}[bmc.ipmb]\n{said}\n", f"bmc[0].ipmb.{key}", text)


def test_what_several_cannot_have(tmp_path: Path) -> None:
    assert_mistake(tmp_path, f'{SEVERAL}bus = "/dev/ipmb-1" {HERE}\n', "bmc[0].ipmb.bus", "one address")
    last = f'{SEVERAL}bus = "chassis"\naddress = 0xEC {HERE}\n'
    assert_mistake(tmp_path, last, "bmc[0].ipmb.address", "would have none")


def test_addresses_on_a_bus_are_taken_once(tmp_path: Path) -> None:
    same = '[bmc.ipmb]\nbus = "chassis"\n'
    assert_mistake(
        tmp_path, TWO.format(same, f"{same}address = 0x20 {HERE}"), "bmc[1].ipmb.address", "a is or has 0x20"
    )
    satellite = "[[bmc.satellite]]\naddress = 0x82\n"
    other = f"{same}address = 0x82 {HERE}"
    assert_mistake(tmp_path, TWO.format(same + satellite, other), "bmc[1].ipmb.address", "0x82")
    assert len(loaded(tmp_path, TWO.format(same, f"{same}address = 0x82")).bmcs) == 2


def test_bmcs_of_one_process_agree_on_who_listens(tmp_path: Path) -> None:
    same = '[bmc.ipmb]\nbus = "unix:x"\n'
    wrong = f"{same}address = 0x82\nlisten = true {HERE}"
    assert_mistake(tmp_path, TWO.format(same, wrong), "bmc[1].ipmb.listen", "says otherwise")


def test_on_a_device_there_are_no_simulated_satellites(tmp_path: Path) -> None:
    said = f'[bmc.ipmb]\nbus = "/dev/ipmb-1"\n[[bmc.satellite]] {HERE}\naddress = 0x82\n'
    assert_mistake(tmp_path, ONE + said, "bmc[0].satellite", "really is there")
