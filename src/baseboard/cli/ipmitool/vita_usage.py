"""The usages of ``vita``."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "Unknown command"

USAGES: Final = {
    "help": """\
VITA commands:
    properties        - get VSO properties
    frucontrol        - FRU control
    addrinfo          - get address information
    activate          - activate a FRU
    deactivate        - deactivate a FRU
    policy get        - get the FRU activation policy
    policy set        - set the FRU activation policy
    led prop          - get led properties
    led cap           - get led color capabilities
    led get           - get led state
    led set           - set led state""",
    "properties": "Unknown (0x01)",
    "frucontrol": """\
usage: frucontrol <FRU-ID> <OPTION>
    OPTION: 0 - Cold Reset
            1 - Warm Reset
            2 - Graceful Reboot
            3 - Issue Diagnostic Interrupt""",
    "addrinfo": "usage: addrinfo [<FRU-ID>]",
    "activate": "usage: activate <FRU-ID>",
    "deactivate": "usage: deactivate <FRU-ID>",
    "policy get": "usage: policy get <FRU-ID>",
    "policy set": """\
usage: policy set <FRU-ID> <MASK> <VALUE>
    MASK:  [3] affect the Default-Activation-Locked Policy Bit
           [2] affect the Commanded-Deactivation-Ignored Policy Bit
           [1] affect the Deactivation-Locked Policy Bit
           [0] affect the Activation-Locked Policy Bit
    VALUE: [3] value for the Default-Activation-Locked Policy Bit
           [2] value for the Commanded-Deactivation-Ignored Policy Bit
           [1] value for the Deactivation-Locked Policy Bit
           [0] value for the Activation-Locked Policy Bit""",
    "led prop": "usage: led prop <FRU-ID>",
    "led cap": "usage: led cap <FRU-ID> <LED-ID",
    "led get": "usage: led get <FRU-ID> <LED-ID",
    "led set": """\
usage: led set <FRU-ID> <LED-ID> <FUNCTION> <DURATION> <COLOR>
    <FRU-ID>
    <LED-ID>   0-0xFE:    Specified LED
               0xFF:      All LEDs under management control
    <FUNCTION> 0:       LED OFF override
               1 - 250: LED blinking override (off duration)
               251:     LED Lamp Test
               252:     LED restore to local control
               255:     LED ON override
    <DURATION> 1 - 127: LED Lamp Test / on duration
    <COLOR>    1:   BLUE
               2:   RED
               3:   GREEN
               4:   AMBER
               5:   ORANGE
               6:   WHITE
               0xE: do not change
               0xF: use default color""",
}
"""By verb, as ipmitool prints them."""
