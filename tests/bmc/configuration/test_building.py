"""Files as a whole: what they describe, and what does not go together."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import HostSpec, Identity
from baseboard.bmc.configuration import load
from baseboard.bmc.configuration.building import stable_guid
from baseboard.bmc.makeups import MAKEUPS
from baseboard.errors import ConfigurationError
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded, written

GUID = "2f1e8c50-3a4b-4c5d-8e6f-001122334455"


def test_the_least_there_can_be(tmp_path: Path) -> None:
    made = blueprint(tmp_path, ONE)
    assert made.identity == Identity("one", stable_guid("one"))
    assert (made.users, made.sensors, made.frus) == ((), (), ())
    assert (made.powered, made.boot_seconds, made.strict, made.reveal_login_errors) == (
        True,
        12,
        False,
        False,
    )
    assert made.host == HostSpec()


def test_every_key_of_a_bmc(tmp_path: Path) -> None:
    made = blueprint(
        tmp_path,
        f"""{ONE}
strict = true
reveal_login_errors = true
max_users = 5
sel_capacity = 100
sdr_capacity = 5000
[bmc.identity]
guid = "{GUID}"
device_guid = "{GUID.replace("2f", "3F")}"
guid_encoding = "rfc4122"
device_id = 1
device_revision = 2
firmware = "3.45"
manufacturer_id = 7154
product_id = 5
aux_firmware = "01020304"
[bmc.host]
powered = false
boot_seconds = 3
seed = 42
model = "M"
firmware = "F"
efi = false
processor = "P"
sockets = 2
cores = 3
mhz = 4
memory_mib = 512
disk = "D"
network = "N"
system = "S"
kernel = "K"
account = [{{ name = "root" }}, {{ name = "ops", password = "x" }}]
""",
    )
    assert made.identity == Identity(
        "one", uuid.UUID(GUID).bytes, 1, 2, 3, "45", 7154, 5, b"\1\2\3\4",
        uuid.UUID(GUID.replace("2f", "3f")).bytes, "rfc4122",
    )  # fmt: skip
    assert made.host == HostSpec(
        "M", "F", False, "P", 2, 3, 4, 512, "D", "N", "S", "K", (("root", ""), ("ops", "x"))
    )
    assert (made.strict, made.reveal_login_errors, made.max_users) == (True, True, 5)
    assert (made.sel_capacity, made.sdr_capacity) == (100, 5000)
    assert (made.powered, made.boot_seconds, made.seed) == (False, 3, 42)


@pytest.mark.parametrize(("name", "number"), [("rack", 0), ("blade", 1), ("veteran", 2)])
def test_a_makeup_is_the_hardware(name: str, number: int, tmp_path: Path) -> None:
    made, kind = blueprint(tmp_path, f"{ONE}makeup = '{name}'\n"), MAKEUPS[number]
    assert made.host == kind.host
    assert made.sensors is kind.sensors
    assert made.frus[1:] == kind.frus
    assert (made.sel_capacity, made.max_users) == (kind.sel_capacity, kind.max_users)
    assert (made.identity.product_id, made.lan.session_slots) == (kind.product_id, kind.session_slots)


def test_many_are_alike_and_each_its_own(tmp_path: Path) -> None:
    text = "[[bmc]]\nname = 'node-{n:03}'\ncount = 3\nmakeup = 'rack'\n"
    text += f"identity.guid = '{GUID}'\nhost.seed = 7\n"
    made = [one.blueprint for one in loaded(tmp_path, text).bmcs]
    assert [one.identity.name for one in made] == ["node-001", "node-002", "node-003"]
    assert made[0].identity.guid == uuid.UUID(GUID).bytes
    assert len({one.identity.guid for one in made}) == len({one.frus[0].image for one in made}) == 3
    assert len({one.lan.mac for one in made}) == 3
    assert [one.seed for one in made] == [7, 8, 9]
    assert made[0].sensors is made[2].sensors
    assert made[0].host is made[2].host
    assert made == [one.blueprint for one in loaded(tmp_path, text).bmcs], "the same in every run"


def test_a_name_without_a_number_gets_one(tmp_path: Path) -> None:
    assert [one.blueprint.identity.name for one in loaded(tmp_path, f"{ONE}count = 2\n").bmcs] == [
        "one-1",
        "one-2",
    ]


def test_a_guid_is_made_of_the_name() -> None:
    assert stable_guid("one") == stable_guid("one") != stable_guid("two")
    assert uuid.UUID(bytes=stable_guid("one")).version == 5


def test_several_files_and_several_bmcs_in_one(tmp_path: Path) -> None:
    first = written(tmp_path, f"store = 'kept'\n{ONE}lan.port = 0\n[[bmc]]\nname = 'two'\nlan.port = 0\n")
    second = written(tmp_path, "store = 'kept'\n[[bmc]]\nname = 'three'\nlan.port = 0\n", "other.toml")
    third = written(tmp_path, "[[bmc]]\nname = 'four'\n", "third.toml")
    made = load([first, second, third])
    assert [one.blueprint.identity.name for one in made.bmcs] == ["one", "two", "three", "four"]
    assert made.store == tmp_path / "kept"
    assert load([third]).store is None


def test_a_process_has_one_store(tmp_path: Path) -> None:
    first = written(tmp_path, f"store = 'kept'\n{ONE}")
    second = written(tmp_path, "store = 'elsewhere'\n[[bmc]]\nname = 'two'\nlan.port = 0\n", "other.toml")
    with pytest.raises(ConfigurationError, match="a process has one store") as caught:
        load([first, second])
    assert (caught.value.file, caught.value.line, caught.value.key) == (str(second), 1, "store")


def test_two_bmcs_have_two_names(tmp_path: Path) -> None:
    text = f"{ONE}[[bmc]]\nname = 'one' {HERE}\nlan.port = 0\n"
    assert_mistake(tmp_path, text, "bmc[1].name", "another BMC is named one")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lan.port = 7000", "lan.port = 7000"),
        ("count = 3\nlan.port = 7000", "lan.port = 7002"),
        ("lan.port = 7000\nlan.spread = 'addresses'", "lan.port = 7000"),
    ],
)
def test_two_bmcs_listen_at_two_places(first: str, second: str, tmp_path: Path) -> None:
    text = f"{ONE}{first}\n[[bmc]]\nname = 'two'\n{second} {HERE}\n"
    assert_mistake(tmp_path, text, "bmc[1].lan.port", "listens at 127.0.0.1 port 7")


def test_any_port_is_no_place_yet(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, f"{ONE}count = 9\nlan.port = 0\n").bmcs) == 9
