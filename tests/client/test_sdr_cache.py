"""Records kept in files: found again, replaced whole, ignored when damaged."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from baseboard.client.sdr_cache import SdrCache
from baseboard.client.sdr_entry import Records, SdrEntry

RAW = bytes.fromhex("0700 51 c0 05 57 01 00 aa bb")


def records(count: int = 1) -> Records:
    found = Records(SdrEntry.of(RAW, number) for number in range(1, count + 1))
    found.quirks.add("Q-SDRFULL")
    found.missing.append("record 0009h: C3h Timeout")
    return found


def test_what_is_kept_is_found_by_who_and_by_where(tmp_path: Path) -> None:
    cache = SdrCache(tmp_path / "deep" / "folder")
    assert cache.at("host 623") is None
    assert cache.of("maker 1") is None
    cache.keep("maker 1", "repository 01", records(), "host 623")
    for kept in (cache.of("maker 1"), cache.at("host 623")):
        assert kept is not None
        assert (kept.identity, kept.state) == ("maker 1", "repository 01")
        assert kept.records == records()
        assert (kept.records.quirks, kept.records.missing) == (records().quirks, records().missing)
    assert cache.of("maker 2") is None
    assert (cache.folder.stat().st_mode & 0o777) == 0o700


def test_controllers_of_a_model_share_what_does_not_change_and_nothing_else(tmp_path: Path) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", records(3))
    cache.keep("maker 2", "b", records(3))
    one, two = cache.of("maker 1"), cache.of("maker 2")
    assert one is not None
    assert two is not None
    assert (one.state, two.state) == ("a", "b")
    assert all(mine is theirs for mine, theirs in zip(one.records, two.records, strict=True))
    one.records.pop()
    one.records.quirks.clear()
    one.records.missing.clear()
    for again in (two, cache.of("maker 1")):
        assert again is not None
        assert again.records == records(3)
        assert (again.records.quirks, again.records.missing) == (records().quirks, records().missing)


def test_a_repository_may_be_empty(tmp_path: Path) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", Records())
    kept = cache.of("maker 1")
    assert kept is not None
    assert (kept.records, kept.records.quirks, kept.records.missing) == ([], set(), [])


def test_an_address_can_pass_to_another_controller(tmp_path: Path) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", records(), "host 623")
    cache.keep("maker 2", "b", records(2))
    cache.point("host 623", "maker 2")
    kept = cache.at("host 623")
    assert kept is not None
    assert len(kept.records) == 2


@pytest.mark.parametrize(
    "damage",
    [lambda text: text[:-1], lambda text: text.replace(b"aa", b"ab"), lambda _: b"", lambda _: b"\xff\n\xff",
     lambda text: text.replace(b"baseboard-sdr 1", b"baseboard-sdr 0")],
    ids=["cut", "changed", "empty", "garbage", "older"],
)  # fmt: skip
def test_a_damaged_file_is_ignored_and_written_anew(tmp_path: Path, damage: object) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", records())
    (file,) = tmp_path.glob("*.sdr")
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]  # a function of bytes
    assert cache.of("maker 1") is None
    cache.keep("maker 1", "a", records())
    assert cache.of("maker 1") is not None


def test_a_file_that_was_renamed_is_not_believed(tmp_path: Path) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", records())
    (file,) = tmp_path.glob("*.sdr")
    cache.keep("maker 2", "b", records())
    (other,) = set(tmp_path.glob("*.sdr")) - {file}
    other.write_bytes(file.read_bytes())
    assert cache.of("maker 2") is None


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SdrCache(tmp_path)
    cache.keep("maker 1", "a", records())

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    cache.keep("maker 1", "b", records(2), "host 623")
    kept = cache.of("maker 1")
    assert kept is not None
    assert kept.state == "a"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_as_good_as_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = SdrCache(tmp_path / "file")
    cache.keep("maker 1", "a", records(), "host 623")
    cache.point("host 623", "maker 1")
    assert cache.at("host 623") is None


def test_several_at_once_see_whole_files_only(tmp_path: Path) -> None:
    cache, seen = SdrCache(tmp_path), set[int]()

    def write(count: int) -> None:
        for _ in range(20):
            cache.keep("maker 1", str(count), records(count), "host 623")
            kept = cache.at("host 623")
            assert kept is not None
            assert kept.state == str(len(kept.records))
            seen.add(len(kept.records))

    threads = [threading.Thread(target=write, args=(count,)) for count in (1, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen <= {1, 50}
    assert {path.suffix for path in tmp_path.iterdir()} == {".sdr", ".at"}
