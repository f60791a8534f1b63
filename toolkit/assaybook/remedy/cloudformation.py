"""Values in CloudFormation: written as YAML scalars, never as YAML.

Source: YAML 1.1, section 9 (scalar styles); AWS CloudFormation User Guide, "Fn::Sub", "Dynamic references" and "Resources" (logical ids are alphanumeric).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from .template import (
    PLACEHOLDER,
    Misplaced,
    Part,
    Place,
    Scalar,
    Template,
    Write,
    camel,
    is_json,
    json_text,
    line_at,
    template,
)

_TOKEN = re.compile(r"zq(\d+)qz")
_PLAIN = re.compile(r"[A-Za-z/](?:[\w./:-]*[\w/])?")
_NOT_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_TAGGED = re.compile(r"![^\s]*\s+")
_NAMES_RESOURCE = frozenset({"!Ref", "!GetAtt", "!Condition"})
_REFERS = frozenset({"Ref", "Fn::GetAtt", "DependsOn", "Condition"})
_DECLARES = frozenset({"Resources", "Outputs", "Parameters", "Conditions"})


def cloudformation_template(text: str) -> Template:
    """The template of a fragment of CloudFormation. Raises Misplaced for what is no YAML once values stand in it."""
    names: list[str] = []

    def tokenised(match: re.Match[str]) -> str:
        names.append(match[1])
        return f"zq{len(names) - 1}qz"

    marked = PLACEHOLDER.sub(tokenised, text)
    try:
        root = yaml.compose(marked, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        # What is never closed is found out at the end, which lies behind the last line.
        line = min(mark.line + 1, len(marked.splitlines())) if mark else 1
        raise Misplaced(line, f"is no YAML: {problem.problem}") from problem
    parts: list[Part] = []
    kept = 0
    for start, end, part in sorted(_scalars(root, marked, names), key=lambda each: each[0]):
        parts += [marked[kept:start], part]
        kept = end
    parts.append(marked[kept:])
    _refuse_left(parts, marked, names)
    # A comment may name a value too; nothing can end its line.
    return template(text, [each for part in parts for each in _comments(part, names)])


def _comments(part: Part, names: list[str]) -> Iterator[Part]:
    if not isinstance(part, str):
        yield part
        return
    kept = 0
    for match in _TOKEN.finditer(part):
        yield part[kept : match.start()]
        yield Place(names[int(match[1])], str)
        kept = match.end()
    yield part[kept:]


def _refuse_left(parts: list[Part], marked: str, names: list[str]) -> None:
    """Every placeholder stands in a scalar or in a comment."""
    for part in (each for each in parts if isinstance(each, str)):
        for match in _TOKEN.finditer(part):
            line = part[part.rfind("\n", 0, match.start()) + 1 : match.start()]
            if "#" not in line:
                where = line_at(marked, marked.find(match[0]))
                raise Misplaced(where, f"[[{names[int(match[1])]}]] stands where YAML has no value")


def _scalars(
    node: yaml.Node | None, marked: str, names: list[str], under: tuple[str, ...] = ()
) -> Iterator[tuple[int, int, Part]]:
    """Where the scalars with values lie, and how they are written; `under` are the keys above."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            declared = len(under) == 1 and under[0] in _DECLARES
            yield from _scalar(key, marked, names, (*under, "!Ref") if declared else under)
            yield from _scalars(value, marked, names, (*under, key.value if isinstance(key, yaml.ScalarNode) else ""))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, marked, names, under)
    elif isinstance(node, yaml.ScalarNode):
        yield from _scalar(node, marked, names, under)


def _scalar(node: yaml.Node, marked: str, names: list[str], under: tuple[str, ...]) -> Iterator[tuple[int, int, Part]]:
    if not isinstance(node, yaml.ScalarNode) or not _TOKEN.search(node.value):
        return
    last = under[-1] if under else ""
    refers = last in _REFERS or last == "!Ref" or node.tag in _NAMES_RESOURCE
    substituted = node.tag == "!Sub" or last == "Fn::Sub"
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        yield from _block(marked, names, start, end, substituted, node.value)
        return
    tag = _TAGGED.match(marked, start, end)
    parts = tuple(_parts(node.value, names, substituted, refers))
    yield tag.end() if tag else start, end, Scalar(parts, str if refers else _written)


def _parts(value: str, names: list[str], substituted: bool, refers: bool) -> Iterator[str | Place]:
    kept = 0
    for match in _TOKEN.finditer(value):
        yield value[kept : match.start()]
        yield Place(names[int(match[1])], _escape(value[: match.start()], substituted, refers, is_json(value)))
        kept = match.end()
    yield value[kept:]


def _block(
    marked: str, names: list[str], start: int, end: int, substituted: bool, value: str
) -> Iterator[tuple[int, int, Part]]:
    """A block scalar keeps its form; values have no line ends, so that each stays within its line."""
    for match in _TOKEN.finditer(marked, start, end):
        before = marked[start : match.start()]
        yield (
            match.start(),
            match.end(),
            Place(names[int(match[1])], _escape(before, substituted, False, is_json(value))),
        )


def _escape(before: str, substituted: bool, refers: bool, in_json: bool) -> Write:
    """What a value needs before it is written: a name of a resource, an escaped `${`, a JSON string; never a dynamic reference."""
    if refers or (substituted and before.rfind("${") > before.rfind("}")):
        return camel
    inner: Write = json_text if in_json else str

    def write(value: str) -> str:
        plain = value.replace("{{", "{ {")
        return inner(plain.replace("${", "${!") if substituted else plain)

    return write


def _written(value: str) -> str:
    """A value as a scalar: plain where it can be read as text only, else in double quotes."""
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
        return value
    return json.dumps(value, ensure_ascii=False)
