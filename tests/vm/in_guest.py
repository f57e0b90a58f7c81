"""Run in the guest: asks the BMC behind ``/dev/ipmi0`` by the library, and prints what it said as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback
from typing import Any

from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.client.ipmidev import open_device
from baseboard.client.settings import Settings
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.storage.fru import GetFruInventoryAreaInfo, ReadFruData
from baseboard.commands.storage.sdr import GetSdr, ReserveSdrRepository
from baseboard.commands.storage.sel import AddSelEntry, GetSelEntry
from baseboard.errors import CompletionError, TransportError

LAST = 0xFFFF
PIECE = 16
SATELLITE = Target(address=0x30)
NOBODY = Target(address=0x62)
EVENT = bytes.fromhex("0000 02 00000000 4100 04 01 30 01 596070")


async def sensors(bmc: Bmc) -> list[str]:
    """Every record of the SDR repository, piece by piece, as hex digits."""
    records, record_id = [], 0
    reservation = (await bmc.execute(ReserveSdrRepository())).reservation_id
    while record_id != LAST:
        data = b""
        length = 5
        while len(data) < length:
            count = min(PIECE, length - len(data))
            asked = GetSdr(reservation_id=reservation, record_id=record_id, offset=len(data), count=count)
            answer = await bmc.execute(asked)
            data += answer.data
            length = 5 + data[4]
        records.append(data.hex())
        record_id = answer.next_record_id
    return records


async def inventory(bmc: Bmc) -> str:
    """The whole inventory of FRU device 0, in the longest pieces that the interface carries."""
    size = (await bmc.execute(GetFruInventoryAreaInfo())).area_size
    data = b""
    while len(data) < size:
        count = min(bmc.interface.largest_response - 2, size - len(data))
        data += (await bmc.execute(ReadFruData(offset=len(data), count=count))).data
    return data.hex()


async def refused(bmc: Bmc, **more: Any) -> int:
    """The completion code of a command that nobody has."""
    try:
        await bmc.raw(0x3E, 0x77, b"\x01", **more)
    except CompletionError as error:
        return int(error.code)
    return 0


async def ask() -> dict[str, Any]:
    """Everything."""
    settings = Settings(interface="open", timeout=2.0, retries=1)
    try:
        await open_device(Settings(interface="open", device="7"))
        missing, hint = "", ""
    except TransportError as error:
        missing, hint = str(error), error.hint
    async with Bmc(await open_device(settings), settings) as bmc:
        together = await asyncio.gather(*(bmc.exchange(6, 1) for _ in range(8)))
        added = (await bmc.execute(AddSelEntry(record=EVENT))).record_id
        identities = [
            (await bmc.execute(GetDeviceId(), target=target)).encode().hex() for target in (None, SATELLITE)
        ]
        return {
            "missing": [missing, hint],
            "identities": identities,
            "records": await sensors(bmc),
            "inventory": await inventory(bmc),
            "event": (await bmc.execute(GetSelEntry(record_id=added))).data.hex(),
            "refused": [await refused(bmc), await refused(bmc, target=SATELLITE)],
            "nobody": (await bmc.interface.exchange(6, 1, b"", target=NOBODY, timeout=20.0)).hex(),
            "together": [answer[0] for answer in together],
        }


try:
    print("ANSWERS " + json.dumps(asyncio.run(ask())))
except Exception:  # noqa: BLE001 - whatever it is, the test outside shows it
    traceback.print_exc(file=sys.stdout)
    sys.exit(1)
