"""What ``raw`` and ``i2c`` bring back."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("raw")
class RawAnswer(Value, kw_only=True):
    """The answer to a request of one's own.

    Attributes:
        data: what follows the completion code, as hexadecimal digits.
    """

    netfn: int
    cmd: int
    completion_code: int
    data: str


@shape("i2c")
class I2cAnswer(Value, kw_only=True):
    """A transfer on an I2C bus; bytes as hexadecimal digits."""

    address: int
    written: str
    read: str
