"""Dataclasses whose methods are made when they are first used.

The standard library writes and compiles six methods for a frozen dataclass when its class
statement runs. That takes about a millisecond each under Python 3.11, and a single decision knows
a hundred and fifty classes. `dataclass` here gives classes of the same meaning, of which only what
is used is made, and does not import `dataclasses`, which brings `inspect` along. What that module
does with a dataclass (`fields`, `replace`, `asdict`, `is_dataclass`) it does with these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, TypeVar

__all__ = ["dataclass", "field", "replace"]

ClassT = TypeVar("ClassT")

_NONE: Final[Any] = object()
"""Stands for a default that is not there."""

_PARTS: Final = "__late_parts__"
_ORDERS: Final = {"__lt__": lt, "__le__": le, "__gt__": gt, "__ge__": ge}


class _Part:
    """A field: how it is told of, and how it is made where it is left out."""

    __slots__ = ("compare", "default", "default_factory", "kw_only", "name", "repr")

    def __init__(self, default: Any, default_factory: Any, *, compare: bool, repr: bool) -> None:
        self.name = ""
        self.kw_only = False
        self.default = default
        self.default_factory = default_factory
        self.compare = compare
        self.repr = repr


class _Late:
    """An attribute of a class that is made, and takes this one's place, when it is asked for."""

    __slots__ = ("home", "make", "name")

    def __init__(self, make: Callable[[type], Any]) -> None:
        self.make = make

    def __set_name__(self, home: type, name: str) -> None:
        self.home = home
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        made = self.make(self.home)  # twice, alike, where two threads ask at once
        setattr(self.home, self.name, made)
        return made.__get__(instance, owner) if callable(made) else made


def _field(
    *,
    default: Any = _NONE,
    default_factory: Any = _NONE,
    compare: bool = True,
    repr: bool = True,
) -> Any:
    """What a field's type does not tell, as for `dataclasses.field`."""
    return _Part(default, default_factory, compare=compare, repr=repr)


def _replace(instance: ClassT, /, **changes: Any) -> ClassT:
    """Another instance with some fields changed, as `dataclasses.replace`."""
    kept = {name: getattr(instance, name) for name in getattr(instance, _PARTS)}
    made: ClassT = type(instance)(**kept | changes)
    return made


def _dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    kw_only: bool = False,
) -> Callable[[type[ClassT]], type[ClassT]]:
    """Make a dataclass of a class, as `dataclasses.dataclass` does for these arguments.

    Every annotation is a field. Methods that the class defines are kept.
    """

    def make(cls: type[ClassT]) -> type[ClassT]:
        own = [_part(cls, name, kw_only=kw_only) for name in _annotated(cls)]
        parts: dict[str, _Part] = {}
        for base in reversed(cls.__mro__[1:]):
            parts |= base.__dict__.get(_PARTS, {})
        parts |= {each.name: each for each in own}
        names: dict[str, Any] = {
            _PARTS: parts,
            "__match_args__": tuple(each.name for each in parts.values() if not each.kw_only),
            "__dataclass_fields__": _Late(_fields),
        }
        late: dict[str, Callable[[type], Any]] = {"__init__": _init, "__repr__": _repr}
        if eq:
            late["__eq__"] = _eq
        if eq and frozen:
            late["__hash__"] = _hash
        elif eq and "__hash__" not in vars(cls):
            names["__hash__"] = None
        if order:
            late |= {name: partial(_ordered, compare) for name, compare in _ORDERS.items()}
        names |= {name: _Late(late[name]) for name in late if _lacks(cls, name)}
        if frozen:
            names |= {"__setattr__": _set, "__delattr__": _delete}
        if not slots:
            for name, value in names.items():
                setattr(cls, name, value)
                if isinstance(value, _Late):
                    value.__set_name__(cls, name)
            return cls
        if frozen:
            names |= {"__getstate__": _state, "__setstate__": _set_state}
        return _slotted(cls, names, own)

    return make


def _annotations(cls: type) -> dict[str, Any]:
    """The annotations of a class itself, as text; `inspect` is not imported to get them."""
    found: dict[str, Any] = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 (see above)
    return found


def _annotated(cls: type) -> dict[str, Any]:
    """The annotations of a class itself, without `inspect`, which takes long to import."""
    own = vars(cls)
    found: dict[str, Any] = own.get("__annotations__", {})
    return found


def _lacks(cls: type, name: str) -> bool:
    """Whether a class does not define a method; beside ``__eq__`` Python sets a ``__hash__``."""
    return cls.__dict__.get(name) is None


def _part(cls: type, name: str, *, kw_only: bool) -> _Part:
    given = cls.__dict__.get(name, _NONE)
    part = given if isinstance(given, _Part) else _Part(given, _NONE, compare=True, repr=True)
    part.name, part.kw_only = name, kw_only
    if isinstance(given, _Part):
        delattr(cls, name)
        if part.default is not _NONE:
            setattr(cls, name, part.default)
    return part


def _slotted(cls: type[ClassT], names: dict[str, Any], own: list[_Part]) -> type[ClassT]:
    """The class again, with slots; defaults would be in their way."""
    without = {"__dict__", "__weakref__", *(each.name for each in own)}
    kept = {name: value for name, value in cls.__dict__.items() if name not in without}
    slots = {"__slots__": tuple(each.name for each in own), "__qualname__": cls.__qualname__}
    kind: Any = type(cls)
    made: type[ClassT] = kind(cls.__name__, cls.__bases__, kept | names | slots)
    return made


# What the methods are made of


def _parts(cls: type) -> list[_Part]:
    return list(cls.__dict__[_PARTS].values())


def _init(cls: type) -> Any:
    """``__init__``, written out: it runs too often for a loop over fields."""
    known: dict[str, Any] = {"default": _NONE}
    plain, named, body = ["self"], ["*"], []
    direct: list[str] = []
    for part in _parts(cls):
        name, parameter = part.name, part.name
        if part.default_factory is not _NONE:
            known[f"make_{name}"] = part.default_factory
            parameter = f"{name}=default"
            body.append(f"if {name} is default: {name} = make_{name}()")
        elif part.default is not _NONE:
            known[f"default_{name}"] = part.default
            parameter = f"{name}=default_{name}"
        (named if part.kw_only else plain).append(parameter)
        put = getattr(getattr(cls, name, None), "__set__", None)
        if "__setattr__" not in vars(cls):
            body.append(f"self.{name} = {name}")
        elif put is not None:
            known[f"set_{name}"] = put
            body.append(f"set_{name}(self, {name})")
        else:
            direct.append(f"attributes[{name!r}] = {name}")
    if direct:  # what is frozen and has no slot is an entry of the instance's own dict
        body += ["attributes = self.__dict__", *direct]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*plain, *(named if len(named) > 1 else ())])
    text = "".join(f"\n    {line}" for line in body or ["pass"])
    exec(f"def __init__({parameters}):{text}", known)
    method = known["__init__"]
    method.__module__, method.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return method


def _values(cls: type) -> Callable[[Any], Any]:
    """A function to what of an instance is compared."""
    names = [part.name for part in _parts(cls) if part.compare]
    return attrgetter(*names) if names else lambda _: ()


def _eq(cls: type) -> Any:
    values = _values(cls)

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807 (it becomes the method)
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or values(self) == values(other)

    return __eq__


def _hash(cls: type) -> Any:
    values = _values(cls)

    def __hash__(self: Any) -> int:  # noqa: N807 (it becomes the method)
        return hash(values(self))

    return __hash__


def _ordered(compare: Callable[[Any, Any], bool], cls: type) -> Any:
    values = _values(cls)

    def method(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compare(values(self), values(other))

    return method


def _repr(cls: type) -> Any:
    names = [part.name for part in _parts(cls) if part.repr]

    def __repr__(self: Any) -> str:  # noqa: N807 (it becomes the method)
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    return __repr__


def _fields(cls: type) -> Any:
    """The fields as `dataclasses` wants them: those of a class of its own that is like this one."""
    import dataclasses  # noqa: PLC0415 (imported when first needed)

    rows: list[tuple[str, Any, Any]] = []
    for part in _parts(cls):
        types = (_annotated(each).get(part.name) for each in cls.__mro__)
        said = ("default", "default_factory", "compare", "repr", "kw_only")
        given = {each: getattr(part, each) for each in said}
        given = {name: value for name, value in given.items() if value is not _NONE}
        rows.append((part.name, next(filter(None, types)), dataclasses.field(**given)))
    made: Any = dataclasses.make_dataclass(cls.__name__, rows)
    return made.__dataclass_fields__


# Methods that all have in common


def _set(_: object, name: str, __: object) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 (imported when first needed)

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_: object, name: str) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 (imported when first needed)

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, part.name) for part in _parts(type(self))]


def _set_state(self: Any, state: list[Any]) -> None:
    for part, value in zip(_parts(type(self)), state, strict=True):
        object.__setattr__(self, part.name, value)


if TYPE_CHECKING:  # what is known of dataclasses holds for these
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _field, _replace
