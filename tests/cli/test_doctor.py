"""What the doctor says."""

from __future__ import annotations

from collections.abc import Callable

from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]


def test_a_login_that_works_has_no_failed_stage(program: Program) -> None:
    told = program("doctor")
    assert (told.code, told.err) == (0, "")
    assert "user and password                the login succeeded" in told.out
    assert "FAILED" not in told.out


def test_a_wrong_password_is_found_and_there_is_advice(program: Program) -> None:
    told = program("-P", "wrong", "doctor")
    assert told.code == 1
    (failed,) = [line for line in told.out.splitlines() if line.startswith("FAILED")]
    assert "user and password" in failed
    assert "-> " in told.out


def test_findings_are_data(program: Program, bmc: Simulated) -> None:
    document = program("--json", "doctor").document
    assert document["host"] == bmc.place
    stages = {one["stage"]: one["verdict"] for one in document["result"]}
    assert stages["user and password"] == "ok"


def test_it_wants_a_host_and_no_words(program: Program) -> None:
    assert program("doctor", "please").code == 2
    told = program("doctor", login=False)
    assert told.code == 2
    assert "give -H" in told.err
