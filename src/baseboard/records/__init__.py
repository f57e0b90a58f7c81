"""What a management controller stores: sensor data records, event log, FRU inventories, and how to read them.

::

    strings     the five text encodings        id_string   the name in a sensor data record
    formula     raw reading <-> value          fit         a formula for a range of values
    thresholds  masks and event offsets        units       what a sensor counts in, in words
    events      event messages and their data  event_text  ... in words (data_text: bytes 2 and 3)
    sel         event log records              timestamps  when
    pef         how event filters compare      pet         the octets of an alert
    firmware_tables  where SMBIOS and ACPI say the system interface is
    sdr/        sensor data records, a class per type, and builders for everyday sensors
    fru/        FRU inventories: areas and multirecords
"""

from __future__ import annotations
