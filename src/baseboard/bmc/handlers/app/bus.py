"""Master Write-Read: I2C transactions on the buses behind the controller (§22.11)."""

from __future__ import annotations

from baseboard.bmc.context import Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.services.bus import BROADCAST, Written
from baseboard.codes import Cc, ChannelMedium
from baseboard.commands.app.bus import MasterWriteRead, MasterWriteReadResponse
from baseboard.errors import CompletionError


@handlers.handles(MasterWriteRead)
async def master_write_read(ctx: Context, request: MasterWriteRead) -> MasterWriteReadResponse:
    """§22.11: of a public bus, a channel that is an IPMB; of a private one, the chips that the BMC has.

    With nothing to write and nothing to read it tells whether somebody answers at the address.
    """
    if request.read_count + 1 > ctx.max_response:
        raise CompletionError(Cc.CANNOT_RETURN_SO_MANY)
    if not request.private:
        if ctx.channels.get(ctx.channel(request.channel)).medium != ChannelMedium.IPMB:
            raise CompletionError(Cc.INVALID_DATA)
        if request.slave_address == BROADCAST and request.data and not request.read_count:
            # §20.9: Broadcast Get Device ID; controllers heed nothing else that is broadcast.
            written = ctx.services.bridging.bus.write(bytes((BROADCAST,)) + request.data)
            if written != Written.DONE:
                raise CompletionError(written)
            return MasterWriteReadResponse()
        # Controllers on the IPMB answer by writing to their master, so none can be read; and messages to
        # them are the business of Send Message, which tracks them.
        raise CompletionError(MasterWriteRead.NAK_ON_WRITE)
    read = ctx.private_buses.transfer(request.bus_id, request.slave_address, request.data, request.read_count)
    return MasterWriteReadResponse(data=read)
