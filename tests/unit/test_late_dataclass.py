"""Late dataclasses mean what those of the standard library mean."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier
from typing import Any

import pytest

import leadlark
from leadlark import late_dataclass
from leadlark.language import nodes
from leadlark.messages.source import Span


def made(module: Any) -> tuple[type[Any], type[Any], type[Any]]:
    """A base, a class of it, and a mutable class, made by one of the two modules."""
    dataclass: Callable[..., Any] = module.dataclass
    field: Callable[..., Any] = module.field

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Base:
        place: int = field(compare=False, repr=False)

    @dataclass(frozen=True, slots=True, order=True)
    class One(Base):
        name: str
        items: tuple[str, ...] = ()
        more: list[int] = field(default_factory=list)

        def length(self) -> int:
            return len(self.items)

    @dataclass()
    class Free:
        name: str
        size: int = 0

        def __post_init__(self) -> None:
            self.size += 1

    return Base, One, Free


KINDS = list(zip(made(late_dataclass), made(dataclasses), strict=True))


def outcome(act: Callable[[], object]) -> object:
    try:
        return repr(act())
    except (TypeError, AttributeError) as error:
        return type(error)


@pytest.mark.parametrize(
    "act",
    [
        lambda _, one, __: one("a", place=1),
        lambda _, one, __: one("a", ("b",), [3], place=1).length(),
        lambda _, one, __: one(name="a", items=("b",), place=1).place,
        lambda _, one, __: one("a"),
        lambda _, one, __: one(place=1),
        lambda _, one, __: one("a", other=1, place=1),
        lambda _, one, __: one("a", place=1) == one("a", place=2),
        lambda _, one, __: one("a", place=1) == one("b", place=1),
        lambda base, one, _: base(place=1) == one("a", place=1),
        lambda base, _, __: base(place=1) == base(place=2),
        lambda base, _, __: hash(base(place=1)) == hash(base(place=2)),
        lambda _, one, __: one("a", place=1) < one("b", place=0),
        lambda _, one, __: one("a", place=1) >= one("a", (), place=0),
        lambda base, one, _: one("a", place=1) < base(place=1),
        lambda _, one, __: one("a", place=1).more is one("a", place=1).more,
        lambda _, one, __: hash(one("a", place=1)),
        lambda _, one, __: setattr(one("a", place=1), "name", "b"),
        lambda _, one, __: delattr(one("a", place=1), "name"),
        lambda _, one, __: one("a", place=1).__dict__,
        lambda _, one, __: copy.deepcopy(one("a", place=1)).place,
        lambda _, one, __: one.__match_args__,
        lambda _, one, __: [
            (each.name, each.compare, each.repr, each.kw_only) for each in dataclasses.fields(one)
        ],
        lambda _, one, __: dataclasses.replace(one("a", place=1), name="b").place,
        lambda _, one, __: dataclasses.asdict(one("a", place=1)),
        lambda base, one, _: [*map(dataclasses.is_dataclass, (base, one, one("a", place=1)))],
        lambda _, __, free: free("a"),
        lambda _, __, free: hash(free("a")),
        lambda _, __, free: setattr(free("a"), "name", "b"),
        lambda _, __, free: free("a", 2) == free("a", 2),
    ],
)
def test_equal_to_the_standard_library(act: Callable[..., object]) -> None:
    """Values, errors and what `dataclasses` tells are the same."""
    late, plain = zip(*KINDS, strict=True)

    assert outcome(lambda: act(*plain)) == outcome(lambda: act(*late))


def classes() -> Iterator[type[Any]]:
    for each in pkgutil.walk_packages(leadlark.__path__, "leadlark."):
        if each.name not in ("leadlark.__main__", "leadlark.adapters.migrations.env"):
            module = import_module(each.name)
            yield from (
                kind
                for kind in vars(module).values()
                if isinstance(kind, type)
                and kind.__module__ == each.name
                and "__late_parts__" in vars(kind)
            )


def test_every_class_can_be_made() -> None:
    """The constructor of every late class of the package takes the fields in their order."""
    seen = 0
    for kind in classes():
        given = [each.name for each in dataclasses.fields(kind) if not each.kw_only]
        taken = inspect.signature(kind).parameters.values()
        if "Request" != kind.__name__:  # which has a constructor of its own
            assert given == [each.name for each in taken if each.kind != each.KEYWORD_ONLY]
        seen += 1

    assert seen > 100


def test_instances_travel() -> None:
    """Nodes can be pickled and copied, as worker processes need; they stay what they are."""
    node = nodes.Param(
        nodes.Path("", (nodes.Key("a", span=Span(1, 2)),), span=Span(1, 2)), span=Span(0, 3)
    )

    for again in (pickle.loads(pickle.dumps(node)), copy.deepcopy(node), copy.copy(node)):
        assert node == again
        assert (Span(0, 3), Span(1, 2)) == (again.span, again.path.span)


def test_replace() -> None:
    """`replace` changes what it is told and keeps the rest; what is no field is refused."""
    name = nodes.Name("a", span=Span(1, 2))

    assert nodes.Name("b", span=Span(0, 0)) == late_dataclass.replace(name, text="b")
    assert Span(1, 2) == late_dataclass.replace(name, text="b").span
    with pytest.raises(TypeError):
        late_dataclass.replace(name, other="b")


def test_threads_share_classes() -> None:
    """Threads that use a class for the first time at once all get what they ask for."""
    for _ in range(50):
        _, one, _ = made(late_dataclass)
        start = Barrier(8)

        def use(number: int, kind: Any = one, start: Barrier = start) -> str:
            start.wait()
            return repr(kind(str(number), place=number))

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(use, range(8)))

        assert [repr(one(str(number), place=number)) for number in range(8)] == found
