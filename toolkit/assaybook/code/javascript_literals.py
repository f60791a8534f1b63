"""Literals of JavaScript: texts and their escapes, numbers, templates, regular expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .ir import Argument, Call, Constant, Expression, Name, Opaque, Text
from .javascript_lowering import Expressions, Lowering, named, place, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_ESCAPED = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
HIGHEST_CHARACTER = 0x10FFFF


def string(node: Node) -> str:
    """The text of a string literal, without its quotes."""
    written = text(node)[1:-1]
    return unescaped(written) if "\\" in written else written


def unescaped(written: str) -> str:
    """What escape sequences stand for."""
    return _ESCAPED.sub(_character, written)


def _character(match: re.Match[str]) -> str:
    said = match.group(1)
    if said[0] in "ux" and len(said) > 1:
        number = int(said[1:].strip("{}"), 16)
        # Halves of a surrogate pair are no characters of their own.
        return chr(number) if number <= HIGHEST_CHARACTER and not 0xD800 <= number <= 0xDFFF else "\ufffd"
    return _ESCAPES.get(said, said)


def number(written: str) -> int | float:
    """The value of a number as it is written (`1_000`, `0xff`, `10n`, `1e3`)."""
    plain = written.replace("_", "").lower()
    if plain[:2] in ("0x", "0o", "0b"):
        return int(plain.rstrip("n"), 0)
    try:
        return int(plain.rstrip("n"))
    except ValueError:
        return float(plain)


def _constant(value: str | int | float | bool | None) -> Callable[[Lowering, Node], Expression]:
    return lambda _, node: Constant(value, place=place(node))


def _string(_: Lowering, node: Node) -> Expression:
    return Constant(string(node), place=place(node))


def _number(_: Lowering, node: Node) -> Expression:
    try:
        return Constant(number(text(node)), place=place(node))
    except (ValueError, OverflowError):
        return Opaque(said="number", place=place(node))


def _template(lower: Lowering, node: Node) -> Expression:
    parts = template_parts(lower, node)
    if not parts:
        return Constant("", place=place(node))
    if len(parts) == 1 and isinstance(parts[0], Constant):
        return parts[0]
    return Text(tuple(parts), place=place(node))


def template_parts(lower: Lowering, node: Node) -> list[Expression]:
    """The parts of a template literal in their order."""
    parts: list[Expression] = []
    for each in node.named_children:
        if each.type == "template_substitution":
            within = named(each)
            if within:
                parts.append(lower.expression(within[0]))
            continue
        said = unescaped(text(each)) if each.type == "escape_sequence" else text(each)
        if parts and isinstance(parts[-1], Constant) and isinstance(parts[-1].value, str):
            parts[-1] = Constant(parts[-1].value + said, place=parts[-1].place)
        else:
            parts.append(Constant(said, place=place(each)))
    return parts


def _regex(_: Lowering, node: Node) -> Expression:
    where = place(node)
    pattern = Argument(Constant(text(node.child_by_field_name("pattern")), place=where))
    flags = node.child_by_field_name("flags")
    arguments = (pattern, Argument(Constant(text(flags), place=where))) if flags is not None else (pattern,)
    return Call(Name("RegExp", place=where), arguments, new=True, place=where)


LITERALS: Expressions = {
    "undefined": _constant(None),
    "null": _constant(None),
    "true": _constant(True),
    "false": _constant(False),
    "string": _string,
    "number": _number,
    "template_string": _template,
    "regex": _regex,
}
