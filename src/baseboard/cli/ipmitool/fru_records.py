"""The multirecords of a FRU inventory, as ``ipmitool -v fru`` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.fru_device import Device

HEAD: Final = 5
LAST: Final = 0x80
MOST: Final = 256
"""Records that are read; a chain without an end is none."""

POWER_SUPPLY, DC_OUTPUT, DC_LOAD, OEM = 0x00, 0x01, 0x02, 0xC0
PICMG: Final = 12634
VOLTAGES: Final = ("12 V", "-12 V", "5 V", "3.3 V")
WIDTH: Final = 27


async def show(call: Call, device: Device, offset: int) -> list[dict[str, str]]:
    """Print the records from an offset on.

    Returns: each with its title under ``record``.
    """
    found: list[dict[str, str]] = []
    for _ in range(MOST):
        head = await device.read(offset, HEAD)
        if head is None:
            break
        kind, form, length = head[:3]
        data = await device.read(offset + HEAD, length) if length else b""
        if data is None:
            break
        offset += HEAD + length
        rows = _rows(call, kind, data.ljust(64, b"\0"))
        if rows:
            found.append(rows)
        if form & LAST:
            break
    return found


def _rows(call: Call, kind: int, data: bytes) -> dict[str, str]:
    """Print a record; gives what was printed, nothing for a type that ipmitool passes over."""
    match kind:
        case 0x00:
            rows = {"record": "Power Supply Record"} | _power_supply(data)
        case 0x01:
            rows = {"record": "DC Output Record"} | _dc(data, output=True)
        case 0x02:
            rows = {"record": "DC Load Record"} | _dc(data, output=False)
        case 0xC0:
            return _oem(call, data)
        case _:
            return {}
    call.out(f" {rows['record']}")
    for key, value in rows.items():
        if key != "record":
            call.out(f"  {key:<{WIDTH}}: {value}")
    return rows


def _word(data: bytes, at: int, *, signed: bool = False) -> int:
    return int.from_bytes(data[at : at + 2], "little", signed=signed)


def _power_supply(data: bytes) -> dict[str, str]:
    """What a power supply is (Table 18-1)."""
    flags, peak, combined = data[17], _word(data, 18), _word(data, 21)
    predictive, tach, threshold = flags & 0x01, flags & 0x10, data[23]
    told = "".join(
        text
        for bit, text in (
            (0x01, "'Predictive fail' "),
            (0x02, "'Power factor correction' "),
            (0x04, "'Autoswitch voltage' "),
            (0x08, "'Hot swap' "),
        )
        if flags & bit
    )
    if predictive and threshold:
        told += "'Two pulses per rotation'" if tach else "'One pulse per rotation'"
    elif predictive:
        told += "'Failure on pin de-assertion'" if tach else "'Failure on pin assertion'"
    rows = {
        "Capacity": f"{_word(data, 0)} W",
        "Peak VA": f"{_word(data, 2)} VA",
        "Inrush Current": f"{data[4]} A",
        "Inrush Interval": f"{data[5]} ms",
        "Input Voltage Range 1": f"{_word(data, 6) // 100}-{_word(data, 8) // 100} V",
        "Input Voltage Range 2": f"{_word(data, 10) // 100}-{_word(data, 12) // 100} V",
        "Input Frequency Range": f"{data[14]}-{data[15]} Hz",
        "A/C Dropout Tolerance": f"{data[16]} ms",
        "Flags": told,
        "Peak capacity": f"{peak & 0xFFF} W",
        "Peak capacity holdup": f"{peak >> 12} s",
        "Combined capacity": "not specified",
    }
    if combined:
        first, second = (VOLTAGES[nibble & 3] for nibble in (data[20] >> 4, data[20]))
        rows["Combined capacity"] = f"{combined} W ({first} and {second})"
    if predictive:
        rows["Fan lower threshold"] = f"{threshold} RPS"
    return rows


def _dc(data: bytes, *, output: bool) -> dict[str, str]:
    """What a DC output gives (Table 18-2), or a load takes (Table 18-4)."""
    volts = [f"{_word(data, at, signed=True) / 100:.2f} V" for at in (1, 3, 5)]
    rows = {"Output Number": str(data[0] & 0x0F)}
    if output:
        rows["Standby power"] = "Yes" if data[0] & 0x80 else "No"
        names = ("Nominal voltage", "Max negative deviation", "Max positive deviation")
    else:
        names = ("Nominal voltage", "Min voltage allowed", "Max voltage allowed")
    rows |= dict(zip(names, volts, strict=True))
    rows["Ripple and noise pk-pk"] = f"{_word(data, 7)} mV"
    what = "draw" if output else "load"
    for name, at in (("Minimum", 9), ("Maximum", 11)):
        rows[f"{name} current {what}"] = f"{_word(data, at) / 1000:.3f} A"
    return rows


def _oem(call: Call, data: bytes) -> dict[str, str]:
    from baseboard.cli.ipmitool.manufacturers import manufacturer_name

    number = int.from_bytes(data[:3], "little")
    if number == PICMG:
        # Its records are of AdvancedTCA and MicroTCA; ipmitool takes them apart, ours names them.
        call.out("  PICMG Extension Record")
        return {"record": "PICMG Extension Record"}
    call.out(f"  OEM ({manufacturer_name(number)}) Record")
    return {"record": f"OEM ({manufacturer_name(number)}) Record"}
