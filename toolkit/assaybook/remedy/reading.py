"""Remedies as files: `remedies/<check-id>.yaml`, read strictly.

A file has the keys `cli`, `cloudformation` and `terraform` with a block text each, as far as that tool can do it, `code` where code itself has to change, and may have a `note`
that is said beside them.
Where what mends a failure depends on the kind of thing, `by` names a field of the row and `variants` has those keys for each of its values.
Placeholders are `[[name]] [[account]] [[region]] [[native]] [[release]]` of the subject and `[[row.<field>]]` of the row; words in capitals are the reader's to choose.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..evidence import Row
from ..strict_yaml import YamlError, line_of, load_yaml
from .cloudformation import cloudformation_template
from .lines import code_template
from .shell import shell_template
from .template import Misplaced, RemedyError, Template
from .terraform import terraform_template

# The tools in the order in which they are shown, with what they are called.
TOOLS: Mapping[str, str] = MappingProxyType(
    {"cli": "AWS CLI", "cloudformation": "CloudFormation", "terraform": "Terraform"}
)
# What is changed in code itself is shown as lines of code, beside the tools that a check may have.
CODE = "code"
SHOWN: Mapping[str, str] = MappingProxyType({CODE: "Code", **TOOLS})
SUBJECT = ("name", "account", "region", "native", "release")
_READERS = {
    CODE: code_template,
    "cli": shell_template,
    "cloudformation": cloudformation_template,
    "terraform": terraform_template,
}
_NOT_SHOWN = frozenset({"key", "subject", "sources", "setting", "where"})


@dataclass(frozen=True)
class Remedy:
    """What mends a failure of one check, and what must be said beside it (empty if nothing).

    `variants` has for each value of the row's field `by` a template for each tool that can do it; a remedy that is the same for all rows has one variant,
    the empty one, and an empty `by`.
    """

    check: str
    note: str
    by: str
    variants: Mapping[str, Mapping[str, Template]]

    def templates(self, row: Row) -> Mapping[str, Template]:
        """The templates for a row; none for a value that the file does not foresee."""
        value = getattr(row, self.by) if self.by else ""
        return self.variants.get(value, {}) if isinstance(value, str) else {}


@dataclass(frozen=True, slots=True)
class _File:
    """A file while it is read: errors name its lines."""

    text: str
    origin: str
    over: type[Row]

    def error(self, path: tuple[str, ...], message: str, below: int = 0) -> RemedyError:
        line = line_of(self.text, path) if path else 1
        return RemedyError(self.origin, (line or 0) + below, message)


def parse_remedy(text: str, origin: str, check: str, over: type[Row]) -> Remedy:
    """The remedy in a YAML text, for a check over this table. Raises RemedyError for whatever is unknown, missing or of a wrong type."""
    try:
        value = load_yaml(text, origin)
    except YamlError as problem:
        raise RemedyError(origin, problem.line, problem.message) from problem
    file = _File(text, origin, over)
    if not isinstance(value, dict):
        raise file.error((), "must have keys")
    note, by = value.pop("note", ""), value.pop("by", "")
    if not isinstance(note, str):
        raise file.error(("note",), "note must be a text")
    if not by:
        return Remedy(check, _one_line(note), "", MappingProxyType({"": _tools(file, value, ())}))
    if by not in shown_fields(over):
        raise file.error(("by",), f"by must name a text of {over.__name__}, not {by!r}")
    variants = value.pop("variants", None)
    if value or not isinstance(variants, dict) or not variants:
        raise file.error(
            (next(iter(value), "by"),), "beside by and note there is variants, with its values, and nothing else"
        )
    made = {str(name): _tools(file, each, ("variants", str(name))) for name, each in variants.items()}
    return Remedy(check, _one_line(note), by, MappingProxyType(made))


def _one_line(note: str) -> str:
    return " ".join(note.split())


def _tools(file: _File, value: object, path: tuple[str, ...]) -> Mapping[str, Template]:
    if not isinstance(value, dict) or not value:
        raise file.error(path, f"must have one of the keys {', '.join(SHOWN)}")
    for key, snippet in value.items():
        if key not in SHOWN:
            raise file.error(
                (*path, str(key)), f"there is no key {key}; there are {', '.join(SHOWN)}, note, by and variants"
            )
        if not isinstance(snippet, str) or not snippet.strip():
            raise file.error((*path, key), f"{key} must be a text")
    return MappingProxyType({tool: _template(file, (*path, tool), value[tool]) for tool in SHOWN if tool in value})


def _template(file: _File, path: tuple[str, ...], snippet: str) -> Template:
    # A block text begins on the line after its key.
    try:
        made = _READERS[path[-1]](snippet)
    except Misplaced as problem:
        raise file.error(path, str(problem), problem.line) from problem
    known = {*SUBJECT, *(f"row.{name}" for name in shown_fields(file.over))}
    for name in sorted(made.names - known):
        below = snippet[: snippet.index(f"[[{name}]]")].count("\n") + 1
        raise file.error(path, f"there is no placeholder [[{name}]]; there are {', '.join(sorted(known))}", below)
    return made


def shown_fields(over: type[Row]) -> tuple[str, ...]:
    """The fields of a table that a placeholder may name: texts, numbers, and lists of texts."""
    if over not in _SHOWN_FIELDS:
        hints = get_type_hints(over)
        names = (each.name for each in dataclasses.fields(over))
        _SHOWN_FIELDS[over] = tuple(name for name in names if name not in _NOT_SHOWN and _plain(hints[name]))
    return _SHOWN_FIELDS[over]


# Reading type hints takes longer than filling a template. A dict, since mypy does not take the class of a dataclass for hashable.
_SHOWN_FIELDS: dict[type[Row], tuple[str, ...]] = {}


def _plain(hint: Any) -> bool:
    if get_origin(hint) is tuple:
        return get_args(hint)[:1] == (str,)
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return set(kinds) <= {str, int, float, type(None)}
