"""Which ways to authenticate a channel offers: bits, where :class:`~baseboard.codes.AuthType` is a number."""

from __future__ import annotations

from enum import IntFlag


class AuthTypes(IntFlag):
    """Authentication types as a set (Table 22-15 byte 3, LAN parameters 1 and 2)."""

    NONE = 0x01
    MD2 = 0x02
    MD5 = 0x04
    PASSWORD = 0x10
    OEM = 0x20
