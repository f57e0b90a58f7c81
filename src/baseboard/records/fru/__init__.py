"""FRU inventories (Platform Management FRU Information Storage Definition v1.0): read, built, edited."""

from __future__ import annotations

from baseboard.records.fru.areas import BoardArea, ChassisArea, InfoArea, Problem, ProductArea
from baseboard.records.fru.fields import checksum, write_field
from baseboard.records.fru.image import CommonHeader, Fru, build_fru, read_fru
from baseboard.records.fru.multirecord import (
    AnyMultiRecord,
    MultiRecord,
    MultiRecordHeader,
    OemMultiRecord,
    read_multirecords,
    write_multirecords,
)
from baseboard.records.fru.power import (
    CombinedVoltage,
    CurrentUnit,
    DcLoad,
    DcOutput,
    ExtendedDcLoad,
    ExtendedDcOutput,
    PowerSupply,
)
from baseboard.records.fru.relations import (
    AccessType,
    BaseCompatibility,
    CodeRange,
    ExtendedCompatibility,
    ManagementAccess,
)

__all__ = [
    "AccessType",
    "AnyMultiRecord",
    "BaseCompatibility",
    "BoardArea",
    "ChassisArea",
    "CodeRange",
    "CombinedVoltage",
    "CommonHeader",
    "CurrentUnit",
    "DcLoad",
    "DcOutput",
    "ExtendedCompatibility",
    "ExtendedDcLoad",
    "ExtendedDcOutput",
    "Fru",
    "InfoArea",
    "ManagementAccess",
    "MultiRecord",
    "MultiRecordHeader",
    "OemMultiRecord",
    "PowerSupply",
    "Problem",
    "ProductArea",
    "build_fru",
    "checksum",
    "read_fru",
    "read_multirecords",
    "write_field",
    "write_multirecords",
]
