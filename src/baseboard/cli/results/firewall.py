"""What the verbs of ``firewall`` find."""

from __future__ import annotations

from baseboard.cli.results import shape
from baseboard.wire.value import Value


@shape("firewall info")
class Commands(Value, kw_only=True):
    """The commands of a network function on a LUN.

    Attributes:
        available: numbers of the commands that there are.
        configurable: those that can be switched.
        enabled: those that are on.
        command: the command that was asked about; null where all were.
        sub_functions: of that command: which can be switched.
        sub_functions_enabled: of that command: which are on.
    """

    channel: int
    lun: int
    netfn: int
    available: list[int]
    configurable: list[int]
    enabled: list[int]
    command: int | None = None
    sub_functions: list[int] | None = None
    sub_functions_enabled: list[int] | None = None


class PartOff(Value, kw_only=True):
    """A part of a command that is off."""

    number: int
    name: str


class OnChannel(Value, kw_only=True):
    """A command on a channel.

    Attributes:
        medium: what the channel is made of, in small letters.
        who: ``anybody``, a privilege level from which on one may, ``nobody`` (it is above the limit of the
            channel), ``off``, ``-`` (the channel does not have it) or ``?``.
        configurable: it can be switched; null if the controller does not tell.
        parts_off: the parts of it that are off.
    """

    channel: int
    medium: str
    who: str
    configurable: bool | None
    parts_off: list[PartOff]


@shape("firewall map")
class Mapped(Value, kw_only=True):
    """A command, and who may send it over each channel.

    Attributes:
        netfn: network function of the request.
        body: defining body or enterprise number; null where there is none.
        name: the specification's; empty if it is not known.
    """

    lun: int
    netfn: int
    command: int
    body: int | None
    name: str
    channels: list[OnChannel]


@shape("firewall owners")
class Owner(Value, kw_only=True):
    """Whose a network function of groups or of makers is.

    Attributes:
        channel: as it was asked about; Eh is the present one.
        luns: those at which it has commands.
        number: defining body of NetFn 2Ch; else an enterprise number.
        name: whose number that is; empty if it is not known.
    """

    channel: int
    netfn: int
    luns: list[int]
    number: int
    name: str


@shape("firewall enable", "firewall disable")
class Switched(Value, kw_only=True):
    """What was switched; null = all of them."""

    channel: int
    lun: int
    netfn: int
    command: int | None
    sub_function: int | None
    enabled: bool
