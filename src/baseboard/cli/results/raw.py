"""What ``raw`` and ``i2c`` bring back."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("raw")
@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """The answer to a request of one's own.

    Attributes:
        data: what follows the completion code, as hexadecimal digits.
    """

    netfn: int
    cmd: int
    completion_code: int
    data: str


@shape("i2c")
@dataclass(frozen=True, slots=True, kw_only=True)
class I2cAnswer:
    """A transfer on an I2C bus; bytes as hexadecimal digits."""

    address: int
    written: str
    read: str
