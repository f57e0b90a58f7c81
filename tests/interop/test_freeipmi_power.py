"""FreeIPMI's ipmi-chassis and ipmipower switch servers, one and several at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests import peers
from tests.interop.lab import Bmc, Done, Lab, lab, run
from tests.interop.patience import eventually
from tests.interop.terminal import terminal


@pytest.fixture(scope="module")
def servers() -> Iterator[Lab]:
    with lab() as running:
        yield running


@pytest.fixture
def rack(servers: Lab) -> Bmc:
    """The first server, switched on."""
    chassis(servers[0], "POWER-UP")
    return eventually_on(servers[0])


def eventually_on(bmc: Bmc, *, on: bool = True) -> Bmc:
    eventually(lambda: status(bmc)["System Power"], lambda power: power == ("on" if on else "off"))
    return bmc


def chassis(bmc: Bmc, control: str) -> Done:
    return bmc.freeipmi("ipmi-chassis", f"--chassis-control={control}", privilege="OPERATOR").ok()


def status(bmc: Bmc) -> dict[str, str]:
    return bmc.freeipmi("ipmi-chassis", "--get-chassis-status").ok().values


def ipmipower(bmcs: list[Bmc], *options: str, stdin: str = "", **different: str) -> Done:
    """Run ipmipower for all of these servers at once."""
    first = bmcs[0]
    hosts = ",".join(f"{bmc.address}:{bmc.port}" for bmc in bmcs)
    command = [peers.require("FreeIPMI", "ipmipower"), "-h", hosts, "-D", "LAN_2_0", "-I", "17"]
    command += ["-u", first.username, "-p", different.get("password", first.password)]
    return run([*command, *options], stdin, 120, {"HOME": str(first.folder)})


def answers(done: Done) -> list[str]:
    """What was said of each host."""
    return [line.partition(": ")[2] for line in done.lines]


def test_a_server_is_switched_by_ipmi_chassis(rack: Bmc) -> None:
    chassis(rack, "POWER-DOWN")
    eventually_on(rack, on=False)
    chassis(rack, "POWER-UP")
    eventually_on(rack)
    assert status(rack)["Last Power Event"] == "power on via ipmi command"
    for control in ("HARD-RESET", "DIAGNOSTIC-INTERRUPT", "POWER-CYCLE"):
        chassis(rack, control)
    eventually_on(rack)
    cause = rack.freeipmi("ipmi-chassis", "--get-system-restart-cause").ok().values["Restart cause"]
    assert cause == "Chassis control command"


def test_a_soft_shutdown_lets_the_host_end_first(rack: Bmc) -> None:
    chassis(rack, "SOFT-SHUTDOWN")
    eventually_on(rack, on=False)


@pytest.mark.parametrize(
    ("wanted", "shown"), [("5", "Timed on"), ("FORCE", "Indefinite on"), ("TURN-OFF", "off")]
)
def test_a_server_is_identified(rack: Bmc, wanted: str, shown: str) -> None:
    rack.freeipmi("ipmi-chassis", f"--chassis-identify={wanted}", privilege="OPERATOR").ok()
    assert status(rack)["Chassis Identify state"] == shown


@pytest.mark.parametrize(
    ("policy", "shown"),
    [("ALWAYS-ON", "Always on"), ("ALWAYS-OFF", "Always off"), ("RESTORE", "Restore")],
)
def test_the_policy_after_a_power_loss_is_set(rack: Bmc, policy: str, shown: str) -> None:
    rack.freeipmi("ipmi-chassis", f"--set-power-restore-policy={policy}", privilege="OPERATOR").ok()
    assert status(rack)["Power restore policy"] == shown
    rack.freeipmi("ipmi-chassis", "--set-power-cycle-interval=1", privilege="ADMIN").ok()


def test_ipmipower_asks_all_servers_at_once(servers: Lab) -> None:
    for bmc in servers:
        chassis(bmc, "POWER-UP")
    done = ipmipower(list(servers), "--stat").ok()
    assert done.lines == ["127.0.0.1: on"] * 3
    (summary,) = re.findall(r"-+\n(.+)\n-+\n(.+)\n", ipmipower(list(servers), "--stat", "-B", "-C").ok().out)
    assert summary[1].strip() == "on"


def test_ipmipower_waits_until_servers_are_off_and_on(servers: Lab) -> None:
    everyone = list(servers)
    assert answers(ipmipower(everyone, "--off", "--wait-until-off").ok()) == ["ok"] * 3
    assert answers(ipmipower(everyone, "--stat").ok()) == ["off"] * 3
    assert answers(ipmipower(everyone, "--on", "--wait-until-on").ok()) == ["ok"] * 3
    assert answers(ipmipower(everyone, "--stat").ok()) == ["on"] * 3


def test_ipmipower_resets_cycles_and_interrupts(rack: Bmc) -> None:
    for option in ("--reset", "--pulse", "--cycle"):
        assert answers(ipmipower([rack], option).ok()) == ["ok"], option
    eventually_on(rack)
    assert answers(ipmipower([rack], "--soft").ok()) == ["ok"]
    eventually_on(rack, on=False)
    assert answers(ipmipower([rack], "--cycle", "--on-if-off").ok()) == ["ok"]
    eventually_on(rack)


@pytest.mark.parametrize("option", ["--reset", "--pulse", "--cycle"])
def test_a_server_that_is_off_is_not_reset(rack: Bmc, option: str) -> None:
    """§28.3 lets the BMC answer D5h; ipmipower then says nothing at all."""
    ipmipower([rack], "--off", "--wait-until-off").ok()
    assert answers(ipmipower([rack], option)) != ["ok"]
    assert answers(ipmipower([rack], "--stat").ok()) == ["off"]


def test_ipmipower_is_told_at_its_prompt(rack: Bmc) -> None:
    command = [peers.require("FreeIPMI", "ipmipower"), "-u", rack.username, "-p", rack.password]
    command += ["-D", "LAN_2_0", "-I", "17", "-h", f"{rack.address}:{rack.port}", "--ping-interval=0"]
    with terminal(command) as screen:
        for told, said in (
            ("stat", ": on"),
            ("off", ": ok"),
            ("stat", ": off"),
            ("on", ": ok"),
            ("help", "stat"),
        ):
            screen.wait_for("ipmipower> ")
            screen.type(f"{told}\n")
            screen.wait_for(f"{told}\r\n")
            screen.wait_for(f"{rack.address}{said}" if said[0] == ":" else said)
        screen.type("quit\n")
        assert screen.ended() == 0


def test_one_that_refuses_the_login_does_not_hide_the_others(servers: Lab) -> None:
    users = ("Section User2\n\tPassword Xanother\nEndSection\n",)
    servers[1].freeipmi(
        "ipmi-config", "--commit", "--filename=/dev/stdin", stdin=users[0], privilege="ADMIN"
    ).ok()
    done = ipmipower(list(servers), "--stat")
    assert done.code == 1
    assert sorted(answers(done)) == ["on", "on", "password invalid"]
