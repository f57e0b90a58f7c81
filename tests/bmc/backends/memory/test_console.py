"""Who reads what is typed, phase by phase."""

from __future__ import annotations

from baseboard.bmc.backends.memory.phases import Phase
from tests.bmc.backends.memory.bench import BOOT, Bench


def at(share: float) -> Bench:
    """A host at this share of its boot."""
    bench = Bench()
    bench.server.host.turn_on()
    bench.clock.advance(BOOT * share)
    return bench


def test_s_during_the_self_test_leads_to_setup() -> None:
    for key in ("s", "S", "\x7f", "\x1b[3~"):
        bench = at(0.2)
        assert "Setup follows." in bench.type(key)
        bench.clock.advance(BOOT)
        assert bench.phase is Phase.SETUP


def test_n_during_the_self_test_leads_to_the_network() -> None:
    bench = at(0.2)
    assert "Network boot follows." in bench.type("n")
    bench.clock.advance(BOOT * 0.3)
    assert bench.phase is Phase.NETWORK
    bench.clock.advance(BOOT * 2)
    assert bench.phase is Phase.RUNNING


def test_other_keys_during_the_self_test_do_nothing() -> None:
    bench = at(0.2)
    bench.type("xyz\r\t")
    bench.clock.advance(BOOT)
    assert bench.phase is Phase.RUNNING


def test_the_loader_starts_at_once_when_told_to() -> None:
    bench = at(0.4)
    assert bench.phase is Phase.LOADER
    bench.type("\r", 0.0)
    assert bench.phase is Phase.KERNEL
    assert not bench.server.host.boot.safe


def test_the_loader_offers_safe_mode_and_setup() -> None:
    bench = at(0.4)
    bench.type("2", BOOT)
    assert "(ttyS0, safe mode)" in bench.text
    bench = at(0.4)
    bench.type("3", BOOT)
    assert bench.phase is Phase.SETUP
    bench.type("\r", 0.0)
    bench.type("x1", 0.0)
    assert bench.phase is Phase.KERNEL


def test_typing_while_the_kernel_starts_goes_nowhere() -> None:
    bench = at(0.7)
    assert bench.phase is Phase.KERNEL
    bench.type("root\r", BOOT)
    assert bench.text.endswith("lab-7 login: ")


def test_a_login_does_not_outlive_the_system() -> None:
    bench = Bench()
    bench.boot()
    bench.login()
    assert bench.server.host.console.user == "root"
    bench.server.host.reset()
    assert bench.server.host.console.user is None
    bench.clock.advance(BOOT + 0.5)
    assert "login:" in bench.type("\r")


def test_a_login_outlives_its_watcher() -> None:
    bench = Bench()
    bench.boot()
    bench.login()
    bench.line.attach(None)
    bench.clock.advance(3600.0)
    bench.line.attach(bench.take)
    assert bench.run("whoami") == "root\n"


def test_break_and_a_key_command_the_kernel() -> None:
    bench = Bench()
    bench.boot()
    for key, answer in (
        ("s", "emergency sync complete"),
        ("m", "memory 16384 MiB"),
        ("x", "nothing is bound"),
    ):
        bench.clear()
        bench.line.send_break()
        bench.clock.advance(0.0)
        assert "sysrq: break" in bench.text
        assert answer in bench.type(key)
    assert bench.phase is Phase.RUNNING
    assert any("sysrq" in line for line in bench.server.host.messages())


def test_break_and_b_resets_even_a_crashed_kernel() -> None:
    bench = Bench()
    bench.boot()
    bench.line.send_break()
    bench.type("c")
    assert bench.phase is Phase.CRASHED
    assert "sysrq triggered crash" in bench.text
    bench.line.send_break()
    bench.type("b", BOOT + 1)
    assert bench.board.calls[-2:] == ["reset", "choice"]
    assert bench.phase is Phase.RUNNING


def test_break_and_o_switches_off() -> None:
    bench = Bench()
    bench.boot()
    bench.line.send_break()
    bench.type("o")
    assert bench.board.calls[-1] == "off"


def test_a_break_is_forgotten_after_a_while() -> None:
    bench = Bench()
    bench.boot()
    bench.line.send_break()
    bench.clock.advance(5.0)
    bench.type("b", 1.0)
    assert bench.phase is Phase.RUNNING


def test_a_break_to_the_firmware_or_to_nobody_does_nothing() -> None:
    bench = at(0.2)
    bench.clear()
    bench.line.send_break()
    assert "sysrq" not in bench.text
    bench.server.host.turn_off()
    bench.line.send_break()
    assert bench.phase is Phase.OFF


def test_who_is_hung_up_on_is_logged_out_and_nobody_else_is() -> None:
    bench = Bench(powered=True)
    console = bench.server.host.console
    console.hung_up()
    assert bench.text == ""
    bench.login()
    assert console.user == "root"
    bench.clear()
    console.hung_up()
    bench.clock.advance(1)
    assert console.user is None
    assert bench.text.endswith("login: ")
