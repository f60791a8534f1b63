"""Reads Terraform's JSON syntax into the same form as the native one. Source: Terraform documentation, "JSON Configuration Syntax"."""

from __future__ import annotations

from typing import Any

from ..loading import Unreadable, load
from ..located import Block, Series
from .parser import Parsed, parse_text
from .syntax import Expression, Literal, Malformed, Object, Tuple, Written

# How many labels a block of the outermost level bears.
_LABELS = {
    "resource": 2,
    "data": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
# What holds an object as its value, where other objects are blocks.
_MAPPINGS = frozenset(
    {
        "attribute_mapping", "default_tags", "environment_variables", "for_each", "parameters", "provider_configuration", "request_models", "request_parameters",
        "request_templates", "response_models", "response_parameters", "response_templates", "stage_variables", "tags", "tags_all", "triggers", "values",
        "variables", "keepers", "attributes", "provider_details", "additional_claims", "metadata",
    }
)  # fmt: skip
_PLAIN = frozenset({"variable", "output", "locals", "module", "terraform", "provider"})
_DEEPEST = 50


def parse_json(text: str, file: str) -> Parsed:
    """The blocks of a file in JSON."""
    body = Written("", (), 1, file)
    try:
        value = load(text.encode("utf-8", "surrogatepass"), file).value
    except Unreadable as error:
        return Parsed(body, ((error.line, error.why),))
    problems: list[tuple[int, str]] = []
    for kind, inner, line in _pairs(value):
        _blocks(body, kind, (), inner, line, _LABELS.get(kind, 0), problems)
    return Parsed(body, tuple(problems))


def _pairs(value: Any) -> list[tuple[str, Any, int]]:
    """What an object holds, or all objects of a list hold."""
    if isinstance(value, Block):
        return [(key, item, value.lines.get(key, value.line)) for key, item in value.items() if key != "//"]
    return [pair for each in value for pair in _pairs(each)] if isinstance(value, Series) else []


def _blocks(
    into: Written, kind: str, labels: tuple[str, ...], value: Any, line: int, left: int, problems: list[tuple[int, str]]
) -> None:
    if left:
        for key, inner, at in _pairs(value):
            _blocks(into, kind, (*labels, key), inner, at, left - 1, problems)
        return
    for each in value if isinstance(value, Series) else [value]:
        if isinstance(each, Block):
            into.blocks.append(_block(kind, labels, each, line, problems, 0))


def _block(
    kind: str, labels: tuple[str, ...], value: Block, line: int, problems: list[tuple[int, str]], depth: int
) -> Written:
    made = Written(kind, labels, line, value.file)
    if depth > _DEEPEST:
        problems.append((line, "nested too deeply"))
        return made
    for key, item, at in _pairs(value):
        if kind == "dynamic" and key == "content" and isinstance(item, Block):
            made.blocks.append(_block("content", (), item, at, problems, depth + 1))
        elif key == "dynamic" and kind not in _PLAIN:
            for name, inner, where in _pairs(item):
                made.blocks.extend(
                    [
                        _block("dynamic", (name,), each, where, problems, depth + 1)
                        for each in (inner if isinstance(inner, Series) else [inner])
                        if isinstance(each, Block)
                    ]
                )
        elif kind not in _PLAIN and key not in _MAPPINGS and _is_blocks(item):
            made.blocks.extend(
                [
                    _block(key, (), each, each.line or at, problems, depth + 1)
                    for each in (item if isinstance(item, Series) else [item])
                ]
            )
        else:
            made.attributes[key] = (_expression(item, at, problems, 0), at)
    return made


def _is_blocks(value: Any) -> bool:
    if isinstance(value, Block):
        return True
    return isinstance(value, Series) and bool(value) and all(isinstance(each, Block) for each in value)


def _expression(value: Any, line: int, problems: list[tuple[int, str]], depth: int) -> Expression:
    if depth > _DEEPEST:
        problems.append((line, "nested too deeply"))
        return Literal(None, line)
    if isinstance(value, Block):
        keys = [(key, item, value.lines.get(key, line)) for key, item in value.items()]
        return Object(
            tuple((_text(key, at, problems), _expression(item, at, problems, depth + 1), at) for key, item, at in keys),
            line,
        )
    if isinstance(value, Series):
        return Tuple(
            tuple(_expression(item, value.lines[index], problems, depth + 1) for index, item in enumerate(value)),
            line,
        )
    return _text(value, line, problems) if isinstance(value, str) else Literal(value, line)


def _text(value: str, line: int, problems: list[tuple[int, str]]) -> Expression:
    if "${" not in value and "%{" not in value:
        return Literal(str(value), line)
    try:
        return parse_text(value, line)
    except Malformed as error:
        problems.append((error.line, error.why))
        return Literal(str(value), line)
