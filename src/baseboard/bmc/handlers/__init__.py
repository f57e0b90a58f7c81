"""The only code that answers commands: a function each, registered by importing its module."""

from __future__ import annotations

from baseboard.bmc.handlers.app import channels as app_channels
from baseboard.bmc.handlers.app import device as app_device
from baseboard.bmc.handlers.app import messaging as app_messaging
from baseboard.bmc.handlers.app import payload as app_payload
from baseboard.bmc.handlers.app import sessions as app_sessions
from baseboard.bmc.handlers.app import system_info as app_system_info
from baseboard.bmc.handlers.app import users as app_users
from baseboard.bmc.handlers.app import watchdog as app_watchdog
from baseboard.bmc.handlers.chassis import boot as chassis_boot
from baseboard.bmc.handlers.chassis import control as chassis_control
from baseboard.bmc.handlers.sensor import events as sensor_events
from baseboard.bmc.handlers.sensor import sensors as sensor_sensors
from baseboard.bmc.handlers.storage import fru as storage_fru
from baseboard.bmc.handlers.storage import sdr as storage_sdr
from baseboard.bmc.handlers.storage import sel as storage_sel
from baseboard.bmc.handlers.transport import lan as transport_lan
from baseboard.bmc.handlers.transport import sol as transport_sol

__all__ = [
    "app_channels",
    "app_device",
    "app_messaging",
    "app_payload",
    "app_sessions",
    "app_system_info",
    "app_users",
    "app_watchdog",
    "chassis_boot",
    "chassis_control",
    "sensor_events",
    "sensor_sensors",
    "storage_fru",
    "storage_sdr",
    "storage_sel",
    "transport_lan",
    "transport_sol",
]
