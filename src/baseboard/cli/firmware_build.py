"""``baseboard firmware build``: an HPM.1 image for the simulated components."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.hpm import BuiltImage
from baseboard.records.hpm import (
    ActionKind,
    HpmFirmware,
    HpmHeader,
    HpmImage,
    HpmRecord,
    HpmVersion,
    ImageCapability,
    build_hpm,
)
from baseboard.records.simulated_firmware import CORRUPT, PASSED, SimulatedFirmware

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baseboard.cli.long_options import Split

USAGE: Final = "`firmware` has one verb: firmware build FILE COMPONENT=VERSION ..., such as 0=2.11"
_PAIR: Final = re.compile(r"([0-7])=(\d{1,3})\.(\d{2})(?:\.([0-9A-Fa-f]{8}))?")
_LARGEST: Final = {"device": 0xFF, "manufacturer": 0xFFFFF, "product": 0xFFFF}
_USUAL: Final = {"device": 0x20, "manufacturer": 0, "product": 0x0101}
_HIGHEST_MAJOR: Final = 127
_FIRMWARE_FAULT: Final = 0x01
"""Second byte of a self test's result: the operational firmware is corrupted (Table 20-6)."""

_CAPABILITIES: Final = (
    ImageCapability.SELF_TEST | ImageCapability.AUTOMATIC_ROLLBACK | ImageCapability.MANUAL_ROLLBACK
)


def run(line: Split) -> int:
    """Write the image.

    Raises:
        UsageError: the words are no file and components.
    """
    if line.words[1:2] != ["build"] or len(line.words) < 4:
        raise UsageError(USAGE)
    path = Path(line.words[2])
    image = make(line.words[3:], line.given)
    data = build_hpm(image)
    try:
        with path.open("wb" if "force" in line.given else "xb") as stream:
            stream.write(data)
    except FileExistsError:
        print(f"baseboard: {path} is there already; --force overwrites it", file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"baseboard: {path}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    _told(line, path, image, len(data))
    return DONE


def _told(line: Split, path: Path, image: HpmImage, size: int) -> None:
    components = [number for number in range(8) if image.header.components >> number & 1]
    found = BuiltImage(file=str(path), components=components, version=str(image.header.version), bytes=size)
    if "json" in line.given:
        import json

        from baseboard.cli.json_output import value

        print(json.dumps(value(found), indent=1))
        return
    named = ", ".join(str(number) for number in components)
    print(f"{path} is written: {size} bytes, firmware {found.version}, for component {named}")


def make(pairs: list[str], given: Mapping[str, str]) -> HpmImage:
    """An image with firmware for each component that is named.

    Raises:
        UsageError: a pair or an option is none.
    """
    versions: dict[int, HpmVersion] = {}
    for pair in pairs:
        match = _PAIR.fullmatch(pair)
        if match is None or int(match[2]) > _HIGHEST_MAJOR:
            raise UsageError(f"{pair} is no component and version, such as 0=2.11 or 1=3.07.00000001")
        auxiliary = bytes.fromhex(match[4] or "00000000")
        versions[int(match[1])] = HpmVersion(major=int(match[2]), minor=match[3], auxiliary=auxiliary)
    content = _content(given.get("content"))
    result = (CORRUPT, _FIRMWARE_FAULT) if "fails" in given else (PASSED, 0)
    actions = [HpmRecord(ActionKind.PREPARE, sum(1 << number for number in versions))]
    for number, version in sorted(versions.items()):
        firmware = SimulatedFirmware(version, *result, content).encode()
        actions.append(
            HpmRecord(ActionKind.UPLOAD, 1 << number, HpmFirmware(version, f"component {number}", firmware))
        )
    device, manufacturer, product = (_number(given, name) for name in _USUAL)
    header = HpmHeader(
        device_id=device, manufacturer_id=manufacturer, product_id=product, capabilities=_CAPABILITIES,
        components=actions[0].components, self_test_timeout=3, rollback_timeout=6, inaccessibility_timeout=6,
        earliest_major=0, earliest_minor="00", version=versions[min(versions)],
    )  # fmt: skip
    return HpmImage(header, tuple(actions))


def _number(given: Mapping[str, str], name: str) -> int:
    word = given.get(name)
    if word is None:
        return _USUAL[name]
    try:
        found = int(word, 0)
    except ValueError:
        found = -1
    if not 0 <= found <= _LARGEST[name]:
        raise UsageError(f"--{name}: {word} is no number up to {_LARGEST[name]:#x}")
    return found


def _content(name: str | None) -> bytes:
    if name is None:
        return b""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"--content: {name}: {error.strerror or error}") from error
