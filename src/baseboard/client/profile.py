"""What was learned about a firmware, kept in a small text file for the next time.

A file per manufacturer, product and firmware revision, in ``profiles/`` of the cache folder: lines of
``name = value`` that people can read. A newer firmware has another file, and what cannot be read is as
good as not there: it is learned again.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Final

from baseboard.wire.value import Value, told

if TYPE_CHECKING:
    from pathlib import Path

    from baseboard.client.settings import Settings
    from baseboard.commands.app.device_id import GetDeviceIdResponse

VERSION: Final = 1
"""Of the format; a file of another one is not read."""

_GREATEST: Final = 1 << 16
_MANUFACTURER: Final = 0xFFFFF
_NUMBERS: Final = ("depth", "sdr_read", "fru_read", "sel_read")
_LINES: Final = frozenset((*_NUMBERS, "suite", "quirks"))


def cache_folder(chosen: str = "") -> Path:
    """Where things are kept that can be had again: the XDG cache folder, or the one that was chosen."""
    from pathlib import Path

    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG rules say that a relative path is to be ignored.
    root = Path(base) if os.path.isabs(base) else Path("~/.cache").expanduser()
    return root / "baseboard"


def profile_path(identity: GetDeviceIdResponse, cache: str = "") -> Path:
    """The file of a firmware."""
    # The upper bits of the manufacturer's number are reserved, and some boards set them.
    maker = identity.manufacturer_id & _MANUFACTURER
    name = f"{maker}-{identity.product_id}-{identity.firmware_major}.{identity.firmware_minor}"
    return cache_folder(cache) / "profiles" / f"{name.replace('/', '_')}.txt"


def address_of(settings: Settings) -> str:
    """Say where the controller is that these settings lead to."""
    place = f"{settings.host} {settings.port}" if settings.host else settings.device
    target = settings.target
    return f"{settings.interface} {place} {target.channel}/{target.address:02x}"


def pointer_path(settings: Settings) -> Path:
    """The file that names the profile of the firmware that was met last at an address."""
    return cache_folder(settings.cache) / "profiles" / f"at-{sha256(address_of(settings))[:24]}"


def sha256(text: str) -> str:
    """The digest of a text, in hexadecimal."""
    # By what a login has loaded anyway: `hashlib` loads another library for it, which takes 2 ms.
    from cryptography.hazmat.primitives import hashes

    made = hashes.Hash(hashes.SHA256())
    made.update(text.encode())
    return made.finalize().hex()


def point(settings: Settings, profile: Path) -> None:
    """Note which profile is that of the controller at an address."""
    path = pointer_path(settings)
    try:
        same = path.read_text("utf-8") == profile.name
    except (OSError, ValueError):
        same = False
    if not same:
        with contextlib.suppress(OSError):
            _replace(path, profile.name)


def pointed(settings: Settings) -> Profile:
    """Give the profile of the firmware that was met last at an address; an empty one if none was."""
    path = pointer_path(settings)
    try:
        name = path.read_text("utf-8")
    except (OSError, ValueError):
        return Profile()
    return Profile.load(path.parent / name) if name and "/" not in name and "\0" not in name else Profile()


def _replace(path: Path, text: str) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: that is not possible.
    """
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".profile-")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


class Profile(Value, kw_only=True):
    """What was learned about a firmware.

    Attributes:
        suite: the cipher suite that worked last; None = not known. It is for people to read: the next login
            begins with the best suite all the same, lest one who once suppressed it weakens all that follow.
        depth: requests that it bears at a time; 0 = not known.
        sdr_read: bytes that it gives in one read of an SDR; 0 = not known.
        fru_read: the same for FRU inventories.
        sel_read: the same for records of the event log.
        quirks: ids of departures that were seen.
    """

    suite: int | None = None
    depth: int = 0
    sdr_read: int = 0
    fru_read: int = 0
    sel_read: int = 0
    quirks: frozenset[str] = told(default_factory=frozenset)

    @classmethod
    def load(cls, path: Path) -> Profile:
        """Read a profile; one that is missing, broken or of another version is empty."""
        try:
            return cls._parse(path.read_text("ascii"))
        except (OSError, ValueError):
            return cls()

    def store(self, path: Path) -> None:
        """Write the profile, whole or not at all; where that is not possible it is learned anew."""
        text = self._text()
        with contextlib.suppress(OSError):
            _replace(path, text)

    def _text(self) -> str:
        lines = [f"version = {VERSION}"]
        if self.suite is not None:
            lines.append(f"suite = {self.suite}")
        lines += [f"{name} = {getattr(self, name)}" for name in _NUMBERS if getattr(self, name)]
        if self.quirks:
            lines.append(f"quirks = {' '.join(sorted(self.quirks))}")
        return "\n".join(lines) + "\n"

    @classmethod
    def _parse(cls, text: str) -> Profile:
        found: dict[str, str] = {}
        for line in text.splitlines():
            name, equals, value = line.partition("=")
            if not equals:
                raise ValueError(f"no line of a profile: {line!r}")
            found[name.strip()] = value.strip()
        if found.pop("version", "") != str(VERSION):
            raise ValueError("a profile of another version")
        if not found.keys() <= _LINES:
            raise ValueError("a profile with unknown lines")
        quirks = frozenset(found.pop("quirks", "").split())
        numbers = {name: int(value) for name, value in found.items()}
        if not all(0 <= value < _GREATEST for value in numbers.values()):
            raise ValueError("a number of a profile cannot be")
        suite = numbers.pop("suite", None)
        return cls(suite=suite, quirks=quirks, **numbers)
