"""The serial channel of a BMC: Basic Mode, Terminal Mode, modem and mux, with one session at a time (§14)."""

from __future__ import annotations

from baseboard.bmc.serial_channel.basic import Basic
from baseboard.bmc.serial_channel.endpoint import SerialEndpoint
from baseboard.bmc.serial_channel.front import Front, SerialMode
from baseboard.bmc.serial_channel.terminal import Terminal

__all__ = ["Basic", "Front", "SerialEndpoint", "SerialMode", "Terminal"]
