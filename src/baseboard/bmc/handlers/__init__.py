"""The only code that answers commands: a function each, registered by importing its module."""

from __future__ import annotations

from baseboard.bmc.handlers.app import bus as app_bus
from baseboard.bmc.handlers.app import channels as app_channels
from baseboard.bmc.handlers.app import device as app_device
from baseboard.bmc.handlers.app import firewall as app_firewall
from baseboard.bmc.handlers.app import interfaces as app_interfaces
from baseboard.bmc.handlers.app import messaging as app_messaging
from baseboard.bmc.handlers.app import payload as app_payload
from baseboard.bmc.handlers.app import send_message as app_send_message
from baseboard.bmc.handlers.app import sessions as app_sessions
from baseboard.bmc.handlers.app import system_info as app_system_info
from baseboard.bmc.handlers.app import users as app_users
from baseboard.bmc.handlers.app import watchdog as app_watchdog
from baseboard.bmc.handlers.bridge import bridging as bridge_bridging
from baseboard.bmc.handlers.bridge import discovery as bridge_discovery
from baseboard.bmc.handlers.bridge import events as bridge_events
from baseboard.bmc.handlers.bridge import management as bridge_management
from baseboard.bmc.handlers.chassis import boot as chassis_boot
from baseboard.bmc.handlers.chassis import control as chassis_control
from baseboard.bmc.handlers.groups import dcmi as groups_dcmi
from baseboard.bmc.handlers.groups import dcmi_limits as groups_dcmi_limits
from baseboard.bmc.handlers.groups import hpm as groups_hpm
from baseboard.bmc.handlers.groups import picmg as groups_picmg
from baseboard.bmc.handlers.groups import picmg_links as groups_picmg_links
from baseboard.bmc.handlers.groups import vita as groups_vita
from baseboard.bmc.handlers.sensor import alert as sensor_alert
from baseboard.bmc.handlers.sensor import events as sensor_events
from baseboard.bmc.handlers.sensor import pef as sensor_pef
from baseboard.bmc.handlers.sensor import sensors as sensor_sensors
from baseboard.bmc.handlers.storage import fru as storage_fru
from baseboard.bmc.handlers.storage import sdr as storage_sdr
from baseboard.bmc.handlers.storage import sel as storage_sel
from baseboard.bmc.handlers.transport import forwarding as transport_forwarding
from baseboard.bmc.handlers.transport import lan as transport_lan
from baseboard.bmc.handlers.transport import serial as transport_serial
from baseboard.bmc.handlers.transport import serial_proxy as transport_serial_proxy
from baseboard.bmc.handlers.transport import sol as transport_sol

__all__ = [
    "app_bus",
    "app_channels",
    "app_device",
    "app_firewall",
    "app_interfaces",
    "app_messaging",
    "app_payload",
    "app_send_message",
    "app_sessions",
    "app_system_info",
    "app_users",
    "app_watchdog",
    "bridge_bridging",
    "bridge_discovery",
    "bridge_events",
    "bridge_management",
    "chassis_boot",
    "chassis_control",
    "groups_dcmi",
    "groups_dcmi_limits",
    "groups_hpm",
    "groups_picmg",
    "groups_picmg_links",
    "groups_vita",
    "sensor_alert",
    "sensor_events",
    "sensor_pef",
    "sensor_sensors",
    "storage_fru",
    "storage_sdr",
    "storage_sel",
    "transport_forwarding",
    "transport_lan",
    "transport_serial",
    "transport_serial_proxy",
    "transport_sol",
]
