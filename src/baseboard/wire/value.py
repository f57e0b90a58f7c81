"""Values with names: what a dataclass is to its users, without the 20 ms that importing `dataclasses` takes.

Nothing is generated: a class costs a twentieth of a dataclass to declare, and an instance three times as
much to make. So it is for what a command makes a few of: settings, events of a session, results. What is
made for each packet has slots and an ``__init__`` of its own.
"""

# pyright: reportPrivateUsage=false
# (A class of values and what collects its fields are one thing.)

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, dataclass_transform

if TYPE_CHECKING:
    import dataclasses
    from collections.abc import Callable

_REQUIRED: Final[Any] = object()
_WORKED_OUT: Final[Any] = object()


class _Told:
    """A field with more to say than its default."""

    def __init__(self, default: Any, factory: Callable[[], Any] | None, secret: bool) -> None:
        self.default, self.factory, self.secret = default, factory, secret


def told(
    *,
    default: Any = _REQUIRED,
    default_factory: Callable[[], Any] | None = None,
    repr: bool = True,
    init: bool = True,
) -> Any:
    """Describe a field.

    Args:
        default: where none is given.
        default_factory: makes it, for each value anew.
        repr: False for what nobody may read in a log.
        init: False for what `Parts._made` works out of the others; it is no part of what the value is.
    """
    return _Told(default, default_factory, secret=not repr) if init else _WORKED_OUT


class _Fields:
    """What `dataclasses` asks a class for, made when it does: `fields`, `replace` and `asdict` work."""

    def __get__(self, instance: object, owner: ValueType) -> dict[str, dataclasses.Field[Any]]:
        import dataclasses

        hints = _hints(owner)
        rows = [(name, hints[name], _row(owner, name)) for name in owner._names]
        made: Any = dataclasses.make_dataclass(owner.__name__, rows, kw_only=True)
        fields: dict[str, dataclasses.Field[Any]] = made.__dataclass_fields__
        type.__setattr__(owner, "__dataclass_fields__", fields)
        return fields


def _hints(owner: type) -> dict[str, Any]:
    return {name: hint for base in reversed(owner.__mro__) for name, hint in _own_hints(base).items()}


def _own_hints(owner: type) -> dict[str, Any]:
    hints: dict[str, Any] = getattr(owner, "__annotations__", {})
    return hints


def _row(owner: ValueType, name: str) -> Any:
    import dataclasses

    shown = name not in owner._secret
    if name in owner._factories:
        return dataclasses.field(default_factory=owner._factories[name], repr=shown)
    if name in owner._defaults:
        return dataclasses.field(default=owner._defaults[name], repr=shown)
    return dataclasses.field(repr=shown)


class ValueType(type):
    """Collects the fields of a class, those of its bases first."""

    _names: tuple[str, ...]
    _by_place: tuple[str, ...]
    _defaults: dict[str, Any]
    _factories: dict[str, Callable[[], Any]]
    _secret: set[str]

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        kw_only: bool = False,
    ) -> ValueType:
        hints: dict[str, Any] = namespace.get("__annotations__", {})
        rows = {
            key: namespace.pop(key, _REQUIRED) for key, hint in hints.items() if "ClassVar" not in str(hint)
        }
        namespace["__slots__"] = tuple(rows)
        own = tuple(key for key, value in rows.items() if value is not _WORKED_OUT)
        namespace["__dataclass_fields__"] = _Fields()
        cls = super().__new__(mcs, name, bases, namespace)
        above = cls.__base__
        if isinstance(above, ValueType):
            cls._take_from(above)
        else:
            cls._names = cls._by_place = ()
            cls._defaults, cls._factories, cls._secret = {}, {}, set()
        cls._names += own
        cls._by_place += () if kw_only else own
        type.__setattr__(cls, "__match_args__", cls._by_place)
        for key in own:
            cls._declare(key, rows[key])
        return cls

    def _take_from(cls, above: ValueType) -> None:
        cls._names, cls._by_place = above._names, above._by_place
        cls._defaults, cls._factories = dict(above._defaults), dict(above._factories)
        cls._secret = set(above._secret)

    def _declare(cls, key: str, default: Any) -> None:
        if isinstance(default, _Told):
            if default.secret:
                cls._secret.add(key)
            if default.factory is not None:
                cls._factories[key] = default.factory
            default = default.default
        if default is not _REQUIRED:
            cls._defaults[key] = default


class Parts(metaclass=ValueType):
    """What values have in common; declare a `Value` or a `Changing`."""

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]

    def __init__(self, *given: Any, **named: Any) -> None:
        cls = type(self)
        if len(given) == len(cls._names) == len(cls._by_place) and not named:
            for name, value in zip(cls._names, given, strict=True):
                setattr(self, name, value)
            self._made()
            return
        values = cls._defaults | dict(zip(cls._by_place, given, strict=False)) | named
        for name, make in cls._factories.items():
            if name not in values:
                values[name] = make()
        if len(values) != len(cls._names) or len(given) > len(cls._by_place):
            raise TypeError(_wrong(cls, given, named))
        try:
            for name in cls._names:
                setattr(self, name, values[name])
        except KeyError:
            raise TypeError(_wrong(cls, given, named)) from None
        self._made()

    def _made(self) -> None:
        """Look at what was given, in a class that has to."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self)._names)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in type(self)._names))

    def __repr__(self) -> str:
        cls = type(self)
        shown = (f"{name}={getattr(self, name)!r}" for name in cls._names if name not in cls._secret)
        return f"{cls.__qualname__}({', '.join(shown)})"

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed."""
        cls = type(self)
        # Not by `__init__`, which looks for each part in three places.
        made = cls.__new__(cls)
        for name in cls._names:
            setattr(made, name, changes.pop(name) if name in changes else getattr(self, name))
        if changes:
            raise TypeError(_wrong(cls, (), changes))
        made._made()
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self)._names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


def _wrong(cls: ValueType, given: tuple[Any, ...], named: dict[str, Any]) -> str:
    """Say what is wrong with the arguments."""
    if len(given) > len(cls._by_place):
        return f"{cls.__name__} takes {len(cls._by_place)} by position, not {len(given)}"
    unknown = [name for name in named if name not in cls._names]
    if unknown:
        return f"{cls.__name__} has no {', '.join(unknown)}"
    there = {*cls._by_place[: len(given)], *cls._defaults, *cls._factories, *named}
    return f"{cls.__name__} wants {', '.join(name for name in cls._names if name not in there)}"


@dataclass_transform(eq_default=True, frozen_default=True, field_specifiers=(told,))
class Value(Parts):
    """A value of named parts: ``class Point(Value): x: int; y: int = 0``.

    Frozen for the type checker and plain slots at run time, as a `Message` is. With ``kw_only=True`` its
    parts are given by name alone.
    """


@dataclass_transform(eq_default=True, field_specifiers=(told,))
class Changing(Parts):
    """The same, of parts that change."""
