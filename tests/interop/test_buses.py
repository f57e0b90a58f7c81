"""BMCs with addresses of their own on one IPMB, in one process and in two, as ipmitool sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.interop.faces import free_port
from tests.interop.lab import Bmc, process_of
from tests.interop.patience import eventually

PASSWORD = "secret12"
BMC = """\
[[bmc]]
name = "{name}"
makeup = "{makeup}"
lan.port = 0
[[bmc.user]]
name = "admin"
password = "{password}"
password_size = 16
[bmc.ipmb]
bus = "{bus}"
address = {address}
{more}
"""
BLADE = ("-t", "0x82", "-b", "0")


def described(name: str, makeup: str, bus: str, address: int, more: str = "") -> str:
    return BMC.format(name=name, makeup=makeup, bus=bus, address=address, more=more, password=PASSWORD)


@pytest.fixture(params=["one process", "unix", "tcp"])
def chassis(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Bmc, Bmc]]:
    """A chassis manager, and a blade whose events are for it."""
    manager = ("manager", "rack")
    blade = ("blade", "blade")
    receiver = "event_receiver = 0x20"
    with ExitStack() as stack:
        if request.param == "one process":
            text = described(*manager, "midplane", 0x20) + described(*blade, "midplane", 0x82, receiver)
            first, second = stack.enter_context(process_of(tmp_path / "both.toml", text, PASSWORD))
        else:
            bus = "unix:ipmb" if request.param == "unix" else f"tcp:127.0.0.1:{free_port()}"
            text = described(*manager, bus, 0x20, "listen = true")
            (first,) = stack.enter_context(process_of(tmp_path / "manager.toml", text, PASSWORD))
            (second,) = stack.enter_context(
                process_of(tmp_path / "blade.toml", described(*blade, bus, 0x82, receiver), PASSWORD)
            )
        yield first, second


def test_the_manager_reaches_the_blade_and_gets_its_events(chassis: tuple[Bmc, Bmc]) -> None:
    manager, blade = chassis
    own = blade.ipmitool("mc", "info").ok().values
    reached = eventually(lambda: manager.ipmitool("mc", "info", options=BLADE), lambda done: not done.code)
    assert reached.values["Product ID"] == own["Product ID"]
    assert manager.ipmitool("mc", "info").ok().values["Product ID"] != own["Product ID"]
    assert [row[0] for row in manager.ipmitool("sdr", "list", options=BLADE).ok().table()] == [
        row[0] for row in blade.ipmitool("sdr", "list").ok().table()
    ]
    assert "Device Slave Address   : 82h" in blade.ipmitool("sdr", "list", "mcloc", "-v").ok().out
    assert blade.ipmitool("raw", "4", "1").ok().out.split() == ["20", "00"]
    manager.ipmitool("sel", "clear").ok()
    blade.ipmitool("power", "cycle").ok()
    seen = eventually(
        lambda: manager.ipmitool("sel", "list").out,
        lambda text: "soft-off" in text,
    )
    number = next(line.split("|")[0].strip() for line in seen.splitlines() if "soft-off" in line)
    assert manager.ipmitool("sel", "get", f"0x{number}").ok().values["Generator ID"] == "0082"
    assert "soft-off" not in blade.ipmitool("sel", "list").out
    # 20h is ipmitool's own address unless -m says that the BMC it talks to has another one
    up = blade.ipmitool("mc", "info", options=("-m", "0x82", "-t", "0x20", "-b", "0")).ok()
    assert up.values["Product ID"] == manager.ipmitool("mc", "info").ok().values["Product ID"]
