"""What `connect` is told: which BMC, who logs in, how patient to be."""

from __future__ import annotations

from typing import Final

from baseboard.client.interface import BMC, Target
from baseboard.codes import Privilege
from baseboard.wire.value import Value, told

PORT: Final = 623
"""The primary RMCP port (§13.1.1)."""


class Settings(Value, kw_only=True):
    """Everything that decides how a controller is reached.

    Attributes:
        interface: ``lanplus``, ``lan``, ``open``, ``inband``, ``serial-basic``, ``serial-terminal`` or
            ``memory``.
        host: name or address of the BMC, for the two LAN interfaces.
        port: its UDP port.
        family: 4 or 6 to take only addresses of that family; 0 = whichever the name has.
        username: at most 16 bytes; empty for the null user or a role-only login.
        password: at most 20 bytes; at most 16 for v1.5.
        kg: the BMC's key, at most 20 bytes; empty for a one-key login.
        privilege: the highest level that the session is to have.
        name_only: look the user up by name alone; False: by name and level, without a name by level alone.
        cipher_suite: the one to use; None = 17, then 3, never a weaker one.
        auth_type: of v1.5: 0 none, 1 MD2, 2 MD5, 4 password; None = the best that the BMC offers.
        timeout: seconds to wait for the answer to a packet before it is sent again.
        retries: how often it is sent again.
        deadline: seconds for connecting, and for each request with all its retries; None = what timeout and
            retries make.
        keep_alive: seconds of silence after which a harmless request is sent; None = never.
        device: in-band device or serial line, or the system interface of ``inband`` such as ``kcs@0xca2``;
            empty = the first one there is.
        baud: of a serial line, bits a second.
        target: who answers, if not the BMC itself.
        my_address: own slave address, where the interface lets it be chosen.
        quirks: ids of known departures to bear that need consent, such as ``Q-NOAUTHCODE``.
        learn: whether the profile of this firmware is read and kept.
        cache: folder of SDR caches and profiles; empty = the user's own, as XDG says.
    """

    interface: str = "lanplus"
    host: str = ""
    port: int = PORT
    family: int = 0
    username: bytes = b""
    password: bytes = told(default=b"", repr=False)
    kg: bytes = told(default=b"", repr=False)
    privilege: int = Privilege.ADMINISTRATOR
    name_only: bool = True
    cipher_suite: int | None = None
    auth_type: int | None = None
    timeout: float = 1.0
    retries: int = 4
    deadline: float | None = None
    keep_alive: float | None = 30.0
    device: str = ""
    baud: int = 115200
    target: Target = BMC
    my_address: int | None = None
    quirks: frozenset[str] = frozenset()
    learn: bool = True
    cache: str = ""

    @property
    def patience(self) -> float:
        """Seconds for one request with all its retries."""
        if self.deadline is not None:
            return self.deadline
        return self.timeout * (self.retries + 1) + self.retries * (self.retries + 1) / 2
