"""Described machines behind commands, and the mistakes in them."""

from __future__ import annotations

from pathlib import Path

from baseboard.bmc.blueprint.process import ProcessSpec
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded

HOST = '[bmc.host]\nbackend = "process"\n[bmc.host.process]\n'
THREE = 'on = ["./plug", "on"]\noff = ["./plug", "off"]\nstatus = ["./plug", "status"]\n'


def test_three_commands_beside_the_file(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE + HOST + THREE)
    assert made.machine == ProcessSpec(
        "one", ("./plug", "on"), ("./plug", "off"), ("./plug", "status"), folder=str(tmp_path)
    )
    assert not made.powered  # it is left as it is found


def test_every_key(tmp_path: Path) -> None:
    more = "".join(f'{key} = ["./plug", "{key}"]\n' for key in ("reset", "nmi", "shutdown", "boot_device"))
    more += 'identify_on = ["a"]\nidentify_off = ["b"]\n'
    more += 'interval_s = 1\ntimeout_s = 2\noff_s = 3\nfolder = "bin"\n'
    made = blueprint(tmp_path, ONE + HOST + THREE + more).machine
    assert isinstance(made, ProcessSpec)
    assert (made.reset, made.nmi, made.shutdown) == (
        ("./plug", "reset"),
        ("./plug", "nmi"),
        ("./plug", "shutdown"),
    )
    assert (made.boot_device, made.identify_on, made.identify_off) == (
        ("./plug", "boot_device"),
        ("a",),
        ("b",),
    )
    assert (made.interval_s, made.timeout_s, made.off_s) == (1.0, 2.0, 3.0)
    assert made.folder == str(tmp_path / "bin")


def test_several_machines_are_told_apart_by_number_and_name(tmp_path: Path) -> None:
    head = '[[bmc]]\nname = "m{n}"\ncount = 2\n[bmc.lan]\nport = 0\n'
    text = head + HOST + THREE.replace('"on"', '"{n}", "{name}", "{\\"on\\": {n:02}}"')
    made = [one.blueprint.machine for one in loaded(tmp_path, text).bmcs]
    assert [one.on for one in made if isinstance(one, ProcessSpec)] == [
        ("./plug", "1", "m1", '{"on": 01}'), ("./plug", "2", "m2", '{"on": 02}'),
    ]  # fmt: skip


def test_mistakes(tmp_path: Path) -> None:
    key = "bmc[0].host.process"
    for there, missing in (("identify_on", "identify_off"), ("identify_off", "identify_on")):
        text = f'{ONE}{HOST}{THREE}{there} = ["a"] {HERE}\n'
        assert_mistake(tmp_path, text, f"{key}.{there}", f"{missing} is missing")
    text = f"{ONE}{HOST.replace('process]', f'process] {HERE}')}{THREE.partition('status')[0]}"
    assert_mistake(tmp_path, text, f"{key}.status", "missing; wanted is a list")
    assert_mistake(tmp_path, f'{ONE}{HOST}{THREE}nmi = "reboot" {HERE}\n', f"{key}.nmi", 'found "reboot"')
