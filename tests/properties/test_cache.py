"""A checked file from the cache is the one that parsing and checking would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from strategies import NOW, RULE_FILES, Payload, payloads, rule_files

from leadlark import MemoryStore, Request, RuleError, Rules, Source, load
from leadlark.caching.stored import Checked, UnreadableError, restore, store
from leadlark.check import check
from leadlark.language.nodes import Node
from leadlark.language.parser import parse
from leadlark.messages.diagnostics import has_errors


def flat(value: object) -> Iterator[object]:
    """Everything that a value consists of, spans and digits too, which equality leaves out."""
    yield type(value)
    if is_dataclass(value):
        for field in fields(value):
            yield from flat(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from flat(each)
    else:
        yield str(value) if isinstance(value, Decimal) else value


def assert_survives(text: str) -> bool:
    source = Source("x.channel", text)
    file, problems = parse(source)
    warnings = (*problems, *check(source, file))
    if has_errors(warnings):
        return False
    checked = Checked(file, warnings, {})
    again = restore(store(checked), Source("x.channel", text))

    assert checked == again
    assert list(flat(checked.file)) == list(flat(again.file))
    assert list(flat(checked.warnings)) == list(flat(again.warnings))
    return True


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_every_rule_file_survives(path: Path) -> None:
    """The nodes, spans, digits, comments and warnings of every rule file of the repository."""
    assert assert_survives(path.read_text(encoding="utf-8"))


def test_every_kind_of_node_is_stored() -> None:
    """Together the rule files have every kind of node, so that no kind goes untried."""
    found: set[object] = set()
    for path in RULE_FILES:
        found.update(flat(parse(Source("x", path.read_text(encoding="utf-8")))[0]))

    assert set() == {kind for kind in Node.__subclasses__() if kind not in found}


@given(text=rule_files)
@settings(max_examples=100)
def test_mutated_rule_files_survive(text: str) -> None:
    """Whatever a rule file without errors looks like."""
    assert_survives(text)


@given(text=rule_files, payload=payloads)
@settings(max_examples=40)
def test_decisions_are_the_same(text: str, payload: Payload) -> None:
    """Rules from the cache decide and warn as rules that were read anew; errors are not kept."""
    with TemporaryDirectory() as folder:
        path, cache = Path(folder, "x.channel"), Path(folder, "cache")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        fresh, cold, warm = read(path, None), read(path, cache), read(path, cache)

        assert fresh == cold == warm
        assert fresh is None or cache.exists()
        for address in fresh or ():
            assert fresh is not None
            assert warm is not None
            assert decided(fresh, address, payload) == decided(warm, address, payload)


def read(path: Path, cache: Path | None) -> Rules | None:
    try:
        return load(path, cache=cache or False)
    except RuleError:
        return None


def decided(rules: Rules, address: str, payload: Payload) -> list[str]:
    decisions = rules[address].process_all(Request(payload), MemoryStore(), NOW)
    return [each.to_json() for each in decisions]


@given(text=rule_files)
@settings(max_examples=50)
def test_other_texts_are_refused(text: str) -> None:
    """What is no stored file is refused, whatever it is, and nothing else is raised."""
    for each in (text, f'[["File",{text}],[],{{}}]', f"[[{text}]]", "[" * 5_000):
        with pytest.raises(UnreadableError):
            restore(each, Source("x", ""))
