"""Two chassis, each a process of its own, on one ICMB line: ipmitool reaches into the other one (§8).

``raw 0x02 0x20`` is Bridge Request: the address of the other bridge, what it is to do (20h: have a controller
asked), slave address, NetFn and LUN, command and data. Behind the completion code of the other bridge comes
that of the controller.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.interop.faces import free_port
from tests.interop.lab import Bmc, process_of
from tests.interop.patience import eventually

PASSWORD = "secret12"
NEAR, FAR = "0x01 0x01", "0x02 0x02"
WHO = f"0x02 0x20 {FAR} 0x20 0x20 0x18 0x01"

CHASSIS = """
[[bmc]]
name = "{name}"
makeup = "rack"
lan.port = 0
identity.device_id = {device}
identity.product_id = {device}
[[bmc.user]]
name = "admin"
password = "{password}"
[bmc.icmb]
line = "{line}"
address = {address}
{more}
[[bmc.satellite]]
address = 0x82
name = "fans"
device_id = {satellite}
[[bmc.satellite.sensor]]
name = "Intake"
number = 1
type = "temperature"
value = 31
minimum = 0
maximum = 255
"""


@pytest.fixture(scope="module", params=["unix", "tcp", "pty"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Bmc, Bmc]]:
    folder = tmp_path_factory.mktemp("icmb")
    tcp = f"tcp:127.0.0.1:{free_port()}"
    near_line, far_line, listens = {
        "unix": ("unix:line", "unix:line", "listen = true"),
        "tcp": (tcp, tcp, "listen = true"),
        "pty": ("pty:line", f"{folder}/line", ""),
    }[request.param]
    with ExitStack() as stack:
        made: list[Bmc] = []
        for name, line, more, device, address in (
            ("near", near_line, listens, 0x21, "0x0101"),
            ("far", far_line, "", 0x22, "0x0202"),
        ):
            text = CHASSIS.format(
                name=name, line=line, more=more, device=device, satellite=device + 0x10, address=address,
                password=PASSWORD,
            )  # fmt: skip
            made += stack.enter_context(process_of(folder / f"{name}.toml", text, PASSWORD))
        near, far = made
        eventually(lambda: near.ipmitool("raw", *WHO.split()), lambda done: not done.code)
        yield near, far


def raw(bmc: Bmc, words: str) -> bytes:
    return bytes.fromhex(bmc.ipmitool("raw", *words.split()).ok().out)


def test_a_console_asks_the_other_bmc_through_this_one(pair: tuple[Bmc, Bmc]) -> None:
    near, far = pair
    answer = raw(near, f"0x02 0x20 {FAR} 0x20 0x20 0x18 0x01")
    assert answer[:2] == bytes(2), "the codes of the other bridge and of the other BMC"
    assert answer[2:] == raw(far, "0x06 0x01")
    assert raw(far, f"0x02 0x20 {NEAR} 0x20 0x20 0x18 0x01")[2:] == raw(near, "0x06 0x01")


def test_a_console_asks_a_controller_in_the_other_chassis(pair: tuple[Bmc, Bmc]) -> None:
    near, _ = pair
    assert raw(near, f"0x02 0x20 {FAR} 0x20 0x82 0x18 0x01")[:3] == bytes((0x00, 0x00, 0x32))
    _, code, reading, *_ = raw(near, f"0x02 0x20 {FAR} 0x20 0x82 0x10 0x2d 0x01")
    assert (code, reading) == (0x00, 31)
    assert raw(near, f"0x02 0x20 {FAR} 0x20 0x82 0x10 0x2d 0x09")[1] == 0xCB, "it has no such sensor"


def test_who_is_not_there_is_a_code_of_the_bridge(pair: tuple[Bmc, Bmc]) -> None:
    near, _ = pair
    assert (
        "rsp=0xc3"
        in near.ipmitool("raw", *["0x02", "0x20", "0x09", "0x09", "0x20", "0x20", "0x18", "0x01"]).err
    )
    assert raw(near, f"0x02 0x20 {FAR} 0x20 0x90 0x18 0x01") == bytes((0x83,)), "the other bridge's"


def test_the_other_chassis_is_found(pair: tuple[Bmc, Bmc]) -> None:
    near, _ = pair
    raw(near, "0x02 0x10")
    assert raw(near, "0x02 0x11") == bytes((0x02, 0x02))


def test_what_went_over_the_line_is_counted(pair: tuple[Bmc, Bmc]) -> None:
    near, far = pair
    for bmc in pair:
        raw(bmc, "0x02 0x08")
    assert raw(near, f"0x02 0x20 {FAR} 0x20 0x20 0x18 0x01")[0] == 0x00
    for bmc in (near, far):
        counted = raw(bmc, "0x02 0x05 0x01")
        assert counted[:5] == bytes((0x01, 0x01, 0x00, 0x01, 0x00)), "one packet sent, one received"
