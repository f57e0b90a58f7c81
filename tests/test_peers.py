"""Finding peers: a missing one fails where it is demanded, and nothing else makes a test skip."""

from __future__ import annotations

import shutil
import sys

import pytest
from _pytest.outcomes import Failed, Skipped

from tests import peers
from tests.peers import Peer


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(peers.PEERS, "absent", Peer("absent", "no-such-program", package="no-such-package"))
    monkeypatch.setattr(peers, "used", set())
    for name in ("CI", "BASEBOARD_REQUIRE_PEERS"):
        monkeypatch.delenv(name, raising=False)
    return "absent"


@pytest.mark.parametrize("variable", ["CI", "BASEBOARD_REQUIRE_PEERS"])
def test_a_missing_peer_fails_where_it_is_demanded(
    variable: str, absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "true")
    with pytest.raises(Failed, match="absent is missing; it is in no-such-package"):
        peers.require(absent)
    assert not peers.used


def test_a_missing_peer_is_left_out_in_a_bare_run(absent: str) -> None:
    with pytest.raises(Skipped):
        peers.require(absent)


def test_a_present_peer_is_found_and_named_with_its_version(
    absent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(peers.PEERS, "interpreter", Peer("interpreter", sys.executable, ("--version",)))
    assert peers.require("interpreter") == shutil.which(sys.executable)
    version = ".".join(str(number) for number in sys.version_info[:3])
    assert peers.used == {f"interpreter {version}"}


def test_a_library_is_a_peer_by_its_module(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(peers.PEERS, "pytest", Peer("pytest", library="pytest"))
    assert peers.require("pytest") == "pytest"
    assert peers.used == {f"pytest {pytest.__version__}"}
