"""tools/setup.sh: what it installs, asks for and leaves alone, with stand-ins for the system's programs."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parents[2] / "tools" / "setup.sh"
PACKAGES = "# why\nrun python3-venv\ncheck  peer-one\ncheck peer-two\npicture other\n"


@dataclass
class System:
    """A tree to set up, and a folder of programs found before the real ones."""

    root: Path
    programs: Path

    @property
    def log(self) -> str:
        file = self.root / "log"
        return file.read_text() if file.exists() else ""

    @property
    def policy(self) -> Path:
        return self.root / "policy-rc.d"

    def program(self, name: str, body: str) -> None:
        file = self.programs / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def sh(self, code: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "POLICY_RC_D": str(self.policy),
            "LOG": str(self.root / "log"),
        }
        words = ["sh", "-euc", f'root=$1; . "$2"; {code}', "sh", str(self.root), str(SETUP)]
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def system(tmp_path: Path) -> System:
    made = System(tmp_path / "a tree", tmp_path / "programs")
    (made.root / "tools").mkdir(parents=True)
    made.programs.mkdir()
    (made.root / "tools" / "debian-packages.txt").write_text(PACKAGES)
    (made.root / "pyproject.toml").write_text("[project]\n")
    (made.root / "some.lock").write_text("uv==1\n")
    # peer-one is there, peer-two is not.
    made.program("dpkg-query", 'case "$3" in peer-one) echo installed ;; *) exit 1 ;; esac')
    made.program("id", "echo 0")
    made.program("apt-get", 'echo "$* policy=$(cat "$POLICY_RC_D" 2>/dev/null | tail -1)" >>"$LOG"')
    return made


def test_only_what_is_missing_for_the_purpose_is_installed(system: System) -> None:
    done = system.sh("install_packages check")
    assert done.returncode == 0
    install = system.log.splitlines()[-1]
    assert "install --no-install-recommends peer-two " in install


def test_no_service_starts_and_the_policy_is_gone_afterwards(system: System) -> None:
    system.sh("install_packages check")
    assert system.log.splitlines()[-1].endswith("policy=exit 101")
    assert not system.policy.exists()


def test_a_policy_of_the_system_s_own_stays(system: System) -> None:
    system.policy.write_text("exit 0\n")
    system.sh("install_packages check")
    assert system.log.splitlines()[-1].endswith("policy=exit 0")
    assert system.policy.read_text() == "exit 0\n"


def test_a_failed_installation_says_why_and_leaves_no_policy(system: System) -> None:
    system.program("apt-get", 'echo "no such package: $*"; exit 100')
    done = system.sh("install_packages check; echo went on")
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert "went on" not in done.stdout
    assert not system.policy.exists()


def test_who_is_not_root_reads_the_line_to_run(system: System) -> None:
    system.program("id", "echo 1000")
    done = system.sh("install_packages check; echo went on")
    assert (done.returncode, done.stdout) == (0, "went on\n")
    assert "apt-get install peer-two\n" in done.stderr
    assert system.log == ""


def test_without_debian_nothing_is_installed(system: System) -> None:
    done = system.sh("command() { return 1; }; install_packages check")
    assert done.returncode == 0
    assert "no Debian here" in done.stderr


PREPARE = """
install_packages() { echo "packages $1" >>"$LOG"; }
install_venv() {
    mkdir -p "$root/.venv/bin"
    ln -sf /bin/true "$root/.venv/bin/python"
    echo "$1" >>"$LOG"
}
prepare check some.lock
"""


def test_the_first_call_installs_and_later_ones_do_not(system: System) -> None:
    for _ in range(3):
        assert system.sh(PREPARE).returncode == 0
    assert system.log.split("\n") == ["packages check", "some.lock", ""]


def test_touched_files_install_nothing_and_changed_ones_do(system: System) -> None:
    system.sh(PREPARE)
    (system.root / "pyproject.toml").touch()
    system.sh(PREPARE)
    assert system.log.count("packages") == 1
    (system.root / "some.lock").write_text("uv==2\n")
    system.sh(PREPARE)
    assert system.log.count("packages") == 2


def test_a_moved_tree_is_set_up_anew(system: System) -> None:
    system.sh(PREPARE)
    system.root = system.root.rename(system.root.parent / "moved")
    system.sh(PREPARE)
    assert system.log.count("packages") == 2


def test_a_broken_setup_is_no_setup(system: System) -> None:
    broken = system.sh(PREPARE.replace('echo "$1" >>"$LOG"', "exit 7"))
    assert broken.returncode == 7
    system.sh(PREPARE)
    assert system.log.count("packages") == 2


def test_two_first_calls_at_once_install_once(system: System) -> None:
    slow = PREPARE.replace(
        "prepare check some.lock", "prepare check some.lock & prepare check some.lock & wait"
    )
    assert system.sh(slow).returncode == 0
    assert system.log.count("packages") == 1
