"""The IPMI message as LAN sessions carry it (§13.8): that of the IPMB, with software IDs for addresses."""

from __future__ import annotations

from baseboard.commands.ipmi_message import BMC as BMC
from baseboard.commands.ipmi_message import REMOTE_CONSOLE as REMOTE_CONSOLE
from baseboard.commands.ipmi_message import SMALLEST as SMALLEST
from baseboard.commands.ipmi_message import LanMessage as LanMessage
from baseboard.commands.ipmi_message import checksum as checksum
from baseboard.commands.ipmi_message import unwrap as unwrap
from baseboard.commands.ipmi_message import wrap_request as wrap_request
from baseboard.commands.ipmi_message import wrap_response as wrap_response
