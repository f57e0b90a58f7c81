"""ipmipower's outcome lines, and what it asks of a BMC; tests/golden compares it with FreeIPMI's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.cli.freeipmi import ipmipower
from baseboard.cli.freeipmi.ipmipower import Wanted, act, main, unprivileged
from baseboard.cli.freeipmi.options import Shared
from baseboard.cli.hosts import Place
from baseboard.client.settings import Settings
from baseboard.codes import Privilege
from baseboard.testing.scripted import ScriptedBmc
from tests.bmc.fakes import ADMIN, BLUEPRINT

CHASSIS, STATUS, CONTROL = 0x00, 0x01, 0x02
SETTINGS = Settings(
    interface="lanplus",
    username=ADMIN.name,
    password=ADMIN.password,
    cipher_suite=3,
    timeout=0.5,
    retries=1,
    deadline=5.0,
    keep_alive=None,
    learn=False,
)
NOBODY = Place("nobody", "127.0.0.1", 9)


@pytest.fixture
def bmc() -> object:
    with ScriptedBmc(BLUEPRINT, SimulatedServer) as running:
        yield running


def done(wanted: Wanted, *hosts: Place, **shared: object) -> tuple[int, str]:
    printed: list[str] = []
    common = Shared(settings=SETTINGS, hosts="x", **shared)  # type: ignore[arg-type]  # a field's own type
    return asyncio.run(act(common, wanted, hosts, printed.append)), "".join(printed)


def place(bmc: ScriptedBmc, name: str = "node1") -> Place:
    return Place(name, bmc.host, bmc.port)


def test_power_is_told_and_changed(bmc: ScriptedBmc) -> None:
    assert done(Wanted("on", frozenset({"wait-until-on"})), place(bmc)) == (0, "127.0.0.1: ok\n")
    assert done(Wanted("stat"), place(bmc)) == (0, "127.0.0.1: on\n")
    assert done(Wanted("off", frozenset({"wait-until-off"})), place(bmc)) == (0, "127.0.0.1: ok\n")
    assert done(Wanted("stat"), place(bmc)) == (0, "127.0.0.1: off\n")


def test_on_if_off_powers_on_what_is_off(bmc: ScriptedBmc) -> None:
    done(Wanted("off", frozenset({"wait-until-off"})), place(bmc))
    assert done(Wanted("cycle", frozenset({"on-if-off"})), place(bmc)) == (0, "127.0.0.1: ok\n")
    assert (CHASSIS, CONTROL, b"\x01") in bmc.script.asked


def test_a_refusal_is_an_error(bmc: ScriptedBmc) -> None:
    bmc.script.lines[CHASSIS, CONTROL] = b"\xd4"
    assert done(Wanted("reset"), place(bmc)) == (1, "127.0.0.1: privilege level insufficient\n")


def test_one_silent_host_does_not_stop_the_other(bmc: ScriptedBmc) -> None:
    code, printed = done(Wanted("stat"), NOBODY, place(bmc), buffered=True)
    first, second = printed.splitlines()
    assert code == 1
    assert first == "127.0.0.1: connection timeout"
    assert second in ("127.0.0.1: on", "127.0.0.1: off")
    assert len(done(Wanted("stat"), NOBODY, place(bmc), eliminate=True)[1].splitlines()) == 1


def test_equal_outputs_are_folded(bmc: ScriptedBmc) -> None:
    bmc.script.lines[CHASSIS, STATUS] = bytes.fromhex("00010000")
    hosts = [place(bmc).replace(host=host) for host in ("127.0.0.1", "localhost")]
    assert done(Wanted("stat"), *hosts, consolidated=True)[1].splitlines()[3] == " on"


def test_orders_need_the_operators_level() -> None:
    user = Shared(settings=Settings(privilege=int(Privilege.USER)))
    assert unprivileged(user, "soft") == "'soft shutdown os' requires atleast operator privilege"
    assert unprivileged(user, "stat") == ""


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--help"], 0, "--wait-until-on"),
        (["--version"], 0, "ipmipower - 1.6"),
        (["--on"], 1, "must specify target hostname(s) in non-interactive mode"),
        (["--stat", "-h", "a[3-1]"], 1, "no list of numbers"),
        (["--on", "-h", "a", "-l", "user"], 1, "requires atleast operator privilege"),
        (["--nonsense"], 64, "unrecognized option"),
    ],
)
def test_the_program(capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str) -> None:
    assert main(words) == code
    captured = capsys.readouterr()
    assert told in captured.out + captured.err


def test_the_whole_program(bmc: ScriptedBmc, capsys: pytest.CaptureFixture[str]) -> None:
    words = f"-h 127.0.0.1:{bmc.port} -D LAN_2_0 -u admin -p adminpw --stat".split()
    assert main(words) == 0
    assert capsys.readouterr().out in ("127.0.0.1: on\n", "127.0.0.1: off\n")


def test_the_program_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(words: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(ipmipower, "_main", interrupted)
    stopped: Callable[[], int] = main
    assert stopped() == 1
