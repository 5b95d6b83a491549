"""Imports inside the package go down only; a library is known to one place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

ENGINE: Final = Path(__file__).parent.parent / "engine"

LAYERS: Final = (
    "__init__ __main__ cli compiled",
    "http",
    "reports settings",
    "intake",
    "auditing cases comparing drafting importing journaling live openapi testing",
    "explaining secrets",
    "loader",
    "caching",
    "channel proof",
    "deciding",
    "mapping",
    "adapters check together",
    "filters",
    "request",
    "store",
    "decision journal",
    "language",
    "errors messages values",
    "pages",
    "codes files late_dataclass limits release schemas",
)
"""The package from top to bottom: a module may import its own layer and those below."""

STRANGERS: Final = ("check", "language.parser", "language.printer", "messages.render")
"""These never import one another: what one finds reaches the others as values."""

LIBRARIES: Final = {
    "alembic": "adapters.migrations",
    "email_validator": "values.emails",
    "jinja2": "reports",
    "jsonschema": "mapping.schema",
    "referencing": "mapping.schema",
    "lark": "language.builder language.lalr language.plain_reading language.reading "
    "language.token_nodes",
    "httptools": "http",
    "limits": "intake.rates",
    "msgspec": "values.plain_json",
    "multipart": "request.multiparts",
    "platformdirs": "caching.folder secrets.place",
    "phonenumbers": "values.numbering values.phone_reading",
    "prometheus_client": "http.metrics",
    "psycopg": "adapters.migrations adapters.opening adapters.postgres",
    "psycopg_pool": "adapters.opening adapters.postgres",
    "pydantic": "cases settings",
    "pydantic_core": "cases",
    "pydantic_settings": "settings",
    "pytest": "testing",
    "pythonjsonlogger": "http.logs",
    "re2": "values.patterns",
    "rich": "cli",
    "ruamel": "cases",
    "simplejson": "values.value",
    "sqlalchemy": "adapters.migrations",
    "standardwebhooks": "proof.standard",
    "sqlite3": "adapters",
    "starlette": "http",
    "uuid_utils": "intake.ids",
    "uvicorn": "http",
    "watchfiles": "cli live",
}
"""Which modules know a library; sqlite3 is of the standard library and is watched as well."""

IMPURE: Final = frozenset(("asyncio", "http", "os", "random", "secrets", "socket", "time"))
"""What deciding has no use for: the clock, the network, the environment, chance."""


@dataclass(frozen=True)
class Import:
    """One import; ``parts`` name the module that has it."""

    place: str
    parts: tuple[str, ...]
    level: int
    target: str
    typing: bool

    @property
    def top(self) -> str:
        """The module or package at the top of engine/ that has the import."""
        return self.parts[0]

    def is_of(self, names: str) -> bool:
        """Whether the import stands in one of some modules or packages."""
        module = ".".join(self.parts) + "."
        return any(module.startswith(f"{name}.") for name in names.split())

    @property
    def inner(self) -> str:
        """The module or package at the top of engine/ that is imported."""
        return self.target.partition(".")[0]


def imports() -> Iterator[Import]:
    for path in sorted(ENGINE.rglob("*.py")):
        name = path.relative_to(ENGINE)
        parts = name.with_suffix("").parts
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typing = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in node.body
        }
        for node in ast.walk(tree):
            for level, target in targets(node, parts):
                place = f"{name}:{getattr(node, 'lineno', 0)}"
                yield Import(place, parts, level, target, node in typing)


def targets(node: ast.AST, parts: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            yield from ((0, alias.name) for alias in names)
        case ast.ImportFrom(level=0, module=module):
            yield 0, module or ""
        case ast.ImportFrom(level=level, module=module, names=names):
            package = parts[: len(parts) - level]
            inner = (*package, *(module.split(".") if module else ()))
            yield from ((level, ".".join(inner or (alias.name,))) for alias in names)


ALL: Final = tuple(imports())
INNER: Final = tuple(each for each in ALL if each.level and each.inner != each.top)
LEVEL: Final = {name: level for level, names in enumerate(LAYERS) for name in names.split()}


def test_every_module_has_a_layer() -> None:
    """A new module of engine/ is given its place in the picture above."""
    modules = {path.relative_to(ENGINE).with_suffix("").parts[0] for path in ENGINE.rglob("*.py")}

    assert set() == modules - set(LEVEL)


def test_imports_go_down() -> None:
    """No module imports one of a layer above its own."""
    wrong = [f"{each.place} {each.inner}" for each in INNER if LEVEL[each.top] > LEVEL[each.inner]]

    assert [] == wrong


def test_strangers_stay_so() -> None:
    """Parser, printer, renderer and checks do not know one another."""
    wrong = [
        f"{each.place} {each.target}"
        for each in INNER
        for stranger in STRANGERS
        if any(map(each.is_of, STRANGERS)) and f"{each.target}.".startswith(f"{stranger}.")
    ]

    assert [] == wrong


def test_imports_make_no_circle() -> None:
    """Modules of one layer may import one another, in one direction."""
    graph: dict[str, set[str]] = {}
    for each in INNER:
        if not each.typing:
            graph.setdefault(each.top, set()).add(each.inner)

    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_imports_inside_are_relative() -> None:
    """engine/ is leadlark only once it is installed: it never imports itself by that name."""
    own = ("engine", "leadlark")

    assert [] == [
        each.place for each in ALL if not each.level and each.target.partition(".")[0] in own
    ]


def test_libraries_are_known_to_one_place() -> None:
    """Every library is imported where its job is done, and nowhere else."""
    wrong = []
    for each in ALL:
        library = each.target.partition(".")[0]
        if each.level or (library in sys.stdlib_module_names and library not in LIBRARIES):
            continue
        if not each.is_of(LIBRARIES.get(library, "")):
            wrong.append(f"{each.place} {library}")

    assert [] == wrong


def test_deciding_knows_no_world() -> None:
    """Below the loader only stores and the cache know a clock, a network or the environment."""
    below = LAYERS[LAYERS.index("loader") + 1 :]
    pure = {name for names in below for name in names.split()} - {"adapters", "caching"}
    wrong = [
        f"{each.place} {each.target}"
        for each in ALL
        if each.top in pure and not each.level and each.target.partition(".")[0] in IMPURE
    ]

    assert [] == wrong
