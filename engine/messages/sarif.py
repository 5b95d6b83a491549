"""Diagnostics as a log in SARIF 2.1.0, the format of static analysis results by OASIS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from ..codes import TITLES
from .diagnostics import Diagnostic
from .source import Source, Span

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def log(
    diagnostics: Sequence[Diagnostic], version: str, pages: Mapping[str, str]
) -> dict[str, Any]:
    """The log of one run, as JSON values.

    Lines and columns count from 1, columns in characters; the end of a region is the place behind
    its last character.

    Args:
        diagnostics: The results, in their order.
        version: The version of LeadLark that found them.
        pages: For each code that occurs, the page in Markdown that explains it.
    """
    codes = list(dict.fromkeys(sorted(each.code for each in diagnostics)))
    driver = {
        "name": "LeadLark",
        "semanticVersion": version,
        "rules": [_rule(code, pages.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code)) for each in diagnostics],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, page: str | None) -> dict[str, Any]:
    title = TITLES.get(code, code)
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": title[0].upper() + title[1:] + "."},
        "defaultConfiguration": {"level": "error" if code.startswith("E") else "warning"},
    }
    if page is not None:
        rule["help"] = {"text": page, "markdown": page}
    return rule


def _result(diagnostic: Diagnostic, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": _text(diagnostic)},
        "locations": [{"physicalLocation": _place(diagnostic.source, diagnostic.span)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _escaped(each.text or "see here")},
                "physicalLocation": _place(each.source or diagnostic.source, each.span),
            }
            for number, each in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic)]
    return result


def _text(diagnostic: Diagnostic) -> str:
    """What is wrong, where, and the way out, each on a line."""
    parts = [diagnostic.message, diagnostic.label, diagnostic.help]
    return _escaped("\n".join(part for part in parts if part))


def _escaped(text: str) -> str:
    """Plain text of a message: its brackets are no links, its braces no places for arguments.

    See 3.11.5 and 3.11.6 of the standard.
    """
    for sign in "\\[]":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("{", "{{").replace("}", "}}")


def _fix(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "description": {"text": "Rewrite it."},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(diagnostic.source),
                "replacements": [
                    {
                        "deletedRegion": _region(diagnostic.source, edit.span),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in diagnostic.fix
                ],
            }
        ],
    }


def _place(source: Source, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(source), "region": _region(source, span)}


def _artifact(source: Source) -> dict[str, str]:
    """A file as a URI: relative as it was named, or of the scheme ``file`` where it is absolute."""
    path = PurePath(source.name)
    written = quote(path.as_posix(), errors="surrogateescape")
    return {"uri": f"file://{written}" if path.is_absolute() else written}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(max(span.start, span.end))
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
