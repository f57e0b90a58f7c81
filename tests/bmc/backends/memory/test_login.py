"""Logging in on the console."""

from __future__ import annotations

from baseboard.bmc.backends.memory.login import PENALTY
from baseboard.bmc.blueprint import HostSpec
from tests.bmc.backends.memory.bench import Bench


def prompted(host: HostSpec | None = None) -> Bench:
    bench = Bench(host=host)
    bench.boot()
    return bench


def test_the_prompt_tells_how_to_log_in() -> None:
    assert 'log in as "root" with the password "demo"' in prompted().text


def test_a_password_is_asked_for_and_not_shown() -> None:
    bench = prompted()
    assert bench.type("root\r") == "root\nPassword: "
    greeting = bench.type("demo\r")
    assert "demo" not in greeting
    assert "Welcome to lab-7" in greeting
    assert greeting.endswith("root@lab-7:~# ")


def test_a_wrong_password_costs_time_and_asks_anew() -> None:
    bench = prompted()
    for name, password in (("root", "wrong"), ("nobody", "demo"), ("nobody", ""), ("root", "")):
        bench.type(f"{name}\r")
        assert bench.type(f"{password}\r", PENALTY - 0.1) == "\n"
        bench.type("typed meanwhile\x03", 0.0)
        bench.clock.advance(0.2)
        assert bench.text == "\nLogin incorrect\nlab-7 login: "
    assert bench.login().endswith("root@lab-7:~# ")


def test_a_reset_ends_the_wait() -> None:
    bench = prompted()
    bench.type("root\r")
    bench.type("wrong\r", 0.1)
    bench.server.host.turn_off()
    bench.clear()
    bench.clock.advance(10.0)
    assert bench.text == ""


def test_an_empty_name_shows_the_invitation_again() -> None:
    bench = prompted()
    for key in ("\r", "  \r", "\x04"):
        assert bench.type(key).endswith("\nlab-7 login: ")
        assert "This host is simulated" in bench.text


def test_end_of_input_at_the_password_is_an_empty_one() -> None:
    bench = prompted()
    bench.type("root\r")
    assert "Login incorrect" in bench.type("\x04", PENALTY)


def test_accounts_are_the_blueprints() -> None:
    host = HostSpec(accounts=(("guest", ""), ("ops", "secret")))
    bench = prompted(host)
    assert 'log in as "guest" with no password' in bench.text
    assert bench.type("guest\r").endswith("guest@lab-7:~# ")
    bench.type("exit\r")
    bench.type("ops\r")
    assert bench.type("secret\r").endswith("ops@lab-7:~# ")


def test_a_host_without_accounts_lets_nobody_in() -> None:
    bench = prompted(HostSpec(accounts=()))
    assert "log in as" not in bench.text
    bench.type("root\r")
    assert "Login incorrect" in bench.type("demo\r", PENALTY)


def test_leaving_asks_for_the_next_name() -> None:
    for key in ("exit\r", "logout\r", "\x04"):
        bench = prompted()
        bench.login()
        assert bench.type(key).endswith("logout\n\nlab-7 login: ")
        assert bench.server.host.console.user is None
