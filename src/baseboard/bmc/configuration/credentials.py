"""Passwords and keys: written in the file itself, in the environment, or in a file of their own."""

from __future__ import annotations

import os
from pathlib import Path

from baseboard.bmc.configuration.spots import Spot

_WAYS = ("{}", "{}_env", "{}_file")


def secret(
    spot: Spot, key: str, inline: str | None, variable: str | None, file: str | None
) -> tuple[str, Spot] | None:
    """A secret, by the one way that the file names.

    Args:
        spot: the table.
        key: such as ``password``; the other two ways are ``password_env`` and ``password_file``.
        inline: what stands behind the key itself.
        variable: the environment variable.
        file: path, beside the file that names it unless absolute; its first line is the secret.

    Returns: the secret and where it was named; None if it was not.
    """
    named = [
        way.format(key)
        for way, value in zip(_WAYS, (inline, variable, file), strict=True)
        if value is not None
    ]
    if len(named) > 1:
        raise (spot / named[1]).wrong(f"{named[0]} is there too; only one of them can be")
    if inline is not None:
        return inline, spot / key
    if variable is not None:
        there = spot / f"{key}_env"
        if variable not in os.environ:
            raise there.wrong(f"the environment variable {variable} is not set")
        return os.environ[variable], there
    if file is not None:
        there = spot / f"{key}_file"
        return first_line(beside(spot.file, file), there), there
    return None


def beside(configuration: Path, path: str) -> Path:
    """A path in a file: beside that file unless absolute."""
    return configuration.parent / Path(path).expanduser()


def first_line(path: Path, spot: Spot) -> str:
    """The first line of a file."""
    try:
        with path.open(encoding="utf-8") as stream:
            return stream.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise spot.wrong(f"{path}: not UTF-8") from None
    except OSError as error:
        raise spot.wrong(f"{path}: {error.strerror or error}") from error
