"""What of a decision is worth to be expected, where a case does not say anything yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..mapping.mapped import DEFAULT_VALUE_TYPE
from ..values.value import Json

_LINE: Final = re.compile(r"\bline [0-9]+\b")
"""A sentence about a rule by its line."""


def useful(decided: Mapping[str, Any]) -> dict[str, Json]:
    """A decision as an expectation of it.

    It has what is written and why. Left out are the channel, the edition and the rule file's
    hash; what is null; sentences that name a line of the rule file, which moves with every edit;
    and value types where all are the default.
    """
    if "error" in decided:
        return {"error": _given(decided["error"], "code", "place")}
    said: dict[str, Json] = {"action": decided["action"]}
    if not _LINE.search(decided["reason"]):
        said["reason"] = decided["reason"]
    for key in ("contact", "entity"):
        if decided[key] is not None:
            said[key] = useful_part(key, decided[key])
    said |= _given(decided, "comment", "activity")
    if decided.get("problems"):
        said["problems"] = [_problem(problem) for problem in decided["problems"]]
    if decided["warnings"] or decided["action"] in ("create", "update"):
        said["warnings"] = [_given(note, "code", "path") for note in decided["warnings"]]
    return said


def useful_part(path: str, value: Json) -> Json:
    """The value at a path of a decision, without what of it is not worth to be expected."""
    if path not in ("contact", "entity") or not isinstance(value, dict):
        return value
    part = _given(value, "action", "type", "ids", "status", "responsible", "fields", "records")
    types = value.get("types")
    if isinstance(types, dict):
        said = {name: each for name, each in types.items() if _says_something(each)}
        part |= {"types": said} if said else {}
    return {name: each for name, each in part.items() if each not in ({}, [])} or part


def _problem(problem: Mapping[str, Any]) -> dict[str, Json]:
    moving = problem["path"] is not None and _LINE.search(problem["message"])
    return _given(problem, "path") if moving else _given(problem, "path", "message")


def _given(value: Mapping[str, Any], *keys: str) -> dict[str, Json]:
    return {key: value[key] for key in keys if value.get(key) is not None}


def _says_something(types: Json) -> bool:
    return not isinstance(types, list) or any(each != DEFAULT_VALUE_TYPE for each in types)
