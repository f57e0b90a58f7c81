"""System interfaces in fake device trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.client.inband_devicetree import Node, interfaces
from tests.client.fake_machine import FakeMachine


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    made = FakeMachine(tmp_path)
    made.node("", cells={"#address-cells": [1], "#size-cells": [1]})
    return made


def test_no_tree_tells_nothing(tmp_path: Path) -> None:
    assert list(interfaces(tmp_path)) == []


def test_a_kcs_on_an_lpc_bus_is_in_io_space(machine: FakeMachine) -> None:
    machine.node("lpc/isa@0", cells={"#address-cells": [2], "#size-cells": [1]})
    machine.node(
        "lpc/isa@0/kcs@ca2", compatible="acme,x\0ipmi-kcs", cells={"reg": [1, 0xCA2, 2], "interrupts": [5, 8]}
    )
    assert list(interfaces(machine.root)) == [
        Node(
            kind="kcs", address=0xCA2, space="io", spacing=1, interrupt=5, bus=None, path="/lpc/isa@0/kcs@ca2"
        )
    ]


def test_registers_in_memory_are_translated_on_the_way_up(machine: FakeMachine) -> None:
    machine.node(
        "soc", cells={"#address-cells": [2], "#size-cells": [1], "ranges": [0, 0, 0x8000_0000, 0x1000_0000]}
    )
    machine.node("soc/bus", cells={"#address-cells": [1], "#size-cells": [1], "ranges": []})
    machine.node(
        "soc/bus/bt@100e4",
        compatible="acme,ipmi-bt",
        cells={"reg": [0x100E4, 3], "reg-spacing": [4], "reg-size": [1]},
    )
    machine.node("smic@4", compatible="ipmi-smic", cells={"reg": [4, 3], "reg-size": [4]})
    found = {node.kind: node for node in interfaces(machine.root)}
    assert (found["bt"].address, found["bt"].space, found["bt"].spacing) == (0x8001_00E4, "memory", 4)
    assert (found["smic"].address, found["smic"].spacing, found["smic"].interrupt) == (4, 4, None)


def test_what_the_processor_does_not_see_is_left_out(machine: FakeMachine) -> None:
    machine.node("i2c", cells={"#address-cells": [1]})  # no ranges
    machine.node("i2c/kcs@1", compatible="ipmi-kcs", cells={"reg": [1, 3]})
    machine.node("pci", cells={"#address-cells": [1], "#size-cells": [1], "ranges": [0x100, 0x900, 0x10]})
    machine.node("pci/kcs@1", compatible="ipmi-kcs", cells={"reg": [1, 3]})  # beyond the range
    machine.node("off", compatible="ipmi-kcs", status="disabled", cells={"reg": [1, 3]})
    machine.node("bare", compatible="ipmi-kcs")
    machine.node("other", compatible="acme,thing", cells={"reg": [1, 3]})
    machine.node("flat", cells={"#address-cells": [0], "#size-cells": [0], "ranges": [1]})
    machine.node("flat/kcs", compatible="ipmi-kcs", cells={"reg": [1]})
    machine.node("none", cells={"#address-cells": [0], "#size-cells": [0], "ranges": [1, 2]})
    machine.node("none/one", cells={"#address-cells": [1], "ranges": []})
    machine.node("none/one/kcs", compatible="ipmi-kcs", cells={"reg": [7]})
    assert list(interfaces(machine.root)) == []


def test_ssif_is_a_slave_on_a_bus_with_a_number(machine: FakeMachine) -> None:
    machine.node("i2c@40", cells={"#address-cells": [1], "#size-cells": [0]})
    machine.node("i2c@40/ssif@10", compatible="ipmi-ssif", cells={"reg": [0x10], "interrupts": [7]})
    machine.node("i2c@80/ssif@12", compatible="ssif", cells={"reg": [0x12]})
    machine.node("i2c@90/ssif", compatible="ssif")
    machine.link("sys/bus/i2c/devices/i2c-3/of_node", "sys/firmware/devicetree/base/i2c@40")
    machine.link("sys/bus/i2c/devices/i2c-mux/of_node", "sys/firmware/devicetree/base/i2c@80")
    first, second = interfaces(machine.root)
    assert (first.kind, first.address, first.space, first.bus, first.interrupt) == (
        "ssif",
        0x10,
        "smbus",
        3,
        7,
    )
    assert (second.address, second.bus) == (0x12, None)


def test_the_trees_link_in_proc_is_followed(machine: FakeMachine) -> None:
    machine.node("kcs", compatible="ipmi-kcs", cells={"reg": [0x1000, 3]})
    machine.link("proc/device-tree", "sys/firmware/devicetree/base")
    assert [node.path for node in interfaces(machine.root)] == ["/kcs"]


def test_a_tree_without_end_has_one_here(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baseboard.client.inband_devicetree._MOST_NODES", 3)
    for number in range(9):
        machine.node(f"kcs@{number}", compatible="ipmi-kcs", cells={"reg": [number, 3]})
    assert len(list(interfaces(machine.root))) == 3
    deep = "/".join(["d"] * 40)
    monkeypatch.setattr("baseboard.client.inband_devicetree._MOST_NODES", 1000)
    machine.node(f"{deep}/kcs", compatible="ipmi-kcs", cells={"reg": [99, 3]})
    assert 99 not in [node.address for node in interfaces(machine.root)]
