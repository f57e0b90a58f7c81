"""Profiles: what was learned about a firmware."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.client.profile import Profile, cache_folder, point, pointed, pointer_path, profile_path
from baseboard.client.settings import Settings
from baseboard.commands.app.device import DeviceSupport, GetDeviceIdResponse


def identity(**changes: object) -> GetDeviceIdResponse:
    fields: dict[str, object] = {
        "device_id": 0x20, "provides_sdrs": False, "device_revision": 1, "updating": False,
        "firmware_major": 2, "firmware_minor": "45", "ipmi_version": 2, "support": DeviceSupport(0),
        "manufacturer_id": 0x291, "product_id": 7,
    }  # fmt: skip
    return GetDeviceIdResponse(**(fields | changes))  # type: ignore[arg-type]  # fields by name


def test_what_is_stored_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    quirks = frozenset({"Q-CHKSUM", "Q-ONEBUF"})
    full = Profile(suite=0, depth=16, sdr_read=32, fru_read=8, sel_read=4, quirks=quirks)
    for profile in (full, Profile(), Profile(suite=17)):
        profile.store(path)
        assert Profile.load(path) == profile
    assert [entry.name for entry in path.parent.iterdir()] == ["b.txt"], "nothing temporary is left"


def test_people_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    Profile(depth=4, quirks=frozenset({"Q-B", "Q-A"})).store(path)
    assert path.read_text() == "version = 1\ndepth = 4\nquirks = Q-A Q-B\n"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"version = 2\ndepth = 4\n",
        b"depth = 4\n",
        b"version = 1\ndepth = many\n",
        b"version = 1\ndepth = -1\n",
        b"version = 1\ndepth = 99999999\n",
        b"version = 1\nsecrets = 4\n",
        b"version = 1\ndepth\n",
        b"version = 1\n\xff\xfe\n",
        b"\0" * 100,
    ],
)
def test_a_broken_file_is_as_good_as_none(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "p.txt"
    path.write_bytes(text)
    assert Profile.load(path) == Profile()
    Profile(depth=4).store(path)
    assert Profile.load(path).depth == 4


def test_no_file_and_no_folder(tmp_path: Path) -> None:
    assert Profile.load(tmp_path / "none.txt") == Profile()
    blocked = tmp_path / "file"
    blocked.write_text("")
    Profile(depth=4).store(blocked / "p.txt")
    assert blocked.read_text() == ""


def test_a_write_that_fails_leaves_the_old_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.txt"
    Profile(depth=4).store(path)

    def full(self: Profile) -> str:
        raise MemoryError

    monkeypatch.setattr(Profile, "_text", full)
    with pytest.raises(MemoryError):
        Profile(depth=8).store(path)
    monkeypatch.undo()
    assert Profile.load(path).depth == 4
    assert [entry.name for entry in tmp_path.iterdir()] == ["p.txt"]


def test_a_file_for_each_firmware(tmp_path: Path) -> None:
    def name(**changes: object) -> str:
        return str(profile_path(identity(**changes), str(tmp_path)).relative_to(tmp_path))

    assert name() == "profiles/657-7-2.45.txt"
    others = {
        name(**changes)
        for changes in ({}, {"firmware_minor": "46"}, {"product_id": 8}, {"manufacturer_id": 1})
    }
    assert len(others) == 4
    # The upper four bits of the number are reserved; some boards set them.
    assert name(manufacturer_id=0xF00291) == name()


def test_an_address_points_to_the_profile_that_was_met_there(tmp_path: Path) -> None:
    settings = Settings(host="bmc", cache=str(tmp_path))
    assert pointed(settings) == Profile()
    path = profile_path(identity(), str(tmp_path))
    Profile(fru_read=16).store(path)
    point(settings, path)
    assert pointed(settings).fru_read == 16
    assert pointed(replace(settings, port=624)) == Profile()
    newer = profile_path(identity(firmware_minor="46"), str(tmp_path))
    point(settings, newer)
    assert pointed(settings) == Profile(), "of another firmware nothing is known"


@pytest.mark.parametrize("text", [b"", b"../p.txt", b"\xff", b"none.txt", b"a\0b"])
def test_a_broken_pointer_is_as_good_as_none(tmp_path: Path, text: bytes) -> None:
    settings = Settings(host="bmc", cache=str(tmp_path))
    Profile(fru_read=16).store(tmp_path / "p.txt")
    path = pointer_path(settings)
    path.parent.mkdir()
    path.write_bytes(text)
    assert pointed(settings) == Profile()


def test_where_nothing_can_be_written_nothing_points(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("")
    settings = Settings(host="bmc", cache=str(tmp_path))
    point(settings, profile_path(identity(), str(tmp_path)))
    assert pointed(settings) == Profile()


def test_where_caches_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_folder("/elsewhere") == Path("/elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "baseboard"
    monkeypatch.setenv("HOME", str(tmp_path / "ops"))
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert cache_folder() == tmp_path / "ops" / ".cache" / "baseboard"
