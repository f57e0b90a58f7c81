"""Direct access to the I2C buses behind a controller (§22.11)."""

from __future__ import annotations

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.wire import at


class MasterWriteReadResponse(Response):
    """What was read (Table 22-14)."""

    data: bytes = at("2:", default=b"")


@command(NetFn.APP, 0x52, section="22.11", privilege=Privilege.OPERATOR, name="Master Write-Read")
class MasterWriteRead(Request[MasterWriteReadResponse]):
    """Write to and read from a slave device on a bus, the controller as master."""

    LOST_ARBITRATION = CompletionCode(0x81, "lost arbitration")
    BUS_ERROR = CompletionCode(0x82, "bus error")
    NAK_ON_WRITE = CompletionCode(0x83, "NAK on write")
    TRUNCATED_READ = CompletionCode(0x84, "truncated read")

    channel: int = at("1[7:4]", "of a public bus", default=0)
    bus_id: int = at("1[3:1]", "of a private bus", default=0)
    private: bool = at("1[0]", "0 = public: IPMB, PCI management bus", default=False)
    slave_address: int = at("2[7:1]", "7-bit address")
    read_count: int = at("3", "bytes; 0 = none", default=0)
    data: bytes = at("4:", "to write", default=b"")
