"""What a case sends, as the parts of an HTTP request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from ..errors import CaseError
from ..values.value import write_json
from .beside import meant
from .located import Entries, Items, Node, Scalar, key_place, mistake, plain
from .model import CaseRequest
from .shapes import CaseShape

_BODIES: Final = ("json", "form", "body", "file")
_ATTRIBUTES: Final = {"json": "json_"}  # pydantic models have a method `json`
_PAYLOADS: Final = (".json", ".ndjson", ".jsonl", ".form")
_FORM: Final = "application/x-www-form-urlencoded"


def build_request(shape: CaseShape, node: Node, path: Path) -> CaseRequest | tuple[CaseError, ...]:
    """The request of a case, or every mistake in it.

    It is one of json, form, body and file, or a query alone. A form's and a query's values are
    sent as they are written (``3500.00``, ``+7471…``). A file stays in the folder of the case file
    at ``path``.
    """
    mistakes = (*request_mistakes(shape, node, path), *_nothing_sent(shape, node, path))
    return mistakes or _built(shape, path)


def _nothing_sent(shape: CaseShape, node: Node, path: Path) -> Iterator[CaseError]:
    if not _given(shape) and shape.query is None:
        message = f"the case sends nothing: one of {', '.join(_BODIES)} or query is missing"
        yield mistake(message, node.place, str(path))


def _given(shape: CaseShape) -> list[str]:
    return [key for key in _BODIES if getattr(shape, _ATTRIBUTES.get(key, key)) is not None]


def request_mistakes(shape: CaseShape, node: Node, path: Path) -> Iterator[CaseError]:
    """Mistakes in what a case sends, if it sends anything."""
    given = _given(shape)
    if len(given) > 1:
        message = f"a case sends one of {' and '.join(given)}, not both"
        yield mistake(message, key_place(node, given[1]), str(path))
    if shape.content_type is not None and shape.body is None:
        message = "`content_type` belongs to `body`"
        yield mistake(message, key_place(node, "content_type"), str(path))
    for key in ("form", "query"):
        if isinstance(getattr(shape, key), Items):
            message = f"`{key}` is a map or a url-encoded text"
            yield mistake(message, key_place(node, key), str(path))
    if shape.file is not None and _inside(path.parent, shape.file) is None:
        message = f"the file `{shape.file}` is not in the folder of this case file"
        if Path(shape.file).name == shape.file:
            message += meant(path.parent / shape.file, _PAYLOADS)
        yield mistake(message, key_place(node, "file"), str(path))


def _built(shape: CaseShape, path: Path) -> CaseRequest:
    given = _given(shape)
    query = b"" if shape.query is None else _encoded(shape.query)
    body, content_type, file = b"", shape.content_type, None
    match given:
        case ["json"]:
            text = write_json(plain(shape.json_))
            body, content_type = text.encode("utf-8", "surrogatepass"), "application/json"
        case ["form"]:
            body, content_type = _encoded(shape.form), _FORM
        case ["body"]:
            body = (shape.body or "").encode("utf-8", "surrogatepass")
        case ["file"]:
            file = _inside(path.parent, shape.file or "")
    headers = {"content-type": content_type} if content_type else {}
    headers |= {name.lower(): value for name, value in shape.headers.items()}
    return CaseRequest("POST" if given else "GET", query, headers, body, file)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name, unless links or ``..`` lead out of the folder."""
    try:
        file = (folder / name).resolve()
        inside = file.is_relative_to(folder.resolve()) and file.is_file()
    except (OSError, ValueError):
        return None
    return file if inside else None


def _encoded(node: Node) -> bytes:
    if isinstance(node, Scalar):
        return b"" if node.value is None else node.text.encode("utf-8", "surrogatepass")
    return urlencode(list(_pairs("", node)), errors="surrogatepass").encode()


def _pairs(prefix: str, node: Node) -> Iterator[tuple[str, str]]:
    """The pairs of a form, nested maps and lists in brackets."""
    match node:
        case Scalar(value=bool(truth)):
            yield prefix, "true" if truth else "false"
        case Scalar(value=None):
            yield prefix, ""
        case Scalar(text=text):
            yield prefix, text
        case Items(items=items):
            flat = all(isinstance(item, Scalar) for item in items)
            for index, item in enumerate(items):
                yield from _pairs(f"{prefix}[{'' if flat else index}]", item)
        case Entries(entries=entries):
            for key, value in entries.items():
                yield from _pairs(f"{prefix}[{key}]" if prefix else key, value)
