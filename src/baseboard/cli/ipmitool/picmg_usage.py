"""The usages of ``picmg``."""

from __future__ import annotations

from typing import Final

USAGE: Final = """\
PICMG commands:
 properties           - get PICMG properties
 frucontrol           - FRU control
 addrinfo             - get address information
 activate             - activate a FRU
 deactivate           - deactivate a FRU
 policy get           - get the FRU activation policy
 policy set           - set the FRU activation policy
 portstate get        - get port state
 portstate getdenied  - get all denied[disabled] port description
 portstate getgranted - get all granted[enabled] port description
 portstate getall     - get all port state description
 portstate set        - set port state
 amcportstate get     - get port state
 amcportstate set     - set port state
 led prop             - get led properties
 led cap              - get led color capabilities
 led get              - get led state
 led set              - set led state
 power get            - get power level info
 power set            - set power level
 clk get              - get clk state
 clk getdenied        - get all(up to 16) denied[disabled] clock descriptions
 clk getgranted       - get all(up to 16) granted[enabled] clock descriptions
 clk getall           - get all(up to 16) clock descriptions
 clk set              - set clk state
 busres summary       - display brief bused resource status info"""

FRU_CONTROL: Final = """\
usage: frucontrol <FRU-ID> <OPTION>
   OPTION:
      0      - Cold Reset
      1      - Warm Reset
      2      - Graceful Reboot
      3      - Issue Diagnostic Interrupt
      4      - Quiesce [AMC only]
      5-255  - Reserved"""

POLICY_SET: Final = """\
usage: set <fruid> <lockmask> <lock>
    lockmask:  [1] affect the deactivation locked bit
               [0] affect the activation locked bit
    lock:      [1] set/clear deactivation locked
               [0] set/clear locked"""

LED_SET: Final = """\
led set <FRU-ID> <LED-ID> <function> <duration> <color>
   <FRU-ID>
   <LED-ID>    0:         Blue LED
               1:         LED 1
               2:         LED 2
               3:         LED 3
               0x04-0xFE: OEM defined
               0xFF:      All LEDs under management control
   <function>  0:       LED OFF override
               1 - 250: LED blinking override (off duration)
               251:     LED Lamp Test
               252:     LED restore to local control
               255:     LED ON override
   <duration>  0 - 127: LED Lamp Test duration
               0 - 255: LED Lamp ON duration
   <color>     0:   reserved
               1:   BLUE
               2:   RED
               3:   GREEN
               4:   AMBER
               5:   ORANGE
               6:   WHITE
               7:   reserved
               0xE: do not change
               0xF: use default color"""

POWER_GET: Final = """\
power get <FRU-ID> <type>
   <type>   0 : steady state power draw levels
            1 : desired steady state draw levels
            2 : early power draw levels
            3 : desired early levels"""

POWER_SET: Final = """\
power set <FRU-ID> <level> <present-desired>
   <level>  0 :        Power Off
            0x1-0x14 : Power level
            0xFF :     do not change

   <present-desired> 0: do not change present levels
                     1: copy desired to present level"""
