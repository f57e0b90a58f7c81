"""``baseboard bmc``: files written, and what they describe run."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.configuration import load
from baseboard.bmc.server import Server
from baseboard.cli import bmc
from baseboard.cli.program import main
from tests.bmc.backends.qemu import fake_qemu
from tests.cli.running import end_when_ready


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Server]:
    """The servers of this test, each of which ends as soon as it is ready."""
    return end_when_ready(monkeypatch, bmc)


@pytest.fixture
def template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What init wrote, on any free port."""
    path = tmp_path / "my.toml"
    assert main(["bmc", "init", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path} is written, with a password of its own")
    return path


def freely(path: Path) -> Path:
    """The same file, but for the port."""
    path.write_text(path.read_text().replace("port = 6230", "port = 0"))
    return path


def entries(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main(["bmc", "run", "--json", *words]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    made: list[dict[str, Any]] = json.loads(out)
    return made


def test_what_init_writes_runs_as_it_is(
    template: Path, ran: list[Server], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load([template]).bmcs[0].place.port == 6230
    (made,) = entries(capsys, str(freely(template)))
    assert (made["name"], made["address"], made["vm"]) == ("server-1", "127.0.0.1", None)
    assert made["port"] > 0
    services = ran[0].bmcs[0].controller.services
    (user,) = services.users.usable(1)
    assert (user[0].user_id, user[0].name) == (2, b"admin")
    assert services.lan.suites() == (3, 17)


def test_every_file_has_its_own_password_and_guid(template: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    assert main(["bmc", "init", str(other)]) == 0
    first, second = (load([path]).bmcs[0].blueprint for path in (template, other))
    assert first.users[0].password != second.users[0].password
    assert first.identity.guid != second.identity.guid
    assert len(first.users[0].password) == 16


def test_the_file_is_its_owners_alone(template: Path) -> None:
    """There is a password in it."""
    assert stat.S_IMODE(template.stat().st_mode) == 0o600
    template.chmod(0o644)
    assert main(["bmc", "init", "--force", str(template)]) == 0
    assert stat.S_IMODE(template.stat().st_mode) == 0o600


def test_a_file_is_not_overwritten_unless_told_to(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template.write_text("# mine\n" * 10_000)
    assert main(["bmc", "init", str(template)]) == 1
    assert capsys.readouterr().err == f"baseboard: {template} is there already; --force overwrites it\n"
    assert template.read_text().startswith("# mine\n")
    assert main(["bmc", "init", "--force", str(template)]) == 0
    assert "# mine" not in template.read_text()


def test_nothing_is_written_through_a_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert main(["bmc", "init", "--force", str(tmp_path / "link")]) == 1
    assert (tmp_path / "target").read_text() == "mine"
    assert capsys.readouterr().err.startswith(f"baseboard: {tmp_path / 'link'}: ")


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bmc", "init", str(tmp_path / "nowhere" / "my.toml")]) == 1
    assert capsys.readouterr().err.endswith("my.toml: No such file or directory\n")


MANY = """\
store = "kept"
[[bmc]]
name = "node-{n}"
count = 30
makeup = "blade"
lan.port = 0
user = [{ name = "ops", password = "hunter2" }]
[[bmc]]
name = "old"
[bmc.lan]
port = 0
suites = []
v15 = ["md5"]
"""


def test_for_people_there_is_a_table(
    ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)
    assert main(["bmc", "run", str(path)]) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert lines[0].split() == ["NAME", "ADDRESS", "PORT", "SUITES", "V1.5", "SENSORS"]
    assert lines[1].split()[:2] == ["node-1", "127.0.0.1"]
    assert lines[1].split()[3:] == [
        "3",
        "17",
        "-",
        str(len(ran[0].bmcs[0].controller.services.home.blueprint.sensors)),
    ]
    assert "... 31 in all" in lines
    assert lines[-1] == f"Ctrl-C ends them; their state stays in {tmp_path / 'kept'}."
    assert "hunter2" not in out
    assert (tmp_path / "kept" / "baseboard.sqlite").exists()


def test_the_weak_one_is_told(ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "old.toml"
    path.write_text(MANY[MANY.index('[[bmc]]\nname = "old"') :])
    assert main(["bmc", "run", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[3:] == ["-", "yes", "0"]
    assert lines[-1] == "Ctrl-C ends them; their state goes with them."


def test_programs_learn_where_and_no_secret(
    ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)
    made = entries(capsys, str(path))
    assert [one["name"] for one in made[-2:]] == ["node-30", "old"]
    assert len({one["port"] for one in made}) == 31
    assert {one["password"] for one in made} == {one["kg"] for one in made} == {None}


def test_the_store_of_the_command_line_wins(
    ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)
    entries(capsys, str(path), "--store", str(tmp_path / "other"))
    assert (tmp_path / "other").is_dir()
    assert not (tmp_path / "kept").exists()


def test_what_a_console_changed_is_kept(
    ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)
    before = vars(bmc)["serve"]

    def serve(described: Any, store: Any, ready: Any) -> None:
        def change(server: Server) -> None:
            server.bmcs[4].controller.services.users.set_name(2, b"changed")
            ready(server)

        before(described, store, change)

    monkeypatch.setattr(bmc, "serve", serve)
    entries(capsys, str(path))
    monkeypatch.setattr(bmc, "serve", before)
    entries(capsys, str(path))
    names = [running.controller.services.users.get(2).name for running in ran[1].bmcs]
    assert names == [b"ops"] * 4 + [b"changed"] + [b"ops"] * 25 + [b""]


def test_a_mistake_in_any_file_starts_nothing(
    ran: list[Server], tmp_path: Path, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[bmc]]\nname = "x"\n[bmc.paint]\n')
    assert main(["bmc", "run", str(freely(template)), str(wrong)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"baseboard: {wrong}:3: bmc[0].paint: unknown key")
    assert captured.err.count("\n") == 1
    assert not ran


@pytest.mark.parametrize("words", [[], ["start"]])
def test_other_words_are_ipmitools(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As after `mc`, whose other name `bmc` is."""
    assert main(["bmc", *words]) == 1
    assert "MC Commands:" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["run"], ["init"], ["init", "a", "--json"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bmc", *words]) == 2
    assert "usage: baseboard" in capsys.readouterr().err


def test_a_virtual_machine_is_waited_for(
    ran: list[Server], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "vm.toml"
    path.write_text(
        '[[bmc]]\nname = "virtual"\n[bmc.lan]\nport = 0\n[bmc.host]\nbackend = "vm"\n'
        '[bmc.host.vm]\nlisten = "unix:socket"\n[[bmc.user]]\nname = "a"\npassword = "secretpw"\n'
    )
    (made,) = entries(capsys, str(path))
    assert made["vm"] == f"unix:{tmp_path}/socket"
    assert main(["bmc", "run", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"# virtual waits for a virtual machine at unix:{tmp_path}/socket" in out
    assert "isa-ipmi-kcs" in out


def test_where_the_registers_of_an_interface_are_is_told(
    ran: list[Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.toml"
    path.write_text(
        '[[bmc]]\nname = "r"\n[bmc.lan]\nport = 0\n'
        '[bmc.interface]\nkind = "smic"\nregisters = "unix:r.sock"\n'
        '[[bmc.user]]\nname = "admin"\npassword = "secretpw"\n'
    )
    assert main(["bmc", "run", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"r: SMIC is at unix:{tmp_path}/r.sock\n  -machine pc,memory-backend=ram " in out
    assert "-device x-pci-proxy-dev,fd=9\n" in out
    assert not (tmp_path / "r.sock").exists()
    # A machine that the BMC runs itself needs no advice.
    program = fake_qemu.program(tmp_path)
    path.write_text(
        f'{path.read_text()}[bmc.host]\nbackend = "qemu"\npowered = false\n[bmc.host.qemu]\n'
        f'program = "{program}"\nfolder = "run"\ninterface = "registers"\n'
    )
    assert main(["bmc", "run", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"r: SMIC is at unix:{tmp_path}/r.sock\n" in out
    assert "x-pci-proxy-dev" not in out
