"""PEF configuration parameters: filters, policies, strings, and who may change them (§30.3, §30.4)."""

from __future__ import annotations

from baseboard.bmc.blueprint import Blueprint
from baseboard.bmc.blueprint.pef import ALL_ACTIONS, AlertStringSpec, PefSpec
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.codes import Cc
from baseboard.commands.parameters import pef as p
from baseboard.errors import CompletionError

BLOCK = 16
BLOCKS = 4
"""Blocks of an alert string; whatever it ends up in carries no more than 64 characters."""

LONGEST_STRING = BLOCK * BLOCKS
_SECTION = "pef"
_COUNTS = (5, 8, 11, 14)
_VOLATILE_STRING = 0
_TABLES = {6, 7, 9, 12, 13, 15}
_SYSTEM_GUID = bytes(16)


class PefSettings:
    """The PEF parameters of a BMC; only what was changed is kept for it, the rest is its blueprint's.

    Attributes:
        supported: actions that this BMC can do; what a filter asks of others reads back as 0.
    """

    __slots__ = ("_changed", "_home", "_progress", "supported")

    def __init__(self, home: Home, supported: p.PefActions) -> None:
        self._home = home
        self.supported = supported
        self._changed = home.journal.saved(_SECTION)
        self._progress = Progress()

    # ---- what the engine asks

    @property
    def control(self) -> p.PefControl:
        """Parameter 1."""
        return p.PefControl.decode(self._data(1, 0))

    @property
    def enabled(self) -> bool:
        """Whether events are filtered at all."""
        changed = self._changed.get(_key(1, 0))
        return self._spec.enabled if changed is None else bool(changed[0] & 1)

    @property
    def actions(self) -> p.PefActions:
        """The actions that are on, of those that there are; group control has no switch."""
        switched = p.PefActionGlobalControl.decode(self._data(2, 0)).actions
        return (switched | p.PefActions.GROUP_CONTROL) & self.supported

    @property
    def startup_delay(self) -> int:
        """Seconds that power actions wait after power-up and reset; 0 = they do not."""
        return self._data(3, 0)[0] if self.control.startup_delay_enabled else 0

    @property
    def alert_startup_delay(self) -> int:
        """Seconds that alerts wait after power-up and reset; 0 = they do not."""
        return self._data(4, 0)[0] if self.control.alert_startup_delay_enabled else 0

    def filters(self) -> list[p.EventFilter]:
        """The event filters, from 1 on."""
        changed, supported = self._changed, self.supported
        table = p.EventFilterTable.selector
        return [
            p.EventFilter.decode(changed[_key(table, number)][1:])
            if _key(table, number) in changed
            else one
            if one.actions in supported
            else one.replace(actions=one.actions & supported)
            for number, one in enumerate(self._spec.filters, 1)
        ]

    def policies(self, number: int) -> list[p.AlertPolicy]:
        """The entries of a policy that are enabled, in the order of the table."""
        entries = (
            p.AlertPolicyTable.decode(self._data(9, entry)).entry
            for entry in range(1, len(self._spec.policies) + 1)
        )
        return [entry for entry in entries if entry.enabled and entry.policy_number == number]

    def group(self, number: int) -> p.GroupControl | None:
        """An entry of the group control table, from 1; None if there is no such entry."""
        if not 1 <= number <= len(self._spec.groups):
            return None
        return p.GroupControlTable.decode(self._data(15, number)).entry

    def guid(self, system: bytes) -> bytes:
        """The GUID that traps carry.

        Args:
            system: the system's own, as Get System GUID sends it.
        """
        parameter = p.SystemGuid.decode(self._data(10, 0))
        return parameter.guid if parameter.use_this_guid else system

    def string(self, selector: int) -> bytes:
        """An alert string up to its NUL; empty if there is no such string."""
        if selector > len(self._spec.strings):
            return b""
        return b"".join(self._block(selector, block) for block in range(1, BLOCKS + 1)).split(b"\0", 1)[0]

    def string_for(self, policy: p.AlertPolicy, filter_number: int) -> bytes:
        """The alert string that a policy's entry names, for an event that a filter matched (Table 17-4).

        An event-specific one is the first whose keys are the filter's number and the entry's string set.
        """
        if not policy.event_specific_string:
            return self.string(policy.alert_string) if policy.alert_string else b""
        for selector in range(1, len(self._spec.strings) + 1):
            keys = p.AlertStringKeys.decode(self._data(12, selector))
            if (keys.filter_number, keys.string_set) == (filter_number, policy.alert_string):
                return self.string(selector)
        return b""

    # ---- what the commands ask

    def check(self, selector: int) -> None:
        """Whether there is such a parameter.

        Raises:
            CompletionError: 80h, there is not.
        """
        if not 0 <= selector <= p.GroupControlTable.selector:
            raise CompletionError(NOT_SUPPORTED)

    def get(self, selector: int, set_selector: int, block: int) -> bytes:
        """A parameter's data; of a table with the set selector before them.

        Raises:
            CompletionError: 80h, there is no such parameter; C9h, no such entry or block.
        """
        self.check(selector)
        if selector == 0:
            return bytes((self._progress.state,))
        self._check_entry(selector, set_selector, block)
        if selector == p.AlertStrings.selector:
            return bytes((set_selector, block)) + self._block(set_selector, block)
        return self._data(selector, set_selector)

    def set(self, parameter: p.PefParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 81h or 82h of the command; C9h or CCh for values that cannot be.
        """
        selector, data = parameter.selector, parameter.encode()
        if isinstance(parameter, p.SetInProgress):
            self._progress.set(parameter.state)
            return
        if selector in _COUNTS:
            raise CompletionError(READ_ONLY)
        number = data[0] & 0x7F if selector in _TABLES else 0
        self._check_entry(selector, number, parameter.block if isinstance(parameter, p.AlertStrings) else 1)
        match parameter:
            case p.EventFilterTable():
                self._set_filter(number, parameter.entry)
            case p.EventFilterTableData1():
                self._set_filter_byte(number, parameter)
            case p.AlertPolicyTable(entry=entry) if not entry.rule.known:
                raise CompletionError(Cc.INVALID_DATA)
            case p.AlertStrings():
                self._set_block(number, parameter.block, parameter.data)
            case p.PefActionGlobalControl(actions=actions):
                self._keep(selector, 0, bytes((actions & self.supported,)))
            case _:
                self._keep(selector, number, data)

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends."""
        self._progress.settle()

    # ---- how they are kept

    @property
    def _spec(self) -> PefSpec:
        # The blueprint may still be exchanged for one that knows the port of the LAN channel.
        blueprint: Blueprint = self._home.blueprint
        return blueprint.pef

    def _check_entry(self, selector: int, number: int, block: int) -> None:
        """§30.3: entries count from 1; string 0 is the volatile one."""
        if selector not in _TABLES:
            return
        spec = self._spec
        tables = {6: spec.filters, 7: spec.filters, 9: spec.policies, 15: spec.groups}
        first, size = (1, len(tables[selector])) if selector in tables else (0, len(spec.strings))
        wrong_block = selector == p.AlertStrings.selector and not 1 <= block <= BLOCKS
        if not first <= number <= size or wrong_block:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)

    def _set_filter(self, number: int, entry: p.EventFilter) -> None:
        now = self.filters()[number - 1]
        entry = entry.replace(actions=entry.actions & self.supported)
        if now.filter_type == p.FilterType.MANUFACTURER_PRE_CONFIGURED:
            if entry != now.replace(enabled=entry.enabled):
                raise CompletionError(READ_ONLY)
        elif entry.filter_type != p.FilterType.SOFTWARE_CONFIGURABLE:
            # A filter that software gave away to the manufacturer could never be changed again.
            raise CompletionError(Cc.INVALID_DATA)
        self._keep(p.EventFilterTable.selector, number, bytes((number,)) + entry.encode())

    def _set_filter_byte(self, number: int, byte: p.EventFilterTableData1) -> None:
        now = self.filters()[number - 1]
        if byte.filter_type not in (p.FilterType.SOFTWARE_CONFIGURABLE, now.filter_type):
            raise CompletionError(Cc.INVALID_DATA)
        # QUIRK ipmitool `pef filter enable`: writes the type's bits as 0, whatever they were.
        self._set_filter(number, now.replace(enabled=byte.enabled))

    def _set_block(self, selector: int, block: int, data: bytes) -> None:
        if len(data) > BLOCK:
            raise CompletionError(Cc.INVALID_LENGTH)
        key = _string_key(selector, block)
        self._changed[key] = data.ljust(BLOCK, b"\0")
        if selector != _VOLATILE_STRING:
            self._home.journal.put(_SECTION, key, self._changed[key])

    def _block(self, selector: int, block: int) -> bytes:
        changed = self._changed.get(_string_key(selector, block))
        if changed is not None:
            return changed
        return self._shipped_string(selector).text[(block - 1) * BLOCK :][:BLOCK].ljust(BLOCK, b"\0")

    def _shipped_string(self, selector: int) -> AlertStringSpec:
        return self._spec.strings[selector - 1] if selector else AlertStringSpec()

    def _keep(self, selector: int, number: int, data: bytes) -> None:
        key = _key(selector, number)
        self._changed[key] = data
        if (selector, number) != (p.AlertStringKeys.selector, _VOLATILE_STRING):
            self._home.journal.put(_SECTION, key, data)

    def _data(self, selector: int, number: int) -> bytes:
        changed = self._changed.get(_key(selector, number))
        if changed is not None:
            return changed
        return self._shipped(selector, number).encode()

    def _shipped(self, selector: int, number: int) -> p.PefParameter:
        spec = self._spec
        match selector:
            case 1:
                return p.PefControl(
                    alert_startup_delay_enabled=spec.alert_startup_delay_enabled,
                    startup_delay_enabled=spec.startup_delay_enabled,
                    event_messages_enabled=spec.event_messages,
                    enabled=spec.enabled,
                )
            case 2:
                return p.PefActionGlobalControl(actions=spec.actions & self.supported & ALL_ACTIONS)
            case 3:
                return p.PefStartupDelay(delay=spec.startup_delay_s)
            case 4:
                return p.PefAlertStartupDelay(delay=spec.alert_startup_delay_s)
            case 10:
                return p.SystemGuid(use_this_guid=spec.guid is not None, guid=spec.guid or _SYSTEM_GUID)
            case 12:
                shipped = self._shipped_string(number)
                return p.AlertStringKeys(
                    string_selector=number, filter_number=shipped.filter_number, string_set=shipped.string_set
                )
            case _:
                return self._shipped_entry(selector, number)

    def _shipped_entry(self, selector: int, number: int) -> p.PefParameter:
        spec = self._spec
        match selector:
            case 5:
                return p.NumberOfEventFilters(count=len(spec.filters))
            case 6:
                return p.EventFilterTable(filter_number=number, entry=self.filters()[number - 1])
            case 7:
                entry = self.filters()[number - 1]
                return p.EventFilterTableData1(
                    filter_number=number, enabled=entry.enabled, filter_type=entry.filter_type
                )
            case 8:
                return p.NumberOfAlertPolicyEntries(count=len(spec.policies))
            case 9:
                return p.AlertPolicyTable(entry_number=number, entry=spec.policies[number - 1])
            case 11:
                return p.NumberOfAlertStrings(count=len(spec.strings))
            case 14:
                return p.NumberOfGroupControlEntries(count=len(spec.groups))
            case _:
                return p.GroupControlTable(entry_number=number, entry=spec.groups[number - 1])


def _key(selector: int, number: int) -> int:
    return selector << 8 | number


def _string_key(selector: int, block: int) -> int:
    return p.AlertStrings.selector << 16 | selector << 8 | block
