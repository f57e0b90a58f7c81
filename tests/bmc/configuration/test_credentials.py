"""Secrets, from one of three places."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.credentials import beside, secret
from baseboard.bmc.configuration.spots import Spot
from baseboard.errors import ConfigurationError

TEXT = "password = 'a'\npassword_env = 'B'\npassword_file = 'c'\n"


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    return Spot(tmp_path / "bmc.toml", TEXT)


def test_none_is_none(spot: Spot) -> None:
    assert secret(spot, "password", None, None, None) is None


def test_in_the_file_itself(spot: Spot) -> None:
    assert secret(spot, "password", "hidden", None, None) == ("hidden", spot / "password")
    assert secret(spot, "password", "", None, None) == ("", spot / "password")


def test_in_the_environment(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BMC_PASSWORD", "hidden")
    assert secret(spot, "password", None, "BMC_PASSWORD", None) == ("hidden", spot / "password_env")
    monkeypatch.delenv("BMC_PASSWORD")
    with pytest.raises(
        ConfigurationError, match="the environment variable BMC_PASSWORD is not set"
    ) as caught:
        secret(spot, "password", None, "BMC_PASSWORD", None)
    assert (caught.value.line, caught.value.key) == (2, "password_env")


@pytest.mark.parametrize("text", ["hidden", "hidden\n", "hidden\r\nand a note\n"])
def test_in_a_file_beside(spot: Spot, text: str) -> None:
    (spot.file.parent / "secret").write_bytes(text.encode())
    assert secret(spot, "password", None, None, "secret") == ("hidden", spot / "password_file")
    assert secret(spot, "password", None, None, str(spot.file.parent / "secret")) is not None


def test_a_file_that_cannot_be_read(spot: Spot) -> None:
    with pytest.raises(ConfigurationError, match=r"secret: No such file") as caught:
        secret(spot, "password", None, None, "secret")
    assert (caught.value.line, caught.value.key) == (3, "password_file")
    (spot.file.parent / "secret").write_bytes(b"\xe9\n")
    with pytest.raises(ConfigurationError, match="secret: not UTF-8"):
        secret(spot, "password", None, None, "secret")


def test_only_one_of_them(spot: Spot) -> None:
    with pytest.raises(ConfigurationError, match="password is there too; only one of them can be") as caught:
        secret(spot, "password", "hidden", None, "secret")
    assert (caught.value.line, caught.value.key) == (3, "password_file")
    assert "hidden" not in str(caught.value)


def test_a_path_is_beside_its_file_unless_absolute() -> None:
    assert beside(Path("folder/bmc.toml"), "x/y") == Path("folder/x/y")
    assert beside(Path("folder/bmc.toml"), "/x/y") == Path("/x/y")
