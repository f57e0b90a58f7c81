"""``ipmi-sensors --sdr-info``: what the repository of the records is like."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.cli.freeipmi.host_output import HostOutput
    from baseboard.client.bmc import Bmc
    from baseboard.commands.storage.sdr import (
        GetSdrRepositoryAllocationInfoResponse,
        GetSdrRepositoryInfoResponse,
    )

_WIDTH: Final = 50
_UPDATES: Final = ("unspecified", "non-Modal supported", "modal supported", "both supported")
_UNSPECIFIED_TIME: Final = 0xFFFFFFFF
_SINCE_START: Final = 0x20000000


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are shown.

    Attributes:
        offset: seconds to add.
        to_local: they are UTC, and shown in local time.
        to_utc: they are local time, and shown in UTC.
    """

    offset: int = 0
    to_local: bool = False
    to_utc: bool = False

    def text(self, stamp: int) -> str:
        """A time stamp in words (§37)."""
        if stamp == _UNSPECIFIED_TIME:
            return "Unspecified"
        if stamp <= _SINCE_START:
            return f"Post-Init {stamp} s"
        stamp += self.offset
        if self.to_local:
            return time.strftime(_FORM, time.localtime(stamp))
        if self.to_utc:
            stamp -= round(time.mktime(time.localtime(stamp)) - time.mktime(time.gmtime(stamp)))
        return time.strftime(_FORM, time.gmtime(stamp))


_FORM: Final = "%m/%d/%Y - %H:%M:%S"


async def sdr_info(bmc: Bmc, clock: Clock, output: HostOutput) -> bool:
    """Show what the repository is like.

    Returns: whether the BMC told.
    """
    try:
        info = await bmc.sdr.info()
    except BaseboardError as error:
        output.err(f"ipmi_cmd_get_sdr_repository_info: {error}")
        return False
    output.out(_lines(_info(info, clock)))
    if not info.allocation_info_supported:
        return True
    try:
        output.out(_lines(_allocation(await bmc.sdr.allocation())))
    except BaseboardError as error:
        output.err(f"ipmi_cmd_get_sdr_repository_allocation_info: {error}")
        return False
    return True


def _lines(pairs: dict[str, str]) -> str:
    return "".join(f"{key:<{_WIDTH}}: {value}\n" for key, value in pairs.items())


def _info(info: GetSdrRepositoryInfoResponse, clock: Clock) -> dict[str, str]:
    def supported(one: bool) -> str:
        return "supported" if one else "unsupported"

    return {
        "SDR version": f"{info.sdr_version & 0x0F}.{info.sdr_version >> 4}",
        "SDR record count": str(info.record_count),
        "Free space remaining": f"{info.free_space} bytes",
        "Most recent addition timestamp": clock.text(info.most_recent_addition),
        "Most recent erase timestamp": clock.text(info.most_recent_erase),
        "Get SDR Repository Allocation Information Command": supported(info.allocation_info_supported),
        "Reserve SDR Repository Command": supported(info.reserve_supported),
        "Partial Add SDR Command": supported(info.partial_add_supported),
        "Delete SDR Command": supported(info.delete_supported),
        "Modal/non-modal SDR Repository Update operation": _UPDATES[info.update_support],
        "SDR could not be written due to lack of space": "Yes" if info.overflow else "No",
    }


def _allocation(told: GetSdrRepositoryAllocationInfoResponse) -> dict[str, str]:
    return {
        "Number of possible allocation units": str(told.possible_units or "unspecified"),
        "Allocation unit size": f"{told.unit_size} bytes" if told.unit_size else "unspecified",
        "Number of free allocation units": str(told.free_units),
        "Largest free block": f"{told.largest_free_block} allocation units",
        "Maximum record size": f"{told.maximum_record_size} allocation units",
    }
