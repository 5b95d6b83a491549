"""The checks of rule files: small functions from nodes to diagnostics, in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Final, TypeAlias

from ..language import nodes
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source
from . import (
    advice,
    advice_search,
    advice_text,
    allow,
    arguments,
    channels,
    comparisons,
    feeding,
    fields,
    names,
    params,
    placeholders,
    statements,
    surroundings,
    tables,
)
from .context import Context, FileContext, context_of

# Far over what is told, so that what comments allow does not crowd out the rest.
_MOST_OF_A_CHECK: Final = 5_000

Check: TypeAlias = Callable[[Context], Iterable[Diagnostic]]
FileCheck: TypeAlias = Callable[[FileContext], Iterable[Diagnostic]]

MOST: Final = 250
"""How many errors, and how many warnings, are told about one file."""

CHECKS: Final[tuple[Check, ...]] = (
    names.filters_exist,
    names.tables_exist,
    names.types_exist,
    names.names_are_unique,
    channels.address_is_usable,
    channels.countries_exist,
    channels.schemes_exist,
    params.params_are_declared,
    params.paths_are_short,
    params.lets_hide_nothing,
    surroundings.surroundings_exist,
    feeding.filters_are_fed,
    arguments.arguments_fit,
    arguments.patterns_are_supported,
    comparisons.comparisons_can_hold,
    statements.entity_is_named,
    statements.statements_are_single,
    statements.statements_stand_where_they_count,
    statements.branches_are_reached,
    fields.fields_are_assigned_once,
    fields.blocks_fit_the_entity,
    fields.flags_agree,
    fields.statements_are_no_fields,
    fields.types_fit_the_field,
    advice_search.keys_identify,
    advice_search.find_has_keys,
    advice_search.statuses_are_named,
    advice_search.keys_are_searched,
    advice.flags_have_effect,
    advice.phones_have_a_region,
    advice.updated_status_is_known,
    advice_search.policies_have_a_find,
    advice_search.what_is_created_is_found,
    advice_text.comparisons_have_a_value,
    placeholders.placeholders_are_params,
    advice_text.lets_are_used,
    advice_text.params_are_used,
    advice_text.names_are_of_one_script,
)
"""What is checked of each channel."""

FILE_CHECKS: Final[tuple[FileCheck, ...]] = (
    tables.channel_is_there,
    tables.tables_are_unique,
    tables.table_keys_are_unique,
    tables.tables_are_used,
    tables.tables_are_of_one_script,
)
"""What is checked of a file as a whole."""


def check(source: Source, file: nodes.File) -> tuple[Diagnostic, ...]:
    """What is wrong with a file that the parser has read, in order of places.

    What the parser has reported itself is not repeated, and lines that it could not read are
    not held against the others. Of a file with thousands of mistakes the first `MOST` errors
    and as many warnings are told.
    """
    found: list[Diagnostic] = []
    whole = context_of(source, file)
    for file_check in FILE_CHECKS:
        found += islice(file_check(whole), _MOST_OF_A_CHECK)
    for channel_check in CHECKS:
        told = chain.from_iterable(map(channel_check, whole.channels))
        found += islice(told, _MOST_OF_A_CHECK)
    left = allow.apply(source, file, found, complete=not file.broken)
    left.sort(key=lambda each: each.order)
    errors = [each for each in left if each.severity == "error"][:MOST]
    warnings = [each for each in left if each.severity == "warning"][:MOST]
    return tuple(sorted([*errors, *warnings], key=lambda each: each.order))
