"""Which requests may be sent twice in a moment without harm: they only read, or set what is set already.

A console repeats these as early as the round trip allows. Of all others a BMC that is slow would do a thing
twice, or take a reservation back that it has just given, so they are repeated only after a patient wait.
"""

from __future__ import annotations

from typing import Final

from baseboard.codes import NetFn

_COMMANDS: Final = {
    # Capabilities, status, restart cause, boot options, hours of operation.
    NetFn.CHASSIS: (0x00, 0x01, 0x07, 0x09, 0x0F),
    # Event receiver; PEF; SDRs; of a sensor: factors, hysteresis, thresholds, events, reading, type.
    NetFn.SENSOR_EVENT: (
        0x01, 0x10, 0x13, 0x15, 0x20, 0x21, 0x23, 0x25, 0x27, 0x29, 0x2B, 0x2D, 0x2F,
    ),
    # Who it is, how it is; firewall; watchdog; messages; logins, sessions, channels, users; payloads; system.
    # And two that may be repeated though they set something: Set Session Privilege Level, Close Session.
    NetFn.APP: (
        0x01, 0x04, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x25, 0x2F, 0x31, 0x36, 0x37, 0x38, 0x3B, 0x3C,
        0x3D, 0x41, 0x42, 0x44, 0x46, 0x4A, 0x4B, 0x4D, 0x4E, 0x4F, 0x50, 0x54, 0x57, 0x59, 0x61, 0x63, 0x64,
    ),
    # FRU; SDR repository; event log, auxiliary ones, their clock.
    NetFn.STORAGE: (0x10, 0x11, 0x20, 0x21, 0x23, 0x28, 0x40, 0x41, 0x43, 0x48, 0x5A, 0x5C),
    # Parameters of LAN, serial lines and SOL; not statistics, which may be cleared as they are read.
    NetFn.TRANSPORT: (0x02, 0x11, 0x22),
}  # fmt: skip

HARMLESS: Final = frozenset(netfn << 8 | cmd for netfn, cmds in _COMMANDS.items() for cmd in cmds)
"""Network function and command of each, as one number."""
