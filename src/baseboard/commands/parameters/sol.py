"""SOL configuration parameters (Table 26-5)."""

from __future__ import annotations

from typing import ClassVar

from baseboard.codes import Privilege
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.wire import Family, OpenEnum, at


class BitRate(OpenEnum):
    """Speed of a serial line (Table 26-5, parameter 5)."""

    SERIAL_CHANNEL = 0x0
    BPS_9600 = 0x6
    BPS_19200 = 0x7
    BPS_38400 = 0x8
    BPS_57600 = 0x9
    BPS_115200 = 0xA


class SolParameter(Family):
    """A SOL configuration parameter, by selector (Table 26-5).

    Attributes:
        read_only: a write is refused (82h).
    """

    read_only: ClassVar[bool] = False


@SolParameter.of(0)
class SetInProgress(SolParameter):
    """Who changes parameters says so; volatile."""

    state: SetInProgressState = at("1[1:0]")


@SolParameter.of(1)
class SolEnable(SolParameter):
    """Whether SOL can be activated."""

    enabled: bool = at("1[0]")


@SolParameter.of(2)
class SolAuthentication(SolParameter):
    """What SOL asks of the session that activates it."""

    force_encryption: bool = at("1[7]", "0 = the console decides", default=False)
    force_authentication: bool = at("1[6]", "0 = the console decides", default=False)
    privilege: Privilege = at("1[3:0]", "User, Operator, Administrator or OEM")


@SolParameter.of(3)
class CharacterAccumulation(SolParameter):
    """When the BMC sends the characters it has gathered."""

    interval: int = at("1", "of 5 ms, 1-based; 00h reserved")
    send_threshold: int = at("2", "characters")


@SolParameter.of(4)
class SolRetry(SolParameter):
    """How often, and after what time, the BMC sends a packet again."""

    retry_count: int = at("1[2:0]")
    retry_interval: int = at("2", "of 10 ms")


@SolParameter.of(5)
class NonVolatileBitRate(SolParameter):
    """Speed of the system's serial port when SOL starts."""

    bit_rate: BitRate = at("1[3:0]")


@SolParameter.of(6)
class VolatileBitRate(SolParameter):
    """Speed of the system's serial port now."""

    bit_rate: BitRate = at("1[3:0]")


@SolParameter.of(7)
class SolPayloadChannel(SolParameter):
    """The channel whose addresses SOL uses."""

    read_only = True

    channel: int = at("1")


@SolParameter.of(8)
class SolPayloadPort(SolParameter):
    """The UDP port that SOL uses."""

    port: int = at("1:2", "default 623")
