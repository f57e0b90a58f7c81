"""Where the virtual machines of described BMCs connect, and the mistakes in that."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.machines import VmSpec
from baseboard.bmc.configuration.vm import MOST_CARRIED, behind_vm, listening
from baseboard.bmc.makeups import makeup
from baseboard.errors import TransportError
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

HOST = '[bmc.host]\nbackend = "vm"\n[bmc.host.vm]\n'
LAN = "[bmc.lan]\nport = 0\n"


def test_a_machine_that_connects(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}{HOST}listen = "unix:vm.socket"\n')
    assert made.machine == VmSpec(f"unix:{tmp_path}/vm.socket")
    assert not made.powered
    assert (made.interface.input_size, made.interface.output_size) == (MOST_CARRIED, MOST_CARRIED)


def test_a_smaller_interface_stays_small(tmp_path: Path) -> None:
    text = f'{ONE}[bmc.interface]\ninput_size = 64\noutput_size = 48\n{HOST}listen = "tcp:127.0.0.1:9002"\n'
    made = blueprint(tmp_path, text)
    assert (made.interface.input_size, made.interface.output_size) == (64, 48)
    assert made.machine == VmSpec("tcp:127.0.0.1:9002")


def test_several_have_a_place_each(tmp_path: Path) -> None:
    text = '[[bmc]]\nname = "n"\ncount = 3\n' + LAN + HOST
    paths = loaded(tmp_path, f'{text}listen = "unix:/run/vm-{{n:02}}"\n').bmcs
    assert [one.blueprint.machine for one in paths] == [VmSpec(f"unix:/run/vm-0{n}") for n in (1, 2, 3)]
    free = loaded(tmp_path, f'{text}listen = "tcp:127.0.0.1:0"\n').bmcs
    assert [one.blueprint.machine for one in free] == [VmSpec("tcp:127.0.0.1:0")] * 3


@pytest.mark.parametrize(
    ("listen", "words"),
    [
        ("/run/vm", "unix:PATH"),
        ("tcp:localhost:9002", "no IP address"),
        ("tcp:127.0.0.1:90020", "no place"),
        ("unix:" + "x" * 120, "107"),
        ("tcp:0.0.0.0:9002", "exposed = true"),
        ("tcp:[::]:9002", "asks nobody"),
    ],
)
def test_places_that_cannot_be(tmp_path: Path, listen: str, words: str) -> None:
    text = f'{ONE}{HOST}listen = "{listen}" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.vm.listen", words)


def test_everybody_may_connect_if_somebody_says_so(tmp_path: Path) -> None:
    made = blueprint(tmp_path, f'{ONE}{HOST}listen = "tcp:0.0.0.0:9002"\nexposed = true\n')
    assert made.machine == VmSpec("tcp:0.0.0.0:9002")


@pytest.mark.parametrize("listen", ["unix:/run/vm", "unix:/run/{name}", "tcp:127.0.0.1:9002"])
def test_one_place_for_several(tmp_path: Path, listen: str) -> None:
    text = f'[[bmc]]\nname = "n"\ncount = 2\n{LAN}{HOST}listen = "{listen}" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.vm.listen", "several" if "{" in listen else "{n}")


# ---- the lab's


def test_one_machine_of_a_lab_connects_where_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert listening("vm", 1) == [VmSpec(f"unix:{tmp_path}/vm")]
    assert listening("unix:/run/vm", 1) == [VmSpec("unix:/run/vm")]


@pytest.mark.parametrize(
    ("place", "places"),
    [
        ("/run/vm", ["unix:/run/vm-1", "unix:/run/vm-2"]),
        ("tcp:127.0.0.1:9002", ["tcp:127.0.0.1:9002", "tcp:127.0.0.1:9003"]),
        ("tcp:[::1]:9002", ["tcp:[::1]:9002", "tcp:[::1]:9003"]),
        ("tcp:127.0.0.1:0", ["tcp:127.0.0.1:0", "tcp:127.0.0.1:0"]),
    ],
)
def test_several_follow_it(place: str, places: list[str]) -> None:
    assert [one.listen for one in listening(place, 2)] == places


@pytest.mark.parametrize(
    ("place", "count"), [("tcp:127.0.0.1:65535", 2), ("tcp:x:1", 1), ("/" + "x" * 106, 2), ("", 1)]
)
def test_what_a_lab_cannot_have(place: str, count: int) -> None:
    with pytest.raises(TransportError):
        listening(place, count)


def test_behind_it_everything_else_is_as_before() -> None:
    before = makeup(0, "rack", bytes(16))
    after = behind_vm(before, VmSpec("unix:/vm"))
    assert after.sensors is before.sensors
    assert after.identity is before.identity
