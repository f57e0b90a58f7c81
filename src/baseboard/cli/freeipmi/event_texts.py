"""What FreeIPMI prints of the states of sensors and of events; callers compare these texts.

One thing is not as there: FreeIPMI's table of short texts ends before a chip set's thermal trip (type 19h,
offset 1), which it then calls an unrecognized event, or ``OK`` with --ignore-unrecognized-events.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

GENERIC: Final = MappingProxyType(
    {
        0x01: (
            "Lower Non-critical - going low",
            "Lower Non-critical - going high",
            "Lower Critical - going low",
            "Lower Critical - going high",
            "Lower Non-recoverable - going low",
            "Lower Non-recoverable - going high",
            "Upper Non-critical - going low",
            "Upper Non-critical - going high",
            "Upper Critical - going low",
            "Upper Critical - going high",
            "Upper Non-recoverable - going low",
            "Upper Non-recoverable - going high",
        ),
        0x02: (
            "Transition to Idle",
            "Transition to Active",
            "Transition to Busy",
        ),
        0x03: (
            "State Deasserted",
            "State Asserted",
        ),
        0x04: (
            "Predictive Failure deasserted",
            "Predictive Failure asserted",
        ),
        0x05: (
            "Limit Not Exceeded",
            "Limit Exceeded",
        ),
        0x06: (
            "Performance Met",
            "Performance Lags",
        ),
        0x07: (
            "transition to OK",
            "transition to Non-Critical from OK",
            "transition to Critical from less severe",
            "transition to Non-recoverable from less severe",
            "transition to Non-Critical from more severe",
            "transition to Critical from Non-recoverable",
            "transition to Non-recoverable",
            "Monitor",
            "Informational",
        ),
        0x08: (
            "Device Removed/Device Absent",
            "Device Inserted/Device Present",
        ),
        0x09: (
            "Device Disabled",
            "Device Enabled",
        ),
        0x0A: (
            "transition to Running",
            "transition to In Test",
            "transition to Power Off",
            "transition to On Line",
            "transition to Off Line",
            "transition to Off Duty",
            "transition to Degraded",
            "transition to Power Save",
            "Install Error",
        ),
        0x0B: (
            'Fully Redundant (formerly "Redundancy Regained")',
            "Redundancy Lost",
            "Redundancy Degraded",
            "Non-redundant:Sufficient Resources from Redundant",
            "Non-redundant:Sufficient Resources from Insufficient Resources",
            "Non-redundant:Insufficient Resources",
            "Redundancy Degraded from Fully Redundant",
            "Redundancy Degraded from Non-redundant",
        ),
        0x0C: (
            "D0 Power State",
            "D1 Power State",
            "D2 Power State",
            "D3 Power State",
        ),
    }
)
"""Of the generic types 01h-0Ch, by event/reading type (Table 42-2)."""

SPECIFIC: Final = MappingProxyType(
    {
        0x05: (
            "General Chassis Intrusion",
            "Drive Bay intrusion",
            "I/O Card area intrusion",
            "Processor area intrusion",
            "LAN Leash Lost (system is unplugged from LAN)",
            "Unauthorized dock",
            "FAN area intrusion (supports detection of hot plug fan tampering)",
        ),
        0x06: (
            "Secure Mode (Front Panel Lockout) Violation attempt",
            "Pre-boot Password Violation - user password",
            "Pre-boot Password Violation attempt - setup password",
            "Pre-boot Password Violation - network boot password",
            "Other pre-boot Password Violation",
            "Out-of-band Access Password Violation",
        ),
        0x07: (
            "IERR",
            "Thermal Trip",
            "FRB1/BIST failure",
            (
                "FRB2/Hang in POST failure (used hang is believed to be due or related to a processor "
                "failure. Use System Firmware Progress sensor for other BIOS hangs.)"
            ),
            "FRB3/Processor Startup/Initialization failure (CPU didn't start)",
            "Configuration Error",
            "SM BIOS `Uncorrectable CPU-complex Error'",
            "Processor Presence detected",
            "Processor disabled",
            "Terminator Presence Detected",
            (
                "Processor Automatically Throttled (processor throttling triggered by a hardware-based "
                "mechanism operating independent from system software, such as automatic thermal throttling"
                " or throttling to limit power consumption.)"
            ),
            "Machine Check Exception (Uncorrectable)",
            "Correctable Machine Check Error",
        ),
        0x08: (
            "Presence detected",
            "Power Supply Failure detected",
            "Predictive Failure",
            "Power Supply input lost (AC/DC)",
            "Power Supply input lost or out-of-range",
            "Power Supply input out-of-range, but present",
            "Configuration error",
            "Power Supply Inactive (in standby state)",
        ),
        0x09: (
            "Power Off/Power Down",
            "Power Cycle",
            "240VA Power Down",
            "Interlock Power Down",
            "AC lost/Power input lost (The power source for the power unit was lost)",
            "Soft Power Control Failure (unit did not respond to request to turn on)",
            "Power Unit Failure detected",
            "Predictive Failure",
        ),
        0x0C: (
            "Correctable ECC/other correctable memory error",
            "Uncorrectable ECC/other uncorrectable memory error",
            "Parity",
            "Memory Scrub Failed (stuck bit)",
            "Memory Device Disabled",
            "Correctable ECC/other correctable memory error logging limit reached",
            "Presence detected",
            "Configuration error",
            "Spare",
            "Memory Automatically Throttled",
            (
                "Critical Overtemperature.  Memory device has entered a critical overtemperature state, "
                "exceeding specified operating conditions.  Memory devices in this state may produce errors"
                " or become inaccessible"
            ),
        ),
        0x0D: (
            "Drive Presence",
            "Drive Fault",
            "Predictive Failure",
            "Hot Spare",
            "Consistency Check / Parity Check in progress",
            "In Critical Array",
            "In Failed Array",
            "Rebuild/Remap in progress",
            "Rebuild/Remap Aborted (was not completed normally)",
        ),
        0x0F: (
            "System Firmware Error (POST Error)",
            "System Firmware Hang",
            "System Firmware Progress",
        ),
        0x10: (
            "Correctable Memory Error Logging Disabled",
            "Event `Type' Logging Disabled",
            "Log Area Reset/Cleared",
            "All Event Logging Disabled",
            "SEL Full",
            "SEL Almost Full",
            "Correctable Machine Check Error Logging Disabled",
        ),
        0x11: (
            "BIOS Watchdog Reset",
            "OS Watchdog Reset",
            "OS Watchdog Shut Down",
            "OS Watchdog Power Down",
            "OS Watchdog Power Cycle",
            "OS Watchdog NMI/Diagnostic Interrupt",
            "OS Watchdog Expired, status only",
            "OS Watchdog pre-timeout Interrupt, non-NMI",
        ),
        0x12: (
            "System Reconfigured",
            "OEM System Boot Event",
            "Undetermined system hardware failure",
            "Entry added to Auxiliary Log",
            "PEF Action",
            "Timestamp Clock Synch",
        ),
        0x13: (
            "Front Panel NMI/Diagnostic Interrupt",
            "Bus Timeout",
            "I/O channel check NMI",
            "Software NMI",
            "PCI PERR",
            "PCI SERR",
            "EISA Fail Safe Timeout",
            "Bus Correctable Error",
            "Bus Uncorrectable Error",
            "Fatal NMI (port 61h, bit 7)",
            "Bus Fatal Error",
            "Bus Degraded (bus operating in a degraded performance state)",
        ),
        0x14: (
            "Power Button pressed",
            "Sleep Button pressed",
            "Reset Button pressed",
            (
                "FRU latch open (Switch indicating FRU latch is in `unlatched' position and FRU is "
                "mechanically removable)"
            ),
            "FRU service request button (pressed, service, e.g. removal/replacement, requested)",
        ),
        0x19: (
            (
                "Soft Power Control Failure (chipset did not respond to BMC request to change system power "
                "state)"
            ),
            "Thermal Trip",
        ),
        0x1B: (
            "Cable/Interconnect is connected",
            "Configuration Error - Incorrect cable connected / Incorrect interconnection",
        ),
        0x1D: (
            "Initiated by power up",
            "Initiated by hard reset",
            "Initiated by warm reset",
            "User requested PXE boot",
            "Automatic boot to diagnostic",
            "OS / run-time software initiated hard reset",
            "OS / run-time software initiated warm reset",
            "System Restart",
        ),
        0x1E: (
            "No bootable media",
            "Non-bootable diskette left in drive",
            "PXE Server not found",
            "Invalid boot sector",
            "Timeout waiting for user selection of boot source",
        ),
        0x1F: (
            "A: boot completed",
            "C: boot completed",
            "PXE boot completed",
            "Diagnostic boot completed",
            "CD-ROM boot completed",
            "ROM boot completed",
            "boot completed - boot device not specified",
            "Base OS/Hypervisor Installation started",
            "Base OS/Hypervisor Installation completed",
            "Base OS/Hypervisor Installation aborted",
            "Base OS/Hypervisor Installation failed",
        ),
        0x20: (
            (
                "Critical stop during OS load / initialization.  Unexpected error during system startup.  "
                "Stopped waiting for input or power cycle/reset."
            ),
            "Run-time Critical Stop (a.k.a. 'core dump', 'blue screen')",
            (
                "OS Graceful Stop (system powered up, but normal OS operation has shut down and system is "
                "awaiting reset pushbutton, powercycle or other external input)"
            ),
            "OS Graceful Shutdown (system graceful power down by OS)",
            "Soft Shutdown initiated by PEF",
            (
                "Agent Not Responding.  Graceful shutdown request to agent via BMC did not occur due to "
                "missing or malfunctioning local agent."
            ),
        ),
        0x21: (
            "Fault Status asserted",
            "Identify Status asserted",
            "Slot/Connector Device installed/attached",
            "Slot/Connector Ready for Device Installation",
            "Slot/Connector Ready for Device Removal",
            "Slot Power is Off",
            "Slot/Connector Device Removal Request",
            "Interlock asserted",
            "Slot is Disabled",
            "Slot holds spare device",
        ),
        0x22: (
            'S0/G0 "working"',
            'S1 "sleeping with system h/w & processor context maintained"',
            'S2 "sleeping, processor context lost"',
            'S3 "sleeping, processor & h/w context lost, memory retained."',
            'S4 "non-volatile sleep/suspend-to disk"',
            'S5/G2 "soft-off"',
            "S4/S5 soft-off, particular S4/S5 state cannot be determined",
            "G3/Mechanical Off",
            (
                "Sleeping in an S1, S2, or S3 states (used when particular S1, S2, S3 state cannot be "
                "determined)"
            ),
            "G1 sleeping (S1-S4 state cannot be determined)",
            "S5 entered by override",
            "Legacy ON state",
            "Legacy OFF state",
            "Unspecified",
            "Unknown",
        ),
        0x23: (
            "Timer expired, status only (no action, no interrupt)",
            "Hard Reset",
            "Power Down",
            "Power Cycle",
            "reserved",
            "reserved",
            "reserved",
            "reserved",
            "Timer interrupt",
        ),
        0x24: (
            "platform generated page",
            "platform generated LAN alert",
            "Platform Event Trap generated, formatted per IPMI PET specification",
            "platform generated SNMP trap, OEM format",
        ),
        0x25: (
            "Entity Present",
            "Entity Absent",
            "Entity Disabled",
        ),
        0x27: (
            "LAN Heartbeat Lost",
            "LAN Heartbeat",
        ),
        0x28: (
            "sensor access degraded or unavailable",
            "controller access degraded or unavailable",
            "management controller off-line",
            "management controller unavailable",
            "sensor failure",
            "FRU failure",
        ),
        0x29: (
            "battery low (predictive failure)",
            "battery failed",
            "battery presence detected",
        ),
        0x2A: (
            "Session Activated",
            "Session Deactivated",
            "Invalid Username or Password",
            "Invalid Password Disable",
        ),
        0x2B: (
            "Hardware change detected with associated Entity",
            "Firmware or software change detected with associated Entity",
            "Hardware incompatibility detected with associated Entity",
            "Firmware or software incompatibility detected with associated Entity",
            "Entity is of an invalid or unsupported hardware version",
            "Entity contains an invalid or unsupported firmware or software version",
            "Hardware Change detected with associated Entity was successful",
            "Software or F/W Change detected with associated Entity was successful",
        ),
        0x2C: (
            "FRU Not Installed",
            "FRU Inactive (in standby or `hot spare' state)",
            "FRU Activation Requested",
            "FRU Activation In Progress",
            "FRU Active",
            "FRU Deactivation Requested",
            "FRU Deactivation In Progress",
            "FRU Communication Lost",
        ),
    }
)
"""Of type 6Fh, by sensor type (Table 42-3)."""

GENERIC_SHORT: Final = MappingProxyType(
    {
        (0x0B, 0): "Fully Redundant",
    }
)
"""Shorter ones, by event/reading type and offset."""

SPECIFIC_SHORT: Final = MappingProxyType(
    {
        (0x05, 4): "LAN Leash Lost",
        (0x05, 6): "FAN area intrusion",
        (0x06, 0): "Secure Mode Violation attempt",
        (0x06, 2): "Pre-boot Password Violation - setup password",
        (0x07, 3): "FRB2/Hang in POST failure",
        (0x07, 4): "FRB3/Processor Startup/Initialization failure",
        (0x07, 10): "Processor Automatically Throttled",
        (0x07, 11): "Machine Check Exception",
        (0x08, 7): "Power Supply Inactive",
        (0x09, 4): "AC lost/Power input lost",
        (0x09, 5): "Soft Power Control Failure",
        (0x0C, 0): "Correctable memory error",
        (0x0C, 1): "Uncorrectable memory error",
        (0x0C, 3): "Memory Scrub Failed",
        (0x0C, 5): "Correctable memory error logging limit reached",
        (0x0C, 10): "Critical Overtemperature",
        (0x0D, 8): "Rebuild/Remap Aborted",
        (0x0F, 0): "System Firmware Error",
        (0x10, 1): "Event Type Logging Disabled",
        (0x13, 9): "Fatal NMI",
        (0x13, 11): "Bus Degraded",
        (0x14, 3): "FRU latch open",
        (0x14, 4): "FRU service request button",
        (0x19, 0): "Soft Power Control Failure",
        (0x1B, 1): "Configuration Error - Incorrect cable connected",
        (0x20, 0): "Critical stop during OS load",
        (0x20, 1): "Run-time Critical Stop",
        (0x20, 2): "OS Graceful Stop",
        (0x20, 3): "OS Graceful Shutdown",
        (0x20, 5): "Agent Not Responding",
        (0x22, 0): "S0/G0",
        (0x22, 1): "S1",
        (0x22, 2): "S2",
        (0x22, 3): "S3",
        (0x22, 4): "S4",
        (0x22, 5): "S5/G2",
        (0x22, 6): "S4/S5 soft-off",
        (0x22, 8): "Sleeping in an S1, S2, or S3 states",
        (0x22, 9): "G1 sleeping",
        (0x23, 0): "Timer expired, status only",
        (0x24, 2): "Platform Event Trap generated",
        (0x29, 0): "battery low",
        (0x2C, 1): "FRU Inactive",
    }
)
"""Shorter ones, by sensor type and offset."""
